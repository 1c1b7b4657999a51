import { useComponent, useEffect, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { useDrawnCards } from "./drawn";

const NEW = "o_antrean_new";

/**
 * Bring the card of whoever was registered last into view, and mark it.
 *
 * @param {{ el: HTMLElement }} ref of the board
 * @param {() => Map<string, number>} resIds the entry of each record, by the id on its card
 */
export function useNewCard(ref, resIds) {
    const { searchModel } = useComponent().env;
    const registered = useState(useService("antrean_bpjs.terdaftar"));
    let shown;

    const lookNow = useDrawnCards(ref, (cards) => {
        const known = registered.id && resIds();
        for (const card of cards) {
            const isNew = Boolean(known) && known.get(card.dataset.id) === registered.id;
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
