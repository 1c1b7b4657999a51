import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

const FIGURES = {
    kunjungan: 10,
    bpjs: 8,
    di_pcare: 6,
    dikirim_p: 8,
    dikirim_a: 8,
    ok_p: 6,
    ok_a: 8,
    sekali_p: 4,
    sekali_a: 8,
    menit_p: [0.5, 3],
    menit_a: null,
};
const WAITS = { kunjungan: 10, dipanggil: 9, masih_menunggu: 1, tunggu: 12.5, layan: null };
const LAPORAN = {
    periode: { dari: "2026-03-01", sampai: "2026-03-20" },
    semua: FIGURES,
    seri: [{ mulai: "2026-03-02", sampai: "2026-03-02", ...FIGURES }],
    fasilitas: [{ company_id: 1, nama: "Klinik", ...FIGURES }],
    layanan: [
        { kode: "p", label: "PCare", dikirim: 8, ok: 6, sekali: 4, median: 0.5, p95: 3 },
        { kode: "a", label: "Antrean FKTP", dikirim: 8, ok: 8, sekali: 8, median: null, p95: null },
    ],
    sumber: [{ sumber: "loket", label: "Desk", kunjungan: 10, dipanggil: 9 }],
    ruangan: [{ ruangan_id: 3, nama: "Poli Umum", tunggu_95: 30, ...WAITS }],
    jam: [{ jam: "08:00", tunggu_95: 30, ...WAITS }],
    sebab: [{ galat_id: 7, sebab: "Zeta", jumlah: 2 }],
    gangguan: [{ layanan: "pcare", label: "PCare", menit: Array(24).fill(0) }],
    kontak: [
        {
            bulan: "2026-03-01",
            company_id: 1,
            nama: "Klinik",
            kontak: 12,
            dengan_terutang: 15,
            peserta: 100,
            permil: 120,
            permil_terutang: 150,
        },
    ],
    target: 150,
    terutang: 2,
};

describe.current.tags("desktop");
defineMailModels();

let asked, opened;

beforeEach(async () => {
    mockDate("2026-03-20 10:00:00", +7);
    [asked, opened] = [[], []];
    onRpc("antrean.laporan", "get_laporan", ({ args }) => {
        asked.push(args);
        return LAPORAN;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "antrean_laporan" });
    mockService("action", { doAction: (action) => opened.push(action) });
});

const figure = (name) => `[data-figure=${name}]`;

test("figures of this month, each in words", async () => {
    expect(asked).toEqual([["2026-03-01", "2026-03-20", "day"]]);
    expect(figure("kunjungan")).toHaveText("10\nvisits, 8 of BPJS");
    expect(figure("di_pcare")).toHaveText("75.0 %\nof BPJS visits are at PCare");
    expect(figure("sekali_p")).toHaveText(
        "50.0 %\nPCare at first try\nhalf within 0.5 min, 95 % within 3.0 min",
    );
    expect(figure("sekali_a")).toHaveText(/half within –, 95 % within –/);
    expect(figure("kontak")).toHaveText(/120.0 ‰\ncontact rate March 2026\ntarget 150 ‰/);
    expect(figure("kontak")).toHaveClass("is-low");
    expect(figure("terutang")).toHaveText("2\nvisits still owed to BPJS");
    expect(".o_antrean_grafik canvas").toHaveCount(4);
    expect("section:contains(Outages by hour)").toHaveText(/No outage in this period/);
});

test("another period is asked for", async () => {
    await contains("[data-period=last_month]").click();
    await contains("select").select("week");
    expect(asked.slice(1)).toEqual([
        ["2026-02-01", "2026-02-28", "day"],
        ["2026-02-01", "2026-02-28", "week"],
    ]);
});

test("a figure opens the list behind it", async () => {
    await contains(figure("terutang")).click();
    await contains(".o_antrean_laporan_sebab").click();
    await contains("tr:contains(Poli Umum)").click();
    await animationFrame();
    const [owed, cause, room] = opened;
    expect(owed.domain.at(-1)).toEqual(["antrean_id.terutang", "=", true]);
    expect([cause.res_model, cause.domain[0]]).toEqual(["bpjs.job", ["galat_id", "=", 7]]);
    expect(room.domain).toEqual([
        ["tanggal", ">=", "2026-03-01"],
        ["tanggal", "<=", "2026-03-20"],
        ["state", "!=", "batal"],
        ["ruangan_id", "=", 3],
    ]);
});
