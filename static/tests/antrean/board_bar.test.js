import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne, waitFor, waitForNone } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import {
    contains,
    editSearch,
    getService,
    MockServer,
    onRpc,
    validateSearch,
} from "@web/../tests/web_test_helpers";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { browser } from "@web/core/browser/browser";
import {
    boardIsLive,
    defineAntreanModels,
    mountBoard,
    papan,
    settle,
    tell,
} from "../antrean_test_helpers";

const { DateTime } = luxon;
const TAB = (name) => `.o_antrean_tabs .btn:contains(${name})`;
const COUNTER = (name) => `[data-counter=${name}]`;
const ROOM = "antrean_bpjs.ruangan";
const TODAY = ["hari_ini", "=", true];

describe.current.tags("desktop");
defineAntreanModels();

const NOW = "2026-03-02 02:00:00"; // UTC
let told; // what the server says of the board
let asked; // what it was asked for last

beforeEach(() => {
    mockDate(NOW, +7);
    told = { now: NOW };
    onRpc("antrean.antrean", "get_papan", ({ args }) => {
        asked = args;
        return papan(told);
    });
});

/** Open the board with a patient in each of two rooms, on today. */
function openBoard(entries = [{ ruangan_id: 1 }, { ruangan_id: 2 }]) {
    return mountBoard(entries, { context: { search_default_hari_ini: 1 } });
}

function numbers() {
    return queryAllTexts(".o_antrean_nomor");
}

describe("rooms", () => {
    test("tell how many wait; the one that is chosen is shown, and remembered", async () => {
        told.ruangan = [
            { id: 1, name: "Poli Umum", menunggu: 4 },
            { id: 2, name: "Poli Gigi", menunggu: 3 },
        ];
        await openBoard();
        expect(queryAllTexts(".o_antrean_tabs .btn")).toEqual(["All7", "Poli Umum4", "Poli Gigi3"]);
        expect(numbers()).toEqual(["A-1", "A-2"]);
        await contains(TAB("Poli Gigi")).click();
        expect(numbers()).toEqual(["A-2"]);
        expect(TAB("Poli Gigi")).toHaveAttribute("aria-selected", "true");
        expect(browser.localStorage.getItem(ROOM)).toBe("2");
        expect(asked).toEqual([[TODAY], 2]);
        await contains(TAB("All")).click();
        expect(numbers()).toEqual(["A-1", "A-2"]);
    });

    test("the remembered one is shown at once", async () => {
        browser.localStorage.setItem(ROOM, "2");
        await openBoard();
        expect(numbers()).toEqual(["A-2"]);
    });

    test("a remembered one that is not of these clinics is none", async () => {
        browser.localStorage.setItem(ROOM, "99");
        await openBoard();
        await waitFor(".o_kanban_record");
        expect(numbers()).toEqual(["A-1", "A-2"]);
        expect(TAB("All")).toHaveAttribute("aria-selected", "true");
    });

    test("whoever was registered for another one is shown all the same", async () => {
        browser.localStorage.setItem(ROOM, "2");
        await openBoard();
        const told = { id: 1, ruanganId: 1, nomor: "A-1", ruangan: "Poli Umum", di_depan: 0 };
        getService("antrean_bpjs.terdaftar").tell(told);
        await waitFor(`.o_antrean_new:contains(A-1)`);
        expect(TAB("Poli Umum")).toHaveAttribute("aria-selected", "true");
    });

    test("whoever was registered beside a filter is shown all the same", async () => {
        told.counters = [{ filter: "menunggu_lama", label: "waiting", count: 1 }];
        await openBoard();
        await editSearch("A-2");
        await validateSearch();
        expect(numbers()).toEqual(["A-2"]);
        const registered = { id: 1, ruanganId: 1, nomor: "A-1", ruangan: "Poli Umum", di_depan: 0 };
        getService("antrean_bpjs.terdaftar").tell(registered);
        await waitFor(`.o_antrean_new:contains(A-1)`);
        expect(asked).toEqual([[TODAY], false]);
    });

    test("who is searched for is found in all rooms", async () => {
        browser.localStorage.setItem(ROOM, "2");
        await openBoard();
        await editSearch("A-1");
        await validateSearch();
        expect(numbers()).toEqual(["A-1"]);
        expect(TAB("All")).toHaveAttribute("aria-selected", "true");
    });
});

describe("counters", () => {
    test("one click filters, another shows all again", async () => {
        told.counters = [{ filter: "menunggu", label: "waiting", count: 1 }];
        await openBoard([{ state: "menunggu" }, { state: "dipanggil" }]);
        expect(COUNTER("menunggu")).toHaveText("1waiting");
        await contains(COUNTER("menunggu")).click();
        expect(numbers()).toEqual(["A-1"]);
        expect(COUNTER("menunggu")).toHaveAttribute("aria-pressed", "true");
        expect(asked).toEqual([[TODAY], false]); // so they count the same as before
        await contains(COUNTER("menunggu")).click();
        expect(numbers()).toEqual(["A-1", "A-2"]);
    });

    for (const [since, text, isDisabled] of [
        ["2026-03-02 01:45:00", "longest wait15 min", true],
        ["2026-03-02 00:25:00", "longest wait95 min", false],
    ]) {
        test(`${text}: it filters once it is long`, async () => {
            told.counters = [
                { filter: "menunggu_lama", label: "longest wait", since, company_id: 1 },
            ];
            await openBoard();
            expect(COUNTER("menunggu_lama")).toHaveText(text);
            expect(queryOne(COUNTER("menunggu_lama")).disabled).toBe(isDisabled);
        });
    }

    test("they follow what happens on the server", async () => {
        await openBoard();
        await boardIsLive();
        told.counters = [{ filter: "menunggu", label: "waiting", count: 2 }];
        await tell(1);
        await settle();
        await waitFor(COUNTER("menunggu"));
    });
});

