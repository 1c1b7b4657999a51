import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { clock } from "../clock";

/** Explains one BPJS job: BPJS's message, when it was and will be tried, what staff had best do. */
export class JobDetails extends Component {
    static template = "antrean_bpjs.JobDetails";
    static props = {
        antreanId: Number,
        letter: String,
        look: Object,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ job: null, advice: "" });
        this.load();
    }

    async load() {
        const ids = [this.props.antreanId];
        const { jobs, advice } = await this.orm.call("antrean.antrean", "get_bpjs_details", [ids]);
        this.state.job = jobs.find(({ letter }) => letter === this.props.letter);
        this.state.advice = advice;
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
}
