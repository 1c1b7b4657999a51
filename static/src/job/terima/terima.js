import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useBoardNews } from "../../antrean/board_news";
import { useBusFallback } from "../../antrean/bus_fallback";

/** Read what BPJS has by now; what staff have chosen meanwhile stays. */
async function readAnew(record) {
    const { alasan, alasan_lain } = record.data;
    await record.load();
    await record.update({ alasan, alasan_lain });
}

/** The dialog at *Accept* follows the entry's jobs. */
export class TerimaController extends FormController {
    setup() {
        super.setup();
        const isOf = (ids) => ids.includes(this.model.root.data.antrean_id.id);
        const isRead = () => Boolean(this.model.root); // what comes before that is in it
        useBoardNews((ids) => isRead() && isOf(ids) && readAnew(this.model.root));
        useBusFallback(() => isRead() && readAnew(this.model.root));
    }
}

registry.category("views").add("antrean_terima", {
    ...formView,
    Controller: TerimaController,
});

/** *Resend PCare* in that dialog, which has told already what it is about. */
export class TerimaResend extends Component {
    static template = "antrean_bpjs.TerimaResend";
    static props = { ...standardWidgetProps };

    setup() {
        this.resend = useService("antrean_bpjs.resend_pcare");
        this.sending = useState(this.resend.sending);
    }

    get antreanId() {
        return this.props.record.data.antrean_id.id;
    }

    get isSending() {
        return this.sending.has(this.antreanId);
    }

    async onClick() {
        const { record } = this.props;
        await readAnew(record);
        if (record.data.can_resend_pcare) {
            await this.resend.send(this.antreanId, () => readAnew(record));
        }
    }
}

registry.category("view_widgets").add("antrean_terima_resend", { component: TerimaResend });
