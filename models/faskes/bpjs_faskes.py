import re

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ...bpjs.services import SERVICES
from ...database import lock
from ..antrean.res_partner import ADMIN
from .bpjs_layanan import stripped

KD_PROVIDER = re.compile("[0-9A-Z]{8}")
OWN = "own"
ENVIRONMENTS = [
    ("production", "Production"),
    ("development", "Development"),
    ("simulator", "Simulator on this machine"),
    (OWN, "Own addresses"),
]
GC_LIMIT = 10_000  # rows of a facility removed at once; the rest follows in the next round
CREDENTIALS = {"cons_id", "secret", "username", "password", "kd_aplikasi"}


class BpjsFaskes(models.Model):
    """One facility's account at BPJS; one a company, for administrators only."""

    _name = "bpjs.faskes"
    _description = "BPJS Facility"
    _inherit = ["bpjs.rahasia", "antrean.tetap", "mail.thread", "mail.activity.mixin"]
    _order = "company_id"

    name = fields.Char(related="company_id.name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    cons_id = fields.Char("Consumer ID", required=True, copy=False, groups=ADMIN)
    secret = fields.Char("Consumer Secret", required=True, copy=False, groups=ADMIN)
    username = fields.Char("PCare Username", copy=False, groups=ADMIN)
    password = fields.Char("PCare Password", copy=False, groups=ADMIN)
    kd_aplikasi = fields.Char("Application Code", required=True, default="095")
    kd_provider = fields.Char(
        "Facility Code", help="This facility's own code at BPJS, 8 characters, such as 0001R001."
    )
    kd_provider_peserta = fields.Selection(
        [
            ("peserta", "The clinic at which the member is registered"),
            ("faskes", "This facility's own code"),
        ],
        "Sent as kdProviderPeserta",
        required=True,
        default="peserta",
        help="Change it only where PCare refuses the member's clinic.",
    )
    kd_tkp_sehat = fields.Selection(
        [("10", "10: outpatient care"), ("50", "50: promotive care")],
        "kdTkp of Healthy Visits",
        required=True,
        default="10",
        help="Sick visits are always sent as 10. Change it only where PCare refuses 10 for healthy "
        "visits.",
    )
    antrean_tz = fields.Selection(
        _tz_get, "Time Zone", compute="_compute_antrean_tz", inverse="_inverse_antrean_tz"
    )
    antrean_menunggu_lama = fields.Integer(
        "Long Wait",
        compute="_compute_antrean_menunggu",
        inverse="_inverse_antrean_menunggu",
        help="Minutes from which on the board warns of a wait.",
    )
    antrean_menunggu_terlalu_lama = fields.Integer(
        "Too Long a Wait",
        compute="_compute_antrean_menunggu",
        inverse="_inverse_antrean_menunggu",
        help="Minutes from which on the board raises an alarm.",
    )
    antrean_pasien_bersama = fields.Boolean(
        "Share Patients",
        compute="_compute_antrean_pasien_bersama",
        inverse="_inverse_antrean_pasien_bersama",
        help="Patients who are entered here are seen by staff of all clinics in this database, "
        "with their NIK and card number. Otherwise only here.",
    )
    environment = fields.Selection(
        ENVIRONMENTS,
        compute="_compute_environment",
        inverse="_inverse_environment",
        help="Sets the addresses of all services. BPJS gives other keys for development than for "
        "production.",
    )
    layanan_ids = fields.One2many(
        "bpjs.layanan",
        "faskes_id",
        "Services",
        default=lambda self: [fields.Command.create({"kode": kode}) for kode in SERVICES],
    )
    perbaiki_otomatis = fields.Boolean(
        "Correct by Itself",
        help="Where a visit that BPJS has is changed here before the patient is called, BPJS takes "
        "back the old one and is told of the new one without Resend PCare being pressed.",
    )
    attempt_months = fields.Integer(
        "Keep Attempts (months)",
        default=6,
        required=True,
        help="What was sent and answered is removed after this time.",
    )

    @api.constrains("attempt_months")
    def _check_attempt_months(self):
        if any(faskes.attempt_months < 1 for faskes in self):
            raise ValidationError(self.env._("Attempts must be kept for at least one month."))

    @api.constrains("kd_provider", "kd_provider_peserta")
    def _check_kd_provider(self):
        for faskes in self:
            if faskes.kd_provider and not KD_PROVIDER.fullmatch(faskes.kd_provider):
                raise ValidationError(
                    self.env._(
                        "The facility code has 8 characters, digits and capital letters, such as "
                        "0001R001."
                    )
                )
            if faskes.kd_provider_peserta == "faskes" and not faskes.kd_provider:
                raise ValidationError(
                    self.env._("Enter the facility code if it is to be sent as kdProviderPeserta.")
                )

    @api.constrains("company_id")
    def _check_company_uniq(self):
        if self._has_double("company_id"):
            raise ValidationError(
                self.env._("This company has a BPJS facility already. Open that one and change it.")
            )

    @api.depends("company_id.antrean_tz")
    def _compute_antrean_tz(self):
        for faskes in self:
            faskes.antrean_tz = faskes.company_id.antrean_tz

    def _inverse_antrean_tz(self):
        for faskes in self:
            faskes.company_id.sudo().antrean_tz = faskes.antrean_tz

    @api.depends("company_id.antrean_menunggu_lama", "company_id.antrean_menunggu_terlalu_lama")
    def _compute_antrean_menunggu(self):
        for faskes in self:
            faskes.antrean_menunggu_lama = faskes.company_id.antrean_menunggu_lama
            faskes.antrean_menunggu_terlalu_lama = faskes.company_id.antrean_menunggu_terlalu_lama

    def _inverse_antrean_menunggu(self):
        for faskes in self:
            faskes.company_id.sudo().write(
                {
                    "antrean_menunggu_lama": faskes.antrean_menunggu_lama,
                    "antrean_menunggu_terlalu_lama": faskes.antrean_menunggu_terlalu_lama,
                }
            )

    @api.depends("company_id.antrean_pasien_bersama")
    def _compute_antrean_pasien_bersama(self):
        for faskes in self:
            faskes.antrean_pasien_bersama = faskes.company_id.antrean_pasien_bersama

    def _inverse_antrean_pasien_bersama(self):
        for faskes in self:
            faskes.company_id.sudo().antrean_pasien_bersama = faskes.antrean_pasien_bersama

    @api.depends("layanan_ids.base_url")
    def _compute_environment(self):
        for faskes in self:
            addresses = {layanan.kode: layanan.base_url for layanan in faskes.layanan_ids}
            faskes.environment = next(
                (name for name, _label in ENVIRONMENTS if _addresses(name) == addresses), OWN
            )

    @api.onchange("environment")
    def _inverse_environment(self):
        for faskes in self:
            addresses = _addresses(faskes.environment)  # own ones stay as they are
            for layanan in faskes.layanan_ids:
                layanan.base_url = addresses.get(layanan.kode, layanan.base_url)

    def _in_use(self):
        """An account is its company's from the first: another's patients must not go there."""
        return self

    @api.model_create_multi
    def create(self, vals_list):
        facilities = super().create([stripped(vals) for vals in vals_list])
        facilities._add_services()
        return facilities

    def _add_services(self):
        """Give each facility the services that it lacks: an update of the addon may bring some."""
        for faskes in self:
            known = faskes.layanan_ids.mapped("kode")
            missing = [kode for kode in SERVICES if kode not in known]
            faskes.layanan_ids = [fields.Command.create({"kode": kode}) for kode in missing]

    def write(self, vals):
        result = super().write(stripped(vals))
        if not CREDENTIALS.isdisjoint(vals):
            self.layanan_ids._probe_now()
        return result

    @api.model
    def _of(self, company):
        return company.with_env(self.env).bpjs_faskes_ids

    @api.model
    def _open_settings(self):
        """Return the action to the page of the company's facility, or to the list of several."""
        action = self.env["ir.actions.act_window"]._for_xml_id("antrean_bpjs.bpjs_faskes_action")
        if len(self.env.companies) == 1:
            faskes = self._of(self.env.companies)
            action |= {"res_id": faskes.id, "views": [(False, "form")]}
        return action

    @api.model
    def _remove_old(self, records, name):
        """Remove what is older than its facility keeps, by a field that tells its age.

        :param str name: of that Datetime field
        :returns: what Odoo's vacuum takes: how many are gone, and whether more may be left
        :rtype: tuple[int, bool]
        """
        removed = 0
        for faskes in self.search([("attempt_months", ">", 0)]):
            oldest = fields.Datetime.now() - relativedelta(months=faskes.attempt_months)
            old = [("company_id", "=", faskes.company_id.id), (name, "<", oldest)]
            found = records.search(old, order="id", limit=GC_LIMIT)
            removed += len(found)
            found.unlink()
        return removed, removed >= GC_LIMIT

    # Telling the administrators

    def _tell_admins(self, service, message):
        """Give each administrator of the facility one activity, unless one is open already."""
        lock(self)  # else two workers would both look before either has told
        for faskes in self.filtered(lambda faskes: not faskes._open_activities()):
            for user in faskes._admins():
                told = faskes.with_context(lang=user.lang)
                note = told.env._(
                    "%(service)s answers: “%(message)s”. What is registered meanwhile waits and is "
                    "sent by itself once this works. Press Test Connection here: it says what is "
                    "wrong and what to do.",
                    service=service,
                    message=message,
                )
                told.activity_schedule(
                    "antrean_bpjs.mail_activity_misconfigured",
                    note=Markup("<p>%s</p>") % note,
                    user_id=user.id,
                )

    def _close_activities_when_healthy(self):
        lock(self)
        for faskes in self:
            if "misconfigured" not in faskes.layanan_ids.mapped("down_kind"):
                faskes._open_activities().unlink()

    def _open_activities(self):
        kind = self.env.ref("antrean_bpjs.mail_activity_misconfigured")
        return self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _admins(self):
        admins = self.env.ref("antrean_bpjs.group_antrean_admin").all_user_ids
        return admins.filtered(lambda user: user.active and self.company_id in user.company_ids)


def _addresses(environment):
    """Return {service's code: its address there}."""
    return {
        service.code: service.addresses[environment]
        for service in SERVICES.values()
        if environment in service.addresses
    }
