import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

const FORMS = { "res.partner": "antrean_bpjs.pasien_view_form" };

/** What BPJS would refuse of a queue entry anyway, each with a button that opens what mends it. */
export class Preflight extends Component {
    static template = "antrean_bpjs.Preflight";
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
    }

    get problems() {
        return this.props.record.data[this.props.name] || [];
    }

    /** @param {{name: string}} problem */
    label({ name }) {
        return _t("Open %s", name);
    }

    /** One button a record: what it mends stands above it. */
    hasButton({ model, id }, index) {
        const next = this.problems[index + 1];
        return model && !(next?.model === model && next.id === id);
    }

    mend({ model, id, name }) {
        this.dialog.add(FormViewDialog, {
            title: name,
            resModel: model,
            resId: id,
            context: { form_view_ref: FORMS[model] },
            canExpand: false,
            onRecordSaved: () => this.lookAgain(),
        });
    }

    /** Have the server look at an entry, saved or not, with what was mended. */
    async lookAgain() {
        const { record } = this.props;
        await record.update({ pasien_id: record.data.pasien_id });
    }
}

export const preflight = {
    component: Preflight,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "pasien_id", type: "many2one", relation: "res.partner" }],
};

registry.category("fields").add("antrean_preflight", preflight);
