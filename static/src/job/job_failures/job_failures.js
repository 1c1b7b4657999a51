import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The BPJS jobs of a queue entry that failed: BPJS's words, what they mean and who does what. */
export class JobFailures extends Component {
    static template = "antrean_bpjs.JobFailures";
    static props = { ...standardFieldProps };

    get failures() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const jobFailures = {
    component: JobFailures,
    supportedTypes: ["json"],
};

registry.category("fields").add("antrean_job_failures", jobFailures);
