import { onWillDestroy, useSubEnv } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { BoardBar } from "../board_bar/board_bar";
import { useBoardNews } from "../board_news";
import { useBusFallback } from "../bus_fallback";
import { useDoubleClick } from "../double_click";
import { EmptyHelp } from "../empty_help/empty_help";
import { AntreanSearchModel } from "./antrean_search_model";
import { useBoardState } from "./board_state";
import { useFoundCard } from "./found_card";
import { useMovedCards } from "./moved_cards";
import { useNewCard } from "./new_card";

const GATHER_MS = 100; // in which changes are gathered
const MOST_SINGLE_RELOADS = 5; // from here on one reload of the board is cheaper

function nextFrame() {
    return new Promise((resolve) => browser.requestAnimationFrame(resolve));
}

/** The queue board: a kanban that shows what changes on the server without a reload. */
export class AntreanBoardController extends KanbanController {
    static template = "antrean_bpjs.AntreanBoard";
    static components = { ...KanbanController.components, BoardBar };

    setup() {
        this.papan = useBoardState(this.env.searchModel, () => this.model.load());
        useSubEnv({ papan: this.papan });
        super.setup();
        this.orm = useService("orm");
        this.live = useBusFallback(() => this.model.load());
        this.changedIds = new Set();
        useBoardNews((ids) => {
            ids.forEach((id) => this.changedIds.add(id));
            this.scheduleReload();
        });
        onWillDestroy(() => browser.clearTimeout(this.reloadTimer));
        const resIds = () => new Map(this.model.root.records.map(({ id, resId }) => [id, resId]));
        useDoubleClick();
        useMovedCards(this.rootRef, resIds);
        useNewCard(this.rootRef, resIds);
        useFoundCard(this.rootRef, this.model);
    }

    /** Until the board shows what an action has done, its buttons take no further press. */
    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        await nextFrame();
        await nextFrame();
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onWillLoadRoot = () => {
            this.papanLoaded = this.papan.load();
        };
        params.hooks.onRootLoaded = () => this.papanLoaded;
        return params;
    }

    /** Where columns are not states, each card tells its own. */
    get className() {
        const isByState = this.model.root.groupByField?.name === "state";
        return isByState ? `${super.className} o_antrean_by_state` : super.className;
    }

    /** Reload soon; while that goes on, changes are gathered for the next time. */
    scheduleReload() {
        this.reloadTimer ??= browser.setTimeout(async () => {
            try {
                await this.reloadChanged();
            } finally {
                this.reloadTimer = undefined;
                if (this.changedIds.size) {
                    this.scheduleReload();
                }
            }
        }, GATHER_MS);
    }

    /** Read again what changed, and nothing else where there is room to show it. */
    async reloadChanged() {
        const ids = [...this.changedIds];
        this.changedIds.clear();
        this.papan.load();
        const { resModel, domain, context } = this.model.root;
        const changed = Domain.and([domain, [["id", "in", ids]]]).toList(context);
        const now = await this.orm.searchRead(resModel, changed, ["state"], { context });
        const states = new Map(now.map(({ id, state }) => [id, state]));
        const cards = new Map(this.model.root.records.map((card) => [card.resId, card]));
        const shown = this.shownStates;
        const hasMoved = (id) => shown.get(id) !== states.get(id);
        const isPlaceable = (id) => !hasMoved(id) || this.hasRoom(states.get(id));
        if (ids.length > MOST_SINGLE_RELOADS || !ids.every(isPlaceable)) {
            await this.model.load();
            return;
        }
        const reload = (id) =>
            hasMoved(id) ? this.move(id, cards.get(id), states.get(id)) : cards.get(id)?.load();
        await Promise.all(ids.map(reload));
        for (const { list } of this.model.root.groups || [{ list: this.model.root }]) {
            this.sort(list);
        }
    }

    /**
     * The state in which each card is shown, by entry: that of its column. A card that was read
     * while it changed may say another one already.
     */
    get shownStates() {
        const { groupByField, groups, records } = this.model.root;
        const ofColumn = ({ value, list }) => list.records.map(({ resId }) => [resId, value]);
        const ofCard = ({ resId, data }) => [resId, data.state];
        const isByState = groupByField?.name === "state";
        return new Map(isByState ? groups.flatMap(ofColumn) : records.map(ofCard));
    }

    columnOf(state) {
        return this.model.root.groups?.find(({ value }) => value === state);
    }

    /** Whether a card can be shown in this state: its column is there, open and not cut short. */
    hasRoom(state) {
        const column = this.columnOf(state);
        return (
            !state ||
            (column && !column.isFolded && column.list.records.length === column.list.count)
        );
    }

    sort(list) {
        list.records.sort((one, other) => this.compare(one, other));
    }

    /** Cards stand in the order in which the server has them: room by room, priority first. */
    compare({ data: one }, { data: other }) {
        const rooms = this.papan.ruangan.map(({ id }) => id);
        return (
            rooms.indexOf(one.ruangan_id.id) - rooms.indexOf(other.ruangan_id.id) ||
            other.is_prioritas - one.is_prioritas ||
            one.angka_antrean - other.angka_antrean
        );
    }

    /** Put a card that came, went or moved where it belongs now. */
    async move(id, card, state) {
        if (state) {
            const column = this.columnOf(state);
            await column.addExistingRecord(id);
            this.sort(column.list);
        }
        if (card) {
            await this.model.root._removeRecords([card.id]);
        }
    }

    /** Let Enter and Space press the button that has the focus: the kanban takes them for the card. */
    onKeydown(ev) {
        const isOnCard = ev.target.closest(".o_kanban_record :is(button, a)");
        if (["Enter", " "].includes(ev.key) && isOnCard) {
            ev.stopPropagation();
        }
    }
}

export class AntreanBoardRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, ActionHelper: EmptyHelp };
}

registry.category("views").add("antrean_board", {
    ...kanbanView,
    Controller: AntreanBoardController,
    Renderer: AntreanBoardRenderer,
    SearchModel: AntreanSearchModel,
});
