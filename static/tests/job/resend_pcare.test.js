import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { dblclick, hover, press, queryOne } from "@odoo/hoot-dom";
import { Deferred } from "@odoo/hoot-mock";
import { contains, mountView, onRpc } from "@web/../tests/web_test_helpers";
import {
    badges,
    boardIsLive,
    defineAntreanModels,
    defineEntries,
    mountBoard,
    settle,
    tell,
    write,
} from "../antrean_test_helpers";

const BUTTON = ".o_antrean_resend_pcare";
const NOTIFICATION = ".o_notification";
const ENTRY = { bpjs_badges: badges({ pendaftaran_pcare: "gagal" }), can_resend_pcare: true };

describe.current.tags("desktop");
defineAntreanModels();

let answer;

beforeEach(() => {
    answer = () => json({ status: "success", message: "" });
    onRpc(
        "/antrian_ruangan/resend-pcare/<int:id>",
        async (request, { id }) => {
            expect.step(`${request.method} ${id} ${await request.text()}`);
            expect(request.headers.get("Content-Type")).toBe("application/json");
            return answer();
        },
        { pure: true },
    );
    onRpc("antrean.antrean", "web_read", ({ args }) => expect.step(`read ${args[0]}`));
});

function json(body, status = 200) {
    return new Response(JSON.stringify(body), { status });
}

/** Open the board; a card that is opened is a step. */
function openBoard(entries = [ENTRY]) {
    return mountBoard(entries, { selectRecord: (id) => expect.step(`card ${id}`) });
}

/** Press the button, say yes and let the answer come. */
async function resend() {
    await contains(BUTTON).click();
    await contains(".modal .btn-primary").click();
    await settle();
}

describe("the button", () => {
    test("is there while the server says that it can be resent", async () => {
        await openBoard([ENTRY, { can_resend_pcare: false }]);
        expect(BUTTON).toHaveCount(1);
        expect(".o_kanban_record:contains(A-1) " + BUTTON).toHaveCount(1);
    });

    test("says by tooltip and to screen readers what it does", async () => {
        await openBoard();
        expect(BUTTON).toHaveAttribute("aria-label", "Resend PCare");
        expect(`${BUTTON} i`).toHaveClass("fa-refresh");
        await hover(BUTTON);
        await settle();
        expect(".o-tooltip").toHaveText("Resend PCare");
    });

    test("is there on the form, and saves what was entered first", async () => {
        onRpc("antrean.antrean", "web_save", () => expect.step("save"));
        defineEntries([ENTRY]);
        await mountView({ resModel: "antrean.antrean", type: "form", resId: 1 });
        expect.verifySteps(["read 1"]);
        await contains("[name=keluhan] input").edit("Pusing");
        await resend();
        expect.verifySteps(["save", "POST 1 {}", "read 1"]);
    });
});

describe("the question", () => {
    test("is asked in the manual's words", async () => {
        await openBoard();
        await contains(BUTTON).click();
        expect(".modal .modal-body").toHaveText(
            "Are you sure you want to resend the PCare data for queue #A-1?",
        );
        expect(".modal .btn-primary").toHaveText("Yes, Resend");
        expect(".modal .modal-footer .btn-secondary").toHaveText("Discard");
    });

    test("can be answered with no: nothing is sent, and it can be asked again", async () => {
        await openBoard();
        await contains(BUTTON).click();
        await contains(".modal .modal-footer .btn-secondary").click();
        expect(".modal").toHaveCount(0);
        await contains(BUTTON).click();
        expect(".modal").toHaveCount(1);
    });

    test("can be asked and answered with the keyboard", async () => {
        await openBoard();
        queryOne(BUTTON).focus();
        await press("Enter");
        await settle();
        await press("Enter");
        await settle();
        expect.verifySteps(["POST 1 {}", "read 1"]);
    });

    test("a double click asks once", async () => {
        await openBoard();
        await dblclick(BUTTON);
        await settle();
        expect(".modal").toHaveCount(1);
    });

    test("a double click on yes sends once", async () => {
        await openBoard();
        await contains(BUTTON).click();
        await dblclick(".modal .btn-primary");
        await settle();
        expect.verifySteps(["POST 1 {}", "read 1"]);
    });
});

