import { waitForChannels } from "@bus/../tests/bus_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { MockServer, onRpc } from "@web/../tests/web_test_helpers";
import { defineAntreanModels, mountBoard } from "./antrean_test_helpers";

const CHANNEL = "antrean_bpjs.board";
const COLUMN = (state) => `.o_kanban_group:has(.o_column_title:contains(${state}))`;

describe.current.tags("desktop");
defineAntreanModels();

beforeEach(() => {
    onRpc("antrean.antrean", "web_read_group", () => expect.step("board"));
    onRpc("antrean.antrean", "web_read", ({ args }) => expect.step(`card ${args[0]}`));
});

/** Open a board of waiting entries that listens to the bus. */
async function openBoard(count = 2) {
    const numbers = Array.from({ length: count }, (_, index) => `A-${index + 1}`);
    await mountBoard(
        numbers.map((nomor_antrean) => ({ nomor_antrean, status_pendaftaran_pcare: "processing" })),
    );
    await waitForChannels([CHANNEL]);
    expect.verifySteps(["board"]);
}

function write(id, values) {
    MockServer.env["antrean.antrean"].write([id], values);
}

/** Let the server say that these entries changed. */
async function tell(...antrean_ids) {
    MockServer.env["bus.bus"]._sendone(CHANNEL, CHANNEL, { antrean_ids });
    await animationFrame();
}

async function settle() {
    await advanceTime(500);
    await animationFrame();
}

test("a changed badge reloads its card only", async () => {
    await openBoard();
    write(2, { status_pendaftaran_pcare: "ok", nomor_antrean_pcare: "A1" });
    await tell(2);
    await settle();
    expect.verifySteps(["card 2"]);
    expect(".o_antrean_job_badge:contains(P: OK)").toHaveCount(1);
    expect(".o_antrean_pcare_badge").toHaveText("PCare: A1");
});

test("an entry called elsewhere moves to its column", async () => {
    await openBoard();
    write(1, { state: "dipanggil" });
    await tell(1);
    await settle();
    expect.verifySteps(["card 1", "board"]);
    expect(`${COLUMN("Called")} .o_kanban_record:contains(A-1)`).toHaveCount(1);
    expect(`${COLUMN("Waiting")} .o_kanban_record:contains(A-1)`).toHaveCount(0);
});

test("an entry registered elsewhere appears", async () => {
    await openBoard();
    const id = MockServer.env["antrean.antrean"].create({ nomor_antrean: "A-3" });
    await tell(id);
    await settle();
    expect.verifySteps(["board"]);
    expect(".o_kanban_record:contains(A-3)").toHaveCount(1);
});

test("a burst of messages is one reload", async () => {
    await openBoard(8);
    for (let id = 1; id <= 8; id++) {
        await tell(id);
    }
    expect.verifySteps([]);
    await settle();
    expect.verifySteps(["board"]);
});

test("the same card changing over and over is read once", async () => {
    await openBoard();
    await tell(1);
    await tell(1);
    await tell(1);
    await settle();
    expect.verifySteps(["card 1"]);
});
