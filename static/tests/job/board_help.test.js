import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { onRpc } from "@web/../tests/web_test_helpers";
import { defineAntreanModels, mountBoard, settle } from "../antrean_test_helpers";

describe.current.tags("desktop");
defineAntreanModels();

test("help explains the board, and each letter that the server knows", async () => {
    onRpc("antrean.antrean", "get_badge_help", () => [
        { letter: "P", about: "PCare registration" },
        { letter: "X", about: "Something new" },
    ]);
    await mountBoard([]);
    await click(".o_antrean_help");
    await settle();
    expect(".modal-title").toHaveText("How to read the board");
    const [first, second, ...others] = queryAllTexts(".modal .o_antrean_board_help dt");
    expect([first, second, others.length]).toEqual(["P", "X", 5]);
    expect(".modal .o_antrean_board_help dd:eq(1)").toHaveText("Something new");
});
