import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { clock } from "../../antrean/clock";

/**
 * Explains one BPJS job: BPJS's message, what it means, who does what about it, and when it was and
 * will be tried.
 */
export class JobDetails extends Component {
    static template = "antrean_bpjs.JobDetails";
    static props = {
        record: Object,
        jobType: String,
        look: Object,
        isPinned: Boolean,
        onPointerEnter: Function,
        onPointerLeave: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.resend = useService("antrean_bpjs.resend_pcare");
        this.state = useState({ job: null, advice: "", pasienId: false, canResend: false });
        this.load();
    }

    async load() {
        const ids = [this.props.record.resId];
        const details = await this.orm.call("antrean.antrean", "get_bpjs_details", [ids]);
        this.state.job = details.jobs.find(({ job_type }) => job_type === this.props.jobType);
        this.state.advice = details.advice;
        this.state.pasienId = details.pasien_id;
        this.state.canResend = details.can_resend;
    }

    get lastTry() {
        const { tried_at } = this.state.job;
        return tried_at ? clock(tried_at) : _t("not yet");
    }

    get nextTry() {
        const { status, next_try_at } = this.state.job;
        if (next_try_at) {
            return clock(next_try_at);
        }
        return status === "processing" ? _t("being sent now") : _t("not by itself");
    }

    /** What can be done about it right here: what mends its cause, and Resend where it failed. */
    get remedies() {
        const { action, status } = this.state.job;
        const resend = { label: _t("Resend PCare"), run: () => this.askToResend() };
        const mend = {
            patient: { label: _t("Open the patient"), run: () => this.openPatient() },
            batal: { label: _t("Send Cancel Again"), run: () => this.sendCancelAgain() },
            settings: { label: _t("Open the settings"), run: () => this.openSettings() },
        }[action];
        const isResent = status === "gagal" && this.state.canResend;
        return [mend, isResent && resend].filter(Boolean);
    }

    apply({ run }) {
        this.props.close();
        run();
    }

    askToResend() {
        const { record } = this.props;
        const antrean = { id: record.resId, nomor: record.data.nomor_antrean };
        this.resend.ask(antrean, () => record.load());
    }

    async sendCancelAgain() {
        const { record } = this.props;
        const { orm } = record.model; // it outlives this explanation
        await orm.call("antrean.antrean", "action_kirim_ulang_batal", [[record.resId]]);
        await record.load();
    }

    openPatient() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.state.pasienId,
            views: [[false, "form"]],
            context: { form_view_ref: "antrean_bpjs.pasien_view_form" },
        });
    }

    openSettings() {
        this.action.doAction("antrean_bpjs.bpjs_faskes_action_settings");
    }
}
