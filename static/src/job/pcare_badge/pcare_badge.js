import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The entry's number at PCare: green once registered, a red 0 once that failed, else nothing. */
export class PcareBadge extends Component {
    static template = "antrean_bpjs.PcareBadge";
    static props = { ...standardFieldProps };

    get status() {
        return this.props.record.data.status_pendaftaran_pcare;
    }

    get number() {
        return this.props.record.data[this.props.name];
    }
}

export const pcareBadge = {
    component: PcareBadge,
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "status_pendaftaran_pcare", type: "selection" }],
};

registry.category("fields").add("antrean_pcare_badge", pcareBadge);
