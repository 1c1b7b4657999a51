import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { clock } from "../../antrean/clock";

/**
 * How BPJS says a patient's membership is today, and the button that asks it. A form gives the
 * patient's `nomor` and `kepesertaan`, and takes what BPJS found.
 */
export class Kepesertaan extends Component {
    static template = "antrean_bpjs.Kepesertaan";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ isAsking: false, failure: null });
    }

    get line() {
        if (this.kepesertaan) {
            return this.kepesertaan.aktif
                ? { className: "alert-success", icon: "fa-check-circle" }
                : { className: "alert-danger", icon: "fa-times-circle" };
        }
        return this.failure?.kind === "not_found"
            ? { className: "alert-danger", icon: "fa-question-circle" }
            : { className: "alert-secondary", icon: "fa-question-circle" };
    }

    /** A button that is disabled would lose the focus, so this one only looks so. */
    get buttonClass() {
        return {
            "btn-primary": !this.kepesertaan,
            "btn-secondary": this.kepesertaan,
            disabled: this.state.isAsking,
        };
    }

    /** Why the last press brought nothing, while it is still about this number. */
    get failure() {
        const { failure } = this.state;
        return failure?.nomor === this.nomor ? failure : null;
    }

    get facts() {
        const { ket_aktif, kelas, klinik, is_elsewhere } = this.kepesertaan;
        return [ket_aktif, kelas, !is_elsewhere && klinik].filter(Boolean).join(" · ");
    }

    get checkedAt() {
        return clock(this.kepesertaan.checked_at);
    }

    async onCheck() {
        if (this.state.isAsking) {
            return;
        }
        this.state.isAsking = true;
        try {
            await this.settled();
            await this.check(this.nomor);
        } finally {
            this.state.isAsking = false;
        }
    }

    /** An answer that comes when another number is entered is about somebody else. */
    async check(nomor) {
        this.state.failure = null;
        const answer = await this.orm.call("res.partner", "cek_kepesertaan", [nomor]);
        if (nomor !== this.nomor) {
            return;
        }
        if (answer.kind === "found") {
            await this.onFound(answer.values);
        } else {
            this.state.failure = { ...answer, nomor };
        }
    }

    /** Resolved once the number that staff see is the one that is here. */
    async settled() {}
}
