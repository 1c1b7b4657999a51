import { onWillDestroy } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const CHANNEL = "antrean_bpjs.board";

let listeners = 0; // in this browser tab: the last one to go leaves the channel

/**
 * Hear which queue entries have changed on the server.
 *
 * @param {(ids: number[]) => void} onNews
 */
export function useBoardNews(onNews) {
    const bus = useService("bus_service");
    const onMessage = ({ antrean_ids }) => onNews(antrean_ids);
    if (!listeners++) {
        bus.addChannel(CHANNEL);
    }
    bus.subscribe(CHANNEL, onMessage);
    onWillDestroy(() => {
        bus.unsubscribe(CHANNEL, onMessage);
        if (!--listeners) {
            bus.deleteChannel(CHANNEL);
        }
    });
}
