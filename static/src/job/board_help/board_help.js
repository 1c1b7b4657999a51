import { Component, onWillStart } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { LOOKS } from "../job_badge/job_badge";

const MEANINGS = {
    ok: _t("BPJS has done it"),
    gagal: _t("BPJS has not done it: tap the badge to read why and what to do"),
    processing: _t("It is being sent or waits; the badge changes by itself"),
    na: _t("Not reported, as in pharmacy, laboratory and radiology"),
};

/** What staff need to read the board, in one look. */
export class BoardHelp extends Component {
    static template = "antrean_bpjs.BoardHelp";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        const orm = useService("orm");
        onWillStart(async () => {
            this.help = await orm.call("antrean.antrean", "get_badge_help", []);
        });
    }

    get statuses() {
        return Object.entries(LOOKS).map(([status, look]) => ({
            status,
            ...look,
            label: this.help.statuses[status],
            meaning: MEANINGS[status],
        }));
    }
}
