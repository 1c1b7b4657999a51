import logging

from odoo import fields, models

from ...bpjs.outcome import UNKNOWN
from .bpjs_job import BROKEN, INCOMPLETE, OUTDATED

_logger = logging.getLogger(__name__)


class BpjsJob(models.Model):
    """Claiming: a worker takes jobs and writes down what it is about to send."""

    _inherit = "bpjs.job"

    def _claim(self, lease):
        """Take due jobs for sending or verifying and write down what is about to be sent.

        :param timedelta lease: how long the worker may need
        :returns: the request of each job that is to be sent
        :rtype: dict[BpjsJob, Request]
        """
        rivals = self._rivals()
        requests = {job: request for job in self if (request := job._next_request(rivals.get(job)))}
        attempts = self.env["bpjs.attempt"]
        attempts = attempts.create(
            [{"job_id": job.id, **attempts._request_vals(requests[job])} for job in requests]
        )
        now = fields.Datetime.now()
        for (job, request), attempt in zip(requests.items(), attempts, strict=True):
            job.write(
                {
                    "state": "sending",
                    "request": request.as_dict(),
                    "sent_at": job.sent_at if job._only_looks() else now,
                    "attempt_id": attempt.id,
                    "next_try_at": False,
                    "lease_until": now + lease,
                }
            )
        return requests

    def _next_request(self, rivals):
        """Return the request to send or to verify, or None where nothing is to be sent."""
        if not self._only_looks() and not self._type().is_wanted(self.antrean_id):
            self._cancel()
            return None
        if rivals and not self._is_unknown() and self._give_way(rivals):
            return None
        if self.outcome == OUTDATED:  # it waited for the other to be taken back: it was not
            self._finish("failed", OUTDATED, self._undo_job().message or self.message)
            return None
        request, missing = (self._last_request(), "") if self._is_unknown() else self._prepare()
        if missing:
            self._finish("failed", INCOMPLETE, missing)
            return None
        return request

    def _prepare(self):
        """Return the request for the entry as it is now, or None, and what is missing for it."""
        job = self.with_context(lang=self.company_id._antrean_lang())
        try:
            if problems := job._type().problems(job.antrean_id):
                return None, problems[0].text
            return job._type().request(job.antrean_id), ""
        except Exception:  # one odd entry must not hold up the others
            _logger.exception("BPJS job %s: the request could not be made", self.id)
            return None, self._broken_message()

    def _fail_broken(self):
        """End a job that our own system stumbles over, before it holds up others."""
        outcome = UNKNOWN if self._is_unknown() else BROKEN
        self._finish("failed", outcome, self._broken_message())

    def _broken_message(self):
        env = self.with_context(lang=self.company_id._antrean_lang()).env
        return env._(
            "The request could not be made. Tell an administrator: Odoo's log says why, at "
            "“BPJS job %s”.",
            self.id,
        )

    def _expire_leases(self):
        """Where a worker ended without a result, find out whether its request arrived."""
        for job in self:
            job.attempt_id.write(
                {"outcome": UNKNOWN, "message": "The worker ended without a result"}
            )
        self.write(
            {
                "state": "unknown",
                "outcome": UNKNOWN,
                "lease_until": False,
                "next_try_at": fields.Datetime.now(),
            }
        )
