import { describe, expect, test } from "@odoo/hoot";
import { defineAntreanModels, mountBoard } from "../antrean_test_helpers";

describe.current.tags("desktop");
defineAntreanModels();

const BADGE = ".o_antrean_pcare_badge";

test("a registered visit shows its number in green", async () => {
    await mountBoard([{ status_pendaftaran_pcare: "ok", nomor_antrean_pcare: "A1" }]);
    expect(BADGE).toHaveText("PCare: A1");
    expect(BADGE).toHaveClass(["text-success-emphasis", "bg-success-subtle"]);
});

test("a failed registration shows a red 0", async () => {
    await mountBoard([{ status_pendaftaran_pcare: "gagal" }]);
    expect(BADGE).toHaveText("PCare: 0");
    expect(BADGE).toHaveClass(["text-danger-emphasis", "bg-danger-subtle"]);
});

for (const status of ["processing", "na", false]) {
    test(`nothing is shown while the status is ${status || "not there"}`, async () => {
        await mountBoard([{ nomor_antrean: "A-1", status_pendaftaran_pcare: status }]);
        expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(1);
        expect(BADGE).toHaveCount(0);
    });
}
