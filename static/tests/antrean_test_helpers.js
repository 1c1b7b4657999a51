import { waitForChannels } from "@bus/../tests/bus_test_helpers";
import { WORKER_STATE } from "@bus/workers/websocket_worker";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import { waitUntil } from "@odoo/hoot-dom";
import { serializeDateTime } from "@web/core/l10n/dates";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    defineModels,
    defineParams,
    fields,
    getService,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const CHANNEL = "antrean_bpjs.board";

const BADGES = /* xml */ `
    <field name="nomor_antrean_pcare" widget="antrean_pcare_badge" />
    <field name="bpjs_badges" widget="antrean_bpjs_badges" />`;
const LETTERS = {
    pendaftaran_pcare: "P",
    tambah_antrean_fktp: "A",
    batal_pendaftaran_pcare: "Batal",
};
const LABELS = { processing: "processing", ok: "OK", gagal: "Failed", na: "N/A" };

/** What the server says of an entry's badges, given {job type: status}. */
export function badges(statuses) {
    return Object.entries(statuses).map(([job_type, status]) => ({
        job_type,
        letter: LETTERS[job_type],
        status,
        label: LABELS[status],
    }));
}

export class AntreanAntrean extends models.Model {
    _name = "antrean.antrean";
    _rec_name = "nomor_antrean";

    nomor_antrean = fields.Char();
    angka_antrean = fields.Integer();
    is_prioritas = fields.Boolean();
    menunggu_at = fields.Datetime();
    tanggal = fields.Date();
    hari_ini = fields.Boolean({ default: true });
    kemarin = fields.Boolean();
    ruangan_id = fields.Many2one({ relation: "antrean.ruangan", default: 1 });
    dokter_id = fields.Many2one({ relation: "antrean.dokter" });
    company_id = fields.Many2one({ relation: "res.company", default: 1 });
    pasien_id = fields.Many2one({ relation: "res.partner" });
    keluhan = fields.Char();
    state = fields.Selection({
        selection: [
            ["menunggu", "Waiting"],
            ["dipanggil", "Called"],
            ["diterima", "Accepted"],
        ],
        default: "menunggu",
    });
    nomor_antrean_pcare = fields.Char();
    bpjs_badges = fields.Generic({ type: "json" });
    can_resend_pcare = fields.Boolean();

    _views = {
        kanban: /* xml */ `
            <kanban
                js_class="antrean_board"
                class="o_antrean_board"
                default_group_by="state"
                default_order="id"
            >
                <field name="ruangan_id" />
                <field name="angka_antrean" />
                <field name="is_prioritas" />
                <templates>
                    <t t-name="card">
                        <field name="nomor_antrean" class="o_antrean_nomor" />
                        <widget name="antrean_menunggu" />
                        <widget name="antrean_berikutnya" />
                        <field name="state" widget="badge" class="o_antrean_state" />
                        ${BADGES}
                        <widget name="antrean_resend_pcare" />
                        <button name="action_panggil" type="object">Call</button>
                    </t>
                </templates>
            </kanban>`,
        search: /* xml */ `
            <search>
                <field name="nomor_antrean" />
                <field name="dokter_id" />
                <field name="tanggal" />
                <filter name="hari_ini" string="Today" domain="[['hari_ini', '=', True]]" />
                <filter name="kemarin" string="Yesterday" domain="[['kemarin', '=', True]]" />
                <separator />
                <filter name="menunggu" string="Waiting" domain="[['state', '=', 'menunggu']]" />
                <filter name="menunggu_lama" string="Waiting Long" domain="[]" />
            </search>`,
        form: /* xml */ `
            <form>
                <header><widget name="antrean_resend_pcare" /></header>
                <sheet>
                    <field name="nomor_antrean" />
                    <field name="keluhan" />
                    ${BADGES}
                </sheet>
            </form>`,
    };
}

export class AntreanRuangan extends models.Model {
    _name = "antrean.ruangan";
    name = fields.Char();
    _records = [
        { id: 1, name: "Poli Umum" },
        { id: 2, name: "Poli Gigi" },
    ];
}

export class AntreanDokter extends models.Model {
    _name = "antrean.dokter";
    name = fields.Char();
    _records = [{ id: 1, name: "dr. Contoh Satu" }];
}

export class BpjsLayanan extends models.Model {
    _name = "bpjs.layanan";
}

export class ResPartner extends mailModels.ResPartner {
    no_kartu_bpjs = fields.Char();
    nik = fields.Char();
    tanggal_lahir = fields.Date();
    kepesertaan = fields.Generic({ type: "json" });
    pasien_sama = fields.Generic({ type: "json" });

    _onChanges = { name() {}, no_kartu_bpjs() {}, nik() {}, tanggal_lahir() {} };
}

export function defineAntreanModels() {
    defineParams({ suite: "mail" }, "replace");
    defineModels({
        ...mailModels,
        ResPartner,
        AntreanAntrean,
        AntreanRuangan,
        AntreanDokter,
        BpjsLayanan,
    });
    onRpc("antrean.antrean", "get_papan", () => papan());
    onRpc("bpjs.layanan", "get_trouble", () => []);
}

/** What the server says of an empty board, and of a day that ends in an hour. */
export function papan(values = {}) {
    return {
        ruangan: [
            { id: 1, name: "Poli Umum", menunggu: 0 },
            { id: 2, name: "Poli Gigi", menunggu: 0 },
        ],
        dokter: [{ id: 1, name: "dr. Contoh Satu" }],
        berikutnya: [],
        counters: [],
        batas: { 1: [30, 60] },
        now: serializeDateTime(luxon.DateTime.now()),
        midnight: serializeDateTime(luxon.DateTime.now().plus({ hours: 1 })),
        ...values,
    };
}

/** Put these queue entries on the server; their ids count from 1. */
export function defineEntries(entries) {
    AntreanAntrean._records = entries.map((entry, index) => ({
        id: index + 1,
        nomor_antrean: `A-${index + 1}`,
        angka_antrean: index + 1,
        ...entry,
    }));
}

/** Open the board with these queue entries. */
export function mountBoard(entries, params = {}) {
    defineEntries(entries);
    return mountView({ resModel: "antrean.antrean", type: "kanban", ...params });
}

/** Wait until the open board hears what happens on the server. */
export async function boardIsLive() {
    const bus = getService("bus_service");
    await waitUntil(() => bus.workerState === WORKER_STATE.CONNECTED, { timeout: 2000 });
    await waitForChannels([CHANNEL]);
}

/** Change a queue entry on the server; nobody is told. */
export function write(id, values) {
    MockServer.env["antrean.antrean"].write([id], values);
}

/** Let the server say something to the board, and wait until it is heard. */
export async function send(type, payload = {}) {
    const bus = getService("bus_service");
    const heard = new Deferred();
    const onHeard = () => heard.resolve();
    bus.subscribe(type, onHeard);
    MockServer.env["bus.bus"]._sendone(CHANNEL, type, payload);
    await heard;
    bus.unsubscribe(type, onHeard);
}

/** Let the server say that these entries changed. */
export function tell(...antrean_ids) {
    return send("antrean_bpjs.board", { antrean_ids });
}

/** Let time pass, and what it brought be drawn. */
export async function settle(ms = 1000) {
    await advanceTime(ms);
    await animationFrame();
}
