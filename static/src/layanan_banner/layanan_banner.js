import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useBusFallback } from "../bus_fallback";
import { clock } from "../clock";

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
        useBusFallback(refresh);
        bus.subscribe(NOTIFICATION, refresh);
        onWillDestroy(() => bus.unsubscribe(NOTIFICATION, refresh));
        onWillStart(refresh);
    }

    async refresh() {
        this.state.services = await this.orm.call("bpjs.layanan", "get_trouble", []);
    }

    /** @param {{name, kind, since, next_probe_at, waiting}} service as `get_trouble` returns it */
    text({ name, kind, since, next_probe_at, waiting }) {
        if (kind === "misconfigured") {
            return _t(
                "%(name)s has refused this clinic's settings since %(since)s. The administrators have been told. Go on registering: what is waiting (%(waiting)s) is sent by itself.",
                { name, since: clock(since), waiting },
            );
        }
        return _t(
            "%(name)s cannot be reached since %(since)s. Go on registering: what is waiting (%(waiting)s) is sent by itself. Next try at %(next)s.",
            { name, since: clock(since), waiting, next: clock(next_probe_at) },
        );
    }
}
