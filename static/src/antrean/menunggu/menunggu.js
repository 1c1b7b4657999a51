import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How each wait looks, and what a screen reader says besides its minutes. */
export const LOOKS = {
    calm: { className: "text-muted", icon: "fa-clock-o", word: "" },
    long: { className: "badge text-bg-warning", icon: "fa-clock-o", word: _t("long") },
    too_long: {
        className: "badge text-bg-danger",
        icon: "fa-exclamation-triangle",
        word: _t("too long"),
    },
};

/** On a card of the board: whether the patient is next, and how many minutes they wait. */
export class Menunggu extends Component {
    static template = "antrean_bpjs.Menunggu";
    static props = { ...standardWidgetProps };

    setup() {
        this.papan = useState(this.env.papan);
        this.looks = LOOKS;
    }

    get isNext() {
        return this.papan.berikutnya.includes(this.props.record.resId);
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
