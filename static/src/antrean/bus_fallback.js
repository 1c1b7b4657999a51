import { WORKER_STATE } from "@bus/workers/websocket_worker";
import { onMounted, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";

export const POLL_MS = 10_000;

/**
 * Poll while the bus is gone, and read once more when it is back. A mere reconnection takes less
 * than one pause and misses nothing, so it is not even noticed.
 *
 * @param {() => Promise} refresh reads everything anew
 * @returns {{ isInterrupted: boolean }} reactive
 */
export function useBusFallback(refresh) {
    const bus = useService("bus_service");
    const state = useState({ isInterrupted: false });
    let timer;

    function poll() {
        state.isInterrupted = true;
        refresh();
    }

    function onGone() {
        timer ??= browser.setInterval(poll, POLL_MS);
    }

    function onBack() {
        browser.clearInterval(timer);
        timer = undefined;
        if (state.isInterrupted) {
            state.isInterrupted = false;
            refresh();
        }
    }

    function onState(workerState) {
        return workerState === WORKER_STATE.CONNECTED ? onBack() : onGone();
    }

    useBus(bus, "BUS:WORKER_STATE_UPDATED", ({ detail }) => onState(detail));
    useBus(bus, "BUS:DISCONNECT", onGone); // the only word of it when the browser goes offline
    onMounted(() => onState(bus.workerState));
    onWillDestroy(() => browser.clearInterval(timer));
    return state;
}
