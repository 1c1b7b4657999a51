from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AntreanPenjamin(models.Model):
    _name = "antrean.penjamin"
    _description = "Payer"
    _inherit = ["antrean.bersama", "antrean.tetap"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_bpjs = fields.Boolean("BPJS", help="Visits of this payer are reported to BPJS.")
    active = fields.Boolean(default=True)

    _company_name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "A payer of this name exists already."
    )

    def _in_use(self):
        return self._named_by("antrean.antrean", "penjamin_id")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._refuse_deletion()

    @api.constrains("name", "company_id")
    def _check_name(self):
        """Two payers of one name would look alike, whomever they belong to."""
        payers = self.with_context(active_test=False)
        for payer in self.filtered("company_id"):
            shared = [("company_id", "=", False), ("name", "=", payer.name)]
            if payers.search_count(shared, limit=1):
                raise ValidationError(self.env._("A payer of this name exists already."))
