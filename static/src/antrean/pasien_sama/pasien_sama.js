import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** On a patient's form: who else has one of these numbers, and the way to them. */
export class PasienSama extends Component {
    static template = "antrean_bpjs.PasienSama";
    static props = { ...standardFieldProps };

    get sama() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return _t("Open %s", this.sama.name);
    }

    /** Show the other patient in place of this one: saving the form then chooses them. */
    open() {
        return this.props.record.model.load({ resId: this.sama.id });
    }
}

export const pasienSama = {
    component: PasienSama,
    supportedTypes: ["json"],
};

registry.category("fields").add("antrean_pasien_sama", pasienSama);
