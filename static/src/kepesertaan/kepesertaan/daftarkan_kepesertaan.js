import { useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Kepesertaan } from "./kepesertaan";

const NOBODY = { id: false, nomor: "", kepesertaan: false };

/** On the registration's form, about the patient who is chosen there. */
export class DaftarkanKepesertaan extends Kepesertaan {
    setup() {
        super.setup();
        this.pasien = useState({ ...NOBODY });
        useEffect(
            () => {
                this.load();
            },
            () => this.chosen,
        );
    }

    /** What changes with the patient: who it is, and what of them was missing and is mended. */
    get chosen() {
        const { pasien_id, bpjs_problems } = this.props.record.data;
        return [pasien_id, bpjs_problems];
    }

    get id() {
        return this.props.record.data.pasien_id?.id ?? false;
    }

    get nomor() {
        return this.pasien.nomor;
    }

    get kepesertaan() {
        return this.pasien.kepesertaan;
    }

    settled() {
        return this.load();
    }

    async load() {
        const { id } = this;
        if (id !== this.pasien.id) {
            Object.assign(this.pasien, NOBODY);
        }
        if (!id) {
            return;
        }
        const fields = ["no_kartu_bpjs", "nik", "kepesertaan"];
        const [pasien] = await this.orm.read("res.partner", [id], fields);
        if (id === this.id) {
            const nomor = pasien.no_kartu_bpjs || pasien.nik || "";
            Object.assign(this.pasien, { id, nomor, kepesertaan: pasien.kepesertaan });
        }
    }

    /** Write down at once what nobody has entered yet. */
    onFound() {
        return this.takeOver(false);
    }

    onTakeOver() {
        return this.takeOver(true);
    }

    /** What the patient now has may no longer be missing for BPJS: the entry is looked at, too. */
    async takeOver(timpa) {
        const { record } = this.props;
        await this.orm.call("res.partner", "ambil_dari_bpjs", [[this.pasien.id]], { timpa });
        await record.update({ pasien_id: record.data.pasien_id });
        await this.load();
    }
}

export const daftarkanKepesertaan = {
    component: DaftarkanKepesertaan,
};

registry.category("view_widgets").add("antrean_daftarkan_kepesertaan", daftarkanKepesertaan);
