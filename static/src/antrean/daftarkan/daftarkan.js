import { toRaw } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** The registration: asks before what is filled in is lost, and tells the number it gave. */
export class DaftarkanController extends FormController {
    setup() {
        super.setup();
        this.registered = useService("antrean_bpjs.terdaftar");
        if (this.env.inDialog) {
            this.askBeforeDismissal();
        }
    }

    /** Escape and ✕ ask where something is entered; *Discard* says what it does. */
    askBeforeDismissal() {
        const dialogData = toRaw(this.env.dialogData); // the dialog is not to be drawn anew for it
        const { close } = dialogData;
        dialogData.close = async (params) => {
            if (!params?.dismiss || (await this.mayBeLost())) {
                await close(params);
            }
        };
    }

    async mayBeLost() {
        return (
            !(await this.model.root.isDirty()) ||
            this.ask({
                title: _t("Leave this registration?"),
                body: _t("The patient is not registered yet, and what was entered is lost."),
                confirmLabel: _t("Leave"),
                cancelLabel: _t("Go On Registering"),
            })
        );
    }

    async onWillSaveRecord(record) {
        const { sudah_antre } = record.data;
        return (
            !sudah_antre ||
            this.ask({
                title: _t("Register once more?"),
                body: sudah_antre,
                confirmLabel: _t("Register Once More"),
                cancelLabel: _t("Go Back"),
            })
        );
    }

    /** @returns {Promise<boolean>} whether the dialog was confirmed */
    ask(props) {
        return new Promise((resolve) => {
            this.dialogService.add(
                ConfirmationDialog,
                { ...props, confirm: () => resolve(true), cancel: () => resolve(false) },
                { onClose: () => resolve(false) },
            );
        });
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        const place = await this.orm.call("antrean.antrean", "get_tempat", [[record.resId]]);
        this.registered.tell({ id: record.resId, ruanganId: record.data.ruangan_id.id, ...place });
    }
}

registry.category("views").add("antrean_daftarkan", {
    ...formView,
    Controller: DaftarkanController,
});
