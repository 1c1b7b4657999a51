import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useBusFallback } from "../../antrean/bus_fallback";
import { clock } from "../../antrean/clock";

const { DateTime } = luxon;
const NOTIFICATION = "antrean_bpjs.layanan";
const LOOK_MS = 60_000; // a server that does nothing tells of nothing, so it is asked
const TICK_MS = 5_000; // what was to come is soon said to be there
const SEVERE = ["misconfigured", "stalled", "copied", "not_set_up"]; // waiting does not end these

/** Tells staff why entries wait: what is down, since when, and that nothing is lost. */
export class LayananBanner extends Component {
    static template = "antrean_bpjs.LayananBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ troubles: [], now: DateTime.now() });
        const bus = useService("bus_service");
        const refresh = () => this.refresh();
        useBusFallback(refresh);
        bus.subscribe(NOTIFICATION, refresh);
        const look = browser.setInterval(refresh, LOOK_MS);
        const tick = browser.setInterval(() => {
            this.state.now = DateTime.now();
        }, TICK_MS);
        onWillDestroy(() => {
            bus.unsubscribe(NOTIFICATION, refresh);
            browser.clearInterval(look);
            browser.clearInterval(tick);
        });
        onWillStart(refresh);
    }

    isSevere({ kind }) {
        return SEVERE.includes(kind);
    }

    async refresh() {
        this.state.troubles = await this.orm.call("bpjs.layanan", "get_trouble", []);
    }

    /** @param {{name, kind, since, next_probe_at, waiting}} trouble as `get_trouble` returns it */
    text({ name, kind, since, next_probe_at, waiting }) {
        if (kind === "copied") {
            return _t(
                "This database is a copy: nothing of %(name)s is sent to BPJS from here, and what is waiting (%(waiting)s) stays here. If the clinic works with this one now, have an administrator confirm that under Configuration > BPJS Facility.",
                { name, waiting },
            );
        }
        if (kind === "not_set_up") {
            return _t(
                "BPJS is not set up for %(name)s. Go on registering: what is waiting (%(waiting)s) is sent once an administrator has entered the account under Configuration > BPJS Facility.",
                { name, waiting },
            );
        }
        if (kind === "stalled") {
            return _t(
                "Nothing has been sent to BPJS since %(since)s: Odoo's scheduled actions do not run. Go on registering: what is waiting (%(waiting)s) is not lost. If this stays for some minutes, have an administrator restart Odoo.",
                { since: clock(since), waiting },
            );
        }
        if (kind === "misconfigured") {
            return _t(
                "%(name)s has refused this clinic's settings since %(since)s. The administrators have been told. Go on registering: what is waiting (%(waiting)s) is sent by itself.",
                { name, since: clock(since), waiting },
            );
        }
        if (deserializeDateTime(next_probe_at) <= this.state.now) {
            return _t(
                "%(name)s cannot be reached since %(since)s. Go on registering: what is waiting (%(waiting)s) is sent by itself. It is being tried again right now.",
                { name, since: clock(since), waiting },
            );
        }
        return _t(
            "%(name)s cannot be reached since %(since)s. Go on registering: what is waiting (%(waiting)s) is sent by itself. Next try at %(next)s.",
            { name, since: clock(since), waiting, next: clock(next_probe_at) },
        );
    }
}
