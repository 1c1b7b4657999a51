import { onWillDestroy } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const CHANNEL = "antrean_bpjs.board";

const listeners = new Set(); // in this browser tab: the last one to go leaves the channel

/**
 * Hear which queue entries have changed on the server.
 *
 * @param {(ids: number[]) => void} onNews
 */
export function useBoardNews(onNews) {
    const bus = useService("bus_service");
    const onMessage = ({ antrean_ids }) => onNews(antrean_ids);
    if (!listeners.size) {
        bus.addChannel(CHANNEL);
    }
    listeners.add(onNews);
    bus.subscribe(CHANNEL, onMessage);
    onWillDestroy(() => {
        bus.unsubscribe(CHANNEL, onMessage);
        listeners.delete(onNews);
        if (!listeners.size) {
            bus.deleteChannel(CHANNEL);
        }
    });
}

/** Tell what listens here of a change that this browser has made, whatever becomes of the bus. */
export function tellNews(ids) {
    for (const onNews of listeners) {
        onNews(ids);
    }
}
