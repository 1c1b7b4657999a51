import logging

from odoo import models

from ...bpjs.outcome import UNKNOWN
from ...database import now
from ...jobs import Problem
from ...words import NO_REQUEST, WORKER_ENDED, in_words
from .bpjs_job import BROKEN, INCOMPLETE, OUTDATED

_logger = logging.getLogger(__name__)


class BpjsJob(models.Model):
    """Claiming: a worker takes jobs and writes down what it is about to send."""

    _inherit = "bpjs.job"

    def _claim(self, lease):
        """Take due jobs of one service for sending or verifying and write down what is about to be
        sent.

        :param timedelta lease: how long the worker may need
        :returns: the request of each job that is to be sent
        :rtype: dict[BpjsJob, Request]
        """
        at, rivals = now(self.env), self._rivals()
        requests = {
            job: request for job in self if (request := job._next_request(at, rivals.get(job)))
        }
        attempts, jalur = self.env["bpjs.attempt"], self[:1]._service()._via()
        attempts = attempts.create(
            [
                {"job_id": job.id, "jalur": jalur, **attempts._request_vals(requests[job])}
                for job in requests
            ]
        )
        for (job, request), attempt in zip(requests.items(), attempts, strict=True):
            job.write(
                {
                    "state": "sending",
                    "request": request.as_dict(),
                    "attempt_id": attempt.id,
                    "next_try_at": False,
                    "awaits_probe": False,
                    "lease_until": at + lease,
                }
            )
        return requests

    def _next_request(self, at, rivals):
        """Return the request to send or to verify, or None where nothing is to be sent."""
        if self._only_looks():
            return self._last_request()
        if not self._type().is_wanted(self.antrean_id):
            self._cancel()
            return None
        if rivals and not self._is_unknown() and self._give_way(rivals):
            return None
        if self.outcome == OUTDATED:  # it waited for the other to be taken back: it was not
            self._end_outdated()
            return None
        if self._is_day_over(at):
            self._give_up(self.attempt_count)
            return None
        if self._is_unknown():
            return self._last_request()
        request, problem = self._prepare()
        if problem:
            vals = {"outcome": INCOMPLETE, "reason": problem.reason, "message": problem.text}
            self._finish("failed", **vals)
        return request

    def _prepare(self):
        """Return the request for the entry as it is now, or None and the problem it has."""
        job = self._for_staff()
        try:
            if problems := job._type().problems(job.antrean_id):
                return None, problems[0]
            return job._type().request(job.antrean_id), None
        except Exception:  # one odd entry must not hold up the others
            _logger.exception("BPJS job %s: the request could not be made", self.id)
            text = in_words(job.env, NO_REQUEST, job=self.id)
            return None, Problem(NO_REQUEST, text, job.antrean_id)

    def _fail_broken(self):
        """End a job that our own system stumbles over, before it holds up others."""
        outcome = UNKNOWN if self._is_unknown() else BROKEN
        self._finish("failed", **self._own_vals(outcome, NO_REQUEST, job=self.id))

    def _expire_leases(self):
        """Where a worker ended without a result, find out whether its request arrived."""
        for job in self:
            job.attempt_id.write(job._own_vals(UNKNOWN, WORKER_ENDED))
            if not job._only_looks():
                job.sent_at = job.lease_until  # at the latest
        once_more = self.filtered(lambda job: job.outcome == UNKNOWN)
        self._release(state="unknown", outcome=UNKNOWN, next_try_at=self.env.cr.now())
        for job in once_more:  # what ends each worker must not do so for ever
            job.attempt_count += 1
            if job._is_used_up(job.attempt_count, now(self.env)):
                job._give_up(job.attempt_count)
