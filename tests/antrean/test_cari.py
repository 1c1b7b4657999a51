from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from ..common import AntreanCase


@tagged("post_install", "-at_install")
class TestCari(AntreanCase):
    """One search finds a queue entry by whatever staff have in their hands."""

    def _found(self, typed):
        entries = self.env["antrean.antrean"].with_user(self.petugas)
        domain = [("company_id", "=", self.company.id), ("display_name", "ilike", typed)]
        return entries.search(domain).mapped("nomor_antrean")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gigi = cls._ruangan("Poli Gigi", "P2")
        patients = [cls._pasien(cls, nomor) for nomor in range(1, 13)]
        cls.entries = [cls._daftarkan(cls, patient, cls.poli) for patient in patients]
        cls._daftarkan(cls, patients[0], cls.gigi, penjamin_id=cls.umum.id)
        patients[4].no_rekam_medis = "RM000777"

    def test_a_queue_number_is_found_however_it_is_written(self):
        for typed in ("A-1", "a1", "A 1", " a - 1 "):
            with self.subTest(typed=typed):
                self.assertEqual(self._found(typed), ["A-1"])
        self.assertEqual(self._found("p2-1"), ["P2-1"])
        self.assertEqual(self._found("A-99"), [])

    def test_a_number_alone_is_that_of_any_room(self):
        self.assertEqual(sorted(self._found("1")), ["A-1", "P2-1"])
        self.assertEqual(self._found("12"), ["A-12"])

    def test_a_patient_is_found_by_name_and_by_each_number(self):
        for typed in (
            "peserta contoh 05",
            "0001000000005",
            "0001 0000 0000 5",
            "3200000000000005",
            "32-0000-000000-0005",
            "RM000777",
            "rm 000 777",
        ):
            with self.subTest(typed=typed):
                self.assertEqual(self._found(typed), ["A-5"])

    def test_a_short_record_number_is_found_beside_the_queue_number(self):
        self.entries[4].pasien_id.no_rekam_medis = "12"
        self.entries[5].pasien_id.no_rekam_medis = "1024"
        self.assertEqual(self._found("1024"), ["A-6"])
        self.assertEqual(sorted(self._found("12")), ["A-12", "A-5"])

    def test_blanks_in_a_name_do_not_count(self):
        self.assertEqual(self._found("  peserta   contoh 05 "), ["A-5"])

    def test_what_nobody_has_finds_nobody(self):
        for typed in ("Zeta", "0001000000099", "RM999999", "A-"):
            with self.subTest(typed=typed):
                self.assertEqual(self._found(typed), [])

    # Who has the name of another

    def test_namesakes_in_the_queue_are_told_apart(self):
        ani = [self._pasien(nomor, name="Ani Contoh") for nomor in (21, 22)]
        ani[0].write({"tanggal_lahir": date(1990, 2, 1), "no_rekam_medis": "RM21"})
        first = self._daftarkan(ani[0])
        self.assertFalse(first.ciri_pasien)
        self.env.cr.precommit.run()
        self.env["bus.bus"].sudo().search([]).unlink()
        second = self._daftarkan(ani[1])
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        born = format_date(self.env, date(1990, 2, 1))
        self.assertEqual(first.ciri_pasien, f"RM21 · {born} · …0021")
        self.assertTrue(second.ciri_pasien.endswith("…0022"))
        self.assertFalse(self.entries[0].ciri_pasien)
        [news] = self.env["bus.bus"].sudo().search([("message", "like", "antrean_bpjs.board")])
        self.assertIn(str(first.id), news.message, "its card is drawn anew, too")

    def test_one_patient_twice_is_no_namesake(self):
        self.assertFalse(any(entry.ciri_pasien for entry in self.entries))

    def test_the_list_to_pick_from_tells_namesakes_apart(self):
        patient = self.entries[4].pasien_id
        patient.tanggal_lahir = date(1990, 2, 1)
        picked = patient.with_user(self.petugas).with_context(
            antrean_pasien=True, formatted_display_name=True
        )
        born = format_date(picked.env, patient.tanggal_lahir)
        self.assertEqual(picked.display_name, f"Peserta Contoh 05 \t --RM000777 · {born} · …0005--")
        plain = patient.with_user(self.petugas).with_context(antrean_pasien=True)
        self.assertEqual(plain.display_name, "Peserta Contoh 05")

    # A number is a card or a NIK

    def test_a_number_typed_as_a_name_goes_where_it_belongs(self):
        patients = self.env["res.partner"].with_user(self.petugas)
        view = "antrean_bpjs.pasien_view_form"
        for typed, name, number in (
            ("0001 0000 0003 1", "no_kartu_bpjs", "0001000000031"),
            ("3200000000000031", "nik", "3200000000000031"),
        ):
            with self.subTest(typed=typed):
                form = Form(patients.with_context(antrean_pasien=True), view)
                form.name = typed
                self.assertEqual((form.name, form[name]), (False, number))

    def test_nobody_is_named_by_a_number(self):
        patients = self.env["res.partner"].with_user(self.petugas)
        with self.assertRaises(ValidationError):
            patients.create({"name": "0001000000031"})
        patient = patients.create({"name": "Siti Contoh"})
        with self.assertRaises(ValidationError):
            patient.name = "3200000000000031"
