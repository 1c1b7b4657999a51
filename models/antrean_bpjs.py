from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .antrean_ruangan import RAWAT_JALAN
from .bpjs_job import STATUS

STATUSES = [("processing", "processing"), ("ok", "OK"), ("gagal", "Failed"), ("na", "N/A")]
REGISTRATION = ("pendaftaran_pcare", "tambah_antrean_fktp")  # born with every reported entry


class AntreanAntrean(models.Model):
    """The BPJS side of a queue entry."""

    _inherit = "antrean.antrean"

    job_ids = fields.One2many("bpjs.job", "antrean_id", "BPJS Jobs", readonly=True)
    nomor_antrean_pcare = fields.Char("PCare Number", readonly=True, copy=False)
    status_pendaftaran_pcare = fields.Selection(STATUSES, "PCare", compute="_compute_bpjs_status")
    error_pendaftaran_pcare = fields.Char(compute="_compute_bpjs_status")
    status_tambah_antrean_fktp = fields.Selection(
        STATUSES, "Antrean FKTP", compute="_compute_bpjs_status"
    )
    error_tambah_antrean_fktp = fields.Char(compute="_compute_bpjs_status")

    @api.depends("job_ids.state", "job_ids.message", "penjamin_id.is_bpjs")
    def _compute_bpjs_status(self):
        """Tell staff in their words how each job is; entries of other payers have no status."""
        for entry in self:
            jobs = {job.job_type: job for job in entry.job_ids} if entry.is_bpjs else {}
            missing = "na" if entry.is_bpjs else False
            for job_type in REGISTRATION:
                job = jobs.get(job_type)
                status = STATUS[job.state] if job else missing
                entry[f"status_{job_type}"] = status
                entry[f"error_{job_type}"] = job.message if status == "gagal" else False

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._ensure_jobs()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if "penjamin_id" in vals:
            self._ensure_jobs()
        if vals.get("state") == "batal":
            self.sudo().job_ids.filtered(lambda job: job.state == "pending")._cancel()
        return result

    def _is_reported(self):
        """Whether BPJS is told of this visit: an outpatient visit that BPJS pays."""
        return self.penjamin_id.is_bpjs and self.ruangan_id.jenis_kunjungan == RAWAT_JALAN

    def _ensure_jobs(self):
        """Give each reported entry its jobs, in the transaction that makes it a reported one."""
        missing = []
        for entry in self.filtered(lambda entry: entry._is_reported()):
            jobs = entry.sudo().job_ids
            jobs.filtered(lambda job: job.state == "cancelled")._reopen()
            missing += [
                {"antrean_id": entry.id, "job_type": job_type}
                for job_type in REGISTRATION
                if job_type not in jobs.mapped("job_type")
            ]
        if missing:
            self.env["bpjs.job"].sudo().create(missing)
            self.env["bpjs.engine"].sudo()._wake()

    @api.constrains("pasien_id", "ruangan_id", "tanggal", "penjamin_id", "state")
    def _check_one_visit(self):
        """BPJS books a member once a poli and day: a second entry would pass for the first."""
        for entry in self.filtered(lambda entry: entry._is_reported() and entry.state != "batal"):
            other = self.search(
                [
                    ("id", "!=", entry.id),
                    ("pasien_id", "=", entry.pasien_id.id),
                    ("ruangan_id", "=", entry.ruangan_id.id),
                    ("tanggal", "=", entry.tanggal),
                    ("penjamin_id.is_bpjs", "=", True),
                    ("state", "!=", "batal"),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(patient)s already has queue %(number)s in %(room)s on this day, and BPJS "
                        "books a member once a day there. Open %(number)s, or cancel it first.",
                        patient=entry.pasien_id.name,
                        number=other.nomor_antrean,
                        room=entry.ruangan_id.name,
                    )
                )
