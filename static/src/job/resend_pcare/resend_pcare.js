import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The button with which staff resend to BPJS what it does not have; there only while it can. */
export class ResendPcare extends Component {
    static template = "antrean_bpjs.ResendPcare";
    static props = { ...standardWidgetProps };

    setup() {
        this.resend = useService("antrean_bpjs.resend_pcare");
        this.sending = useState(this.resend.sending);
    }

    get isSending() {
        return this.sending.has(this.props.record.resId);
    }

    async onClick() {
        const { record } = this.props;
        if (await record.save()) {
            const antrean = { id: record.resId, nomor: record.data.nomor_antrean };
            this.resend.ask(antrean, () => record.load());
        }
    }
}

export const resendPcare = {
    component: ResendPcare,
    fieldDependencies: [
        { name: "can_resend_pcare", type: "boolean" },
        { name: "nomor_antrean", type: "char" },
    ],
};

registry.category("view_widgets").add("antrean_resend_pcare", resendPcare);
