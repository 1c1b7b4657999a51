from odoo import api, fields, models

from .bpjs_layanan import LAYANAN

ADMIN = "antrean_bpjs.group_antrean_admin"
CREDENTIALS = {"cons_id", "secret", "username", "password", "kd_aplikasi"}


class BpjsFaskes(models.Model):
    """One facility's account at BPJS; one a company, for administrators only."""

    _name = "bpjs.faskes"
    _description = "BPJS Facility"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    kd_provider = fields.Char("Facility Code", help="What BPJS calls this facility, as 0001R001.")
    layanan_ids = fields.One2many("bpjs.layanan", "faskes_id", "Services")
    attempt_months = fields.Integer(
        "Keep Attempts (months)",
        default=6,
        required=True,
        help="What was sent and answered is removed after this time.",
    )

    _attempt_months = models.Constraint(
        "CHECK(attempt_months > 0)", "Attempts must be kept for at least one month."
    )

    _company_uniq = models.Constraint(
        "unique(company_id)",
        "This company has a BPJS facility already. Open that one and change it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        facilities = super().create(vals_list)
        for faskes in facilities:
            missing = LAYANAN.keys() - set(faskes.layanan_ids.mapped("kode"))
            faskes.layanan_ids = [fields.Command.create({"kode": kode}) for kode in sorted(missing)]
        return facilities

    def write(self, vals):
        result = super().write(vals)
        if not CREDENTIALS.isdisjoint(vals):
            self.layanan_ids._probe_now()
        return result

    @api.model
    def _of(self, company):
        return self.search([("company_id", "=", company.id)])

    # Telling the administrators

    def _tell_admins(self, service, message):
        """Give each administrator of the facility one activity, unless one is open already."""
        self._take_turns()
        for faskes in self.filtered(lambda faskes: not faskes._open_activities()):
            for user in faskes._admins():
                told = faskes.with_context(lang=user.lang)
                told.activity_schedule(
                    "antrean_bpjs.mail_activity_misconfigured",
                    note=told.env._(
                        "%(service)s answers: “%(message)s”. What is registered meanwhile waits "
                        "and is sent by itself once this works. Check here the consumer ID and "
                        "secret, the service's user key and address, the PCare account, and the "
                        "server's clock.",
                        service=service,
                        message=message,
                    ),
                    user_id=user.id,
                )

    def _close_activities_when_healthy(self):
        self._take_turns()
        for faskes in self:
            if "misconfigured" not in faskes.layanan_ids.mapped("down_kind"):
                faskes._open_activities().unlink()

    def _take_turns(self):
        """Run a second worker, who tells or closes at this very moment, again after this one.

        Each would else look at a time at which the other's service and activity were unchanged.
        """
        self.env.cr.execute(
            "UPDATE bpjs_faskes SET write_date = write_date WHERE id IN %s", (tuple(self.ids),)
        )

    def _open_activities(self):
        kind = self.env.ref("antrean_bpjs.mail_activity_misconfigured")
        return self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _admins(self):
        admins = self.env.ref("antrean_bpjs.group_antrean_admin").all_user_ids
        return admins.filtered(lambda user: user.active and self.company_id in user.company_ids)
