import { onPatched, onWillUpdateProps, useComponent, useExternalListener } from "@odoo/owl";
import { deepEqual } from "@web/core/utils/objects";

/**
 * Who is looked for is found from wherever the focus is, such as by a scanner; where that is one
 * card, Enter presses its first button.
 *
 * @param {{ el: HTMLElement }} ref of the board
 * @param {RelationalModel} model
 */
export function useFoundCard(ref, model) {
    const { env, props } = useComponent();
    let { domain } = props;
    let isSearched = false;

    async function show() {
        const over = model.root.groups?.filter(({ isFolded, count }) => isFolded && count) || [];
        await Promise.all(over.map((column) => column.toggle()));
        if (!over.length) {
            const cards = ref.el.querySelectorAll(".o_kanban_record:not(.o_kanban_ghost)");
            const [button] = cards.length === 1 ? cards[0].querySelectorAll("footer button") : [];
            button?.focus();
        }
    }

    function onTyping({ key, target, altKey, ctrlKey, metaKey }) {
        const isCharacter = key.length === 1 && key !== " " && !altKey && !ctrlKey && !metaKey;
        const isTaken = target.closest("input, textarea, select, [contenteditable], .modal");
        if (isCharacter && !isTaken && !document.querySelector(".modal")) {
            env.searchModel.trigger("focus-search");
        }
    }

    onWillUpdateProps((next) => {
        isSearched = !deepEqual(next.domain, domain) && env.searchModel.isSearching;
        domain = next.domain;
    });
    onPatched(() => {
        if (isSearched && deepEqual(model.root.domain, domain)) {
            isSearched = false;
            show();
        }
    });
    useExternalListener(window, "keydown", onTyping);
}
