from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    bpjs_faskes_ids = fields.One2many(
        "bpjs.faskes", "company_id", "BPJS Facility", groups="antrean_bpjs.group_antrean_admin"
    )
