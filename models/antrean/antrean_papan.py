from odoo import api, fields, models
from odoo.fields import Domain

from .antrean_antrean import BOOKED, STATES

BOARD = "antrean_bpjs.board"  # the channel that a board asks for, and what it is sent there


class AntreanAntrean(models.Model):
    """The queue board: its columns, its day, and the news that it shows by itself."""

    _inherit = "antrean.antrean"

    hari_ini = fields.Boolean("Today", compute="_compute_hari_ini", search="_search_hari_ini")

    @api.model
    def _group_expand_state(self, states, domain):
        """Show every column, also an empty one; booked and cancelled only when needed."""
        when_needed = {BOOKED, "batal"} - set(states)
        return [state for state, _label in STATES if state not in when_needed]

    @api.model
    def formatted_read_group(self, domain, groupby=(), *args, **kwargs):
        """Have the column of the booked folded unless somebody is expected today."""
        groups = super().formatted_read_group(domain, groupby, *args, **kwargs)
        for group in groups if list(groupby[:1]) == ["state"] else ():
            if group["state"] == BOOKED:
                booked = Domain(domain) & Domain("state", "=", BOOKED)
                today = booked & Domain("hari_ini", "=", True)
                group["__fold"] = not self.search_count(today, limit=1)
        return groups

    @api.depends("tanggal", "company_id")
    def _compute_hari_ini(self):
        for entry in self:
            entry.hari_ini = entry.tanggal == entry.company_id._antrean_today()

    def _search_hari_ini(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.companies._antrean_domain("=")
        return today if True in value else ~today

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._notify_board()
        return entries

    def write(self, vals):
        result = super().write(vals)
        self._notify_board()
        return result

    def _notify_board(self):
        """Tell the company's open boards, once a transaction, which entries to read again."""
        precommit = self.env.cr.precommit
        if BOARD not in precommit.data:
            precommit.data[BOARD] = set()
            precommit.add(self.sudo().browse()._send_notification)
        precommit.data[BOARD].update(self.ids)

    def _send_notification(self):
        """Send ids only: who may see an entry reads it, nobody else learns what is in it."""
        ids = self.env.cr.precommit.data.pop(BOARD)
        changed = self.search_fetch([("id", "in", ids)], ["company_id"], order="id")
        for company, entries in changed.grouped("company_id").items():
            self.env["bus.bus"]._sendone((company, "ANTREAN"), BOARD, {"antrean_ids": entries.ids})
