from functools import lru_cache

from odoo import api, fields, models

from ..bpjs import antrean, pcare
from ..bpjs.client import Client, Credentials
from ..bpjs.outcome import MISCONFIGURED
from ..bpjs.request import ANTREAN, PCARE
from ..tools import seconds_from_now

LAYANAN = {PCARE: "PCare", ANTREAN: "Antrean FKTP"}
BASE_URL = {
    PCARE: "https://apijkn.bpjs-kesehatan.go.id/pcare-rest",
    ANTREAN: "https://apijkn.bpjs-kesehatan.go.id/antreanfktp",
}
CONTENT_TYPE = {PCARE: "text/plain", ANTREAN: "application/json"}
CONNECTION = {
    "base_url",
    "user_key",
    "content_type",
    "connect_timeout",
    "read_timeout",
    "ca_bundle",
}

FAILURES_UNTIL_DOWN = 3  # sends in a row whose outcome stayed unknown
PROBE_SECONDS = (5, 10, 20, 40, 60)  # between probes, longer each time
PROBE_SECONDS_MISCONFIGURED = 300  # waiting does not mend it; a changed setting probes at once


class BpjsLayanan(models.Model):
    """One service of BPJS as one facility uses it: where it is, how to call it, how it is."""

    _name = "bpjs.layanan"
    _description = "BPJS Service"
    _order = "company_id, kode"
    _rec_name = "kode"

    faskes_id = fields.Many2one("bpjs.faskes", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="faskes_id.company_id", store=True, precompute=True)
    kode = fields.Selection(list(LAYANAN.items()), "Service", required=True, readonly=True)
    base_url = fields.Char(
        "Address",
        required=True,
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
    )
    content_type = fields.Char(
        required=True, compute="_compute_defaults", store=True, readonly=False, precompute=True
    )
    user_key = fields.Char(copy=False, groups="antrean_bpjs.group_antrean_admin")
    connect_timeout = fields.Float("Connect Time-out (s)", default=5, required=True)
    read_timeout = fields.Float("Read Time-out (s)", default=20, required=True)
    ca_bundle = fields.Char("CA Bundle", help="Path of a file with the certificates to trust.")
    concurrency = fields.Integer("Calls at Once", default=4, required=True)
    settling_seconds = fields.Integer(
        "Settling Time (s)",
        default=60,
        required=True,
        help="How long after a lost answer BPJS may still be working on it: only when the visit is "
        "not in BPJS's list after this time is it sent again.",
    )

    down_since = fields.Datetime(readonly=True)
    down_kind = fields.Selection(
        [("outage", "Unreachable"), ("misconfigured", "Settings refused")], readonly=True
    )
    down_message = fields.Char(readonly=True)
    next_probe_at = fields.Datetime(readonly=True)
    failures = fields.Integer(readonly=True)

    _kode_uniq = models.Constraint("unique(faskes_id, kode)", "A facility has each service once.")
    _timeouts = models.Constraint(
        "CHECK(connect_timeout > 0 AND read_timeout > 0)", "Time-outs must be above 0 seconds."
    )
    _concurrency = models.Constraint(
        "CHECK(concurrency BETWEEN 1 AND 64)", "Calls at once must be between 1 and 64."
    )
    _next_probe = models.Index("(next_probe_at) WHERE next_probe_at IS NOT NULL")

    @api.depends("kode")
    def _compute_defaults(self):
        for layanan in self:
            layanan.base_url = layanan.base_url or BASE_URL.get(layanan.kode)
            layanan.content_type = layanan.content_type or CONTENT_TYPE.get(layanan.kode)

    def write(self, vals):
        result = super().write(vals)
        if not CONNECTION.isdisjoint(vals):
            self._probe_now()
        return result

    @api.model
    def _of(self, company, kode):
        return self.search([("company_id", "=", company.id), ("kode", "=", kode)])

    @api.model
    def _not_set_up(self, company):
        return self.env._(
            "BPJS is not set up for %s yet. An administrator enters its account under "
            "Configuration > BPJS Facility.",
            company.name,
        )

    # Calling it

    def _client(self):
        """Return the client for these settings, shared by all threads of this process."""
        self.ensure_one()
        layanan, faskes = self.sudo(), self.sudo().faskes_id
        credentials = Credentials(
            cons_id=faskes.cons_id,
            secret=faskes.secret,
            user_key=layanan.user_key or "",
            username=faskes.username or "",
            password=faskes.password or "",
            kd_aplikasi=faskes.kd_aplikasi,
        )
        return _client(
            self.kode,
            self.base_url,
            credentials,
            content_type=self.content_type,
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            ca_bundle=self.ca_bundle or None,
            pool_size=self.concurrency,
        )

    def _probe_request(self):
        """Return a harmless GET that shows whether the service works with these settings."""
        if self.kode == PCARE:
            return pcare.kesadaran()
        return antrean.ref_poli(self.company_id._antrean_today())

    # How it is

    def _note(self, outcome, is_probe):
        """Learn from an outcome how the service is; write only when that changes something.

        Once it is down, only a probe says so anew: calls that were in the air at that moment must
        not put the next probe off.
        """
        if outcome.scope == "service":
            if is_probe or not self.down_since:
                self._mark_down(outcome)
        elif outcome.kind != "unknown":
            self._mark_up()
        elif not self.down_since:
            self.failures += 1
            if self.failures >= FAILURES_UNTIL_DOWN:
                self._mark_down(outcome)

    def _mark_down(self, outcome):
        misconfigured = outcome.kind == MISCONFIGURED
        step = min(self.failures, len(PROBE_SECONDS) - 1) if self.down_since else 0
        pause = PROBE_SECONDS_MISCONFIGURED if misconfigured else PROBE_SECONDS[step]
        news = not self.down_since
        self.write(
            {
                "down_since": self.down_since or fields.Datetime.now(),
                "down_kind": "misconfigured" if misconfigured else "outage",
                "down_message": outcome.message,
                "next_probe_at": seconds_from_now(pause),
                "failures": step + 1,
            }
        )
        if misconfigured:
            self.faskes_id._tell_admins(LAYANAN[self.kode], outcome.message)
        if news:
            self._notify_board()

    def _mark_up(self):
        if self.failures:
            self.failures = 0
        if not self.down_since:
            return
        self.write(
            {"down_since": False, "down_kind": False, "down_message": False, "next_probe_at": False}
        )
        self.faskes_id._close_activities_when_healthy()
        self._notify_board()

    def _probe_now(self):
        """Look at once whether a service that is down works again."""
        down = self.filtered("down_since")
        if down:
            down.next_probe_at = fields.Datetime.now()
            self.env["bpjs.engine"]._wake()

    @api.model
    @api.readonly
    def get_trouble(self):
        """Return why entries of the user's companies wait, for the board's banner.

        :returns: for each service that is down its name and kind (`down_kind`), since and
            next_probe_at (UTC), and how many entries wait; the same of kind "stalled" where Odoo's
            scheduled actions do not run
        :rtype: list[dict]
        """
        services = self.search([("company_id", "in", self.env.companies.ids)])
        trouble = [
            {
                "name": LAYANAN[layanan.kode],
                "kind": layanan.down_kind,
                "since": fields.Datetime.to_string(layanan.down_since),
                "next_probe_at": fields.Datetime.to_string(layanan.next_probe_at),
                "waiting": layanan._count_waiting(),
            }
            for layanan in services.filtered("down_since")
        ]
        stalled_since = self.env["bpjs.engine"]._stalled_since()
        if stalled_since and (waiting := services._count_waiting()):
            trouble.append(
                {
                    "name": "Odoo",
                    "kind": "stalled",
                    "since": fields.Datetime.to_string(stalled_since),
                    "next_probe_at": False,
                    "waiting": waiting,
                }
            )
        return trouble

    def _count_waiting(self):
        return self.env["bpjs.job"].search_count(
            [
                ("company_id", "in", self.company_id.ids),
                ("layanan", "in", self.mapped("kode")),
                ("state", "in", ("pending", "sending", "unknown")),
            ]
        )

    def _notify_board(self):
        for company in self.company_id:
            self.env["bus.bus"]._sendone((company, "ANTREAN"), "antrean_bpjs.layanan", {})


@lru_cache(maxsize=64)
def _client(*args, **kwargs):
    return Client(*args, **kwargs)
