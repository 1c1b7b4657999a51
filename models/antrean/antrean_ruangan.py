from itertools import count, product
from string import ascii_uppercase

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...database import look_again, take_turns

RAWAT_JALAN = "1"


def as_heard(kode):
    """Return a queue letter as people hear it: without case, blanks and signs."""
    return "".join(filter(str.isalnum, kode or "")).casefold()


def _free_letters(taken):
    """Yield A to Z, then AA to ZZ and so on, without those that sound like one that is taken."""
    heard = {as_heard(kode) for kode in taken}
    for length in count(1):
        for letters in product(ascii_uppercase, repeat=length):
            if as_heard(kode := "".join(letters)) not in heard:
                yield kode


class AntreanRuangan(models.Model):
    _name = "antrean.ruangan"
    _description = "Room"
    _inherit = ["antrean.tetap"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kode_antrean = fields.Char(
        "Queue Letter",
        required=True,
        compute="_compute_kode_antrean",
        store=True,
        readonly=False,
        precompute=True,
        help="Comes before the number: A gives A-1, A-2, …",
    )
    jenis_kunjungan = fields.Selection(
        [
            (RAWAT_JALAN, "Outpatient"),
            ("apotek", "Pharmacy"),
            ("laboratorium", "Laboratory"),
            ("radiologi", "Radiology"),
        ],
        "Kind of Visit",
        required=True,
        default=RAWAT_JALAN,
        help="Only outpatient visits are reported to BPJS.",
    )
    jadwal_ids = fields.One2many("antrean.jadwal", "ruangan_id", "Schedules")

    @api.depends("company_id")
    def _compute_kode_antrean(self):
        """Propose to each room without a letter one that no other has, archived or not."""
        new = self.filtered(lambda room: not room.kode_antrean)
        for company, rooms in new.grouped("company_id").items():
            free = _free_letters(self._rooms(company).mapped("kode_antrean"))
            for room in rooms:
                room.kode_antrean = next(free)

    def _rooms(self, company):
        """Return all rooms of a company."""
        rooms = self.env["antrean.ruangan"].sudo().with_context(active_test=False)
        return rooms.search([("company_id", "=", company.id)])

    @api.constrains("kode_antrean", "active", "company_id")
    def _check_kode_antrean(self):
        """Two rooms in use with one letter would call two patients alike."""
        for company, rooms in self.filtered("active").grouped("company_id").items():
            take_turns(self.env.cr, [f"kode_antrean {company.id}"])
            in_use = Domain("company_id", "=", company.id) & Domain("active", "=", True)
            look_again(self.sudo(), in_use, "kode_antrean")
            all_rooms = self._rooms(company)
            by_letter = all_rooms.filtered("active").grouped(
                lambda room: as_heard(room.kode_antrean)
            )
            for room in rooms:
                for other in by_letter[as_heard(room.kode_antrean)] - room:
                    raise ValidationError(
                        self.env._(
                            "%(other)s has the queue letter %(letter)s already: patients of both "
                            "rooms would be called alike. Give %(room)s another one; %(free)s is "
                            "free.",
                            other=other.name,
                            letter=other.kode_antrean,
                            room=room.name,
                            free=next(_free_letters(all_rooms.mapped("kode_antrean"))),
                        )
                    )

    @api.constrains("company_id")
    def _check_jadwal_company(self):
        self.with_context(active_test=False).jadwal_ids._check_company()

    def _name_among(self, companies):
        """Return the room's name, with its clinic's where it could be of several."""
        return f"{self.name} · {self.company_id.name}" if len(companies) > 1 else self.name

    def _in_use(self):
        return self._named_by("antrean.antrean", "ruangan_id")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._refuse_deletion()
