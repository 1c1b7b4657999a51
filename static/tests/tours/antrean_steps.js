import { rpc } from "@web/core/network/rpc";

const SEARCH = ".o_searchview_input";

function call(model, method, ...args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

export function card(patient) {
    return `.o_kanban_record:contains(${patient})`;
}

/** The board shows this status of a job of this patient. */
export function badge(patient, jobType, status) {
    const which = `[data-job-type=${jobType}][data-status=${status}]`;
    return {
        content: `${jobType} of ${patient} is ${status}`,
        trigger: `${card(patient)} .o_antrean_job_badge${which}`,
    };
}

/** The board shows this patient's registrations with these statuses. */
export function badges(patient, pendaftaran, antrean) {
    return [
        badge(patient, "pendaftaran_pcare", pendaftaran),
        badge(patient, "tambah_antrean_fktp", antrean),
    ];
}

export function press(patient, name) {
    return {
        content: `Press ${name} on the card of ${patient}`,
        trigger: `${card(patient)} button[name=${name}]`,
        run: "click",
    };
}

/** Look for something as a scanner does, which ends with Enter. */
export function search(typed) {
    return [
        { content: `Look for ${typed}`, trigger: SEARCH, run: `edit ${typed}` },
        { content: "Search", trigger: SEARCH, run: "press Enter" },
    ];
}

/** Choose an item of a card's menu. */
export function pressInMenu(patient, item) {
    return [
        {
            content: `Open the menu of ${patient}`,
            trigger: `${card(patient)} .o_dropdown_kanban button`,
            run: "click",
        },
        {
            content: `Choose ${item}`,
            trigger: `.o-dropdown--menu .dropdown-item:contains(${item})`,
            run: "click",
        },
    ];
}

export function answer(button) {
    return {
        content: `Press ${button} in the dialog`,
        trigger: `.modal footer ${button}`,
        run: "click",
    };
}

export function isIn(column, patient) {
    return {
        content: `${patient} is in column ${column}, and no dialog is open`,
        trigger: `body:not(.modal-open) .o_kanban_group:has(.o_column_title:contains(${column})) ${card(patient)}`,
    };
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
