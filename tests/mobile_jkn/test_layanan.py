from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import FAILED, NEW, OK, MobileJknCase

KETERANGAN = "Mohon lapor ke loket pendaftaran saat tiba, paling lambat sebelum praktik berakhir."


@tagged("post_install", "-at_install")
class TestLayanan(MobileJknCase):
    """The six services, in both versions, to the letter of the catalogue."""

    def test_a_member_books(self):
        patient = self._pasien(1)
        code, message, response = self._ambil(patient, kodedokter=11101, jampraktek="00:00-24:00")
        self.assertEqual((code, message), (OK, "Ok"))
        self.assertEqual(
            response,
            {
                "nomorantrean": "A-1",
                "angkaantrean": 1,
                "namapoli": "Poli Umum",
                "sisaantrean": "0",
                "antreanpanggil": "",
                "keterangan": KETERANGAN,
            },
        )
        entry = self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)])
        self.assertEqual((entry.state, entry.sumber), ("dipesan", "mobile_jkn"))
        self.assertEqual((entry.keluhan, entry.penjamin_id), ("Batuk", self.bpjs))

    def test_version_1_has_texts_for_numbers(self):
        _code, _message, response = self._ambil(self._pasien(1), version="")
        self.assertEqual(response["angkaantrean"], "1")
