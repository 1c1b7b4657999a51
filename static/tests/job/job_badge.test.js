import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    click,
    hover,
    leave,
    press,
    queryAllTexts,
    queryOne,
    waitFor,
    waitForNone,
} from "@odoo/hoot-dom";
import { Deferred, freezeTime, mockDate, mockTouch } from "@odoo/hoot-mock";
import { getService, mockService, mountView, onRpc } from "@web/../tests/web_test_helpers";
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

const P = ".o_antrean_job_badge[data-job-type=pendaftaran_pcare]";
const A = ".o_antrean_job_badge[data-job-type=tambah_antrean_fktp]";
const BATAL = ".o_antrean_job_badge[data-job-type=batal_pendaftaran_pcare]";
const DETAILS = ".o_antrean_job_details";

const FAILED = {
    job_type: "pendaftaran_pcare",
    letter: "P",
    label: "Pendaftaran PCare",
    status: "gagal",
    status_label: "Failed",
    message: "Pasien tidak aktif",
    tried_at: "2026-03-02 02:15:00",
    attempt_count: 3,
    next_try_at: "2026-03-02 02:45:00",
};
const PROCESSING = {
    job_type: "tambah_antrean_fktp",
    letter: "A",
    label: "Antrean FKTP",
    status: "processing",
    status_label: "processing",
    message: "",
    tried_at: false,
    attempt_count: 0,
    next_try_at: false,
};
const ENTRY = entry({ pendaftaran_pcare: "gagal", tambah_antrean_fktp: "processing" });

describe.current.tags("desktop");
defineAntreanModels();

let details;

beforeEach(() => {
    mockDate("2026-03-02 02:16:00", +7);
    details = {
        jobs: [{ ...FAILED }, { ...PROCESSING }],
        advice: "Try Resend PCare first.",
        pasien_id: 7,
        can_resend: false,
    };
    onRpc("antrean.antrean", "get_bpjs_details", ({ args }) => {
        expect.step(`details of ${args[0]}`);
        return details;
    });
});

/** An entry whose badges have these statuses. */
function entry(statuses) {
    return { bpjs_badges: badges(statuses) };
}

/** Open the board; a card that is opened is a step. */
function openBoard(entries = [ENTRY]) {
    return mountBoard(entries, { selectRecord: (id) => expect.step(`card ${id}`) });
}

describe("looks", () => {
    for (const [status, text, className, icon] of [
        ["ok", "P: OK", "text-bg-success", "fa-check"],
        ["gagal", "P: Failed", "text-bg-danger", "fa-times"],
        ["processing", "P: processing", "text-bg-warning", "fa-hourglass-half"],
        ["na", "P: N/A", "text-bg-300", "fa-minus"],
    ]) {
        test(`${status} has its word, its colour and its icon`, async () => {
            await openBoard([entry({ pendaftaran_pcare: status })]);
            expect(P).toHaveText(text);
            expect(P).toHaveClass(className);
            expect(`${P} i`).toHaveClass(icon);
        });
    }

    test("each job shows its own status under its own letter", async () => {
        await openBoard([entry({ pendaftaran_pcare: "ok", tambah_antrean_fktp: "gagal" })]);
        expect(P).toHaveText("P: OK");
        expect(A).toHaveText("A: Failed");
    });

    test("an entry that BPJS does not pay has no badge", async () => {
        await openBoard([{}]);
        expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(1);
        expect(".o_antrean_job_badge").toHaveCount(0);
    });
});

test("what changes on the server shows on its card", async () => {
    const statuses = { pendaftaran_pcare: "processing" };
    await openBoard([entry(statuses), entry(statuses)]);
    await boardIsLive();
    write(2, { ...entry({ pendaftaran_pcare: "ok" }), nomor_antrean_pcare: "A1" });
    await tell(2);
    await settle();
    await waitFor(`.o_kanban_record:contains(A-2) ${P}:contains(P: OK)`);
    expect(".o_kanban_record:contains(A-2) .o_antrean_pcare_badge").toHaveText("PCare: A1");
    expect(`.o_kanban_record:contains(A-1) ${P}`).toHaveText("P: processing");
});

