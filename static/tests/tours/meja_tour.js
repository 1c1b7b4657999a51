import { registry } from "@web/core/registry";
import { badges, card, choose, isIn, press, pressInMenu, runEngine, search } from "./antrean_steps";

const UNDO = ".o_notification .o_notification_buttons button:contains(Undo)";

/** Only this patient is on the board. */
function isFound(patient) {
    return {
        content: `${patient} is found, and nobody else`,
        trigger: `.o_antrean_board:not(:has(.o_kanban_record:not(:contains(${patient})))) ${card(patient)}`,
    };
}

/** Whoever is found by a search is called by the same keyboard. */
registry.category("web_tour.tours").add("antrean_bpjs_cari", {
    steps: () => [
        ...search("Contoh 07"),
        isFound("Peserta Contoh 07"),
        ...search("0001 0000 0000 8"),
        isFound("Peserta Contoh 08"),
        ...search("a 9"),
        isFound("Peserta Contoh 09"),
        {
            content: "Enter calls whom it found",
            trigger: `${card("Peserta Contoh 09")} button[name=action_panggil]:focus`,
            run: "press Enter",
        },
        isIn("Called", "Peserta Contoh 09"),
        ...search("3200000000000007"),
        isFound("Peserta Contoh 07"),
    ],
});

/** A scanner types a number and presses Enter. */
registry.category("web_tour.tours").add("antrean_bpjs_pindai", {
    steps: () => [
        { content: "Register a patient", trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "Scan a card that is not here yet",
            trigger: ".modal [name=pasien_id] input",
            run: "edit 0001000000031",
        },
        {
            content: "The scanner's Enter",
            trigger: ".modal [name=pasien_id] input",
            run: "press Enter",
        },
        {
            content:
                "The new patient's number is where it belongs, and PCare has filled in the rest",
            trigger:
                ".modal:has([name=no_kartu_bpjs] input:value(0001000000031)) [name=name] input:value(Peserta Contoh 31)",
        },
        {
            content: "Save the patient",
            trigger: ".modal:has([name=nik]) .o_form_button_save",
            run: "click",
        },
        {
            content: "Register",
            trigger: ".modal:not(:has([name=nik])) .o_form_button_save",
            run: "click",
        },
        {
            content: "Their number, room and how many are ahead",
            trigger: ".o_antrean_terdaftar:contains(A-3 · Poli Umum · 2 ahead)",
        },
        {
            content: "The card is marked",
            trigger: ".o_kanban_record.o_antrean_new:contains(Peserta Contoh 31)",
        },
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_nama_sama", {
    steps: () => [
        {
            content: "Both cards tell who it is",
            trigger: `${card("Ani Contoh")}:contains(…0021)`,
        },
        { content: "The other one", trigger: `${card("Ani Contoh")}:contains(…0022)` },
        { content: "Register a patient", trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "Type the name",
            trigger: ".modal [name=pasien_id] input",
            run: "edit Ani Contoh",
        },
        {
            content: "The list tells them apart",
            trigger: ".o-autocomplete--dropdown-item:contains(…0021)",
        },
        {
            content: "Take the other one",
            trigger: ".o-autocomplete--dropdown-item:contains(…0022)",
            run: "click",
        },
        {
            content: "The name alone is in the field",
            trigger: ".modal [name=pasien_id] input:value(/^Ani Contoh$/)",
        },
        { content: "Discard", trigger: ".modal .o_form_button_cancel", run: "click" },
        { content: "It is closed", trigger: "body:not(.modal-open)" },
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_urungkan", {
    steps: () => {
        const patient = "Peserta Contoh 01";
        return [
            press(patient, "action_panggil"),
            isIn("Called", patient),
            { content: "It was a slip", trigger: UNDO, run: "click" },
            isIn("Waiting", patient),
            press(patient, "action_terima"),
            { content: "Accepted", trigger: `.o_notification:contains(Accepted)` },
            { content: "A slip again", trigger: UNDO, run: "click" },
            isIn("Waiting", patient),
            press(patient, "action_panggil"),
            isIn("Called", patient),
            ...pressInMenu(patient, "Back to Waiting"),
            isIn("Waiting", patient),
        ];
    },
});

registry.category("web_tour.tours").add("antrean_bpjs_tanya_dahulu", {
    steps: () => [
        ...choose("Contoh 01", "Peserta Contoh 01"),
        {
            content: "Who pays it themselves",
            trigger: ".modal [name=penjamin_id] .o_radio_item:contains(Umum) input",
            run: "click",
        },
        {
            content: "They are in the room already",
            trigger: ".modal .o_antrean_sudah_antre:contains(A-1)",
        },
        { content: "Escape", trigger: ".modal [name=keluhan] textarea", run: "press Escape" },
        {
            content: "It asks: go on",
            trigger: ".modal:contains(Leave this registration?) button:contains(Go On Registering)",
            run: "click",
        },
        { content: "Register", trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "It asks: go back",
            trigger: ".modal:contains(Register once more?) button:contains(Go Back)",
            run: "click",
        },
        { content: "Escape", trigger: ".modal [name=keluhan] textarea", run: "press Escape" },
        {
            content: "Leave",
            trigger: ".modal:contains(Leave this registration?) .btn-primary:contains(Leave)",
            run: "click",
        },
        {
            content: "Nobody else was registered",
            trigger: "body:not(.modal-open) .o_antrean_board:not(:contains(A-2))",
        },
        ...choose("Contoh 01", "Peserta Contoh 01"),
        {
            content: "Who pays it themselves",
            trigger: ".modal [name=penjamin_id] .o_radio_item:contains(Umum) input",
            run: "click",
        },
        {
            content: "Register",
            trigger: ".modal:has(.o_antrean_sudah_antre:contains(A-1)) .o_form_button_save",
            run: "click",
        },
        {
            content: "Once more",
            trigger: ".modal:contains(Register once more?) .btn-primary",
            run: "click",
        },
        { content: "They have two numbers", trigger: ".o_kanban_record:contains(A-2)" },
    ],
});

/** The dialog at Accept follows the jobs: what fails or arrives meanwhile shows in it. */
registry.category("web_tour.tours").add("antrean_bpjs_terima_hidup", {
    steps: () => [
        ...badges("Peserta Contoh", "processing", "processing"),
        press("Peserta Contoh", "action_terima"),
        {
            content: "It is being sent",
            trigger: ".modal .o_antrean_job_badge[data-status=processing]",
        },
        runEngine,
        {
            content: "BPJS has it by now: nothing is left to resend, and Accept is offered",
            trigger:
                ".modal:not(:has([data-status=processing])):not(:has(.o_antrean_terima_resend)) footer button[name=action_terima]:contains(/^Accept$/):visible",
            run: "click",
        },
        isIn("Accepted", "Peserta Contoh"),
    ],
});
