from odoo import api, fields, models
from odoo.fields import Domain


class AntreanAntrean(models.Model):
    """Where a patient is in a room's queue: once is meant, and how many are ahead is told."""

    _inherit = "antrean.antrean"

    sudah_antre = fields.Char("In the Queue Already", compute="_compute_sudah_antre")

    @api.depends("pasien_id", "ruangan_id", "tanggal")
    def _compute_sudah_antre(self):
        """Tell of the patient's other entry in the same room and day."""
        for entry in self:
            patient = entry.pasien_id._origin
            other = patient and entry._of_room([("pasien_id", "=", patient.id)])
            entry.sudah_antre = bool(other) and self.env._(
                "%(patient)s has queue %(number)s in %(room)s already (%(state)s).",
                patient=entry.pasien_id.name,
                number=other[0].nomor_antrean,
                room=entry.ruangan_id.name,
                state=self._state_label(other[0].state),
            )

    def _of_room(self, domain):
        """Find, among these, other entries of this one's room and day that were not cancelled."""
        return self.search(
            Domain(domain)
            & Domain("ruangan_id", "=", self.ruangan_id.id)
            & Domain("tanggal", "=", self._day())
            & Domain("state", "!=", "batal")
            & Domain("id", "!=", self._origin.id)
        )

    @api.readonly
    def get_tempat(self):
        """Return what a patient is told at the desk.

        :returns: {"nomor": str, "ruangan": str, "di_depan": int, who wait before them}
        :rtype: dict
        """
        self.ensure_one()
        before = Domain("angka_antrean", "<", self.angka_antrean)
        has_priority = Domain("is_prioritas", "=", True)
        ahead = before & has_priority if self.is_prioritas else before | has_priority
        waiting = Domain("state", "=", "menunggu") & ahead
        return {
            "nomor": self.nomor_antrean,
            "ruangan": self.ruangan_id.name,
            "di_depan": len(self._of_room(waiting)),
        }
