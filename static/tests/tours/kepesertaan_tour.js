import { registry } from "@web/core/registry";
import { badges, choose, runEngine } from "./antrean_steps";

const PATIENT = "Peserta Contoh 31";
const NEW = ".modal:has([name=nik])";

registry.category("web_tour.tours").add("antrean_bpjs_kepesertaan", {
    steps: () => [
        ...choose("0001000000031", "Create and edit"), // a card that is not here yet
        {
            content: "The number is where it belongs",
            trigger: `${NEW} [name=no_kartu_bpjs] input:value(0001000000031)`,
        },
        {
            content: "BPJS was asked by itself, and says that it is active",
            trigger: `${NEW} .o_antrean_kepesertaan.alert-success:contains(Active BPJS member)`,
        },
        {
            content: "The name was filled in",
            trigger: `${NEW} [name=name] input:value(${PATIENT})`,
        },
        { content: "Save the patient", trigger: `${NEW} .o_form_button_save`, run: "click" },
        {
            content: "The registration shows it, too, without asking again",
            trigger: `.modal:not(:has([name=nik])) .o_antrean_kepesertaan.alert-success`,
        },
        { content: "Register", trigger: ".modal .o_form_button_save", run: "click" },
        ...badges(PATIENT, "processing", "processing"),
        runEngine,
        ...badges(PATIENT, "ok", "ok"),
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_kepesertaan_gangguan", {
    steps: () => [
        ...choose("0001000000001", "Peserta Contoh 01"),
        {
            content: "Check the membership",
            trigger: ".modal .o_antrean_kepesertaan_check",
            run: "click",
        },
        {
            content: "BPJS is down, and staff go on",
            trigger:
                ".modal .o_antrean_kepesertaan.alert-secondary:contains(Go on registering, and check again later.)",
        },
        {
            content: "Who pays it themselves is not bothered with it",
            trigger: ".modal [name=penjamin_id] .o_radio_item:contains(Umum) input",
            run: "click",
        },
        { content: "Nothing is there", trigger: ".modal:not(:has(.o_antrean_kepesertaan))" },
        { content: "Register", trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "It is registered",
            trigger: "body:not(.modal-open) .o_kanban_record:contains(Peserta Contoh 01)",
        },
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_kepesertaan_nik", {
    steps: () => [
        ...choose("3200000000000003", "Peserta Contoh 03"),
        {
            content: "BPJS pays",
            trigger: ".modal [name=penjamin_id] .o_radio_item:contains(BPJS) input",
            run: "click",
        },
        {
            content: "The card number is missing",
            trigger: ".modal .o_antrean_preflight:contains(card number)",
        },
        {
            content: "BPJS knows it",
            trigger: ".modal .o_antrean_kepesertaan_check",
            run: "click",
        },
        {
            content: "Nothing is missing any more",
            trigger: ".modal:not(:has(.o_antrean_preflight)) .o_antrean_kepesertaan.alert-success",
        },
        { content: "Register", trigger: ".modal .o_form_button_save", run: "click" },
        ...badges("Peserta Contoh 03", "processing", "processing"),
    ],
});
