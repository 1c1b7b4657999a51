from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .antrean_antrean import BOOKED

OPEN = {"menunggu", "dipanggil"}  # here, and not accepted yet
CHANGEABLE = {BOOKED, *OPEN}  # may be changed and cancelled
UNDONE = {"dipanggil", "diterima", "selesai"}  # what led to these can be taken back
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
        for entry in self.filtered(lambda entry: entry.state == BOOKED and not entry.hari_ini):
            raise UserError(
                self.env._(
                    "Queue %(number)s is booked for %(day)s. Press “Present” on that day, or "
                    "register the patient for today.",
                    number=entry.nomor_antrean,
                    day=format_date(self.env, entry.tanggal),
                )
            )
        self._hadir()

    def _hadir(self):
        """From now on they wait."""
        self._move("menunggu", {BOOKED}, menunggu_at=fields.Datetime.now())

    def action_panggil(self):
        waiting = self.filtered(lambda entry: entry.state == "menunggu")
        self._move("dipanggil", OPEN)
        self.filtered(lambda entry: not entry.dipanggil_at or entry.tidak_hadir)._note_call(True)
        return waiting._offer_undo()

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
        return self._terima()

    def _terima(self):
        self._move("diterima", OPEN)
        return self._offer_undo()

    def action_selesai(self):
        self._move("selesai", {"diterima"})
        return self._offer_undo()

    def _offer_undo(self):
        """Tell what became of an entry, with a button that takes it back (the client action
        `urungkan.js`); of several nothing is told.
        """
        if len(self) != 1:
            return False
        return {
            "type": "ir.actions.client",
            "tag": "antrean_bpjs.urungkan",
            "params": {
                "antrean_id": self.id,
                "state": self.state,
                "message": self._state_told(),
            },
        }

    def _state_told(self):
        return self.env._(
            "%(number)s %(patient)s: %(state)s",
            number=self.nomor_antrean,
            patient=self.pasien_id.name,
            state=self._state_label(self.state),
        )

    def action_urungkan(self, state):
        """Take back the action that led to `state`, where nobody has gone on since.

        :returns: how the entry is then, as a notification
        """
        self._check_undo(UNDONE & {state})
        self._step_back()
        return self._undo_told()

    def action_kembalikan(self):
        """Return to *Waiting*: what was pressed since is taken back, step by step."""
        self._check_undo(UNDONE)
        while self.state != "menunggu":
            self._step_back()
        return self._undo_told()

    def _check_undo(self, states):
        self.ensure_one()
        if self.state not in states:
            raise UserError(
                self.env._(
                    "Queue %(number)s is “%(state)s” by now, so nothing was taken back.",
                    number=self.nomor_antrean,
                    state=self._state_label(self.state),
                )
            )
        if not self.hari_ini:
            raise UserError(
                self.env._(
                    "The day of queue %s is over, so nothing of it is taken back.",
                    self.nomor_antrean,
                )
            )

    def _step_back(self):
        undo = {
            "dipanggil": self._undo_call,
            "diterima": self._undo_acceptance,
            "selesai": self._undo_finish,
        }
        undo[self.state]()

    def _undo_call(self):
        """Wait as if never called: the next call is the first one."""
        self._write_by_action({"state": "menunggu", "dipanggil_at": False, "tidak_hadir": False})

    def _undo_acceptance(self):
        self._write_by_action({"state": "dipanggil" if self.dipanggil_at else "menunggu"})

    def _undo_finish(self):
        self._write_by_action({"state": "diterima"})

    def _undo_told(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self._state_told(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

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
            self._check_length(alasan)

    def _check_length(self, alasan):
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
        for entry in self:
            if entry.state not in allowed:
                raise UserError(
                    self.env._(
                        "Queue %(number)s is already “%(now)s”, so it cannot become “%(then)s”. "
                        "Somebody else was faster.",
                        number=entry.nomor_antrean,
                        now=self._state_label(entry.state),
                        then=self._state_label(state),
                    )
                )

    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def write(self, vals):
        if not ENTERED.isdisjoint(vals):
            self._check_open(vals)
        return super().write(vals)

    def _check_open(self, vals):
        """What was accepted is what was treated and reported: it is not rewritten afterwards."""
        for entry in self.filtered(lambda entry: entry.state not in CHANGEABLE):
            changed = [name for name in ENTERED & vals.keys() if entry._differs(name, vals[name])]
            if changed:
                raise UserError(
                    self.env._(
                        "Queue %(number)s is “%(state)s”, so its %(fields)s cannot be changed any "
                        "more. Changes are possible until a patient is accepted.",
                        number=entry.nomor_antrean,
                        state=self._state_label(entry.state),
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
