import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// The job that brings the number. This badge beside the others is the manual's own.
const REGISTRATION = "pendaftaran_pcare";

/** The entry's number at PCare: green once registered, a red 0 once that failed, else nothing. */
export class PcareBadge extends Component {
    static template = "antrean_bpjs.PcareBadge";
    static props = { ...standardFieldProps };

    get status() {
        const badges = this.props.record.data.bpjs_badges || [];
        return badges.find(({ job_type }) => job_type === REGISTRATION)?.status;
    }

    get number() {
        return this.props.record.data[this.props.name];
    }
}

export const pcareBadge = {
    component: PcareBadge,
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "bpjs_badges", type: "json" }],
};

registry.category("fields").add("antrean_pcare_badge", pcareBadge);
