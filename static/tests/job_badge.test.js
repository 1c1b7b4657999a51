import { describe, expect, test } from "@odoo/hoot";
import { hover, queryFirst, runAllTimers, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineAntreanModels, mountBoard } from "./antrean_test_helpers";

describe.current.tags("desktop");
defineAntreanModels();

const P = ".o_field_widget[name=status_pendaftaran_pcare] .o_antrean_job_badge";
const A = ".o_field_widget[name=status_tambah_antrean_fktp] .o_antrean_job_badge";

for (const [status, text, className, icon] of [
    ["ok", "P: OK", "text-bg-success", "fa-check"],
    ["gagal", "P: Failed", "text-bg-danger", "fa-times"],
    ["processing", "P: processing", "text-bg-warning", "fa-hourglass-half"],
    ["na", "P: N/A", "text-bg-300", "fa-minus"],
]) {
    test(`${status} has its word, its colour and its icon`, async () => {
        await mountBoard([{ status_pendaftaran_pcare: status }]);
        expect(P).toHaveText(text);
        expect(P).toHaveClass(className);
        expect(`${P} i`).toHaveClass(icon);
    });
}

test("each job shows its own status under its own letter", async () => {
    await mountBoard([{ status_pendaftaran_pcare: "ok", status_tambah_antrean_fktp: "gagal" }]);
    expect(P).toHaveText("P: OK");
    expect(A).toHaveText("A: Failed");
});

test("an entry that BPJS does not pay has no badge", async () => {
    await mountBoard([{ nomor_antrean: "A-1" }]);
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(1);
    expect(".o_antrean_job_badge").toHaveCount(0);
});

test("a failed job tells BPJS's message on hover", async () => {
    await mountBoard([
        { status_pendaftaran_pcare: "gagal", error_pendaftaran_pcare: "Pasien tidak aktif" },
    ]);
    await hover(P);
    await runAllTimers();
    expect(await waitFor(".o-tooltip")).toHaveText("Pasien tidak aktif");
});

test("any other job has nothing to tell", async () => {
    await mountBoard([{ status_pendaftaran_pcare: "ok", status_tambah_antrean_fktp: "na" }]);
    for (const badge of [P, A]) {
        await hover(badge);
        await runAllTimers();
        await animationFrame();
        expect(queryFirst(".o-tooltip")).toBe(null);
    }
});
