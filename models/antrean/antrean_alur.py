from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .antrean_antrean import BOOKED

OPEN = {"menunggu", "dipanggil"}  # here, and not accepted yet
CHANGEABLE = {BOOKED, *OPEN}  # may be changed and cancelled
# What an entry says, which is settled once it is accepted.
ENTERED = {
    "pasien_id",
    "penjamin_id",
    "ruangan_id",
    "jadwal_id",
    "kunjungan_sakit",
    "keluhan",
    "tanggal",
}
ALASAN_LENGTH = 100  # characters; BPJS does not say how many it takes


class AntreanAntrean(models.Model):
    """The way of an entry through its day: what staff press, and when it is closed."""

    _inherit = "antrean.antrean"

    def action_hadir(self):
        """The patient, who has booked, is here."""
        for entry in self.filtered(lambda entry: entry.state == BOOKED):
            if entry.tanggal != entry.company_id._antrean_today():
                raise UserError(
                    self.env._(
                        "Queue %(number)s is booked for %(day)s. Press “Present” on that day, "
                        "or register the patient for today.",
                        number=entry.nomor_antrean,
                        day=format_date(self.env, entry.tanggal),
                    )
                )
        self._hadir()

    def _hadir(self):
        self._move("menunggu", {BOOKED})

    def action_panggil(self):
        self._move("dipanggil", OPEN)
        self.filtered(lambda entry: not entry.dipanggil_at or entry.tidak_hadir)._note_call(True)

    def action_tidak_hadir(self):
        """Note that the patient was called and did not come. They may be called again."""
        self._move("dipanggil", {"dipanggil"})
        self.filtered(lambda entry: not entry.tidak_hadir)._note_call(False)

    def _note_call(self, is_present):
        """Keep when these were called; calling the same patient again changes nothing."""
        self._write_by_action(
            {"dipanggil_at": fields.Datetime.now(), "tidak_hadir": not is_present}
        )

    def action_terima(self):
        self._terima()

    def _terima(self):
        self._move("diterima", OPEN)

    def action_selesai(self):
        self._move("selesai", {"diterima"})

    def action_batalkan(self):
        """Ask for the reason first."""
        self._check_move("batal", CHANGEABLE)
        return self.env["antrean.batal"]._open(self)

    def _batalkan(self, alasan):
        """Cancel, for a reason in Indonesian."""
        self._move("batal", CHANGEABLE, alasan_batal=alasan)

    @api.constrains("state", "alasan_batal")
    def _check_alasan_batal(self):
        for entry in self.filtered(lambda entry: entry.state == "batal"):
            alasan = entry.alasan_batal or ""
            if not alasan.strip():
                raise ValidationError(
                    self.env._(
                        "Queue %s cannot be cancelled without a reason. Choose one, or write it "
                        "in a few words.",
                        entry.nomor_antrean,
                    )
                )
            if len(alasan) > ALASAN_LENGTH:
                raise ValidationError(
                    self.env._(
                        "The reason has %(length)s characters. Shorten it to %(most)s.",
                        length=len(alasan),
                        most=ALASAN_LENGTH,
                    )
                )

    def _move(self, state, allowed, **vals):
        self._check_move(state, allowed)
        self._write_by_action({"state": state, **vals})

    def _check_move(self, state, allowed):
        label = dict(self._fields["state"]._description_selection(self.env))
        for entry in self:
            if entry.state not in allowed:
                raise UserError(
                    self.env._(
                        "Queue %(number)s is already “%(now)s”, so it cannot become “%(then)s”. "
                        "Refresh the board to see who changed it.",
                        number=entry.nomor_antrean,
                        now=label[entry.state],
                        then=label[state],
                    )
                )

    def write(self, vals):
        if not ENTERED.isdisjoint(vals):
            self._check_open(vals)
        return super().write(vals)

    def _check_open(self, vals):
        """What was accepted is what was treated and reported: it is not rewritten afterwards."""
        for entry in self.filtered(lambda entry: entry.state not in CHANGEABLE):
            changed = [name for name in ENTERED & vals.keys() if entry._differs(name, vals[name])]
            if changed:
                label = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "Queue %(number)s is “%(state)s”, so its %(fields)s cannot be changed any "
                        "more. Changes are possible until a patient is accepted.",
                        number=entry.nomor_antrean,
                        state=label[entry.state],
                        fields=", ".join(
                            sorted(
                                self._fields[name]._description_string(self.env) for name in changed
                            )
                        ),
                    )
                )

    def _differs(self, name, value):
        field = self._fields[name]
        return self[name] != field.convert_to_record(field.convert_to_cache(value, self), self)
