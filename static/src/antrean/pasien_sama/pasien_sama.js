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
        const { active, name } = this.sama;
        return active ? _t("Open %s", name) : _t("Bring back %s", name);
    }

    /** Show the other patient in place of this one: saving the form brings back and chooses them. */
    async open() {
        const { model } = this.props.record;
        const { active, id } = this.sama;
        await model.load({ resId: id });
        if (!active) {
            await model.root.update({ active: true });
        }
    }
}

export const pasienSama = {
    component: PasienSama,
    supportedTypes: ["json"],
};

registry.category("fields").add("antrean_pasien_sama", pasienSama);
