from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ...bpjs.outcome import PATIENT, REJECTED
from .bpjs_job import INCOMPLETE, STATUS


class AntreanAntrean(models.Model):
    """*Resend PCare*: sending at once what BPJS does not have."""

    _inherit = "antrean.antrean"

    can_resend_pcare = fields.Boolean(compute="_compute_bpjs_badges")

    def _can_resend(self, statuses):
        """Tell by the statuses of its badges whether the manual's three conditions hold: BPJS pays,
        it is an outpatient visit, something is missing at BPJS. A cancelled entry is not to be
        there at all, nor one that was imported when it was over.
        """
        # That PCare's number counts beside the badges is the manual's own.
        is_there = statuses == {"ok"} and self.nomor_antrean_pcare not in (False, "", "0")
        return not is_there and statuses != {"na"} and self.state != "batal" and self._is_reported()

    def _being_sent(self):
        """Return what to raise where a worker has one of the entry's jobs in its hands."""
        return LockError(
            self.env._(
                "Queue %s is being sent to BPJS right now. Wait until its badges have changed.",
                self.nomor_antrean,
            )
        )

    def _resend_pcare(self):
        """Send at once what BPJS does not have of this entry, in transactions of its own.

        :returns: {"status": "success", "failed" (BPJS refused), "incomplete" (our data does not
            suffice) or "error", "message": str, "jobs": {job_type: {status, message}},
            "nomor_antrean_pcare": str or False}
        :rtype: dict
        :raises UserError: there is nothing to resend
        :raises LockError: it is being sent right now
        """
        self.ensure_one()
        if not self.can_resend_pcare:
            raise UserError(
                self.env._(
                    "There is nothing to resend for queue %s: only an outpatient BPJS visit that "
                    "BPJS does not have yet can be resent.",
                    self.nomor_antrean,
                )
            )
        with self.env.registry.cursor() as cr:
            entry = self.with_env(self.env(cr=cr, su=True))
            entry.env["bpjs.engine"]._send_now(entry)
            return entry._resend_result()

    def _resend_result(self):
        self.invalidate_recordset()
        jobs = self.job_ids.filtered(lambda job: job._type().registers)
        left = jobs.filtered(lambda job: job.state != "success")
        answered = left.filtered(lambda job: job.outcome in (REJECTED, PATIENT) and not job.reason)
        if not left:
            status = "success"
        elif answered:
            status, left = "failed", answered
        elif {INCOMPLETE, REJECTED} & set(left.mapped("outcome")):
            status = "incomplete"
        else:
            status = "error"
        return {
            "status": status,
            "message": "; ".join(dict.fromkeys(filter(None, left.mapped("message")))),
            "jobs": {
                job.job_type: {"status": STATUS[job.state], "message": job.message or ""}
                for job in jobs
            },
            "nomor_antrean_pcare": self.nomor_antrean_pcare,
        }
