import { Component, onWillStart } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";

/** What staff need to read the board, in one look. */
export class BoardHelp extends Component {
    static template = "antrean_bpjs.BoardHelp";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        const orm = useService("orm");
        onWillStart(async () => {
            this.letters = await orm.call("antrean.antrean", "get_badge_help", []);
        });
    }
}
