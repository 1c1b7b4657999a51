import { browser } from "@web/core/browser/browser";
import { Domain } from "@web/core/domain";
import { formatDate, serializeDate } from "@web/core/l10n/dates";
import { SearchModel } from "@web/search/search_model";

const ROOM = "antrean_bpjs.ruangan"; // where the browser keeps the room's id
const DAYS = ["hari_ini", "kemarin", "tanggal"]; // what chooses a day
const DOCTOR = "dokter_id";
const GROUPS = ["groupBy", "dateGroupBy"];

/** Whether an item of the search has less shown than there is today. */
export function isNarrowing({ name, type }) {
    return name !== "hari_ini" && !GROUPS.includes(type);
}

/** The board's search: beside its facets a room, which the browser remembers. */
export class AntreanSearchModel extends SearchModel {
    setup() {
        super.setup(...arguments);
        this.chosenRuanganId = Number(browser.localStorage.getItem(ROOM)) || false;
    }

    /** The room that is shown; who looks for somebody looks in all of them. */
    get ruanganId() {
        return !this.isSearching && this.chosenRuanganId;
    }

    chooseRuangan(id) {
        this.chosenRuanganId = id;
        browser.localStorage.setItem(ROOM, id || "");
        this._notify();
    }

    /** Take away what may hide somebody who was registered for a room just now. */
    reveal(ruanganId) {
        const isNarrow = ({ searchItemId }) => isNarrowing(this.searchItems[searchItemId]);
        if (this.query.some(isNarrow)) {
            this.query = this.query.filter((element) => !isNarrow(element));
            this.replace(DAYS, "hari_ini");
        }
        if (this.ruanganId && this.ruanganId !== ruanganId) {
            this.chooseRuangan(ruanganId);
        }
    }

    _getDomain(params = {}) {
        const domain = super._getDomain(params);
        if (!this.ruanganId || params.withGlobal === false) {
            return domain; // a favorite is of all rooms
        }
        const inRoom = Domain.and([domain, [["ruangan_id", "=", this.ruanganId]]]);
        return params.raw ? inRoom : inRoom.toList(this.domainEvalContext);
    }

    /** What the board is about before anything is searched or filtered: the day, and a doctor. */
    get scope() {
        const groups = this._getGroups().filter(({ activeItems }) =>
            activeItems.every(({ searchItemId }) => this.isScope(this.searchItems[searchItemId])),
        );
        const domains = groups.map(({ activeItems }) =>
            Domain.or(activeItems.map((item) => this._getSearchItemDomain(item))),
        );
        return Domain.and([this.globalDomain, ...domains]).toList(this.domainEvalContext);
    }

    isScope(item) {
        return [...DAYS, DOCTOR].includes(nameOf(item));
    }

    /** Whether something was typed into the search. */
    get isSearching() {
        return this.query.some((element) => this.isTyped(element));
    }

    isTyped({ searchItemId, autocompleteValue }) {
        return autocompleteValue && !this.isScope(this.searchItems[searchItemId]);
    }

    /** Each search is a new one: who is looked for next does not come beside whoever was before. */
    addAutoCompletionValues(searchItemId, autocompleteValue) {
        if (this.isTyped({ searchItemId, autocompleteValue })) {
            this.query = this.query.filter((element) => !this.isTyped(element));
        }
        super.addAutoCompletionValues(searchItemId, autocompleteValue);
    }

    isActive(name) {
        return this.activeOf([name]).length > 0;
    }

    toggle(name) {
        this.toggleSearchItem(this.itemOf(name, "filter").id);
    }

    /** What is chosen of the day: the name of a filter, or a facet's label. */
    get day() {
        const [active] = this.activeOf(DAYS);
        return (
            active &&
            (active.autocompleteValue?.label || nameOf(this.searchItems[active.searchItemId]))
        );
    }

    /** @param {string | luxon.DateTime} day the name of a filter, or a date */
    chooseDay(day) {
        const isDate = typeof day !== "string";
        const value = isDate && {
            label: formatDate(day),
            operator: "=",
            value: serializeDate(day),
        };
        this.replace(DAYS, isDate ? "tanggal" : day, value);
    }

    get dokterId() {
        return this.activeOf([DOCTOR])[0]?.autocompleteValue.value;
    }

    /** @param {{id: number, name: string}} [dokter] nobody: all of them */
    chooseDokter(dokter) {
        const value = dokter && { label: dokter.name, operator: "=", value: dokter.id };
        this.replace([DOCTOR], dokter && DOCTOR, value);
    }

    /** Take away what is active of these items, and activate one. */
    replace(names, name, value) {
        this.blockNotification = true;
        const active = this.activeOf(names);
        this.query = this.query.filter((element) => !active.includes(element));
        if (value) {
            this.addAutoCompletionValues(this.itemOf(name, "field").id, value);
        } else if (name) {
            this.toggle(name);
        }
        this.blockNotification = false;
        this._notify();
    }

    activeOf(names) {
        return this.query.filter(({ searchItemId }) =>
            names.includes(nameOf(this.searchItems[searchItemId])),
        );
    }

    itemOf(name, type) {
        return Object.values(this.searchItems).find(
            (item) => item.type === type && nameOf(item) === name,
        );
    }
}

function nameOf({ name, fieldName }) {
    return name || fieldName;
}
