import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_users import KEY_CRYPT_CONTEXT

PASSWORD_BYTES = 24
SETTINGS = {
    "mobile_jkn_http",
    "mobile_jkn_menit",
    "mobile_jkn_hari",
    "mobile_jkn_pcare",
    "mobile_jkn_tidak_hadir",
    "mobile_jkn_url",
}
ACCESS = {"mobile_jkn_username", "mobile_jkn_hash", "mobile_jkn_uji_hash", "mobile_jkn_sejak"}


class BpjsFaskes(models.Model):
    """How BPJS gets in, where Mobile JKN asks this clinic: username, password, token."""

    _inherit = "bpjs.faskes"
    _tells_nothing = frozenset(SETTINGS | ACCESS)

    mobile_jkn_username = fields.Char("Username", copy=False)
    mobile_jkn_hash = fields.Char(copy=False, groups=fields.NO_ACCESS)
    mobile_jkn_uji_hash = fields.Char(
        copy=False, groups=fields.NO_ACCESS, help="Of the password that Uji Mandiri has for itself."
    )
    mobile_jkn_sejak = fields.Datetime("Password Since", readonly=True, copy=False)
    mobile_jkn_url = fields.Char(
        "Public Address",
        groups="base.group_system",  # the server itself calls it in Uji Mandiri
        help="What stands before /mobile-jkn in the address that BPJS is given. Empty: Odoo's own "
        "address (web.base.url).",
    )
    mobile_jkn_alamat = fields.Char(
        "Address for BPJS", compute="_compute_mobile_jkn_alamat", compute_sudo=True
    )
    mobile_jkn_menit = fields.Integer("Token Lasts (minutes)", required=True, default=60)
    mobile_jkn_hari = fields.Integer(
        "Bookable Days Ahead", required=True, default=30, help="0: for today only."
    )
    mobile_jkn_http = fields.Selection(
        [("200", "Always 200"), ("kode", "The answer's code")],
        "HTTP Status",
        required=True,
        default="200",
        help="Change it only where BPJS asks for it.",
    )
    mobile_jkn_pcare = fields.Selection(
        [("hadir", "When the patient is present"), ("awal_hari", "At the start of the day")],
        "Register at PCare",
        required=True,
        default="hadir",
    )
    mobile_jkn_tidak_hadir = fields.Boolean(
        "Absent at Closing Time",
        default=True,
        help="Whoever booked and was not there when practice ends is noted as absent, and BPJS is "
        "told.",
    )

    @api.depends("kd_provider", "mobile_jkn_url")
    def _compute_mobile_jkn_alamat(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        for faskes in self:
            url = (faskes.mobile_jkn_url or base).rstrip("/")
            code = faskes.kd_provider
            faskes.mobile_jkn_alamat = code and f"{url}/mobile-jkn/{code}"

    @api.constrains("mobile_jkn_menit", "mobile_jkn_hari")
    def _check_mobile_jkn(self):
        for faskes in self:
            if not 1 <= faskes.mobile_jkn_menit <= 24 * 60:
                raise ValidationError(self.env._("A token lasts between 1 minute and one day."))
            if not 0 <= faskes.mobile_jkn_hari <= 365:
                raise ValidationError(self.env._("Patients can book between 0 and 365 days ahead."))

    @api.constrains("kd_provider", "mobile_jkn_hash")
    def _check_mobile_jkn_code(self):
        """The code is a part of the address, which leads to one clinic."""
        for faskes in self.sudo().filtered("mobile_jkn_hash"):
            same = [("kd_provider", "=", faskes.kd_provider), ("mobile_jkn_hash", "!=", False)]
            if not faskes.kd_provider or self.sudo().search_count(same, limit=2) > 1:
                raise ValidationError(
                    self.env._(
                        "Mobile JKN finds the clinic by its facility code, which must be entered "
                        "and be that of this clinic alone. Compare it with what BPJS gave you."
                    )
                )

    # The password

    def action_mobile_jkn_password(self):
        """Give the clinic another password for BPJS, and show it this once. Tokens end with it."""
        self.ensure_one()
        self.check_access("write")
        if not self.kd_provider:
            raise UserError(
                self.env._("Enter the facility code first: it is a part of the address for BPJS.")
            )
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        self.sudo().write(
            {
                "mobile_jkn_username": self.mobile_jkn_username or f"jkn-{self.kd_provider}",
                "mobile_jkn_hash": KEY_CRYPT_CONTEXT.hash(password),
                "mobile_jkn_sejak": fields.Datetime.now(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Access for BPJS"),
            "res_model": "mobile.jkn.sandi",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_alamat": self.mobile_jkn_alamat,
                "default_username": self.mobile_jkn_username,
                "default_password": password,
            },
        }

    def action_mobile_jkn_tutup(self):
        """Let nobody in any more: BPJS gets no answer but a refusal."""
        self.check_access("write")
        self.sudo().write({"mobile_jkn_hash": False, "mobile_jkn_sejak": False})


class MobileJknSandi(models.AbstractModel):
    """What an administrator gives BPJS; shown once, kept nowhere."""

    _name = "mobile.jkn.sandi"
    _description = "Access for BPJS"

    id = fields.Id()
    alamat = fields.Char("Address", readonly=True)
    username = fields.Char(readonly=True)
    password = fields.Char(readonly=True)
