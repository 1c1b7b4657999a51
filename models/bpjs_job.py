import logging
from datetime import timedelta

from odoo import api, fields, models

from ..bpjs.outcome import (
    DUPLICATE,
    LEARNED,
    PATIENT,
    REJECTED,
    SUCCESS,
    UNKNOWN,
    UNSENT,
    Outcome,
)
from ..bpjs.request import Request
from ..jobs import JOB_TYPES, Problem
from ..words import GIVEN_UP, GIVEN_UP_UNDO, NO_REQUEST, WORKER_ENDED, in_words, told
from .bpjs_layanan import seconds_from_now

_logger = logging.getLogger(__name__)

STATES = [
    ("pending", "Pending"),
    ("sending", "Sending"),
    ("unknown", "Unknown"),
    ("success", "Success"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
STATUS = {
    "pending": "processing",
    "sending": "processing",
    "unknown": "processing",
    "success": "ok",
    "failed": "gagal",
    "cancelled": "na",
}
WORST_FIRST = ("gagal", "processing", "ok", "na")

ENDED = ("success", "failed", "cancelled")
WAITING = [("state", "=", "pending"), ("next_try_at", "=", False)]

INCOMPLETE = "incomplete"  # outcome of a job that our own data does not suffice for

NOTHING_SAID = {"outcome": False, "reason": False, "message": False}
RETRY_SECONDS = (3, 15, 60, 300, 900, 1800)  # after the n-th try that taught nothing


class BpjsJob(models.Model):
    """What one queue entry owes one service of BPJS, and how far that is.

    `next_try_at` is set exactly while there is something to do by itself, `lease_until` exactly
    while a worker has the job in the air. A job with `after_id` waits for that one to end.
    """

    _name = "bpjs.job"
    _description = "BPJS Job"
    _order = "id desc"
    _rec_name = "job_type"

    antrean_id = fields.Many2one(
        "antrean.antrean",
        "Queue Entry",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(related="antrean_id.company_id", store=True, precompute=True)
    job_type = fields.Selection(
        selection=lambda self: [(name, kind.label) for name, kind in JOB_TYPES.items()],
        required=True,
        readonly=True,
    )
    layanan = fields.Char(compute="_compute_layanan", store=True, precompute=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="pending")
    outcome = fields.Char(
        readonly=True, help="What the last try taught: success, rejected, unknown, …"
    )
    message = fields.Char(readonly=True, help="BPJS's own text, or our words for the reason.")
    reason = fields.Char(readonly=True, help="Our own reason, where BPJS's text does not say it.")
    attempt_count = fields.Integer("Tries", readonly=True)
    next_try_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    lease_until = fields.Datetime(readonly=True)
    sent_at = fields.Datetime("Last Sent", readonly=True)
    done_at = fields.Datetime("Arrived", readonly=True)
    request = fields.Json(
        groups=fields.NO_ACCESS, help="The request last sent, to look it up with."
    )
    after_id = fields.Many2one("bpjs.job", readonly=True, index="btree_not_null")
    follower_ids = fields.One2many("bpjs.job", "after_id", "Waiting for It")
    attempt_id = fields.Many2one(
        "bpjs.attempt",
        readonly=True,
        index="btree_not_null",
        help="The attempt holding the lease.",
    )
    attempt_ids = fields.One2many("bpjs.attempt", "job_id", "Attempts")

    _antrean_job_type_uniq = models.Constraint(
        "unique(antrean_id, job_type)", "A queue entry has one job of each type."
    )
    _due = models.Index("(company_id, layanan, next_try_at) WHERE next_try_at IS NOT NULL")
    _not_done = models.Index("(state, company_id) WHERE state NOT IN ('success', 'cancelled')")
    _in_the_air = models.Index("(company_id, layanan, lease_until) WHERE lease_until IS NOT NULL")

    @api.depends("job_type")
    def _compute_layanan(self):
        for job in self:
            job.layanan = JOB_TYPES[job.job_type].layanan

    def _type(self):
        return JOB_TYPES[self.job_type]

    def _layanan(self):
        return self.env["bpjs.layanan"]._of(self.company_id, self.layanan)

    def write(self, vals):
        status = STATUS.get(vals.get("state"))
        changed = self.filtered(lambda job: status and STATUS[job.state] != status)
        result = super().write(vals)
        changed.antrean_id._notify_board()
        return result

    # Claim

    def _claim(self, lease):
        """Take due jobs for sending or verifying and write down what is about to be sent.

        :param timedelta lease: how long the worker may need
        :returns: the request of each job that is to be sent
        :rtype: dict[BpjsJob, Request]
        """
        requests = {job: request for job in self if (request := job._next_request())}
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

    def _next_request(self):
        """Return the request to send or to verify, or None where nothing is to be sent."""
        if not self._only_looks() and not self._type().is_wanted(self.antrean_id):
            self._cancel()
            return None
        if self._is_unknown():
            return self._last_request()
        request, problem = self._prepare()
        if problem:
            vals = {"outcome": INCOMPLETE, "reason": problem.reason, "message": problem.text}
            self._finish("failed", **vals)
        return request

    def _is_unknown(self):
        """Whether a request may have arrived without our knowing: it must be verified first."""
        return self.outcome == UNKNOWN and self._last_request().has_effect

    def _only_looks(self):
        """Whether the next call changes nothing at BPJS: it finds out whether the last one did."""
        return self._is_unknown() and self._type().verify_changes_nothing

    def _may_have_arrived(self):
        return self.state in ("sending", "success") or self._is_unknown()

    def _prepare(self):
        """Return the request for the entry as it is now, or None and the problem it has."""
        job = self.with_context(lang=self.company_id._antrean_lang())
        try:
            if problems := job._type().problems(job.antrean_id):
                return None, problems[0]
            return job._type().request(job.antrean_id), None
        except Exception:  # one odd entry must not hold up the others
            _logger.exception("The request of BPJS job %s could not be made", self.id)
            return None, Problem(NO_REQUEST, in_words(job.env, NO_REQUEST), job.antrean_id)

    def _last_request(self):
        return Request.from_dict(self.request)

    def _expire_leases(self):
        """Where a worker ended without a result, find out whether its request arrived."""
        for job in self:
            job = job.with_context(lang=job.company_id._antrean_lang())
            job.attempt_id.write(job._outcome_vals(Outcome(UNKNOWN, reason=WORKER_ENDED)))
        self.write(
            {
                "state": "unknown",
                "outcome": UNKNOWN,
                "lease_until": False,
                "next_try_at": fields.Datetime.now(),
            }
        )

    # Settle

    def _settle(self, attempt, exchanges, outcome):
        """Keep what a worker brought back.

        Status never goes backwards: a success always counts, any other answer only while the
        attempt still holds the lease.

        :param attempt: the `bpjs.attempt` written at the claim
        :param list[Exchange] exchanges: the HTTP exchanges done for it, in order
        :param Outcome outcome: what they mean for the job
        """
        self.ensure_one()
        attempt._keep(exchanges, outcome)
        if outcome.kind in (SUCCESS, DUPLICATE):
            self._keep_sent(exchanges)
            self._type().apply(self.antrean_id, outcome)
            if self.state != "success":
                vals = {"outcome": outcome.kind, "done_at": fields.Datetime.now()}
                self._finish("success", **NOTHING_SAID | vals)
                self._reopen_followers()
        elif self.attempt_id != attempt or self.state != "sending":
            return
        elif outcome.kind == LEARNED:
            self._type().apply(self.antrean_id, outcome)
            self._wait("pending", outcome)
        elif outcome.scope == "service":
            self._wait("unknown" if self._is_unknown() else "pending", outcome)
        elif outcome.kind == REJECTED:
            self._finish("failed", **self._outcome_vals(outcome))
        elif outcome.kind == PATIENT:
            retry = seconds_from_now(60 * self._layanan().patient_retry_minutes)
            self._finish("failed", **self._outcome_vals(outcome), next_try_at=retry)
        elif outcome.kind == UNSENT and self._is_settled():
            self._wait("pending", outcome)
        else:
            self._wait_unknown(outcome)

    def _outcome_vals(self, outcome):
        """Return the values that keep what an outcome says, in the language of `env`."""
        return {
            "outcome": outcome.kind,
            "reason": outcome.reason or False,
            "message": told(self.env, outcome),
        }

    def _keep_sent(self, exchanges):
        """What BPJS has is what this attempt sent, whatever was claimed since."""
        sent = [exchange.request for exchange in exchanges if exchange.request.has_effect]
        if sent:
            self.request = sent[-1].as_dict()

    def _is_settled(self):
        """Whether BPJS had time to finish what it may have been doing when we lost its answer."""
        return not self._is_unknown() or fields.Datetime.now() >= self._settled_at()

    def _settled_at(self):
        return self.sent_at + timedelta(seconds=self._layanan().settling_seconds)

    def _wait(self, state, outcome):
        """Put the job back in line; this costs it no try."""
        vals = self._outcome_vals(outcome)
        if state == "unknown":
            vals["outcome"] = UNKNOWN
        self._release(state=state, next_try_at=fields.Datetime.now(), **vals)

    def _wait_unknown(self, outcome):
        layanan, tries = self._layanan(), self.attempt_count + 1
        give_up_at = self.create_date + timedelta(days=layanan.max_age_days)
        if tries >= layanan.max_attempts or fields.Datetime.now() > give_up_at:
            return self._finish("failed", attempt_count=tries, **self._given_up_vals(tries))
        pause = RETRY_SECONDS[min(tries, len(RETRY_SECONDS)) - 1]
        vals = self._outcome_vals(outcome) | {"outcome": UNKNOWN}
        retry = seconds_from_now(pause)
        self._release(state="unknown", attempt_count=tries, next_try_at=retry, **vals)

    def _given_up_vals(self, tries):
        why = GIVEN_UP_UNDO if self._type().undoes else GIVEN_UP
        message = in_words(self.env, why, label=self._type().label, tries=tries)
        return {"outcome": UNKNOWN, "reason": why, "message": message}

    def _cancel(self):
        """Give up what BPJS is no longer to have; what may be there by now gets time to arrive."""
        for job in self:
            if job._is_unknown() and not job._is_settled():
                job._release(state="unknown", next_try_at=job._settled_at())
            else:
                job._finish("cancelled")

    def _reopen(self):
        """Take up jobs that ended again, with all their tries, and what failed before them.

        What may have arrived is verified first.
        """
        before = self.after_id.filtered(
            lambda job: job.state == "failed" and job.antrean_id in self.antrean_id
        )
        if before:
            before._reopen()
        for job in self:
            job._finish(
                "unknown" if job._is_unknown() else "pending",
                attempt_count=0,
                next_try_at=job._is_free() and fields.Datetime.now(),
            )
        if self:
            self.env["bpjs.engine"]._wake()

    def _send_anew(self):
        """Send what the entry says now; what was sent before gets time to arrive.

        Also what is pending is written: no worker that read the entry before can then claim it.
        """
        at = self.next_try_at
        if self._is_unknown():
            at = max(fields.Datetime.now(), self._settled_at())
        elif self._has_ended():
            at = self._is_free() and fields.Datetime.now()
        self._finish("pending", next_try_at=at, **NOTHING_SAID)

    def _finish(self, state, **vals):
        self._release(state=state, **{"next_try_at": False, **vals})
        if self._has_ended():
            waiting = self.follower_ids.filtered_domain(WAITING)
            waiting.next_try_at = fields.Datetime.now()

    def _release(self, **vals):
        self.write({"lease_until": False, **vals})

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

    # Order

    def _has_ended(self):
        return self.state in ENDED

    def _is_free(self):
        return not self.after_id or self.after_id._has_ended()

    def _reopen_followers(self):
        """Take up what ended before this one had arrived: that has changed what BPJS has."""
        self.follower_ids.filtered(
            lambda job: job._has_ended() and job._type().is_wanted(job.antrean_id)
        )._reopen()

    @api.model
    def _wake_waiting(self):
        """Set free what waits for a job that ended while it was being created."""
        left_behind = self.search([("after_id.state", "in", ENDED), *WAITING])
        left_behind.next_try_at = fields.Datetime.now()

    def _line_up(self, job_type):
        """Have another job done for the entry as soon as this one has ended."""
        return self.create(
            {
                "antrean_id": self.antrean_id.id,
                "job_type": job_type,
                "after_id": self.id,
                "next_try_at": self._has_ended() and fields.Datetime.now(),
            }
        )
