import { markup, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const SHOWN_MS = 15_000; // long enough to tell the patient

/**
 * Who was registered last from this browser: `id` and `ruanganId`, reactive, while it is told on
 * the screen.
 */
export const terdaftarService = {
    dependencies: ["notification"],
    start(env, { notification }) {
        let timer;
        return reactive({
            id: false,

            /**
             * @param {{ id: number, ruanganId: number, nomor: string, ruangan: string,
             *     di_depan: number }} antrean
             */
            tell({ id, ruanganId, nomor, ruangan, di_depan }) {
                Object.assign(this, { id, ruanganId });
                browser.clearTimeout(timer);
                timer = browser.setTimeout(() => (this.id = false), SHOWN_MS);
                const ahead = di_depan ? _t("%s ahead", di_depan) : _t("nobody ahead");
                notification.add(markup`<b>${nomor}</b> · ${ruangan} · ${ahead}`, {
                    type: "success",
                    className: "o_antrean_terdaftar",
                    autocloseDelay: SHOWN_MS,
                });
            },
        });
    },
};

registry.category("services").add("antrean_bpjs.terdaftar", terdaftarService);
