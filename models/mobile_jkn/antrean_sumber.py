from odoo import fields, models


class AntreanAntrean(models.Model):
    _inherit = "antrean.antrean"

    sumber = fields.Selection(
        selection_add=[("mobile_jkn", "Mobile JKN")], ondelete={"mobile_jkn": "set default"}
    )
