from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.harian.bpjs_harian import MOST_DAYS


class BpjsHarianRentang(models.TransientModel):
    """Comparing several days, such as those after which a backup was restored."""

    _name = "bpjs.harian.rentang"
    _description = "Compare Several Days"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    dari = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._antrean_today() - timedelta(days=6),
    )
    sampai = fields.Date(
        "To", required=True, default=lambda self: self.env.company._antrean_today()
    )

    def action_bandingkan(self):
        """Ask for all these days, and show them."""
        harian = self.env["bpjs.harian"]
        harian._check_may_compare()
        if self.sampai < self.dari or self.sampai > self.company_id._antrean_today():
            raise UserError(
                self.env._("Choose days up to today, the first one not after the last.")
            )
        days = [self.dari + timedelta(days=n) for n in range((self.sampai - self.dari).days + 1)]
        if len(days) > MOST_DAYS:
            raise UserError(
                self.env._(
                    "These are %(count)s days. Choose %(most)s at most: each is asked for page by "
                    "page.",
                    count=len(days),
                    most=MOST_DAYS,
                )
            )
        harian.sudo()._of(self.company_id, days)._ask()
        return self.env["ir.actions.act_window"]._for_xml_id("antrean_bpjs.bpjs_harian_action")
