from odoo import fields, models
from odoo.exceptions import UserError

SENDABLE = {"diterima", "selesai"}  # states in which a patient is sent on


class AntreanAntrean(models.Model):
    """Sending a patient on to another room: a new entry there, linked to the one it came from."""

    _inherit = "antrean.antrean"

    asal_id = fields.Many2one(
        "antrean.antrean",
        "Sent On from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    lanjutan_ids = fields.One2many("antrean.antrean", "asal_id", "Sent On to", readonly=True)

    def action_teruskan(self):
        """Ask for the room first."""
        self._check_sendable()
        return self.env["antrean.teruskan"]._open(self)

    def _teruskan(self, ruangan):
        """Give the patient a number in another room, and return that entry."""
        self._check_sendable()
        entry = self.with_company(self.company_id).create(self._lanjutan(ruangan))
        entry._write_by_action({"asal_id": self.id})
        return entry

    def _lanjutan(self, ruangan):
        """Return the values of the entry with which the patient goes on to a room."""
        return {
            "pasien_id": self.pasien_id.id,
            "penjamin_id": self.penjamin_id.id,
            "ruangan_id": ruangan.id,
            "kunjungan_sakit": self.kunjungan_sakit,
            "prioritas": self.prioritas,
            "keluhan": self.keluhan,
        }

    def _check_sendable(self):
        self.ensure_one()
        if self.state not in SENDABLE:
            raise UserError(
                self.env._(
                    "Queue %s has not been accepted, so the patient cannot be sent on from there. "
                    "Accept them first, or change the room of the entry.",
                    self.nomor_antrean,
                )
            )
