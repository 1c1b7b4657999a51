from odoo import fields, models

from ..antrean.res_partner import PETUGAS


class ResPartner(models.Model):
    _inherit = "res.partner"

    no_kk = fields.Char("Family Card Number", groups=PETUGAS, copy=False)

    def _bookings(self):
        return self.env["antrean.antrean"].sudo().search([("pasien_id", "in", self.ids)])
