from odoo import api, fields, models
from odoo.exceptions import UserError

from ...jobs import registering, undoing
from ..antrean.antrean_ruangan import RAWAT_JALAN


class AntreanAntrean(models.Model):
    """Which jobs a queue entry has: what BPJS is told of it."""

    _name = "antrean.antrean"
    _inherit = ["antrean.antrean", "bpjs.source"]
    _antrean_path = "id"
    _bpjs_answers = frozenset({"nomor_antrean_pcare"})

    job_ids = fields.One2many("bpjs.job", "antrean_id", "BPJS Jobs", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._ensure_jobs()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if "penjamin_id" in vals:
            self._check_payer_change()
            self._ensure_jobs()
        return result

    def _is_reported(self):
        """Whether BPJS is told of this visit: an outpatient visit that BPJS pays."""
        return self.penjamin_id.is_bpjs and self.ruangan_id.jenis_kunjungan == RAWAT_JALAN

    def _check_payer_change(self):
        for entry in self.sudo().filtered(lambda entry: not entry.is_bpjs):
            if any(job._may_have_arrived() for job in entry.job_ids):
                raise UserError(
                    self.env._(
                        "BPJS has queue %s already, or may have it. Cancel the entry, then "
                        "register the patient again with the other payer.",
                        entry.nomor_antrean,
                    )
                )

    def _job(self, job_type):
        return self.job_ids.filtered(lambda job: job.job_type == job_type)

    def _ensure_jobs(self):
        """Give each reported entry its jobs, in the transaction that makes it a reported one."""
        missing = []
        for entry in self.filtered(lambda entry: entry._is_reported()):
            jobs = entry.sudo().job_ids
            jobs.filtered(lambda job: job.state == "cancelled")._reopen()
            known = jobs.mapped("job_type")
            new = [kind.name for kind in registering() if kind.name not in known]
            if new:
                missing += entry._registration_vals(new)
        if missing:
            self.env["bpjs.job"].sudo().create(missing)
            self.env["bpjs.engine"].sudo()._wake()

    def _registration_vals(self, job_types):
        """Register only after an earlier entry of the same visit has been taken back, or that has
        failed; anew when it then succeeds: BPJS knows them by card, poli and day alone.
        """
        undo_of = {job_type: undoing(job_type) for job_type in job_types}
        undo_jobs = (
            self.env["bpjs.job"]
            .sudo()
            .search(
                [
                    ("job_type", "in", [kind.name for kind in undo_of.values() if kind]),
                    ("state", "not in", ("success", "cancelled")),
                    ("antrean_id.pasien_id", "=", self.pasien_id.id),
                    ("antrean_id.tanggal", "=", self.tanggal),
                    ("company_id", "=", self.company_id.id),
                ]
            )
            .grouped("job_type")
        )
        for job_type in job_types:
            kind = undo_of[job_type]
            undo = undo_jobs.get(kind and kind.name, self.env["bpjs.job"])[:1]
            vals = {"antrean_id": self.id, "job_type": job_type, "after_id": undo.id}
            yield vals | {"next_try_at": False} if undo and not undo._has_ended() else vals
