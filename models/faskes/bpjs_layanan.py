import random
from datetime import timedelta
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...bpjs.client import Client, Credentials
from ...bpjs.connection import host_and_port
from ...bpjs.outcome import MISCONFIGURED
from ...bpjs.services import SERVICES
from ...words import told

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


def service_selection(_model):
    """The services by code and name, for selection fields."""
    return [(service.code, service.label) for service in SERVICES.values()]


def stripped(vals):
    """Return the values without the blanks that were pasted along with a text."""
    return {
        name: value.strip() or False if isinstance(value, str) else value
        for name, value in vals.items()
    }


def seconds_from_now(seconds):
    """Return the time that many seconds from now, give or take a fifth, so that crowds disperse."""
    return fields.Datetime.now() + timedelta(seconds=seconds * random.uniform(0.8, 1.2))


class BpjsLayanan(models.Model):
    """One service of BPJS as one facility uses it: where it is, how to call it, how it is."""

    _name = "bpjs.layanan"
    _description = "BPJS Service"
    _inherit = ["antrean.tetap"]
    _order = "company_id, id"  # a facility gets them in the order of screens
    _rec_name = "kode"
    _tetap = "faskes_id"

    faskes_id = fields.Many2one("bpjs.faskes", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="faskes_id.company_id", store=True, precompute=True)
    kode = fields.Selection(service_selection, "Service", required=True, readonly=True)
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
    max_attempts = fields.Integer(
        "Tries at Most",
        default=12,
        required=True,
        help="After so many tries without an answer it is left to staff to resend a visit.",
    )
    max_age_days = fields.Integer(
        "Try for (days)",
        default=3,
        required=True,
        help="After this time without an answer it is left to staff to resend a visit.",
    )
    patient_retry_minutes = fields.Integer(
        "Screening Retry (min)",
        default=30,
        required=True,
        help="How often a visit is tried again by itself while BPJS waits for the patient to fill "
        "in the screening form.",
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
        "CHECK(connect_timeout > 0 AND connect_timeout <= 60"
        " AND read_timeout > 0 AND read_timeout <= 60)",
        "Time-outs must be above 0 and at most 60 seconds.",
    )
    _concurrency = models.Constraint(
        "CHECK(concurrency BETWEEN 1 AND 64)", "Calls at once must be between 1 and 64."
    )
    _settling_seconds = models.Constraint(
        "CHECK(settling_seconds BETWEEN 0 AND 3600)",
        "The settling time must be between 0 and 3600 seconds.",
    )
    _max_attempts = models.Constraint(
        "CHECK(max_attempts BETWEEN 1 AND 100)", "Tries at most must be between 1 and 100."
    )
    _max_age_days = models.Constraint(
        "CHECK(max_age_days BETWEEN 1 AND 30)", "A visit can be tried for 1 to 30 days."
    )
    _patient_retry_minutes = models.Constraint(
        "CHECK(patient_retry_minutes BETWEEN 5 AND 1440)",
        "The screening retry must be between 5 and 1440 minutes.",
    )
    _next_probe = models.Index("(next_probe_at) WHERE next_probe_at IS NOT NULL")

    @api.depends("kode")
    def _compute_defaults(self):
        for layanan in self:
            service = SERVICES.get(layanan.kode)
            layanan.base_url = layanan.base_url or service and service.addresses["production"]
            layanan.content_type = layanan.content_type or service and service.content_type

    @api.constrains("base_url")
    def _check_base_url(self):
        for layanan in self:
            try:
                host_and_port(layanan.base_url or "")
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "“%(address)s” is no address at which %(service)s can be called. Write it "
                        "as BPJS gave it, such as %(example)s, or choose an environment.",
                        address=layanan.base_url,
                        service=SERVICES[layanan.kode].label,
                        example=SERVICES[layanan.kode].addresses["production"],
                    )
                ) from None

    def _in_use(self):
        return self

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([stripped(vals) for vals in vals_list])

    def write(self, vals):
        result = super().write(stripped(vals))
        if not CONNECTION.isdisjoint(vals):
            self._probe_now()
        return result

    @api.model
    def _of(self, company, kode):
        return self.search([("company_id", "=", company.id), ("kode", "=", kode)])

    def _obstacle(self, company):
        """Return in words why nothing of a company goes to this service of it at all, or ""."""
        if self:
            return ""
        return self.env._(
            "BPJS is not set up for %s yet. An administrator enters its account under "
            "Configuration > BPJS Facility.",
            company.name,
        )

    # Calling it

    def _client(self):
        """Return the client for these settings, shared by all threads of this process."""
        return _shared_client(**self._client_settings())

    def _new_client(self, longest):
        """Return a client without a connection yet; no time-out of it is above `longest` s."""
        settings = self._client_settings()
        timeouts = {name: min(self[name], longest) for name in ("connect_timeout", "read_timeout")}
        return Client(**settings | timeouts)

    def _client_settings(self):
        self.ensure_one()
        layanan, faskes = self.sudo(), self.sudo().faskes_id
        return {
            "service": self.kode,
            "base_url": self.base_url,
            "credentials": Credentials(
                cons_id=faskes.cons_id,
                secret=faskes.secret,
                user_key=layanan.user_key or "",
                username=faskes.username or "",
                password=faskes.password or "",
                kd_aplikasi=faskes.kd_aplikasi,
            ),
            "content_type": self.content_type,
            "connect_timeout": self.connect_timeout,
            "read_timeout": self.read_timeout,
            "ca_bundle": self.ca_bundle or None,
            "pool_size": self.concurrency,
        }

    def _probe_request(self):
        """Return a harmless GET that shows whether the service works with these settings."""
        return SERVICES[self.kode].probe(self.company_id._antrean_today())

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
        message = told(self.with_context(lang=self.company_id._antrean_lang()).env, outcome)
        step = min(self.failures, len(PROBE_SECONDS) - 1) if self.down_since else 0
        pause = PROBE_SECONDS_MISCONFIGURED if misconfigured else PROBE_SECONDS[step]
        news = not self.down_since
        self.write(
            {
                "down_since": self.down_since or fields.Datetime.now(),
                "down_kind": "misconfigured" if misconfigured else "outage",
                "down_message": message,
                "next_probe_at": seconds_from_now(pause),
                "failures": step + 1,
            }
        )
        if misconfigured:
            self.faskes_id._tell_admins(SERVICES[self.kode].label, message)
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
        self.env["bpjs.engine"]._wake()
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
            scheduled actions do not run; of kind "not_set_up" and "copied", without times, the
            name of each company without an account and with that of another database
        :rtype: list[dict]
        """
        services = self.search([("company_id", "in", self.env.companies.ids)])
        by_company = services.grouped("company_id")
        trouble = []
        for company in self.env.companies:
            trouble += by_company.get(company, self.browse())._trouble(company)
        stalled_since = self.env["bpjs.engine"]._stalled_since()
        if stalled_since and (waiting := services._count_waiting()):
            trouble.append(_as_trouble("Odoo", "stalled", waiting, since=stalled_since))
        return trouble

    def _trouble(self, company):
        """Return, as `get_trouble`, what is the matter with a company's services."""
        if not self:
            waiting = self._count_jobs(company, SERVICES)
            return [_as_trouble(company.name, "not_set_up", waiting)] if waiting else []
        if self._is_copy():
            return [_as_trouble(company.name, "copied", self._count_waiting())]
        return [
            _as_trouble(
                SERVICES[layanan.kode].label,
                layanan.down_kind,
                layanan._count_waiting(),
                since=layanan.down_since,
                next_probe_at=layanan.next_probe_at,
            )
            for layanan in self.filtered("down_since")
        ]

    def _count_waiting(self):
        return self._count_jobs(self.company_id, self.mapped("kode"))

    @api.model
    def _count_jobs(self, companies, services):
        """Return how many jobs of these companies wait to be sent to these services."""
        return self.env["bpjs.job"].search_count(
            [
                ("company_id", "in", companies.ids),
                ("layanan", "in", list(services)),
                ("state", "in", ("pending", "sending", "unknown")),
            ]
        )

    def _notify_board(self):
        for company in self.company_id:
            self.env["bus.bus"]._sendone((company, "ANTREAN"), "antrean_bpjs.layanan", {})


@lru_cache(maxsize=64)
def _shared_client(**settings):
    return Client(**settings)


def _as_trouble(name, kind, waiting, since=False, next_probe_at=False):
    return {
        "name": name,
        "kind": kind,
        "since": fields.Datetime.to_string(since),
        "next_probe_at": fields.Datetime.to_string(next_probe_at),
        "waiting": waiting,
    }
