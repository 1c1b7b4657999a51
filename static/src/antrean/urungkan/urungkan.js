import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { tellNews } from "../board_news";

const SHOWN_MS = 10_000; // in which a slip is noticed

/**
 * Tell what became of a queue entry, with a button that takes it back.
 *
 * The action's params: antrean_id, the state that it is in now, and message.
 */
function urungkan(env, { params: { antrean_id, state, message } }) {
    const { action, notification, orm } = env.services;
    const close = notification.add(message, {
        type: "success",
        autocloseDelay: SHOWN_MS,
        buttons: [{ name: _t("Undo"), onClick: takeBack }],
    });

    let isPressed = false; // a message that goes away can be pressed once more

    async function takeBack() {
        if (isPressed) {
            return;
        }
        isPressed = true;
        close();
        const told = await orm.call("antrean.antrean", "action_urungkan", [[antrean_id], state]);
        await action.doAction(told);
        tellNews([antrean_id]);
        if (action.currentController?.view?.type !== "kanban") {
            await action.doAction("soft_reload"); // what does not listen
        }
    }

    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("antrean_bpjs.urungkan", urungkan);
