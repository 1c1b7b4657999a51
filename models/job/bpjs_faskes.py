from odoo import models


class BpjsFaskes(models.Model):
    _name = "bpjs.faskes"
    _inherit = ["bpjs.faskes", "bpjs.source"]
    _antrean_path = "company_id.bpjs_faskes_ids"
