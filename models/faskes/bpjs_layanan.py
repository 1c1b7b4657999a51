from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ...bpjs import address
from ...bpjs.client import Client, Credentials
from ...bpjs.outcome import MISCONFIGURED, UNKNOWN
from ...bpjs.services import SERVICES
from ...database import lock, seconds_from_now
from ...words import told

_lt = LazyTranslate(__name__)

CONNECTION = {
    "base_url",
    "user_key",
    "content_type",
    "connect_timeout",
    "read_timeout",
    "ca_bundle",
}

TIMEOUTS = _lt("Time-outs must be between 0.1 and 60 seconds.")
LIMITS = {  # lowest, highest, and what is said of anything else
    "connect_timeout": (0.1, 60, TIMEOUTS),
    "read_timeout": (0.1, 60, TIMEOUTS),
    "concurrency": (1, 64, _lt("Calls at once must be between 1 and 64.")),
    "settling_seconds": (0, 3600, _lt("The settling time must be between 0 and 3600 seconds.")),
    "max_attempts": (1, 100, _lt("Tries at most must be between 1 and 100.")),
    "max_age_days": (1, 30, _lt("A visit can be tried for 1 to 30 days.")),
    "patient_retry_minutes": (
        5,
        1440,
        _lt("The screening retry must be between 5 and 1440 minutes."),
    ),
}

PROBE_SECONDS = (5, 10, 20, 40, 60)  # between probes, longer each time
PROBE_SECONDS_MISCONFIGURED = (30, 60, 120, 300)  # a changed setting is probed at once


def service_selection(_model):
    """The services by code and name, for selection fields."""
    return [(service.code, service.label) for service in SERVICES.values()]


def environment(kode, base_url):
    """Return the name of the environment in which a service has this address."""
    addresses = SERVICES[kode].addresses
    return next((name for name, address in addresses.items() if address == base_url), "own")


def stripped(vals):
    """Return the values without the blanks that were pasted along with a text."""
    return {
        name: value.strip() or False if isinstance(value, str) else value
        for name, value in vals.items()
    }


class BpjsLayanan(models.Model):
    """One service of BPJS as one facility uses it: where it is, how to call it, how it is."""

    _name = "bpjs.layanan"
    _description = "BPJS Service"
    _inherit = ["bpjs.rahasia", "antrean.tetap"]
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
    ca_bundle = fields.Char(
        "CA Bundle",
        groups="base.group_system",  # it opens a file of the server
        help="Path of a file on the server with the certificates to trust.",
    )
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
    failures = fields.Integer(readonly=True, help="Probes in a row that failed.")

    _next_probe = models.Index("(next_probe_at) WHERE next_probe_at IS NOT NULL")

    @api.depends("kode")
    def _compute_defaults(self):
        for layanan in self:
            service = SERVICES.get(layanan.kode)
            layanan.base_url = layanan.base_url or service and service.addresses["production"]
            layanan.content_type = layanan.content_type or service and service.content_type

    @api.constrains("faskes_id", "kode")
    def _check_kode_uniq(self):
        if self._has_double("faskes_id", "kode"):
            raise ValidationError(self.env._("A facility has each service once."))

    @api.constrains(*LIMITS)
    def _check_limits(self):
        for layanan in self:
            for name, (lowest, highest, text) in LIMITS.items():
                if not lowest <= layanan[name] <= highest:
                    raise ValidationError(self.env._(text))

    @api.constrains("base_url")
    def _check_base_url(self):
        for layanan in self:
            try:
                layanan._check_reach()
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

    def _check_reach(self):
        """Keep the address from reaching what only this server reaches: the inner network, whose
        answers would show there, and never a cloud's secrets. Raises `ValueError` for no address.
        """
        host, _port = address.host_and_port(self.base_url or "")
        if address.is_forbidden(host):
            raise ValidationError(self.env._("“%s” is never called from here.", host))
        if not self._is_usual() and not self.env.user.has_group("base.group_system"):
            raise ValidationError(
                self.env._(
                    "“%s” is no address of BPJS: those begin with https:// and end with "
                    "bpjs-kesehatan.go.id. Only who administers Odoo itself (Settings) can enter "
                    "another one, such as that of the clinic's own proxy.",
                    self.base_url,
                )
            )

    def _is_usual(self):
        """Whether the address is BPJS's, or this machine's, on which a simulator may run."""
        return (
            self.base_url in SERVICES[self.kode].addresses.values()
            or address.is_bpjs(self.base_url)
            or address.is_this_machine(self.base_url)
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([stripped(vals) for vals in vals_list])

    def write(self, vals):
        vals = stripped(vals)
        if set(self.mapped("base_url")) == {vals.get("base_url")}:
            del vals["base_url"]  # somebody else's to answer for
        result = super().write(vals)
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
            "ca_bundle": layanan.ca_bundle or None,
            "pool_size": self.concurrency,
        }

    def _probe_request(self):
        """Return a harmless GET that shows whether the service works with these settings."""
        return SERVICES[self.kode].probe(self.company_id._antrean_today())

    # How it is

    def _suspect(self):
        """Have a probe tell whether the service works: one call's trouble may be its own."""
        lock(self)  # the verdict may be coming in at this moment
        if not self.next_probe_at:
            self.next_probe_at = self.env.cr.now()
            self.env["bpjs.engine"]._wake()

    def _judge(self, outcome):
        """Learn from a probe how the service is."""
        if outcome.scope == "service" or outcome.kind == UNKNOWN:
            self._mark_down(outcome)
        else:
            self._mark_up()

    def _mark_down(self, outcome):
        misconfigured = outcome.kind == MISCONFIGURED
        message = told(self.with_context(lang=self.company_id._antrean_lang()).env, outcome)
        pauses = PROBE_SECONDS_MISCONFIGURED if misconfigured else PROBE_SECONDS
        pause = pauses[min(self.failures, len(pauses) - 1)]
        news = not self.down_since
        self.write(
            {
                "down_since": self.down_since or self.env.cr.now(),
                "down_kind": "misconfigured" if misconfigured else "outage",
                "down_message": message,
                "next_probe_at": seconds_from_now(self.env, pause),
                "failures": self.failures + 1,
            }
        )
        if misconfigured:
            self.faskes_id._tell_admins(SERVICES[self.kode].label, message)
        if news:
            self._notify_board()

    def _mark_up(self):
        was_down = self.down_since
        self.write(
            {
                "down_since": False,
                "down_kind": False,
                "down_message": False,
                "next_probe_at": False,
                "failures": 0,
            }
        )
        if was_down:
            self.faskes_id._close_activities_when_healthy()
            self.env["bpjs.engine"]._wake()
            self._notify_board()

    def _probe_now(self):
        """Look at once whether a service that is down works again."""
        down = self.filtered("down_since")
        if down:
            down.next_probe_at = self.env.cr.now()
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
        stalled_since = services._stalled_since()
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
