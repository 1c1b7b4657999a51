from odoo import api, fields, models

from ...bpjs.outcome import DUPLICATE, UNKNOWN
from ...bpjs.request import Request
from ...database import now
from ...jobs import JOB_TYPES
from ...words import in_words, told

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
STATUSES = [("processing", "processing"), ("ok", "OK"), ("gagal", "Failed"), ("na", "N/A")]
WORST_FIRST = ("gagal", "processing", "ok", "na")

ENDED = ("success", "failed", "cancelled")
WAITING = [("state", "=", "pending"), ("next_try_at", "=", False), ("awaits_probe", "=", False)]

# Outcomes that are not BPJS's.
INCOMPLETE = "incomplete"  # our own data does not suffice
BROKEN = "broken"  # our own system cannot make anything of it
OUTDATED = "outdated"  # BPJS was told something else than the entry says now

NOTHING_SAID = {"outcome": False, "reason": False, "message": False}


class BpjsJob(models.Model):
    """What one queue entry owes one service of BPJS, and how far that is.

    `next_try_at` is set exactly while there is something to do by itself, `lease_until` exactly
    while a worker has the job in the air, `awaits_probe` while a probe is to tell whose trouble it
    met. A job with `after_id` waits for that one to end.
    """

    _name = "bpjs.job"
    _description = "BPJS Job"
    _inherit = ["antrean.rahasia"]
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
    attempt_count = fields.Integer("Tries Since Taken Up", readonly=True)
    next_try_at = fields.Datetime(readonly=True, default=lambda self: self.env.cr.now())
    lease_until = fields.Datetime(readonly=True)
    awaits_probe = fields.Boolean(readonly=True)
    restarted_at = fields.Datetime(
        "Taken Up Anew at", readonly=True, help="Its tries and its age count from then."
    )
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
    attempts_made = fields.Integer(
        "Tries Made", compute="_compute_attempts_made", compute_sudo=True
    )
    status = fields.Selection(STATUSES, compute="_compute_status", help="As the badge says it.")

    _antrean_job_type_uniq = models.Constraint(
        "unique(antrean_id, job_type)", "A queue entry has one job of each type."
    )
    _due = models.Index("(company_id, layanan, next_try_at) WHERE next_try_at IS NOT NULL")
    _not_done = models.Index("(state, company_id) WHERE state NOT IN ('success', 'cancelled')")
    _awaiting = models.Index("(company_id, layanan) WHERE awaits_probe")
    _in_the_air = models.Index("(company_id, layanan, lease_until) WHERE lease_until IS NOT NULL")

    @api.depends("attempt_ids")
    def _compute_attempts_made(self):
        groups = self.env["bpjs.attempt"]._read_group(
            [("job_id", "in", self.ids)], ["job_id"], ["__count"]
        )
        made = {job.id: count for job, count in groups}
        for job in self:
            job.attempts_made = made.get(job.id, 0)

    @api.depends("state")
    def _compute_status(self):
        for job in self:
            job.status = STATUS[job.state]

    @api.depends("job_type")
    def _compute_layanan(self):
        for job in self:
            job.layanan = JOB_TYPES[job.job_type].layanan

    def _type(self):
        return JOB_TYPES[self.job_type]

    def _service(self):
        return self.env["bpjs.layanan"]._of(self.company_id, self.layanan)

    def _for_staff(self):
        """Return the job in the language of its company's staff."""
        return self.with_context(lang=self.company_id._antrean_lang())

    def write(self, vals):
        status = STATUS.get(vals.get("state"))
        changed = self.filtered(lambda job: status and STATUS.get(job.state) != status)
        result = super().write(vals)
        changed.antrean_id._notify_board()
        return result

    # What is known of it

    def _is_unknown(self):
        """Whether a request may have arrived without our knowing: it must be verified first."""
        return self.outcome == UNKNOWN and not self._is_lookup()

    def _is_lookup(self):
        """Whether the last request changed nothing at BPJS; one that cannot be read may have."""
        return isinstance(self.request, dict) and self.request.get("method") == "GET"

    def _only_looks(self):
        """Whether the next call changes nothing at BPJS: it finds out whether the last one did."""
        return self._is_unknown() and self._type().verify_changes_nothing

    def _may_have_arrived(self):
        is_outdated = self.outcome == OUTDATED and self.state != "cancelled"
        return self.state in ("sending", "success") or is_outdated or self._is_unknown()

    def _last_request(self):
        return Request.from_dict(self.request)

    def _note(self):
        """Return what staff should know of it that is no message of BPJS, or ""."""
        if self.outcome == DUPLICATE:
            return self._type().adopted(self.antrean_id)
        return "" if self._has_ended() else self._service()._obstacle(self.company_id)

    def _has_ended(self):
        return self.state in ENDED

    def _is_due(self):
        return bool(self.next_try_at) and self.next_try_at <= now(self.env)

    def _is_free(self):
        return not self.after_id or self.after_id._has_ended()

    # What it says, and how it ends or waits

    def _outcome_vals(self, outcome):
        """Return the values that keep what an outcome says, in the language of `env`."""
        return {
            "outcome": outcome.kind,
            "reason": outcome.reason or False,
            "message": told(self.env, outcome),
        }

    def _own_vals(self, outcome, reason, **values):
        """Return the values that keep what we say ourselves, in the clinic's language."""
        message = in_words(self._for_staff().env, reason, **values)
        return {"outcome": outcome, "reason": reason, "message": message}

    def _finish(self, state, **vals):
        self._release(state=state, **{"next_try_at": False, **vals})
        if self._has_ended():
            waiting = self.follower_ids.filtered_domain(WAITING)
            waiting.next_try_at = self.env.cr.now()

    def _release(self, **vals):
        self.write({"lease_until": False, "awaits_probe": False, **vals})
