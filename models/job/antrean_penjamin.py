from odoo import models


class AntreanPenjamin(models.Model):
    _name = "antrean.penjamin"
    _inherit = ["antrean.penjamin", "bpjs.source"]
    _antrean_path = "penjamin_id"
