import { describe, expect, test } from "@odoo/hoot";
import { badges, defineAntreanModels, mountBoard } from "../antrean_test_helpers";

describe.current.tags("desktop");
defineAntreanModels();

const BADGE = ".o_antrean_pcare_badge";

test("a registered visit shows its number in green", async () => {
    await mountBoard([
        { bpjs_badges: badges({ pendaftaran_pcare: "ok" }), nomor_antrean_pcare: "A1" },
    ]);
    expect(BADGE).toHaveText("PCare: A1");
    expect(BADGE).toHaveClass(["text-success-emphasis", "bg-success-subtle"]);
});

test("a failed registration shows a red 0", async () => {
    await mountBoard([
        { bpjs_badges: badges({ pendaftaran_pcare: "gagal", tambah_antrean_fktp: "ok" }) },
    ]);
    expect(BADGE).toHaveText("PCare: 0");
    expect(BADGE).toHaveClass(["text-danger-emphasis", "bg-danger-subtle"]);
});

for (const statuses of [
    { pendaftaran_pcare: "processing" },
    { pendaftaran_pcare: "na", tambah_antrean_fktp: "gagal" },
    { batal_pendaftaran_pcare: "ok" },
    {},
]) {
    test(`nothing is shown while the badges are ${JSON.stringify(statuses)}`, async () => {
        await mountBoard([{ nomor_antrean_pcare: "A1", bpjs_badges: badges(statuses) }]);
        expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(1);
        expect(BADGE).toHaveCount(0);
    });
}
