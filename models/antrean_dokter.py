from odoo import fields, models


class AntreanDokter(models.Model):
    _name = "antrean.dokter"
    _inherit = ["bpjs.source"]
    _description = "Doctor"
    _antrean_path = "jadwal_id.dokter_id"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kd_dokter_pcare = fields.Char("PCare Doctor Code")
    kd_dokter_antrean = fields.Integer("Antrean FKTP Doctor Code")
