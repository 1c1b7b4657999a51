import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { JobBadge } from "./job_badge";

/** How the BPJS jobs of a queue entry are, a badge each; which they are is the server's to say. */
export class BpjsBadges extends Component {
    static template = "antrean_bpjs.BpjsBadges";
    static components = { JobBadge };
    static props = { ...standardFieldProps };

    get badges() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const bpjsBadges = {
    component: BpjsBadges,
    supportedTypes: ["json"],
};

registry.category("fields").add("antrean_bpjs_badges", bpjsBadges);
