import { lockWebsocketConnect } from "@bus/../tests/bus_test_helpers";
import { WEBSOCKET_CLOSE_CODES } from "@bus/workers/websocket_worker";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    manuallyDispatchProgrammaticEvent,
    press,
    queryAllTexts,
    queryOne,
    waitFor,
    waitForNone,
} from "@odoo/hoot-dom";
import { Deferred, freezeTime } from "@odoo/hoot-mock";
import { getService, MockServer, onRpc } from "@web/../tests/web_test_helpers";
import {
    boardIsLive,
    defineAntreanModels,
    mountBoard,
    settle,
    tell,
    write,
} from "../antrean_test_helpers";

const INTERRUPTED = ".o_antrean_interrupted";
const COLUMN = (state) => `.o_kanban_group:has(.o_column_title:contains(${state}))`;
const CARD = (number) => `.o_kanban_record:contains(${number})`;

describe.current.tags("desktop");
defineAntreanModels();

beforeEach(() => {
    onRpc("antrean.antrean", "web_read_group", () => expect.step("board"));
    onRpc("antrean.antrean", "web_read", ({ args }) => expect.step(`card ${args[0]}`));
    onRpc("antrean.antrean", "action_panggil", ({ args }) => {
        expect.step(`call ${args[0]}`);
        return false;
    });
});

/** Open a board that listens to the bus: wait, A-3 is called, unless told otherwise. */
async function openBoard({ states = ["menunggu", "menunggu", "dipanggil"], ...params } = {}) {
    await mountBoard(
        states.map((state) => ({ state })),
        params,
    );
    await boardIsLive();
    expect.verifySteps(["board"]);
}

/** Close the websocket, and wait until the board knows. */
async function disconnect(code) {
    const gone = disconnected();
    MockServer.env["bus.bus"]._simulateDisconnection(code);
    await gone;
}

function disconnected() {
    const gone = new Deferred();
    const onGone = () => gone.resolve();
    getService("bus_service").addEventListener("BUS:DISCONNECT", onGone, { once: true });
    return gone;
}

/** The numbers in a column, from the top. */
function numbers(state) {
    return queryAllTexts(`${COLUMN(state)} .o_antrean_nomor`);
}

function register(nomor_antrean) {
    const angka_antrean = Number(nomor_antrean.split("-")[1]);
    return MockServer.env["antrean.antrean"].create({ nomor_antrean, angka_antrean });
}

describe("what changes on the server shows", () => {
    test("a changed entry reloads its card only", async () => {
        await openBoard();
        write(2, { nomor_antrean: "A-9" });
        await tell(2);
        await settle();
        await expect.waitForSteps(["card 2"]);
        expect(numbers("Waiting")).toEqual(["A-1", "A-9"]);
    });

    test("an entry called elsewhere moves to its column, in order, and nothing else is read", async () => {
        await openBoard();
        write(1, { state: "dipanggil" });
        await tell(1);
        await settle();
        await expect.waitForSteps(["card 1"]);
        await waitFor(`${COLUMN("Called")} ${CARD("A-1")}`);
        await waitForNone(`${COLUMN("Waiting")} ${CARD("A-1")}`);
        expect(numbers("Called")).toEqual(["A-1", "A-3"]);
        expect(queryAllTexts(".o_kanban_counter, .o_column_title")).toEqual([
            "Waiting\n(1)",
            "Called\n(2)",
        ]);
    });

    test("who has priority stands first, then each in their room's order", async () => {
        const entries = [
            { state: "dipanggil", ruangan_id: 2 },
            { state: "dipanggil" },
            { state: "menunggu" },
            { state: "menunggu", is_prioritas: true },
        ];
        await mountBoard(entries);
        await boardIsLive();
        for (const id of [3, 4]) {
            write(id, { state: "dipanggil" });
            await tell(id);
            await settle();
        }
        await waitForNone(`${COLUMN("Waiting")} .o_kanban_record`);
        expect(numbers("Called")).toEqual(["A-4", "A-2", "A-3", "A-1"]);
        expect.verifySteps(["board", "card 3", "card 4"]);
    });

    test("who is given priority elsewhere goes first here", async () => {
        await openBoard({ states: Array(3).fill("menunggu") });
        write(3, { is_prioritas: true });
        await tell(3);
        await settle();
        await expect.waitForSteps(["card 3"]);
        expect(numbers("Waiting")).toEqual(["A-3", "A-1", "A-2"]);
    });

    test("an entry that changes while it is read ends in its column", async () => {
        await openBoard();
        const read = new Deferred();
        onRpc("antrean.antrean", "search_read", async ({ parent }) => {
            const found = parent();
            await read;
            return found;
        });
        await tell(3);
        await settle();
        write(3, { state: "menunggu" });
        read.resolve();
        await expect.waitForSteps(["card 3"]);
        await tell(3);
        await settle();
        await waitFor(`${COLUMN("Waiting")} ${CARD("A-3")}`);
        expect.verifySteps(["card 3"]);
    });

    test("an entry registered elsewhere appears, and nothing else is read", async () => {
        await openBoard();
        await tell(register("A-4"));
        await settle();
        await expect.waitForSteps(["card 4"]);
        await waitFor(`${COLUMN("Waiting")} ${CARD("A-4")}`);
        expect(numbers("Waiting")).toEqual(["A-1", "A-2", "A-4"]);
    });

    test("an entry that leaves the board's filter leaves the board", async () => {
        await openBoard({ domain: [["nomor_antrean", "!=", "B-1"]] });
        write(1, { nomor_antrean: "B-1" });
        await tell(1);
        await settle();
        await waitForNone(CARD("A-1"));
        expect(numbers("Waiting")).toEqual(["A-2"]);
        expect.verifySteps([]);
    });

    test("an entry that this board does not show reloads nothing", async () => {
        await openBoard({ domain: [["nomor_antrean", "!=", "B-1"]] });
        await tell(register("B-1"));
        await settle();
        expect.verifySteps([]);
    });

    test("the board is reloaded where an entry opens a new column", async () => {
        await openBoard();
        write(1, { state: "diterima" });
        await tell(1);
        await settle();
        await expect.waitForSteps(["board"]);
        await waitFor(`${COLUMN("Accepted")} ${CARD("A-1")}`);
    });

    test("the board is reloaded where a column is cut short", async () => {
        await openBoard({ limit: 1 });
        expect(".o_kanban_load_more").toHaveCount(1);
        await tell(register("A-4"));
        await settle();
        await expect.waitForSteps(["board"]);
    });

    test("the board is reloaded where columns are not states", async () => {
        await openBoard({ groupBy: ["nomor_antrean"] });
        write(1, { state: "dipanggil" });
        await tell(1);
        await settle();
        await expect.waitForSteps(["board"]);
    });
});

