import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst, waitFor } from "@odoo/hoot-dom";
import { getService } from "@web/../tests/web_test_helpers";
import {
    boardIsLive,
    defineAntreanModels,
    mountBoard,
    settle,
    tell,
    write,
} from "../antrean_test_helpers";

const MOVED = ".o_kanban_record.o_antrean_moved .o_antrean_nomor";
const NEW = ".o_kanban_record.o_antrean_new";
const COLUMN = (state) => `.o_kanban_group:has(.o_column_title:contains(${state}))`;

describe.current.tags("desktop");
defineAntreanModels();

/** Open a board that listens: wait. */
async function openBoard() {
    await mountBoard(Array(3).fill({ state: "menunggu" }));
    await boardIsLive();
}

/** Have A-2 called at another desk, and wait until it shows. */
async function callElsewhere() {
    write(2, { state: "dipanggil" });
    await tell(2);
    await settle(200);
    await waitFor(`${COLUMN("Called")} .o_kanban_record:contains(A-2)`);
}

test("no card is shielded when the board opens", async () => {
    await openBoard();
    expect(MOVED).toHaveCount(0);
});

test("who moved and who moved up take no press for a moment", async () => {
    await openBoard();
    await callElsewhere();
    expect(queryAllTexts(MOVED).sort()).toEqual(["A-2", "A-3"]);
    expect(getComputedStyle(queryFirst(".o_antrean_moved")).pointerEvents).toBe("none");
    await settle(1000);
    expect(MOVED).toHaveCount(0);
});

test("a card that is drawn anew where it is keeps its shield", async () => {
    await openBoard();
    await callElsewhere();
    await tell(1, 2, 3, 4, 5, 6); // reloads the board
    await settle(300);
    expect(queryAllTexts(MOVED).sort()).toEqual(["A-2", "A-3"]);
});

test("who was registered last is marked while that is told", async () => {
    await openBoard();
    const told = { id: 3, ruanganId: 1, nomor: "A-3", ruangan: "Poli Umum", di_depan: 2 };
    getService("antrean_bpjs.terdaftar").tell(told);
    await settle(100);
    expect(`${NEW} .o_antrean_nomor`).toHaveText("A-3");
    expect(".o_antrean_terdaftar .o_notification_content").toHaveText("A-3 · Poli Umum · 2 ahead");
    await settle(20_000);
    expect(NEW).toHaveCount(0);
});

test("what is typed anywhere on the board goes to the search", async () => {
    await openBoard();
    queryFirst(".o_kanban_record").focus();
    await press("0");
    expect(".o_searchview_input").toBeFocused();
});