describe("explanation", () => {
    test("a failed job: BPJS's message, when, how often, when next, what to do", async () => {
        await openBoard();
        await click(P);
        await settle();
        expect(`${DETAILS} h4`).toHaveText("Pendaftaran PCare: Failed");
        expect(`${DETAILS} .o_antrean_job_message`).toHaveText("Pasien tidak aktif");
        expect(`${DETAILS} dl`).toHaveText("Last try 09:15 Tries 3 Next try 09:45", {
            inline: true,
        });
        expect(`${DETAILS} .o_antrean_job_advice`).toHaveText("Try Resend PCare first.");
        expect.verifySteps(["details of 1"]);
    });

    test("what staff should know besides", async () => {
        await openBoard([entry({ pendaftaran_pcare: "ok" })]);
        Object.assign(details.jobs[0], { status: "ok", message: "", next_try_at: false });
        await click(P);
        await settle();
        expect(`${DETAILS} .o_antrean_job_note`).toHaveCount(0);
        expect(`${DETAILS} dl`).toHaveText("Last try 09:15 Tries 3", { inline: true });
        details.jobs[0].note = "BPJS had it already";
        await press("Escape");
        await settle();
        await click(P);
        await settle();
        expect(`${DETAILS} .o_antrean_job_note`).toHaveText("BPJS had it already");
        expect.verifySteps(["details of 1", "details of 1"]);
    });

    for (const is_answer of [true, false]) {
        test(`who says so: ${is_answer ? "BPJS" : "we"}`, async () => {
            details.jobs[0].is_answer = is_answer;
            await openBoard();
            await click(P);
            await settle();
            const { content } = getComputedStyle(
                queryOne(`${DETAILS} .o_antrean_job_message`),
                "::before",
            );
            expect(content).toBe(is_answer ? '"BPJS: "' : "none");
            expect.verifySteps(["details of 1"]);
        });
    }

    test("what the message means, and who does what about it", async () => {
        Object.assign(details.jobs[0], { cause: "Not active", who: "Staff", next_step: "Ask" });
        await openBoard();
        await click(P);
        await settle();
        expect(`${DETAILS} .o_antrean_job_cause`).toHaveText("Not active");
        expect(`${DETAILS} .o_antrean_job_step`).toHaveText("Staff: Ask", { inline: true });
        expect(`${DETAILS} .o_antrean_job_remedy`).toHaveCount(0);
        expect(`${DETAILS} .o_antrean_job_screening`).toHaveCount(0);
        expect.verifySteps(["details of 1"]);
    });

    test("the screening form as a link and a code to scan", async () => {
        const url = "https://webskrining.bpjs-kesehatan.go.id/skrining";
        const qr = "data:image/svg+xml;base64,PHN2Zy8+";
        Object.assign(details.jobs[0], { action: "screening", url, qr });
        await openBoard();
        await click(P);
        await settle();
        expect(`${DETAILS} a.o_antrean_job_screening`).toHaveAttribute("href", url);
        expect(`${DETAILS} a.o_antrean_job_screening img`).toHaveCount(1);
        expect.verifySteps(["details of 1"]);
    });

    for (const [action, label, opened] of [
        ["patient", "Open the patient", { res_model: "res.partner", res_id: 7 }],
        ["settings", "Open the settings", "antrean_bpjs.bpjs_faskes_action_settings"],
    ]) {
        test(`one button leads to the ${action}`, async () => {
            mockService("action", { doAction: (request) => expect.step(request) });
            details.jobs[0].action = action;
            await openBoard();
            await click(P);
            await settle();
            expect(`${DETAILS} .o_antrean_job_remedy`).toHaveText(label);
            await click(`${DETAILS} .o_antrean_job_remedy`);
            await settle();
            expect(DETAILS).toHaveCount(0);
            expect.verifySteps([
                "details of 1",
                typeof opened === "string"
                    ? opened
                    : {
                          type: "ir.actions.act_window",
                          ...opened,
                          views: [[false, "form"]],
                          context: { form_view_ref: "antrean_bpjs.pasien_view_form" },
                      },
            ]);
        });
    }

    test("where it failed it can be resent, too, beside what mends it", async () => {
        details.jobs[0].action = "patient";
        details.can_resend = true;
        await openBoard();
        await click(P);
        await settle();
        const labels = queryAllTexts(`${DETAILS} .o_antrean_job_remedy`);
        expect(labels).toEqual(["Open the patient", "Resend PCare"]);
        await click(`${DETAILS} .o_antrean_job_remedy:contains(Resend)`);
        await settle();
        expect(".modal .btn-primary").toHaveText("Yes, Resend");
        expect.verifySteps(["details of 1"]);
    });

    test("one button resends, after asking", async () => {
        details.jobs[0].action = "resend";
        details.can_resend = true;
        await openBoard();
        await click(P);
        await settle();
        await click(`${DETAILS} .o_antrean_job_remedy`);
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect(".modal .btn-primary").toHaveText("Yes, Resend");
        expect.verifySteps(["details of 1"]);
    });

    test("one button sends a failed cancel again, and shows what becomes of it", async () => {
        const label = "Batal Pendaftaran PCare";
        const job_type = "batal_pendaftaran_pcare";
        details.jobs = [{ ...FAILED, job_type, letter: "Batal", label, action: "batal" }];
        onRpc("antrean.antrean", "action_kirim_ulang_batal", ({ args }) => {
            expect.step(`again ${args[0]}`);
            write(1, entry({ [job_type]: "processing" }));
            return true;
        });
        await openBoard([entry({ [job_type]: "gagal" })]);
        expect(BATAL).toHaveText("Batal: Failed");
        await click(BATAL);
        await settle();
        expect(`${DETAILS} h4`).toHaveText("Batal Pendaftaran PCare: Failed");
        expect(`${DETAILS} .o_antrean_job_remedy`).toHaveText("Send Cancel Again");
        await click(`${DETAILS} .o_antrean_job_remedy`);
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect(BATAL).toHaveText("Batal: processing");
        expect.verifySteps(["details of 1", "again 1"]);
    });

    test("what is being resent is not asked about again", async () => {
        details.jobs[0].action = "resend";
        details.can_resend = true;
        await openBoard();
        getService("antrean_bpjs.resend_pcare").sending.add(1);
        await click(P);
        await settle();
        await click(`${DETAILS} .o_antrean_job_remedy`);
        await settle();
        expect(".modal").toHaveCount(0);
        expect.verifySteps(["details of 1"]);
    });

    test("a job under way: not tried yet, being sent now, no message", async () => {
        await openBoard();
        await click(A);
        await settle();
        expect(`${DETAILS} h4`).toHaveText("Antrean FKTP: processing");
        expect(`${DETAILS} .o_antrean_job_message`).toHaveCount(0);
        expect(`${DETAILS} dl`).toHaveText("Last try not yet Tries 0 Next try being sent now", {
            inline: true,
        });
        expect.verifySteps(["details of 1"]);
    });

    test("a job that waits for a human is not tried by itself", async () => {
        details.jobs = [{ ...FAILED, next_try_at: false }];
        await openBoard();
        await click(P);
        await settle();
        expect(`${DETAILS} dl`).toHaveText(/Next try\s+not by itself/);
        expect.verifySteps(["details of 1"]);
    });

    test("each badge of a cancelled entry tells of its own job, though they share a letter", async () => {
        const [pendaftaran, antrean] = ["batal_pendaftaran_pcare", "batal_antrean_fktp"];
        details.jobs = [
            { ...FAILED, job_type: antrean, label: "Batal Antrean FKTP" },
            { ...FAILED, job_type: pendaftaran, label: "Batal Pendaftaran PCare" },
        ];
        await openBoard([entry({ [pendaftaran]: "gagal" })]);
        await click(BATAL);
        await settle();
        expect(`${DETAILS} h4`).toHaveText("Batal Pendaftaran PCare: Failed");
        expect.verifySteps(["details of 1"]);
    });

    test("it is there at once, and full when the server has answered", async () => {
        const answer = new Deferred();
        onRpc("antrean.antrean", "get_bpjs_details", () => answer);
        await openBoard();
        await click(P);
        await settle();
        expect(`${DETAILS} .fa-spin`).toHaveCount(1);
        answer.resolve(details);
        await settle();
        expect(`${DETAILS} .fa-spin`).toHaveCount(0);
        expect(`${DETAILS} h4`).toHaveText("Pendaftaran PCare: Failed");
    });

    test("there is nothing to tell about what is not sent", async () => {
        await openBoard([entry({ pendaftaran_pcare: "na" })]);
        expect(`button${P}`).toHaveCount(0);
        await hover(P);
        await settle();
        expect(DETAILS).toHaveCount(0);
    });

    test("nothing is asked about an entry that is not saved yet", async () => {
        await mountView({
            resModel: "antrean.antrean",
            type: "form",
            context: { default_bpjs_badges: badges({ pendaftaran_pcare: "processing" }) },
        });
        expect(P).toHaveText("P: processing");
        expect("button.o_antrean_job_badge").toHaveCount(0);
    });

    test("it is told on the form, too", async () => {
        defineEntries([ENTRY]);
        await mountView({ resModel: "antrean.antrean", type: "form", resId: 1 });
        await click(P);
        await settle();
        expect(`${DETAILS} h4`).toHaveText("Pendaftaran PCare: Failed");
        expect.verifySteps(["details of 1"]);
    });
});

