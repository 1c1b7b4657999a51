import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** On a card of the board: whether the patient is next in their room. */
export class Berikutnya extends Component {
    static template = "antrean_bpjs.Berikutnya";
    static props = { ...standardWidgetProps };

    setup() {
        this.papan = useState(this.env.papan);
    }

    get isNext() {
        return this.papan.berikutnya.includes(this.props.record.resId);
    }
}

registry.category("view_widgets").add("antrean_berikutnya", { component: Berikutnya });
