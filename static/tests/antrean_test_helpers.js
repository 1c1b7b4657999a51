import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

const STATUSES = [
    ["processing", "processing"],
    ["ok", "OK"],
    ["gagal", "Failed"],
    ["na", "N/A"],
];

export class AntreanAntrean extends models.Model {
    _name = "antrean.antrean";
    _rec_name = "nomor_antrean";

    nomor_antrean = fields.Char();
    state = fields.Selection({
        selection: [
            ["menunggu", "Waiting"],
            ["dipanggil", "Called"],
            ["diterima", "Accepted"],
        ],
        default: "menunggu",
    });
    nomor_antrean_pcare = fields.Char();
    status_pendaftaran_pcare = fields.Selection({ selection: STATUSES });
    error_pendaftaran_pcare = fields.Char();
    status_tambah_antrean_fktp = fields.Selection({ selection: STATUSES });
    error_tambah_antrean_fktp = fields.Char();

    _views = {
        kanban: /* xml */ `
            <kanban js_class="antrean_board" class="o_antrean_board" default_group_by="state">
                <field name="state" />
                <field name="error_pendaftaran_pcare" />
                <field name="error_tambah_antrean_fktp" />
                <templates>
                    <t t-name="card">
                        <field name="nomor_antrean" />
                        <field name="nomor_antrean_pcare" widget="antrean_pcare_badge" />
                        <field
                            name="status_pendaftaran_pcare"
                            widget="antrean_job_badge"
                            options="{'letter': 'P', 'error_field': 'error_pendaftaran_pcare'}"
                        />
                        <field
                            name="status_tambah_antrean_fktp"
                            widget="antrean_job_badge"
                            options="{'letter': 'A', 'error_field': 'error_tambah_antrean_fktp'}"
                        />
                    </t>
                </templates>
            </kanban>`,
    };
}

export class BpjsLayanan extends models.Model {
    _name = "bpjs.layanan";
}

export function defineAntreanModels() {
    defineMailModels();
    defineModels([AntreanAntrean, BpjsLayanan]);
    onRpc("bpjs.layanan", "get_trouble", () => []);
}

/** Open the board with these queue entries on the server; their ids count from 1. */
export function mountBoard(entries, params = {}) {
    AntreanAntrean._records = entries.map((entry, index) => ({ id: index + 1, ...entry }));
    return mountView({ resModel: "antrean.antrean", type: "kanban", ...params });
}