describe("opening and closing", () => {
    test("a pointer that stays opens it, one that leaves closes it", async () => {
        await openBoard();
        freezeTime();
        await hover(P);
        await settle(300);
        expect(DETAILS).toHaveCount(0);
        await settle(200);
        expect(DETAILS).toHaveCount(1);
        await leave(P);
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect.verifySteps(["details of 1"]);
    });

    test("a pointer that passes by opens nothing", async () => {
        await openBoard();
        freezeTime();
        await hover(P);
        await settle(300);
        await leave(P);
        await settle();
        expect(DETAILS).toHaveCount(0);
    });

    test("a pointer can move from the badge into it", async () => {
        await openBoard();
        freezeTime();
        await hover(P);
        await settle(500);
        await hover(DETAILS);
        await settle();
        expect(DETAILS).toHaveCount(1);
        await leave(DETAILS);
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect.verifySteps(["details of 1"]);
    });

    test("a click keeps it open until the next, and never opens the card", async () => {
        await openBoard();
        expect(P).toHaveAttribute("aria-expanded", "false");
        await click(P);
        await settle();
        expect(P).toHaveAttribute("aria-expanded", "true");
        await leave(P);
        await settle();
        expect(DETAILS).toHaveCount(1);
        await click(P);
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect(P).toHaveAttribute("aria-expanded", "false");
        expect.verifySteps(["details of 1"]);
    });

    test("a click keeps what hovering has opened", async () => {
        await openBoard();
        await hover(P);
        await settle();
        await click(P);
        await settle();
        expect(P).toHaveAttribute("aria-expanded", "true");
        await leave(P);
        await settle();
        expect(DETAILS).toHaveCount(1);
        expect.verifySteps(["details of 1", "details of 1"]);
    });

    test("a tap opens it on a tablet, where nothing hovers, and its cross closes it", async () => {
        mockTouch(true);
        await openBoard();
        await click(P);
        await settle();
        expect(DETAILS).toHaveCount(1);
        await click(`${DETAILS} .btn-close`);
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect.verifySteps(["details of 1"]);
    });

    test("a keyboard opens it, moves into it, and comes back with Escape", async () => {
        details.jobs[0].action = "patient";
        await openBoard();
        queryOne(P).focus();
        await press("Enter");
        await settle();
        expect(`${DETAILS} .btn-close`).toBeFocused();
        await press("Tab");
        expect(`${DETAILS} .o_antrean_job_remedy`).toBeFocused();
        await press("Escape");
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect(P).toBeFocused();
        expect.verifySteps(["details of 1"]);
    });

    test("hovering does not take the focus away", async () => {
        await openBoard();
        queryOne(".o_searchview_input").focus();
        await hover(P);
        await settle();
        expect(DETAILS).toHaveCount(1);
        expect(".o_searchview_input").toBeFocused();
        expect.verifySteps(["details of 1"]);
    });

    test("one at a time", async () => {
        await openBoard();
        await click(P);
        await settle();
        await hover(A);
        await settle();
        expect(DETAILS).toHaveCount(1);
        expect(`${DETAILS} h4`).toHaveText("Antrean FKTP: processing");
        expect(P).toHaveAttribute("aria-expanded", "false");
        expect(A).toHaveAttribute("aria-expanded", "true");
        expect.verifySteps(["details of 1", "details of 1"]);
    });

    test("a click elsewhere closes it", async () => {
        await openBoard();
        await click(P);
        await settle();
        await click(".o_control_panel");
        await settle();
        expect(DETAILS).toHaveCount(0);
        expect.verifySteps(["details of 1"]);
    });

    test("a status that changes meanwhile closes it", async () => {
        await openBoard();
        await boardIsLive();
        await click(P);
        await settle();
        write(1, entry({ pendaftaran_pcare: "processing" }));
        await tell(1);
        await settle();
        await waitForNone(DETAILS);
        expect(P).toHaveText("P: processing");
        expect.verifySteps(["details of 1"]);
    });
});
