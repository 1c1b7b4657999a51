from odoo import api, models
from odoo.exceptions import ValidationError


class AntreanAntrean(models.Model):
    """One visit: a member once a poli and day."""

    _inherit = "antrean.antrean"

    @api.constrains("pasien_id", "ruangan_id", "tanggal", "penjamin_id", "state")
    def _check_one_visit(self):
        """BPJS books a member once a poli and day: a second entry would pass for the first."""
        self.flush_model(["pasien_id", "ruangan_id", "tanggal", "penjamin_id", "state"])
        self.penjamin_id.flush_model(["is_bpjs"])
        for entry in self.filtered(lambda entry: entry._is_reported() and entry.state != "batal"):
            if number := entry._number_of_same_visit():
                raise ValidationError(
                    self.env._(
                        "%(patient)s already has queue %(number)s in %(room)s on this day, and "
                        "BPJS books a member once a day there. Open %(number)s, or cancel it "
                        "first.",
                        patient=entry.pasien_id.name,
                        number=number,
                        room=entry.ruangan_id.name,
                    )
                )

    def _number_of_same_visit(self):
        """Return the queue number of another entry of this visit, if there is one.

        It may be too new for this transaction's snapshot, as when two desks register a patient at
        once. The lock of `_lock_last_number` lets the first commit before the second looks.
        """
        numbers = self._numbers_of_same_visit(self.env.cr)
        if not numbers and self.env.registry.ready:
            with self.env.registry.cursor() as fresh:
                numbers = self._numbers_of_same_visit(fresh)
            for known in self.browse(numbers).exists():  # and changed by this transaction
                del numbers[known.id]
        return next(iter(numbers.values()), False)

    def _numbers_of_same_visit(self, cr):
        """Return {id: queue number} of the others."""
        cr.execute(
            """
            SELECT antrean.id, nomor_antrean
              FROM antrean_antrean antrean
              JOIN antrean_penjamin penjamin ON penjamin.id = penjamin_id
             WHERE pasien_id = %s AND ruangan_id = %s AND tanggal = %s
               AND is_bpjs AND state != 'batal' AND antrean.id != %s
            """,
            (self.pasien_id.id, self.ruangan_id.id, self.tanggal, self.id),
        )
        return dict(cr.fetchall())
