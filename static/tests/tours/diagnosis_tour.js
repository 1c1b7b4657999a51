import { registry } from "@web/core/registry";

function step(service, state, label) {
    return {
        content: `${service}: ${label} is ${state}`,
        trigger: `.o_antrean_diagnosis [data-service='${service}'] [data-state=${state}]:contains(${label})`,
    };
}

const PRESS = {
    content: "Test the connection",
    trigger: "button[name=action_diagnose]",
    run: "click",
};

registry.category("web_tour.tours").add("antrean_bpjs_diagnosis", {
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
        PRESS,
        step("PCare", "ok", "Signature"),
        step("PCare", "failed", "PCare account"),
        step("PCare", "skipped", "Decryption"),
        step("Antrean FKTP", "ok", "Decryption"),
        {
            content: "It says what to do",
            trigger: ".o_antrean_diagnosis :contains(Then enter here what works there)",
        },
        { content: "Close", trigger: ".modal .btn-close", run: "click" },
        {
            content: "Enter the right password",
            trigger: "body:not(:has(.modal)) [name=password] input[type=password]",
            run: "edit sandi-contoh",
        },
        PRESS,
        step("PCare", "ok", "PCare account"),
        step("PCare", "ok", "Decryption"),
        {
            content: "Both services work, and nothing is red",
            trigger: ".o_antrean_diagnosis:not(:has([data-state=failed])):contains(Works)",
        },
        {
            content: "It can be tested again",
            trigger: ".o_antrean_diagnosis_again",
            run: "click",
        },
        step("Antrean FKTP", "ok", "Signature"),
    ],
});
