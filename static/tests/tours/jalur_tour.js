import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("antrean_bpjs_jalur", {
    steps: () => [
        {
            content: "Configuration",
            trigger: ".o_menu_sections button:contains(Configuration)",
            run: "click",
        },
        {
            content: "The only clinic's page opens",
            trigger: ".dropdown-item:contains(BPJS Facility)",
            run: "click",
        },
        { content: "The way", trigger: ".nav-link[name=jalur]", run: "click" },
        {
            content: "Straight, nothing is to be entered",
            trigger: ".tab-pane.active:has([name=jalur]):not(:has([name=jalur_alamat]))",
        },
        {
            content: "Through an integration engine",
            trigger: "[name=jalur] input[data-value=mesin]",
            run: "click",
        },
        {
            content: "Its address is asked for",
            trigger: "[name=jalur_alamat] input",
            run: "edit 10.0.0.5",
        },
        {
            content: "Test the connection: the page is saved first",
            trigger: "button[name=action_diagnose]",
            run: "click",
        },
        {
            content: "What was entered is no address",
            trigger: ".modal:contains(“10.0.0.5” is no address of an integration engine)",
        },
        { content: "Close", trigger: ".modal .btn-primary", run: "click" },
        {
            content: "Through the proxy",
            trigger: "body:not(:has(.modal)) [name=jalur] input[data-value=proxy]",
            run: "click",
        },
        {
            content: "Nothing stays of what was wrong",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "The engine at the address that was entered before",
            trigger: "[name=jalur] input[data-value=mesin]:not(:checked)",
            run: "click",
        },
        {
            content: "Test it",
            trigger: "button[name=action_diagnose]",
            run: "click",
        },
        {
            content: "It says which way was tested",
            trigger: ".o_antrean_diagnosis_way:contains(Through the integration engine http)",
        },
        {
            content: "Each step of the way is told",
            trigger:
                ".o_antrean_diagnosis [data-service=PCare] [data-state=ok]:contains(Integration engine's WSDL)",
        },
        {
            content: "Both services work",
            trigger: ".o_antrean_diagnosis:not(:has([data-state=failed])):contains(Works)",
        },
    ],
});
