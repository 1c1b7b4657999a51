import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { AntreanBoardController } from "../../antrean/antrean_board/antrean_board";
import { BoardHelp } from "./board_help";

patch(AntreanBoardController.prototype, {
    setup() {
        super.setup();
        this.dialog = useService("dialog");
    },

    showHelp() {
        this.dialog.add(BoardHelp);
    },
});
