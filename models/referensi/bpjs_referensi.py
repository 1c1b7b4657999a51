from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ..faskes.bpjs_layanan import service_selection

POLI, DOKTER = "poli", "dokter"
JENIS = [(POLI, "Poli"), (DOKTER, "Doctor")]
MODEL = {POLI: "antrean.ruangan", DOKTER: "antrean.dokter"}
KODE = {  # where a room or doctor keeps its code at a service
    (PCARE, POLI): "kd_poli_pcare",
    (ANTREAN, POLI): "kd_poli_antrean",
    (PCARE, DOKTER): "kd_dokter_pcare",
    (ANTREAN, DOKTER): "kd_dokter_antrean",
}
UNSEEN_DAYS = 31  # after which a doctor whom no schedule names is no longer taken for one of BPJS's


class BpjsReferensi(models.Model):
    """One poli or doctor as a service of BPJS knows it. A room or doctor with its code is it."""

    _name = "bpjs.referensi"
    _description = "BPJS Reference"
    _order = "layanan, jenis, kode"
    _rec_name = "nama"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    layanan = fields.Selection(service_selection, "Service", required=True, readonly=True)
    jenis = fields.Selection(JENIS, "Kind", required=True, readonly=True)
    kode = fields.Char("Code", required=True, readonly=True)
    nama = fields.Char("Name at BPJS", readonly=True)
    poli_sakit = fields.Boolean(
        "Sick Visits", readonly=True, default=True, help="PCare has other poli for healthy visits."
    )
    seen_at = fields.Datetime("Last Seen", required=True, readonly=True)

    _kode_uniq = models.Constraint(
        "unique(company_id, layanan, jenis, kode)", "A service has each code once."
    )

    @api.depends("nama", "kode")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.nama} ({row.kode})" if row.nama else row.kode

    @api.model
    def _keep(self, layanan, jenis, rows, is_whole):
        """Make these rows what a service says it has.

        :param list[Referensi] rows: what it says
        :param is_whole: whether what is not among them is no longer there
        """
        company, now = layanan.company_id, fields.Datetime.now()
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("layanan", "=", layanan.kode),
                ("jenis", "=", jenis),
            ]
        ).grouped("kode")
        said = {row.kode: {"nama": row.nama, "poli_sakit": row.poli_sakit} for row in rows}
        if is_whole:
            self.browse(row.id for kode, row in known.items() if kode not in said).unlink()
        seen = self.browse(row.id for kode, row in known.items() if kode in said)
        seen.seen_at = now
        for row in seen.filtered(lambda row: row._said() != said[row.kode]):
            row.write(said[row.kode])
        self.create(
            [
                {
                    "company_id": company.id,
                    "layanan": layanan.kode,
                    "jenis": jenis,
                    "kode": kode,
                    **vals,
                    "seen_at": now,
                }
                for kode, vals in said.items()
                if kode not in known
            ]
        )
        self.env["antrean.ruangan"].invalidate_model(["nama_poli_antrean"])

    def _said(self):
        return {"nama": self.nama or "", "poli_sakit": self.poli_sakit}

    def _take_code(self, record):
        """Give a room or doctor this code."""
        field = record._fields[KODE[self.layanan, self.jenis]]
        record[field.name] = int(self.kode) if field.type == "integer" else self.kode

    @api.autovacuum
    def _gc_unseen(self):
        """Remove doctors whom Antrean FKTP, which names only those of a day, no longer names."""
        oldest = fields.Datetime.now() - timedelta(days=UNSEEN_DAYS)
        self.search([("seen_at", "<", oldest)]).unlink()


class AntreanRuangan(models.Model):
    _inherit = "antrean.ruangan"

    nama_poli_antrean = fields.Char(
        "Name at Antrean FKTP",
        compute="_compute_nama_poli_antrean",
        help="The room's own name, until the poli were fetched from BPJS.",
    )

    @api.depends("name", "kd_poli_antrean", "company_id")
    def _compute_nama_poli_antrean(self):
        rows = self.env["bpjs.referensi"].search_fetch(
            Domain("layanan", "=", ANTREAN)
            & Domain("jenis", "=", POLI)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("kode", "in", self.mapped("kd_poli_antrean"))
        )
        names = {(row.company_id, row.kode): row.nama for row in rows}
        for ruangan in self:
            key = ruangan.company_id, ruangan.kd_poli_antrean
            ruangan.nama_poli_antrean = names.get(key) or ruangan.name


class AntreanAntrean(models.Model):
    _inherit = "antrean.antrean"

    @api.depends("ruangan_id")
    def _compute_kunjungan_sakit(self):
        """Propose a healthy visit where PCare has the room's poli for such."""
        result = super()._compute_kunjungan_sakit()
        rows = self.env["bpjs.referensi"].search_fetch(
            Domain("layanan", "=", PCARE)
            & Domain("jenis", "=", POLI)
            & Domain("poli_sakit", "=", False)
            & Domain("company_id", "in", self.company_id.ids)
        )
        healthy = {(row.company_id, row.kode) for row in rows}
        for entry in self:
            if (entry.company_id, entry.ruangan_id.kd_poli_pcare) in healthy:
                entry.kunjungan_sakit = False
        return result
