import { useComponent, useEffect, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { useDrawnCards } from "./drawn";

const NEW = "o_antrean_new";

/**
 * Bring the card of whoever was registered last into view, and mark it.
 *
 * @param {{ el: HTMLElement }} ref of the board
 * @param {(card: HTMLElement) => number} resIdOf
 */
export function useNewCard(ref, resIdOf) {
    const { searchModel } = useComponent().env;
    const registered = useState(useService("antrean_bpjs.terdaftar"));
    let shown;

    const lookNow = useDrawnCards(ref, (cards) => {
        for (const card of cards) {
            const isNew = Boolean(registered.id) && resIdOf(card) === registered.id;
            card.classList.toggle(NEW, isNew);
            if (isNew && shown !== registered.id) {
                shown = registered.id;
                card.scrollIntoView({ block: "center" });
            }
        }
    });
    useEffect(
        (id) => {
            lookNow();
            if (id) {
                searchModel.reveal(registered.ruanganId);
            }
        },
        () => [registered.id],
    );
}
