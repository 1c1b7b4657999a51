from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    antrean_tz = fields.Selection(
        _tz_get, string="Facility Time Zone", default="Asia/Jakarta", required=True
    )
    antrean_menunggu_lama = fields.Integer(
        "Long Wait", default=30, required=True, help="Minutes from which on a wait is long."
    )
    antrean_menunggu_terlalu_lama = fields.Integer(
        "Too Long a Wait", default=60, required=True, help="Minutes from which on it is too long."
    )

    @api.constrains("antrean_menunggu_lama", "antrean_menunggu_terlalu_lama")
    def _check_antrean_menunggu(self):
        for company in self:
            if not 0 < company.antrean_menunggu_lama < company.antrean_menunggu_terlalu_lama:
                raise ValidationError(
                    self.env._(
                        "A wait is long after some minutes, and too long after more: enter, for "
                        "example, 30 and 60."
                    )
                )

    def _antrean_now(self):
        """Return the moment as the clocks of the facility show it."""
        here = self.with_context(tz=self.antrean_tz)
        return fields.Datetime.context_timestamp(here, fields.Datetime.now())

    def _antrean_today(self):
        """Return the date it is now at the facility: queue numbers start anew at its midnight."""
        return self._antrean_day(fields.Datetime.now())

    def _antrean_day(self, moment):
        """Return the date that a moment (naive UTC) falls on at the facility."""
        self.ensure_one()
        return utc.localize(moment).astimezone(timezone(self.antrean_tz)).date()

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

    def _antrean_midnight(self):
        """Return when the next day begins at the facility (naive UTC)."""
        self.ensure_one()
        tomorrow = self._antrean_today() + timedelta(days=1)
        local = timezone(self.antrean_tz).localize(datetime.combine(tomorrow, time.min))
        return local.astimezone(utc).replace(tzinfo=None)

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
