import { Component, onWillStart } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { ActionHelper } from "@web/views/action_helper";

const GROUPS = ["groupBy", "dateGroupBy"];

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
        const isFilter = ({ name, type }) => name !== "hari_ini" && !GROUPS.includes(type);
        return Boolean(ruanganId) || items.some(isFilter);
    }
}
