from odoo import fields, models

from ..antrean.res_partner import PETUGAS


class ResPartner(models.Model):
    _inherit = "res.partner"

    no_kk = fields.Char("Family Card Number", groups=PETUGAS, copy=False)
