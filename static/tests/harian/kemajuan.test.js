import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class BpjsHarian extends models.Model {
    _name = "bpjs.harian";
    state = fields.Char();
    dibaca = fields.Integer();
    jumlah = fields.Integer();
    _records = [{ id: 1, state: "jalan", dibaca: 30, jumlah: 120 }];
}

describe.current.tags("desktop");
defineMailModels();
defineModels([BpjsHarian]);

const PROGRESS = ".o_antrean_harian_kemajuan";

test("how far it is, until it has ended", async () => {
    await mountView({
        type: "form",
        resModel: "bpjs.harian",
        resId: 1,
        arch: `<form>
            <field name="state" /><field name="dibaca" /><field name="jumlah" />
            <widget name="antrean_harian_kemajuan" />
        </form>`,
    });
    expect(PROGRESS).toHaveText("30 of 120 rows of PCare's list");
    expect(`${PROGRESS} .progress-bar`).toHaveStyle({ width: "25%" }, { inline: true });
    const { env } = MockServer;
    env["bpjs.harian"].write(1, { dibaca: 120 });
    await advanceTime(1500);
    expect(PROGRESS).toHaveText("120 of 120 rows of PCare's list");
    env["bpjs.harian"].write(1, { state: "selesai" });
    await advanceTime(1500);
    expect(PROGRESS).toHaveCount(0);
});
