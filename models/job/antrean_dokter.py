from odoo import fields, models


class AntreanDokter(models.Model):
    """The doctor's codes at BPJS."""

    _name = "antrean.dokter"
    _inherit = ["antrean.dokter", "bpjs.source"]
    _antrean_path = "jadwal_id.dokter_id"
    _bpjs_codes = {"kd_dokter_pcare": str.strip}

    kd_dokter_pcare = fields.Char("PCare Doctor Code")
    kd_dokter_antrean = fields.Integer("Antrean FKTP Doctor Code")
