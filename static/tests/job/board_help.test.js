import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { onRpc } from "@web/../tests/web_test_helpers";
import { LOOKS } from "@antrean_bpjs/job/job_badge/job_badge";
import { defineAntreanModels, mountBoard, settle } from "../antrean_test_helpers";

describe.current.tags("desktop");
defineAntreanModels();

test("help explains the board, and each letter that the server knows", async () => {
    onRpc("antrean.antrean", "get_badge_help", () => ({
        letters: [
            { letter: "P", about: "PCare registration" },
            { letter: "X", about: "Something new" },
        ],
        statuses: { processing: "in process", ok: "OK", gagal: "Failed", na: "N/A" },
    }));
    await mountBoard([]);
    await click(".o_antrean_help");
    await settle();
    expect(".modal-title").toHaveText("How to read the board");
    const terms = queryAllTexts(".modal .o_antrean_board_help dt");
    expect(terms).toEqual(["P", "X", "OK", "Failed", "in process", "N/A", ""]);
    expect(".o_antrean_board_help dt:contains(in process) .badge").toHaveClass(
        LOOKS.processing.className,
    );
    expect(".modal .o_antrean_board_help dd:eq(1)").toHaveText("Something new");
});
