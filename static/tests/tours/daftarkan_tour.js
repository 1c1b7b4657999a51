import { registry } from "@web/core/registry";
import { badges, card, choose, runEngine } from "./antrean_steps";

const PATIENT = "Peserta Contoh 01";
const CARDLESS = "Peserta Contoh 03";

registry.category("web_tour.tours").add("antrean_bpjs_daftarkan", {
    steps: () => [
        ...choose("0001000000001", PATIENT),
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

registry.category("web_tour.tours").add("antrean_bpjs_daftarkan_tanpa_kartu", {
    steps: () => [
        ...choose("3200000000000003", CARDLESS),
        {
            content: "BPJS pays",
            trigger: ".modal [name=penjamin_id] .o_radio_item:contains(BPJS) input",
            run: "click",
        },
        {
            content: "BPJS would refuse this visit: open the patient",
            trigger: ".modal .o_antrean_preflight:contains(card number) button",
            run: "click",
        },
        {
            content: "Enter the card number",
            trigger: ".modal [name=no_kartu_bpjs] input",
            run: "edit 0001000000003",
        },
        {
            content: "Save the patient",
            trigger: ".modal:has([name=no_kartu_bpjs]) .o_form_button_save",
            run: "click",
        },
        {
            content: "Nothing is left to mend: save the entry",
            trigger:
                ".modal:has([name=ruangan_id]):not(:has(.o_antrean_preflight)) .o_form_button_save",
            run: "click",
        },
        ...badges(CARDLESS, "processing", "processing"),
        runEngine,
        ...badges(CARDLESS, "ok", "ok"),
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
