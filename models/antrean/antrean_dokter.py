from odoo import api, fields, models


class AntreanDokter(models.Model):
    _name = "antrean.dokter"
    _description = "Doctor"
    _inherit = ["antrean.tetap"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    def _in_use(self):
        return self._named_by("antrean.jadwal", "dokter_id")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._refuse_deletion()
