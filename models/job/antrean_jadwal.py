from odoo import models


class AntreanJadwal(models.Model):
    _name = "antrean.jadwal"
    _inherit = ["antrean.jadwal", "bpjs.source"]
    _antrean_path = "jadwal_id"
