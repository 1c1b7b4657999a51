import { registry } from "@web/core/registry";
import { answer, badges, card, isIn, press, runEngine } from "./antrean_steps";

const WIZARD = ".modal .o_antrean_terima";
const CONSEQUENCES = "BPJS claims that cannot be processed";

/** The dialog at Accept says all of this. */
function told(...texts) {
    return texts.map((text) => ({
        content: `The dialog says “${text}”`,
        trigger: `${WIZARD}:contains(${text})`,
    }));
}

/** Choose why they are accepted all the same. */
function because(text) {
    return [
        {
            content: text,
            trigger: `${WIZARD} .o_radio_item:contains(${text}) input`,
            run: "click",
        },
    ];
}

/** One tour for each row of the manual's table: the statuses of P and A, and what staff then do. */
const TOURS = {
    ok_ok: (patient) => [
        ...badges(patient, "ok", "ok"),
        press(patient, "action_terima"),
        isIn("Accepted", patient),
    ],
    gagal_ok: (patient) => [
        ...badges(patient, "gagal", "ok"),
        press(patient, "action_terima"),
        ...told(
            "noKartu: Nomor kartu tidak valid",
            CONSEQUENCES,
            "Try Resend PCare first. If it still fails, contact an administrator",
        ),
        answer(".o_antrean_terima_resend"),
        {
            content: "BPJS refuses again, and says so",
            trigger:
                ".o_notification:contains(ANSWER FROM BPJS:):contains(Nomor kartu tidak valid)",
        },
        ...told("noKartu: Nomor kartu tidak valid"),
        answer("button[name=action_terima]"),
        { content: "A reason is required", trigger: `${WIZARD} .o_field_invalid[name=alasan]` },
        ...because("The patient cannot wait"),
        answer("button[name=action_terima]"),
        isIn("Accepted", patient),
        {
            content: "The card says who accepted them all the same, and why",
            trigger: `${card(patient)} .o_antrean_diterima_gagal:contains(petugas_tur):contains(Pasien perlu segera ditangani)`,
        },
    ],
    ok_gagal: (patient) => [
        ...badges(patient, "ok", "gagal"),
        press(patient, "action_terima"),
        ...told(
            "Antrean FKTP:",
            CONSEQUENCES,
            "Accept the entry with confirmation. Antrean FKTP can be handled manually",
        ),
        ...because("Other reason"),
        {
            content: "Say it",
            trigger: `${WIZARD} [name=alasan_lain] input`,
            run: "edit Dokter meminta",
        },
        answer("button[name=action_terima]"),
        isIn("Accepted", patient),
    ],
    gagal_gagal: (patient) => [
        ...badges(patient, "gagal", "gagal"),
        press(patient, "action_terima"),
        ...told(
            "Pendaftaran PCare:",
            "Antrean FKTP:",
            CONSEQUENCES,
            "Try Resend PCare. If it fails, consult an administrator before accepting",
        ),
        answer("button[special=cancel]"),
        isIn("Waiting", patient),
    ],
    processing: (patient) => [
        ...badges(patient, "processing", "processing"),
        press(patient, "action_terima"),
        {
            content: "The dialog advises to wait, and names no consequences of a failure",
            trigger:
                `${WIZARD}:contains(Wait a moment and refresh the data.)` +
                `:not(:has(.o_antrean_terima_consequences:visible))`,
        },
        answer("button[special=cancel]"),
        isIn("Waiting", patient),
        runEngine,
        ...badges(patient, "ok", "ok"),
        press(patient, "action_terima"),
        isIn("Accepted", patient),
    ],
};

for (const [scenario, steps] of Object.entries(TOURS)) {
    registry.category("web_tour.tours").add(`antrean_bpjs_terima_${scenario}`, {
        steps: () => steps("Peserta Contoh"),
    });
}
