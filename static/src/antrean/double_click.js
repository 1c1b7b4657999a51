import { useExternalListener } from "@odoo/owl";

export const DOUBLE_CLICK_MS = 700; // its second half comes earlier
const SAME_PLACE_PX = 4;
// What comes, goes and moves while the hand stays where it is.
const THINGS =
    ".o_kanban_record, .o_statusbar_buttons button, .modal, .o_popover, .o-dropdown--menu";

/**
 * Stop the second half of a double click where it would hit something else than the first: a card
 * that a dialog or a menu has covered, one that came down, a button in the place of another, or
 * what came to lie upon a card.
 */
export function useDoubleClick() {
    let before = { at: -Infinity };

    function onClick(ev) {
        if (!ev.detail) {
            return; // pressed by a key
        }
        const { timeStamp: at, clientX: x, clientY: y } = ev;
        const thing = ev.target.closest(THINGS);
        const isSecond =
            at - before.at < DOUBLE_CLICK_MS &&
            Math.hypot(x - before.x, y - before.y) <= SAME_PLACE_PX;
        const isSlip = isSecond && thing !== before.thing;
        before = { at, x, y, thing: isSlip ? before.thing : thing };
        if (isSlip) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
        }
    }

    useExternalListener(window, "click", onClick, { capture: true });
}
