from odoo import models

from ...bpjs.referensi import menit


class AntreanJadwal(models.Model):
    _name = "antrean.jadwal"
    _inherit = ["antrean.jadwal", "bpjs.source"]
    _antrean_path = "jadwal_id"

    def _meets(self, jam_praktek):
        """Whether these hours and those that BPJS has, "HH:MM-HH:MM", have any time in common; so
        it is taken of hours that nobody can read.
        """
        minutes = menit(jam_praktek)
        return not minutes or self._overlap(*(each / 60 for each in minutes)) > 0