describe("day and doctor", () => {
    test("yesterday in place of today", async () => {
        await openBoard([{ ruangan_id: 1 }, { hari_ini: false, kemarin: true }]);
        expect(numbers()).toEqual(["A-1"]);
        await contains(".o_antrean_day").click();
        await contains(".o-dropdown-item:contains(Yesterday)").click();
        expect(numbers()).toEqual(["A-2"]);
        expect(".o_antrean_day").toHaveText("Yesterday");
        expect(asked[0]).toEqual([["kemarin", "=", true]]);
    });

    test("another day", async () => {
        await openBoard([{ ruangan_id: 1 }, { hari_ini: false, tanggal: "2026-03-17" }]);
        await contains(".o_antrean_day").click();
        await contains(".o-dropdown-item:contains(Another day)").click();
        await contains(".o_date_item_cell:contains(17)").click();
        expect(numbers()).toEqual(["A-2"]);
        expect(asked[0]).toEqual([["tanggal", "=", "2026-03-17"]]);
    });

    test("the entries of a doctor, of all again", async () => {
        await openBoard([{ ruangan_id: 1 }, { dokter_id: 1 }]);
        await contains(".o_antrean_dokter").click();
        await contains(".o-dropdown-item:contains(Satu)").click();
        expect(numbers()).toEqual(["A-2"]);
        expect(".o_antrean_dokter").toHaveText("dr. Contoh Satu");
        await contains(".o_antrean_dokter").click();
        await contains(".o-dropdown-item:contains(All doctors)").click();
        expect(numbers()).toEqual(["A-1", "A-2"]);
    });

    const inMinutes = (minutes) => serializeDateTime(DateTime.now().plus({ minutes }));

    /** Open the board ten minutes before the end of A-1's day. */
    async function openBoardLate() {
        await openBoard();
        await boardIsLive();
        told = { midnight: inMinutes(10) };
        await tell(1);
        await settle();
        MockServer.env["antrean.antrean"].write([1], { hari_ini: false, kemarin: true });
    }

    test("at midnight the board goes over to the new day by itself", async () => {
        await openBoardLate();
        await settle(9 * 60_000);
        expect(numbers()).toEqual(["A-1", "A-2"]);
        told = { midnight: inMinutes(24 * 60) };
        await settle(90_000);
        expect(numbers()).toEqual(["A-2"]);
    });

    test("it does so as well when the new day begins with news", async () => {
        await openBoardLate();
        const now = inMinutes(15);
        mockDate(now, +7);
        told = { now, midnight: inMinutes(24 * 60) };
        await tell(2);
        await settle();
        await waitForNone(".o_kanban_record:contains(A-1)");
        expect(numbers()).toEqual(["A-2"]);
    });
});

describe("on the cards", () => {
    for (const [minutes, look, text] of [
        [29, "calm", "29 min"],
        [30, "long", "30 min long"],
        [60, "too_long", "60 min too long"],
    ]) {
        test(`${minutes} minutes are ${look}`, async () => {
            const since = deserializeDateTime(NOW).toUTC().minus({ minutes });
            await openBoard([{ menunggu_at: since.toFormat("yyyy-MM-dd HH:mm:ss") }]);
            expect(".o_antrean_wait").toHaveText(text);
            expect(".o_antrean_wait").toHaveAttribute("data-look", look);
        });
    }

    test("a wait is told by the server's clock", async () => {
        told.now = "2026-03-02 01:00:00"; // this computer is an hour ahead
        await openBoard([{ menunggu_at: "2026-03-02 00:40:00" }]);
        expect(".o_antrean_wait").toHaveText("20 min");
    });

    test("a wait grows without news", async () => {
        await openBoard([{ menunggu_at: "2026-03-02 01:40:00" }]);
        expect(".o_antrean_wait").toHaveText("20 min");
        told = {};
        await settle(11 * 60_000);
        expect(".o_antrean_wait").toHaveText(/^3[01] min long$/);
    });

    test("who was called waits no more", async () => {
        await openBoard([{ menunggu_at: "2026-03-02 00:00:00", state: "dipanggil" }]);
        expect(".o_antrean_wait").toHaveCount(0);
    });

    test("who is next is marked", async () => {
        told.berikutnya = [2];
        await openBoard();
        expect(".o_antrean_berikutnya").toHaveCount(1);
        expect(".o_kanban_record:contains(A-2) .o_antrean_berikutnya").toHaveText("Next");
    });
});

describe("where there is nothing to show", () => {
    test("nobody was registered today", async () => {
        await openBoard([]);
        expect(".o_antrean_no_match, .o_antrean_without_rooms").toHaveCount(0);
        expect(".o_view_nocontent").toHaveCount(1);
    });

    test("nobody matches the search", async () => {
        await openBoard();
        await editSearch("Z-9");
        await validateSearch();
        expect(".o_antrean_no_match").toHaveText(/Nobody here matches/);
    });

    test("the clinic has no room: who may make one is led there", async () => {
        onRpc("antrean.ruangan", "search_count", () => 0);
        onRpc("has_group", () => true);
        await openBoard([]);
        expect(".o_antrean_without_rooms a").toHaveAttribute("href", "/odoo/antrean-ruangan/new");
    });
});
