import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How each wait looks: a clock, or a word in the colour of a warning or an alarm. */
export const LOOKS = {
    calm: { className: "text-muted", icon: "fa-clock-o", word: "" },
    long: { className: "badge text-bg-warning", icon: "", word: _t("long") },
    too_long: { className: "badge text-bg-danger", icon: "", word: _t("too long") },
};

/** On a card of the board: how many minutes the patient waits. */
export class Menunggu extends Component {
    static template = "antrean_bpjs.Menunggu";
    static props = { ...standardWidgetProps };

    setup() {
        this.papan = useState(this.env.papan);
        this.looks = LOOKS;
    }

    get wait() {
        const { state, menunggu_at, company_id } = this.props.record.data;
        return state === "menunggu" && menunggu_at && this.papan.wait(menunggu_at, company_id.id);
    }
}

export const menunggu = {
    component: Menunggu,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "menunggu_at", type: "datetime" },
        { name: "company_id", type: "many2one" },
    ],
};

registry.category("view_widgets").add("antrean_menunggu", menunggu);
