import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

const NOTIFICATION = "antrean_bpjs.layanan";

/** Tells staff which BPJS service is down, since when, and that nothing is lost. */
export class LayananBanner extends Component {
    static template = "antrean_bpjs.LayananBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ services: [] });
        const bus = useService("bus_service");
        const refresh = () => this.refresh();
        bus.subscribe(NOTIFICATION, refresh);
        onWillDestroy(() => bus.unsubscribe(NOTIFICATION, refresh));
        onWillStart(refresh);
    }

    async refresh() {
        this.state.services = await this.orm.call("bpjs.layanan", "get_trouble", []);
    }

    time(text) {
        return formatDateTime(deserializeDateTime(text), { format: "HH.mm" });
    }
}
