from odoo import fields, models


class AntreanRuangan(models.Model):
    """The poli that a room is at BPJS."""

    _name = "antrean.ruangan"
    _inherit = ["antrean.ruangan", "bpjs.source"]
    _antrean_path = "ruangan_id"
    _bpjs_codes = {"kd_poli_pcare": str.strip, "kd_poli_antrean": str.strip}

    kd_poli_pcare = fields.Char("PCare Poli Code", help="For example 001, as in PCare's poli list.")
    kd_poli_antrean = fields.Char(
        "Antrean FKTP Poli Code", help="For example 001, as in Antrean FKTP's poli list of the day."
    )
