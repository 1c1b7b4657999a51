import { registry } from "@web/core/registry";
import { badges, card, isIn, runEngine, search } from "./antrean_steps";

const PATIENT = "Peserta Contoh 01";

registry.category("web_tour.tours").add("antrean_bpjs_hadir", {
    steps: () => [
        isIn("Booked", PATIENT),
        {
            content: "The card says where the booking comes from",
            trigger: `${card(PATIENT)} .o_antrean_sumber:contains(Mobile JKN)`,
        },
        ...badges(PATIENT, "na", "ok"),
        ...search("0001000000001"),
        {
            content: "Enter says that whom it found is present",
            trigger: `${card(PATIENT)} button[name=action_hadir]:focus`,
            run: "press Enter",
        },
        isIn("Waiting", PATIENT),
        runEngine,
        ...badges(PATIENT, "ok", "ok"),
    ],
});
