import { Component, onWillDestroy } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const LOOK_MS = 1500;
const UNDER_WAY = ["antre", "jalan"];

/** How far the look-up of a day is; the form is read again until that has ended. */
export class HarianKemajuan extends Component {
    static template = "antrean_bpjs.HarianKemajuan";
    static props = { ...standardWidgetProps };

    setup() {
        const timer = browser.setInterval(() => this.look(), LOOK_MS);
        onWillDestroy(() => browser.clearInterval(timer));
    }

    get data() {
        return this.props.record.data;
    }

    get isUnderWay() {
        return UNDER_WAY.includes(this.data.state);
    }

    get percent() {
        return this.data.jumlah ? Math.round((100 * this.data.dibaca) / this.data.jumlah) : 0;
    }

    async look() {
        if (this.isUnderWay && !this.isLooking) {
            this.isLooking = true;
            try {
                await this.props.record.load();
            } finally {
                this.isLooking = false;
            }
        }
    }
}

registry.category("view_widgets").add("antrean_harian_kemajuan", { component: HarianKemajuan });
