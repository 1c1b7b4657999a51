import { onWillDestroy, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;
const TICK_MS = 20_000; // waits are told in minutes

/**
 * What the board shows besides its cards, as `get_papan` returns it, and the time; reactive.
 *
 * @param {AntreanSearchModel} searchModel says of which day, doctor and room
 * @param {() => Promise} onNewDay
 */
export function useBoardState(searchModel, onNewDay) {
    const orm = useService("orm");
    let loads = 0;
    let ahead = 0; // milliseconds by which the server's clock is ahead of this one
    let midnight; // when the next day begins; a timer for it would be late after the computer slept

    const serverNow = () => DateTime.now().plus(ahead);
    const state = reactive({
        ruangan: [],
        dokter: [],
        berikutnya: [],
        counters: [],
        batas: {},
        now: serverNow(),

        async load() {
            const turn = ++loads;
            const { scope, ruanganId } = searchModel;
            const { now, ...papan } = await orm.call("antrean.antrean", "get_papan", [
                scope,
                ruanganId,
            ]);
            if (turn !== loads) {
                return; // a later one tells more
            }
            ahead = deserializeDateTime(now).diff(DateTime.now());
            const isNewDay = midnight <= serverNow();
            midnight = deserializeDateTime(papan.midnight);
            Object.assign(state, papan, { now: serverNow() });
            if (isNewDay) {
                onNewDay();
            }
        },

        /**
         * How long somebody has waited.
         *
         * @param {luxon.DateTime} since
         * @param {number} companyId whose limits count
         * @returns {{ minutes: number, look: "calm" | "long" | "too_long" }}
         */
        wait(since, companyId) {
            const minutes = Math.max(Math.floor((this.now - since) / 60_000), 0);
            const [long, tooLong] = this.batas[companyId] || [Infinity, Infinity];
            const look = minutes >= tooLong ? "too_long" : minutes >= long ? "long" : "calm";
            return { minutes, look };
        },
    });

    const tick = browser.setInterval(() => {
        state.now = serverNow();
        if (state.now >= midnight) {
            state.load();
        }
    }, TICK_MS);
    onWillDestroy(() => browser.clearInterval(tick));
    return state;
}
