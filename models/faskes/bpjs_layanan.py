from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ...bpjs import address
from ...bpjs.services import SERVICES

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


def without_unchanged(records, vals, *names):
    """Return the values without those of these names that the records have already: they are
    somebody else's to answer for.
    """
    return {
        name: value
        for name, value in vals.items()
        if name not in names or set(records.mapped(name)) != {value}
    }


class BpjsLayanan(models.Model):
    """One service of BPJS as one facility uses it: where it is and how it is called."""

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
                    "another one. A proxy is set under Way to BPJS instead.",
                    self.base_url,
                )
            )

    def _is_usual(self):
        """Whether the address is BPJS's, or this machine's, on which a simulator may run."""
        return (
            self.base_url in SERVICES[self.kode].addresses.values()
            or address.is_bpjs(self.base_url)
            or (address.is_this_machine(self.base_url) and self.sudo().faskes_id._asks_itself())
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([stripped(vals) for vals in vals_list])

    def write(self, vals):
        vals = without_unchanged(self, stripped(vals), "base_url")
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
