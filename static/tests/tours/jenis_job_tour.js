import { registry } from "@web/core/registry";
import { answer, badge, card, press } from "./antrean_steps";

/** A job type that only a test knows (tests/job/test_job_types.py) is told wherever jobs are. */
const PATIENT = "Peserta Contoh";
const TOY = ".o_antrean_job_badge[data-job-type=tanya_poli]";
const REFUSED = "Poli sedang tutup";

registry.category("web_tour.tours").add("antrean_bpjs_jenis_job", {
    steps: () => [
        badge(PATIENT, "pendaftaran_pcare", "ok"),
        badge(PATIENT, "tambah_antrean_fktp", "ok"),
        { ...badge(PATIENT, "tanya_poli", "gagal"), run: "click" },
        {
            content: "BPJS's message, under the job's own name",
            trigger: `.o_antrean_job_details:contains(Tanya Poli: Failed):contains(${REFUSED})`,
        },
        {
            content: "Ask what the letters stand for",
            trigger: ".o_antrean_help",
            run: "click",
        },
        {
            content: "This one, too",
            trigger: ".modal .o_antrean_board_help:contains(Tanya Poli: what a test has made up)",
        },
        { content: "Close", trigger: ".modal .btn-close", run: "click" },
        press(PATIENT, "action_terima"),
        {
            content: "Its badge stands in the dialog",
            trigger: `.modal ${TOY}[data-status=gagal]:contains(T: Failed)`,
        },
        {
            content: "The dialog names it as what failed",
            trigger: `.modal .o_antrean_job_failures:contains(Tanya Poli: ${REFUSED})`,
        },
        answer("button[special=cancel]"),
        { content: "Open the list", trigger: "button.o_switch_view.o_list", run: "click" },
        {
            content: "Its badge stands in the list",
            trigger: `.o_data_row:contains(${PATIENT}) ${TOY}[data-status=gagal]`,
        },
        {
            content: "Open the entry",
            trigger: `.o_data_row td[name=nomor_antrean]`,
            run: "click",
        },
        {
            content: "Its badge stands in the form",
            trigger: `.o_form_view ${TOY}[data-status=gagal]`,
        },
        {
            content: "Resend",
            trigger: ".o_form_view .o_antrean_resend_pcare",
            run: "click",
        },
        { content: "Yes", trigger: ".modal .btn-primary:contains(Yes, Resend)", run: "click" },
        { content: "It is green here", trigger: `.o_form_view ${TOY}[data-status=ok]` },
        { content: "Back to the board", trigger: ".o_back_button", run: "click" },
        { content: "The cards", trigger: "button.o_switch_view.o_kanban", run: "click" },
        {
            ...badge(PATIENT, "tanya_poli", "ok"),
            content: "It is green on the board, and nothing is left to resend",
            trigger: `${card(PATIENT)}:not(:has(.o_antrean_resend_pcare)) ${TOY}:contains(T: OK)`,
        },
    ],
});
