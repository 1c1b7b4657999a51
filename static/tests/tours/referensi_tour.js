import { registry } from "@web/core/registry";

/** A row of the list, found by the words in it. */
function row(...words) {
    return ".o_data_row" + words.map((word) => `:contains(${word})`).join("");
}

function press(button, ...words) {
    return {
        content: `Press ${button} beside ${words.join(", ")}`,
        trigger: `${row(...words)} button:contains(${button})`,
        run: "click",
    };
}

function noLonger(button, ...words) {
    return {
        content: `${words.join(", ")} needs no ${button} any more`,
        trigger: `.o_list_view:not(:has(${row(...words)} button:contains(${button})))`,
    };
}

registry.category("web_tour.tours").add("antrean_bpjs_referensi", {
    steps: () => [
        {
            content: "Nothing was fetched yet",
            trigger: ".o_nocontent_help:contains(BPJS's lists are not here yet)",
        },
        {
            content: "Fetch",
            trigger: ".o_control_panel button:contains(Fetch from BPJS)",
            run: "click",
        },
        {
            content: "It tells what came of it",
            trigger: ".o_notification:contains(PCare: 3 poli and 3 doctors)",
        },
        {
            content: "What differs comes first",
            trigger: ".o_group_header:first:contains(Different)",
        },
        press("Use BPJS's", "dr. Contoh Satu, Poli Umum", "08:00-12:00", "07:00-14:00"),
        noLonger("Use BPJS's", "dr. Contoh Satu, Poli Umum"),
        press("Create Here", "Poli Gigi", "PCare"),
        noLonger("Create Here", "Poli Gigi"),
        press("Choose", "dr. Contoh Tiga", "PCare"),
        {
            content: "This doctor it is",
            trigger: ".modal [name=dokter_id] input",
            run: "edit Nama Lain",
        },
        {
            content: "Take the one found",
            trigger: ".o-autocomplete--dropdown-item:contains(Nama Lain)",
            run: "click",
        },
        {
            content: "Match",
            trigger: ".modal button[name=action_match]",
            run: "click",
        },
        {
            content: "Now both names stand side by side",
            trigger: `body:not(.modal-open) ${row("Nama Lain", "dr. Contoh Tiga", "11103")}`,
        },
    ],
});
