import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { DateTimePickerPopover } from "@web/core/datetime/datetime_picker_popover";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { LOOKS } from "../menunggu/menunggu";

const { DateTime } = luxon;

/** Above the columns: rooms to choose from, what is counted, the day and the doctor. */
export class BoardBar extends Component {
    static template = "antrean_bpjs.BoardBar";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.papan = useState(this.env.papan);
        this.search = this.env.searchModel;
        this.looks = LOOKS;
        this.days = { hari_ini: _t("Today"), kemarin: _t("Yesterday") };
        this.dayButton = useRef("day");
        this.picker = usePopover(DateTimePickerPopover, { position: "bottom-end" });
        useEffect(
            () => this.forgetUnknown(),
            () => [this.papan.ruangan],
        );
    }

    /** A remembered room that is archived, or another clinic's, would leave the board empty. */
    forgetUnknown() {
        const { ruanganId } = this.search;
        if (ruanganId && !this.papan.ruangan.some(({ id }) => id === ruanganId)) {
            this.search.chooseRuangan(false);
        }
    }

    pickDay() {
        const onSelect = (day) => {
            this.picker.close();
            this.search.chooseDay(day);
        };
        const pickerProps = { type: "date", value: DateTime.now(), onSelect };
        this.picker.open(this.dayButton.el, { pickerProps });
    }

    /** All rooms, then each one: {id, name, menunggu}. */
    get tabs() {
        const { ruangan } = this.papan;
        const menunggu = ruangan.reduce((sum, room) => sum + room.menunggu, 0);
        return [{ id: false, name: _t("All"), menunggu }, ...ruangan];
    }

    get day() {
        const { day } = this.search;
        return this.days[day] || day || _t("All days");
    }

    get dokter() {
        const { dokterId } = this.search;
        return this.papan.dokter.find(({ id }) => id === dokterId)?.name || _t("All doctors");
    }

    /** Counts, and the longest wait, which filters only once it is long. */
    get counters() {
        return this.papan.counters.map(({ since, company_id, ...counter }) => {
            const wait = since && this.papan.wait(deserializeDateTime(since), company_id);
            return { ...counter, wait, isDisabled: wait?.look === "calm" };
        });
    }
}
