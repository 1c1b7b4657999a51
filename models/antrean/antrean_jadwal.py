from odoo import api, fields, models

HARI = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class AntreanJadwal(models.Model):
    _name = "antrean.jadwal"
    _description = "Practice Schedule"
    _inherit = ["antrean.tetap"]
    _order = "hari, jam_mulai, id"
    _check_company_auto = True
    _tetap = "ruangan_id"

    ruangan_id = fields.Many2one(
        "antrean.ruangan", "Room", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="ruangan_id.company_id", store=True, precompute=True)
    active = fields.Boolean(default=True)
    dokter_id = fields.Many2one("antrean.dokter", "Doctor", required=True, check_company=True)
    hari = fields.Selection(HARI, "Weekday", required=True)
    jam_mulai = fields.Float("From", required=True)
    jam_selesai = fields.Float("To", required=True)
    kapasitas = fields.Integer("Capacity")
    jam_praktek = fields.Char("Practice Hours", compute="_compute_jam_praktek")

    _hours = models.Constraint(
        "CHECK(0 <= jam_mulai AND jam_mulai < 24 AND 0 <= jam_selesai AND jam_selesai <= 24"
        " AND jam_mulai <> jam_selesai)",
        "Practice hours lie between 00:00 and 24:00 and do not end when they begin. An end before "
        "the begin, such as 21:00 to 07:00, is the next day's.",
    )

    def _in_use(self):
        return self._named_by("antrean.antrean", "jadwal_id")

    def unlink(self):
        """Archive those that queue entries name: these go on showing their doctor and hours."""
        in_use = self._in_use()
        in_use.action_archive()
        return super(AntreanJadwal, self - in_use).unlink()

    @api.depends("jam_mulai", "jam_selesai")
    def _compute_jam_praktek(self):
        for jadwal in self:
            jadwal.jam_praktek = jam_praktek(jadwal.jam_mulai, jadwal.jam_selesai)

    def _ends(self):
        """Return when it ends, in hours since the midnight before it begins."""
        return ends(self.jam_mulai, self.jam_selesai)

    def _proposed_at(self, clock):
        """Return which of these hours of one day a patient comes to at that hour of the day: those
        that run, else those that begin next, else the last ones.

        Hours over midnight run in the morning of their day, too, when the night before ends: the
        visit is of the day it is at the clinic, and BPJS finds hours under the day of the visit.
        """
        running = self.filtered(lambda hours: hours._runs_at(clock))
        to_come = self.filtered(lambda hours: hours.jam_mulai > clock)
        return (running or to_come)[:1] or self[-1:]

    def _overlap(self, mulai, selesai):
        """Return how many hours these have in common with others of the same day, an end above 24
        being on the next. Hours over midnight run in the morning, too: see `_proposed_at`.
        """
        return overlap((self.jam_mulai, self._ends()), (mulai, selesai))

    def _runs_at(self, clock):
        return any(self.jam_mulai <= hour < self._ends() for hour in (clock, clock + 24))

    @api.depends("dokter_id.name", "jam_praktek")
    def _compute_display_name(self):
        for jadwal in self:
            jadwal.display_name = f"{jadwal.dokter_id.name} {jadwal.jam_praktek}"


def ends(mulai, selesai):
    """Return when hours end, counted from the midnight before they begin."""
    return selesai + 24 * (selesai < mulai)


def overlap(ours, others):
    """Return how many hours two (begin, end) of one day have in common; see `_overlap`."""
    (mulai, selesai), (other_mulai, other_selesai) = ours, others
    return sum(
        max(min(selesai + later, other_selesai) - max(mulai + later, other_mulai), 0)
        for later in (-24, 0, 24)
    )


def jam_praktek(mulai, selesai):
    """Return hours as BPJS writes them: 7.5 and 12 give 07:30-12:00."""
    return f"{_clock(mulai)}-{_clock(selesai)}"


def _clock(hours):
    """Return hours since midnight: 7.5 gives 07:30."""
    return "{:02d}:{:02d}".format(*divmod(round(hours * 60), 60))
