import { registry } from "@web/core/registry";
import { answer, card, isIn, press, pressInMenu } from "./antrean_steps";

const FIRST = "Peserta Contoh 01";

registry.category("web_tour.tours").add("antrean_bpjs_teruskan", {
    steps: () => [
        press(FIRST, "action_terima"),
        isIn("Accepted", FIRST),
        ...pressInMenu(FIRST, "Send On"),
        {
            content: "To the pharmacy",
            trigger: ".modal .o_antrean_teruskan .o_radio_item:contains(Apotek) input",
            run: "click",
        },
        answer("button[name=action_teruskan]"),
        {
            content: "The number there is told",
            trigger: ".o_notification:contains(R-1 · Apotek)",
        },
        {
            content: "The new card names the first",
            trigger: `${card("R-1")} .o_antrean_asal:contains(A-1)`,
        },
        {
            content: "Its room has one who waits",
            trigger: ".o_antrean_tabs .btn:contains(Apotek):contains(1)",
            run: "click",
        },
        {
            content: "Nobody else is shown",
            trigger: ".o_antrean_board:not(:has(.o_antrean_nomor:contains(A-1)))",
        },
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_daftar", {
    steps: () => [
        { content: "To the list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            content: "Register there, too",
            trigger: ".o_list_view .o_control_panel button:contains(Register Patient)",
            run: "click",
        },
        {
            content: "Look for the patient",
            trigger: ".modal [name=pasien_id] input",
            run: "edit Contoh 02",
        },
        {
            content: "It is this one",
            trigger: ".o-autocomplete--dropdown-item:contains(Peserta Contoh 02)",
            run: "click",
        },
        {
            content: "The payer is proposed",
            trigger: ".modal [name=penjamin_id] input:checked",
        },
        {
            content: "A pharmacy has no doctor",
            trigger: ".modal [name=ruangan_id] input",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Apotek)",
            run: "click",
        },
        {
            content: "So none is asked for",
            trigger: ".modal .o_form_view:not(:has([name=jadwal_id]))",
        },
        { content: "Save", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "The list shows it", trigger: ".o_data_row:contains(R-1)" },
    ],
});
