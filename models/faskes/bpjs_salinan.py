from odoo import api, fields, models
from odoo.exceptions import UserError

from .bpjs_faskes import ADMIN

# What a service of BPJS must meet to be called from here; for SQL on `bpjs_layanan`.
OF_THIS_DATABASE = """
    faskes_id IN (
        SELECT faskes.id
          FROM bpjs_faskes faskes
          JOIN ir_config_parameter uuid ON uuid.value = faskes.database_uuid
         WHERE uuid.key = 'database.uuid')
"""


class BpjsFaskes(models.Model):
    """An account belongs to the database in which it was set up. In a copy of that nothing is sent:
    it would register a second time, and take back what is real.
    """

    _inherit = "bpjs.faskes"

    database_uuid = fields.Char(
        "Its Database",
        readonly=True,
        copy=False,
        groups=ADMIN,
        default=lambda self: self._this_database(),
        help="The database that speaks to BPJS with this account. Odoo gives each copy another "
        "database.uuid.",
    )
    is_copy = fields.Boolean("Copied Database", compute="_compute_is_copy")

    @api.depends("database_uuid")
    def _compute_is_copy(self):
        uuid = self._this_database()
        for faskes in self:
            faskes.is_copy = faskes.database_uuid != uuid

    @api.model
    def _this_database(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def action_use_this_database(self):
        """Let this database speak to BPJS from now on: an administrator says that it is the one the
        clinic works with.
        """
        self.check_access("write")
        self.database_uuid = self._this_database()
        for faskes in self:
            faskes._message_log(body=self.env._("This database speaks to BPJS from now on."))
        self.layanan_ids._notify_board()
        self.env["bpjs.engine"]._wake()


class BpjsLayanan(models.Model):
    _inherit = "bpjs.layanan"

    def _is_copy(self):
        """Whether the account is that of another database, of which this one is a copy."""
        return self.sudo().faskes_id.is_copy

    def _obstacle(self, company):
        text = super()._obstacle(company)
        if text or not self._is_copy():
            return text
        return self.env._(
            "This database is a copy of the one in which the BPJS account of %s was set up, so "
            "nothing is sent from here. If the clinic works with this one now, an administrator "
            "confirms that under Configuration > BPJS Facility.",
            company.name,
        )

    def _client_settings(self):
        if self._is_copy():
            raise UserError(self._obstacle(self.company_id))
        return super()._client_settings()
