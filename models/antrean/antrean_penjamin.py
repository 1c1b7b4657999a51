from odoo import fields, models


class AntreanPenjamin(models.Model):
    _name = "antrean.penjamin"
    _description = "Payer"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_bpjs = fields.Boolean("BPJS", help="Visits of this payer are reported to BPJS.")
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("unique(name)", "A payer of this name exists already.")
