from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import EngineCase


@tagged("post_install", "-at_install")
class TestTours(EngineCase, HttpCase):
    """What staff see and press, in a real browser against a BPJS that runs for real."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "petugas_tur",
            "antrean_bpjs.group_antrean_admin,base.group_system",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _tour(self, name):
        self.start_tour("/odoo/antrean", f"antrean_bpjs_{name}", login="petugas_tur")

    def test_register(self):
        self._pasien(1)
        self._tour("daftarkan")
        book = self.simulator.book()
        self.assertEqual(
            [row["noKartu"] for row in book["pendaftaran"]], ["0001000000001"], "held once by PCare"
        )
        self.assertEqual(len(book["antrean"]), 1)

    def test_what_is_not_reported(self):
        self._daftarkan(self._pasien(2), self.apotek)
        self._daftarkan(self.env["res.partner"].create({"name": "Pasien Umum Contoh"}))
        self._tour("tanpa_pelaporan")
