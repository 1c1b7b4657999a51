from odoo import api, fields, models

from ...jobs import undoing
from .bpjs_job import OUTDATED, STATUSES


class AntreanAntrean(models.Model):
    """Taking back what BPJS has of a cancelled queue entry."""

    _inherit = "antrean.antrean"

    status_batal = fields.Selection(STATUSES, "Cancel", compute="_compute_status_batal")

    @api.depends("bpjs_badges", "state")
    def _compute_status_batal(self):
        for entry in self:
            badges = entry._badges() if entry.state == "batal" else []
            entry.status_batal = badges[0]["status"] if badges else False

    def _undo_jobs(self):
        return self.job_ids.filtered(lambda job: job._type().undoes)

    def write(self, vals):
        was_cancelled = self.filtered(lambda entry: entry.state == "batal")
        result = super().write(vals)
        if vals.get("state") == "batal":
            (self - was_cancelled).sudo()._withdraw()
        elif "state" in vals:
            was_cancelled._sync_jobs()
        return result

    def _withdraw(self):
        """Take back what BPJS has or may have of these entries, unless it is another's as well;
        drop what was not sent yet.
        """
        self.job_ids._leave_visit()
        for entry in self:
            for job in entry.job_ids.filtered(lambda job: job.state in ("pending", "failed")):
                if not job._may_have_arrived() and not job._type().is_wanted(entry):
                    job._cancel()
                elif job.state == "failed" and job.outcome != OUTDATED:
                    job._reopen()
            for job in entry.job_ids.filtered(lambda job: job._may_have_arrived()):
                if job._other_holder():
                    job._cancel()
                elif undoing(job.job_type) and not job._is_being_replaced():
                    job._take_back()
        self.env["bpjs.engine"]._wake()

    def action_kirim_ulang_batal(self):
        """Have BPJS asked again to take back what it did not."""
        self.check_access("write")
        self.sudo()._undo_jobs().filtered(lambda job: job.state == "failed")._reopen()
