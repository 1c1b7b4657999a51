import { registry } from "@web/core/registry";
import { badges, card, runEngine } from "./antrean_steps";

const PATIENT = "Peserta Contoh 01";

registry.category("web_tour.tours").add("antrean_bpjs_daftarkan", {
    steps: () => [
        {
            content: "Register a patient",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "Read the number off the card",
            trigger: ".modal .o_field_widget[name=pasien_id] input",
            run: "edit 0001000000001",
        },
        {
            content: "It is this patient",
            trigger: `.o-autocomplete--dropdown-item:contains(${PATIENT})`,
            run: "click",
        },
        {
            content: "Who has a card is a BPJS patient",
            trigger: ".modal [name=penjamin_id] .o_radio_item:contains(BPJS) input:checked",
        },
        {
            content: "Save",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        ...badges(PATIENT, "processing", "processing"),
        runEngine,
        ...badges(PATIENT, "ok", "ok"),
        {
            content: "The number at PCare shows",
            trigger: `${card(PATIENT)} .o_antrean_pcare_badge:contains(PCare: A1)`,
        },
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_tanpa_pelaporan", {
    steps: () => [
        ...badges("Peserta Contoh 02", "na", "na"),
        {
            content: "BPJS does not pay for this one",
            trigger: `${card("Pasien Umum Contoh")}:not(:has(.o_antrean_job_badge))`,
        },
    ],
});
