import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Grafik } from "../grafik/grafik";
import * as pictures from "./pictures";

const { share } = pictures;
const { DateTime } = luxon;

const LABEL_FORMAT = { day: "d LLL", week: "d LLL", month: "LLL yyyy" };
const NOT_CANCELLED = ["state", "!=", "batal"];
const TOLD = [["dilaporkan", "=", true], NOT_CANCELLED];

const ended = (kode) => [`status_${kode}`, "in", ["ok", "gagal"]];

/** Periods that are chosen with one press: [first day, last day, step]. */
const PERIODS = {
    week: () => [DateTime.now().startOf("week"), DateTime.now(), "day"],
    month: () => [DateTime.now().startOf("month"), DateTime.now(), "day"],
    last_month: () => {
        const month = DateTime.now().minus({ months: 1 });
        return [month.startOf("month"), month.endOf("month"), "day"];
    },
    quarter: () => [DateTime.now().minus({ months: 2 }).startOf("month"), DateTime.now(), "week"],
    year: () => [DateTime.now().minus({ months: 11 }).startOf("month"), DateTime.now(), "month"],
};

/** How well it goes: the figures of `antrean.laporan.get_laporan`, each with its definition. */
export class Laporan extends Component {
    static template = "antrean_bpjs.Laporan";
    static components = { Grafik, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.pictures = pictures;
        this.display = { controlPanel: {} };
        this.state = useState({
            period: "month",
            dari: "",
            sampai: "",
            tingkat: "day",
            data: null,
        });
        onWillStart(() => this.choose("month"));
    }

    get periods() {
        return [
            ["week", _t("This week")],
            ["month", _t("This month")],
            ["last_month", _t("Last month")],
            ["quarter", _t("Three months")],
            ["year", _t("Twelve months")],
        ];
    }

    get steps() {
        return [
            ["day", _t("By day")],
            ["week", _t("By week")],
            ["month", _t("By month")],
        ];
    }

    async choose(period) {
        const [begin, end, step] = PERIODS[period]();
        Object.assign(this.state, {
            period,
            dari: begin.toISODate(),
            sampai: end.toISODate(),
            tingkat: step,
        });
        await this.load();
    }

    async change(name, value) {
        if (value) {
            Object.assign(this.state, { [name]: value, period: "" });
            await this.load();
        }
    }

    async load() {
        const { dari, sampai, tingkat } = this.state;
        const args = [dari, sampai, tingkat];
        this.state.data = await this.keepLast.add(
            this.orm.call("antrean.laporan", "get_laporan", args),
        );
    }

    // What is shown

    number(value, digits = 0) {
        return value === null || value === undefined
            ? "–"
            : formatFloat(value, { digits: [0, digits] });
    }

    percent(part, whole) {
        return whole ? `${this.number(share(part, whole), 1)} %` : "–";
    }

    minutes(value) {
        return value === null || value === undefined ? "–" : _t("%s min", this.number(value, 1));
    }

    get labels() {
        const format = LABEL_FORMAT[this.state.tingkat];
        return this.state.data.seri.map(({ mulai }) => DateTime.fromISO(mulai).toFormat(format));
    }

    /** The last month of each facility: what the figure above says. */
    get contact() {
        const { kontak } = this.state.data;
        const last = kontak.at(-1)?.bulan;
        const rows = kontak.filter(({ bulan }) => bulan === last);
        const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
        const peserta = sum("peserta");
        const perMille = (count) => (peserta ? (1000 * count) / peserta : null);
        return {
            bulan: last,
            kontak: sum("kontak"),
            peserta,
            permil: perMille(sum("kontak")),
            tambahan: sum("dengan_terutang") - sum("kontak"),
            permil_terutang: perMille(sum("dengan_terutang")),
        };
    }

    get contactClass() {
        const { permil } = this.contact;
        return permil === null ? "" : permil >= this.state.data.target ? "is-good" : "is-low";
    }

    monthName(bulan) {
        return bulan ? DateTime.fromISO(bulan).toFormat("LLLL yyyy") : "";
    }

    dateText(day) {
        return DateTime.fromISO(day).toLocaleString(DateTime.DATE_MED);
    }

    // The list behind a figure

    open(name, domain, dari = this.state.dari, sampai = this.state.sampai) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "antrean.laporan",
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
            ],
            domain: [["tanggal", ">=", dari], ["tanggal", "<=", sampai], ...domain],
        });
    }

    openColumn(name, domain, index) {
        const { mulai, sampai } = this.state.data.seri[index];
        this.open(`${name}, ${this.labels[index]}`, domain, mulai, sampai);
    }

    openVisits(index, set) {
        const kinds = [
            [_t("At PCare"), [["di_pcare", "=", true]]],
            [_t("BPJS, not at PCare"), [...TOLD, ["di_pcare", "=", false]]],
            [_t("Others"), ["|", ["dilaporkan", "=", false], ["state", "=", "batal"]]],
        ];
        this.openColumn(...kinds[set], index);
    }

    openFirstTry(index, set) {
        const { kode, label } = this.state.data.layanan[set];
        const domain = [...TOLD, ended(kode), [`sekali_${kode}`, "=", 0]];
        this.openColumn(_t("%s: not at first try", label), domain, index);
    }

    openToOk(index, set) {
        const { kode, label } = this.state.data.layanan[Math.floor(set / 2)];
        this.openColumn(label, [NOT_CANCELLED, [`status_${kode}`, "=", "ok"]], index);
    }

    openHour(index) {
        const { jam } = this.state.data.jam[index];
        this.open(_t("Registered at %s", jam), [NOT_CANCELLED, ["jam", "=", jam]]);
    }

    openAll() {
        this.open(_t("Visits"), []);
    }

    openMissing() {
        this.open(_t("BPJS, not at PCare"), [...TOLD, ["di_pcare", "=", false]]);
    }

    openService({ kode, label }) {
        this.open(label, [...TOLD, ended(kode)]);
    }

    openSource({ sumber, label }) {
        this.open(label, [NOT_CANCELLED, ["sumber", "=", sumber]]);
    }

    openRoom({ ruangan_id, nama }) {
        this.open(nama, [NOT_CANCELLED, ["ruangan_id", "=", ruangan_id]]);
    }

    openFacility({ company_id, nama }) {
        this.open(nama, [["company_id", "=", company_id]]);
    }

    openOwed() {
        const domain = [["antrean_id.terutang", "=", true]];
        this.open(_t("Still owed"), domain, "2000-01-01", "2999-12-31");
    }

    openContacts({ bulan, company_id }) {
        const month = DateTime.fromISO(bulan);
        const domain = [["kontak", "=", true]];
        if (company_id) {
            domain.push(["company_id", "=", company_id]);
        }
        const end = month.endOf("month").toISODate();
        this.open(_t("Contacts of %s", this.monthName(bulan)), domain, bulan, end);
    }

    openCause({ galat_id, sebab }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: sebab,
            res_model: "bpjs.job",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["galat_id", "=", galat_id],
                ["message", "!=", false],
                ["state", "not in", ["success", "cancelled"]],
                ["antrean_id.tanggal", ">=", this.state.dari],
                ["antrean_id.tanggal", "<=", this.state.sampai],
            ],
        });
    }

    openOutages() {
        this.action.doAction("antrean_bpjs.bpjs_gangguan_action");
    }
}

registry.category("actions").add("antrean_laporan", Laporan);
