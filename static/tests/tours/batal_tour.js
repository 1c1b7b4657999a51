import { registry } from "@web/core/registry";
import { answer, card, isIn, pressInMenu, runEngine } from "./antrean_steps";

const PATIENT = "Peserta Contoh";
const WIZARD = ".modal .o_antrean_batal";
const CANCEL = "button[name=action_batalkan]";

function reason(text, rest = "") {
    return `${WIZARD} .o_radio_item:contains(${text}) input${rest}`;
}

/** The card's one badge tells how far BPJS is with the job that is furthest from its end. */
function cancelIs(status) {
    const which = `[data-job-type^=batal_][data-status=${status}]`;
    return {
        content: `The cancel is ${status}`,
        trigger: `${card(PATIENT)} .o_antrean_job_badge:only-child${which}`,
    };
}

const ASKED = [
    ...pressInMenu(PATIENT, "Cancel Entry"),
    {
        content: "The dialog names number and patient",
        trigger: `${WIZARD}:contains(A-1):contains(${PATIENT})`,
    },
];

const TOURS = {
    batal: [
        ...ASKED,
        answer(CANCEL),
        { content: "A reason is required", trigger: `${WIZARD} .o_field_invalid[name=alasan]` },
        { content: "Another reason", trigger: reason("Other reason"), run: "click" },
        answer(CANCEL),
        { content: "It wants words", trigger: `${WIZARD} .o_field_invalid[name=alasan_lain]` },
        {
            content: "Say it",
            trigger: `${WIZARD} [name=alasan_lain] input`,
            run: "edit Dirujuk ke IGD",
        },
        answer(CANCEL),
        { content: "Unfold", trigger: ".o_column_folded:contains(Cancelled)", run: "click" },
        isIn("Cancelled", PATIENT),
        {
            content: "The card tells why",
            trigger: `${card(PATIENT)}:contains(Dirujuk ke IGD)`,
        },
        cancelIs("processing"),
        runEngine,
        {
            ...cancelIs("gagal"),
            run: "click",
        },
        {
            content: "BPJS's words, and a button",
            trigger: ".o_antrean_job_details:contains(Zeta) .o_antrean_job_remedy",
            run: "click",
        },
        cancelIs("processing"),
        runEngine,
        cancelIs("ok"),
        {
            content: "No badge says that BPJS has it",
            trigger: `${card(PATIENT)}:not(:contains(P:)):not(:contains(A:))`,
        },
    ],
    batal_tidak_hadir: [
        ...pressInMenu(PATIENT, "Absent"),
        ...ASKED,
        { content: "Did not come is chosen", trigger: reason("Did not come", ":checked") },
        answer(CANCEL),
        {
            content: "It is over",
            trigger: "body:not(.modal-open) .o_column_folded:contains(Cancelled)",
        },
        runEngine,
        { content: "Unfold", trigger: ".o_column_folded:contains(Cancelled)", run: "click" },
        isIn("Cancelled", PATIENT),
        cancelIs("ok"),
    ],
    tidak_jadi_batal: [...ASKED, answer("button[special=cancel]"), isIn("Waiting", PATIENT)],
};

for (const [name, steps] of Object.entries(TOURS)) {
    registry.category("web_tour.tours").add(`antrean_bpjs_${name}`, { steps: () => steps });
}
