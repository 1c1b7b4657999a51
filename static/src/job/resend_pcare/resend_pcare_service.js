import { markup, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Ask the server to resend; documented in docs/api.md.
 *
 * @param {number} antreanId
 * @returns {Promise<{status: string, message: string}>} status `error` where no answer came
 */
async function post(antreanId) {
    try {
        const response = await browser.fetch(`/antrian_ruangan/resend-pcare/${antreanId}`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: "{}",
        });
        return await response.json();
    } catch {
        return { status: "error", message: "" };
    }
}

/**
 * Resends queue entries to BPJS once staff confirmed it, one time an entry at a time. It lives
 * longer than a card, which the board may draw anew meanwhile.
 */
export const resendPcareService = {
    dependencies: ["dialog", "notification"],
    start(env, { dialog, notification }) {
        const asked = new Set();
        const sending = reactive(new Set());

        function tell({ status, message }) {
            if (status === "success") {
                notification.add(_t("PCare data was resent"), { type: "success" });
                return;
            }
            const what =
                status === "failed"
                    ? _t("ANSWER FROM BPJS:")
                    : _t("PCare data could not be resent");
            const text = message ? markup`${what}<br/>${message}` : what;
            notification.add(text, { type: "danger", sticky: true });
        }

        async function send(antreanId, reload) {
            if (sending.has(antreanId)) {
                return;
            }
            sending.add(antreanId);
            try {
                tell(await post(antreanId));
                await reload();
            } finally {
                sending.delete(antreanId);
            }
        }

        return {
            /** Ids of the entries being resent; reactive. */
            sending,

            /**
             * Resend at once, where staff have been told already what that means.
             *
             * @param {number} antreanId
             * @param {() => Promise} reload shows what became of it
             */
            send,

            /**
             * @param {{id: number, nomor: string}} antrean
             * @param {() => Promise} reload shows what became of it
             */
            ask({ id, nomor }, reload) {
                if (asked.has(id) || sending.has(id)) {
                    return;
                }
                asked.add(id);
                dialog.add(
                    ConfirmationDialog,
                    {
                        title: _t("Resend PCare"),
                        body: _t(
                            "Are you sure you want to resend the PCare data for queue #%s?",
                            nomor,
                        ),
                        confirmLabel: _t("Yes, Resend"),
                        confirm: () => {
                            send(id, reload);
                        },
                        cancelLabel: _t("Discard"),
                        cancel: () => {},
                    },
                    { onClose: () => asked.delete(id) },
                );
            },
        };
    },
};

registry.category("services").add("antrean_bpjs.resend_pcare", resendPcareService);
