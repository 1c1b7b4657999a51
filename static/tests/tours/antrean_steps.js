import { rpc } from "@web/core/network/rpc";

function call(model, method, ...args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

export function card(patient) {
    return `.o_kanban_record:contains(${patient})`;
}

/** The board shows this patient's jobs with these statuses. */
export function badges(patient, pendaftaran, antrean) {
    return Object.entries({
        status_pendaftaran_pcare: pendaftaran,
        status_tambah_antrean_fktp: antrean,
    }).map(([name, status]) => ({
        content: `${name} of ${patient} is ${status}`,
        trigger: `${card(patient)} [name=${name}] .o_antrean_job_badge[data-status=${status}]`,
    }));
}

/** Open the registration and choose a patient. */
export function choose(typed, patient) {
    return [
        {
            content: "Register a patient",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "Read the number off the card",
            trigger: ".modal .o_field_widget[name=pasien_id] input",
            run: `edit ${typed}`,
        },
        {
            content: "It is this patient",
            trigger: `.o-autocomplete--dropdown-item:contains(${patient})`,
            run: "click",
        },
    ];
}

/** What a scheduler does on a running server; none runs in tests. */
export const runEngine = {
    content: "Let the engine send what is due",
    trigger: "body",
    async run() {
        const [, id] = await call(
            "ir.model.data",
            "check_object_reference",
            "antrean_bpjs",
            "ir_cron_bpjs_1",
        );
        await call("ir.cron", "method_direct_trigger", [id]);
    },
};
