import { onMounted } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { parseServerValue } from "@web/model/relational_model/utils";
import { Kepesertaan } from "./kepesertaan";

/** On the patient's form, where nothing is written until staff save. */
export class PasienKepesertaan extends Kepesertaan {
    /** Whose number was typed in the place of a name is filled in by what BPJS knows of them. */
    setup() {
        super.setup();
        onMounted(() => {
            const typed = this.props.record.context.default_name;
            if (/^[\d\s.-]+$/.test(typed) && this.nomor) {
                this.onCheck();
            }
        });
    }

    get nomor() {
        const { no_kartu_bpjs, nik } = this.props.record.data;
        return no_kartu_bpjs || nik || "";
    }

    get kepesertaan() {
        return this.props.record.data.kepesertaan;
    }

    async settled() {
        await this.props.record.isDirty(); // asks the inputs for what is being typed
    }

    /** Fill in what is empty. The number asked by comes along: it has the server look again. */
    async onFound(values) {
        const { data } = this.props.record;
        const asked = data.no_kartu_bpjs ? "no_kartu_bpjs" : "nik";
        const isWanted = ([name]) => name === asked || !data[name];
        await this.update(Object.entries(values).filter(isWanted));
    }

    onTakeOver() {
        return this.update(this.kepesertaan.differences.map(({ name, value }) => [name, value]));
    }

    update(entries) {
        const { record } = this.props;
        const parse = ([name, value]) => [name, parseServerValue(record.fields[name], value)];
        return record.update(Object.fromEntries(entries.map(parse)));
    }
}

export const pasienKepesertaan = {
    component: PasienKepesertaan,
};

registry.category("view_widgets").add("antrean_pasien_kepesertaan", pasienKepesertaan);
