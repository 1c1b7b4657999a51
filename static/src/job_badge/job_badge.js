import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    ok: { className: "text-bg-success", icon: "fa-check" },
    gagal: { className: "text-bg-danger", icon: "fa-times" },
    processing: { className: "text-bg-warning", icon: "fa-hourglass-half" },
    na: { className: "text-bg-300", icon: "fa-minus" },
};

/** How one BPJS job of a queue entry is: a letter, a word, a colour and an icon. */
export class JobBadge extends Component {
    static template = "antrean_bpjs.JobBadge";
    static props = {
        ...standardFieldProps,
        letter: String,
        errorField: String,
    };

    get status() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return Object.fromEntries(selection)[this.status];
    }

    get look() {
        return LOOKS[this.status];
    }

    get error() {
        return this.props.record.data[this.props.errorField] || "";
    }
}

export const jobBadge = {
    component: JobBadge,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({
        letter: options.letter,
        errorField: options.error_field,
    }),
};

registry.category("fields").add("antrean_job_badge", jobBadge);
