from odoo import api, models
from odoo.fields import Domain

from ...bpjs.outcome import PATIENT, REJECTED
from .bpjs_job import ENDED, INCOMPLETE, NOTHING_SAID, OUTDATED, WAITING

REFUSED = (REJECTED, PATIENT, INCOMPLETE)  # nothing of it is at BPJS, and only new data helps


class BpjsJob(models.Model):
    """Taking up again what has ended, and starting what waited for another job."""

    _inherit = "bpjs.job"

    def action_resend(self):
        """Send again, in the background, those of these jobs that failed."""
        self.check_access("read")
        failed = self.filtered(
            lambda job: job.state == "failed" and job._type().is_wanted(job.antrean_id)
        )
        failed.sudo()._reopen()
        if failed:
            message = self.env._("Jobs that are sent again now: %s", len(failed))
        else:
            message = self.env._("None of these jobs failed and is still wanted: nothing to resend")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if failed else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _reopen(self):
        """Take up jobs that ended again, with all their tries, and what failed before them.

        What may have arrived is verified first, what was told otherwise is taken back first.
        """
        outdated = self.filtered(lambda job: job.outcome == OUTDATED)
        outdated._replace()
        before = self.after_id.filtered(
            lambda job: job.state == "failed" and job.antrean_id in self.antrean_id
        )
        if before:
            before._reopen()
        for job in self - outdated:
            job._finish(
                "unknown" if job._is_unknown() else "pending",
                **job._all_tries(),
                next_try_at=job._is_free() and self.env.cr.now(),
            )
        if self:
            self.env["bpjs.engine"]._wake()

    def _send_anew(self):
        """Send what the entry says now, with all tries; what was sent before gets time to arrive.

        Also what is pending is written: no worker that read the entry before can then claim it.
        """
        at = self.next_try_at
        if self._is_unknown():
            at = max(self.env.cr.now(), self._bpjs_at_it_until())
        elif self._has_ended() or self.awaits_probe:
            at = self._is_free() and self.env.cr.now()
        vals = NOTHING_SAID | self._all_tries()
        self._finish("pending", next_try_at=at, **vals)

    def _all_tries(self):
        return {"attempt_count": 0, "restarted_at": self.env.cr.now()}

    def _reopen_followers(self):
        """Take up what ended before this one had arrived: that has changed what BPJS has."""
        at = self.env.cr.now()
        self.follower_ids.filtered(
            lambda job: (
                job._has_ended()
                and not job._is_day_over(at)
                and job._type().is_wanted(job.antrean_id)
            )
        )._reopen()

    @api.model
    def _wake_waiting(self):
        """Set free what waits for a job that ended while it was being created."""
        left_behind = self.search([("after_id.state", "in", ENDED), *WAITING])
        left_behind.next_try_at = self.env.cr.now()

    def _line_up(self, job_type):
        """Have another job done for the entry as soon as this one has ended."""
        return self.create(
            {
                "antrean_id": self.antrean_id.id,
                "job_type": job_type,
                "after_id": self.id,
                "next_try_at": self._has_ended() and self.env.cr.now(),
            }
        )

    # What was refused, and would now be another request

    @api.model
    def _reopen_refused(self, domain):
        """Look, among these, for refused jobs that would now send something else."""
        today = self.env["res.company"]._antrean_earliest_today()
        lately = Domain("antrean_id.tanggal", ">=", today)
        self.search(domain & lately & Domain("state", "=", "failed"))._reopen_changed()

    def _reopen_changed(self):
        """Send refused jobs again, by themselves, where they would now send something else."""
        self.filtered(lambda job: job._is_refused() and job._is_changed())._reopen()

    def _is_refused(self):
        """Whether BPJS would take this if only it were right: entries of past days are over."""
        return (
            self.state == "failed"
            and self.outcome in REFUSED
            and self.antrean_id.tanggal >= self.company_id._antrean_today()
            and self._type().is_wanted(self.antrean_id)
        )

    def _is_changed(self):
        request, problem = self._prepare()
        return problem.text != self.message if problem else request.as_dict() != self.request
