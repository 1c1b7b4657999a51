from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

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

    @api.model
    def _antrean_earliest_today(self):
        """Return the earliest day that may be today at a facility."""
        return fields.Date.today() - timedelta(days=1)

    def _antrean_domain(self, operator, days=0):
        """Return what finds these companies' records by the day at their facility.

        :param str operator: how `tanggal` compares with today
        :param int days: with which day it is compared instead, counted from today
        """
        return Domain.OR(
            Domain("company_id", "in", companies.ids)
            & Domain("tanggal", operator, today + timedelta(days=days))
            for today, companies in self.grouped(lambda each: each._antrean_today()).items()
        )

    @api.model
    def _antrean_past(self, since=0):
        """Return what finds every company's records of days that are over at their facility, and
        have been for so many days.
        """
        companies = self.with_context(active_test=False).search_fetch([], ["antrean_tz"])
        return companies._antrean_domain("<", days=-since)

    def _antrean_lang(self):
        """Return the language of what staff read, without a look at the company's other fields."""
        return self.with_context(prefetch_fields=False).partner_id.lang
