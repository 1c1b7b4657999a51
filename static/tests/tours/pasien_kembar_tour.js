import { registry } from "@web/core/registry";
import { badges, choose } from "./antrean_steps";

const ARCHIVED = "Peserta Contoh 07";
const FORM = ".modal:has([name=nik])";

registry.category("web_tour.tours").add("antrean_bpjs_pasien_kembar", {
    steps: () => [
        ...choose("0001 0000 0000 7", "Create and edit"), // who is archived is not found
        {
            content: "Somebody has this card already",
            trigger: `${FORM} .o_antrean_pasien_sama:contains(${ARCHIVED}, who is archived)`,
        },
        {
            content: "Bring them back",
            trigger: `${FORM} .o_antrean_pasien_sama button:contains(Bring back ${ARCHIVED})`,
            run: "click",
        },
        {
            content: "Here they are, and nobody else has the number: choose them",
            trigger: `${FORM}:has([name=name] input:value(${ARCHIVED})):not(:has(.o_antrean_pasien_sama)) .o_form_button_save`,
            run: "click",
        },
        {
            content: "They are chosen",
            trigger: `.modal:not(:has([name=nik])) [name=pasien_id] input:value(${ARCHIVED})`,
        },
        { content: "Register", trigger: ".modal .o_form_button_save", run: "click" },
        ...badges(ARCHIVED, "processing", "processing"),
    ],
});

registry.category("web_tour.tours").add("antrean_bpjs_cari_pasien", {
    steps: () => [
        {
            content: "Both are listed",
            trigger: ".o_data_row:contains(Peserta Contoh 08)",
        },
        {
            content: "Type a card as it is printed",
            trigger: ".o_searchview_input",
            run: "edit 0001 0000 0000 7",
        },
        { content: "Search", trigger: ".o_searchview_input", run: "press Enter" },
        {
            content: "Only that patient is listed",
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains(Peserta Contoh 08))) .o_data_row:contains(Peserta Contoh 07)",
        },
    ],
});
