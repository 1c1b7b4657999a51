import { registry } from "@web/core/registry";

const PRESS = "button[name=action_use_this_database]";

registry.category("web_tour.tours").add("antrean_bpjs_salinan", {
    steps: () => [
        {
            content: "The board says that nothing is sent from a copy",
            trigger: ".o_antrean_layanan_banner.alert-danger:contains(This database is a copy)",
        },
        {
            content: "Configuration",
            trigger: ".o_menu_sections button:contains(Configuration)",
            run: "click",
        },
        {
            content: "The clinic's page opens",
            trigger: ".dropdown-item:contains(BPJS Facility)",
            run: "click",
        },
        { content: "Have this database speak to BPJS", trigger: PRESS, run: "click" },
        {
            content: "It says what will happen",
            trigger: ".modal:contains(loses the real registration) .btn-secondary",
            run: "click",
        },
        {
            content: "Thought better of it: nothing has changed. Once more",
            trigger: `body:not(:has(.modal)) ${PRESS}`,
            run: "click",
        },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        {
            content: "It is the clinic's database now",
            trigger: `body:not(:has(.modal)) .o_form_view:not(:has(.alert-danger:visible)):contains(This database speaks to BPJS from now on)`,
        },
    ],
});
