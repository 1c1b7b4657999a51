import { Component, onWillStart } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { ActionHelper } from "@web/views/action_helper";
import { isNarrowing } from "../antrean_board/antrean_search_model";

/** Where there is no entry to show: why, and what to do about it. */
export class EmptyHelp extends Component {
    static template = "antrean_bpjs.EmptyHelp";
    static components = { ActionHelper };
    static props = ActionHelper.props;

    setup() {
        const orm = useService("orm");
        onWillStart(async () => {
            const isAdmin = user.hasGroup("antrean_bpjs.group_antrean_admin");
            this.rooms = await orm.searchCount("antrean.ruangan", []);
            this.isAdmin = await isAdmin;
        });
    }

    /** Whether less is shown than there is today. */
    get isFiltered() {
        const { query, searchItems, ruanganId } = this.env.searchModel;
        const items = query.map(({ searchItemId }) => searchItems[searchItemId]);
        return Boolean(ruanganId) || items.some(isNarrowing);
    }
}
