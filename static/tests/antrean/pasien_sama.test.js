import { describe, expect, test } from "@odoo/hoot";
import { contains, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineAntreanModels, ResPartner } from "../antrean_test_helpers";

const ALERT = ".o_antrean_pasien_sama";
const KARTU = "0001000000001";

describe.current.tags("desktop");
defineAntreanModels();

/** Open the form of a new patient; who has the card already is on the server. */
function openNew(active) {
    const other = { id: 701, name: "Peserta Lama", no_kartu_bpjs: KARTU, active };
    ResPartner._records.push(other);
    onRpc("res.partner", "onchange", ({ args, parent }) => {
        const result = parent();
        const isTaken = args[1].no_kartu_bpjs === KARTU;
        result.value.pasien_sama = isTaken && { ...other, text: "Peserta Lama has this card." };
        return result;
    });
    onRpc("res.partner", "web_save", ({ args }) => expect.step(args));
    return mountView({
        resModel: "res.partner",
        type: "form",
        arch: /* xml */ `
            <form>
                <field name="pasien_sama" widget="antrean_pasien_sama" />
                <field name="active" invisible="1" />
                <field name="name" />
                <field name="no_kartu_bpjs" />
            </form>`,
    });
}

test("nobody has the number", async () => {
    await openNew(true);
    await contains("[name=no_kartu_bpjs] input").edit("0001000000002");
    expect(ALERT).toHaveCount(0);
});

test("who has the number is opened in place of the new one", async () => {
    await openNew(true);
    await contains("[name=no_kartu_bpjs] input").edit(KARTU);
    expect(`${ALERT}[role=alert]`).toHaveText(/Peserta Lama has this card\./);
    await contains(`${ALERT} button:contains(Open Peserta Lama)`).click();
    expect("[name=name] input").toHaveValue("Peserta Lama");
    expect(ALERT).toHaveCount(0);
    expect.verifySteps([]);
});

test("who is archived comes back when the form is saved", async () => {
    await openNew(false);
    await contains("[name=no_kartu_bpjs] input").edit(KARTU);
    await contains(`${ALERT} button:contains(Bring back Peserta Lama)`).click();
    expect("[name=name] input").toHaveValue("Peserta Lama");
    await contains(".o_form_button_save").click();
    expect.verifySteps([[[701], { active: true }]]);
});
