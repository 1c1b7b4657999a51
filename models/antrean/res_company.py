from odoo import fields, models

from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    antrean_tz = fields.Selection(
        _tz_get, string="Facility Time Zone", default="Asia/Jakarta", required=True
    )

    def _antrean_today(self):
        """Return the date it is now at the facility: queue numbers start anew at its midnight."""
        return self._antrean_day(fields.Datetime.now())

    def _antrean_day(self, moment):
        """Return the date that a moment (naive UTC) falls on at the facility."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self.antrean_tz), moment)

    def _antrean_lang(self):
        """Return the language of what staff read, without a look at the company's other fields."""
        return self.with_context(prefetch_fields=False).partner_id.lang
