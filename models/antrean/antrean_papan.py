from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .antrean_antrean import BOOKED, OVER, STATES

BOARD = "antrean_bpjs.board"  # the channel that a board asks for, and what it is sent there
ORDER = "ruangan_id, is_prioritas desc, angka_antrean, id"  # whose turn it is, room by room


class AntreanAntrean(models.Model):
    """The queue board: its columns, its day, what stands above it, and the news it shows."""

    _inherit = "antrean.antrean"

    hari_ini = fields.Boolean("Today", compute="_compute_hari_ini", search="_search_hari_ini")
    kemarin = fields.Boolean("Yesterday", compute="_compute_hari_ini", search="_search_kemarin")
    menunggu_lama = fields.Boolean(
        "Waiting Long", compute="_compute_menunggu_lama", search="_search_menunggu_lama"
    )

    @api.model
    def _group_expand_state(self, states, domain):
        """Show every column, also an empty one; booked and cancelled only when needed."""
        when_needed = {BOOKED, "batal"} - set(states)
        return [state for state, _label in STATES if state not in when_needed]

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Fold the columns of what is over, and of the booked unless somebody is expected today."""
        formatted = super()._web_read_group_format(groupby, aggregates, groups)
        if groupby == ("state",):
            for group in formatted:
                group["__fold"] = group["state"] in OVER
                if group["state"] == BOOKED:
                    expected = Domain(group["__extra_domain"]) & Domain("hari_ini", "=", True)
                    group["__fold"] = not self.search_count(expected, limit=1)
        return formatted

    @api.depends("tanggal", "company_id")
    def _compute_hari_ini(self):
        for entry in self:
            today = entry.company_id._antrean_today()
            entry.hari_ini = entry.tanggal == today
            entry.kemarin = entry.tanggal == today - timedelta(days=1)

    def _search_hari_ini(self, operator, value):
        return self._search_day(operator, value, 0)

    def _search_kemarin(self, operator, value):
        return self._search_day(operator, value, -1)

    def _search_day(self, operator, value, days):
        if operator != "in":
            return NotImplemented
        day = self.env.companies._antrean_domain("=", days)
        return day if True in value else ~day

    @api.depends("state", "menunggu_at", "company_id.antrean_menunggu_lama")
    def _compute_menunggu_lama(self):
        long = self.filtered_domain(self._domain_menunggu_lama())
        long.menunggu_lama = True
        (self - long).menunggu_lama = False

    def _search_menunggu_lama(self, operator, value):
        if operator != "in":
            return NotImplemented
        long = self._domain_menunggu_lama()
        return long if True in value else ~long

    def _domain_menunggu_lama(self):
        """Return what finds who waits for longer than their clinic calls long."""
        now = fields.Datetime.now()
        return Domain("state", "=", "menunggu") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("menunggu_at", "<=", now - timedelta(minutes=company.antrean_menunggu_lama))
            for company in self.env.companies
        )

    @api.model
    @api.readonly
    def get_papan(self, domain, ruangan_id=False):
        """Return what stands above the board's columns, and marks its cards.

        :param list domain: the day, and perhaps the doctor, that the board shows
        :param int ruangan_id: the room that it shows, if it is one
        :returns: {"ruangan": [{"id", "name", "menunggu": how many wait}], "dokter": [{"id",
            "name"}], "berikutnya": ids of who is next in their rooms, "counters": see
            `_counters`, "batas": {company's id: [minutes of a long wait, of one too long]},
            "now", and "midnight": when the first of the clinics has its next day; in UTC}
        :rtype: dict
        """
        domain = Domain(domain)
        companies = self.env.companies
        waiting = self.search_fetch(
            domain & Domain("state", "=", "menunggu"), ["ruangan_id", "menunggu_at"], order=ORDER
        )
        by_room = waiting.grouped("ruangan_id")
        rooms = self.env["antrean.ruangan"].search_fetch([], ["name", "company_id"])
        doctors = self.env["antrean.dokter"].search_fetch([], ["name"])
        shown = by_room.get(rooms.browse(ruangan_id), waiting[:0]) if ruangan_id else waiting
        if ruangan_id:
            domain &= Domain("ruangan_id", "=", ruangan_id)
        midnight = min(company._antrean_midnight() for company in companies)
        return {
            "ruangan": [
                {
                    "id": room.id,
                    "name": room._name_among(companies),
                    "menunggu": len(by_room.get(room, ())),
                }
                for room in rooms
            ],
            "dokter": doctors.read(["name"]),
            "berikutnya": [entries[0].id for entries in by_room.values()],
            "counters": self._counters(domain, shown),
            "batas": {
                company.id: [company.antrean_menunggu_lama, company.antrean_menunggu_terlalu_lama]
                for company in companies
            },
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "midnight": fields.Datetime.to_string(midnight),
        }

    def _counters(self, domain, waiting):
        """Return what is counted above the board: {"filter": the name of the filter that shows
        these, "label", and "count", or "since" and "company_id" of the longest wait}.
        """
        counters = [{"filter": "menunggu", "label": self.env._("waiting"), "count": len(waiting)}]
        timed = waiting.filtered("menunggu_at")
        if longest := timed and min(timed, key=lambda entry: entry.menunggu_at):
            counters.append(
                {
                    "filter": "menunggu_lama",
                    "label": self.env._("longest wait"),
                    "since": fields.Datetime.to_string(longest.menunggu_at),
                    "company_id": longest.company_id.id,
                }
            )
        return counters

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
