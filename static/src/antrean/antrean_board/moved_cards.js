import { onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { DOUBLE_CLICK_MS } from "../double_click";
import { useDrawnCards } from "./drawn";

const NOTICED_PX = 4;
const MOVED = "o_antrean_moved";

/**
 * Shield cards that have come or moved: what was under the pointer is elsewhere now, and what is
 * there was not meant.
 *
 * @param {{ el: HTMLElement }} ref of the board
 * @param {() => Map<string, number>} resIdsNow the entry of each record, by the id on its card
 */
export function useMovedCards(ref, resIdsNow) {
    let places = new Map(); // by entry, for a card may be drawn anew where it is
    const shields = new Map(); // by entry: when it ends
    const resIds = new WeakMap(); // by card: the board's data may be ahead of what is drawn
    let timer;

    function hasMoved(resId, { column, top }) {
        const before = places.get(resId);
        return before?.column !== column || Math.abs(before.top - top) > NOTICED_PX;
    }

    function look(cards) {
        const now = new Map();
        const known = resIdsNow();
        for (const card of cards) {
            if (!resIds.has(card)) {
                resIds.set(card, known.get(card.dataset.id));
            }
            const place = { column: card.closest(".o_kanban_group"), top: card.offsetTop };
            now.set(resIds.get(card), place);
        }
        if (places.size) {
            for (const [resId, place] of now) {
                if (hasMoved(resId, place)) {
                    shields.set(resId, Date.now() + DOUBLE_CLICK_MS);
                }
            }
        }
        places = now;
        apply(cards);
    }

    function apply(cards) {
        for (const [resId, end] of shields) {
            if (end <= Date.now()) {
                shields.delete(resId);
            }
        }
        for (const card of cards) {
            card.classList.toggle(MOVED, shields.has(resIds.get(card)));
        }
        browser.clearTimeout(timer);
        if (shields.size) {
            const first = Math.min(...shields.values());
            timer = browser.setTimeout(() => apply(cards), first - Date.now());
        }
    }

    useDrawnCards(ref, look);
    onWillUnmount(() => browser.clearTimeout(timer));
}
