import re
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..common import AntreanCase

ADDON = Path(__file__).parents[2]


@tagged("post_install", "-at_install")
class TestAntrean(AntreanCase):
    def test_bpjs_has_id_2_on_a_new_database(self):
        self.assertEqual((self.umum.id, self.bpjs.id), (1, 2))

    # Numbers

    def test_numbers_count_up_per_room(self):
        numbers = [
            self._daftarkan(self._pasien(member), ruangan).nomor_antrean
            for member, ruangan in [
                (1, self.poli),
                (2, self.poli),
                (3, self.apotek),
                (4, self.poli),
            ]
        ]
        self.assertEqual(numbers, ["A-1", "A-2", "R-1", "A-3"])

    def test_a_batch_gets_numbers_in_order(self):
        antreans = self.env["antrean.antrean"].create(
            [
                {"pasien_id": self._pasien(member).id, "ruangan_id": ruangan.id}
                for member, ruangan in [(1, self.poli), (2, self.apotek), (3, self.poli)]
            ]
        )
        self.assertEqual(antreans.mapped("nomor_antrean"), ["A-1", "R-1", "A-2"])

    def test_numbers_start_anew_at_midnight_of_the_facility(self):
        self.company.antrean_tz = "Asia/Jayapura"  # UTC+9: its midnight is 15:00 UTC
        with freeze_time("2026-03-02 14:59:00"):
            before = self._daftarkan(self._pasien(1))
        with freeze_time("2026-03-02 15:00:00"):
            after = self._daftarkan(self._pasien(2))
            self.assertTrue(after.hari_ini)
            self.assertFalse(before.hari_ini)
            found = self.env["antrean.antrean"].search([("hari_ini", "=", True)])
        self.assertEqual(found, after)
        self.assertEqual((before.nomor_antrean, str(before.tanggal)), ("A-1", "2026-03-02"))
        self.assertEqual((after.nomor_antrean, str(after.tanggal)), ("A-1", "2026-03-03"))

    # Identity numbers

    def test_identity_numbers_are_checked(self):
        cases = [
            ("no_kartu_bpjs", "123456789012"),
            ("no_kartu_bpjs", "12345678901234"),
            ("no_kartu_bpjs", "000100000000X"),
            ("no_kartu_bpjs", "٠٠٠١٠٠٠٠٠٠٠٠١"),
            ("nik", "320000000000000"),
            ("nik", "32000000000000001"),
        ]
        patient = self._pasien(1)
        for name, text in cases:
            with self.subTest(name=name, text=text), self.assertRaises(ValidationError) as caught:
                patient[name] = text
            self.assertIn(patient.name, str(caught.exception))
            self.assertNotIn(text, str(caught.exception), "Identity numbers are in no error text")

    def test_identity_numbers_may_be_typed_with_separators(self):
        patient = self._pasien(1)
        patient.write({"no_kartu_bpjs": "0001 0000-0000.2", "nik": " 3200000000000002 "})
        self.assertEqual(patient.no_kartu_bpjs, "0001000000002")
        self.assertEqual(patient.nik, "3200000000000002")

    def test_patients_are_found_by_their_numbers(self):
        patient = self._pasien(7)
        self._daftarkan(patient)
        partners = self.env["res.partner"].with_user(self.petugas)
        for text in (patient.no_kartu_bpjs, patient.nik, patient.no_rekam_medis, patient.name):
            with self.subTest(text=text):
                self.assertIn(patient.id, [found[0] for found in partners.name_search(text)])

    def test_first_visit_gives_a_medical_record_number(self):
        first, second = self._pasien(1), self._pasien(2)
        self._daftarkan(first)
        self._daftarkan(second)
        self.assertTrue(first.no_rekam_medis)
        self.assertNotEqual(first.no_rekam_medis, second.no_rekam_medis)

    # What registration proposes

    def test_a_card_means_bpjs_and_none_means_umum(self):
        self.assertEqual(self._daftarkan(self._pasien(1)).penjamin_id, self.bpjs)
        no_card = self._pasien(2, no_kartu_bpjs=False)
        self.assertEqual(self._daftarkan(no_card).penjamin_id, self.umum)

    def test_hours_that_are_not_over_are_proposed(self):
        late = self.env["antrean.jadwal"].create(
            {
                "ruangan_id": self.poli.id,
                "dokter_id": self.dokter.id,
                "hari": "0",
                "jam_mulai": 14,
                "jam_selesai": 20.5,
            }
        )
        with freeze_time("2026-03-02 06:59:00"):  # Monday, 13:59 at the facility
            self.assertEqual(self._daftarkan(self._pasien(1)).jadwal_id.jam_praktek, "07:00-14:00")
        with freeze_time("2026-03-02 07:00:00"):
            self.assertEqual(self._daftarkan(self._pasien(2)).jadwal_id, late)
        self.assertEqual(late.jam_praktek, "14:00-20:30")

    # Jobs are born with the entry

    def test_only_outpatient_visits_of_bpjs_get_jobs(self):
        cases = [
            (self.poli, self.bpjs, ["pendaftaran_pcare", "tambah_antrean_fktp"], "processing"),
            (self.poli, self.umum, [], False),
            (self.apotek, self.bpjs, [], "na"),
            (self.apotek, self.umum, [], False),
        ]
        for member, (ruangan, penjamin, job_types, status) in enumerate(cases, 1):
            with self.subTest(ruangan=ruangan.name, penjamin=penjamin.name):
                antrean = self._daftarkan(self._pasien(member), ruangan, penjamin_id=penjamin.id)
                self.assertEqual(sorted(antrean.job_ids.mapped("job_type")), job_types)
                self.assertEqual(antrean.status_pendaftaran_pcare, status)
                self.assertEqual(antrean.status_tambah_antrean_fktp, status)

    def test_jobs_are_born_when_the_payer_becomes_bpjs(self):
        antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        antrean.with_user(self.petugas).penjamin_id = self.bpjs
        self.assertEqual(len(antrean.job_ids), 2)

    def test_bpjs_takes_one_visit_a_room_and_day(self):
        patient = self._pasien(1)
        first = self._daftarkan(patient)
        with self.assertRaises(ValidationError) as caught:
            self._daftarkan(patient)
        self.assertIn(first.nomor_antrean, str(caught.exception))
        self._batalkan(first)
        self.assertEqual(self._daftarkan(patient).nomor_antrean, "A-2")

    # The day of an entry

    def test_the_ways_of_an_entry(self):
        antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        antrean = antrean.with_user(self.petugas)
        for action, state in [
            ("action_panggil", "dipanggil"),
            ("action_panggil", "dipanggil"),
            ("action_terima", "diterima"),
            ("action_selesai", "selesai"),
        ]:
            getattr(antrean, action)()
            self.assertEqual(antrean.state, state)

    def test_what_does_not_fit_the_state_is_refused(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._batalkan(antrean)
        for action in ("action_panggil", "action_terima", "action_selesai", "action_batalkan"):
            with self.subTest(action=action), self.assertRaises(UserError) as caught:
                getattr(antrean, action)()
            self.assertIn("A-1", str(caught.exception))
        self.assertEqual(antrean.state, "batal")


@tagged("post_install", "-at_install")
class TestDays(BaseCase):
    def test_only_companies_know_which_day_it_is(self):
        """It is that of the facility, neither UTC's nor that of whoever asks."""
        asked = re.compile(r"Date\.(context_)?today|context_today|date\.today|[\"']today\b")
        files = [
            file
            for layer in ("controllers", "data", "jobs", "models", "views", "wizards")
            for file in (ADDON / layer).rglob("*")
            if file.suffix in {".py", ".xml"}
        ]
        found = {file.name for file in files if asked.search(file.read_text())}
        self.assertEqual(found, {"res_company.py"})
