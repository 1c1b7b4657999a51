from odoo import models

from ...bpjs.referensi import menit


class AntreanJadwal(models.Model):
    _name = "antrean.jadwal"
    _inherit = ["antrean.jadwal", "bpjs.source"]
    _antrean_path = "jadwal_id"

    def _meets(self, jam_praktek):
        """Whether these hours and those that BPJS has, "HH:MM-HH:MM", have any time in common."""
        begin, end = menit(jam_praktek) or (0, 0)
        return min(end, self.jam_selesai * 60) > max(begin, self.jam_mulai * 60)
