import { patch } from "@web/core/utils/patch";
import { AntreanBoardController } from "../../antrean/antrean_board/antrean_board";
import { LayananBanner } from "./layanan_banner";

patch(AntreanBoardController, {
    components: { ...AntreanBoardController.components, LayananBanner },
});
