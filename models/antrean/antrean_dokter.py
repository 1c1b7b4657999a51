from odoo import fields, models


class AntreanDokter(models.Model):
    _name = "antrean.dokter"
    _description = "Doctor"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
