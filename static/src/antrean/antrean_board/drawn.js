import { onMounted, onWillUnmount } from "@odoo/owl";

/**
 * Look at the board's cards whenever something of them was drawn anew, before anybody can press.
 *
 * @param {{ el: HTMLElement }} ref of the board
 * @param {(cards: HTMLElement[]) => void} look
 * @returns {() => void} looks now
 */
export function useDrawnCards(ref, look) {
    const cards = () => [...ref.el.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)")];
    const lookNow = () => look(cards());
    const observer = new MutationObserver(lookNow);
    onMounted(() => {
        lookNow();
        observer.observe(ref.el, { childList: true, characterData: true, subtree: true });
    });
    onWillUnmount(() => observer.disconnect());
    return lookNow;
}
