import { registry } from "@web/core/registry";
import { badges, card } from "./antrean_steps";

const PATIENT = "Peserta Contoh";
const BUTTON = `${card(PATIENT)} .o_antrean_resend_pcare`;
const YES = ".modal .btn-primary:contains(Yes, Resend)";

function resend(run = "click") {
    return [
        ...badges(PATIENT, "gagal", "ok"),
        { content: "Resend", trigger: BUTTON, run },
        {
            content: "It is asked for this queue number",
            trigger: ".modal-body:contains(resend the PCare data for queue #A-1?)",
        },
        { content: "Yes", trigger: YES, run },
    ];
}

function told(text) {
    return { content: `It says “${text}”`, trigger: `.o_notification:contains(${text})` };
}

const SUCCESS = [
    told("PCare data was resent"),
    ...badges(PATIENT, "ok", "ok"),
    {
        content: "The number at PCare shows, and there is nothing left to resend",
        trigger: `${card(PATIENT)}:contains(PCare: A1):not(:has(.o_antrean_resend_pcare))`,
    },
];

const TOURS = {
    success: [...resend(), ...SUCCESS],
    double_click: [...resend("dblclick"), ...SUCCESS],
    refused: [
        ...resend(),
        told("ANSWER FROM BPJS:"),
        told("noKartu: Nomor kartu tidak valid"),
        ...badges(PATIENT, "gagal", "ok"),
        {
            content: "It can be resent again",
            trigger: `${BUTTON}:enabled`,
        },
    ],
    error: [
        ...resend(),
        told("PCare data could not be resent"),
        {
            content: "PCare has not said that it has the visit, and it can be resent again",
            trigger: `${card(PATIENT)}:not(:contains(P: OK)) .o_antrean_resend_pcare:enabled`,
        },
    ],
};

for (const [name, steps] of Object.entries(TOURS)) {
    registry.category("web_tour.tours").add(`antrean_bpjs_resend_${name}`, { steps: () => steps });
}
