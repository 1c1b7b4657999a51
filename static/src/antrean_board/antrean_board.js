import { onWillDestroy } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { LayananBanner } from "../layanan_banner/layanan_banner";

const CHANNEL = "antrean_bpjs.board";
const DEBOUNCE = 100; // ms in which changes are gathered
const MOST_SINGLE_RELOADS = 5; // from here on one reload of the board is cheaper

/** The queue board: a kanban that shows what changes on the server without a reload. */
export class AntreanBoardController extends KanbanController {
    static template = "antrean_bpjs.AntreanBoard";
    static components = { ...KanbanController.components, LayananBanner };

    setup() {
        super.setup();
        this.changedIds = new Set();
        this.reloadChanged = useDebounced(this.reloadChanged, DEBOUNCE);
        const bus = useService("bus_service");
        const onChange = ({ antrean_ids }) => {
            antrean_ids.forEach((id) => this.changedIds.add(id));
            this.reloadChanged();
        };
        bus.addChannel(CHANNEL);
        bus.subscribe(CHANNEL, onChange);
        onWillDestroy(() => {
            bus.unsubscribe(CHANNEL, onChange);
            bus.deleteChannel(CHANNEL);
        });
    }

    async reloadChanged() {
        const ids = [...this.changedIds];
        this.changedIds.clear();
        const shown = new Map(this.model.root.records.map((record) => [record.resId, record]));
        const isElsewhere = ids.some((id) => !shown.has(id));
        if (
            isElsewhere ||
            ids.length > MOST_SINGLE_RELOADS ||
            !(await this.reloadCards(ids, shown))
        ) {
            await this.model.load();
        }
    }

    /** Read single cards again; false when one of them now belongs to another column. */
    async reloadCards(ids, shown) {
        const states = ids.map((id) => shown.get(id).data.state);
        await Promise.all(ids.map((id) => shown.get(id).load()));
        return ids.every((id, index) => shown.get(id).data.state === states[index]);
    }
}

registry.category("views").add("antrean_board", {
    ...kanbanView,
    Controller: AntreanBoardController,
});