describe("the answer", () => {
    test("success: said, and the card shows what became of it", async () => {
        await openBoard();
        answer = () => {
            write(1, {
                bpjs_badges: badges({ pendaftaran_pcare: "ok" }),
                can_resend_pcare: false,
            });
            return json({ status: "success", message: "" });
        };
        await resend();
        expect(".o_antrean_job_badge").toHaveText("P: OK");
        expect(BUTTON).toHaveCount(0);
        expect(NOTIFICATION).toHaveText("PCare data was resent");
        expect(`${NOTIFICATION} .o_notification_bar`).toHaveClass("bg-success");
        expect.verifySteps(["POST 1 {}", "read 1"]);
    });

    test("BPJS refused: its own words", async () => {
        await openBoard();
        answer = () => json({ status: "failed", message: "Pasien <b>tidak</b> aktif" });
        await resend();
        expect(NOTIFICATION).toHaveText("ANSWER FROM BPJS:\nPasien <b>tidak</b> aktif");
        expect(`${NOTIFICATION} .o_notification_bar`).toHaveClass("bg-danger");
        expect.verifySteps(["POST 1 {}", "read 1"]);
    });

    for (const [name, response, text] of [
        [
            "BPJS is not reached",
            () => json({ status: "error", message: "PCare cannot be reached" }, 502),
            "PCare data could not be resent\nPCare cannot be reached",
        ],
        [
            "it is being sent already",
            () => json({ status: "error", message: "Being sent right now." }, 409),
            "PCare data could not be resent\nBeing sent right now.",
        ],
        [
            "our own data does not suffice",
            () => json({ status: "incomplete", message: "The card number is missing." }, 422),
            "PCare data could not be resent\nThe card number is missing.",
        ],
        [
            "what answers is not the product",
            () => new Response("<html>Bad Gateway</html>", { status: 502 }),
            "PCare data could not be resent",
        ],
        [
            "the network is gone",
            () => {
                throw new TypeError("Failed to fetch");
            },
            "PCare data could not be resent",
        ],
    ]) {
        test(`${name}: the general words, and the server's where it has some`, async () => {
            await openBoard();
            answer = response;
            await resend();
            expect(NOTIFICATION).toHaveText(text);
            expect(`${NOTIFICATION} .o_notification_bar`).toHaveClass("bg-danger");
            expect.verifySteps(["POST 1 {}", "read 1"]);
        });
    }
});

describe("while it runs", () => {
    test("the button is a spinner that cannot be pressed", async () => {
        const answered = new Deferred();
        await openBoard([ENTRY, ENTRY]);
        answer = () => answered;
        const [first, second] = [1, 2].map((n) => `.o_kanban_record:contains(A-${n}) ${BUTTON}`);
        await contains(first).click();
        await contains(".modal .btn-primary").click();
        await settle();
        expect(".modal").toHaveCount(0);
        expect(first).not.toBeEnabled();
        expect(first).toHaveAttribute("aria-busy", "true");
        expect(`${first} i`).toHaveClass("fa-spin");
        expect(second).toBeEnabled();
        answered.resolve(json({ status: "success", message: "" }));
        await settle();
        expect(first).toBeEnabled();
        expect(`${first} i`).not.toHaveClass("fa-spin");
        expect.verifySteps(["POST 1 {}", "read 1"]);
    });

    test("it stays one when the board is drawn anew", async () => {
        const answered = new Deferred();
        await openBoard();
        await boardIsLive();
        answer = () => answered;
        await resend();
        const before = queryOne(BUTTON);
        write(1, { state: "diterima" }); // opens a new column
        await tell(1);
        await settle();
        expect(queryOne(BUTTON)).not.toBe(before);
        expect(BUTTON).not.toBeEnabled();
        answered.resolve(json({ status: "success", message: "" }));
        await settle();
        expect(BUTTON).toBeEnabled();
        expect.verifySteps(["POST 1 {}", "read 1"]);
    });
});