describe("a burst of changes", () => {
    test("many cards are one reload of the board", async () => {
        const states = Array(8).fill("menunggu");
        await openBoard({ states });
        freezeTime();
        for (let id = 1; id <= states.length; id++) {
            await tell(id);
        }
        await settle();
        await expect.waitForSteps(["board"]);
        await settle();
        expect.verifySteps([]);
    });

    test("the same card over and over is read once", async () => {
        await openBoard();
        freezeTime();
        for (let round = 0; round < 3; round++) {
            await tell(1);
        }
        await settle();
        await expect.waitForSteps(["card 1"]);
        await settle();
        expect.verifySteps([]);
    });

    test("what changes during a reload is read after it", async () => {
        await openBoard();
        const read = new Deferred();
        onRpc("antrean.antrean", "web_read", async () => {
            await read;
        });
        await tell(1);
        await settle();
        await tell(2);
        await settle();
        expect.verifySteps([]);
        read.resolve();
        await expect.waitForSteps(["card 1"]);
        await settle();
        await expect.waitForSteps(["card 2"]);
    });

    test("changes that never pause show all the same", async () => {
        await openBoard();
        freezeTime();
        for (let round = 0; round < 3; round++) {
            await tell(1);
            await settle(50);
        }
        await expect.waitForSteps(["card 1"]);
    });
});

describe("when the bus is gone", () => {
    test("the board says so and polls every 10 seconds, until the bus is back", async () => {
        let troubles = 0;
        onRpc("bpjs.layanan", "get_trouble", () => {
            troubles++;
            return [];
        });
        await openBoard();
        troubles = 0;
        const unlock = lockWebsocketConnect();
        await disconnect(WEBSOCKET_CLOSE_CODES.ABNORMAL_CLOSURE);
        await settle(9_000);
        expect.verifySteps([]);
        expect(INTERRUPTED).toHaveCount(0);

        write(1, { state: "dipanggil" });
        await settle(1_500);
        await expect.waitForSteps(["board"]);
        await waitFor(`${COLUMN("Called")} ${CARD("A-1")}`);
        expect(INTERRUPTED).toHaveText(
            "Live updates are interrupted; the board refreshes every 10 seconds",
        );
        await settle(10_000);
        await expect.waitForSteps(["board"]);
        expect(troubles).toBeGreaterThan(1); // without the bus gone, one a minute

        unlock();
        write(1, { state: "diterima" });
        await settle(8_000); // until the next attempt to connect
        await waitForNone(INTERRUPTED);
        await expect.waitForSteps(["board"]);
        await waitFor(`${COLUMN("Accepted")} ${CARD("A-1")}`);
        await settle(60_000);
        expect.verifySteps([]);
    });

    test("a mere reconnection is not noticed", async () => {
        await openBoard();
        await disconnect(WEBSOCKET_CLOSE_CODES.KEEP_ALIVE_TIMEOUT);
        await settle(2_000);
        await boardIsLive();
        await settle(60_000);
        expect(INTERRUPTED).toHaveCount(0);
        expect.verifySteps([]);
    });

    test("it polls when the browser goes offline: the server may be this very computer", async () => {
        await openBoard();
        const gone = disconnected();
        await manuallyDispatchProgrammaticEvent(window, "offline");
        await gone;
        await settle(10_500);
        await expect.waitForSteps(["board"]);
        expect(INTERRUPTED).toHaveCount(1);
    });
});

describe("by keyboard", () => {
    test("Enter presses the button that has the focus", async () => {
        await openBoard();
        queryOne(`${CARD("A-1")} button[name=action_panggil]`).focus();
        await press("Enter");
        await expect.waitForSteps(["call 1", "board"]);
    });

    test("Space is left to the button, too", async () => {
        await openBoard();
        queryOne(`${CARD("A-1")} button[name=action_panggil]`).focus();
        const [keydown] = await press("Space");
        expect(keydown.defaultPrevented).toBe(false);
    });

    test("Enter opens the card that has the focus", async () => {
        await openBoard({ selectRecord: (id) => expect.step(`open ${id}`) });
        queryOne(CARD("A-1")).focus();
        await press("Enter");
        await expect.waitForSteps(["open 1"]);
    });
});

describe("columns", () => {
    test("a card tells its state where the columns do not", async () => {
        await openBoard({ states: ["menunggu"], groupBy: ["nomor_antrean"] });
        expect(".o_antrean_state").toHaveText("Waiting");
        expect(".o_antrean_state").toBeVisible();
    });

    test("where they do it does not", async () => {
        await openBoard({ states: ["menunggu"] });
        expect(".o_antrean_state").not.toBeVisible();
    });
});
