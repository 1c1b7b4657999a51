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
    _order = "hari, jam_mulai, id"
    _check_company_auto = True

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
        "CHECK(0 <= jam_mulai AND jam_mulai < jam_selesai AND jam_selesai <= 24)",
        "Practice hours must end after they begin, within one day.",
    )

    @api.depends("jam_mulai", "jam_selesai")
    def _compute_jam_praktek(self):
        for jadwal in self:
            jadwal.jam_praktek = f"{_clock(jadwal.jam_mulai)}-{_clock(jadwal.jam_selesai)}"

    @api.depends("dokter_id.name", "jam_praktek")
    def _compute_display_name(self):
        for jadwal in self:
            jadwal.display_name = f"{jadwal.dokter_id.name} {jadwal.jam_praktek}"


def _clock(hours):
    """Return hours since midnight as BPJS writes them: 7.5 gives 07:30."""
    return "{:02d}:{:02d}".format(*divmod(round(hours * 60), 60))
