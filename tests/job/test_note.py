from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ...models.job import bpjs_job_limits
from ..common import SUDAH_TERDAFTAR, A, EngineCase, P


@tagged("post_install", "-at_install")
class TestNote(EngineCase):
    """What staff should know of a job beside BPJS's own message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petugas.lang = "en_US"

    def _notes(self, antrean):
        """Return {job type: note} of those that the badges explain."""
        details = antrean.with_user(self.petugas).get_bpjs_details()
        return {job["job_type"]: job["note"] for job in details["jobs"]}

    def test_what_bpjs_took_needs_none(self):
        antrean = self._daftarkan(self._pasien(1))
        self.assertEqual(self._notes(antrean), {P: "", A: ""})
        self._run_engine()
        self.assertEqual(self._notes(antrean), {P: "", A: ""})

    def test_one_that_antrean_had_already_may_have_another_number_there(self):
        patient = self._pasien(1)
        today = self.company._antrean_today()
        self.simulator.book_by_phone(patient.no_kartu_bpjs, today, "A-7")
        antrean = self._daftarkan(patient)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        notes = self._notes(antrean)
        self.assertIn("another queue number. Tell the patient that A-1 counts", notes[A])
        self.assertEqual(notes[P], "")

    def test_one_that_pcare_had_already_has_its_number(self):
        antrean = self._daftarkan(self._pasien(SUDAH_TERDAFTAR))
        self._run_engine()
        self.assertTrue(antrean.nomor_antrean_pcare)
        notes = self._notes(antrean)
        self.assertIn(f"Its number {antrean.nomor_antrean_pcare} was taken over", notes[P])
        self.assertEqual(notes[A], "")

    def test_one_whose_answer_was_lost_may_be_our_own_or_not(self):
        for service in (PCARE, ANTREAN):
            self.simulator.fault(service, "drop_after", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (0,)):
            self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        notes = self._notes(antrean)
        self.assertEqual(notes[P], "", "its number is PCare's")
        self.assertIn("may show another queue number", notes[A])

    def test_our_own_words_are_not_bpjs_answer(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.simulator.fault(PCARE, "say", code=412, message="Pasien tidak aktif")
        refused = self._daftarkan(self._pasien(2))
        self._run_engine()
        self.assertEqual(self._said(refused), ("Pasien tidak aktif", True))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        message, is_answer = self._said(antrean)
        self.assertIn("…40", message)
        self.assertFalse(is_answer)

    def _said(self, antrean):
        """Return what the badge P tells, and whether BPJS said so."""
        job = antrean.with_user(self.petugas).get_bpjs_details()["jobs"][0]
        return job["message"], job["is_answer"]

    def test_what_waits_for_an_account_says_so(self):
        cons_id, secret = self.faskes.cons_id, self.faskes.secret
        addresses = {layanan.kode: layanan.base_url for layanan in self.faskes.layanan_ids}
        keys = {layanan.kode: layanan.user_key for layanan in self.faskes.layanan_ids}
        self.faskes.unlink()
        board = self.env["bpjs.layanan"].with_user(self.petugas)
        self.assertEqual(board.get_trouble(), [])
        antrean = self._daftarkan(self._pasien(1))
        for note in self._notes(antrean).values():
            self.assertIn("BPJS is not set up for Klinik Uji yet", note)
        [trouble] = board.get_trouble()
        self.assertEqual(
            (trouble["kind"], trouble["name"], trouble["waiting"]), ("not_set_up", "Klinik Uji", 2)
        )
        self.env["bpjs.faskes"].create(
            {
                "company_id": self.company.id,
                "cons_id": cons_id,
                "secret": secret,
                "username": "klinik-contoh",
                "password": "sandi-contoh",
                "layanan_ids": [
                    Command.create(
                        {"kode": kode, "base_url": addresses[kode], "user_key": keys[kode]}
                    )
                    for kode in addresses
                ],
            }
        )
        self.assertEqual(board.get_trouble(), [])
        self.assertEqual(self._notes(antrean), {P: "", A: ""})
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
