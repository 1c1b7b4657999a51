from odoo import api, fields, models
from odoo.tools import SQL

from ...bpjs.masking import masked

HEADERS = ("x-username", "x-password", "x-token")


class MobileJknPanggilan(models.Model):
    """One call of BPJS: what it asked and what it was answered, without long numbers."""

    _name = "mobile.jkn.panggilan"
    _description = "Call of Mobile JKN"
    _inherit = ["antrean.rahasia"]
    _order = "id desc"
    _rec_name = "path"
    _log_access = False

    company_id = fields.Many2one("res.company", "Clinic", readonly=True, ondelete="cascade")
    waktu = fields.Datetime("At", readonly=True)
    method = fields.Char(readonly=True)
    path = fields.Char(readonly=True)
    headers = fields.Char(readonly=True, help="Which of those that BPJS sends have arrived.")
    body = fields.Text("Data", readonly=True)
    kode = fields.Integer("Code", readonly=True, aggregator=None)
    pesan = fields.Char("Answer", readonly=True)
    milidetik = fields.Integer("Duration (ms)", readonly=True, aggregator="avg")

    _waktu = models.Index("(company_id, waktu)")

    @api.model
    def _note(self, company_id, method, path, headers, body, kode, pesan, milidetik):
        """Keep a call. No call waits until the disk has it: it is no loss where the server dies."""
        self.env.cr.execute(
            SQL(
                "SET LOCAL synchronous_commit TO off;"
                " INSERT INTO mobile_jkn_panggilan"
                " (company_id, waktu, method, path, headers, body, kode, pesan, milidetik)"
                " VALUES (%s, now() AT TIME ZONE 'UTC', %s, %s, %s, %s, %s, %s, %s)",
                company_id,
                method[:10],
                _kept(path),
                ", ".join(name for name in HEADERS if headers.get(name)),
                _kept(body) or None,
                kode,
                pesan,
                milidetik,
            )
        )

    @api.autovacuum
    def _gc_panggilan(self):
        """Remove what is older than its facility keeps."""
        return self.env["bpjs.faskes"]._remove_old(self, "waktu")


def _kept(text):
    """Return what may be kept of a text, and be stored at all."""
    return masked(text.replace("\0", "").encode(errors="replace").decode())
