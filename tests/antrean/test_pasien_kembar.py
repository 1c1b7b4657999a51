from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import AntreanCase, SerentakCase

CARD, NIK = "0001000000001", "3200000000000001"


@tagged("post_install", "-at_install")
class TestPasienKembar(AntreanCase):
    """One person, one record, whatever way it is made or changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._baru(name="Peserta Pertama", nik=NIK, no_kartu_bpjs=CARD)
        cls.first.no_rekam_medis = "RM-LAMA-1"
        cls.patients = cls.env["res.partner"].with_user(cls.petugas)

    @classmethod
    def _baru(cls, user=None, **vals):
        user = user or cls.petugas
        patients = cls.env["res.partner"].with_user(user)
        patients = patients.with_context(allowed_company_ids=user.company_ids.ids)
        return patients.create({"name": "Baru"} | vals)

    def _assert_refused(self, way, name="Peserta Pertama"):
        with self.assertRaisesRegex(ValidationError, name) as caught, self.env.cr.savepoint():
            way()
        for number in (CARD, NIK):
            self.assertNotIn(number, str(caught.exception))
        return str(caught.exception)

    def test_whatever_makes_a_twin_is_refused(self):
        other = self._baru(nik="3200000000000002")
        child = self.patients.create({"name": "Induk"})
        fields = ["name", "no_kartu_bpjs"]
        ways = {
            "create": lambda: self._baru(no_kartu_bpjs="0001 0000 0000 1"),
            "nik": lambda: self._baru(nik="3200.0000.0000.0001"),
            "record number": lambda: self._baru(no_rekam_medis=" RM-LAMA-1 "),
            "write": lambda: other.write({"no_kartu_bpjs": CARD}),
            "mass edit": lambda: (other + child).write({"nik": "3200000000000003"}),
            "copy": lambda: other.copy({"no_kartu_bpjs": CARD}),
            "command": lambda: child.write(
                {"child_ids": [(0, 0, {"name": "Anak", "no_kartu_bpjs": CARD})]}
            ),
            "batch": lambda: self.patients.create(
                [{"name": "Peserta Pertama", "nik": "3200000000000004"}] * 2
            ),
            "system": lambda: self.env["res.partner"].create({"name": "X", "nik": NIK}),
        }
        for name, way in ways.items():
            with self.subTest(way=name):
                self._assert_refused(way, "Baru|Induk|Pertama")
        with self.subTest(way="import"):
            loaded = self.patients.load(fields, [["Kembar", CARD]])
            self.assertFalse(loaded["ids"])
            self.assertIn("Peserta Pertama", loaded["messages"][0]["message"])

    def test_one_who_is_archived_is_brought_back(self):
        self.first.active = False
        self.assertIn("archived", self._assert_refused(lambda: self._baru(nik=NIK)))
        form = Form(self.patients, "antrean_bpjs.pasien_view_form")
        form.name, form.no_kartu_bpjs = "Baru", "0001-0000-0000-1"
        self.assertEqual(form.pasien_sama["id"], self.first.id)
        self.assertIn("archived", form.pasien_sama["text"])

    def test_the_form_names_the_other_before_anything_is_saved(self):
        form = Form(self.patients, "antrean_bpjs.pasien_view_form")
        form.name, form.nik = "Baru", "3200000000000002"
        self.assertFalse(form.pasien_sama)
        form.nik = "3200 0000 0000 0001"
        self.assertEqual(
            (form.pasien_sama["id"], form.pasien_sama["name"]), (self.first.id, "Peserta Pertama")
        )
        self.assertFalse(self.first.pasien_sama)

    def test_a_number_that_is_free_again_may_be_given(self):
        other = self._baru()
        self.first.no_kartu_bpjs = False
        other.no_kartu_bpjs = CARD
        self.first.no_kartu_bpjs = "0001000000009"
        self.assertEqual(other.no_kartu_bpjs, CARD)

    def test_zeros_are_no_number(self):
        for text in ("0000000000000000", "0", "-", " ", "9999999999999999", "0000000000000"):
            with self.subTest(text=text):
                pair = [self._baru(nik=text, no_kartu_bpjs=text) for _ in range(2)]
                for patient in pair:
                    self.assertFalse(patient.nik or patient.no_kartu_bpjs)
        with self.assertRaises(ValidationError):
            self._baru(nik="1111")

    def test_a_number_is_no_name(self):
        """The web client opens the form instead, which says who has the number."""
        for text in ("0001 0000 0000 1", "0001/0000/0000/1", "0001\u200b0000\u200b00001", NIK):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.patients.name_create(text)
        self.assertTrue(self.patients.name_create("Siti"))

    # Who shares patients

    def test_two_clinics_do_not_learn_of_each_other(self):
        stranger = self._stranger("petugas")
        other = stranger.company_id
        self.first.company_id = self.company
        theirs = self._baru(stranger, nik=NIK, company_id=other.id)
        other.antrean_pasien_bersama = True
        shared = self._baru(stranger, no_kartu_bpjs=CARD)
        self.assertFalse(theirs.pasien_sama or shared.pasien_sama)
        self.assertEqual(self._doubles(stranger), self.env["res.partner"])
        self.assertEqual(self._doubles(self.petugas), self.first + shared)
        self._assert_refused(lambda: theirs.with_env(self.env).write({"company_id": False}))

    def _doubles(self, user):
        patients = self.env["res.partner"].with_user(user)
        patients = patients.with_context(allowed_company_ids=user.company_ids.ids)
        return patients.search([("nomor_ganda", "=", True)], order="id").with_env(self.env)

    def test_branches_share_the_patients_of_the_company_above(self):
        branch = self.env["res.company"].create({"name": "Cabang", "parent_id": self.company.id})
        self.first.company_id = self.company
        self._assert_refused(
            lambda: self.env["res.partner"].create(
                {"name": "Baru", "nik": NIK, "company_id": branch.id}
            )
        )

    def test_who_may_not_see_numbers_may_still_move_a_contact(self):
        nobody = new_test_user(self.env, "kontak", "base.group_user,base.group_partner_manager")
        nobody.company_ids += self.company
        contact = self.first.with_user(nobody)
        contact.company_id = self.company
        self.assertEqual(self.first.company_id, self.company)

    def test_a_patient_in_two_queues_belongs_to_both(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self._daftarkan(self.first)
        self.first.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "Leave its company empty"):
            self.first.company_id = other

    # Twins from before

    def test_twins_from_before_stay_usable_and_are_listed(self):
        twin = self._pasien(1, name="Peserta Kembar")
        self.assertEqual(self._doubles(self.petugas), self.first + twin)
        twin.with_user(self.petugas).write({"phone": "0812", "nik": NIK})  # as it is
        self.assertTrue(self._daftarkan(twin).pasien_id.no_rekam_medis)
        twin.write({"nik": "3200000000000005", "no_kartu_bpjs": "0001000000005"})
        self.assertFalse(self._doubles(self.petugas))


@tagged("post_install", "-at_install")
class TestPencarian(AntreanCase):
    """Numbers are found however they are typed."""

    TYPED = (
        "0001 0000 0000 2",
        "0001.0000.0000.2",
        "0001-0000",
        "3200 0000 0000 0002",
        "RM-22",
        "0001\u20130000\u201300002",  # en dash, as phones and Word write it
        "0001\u20110000\u201100002",  # no-break hyphen
        "0001\u200b0000\u200b00002",  # a blank without width, as from a web page
        "\u200e0001000000002",  # left-to-right mark
        "\uff10\uff10\uff10\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff102",  # wide
        "0001/0000/00002",
        "'0001000000002",
        "0001_0000_00002",
        "0001,0000,00002",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._pasien(cls, 2, no_rekam_medis="RM-22")
        cls.patients = cls.env["res.partner"].with_user(cls.petugas)

    def test_in_the_patient_field_and_lists(self):
        for text in self.TYPED:
            with self.subTest(text=text):
                self.assertIn(self.patient.id, dict(self.patients.name_search(text)))
                found = self.patients.search([("display_name", "ilike", text)])
                self.assertEqual(found, self.patient)

    def test_on_the_board(self):
        antrean = self._daftarkan(self.patient)
        board = self.env["antrean.antrean"].with_user(self.petugas)
        for text in self.TYPED:
            with self.subTest(text=text):
                self.assertEqual(board.search([("pasien_id", "ilike", text)]), antrean)

    def test_by_the_number_itself(self):
        for condition in (
            ("no_kartu_bpjs", "=", "0001 0000 0000 2"),
            ("no_kartu_bpjs", "in", ["0001-0000-0000-2", False]),
            ("nik", "ilike", "3200 0000 0000 0002"),
        ):
            with self.subTest(condition=condition):
                self.assertIn(self.patient, self.patients.search([condition]))

    def test_an_import_finds_them_too(self):
        [[found, _name]] = self.patients.name_search("0001 0000 0000 2", operator="=")
        self.assertEqual(found, self.patient.id)

    def test_what_is_only_separators_finds_nobody_by_number(self):
        self.patient.no_rekam_medis = False
        for text in ("-", ". ", "--"):
            self.assertNotIn(self.patient.id, dict(self.patients.name_search(text)))


@tagged("post_install", "-at_install")
class TestRekamMedis(AntreanCase):
    def test_the_sequence_skips_what_is_taken(self):
        sequence = self.env.ref("antrean_bpjs.sequence_rekam_medis")
        taken = [f"RM{sequence.number_next_actual + n:06d}" for n in range(3)]
        archived, *_rest = self.env["res.partner"].create(
            [{"name": f"Impor {number}", "no_rekam_medis": number} for number in taken]
        )
        archived.active = False
        patients = [self._pasien(member) for member in (1, 2)]
        for patient in patients:
            self._daftarkan(patient)
        numbers = [patient.no_rekam_medis for patient in patients]
        self.assertEqual(len(set(numbers)), 2)
        self.assertFalse(set(numbers) & set(taken))

    def test_a_copied_patient_is_somebody_else(self):
        patient = self._pasien(1, tanggal_lahir="1990-01-01", jenis_kelamin="P")
        self._daftarkan(patient)
        copy = patient.with_user(self.petugas).copy()
        for name in self.env["res.partner"]._identity_fields():
            with self.subTest(field=name):
                self.assertTrue(patient[name])
                self.assertFalse(copy[name])

    def test_another_card_is_of_another_clinic(self):
        patient = self._pasien(1).with_user(self.petugas)
        patient.no_kartu_bpjs = "0001 0000 0000 1"
        self.assertEqual(patient.kd_provider_peserta, "0001R001", "The same card")
        patient.no_kartu_bpjs = "0001000000002"
        self.assertFalse(patient.kd_provider_peserta)
        patient.write({"no_kartu_bpjs": "0001000000003", "kd_provider_peserta": "0001R002"})
        self.assertEqual(patient.kd_provider_peserta, "0001R002")
        patient.no_kartu_bpjs = False
        self.assertFalse(patient.kd_provider_peserta)


@tagged("post_install", "-at_install")
class TestSerentak(SerentakCase):
    def test_the_same_patient_is_entered_once(self):
        vals = {"nik": "3200000000000777", "no_kartu_bpjs": "0001000000777"}
        raised = self._at_once(
            lambda env: self._create(env, "res.partner", {"name": "Peserta Satu", **vals}),
            lambda env: env["res.partner"].create({"name": "Peserta Dua", **vals}),
        )
        self.assertEqual(len(raised), 1)
        self.assertIn("Peserta Satu", raised[0])

    def test_a_number_that_was_just_given_to_another(self):
        with self.registry.cursor() as cr:
            one, two = (
                self._create(self._env(cr), "res.partner", {"name": f"Peserta {n}"}).id
                for n in ("Satu", "Dua")
            )
        raised = self._at_once(
            lambda env: env["res.partner"].browse(one).write({"nik": "3200000000000778"}),
            lambda env: env["res.partner"].browse(two).write({"nik": "3200000000000778"}),
        )
        self.assertEqual(len(raised), 1)
        self.assertIn("Peserta Satu", raised[0])

    def test_two_rooms_do_not_get_one_letter(self):
        with self.registry.cursor() as cr:
            contact = self._create(self._env(cr), "res.partner", {"name": "Klinik Serentak"})
            company = {"name": contact.name, "partner_id": contact.id}
            company = self._create(self._env(cr), "res.company", company).id
        vals = {"company_id": company, "kode_antrean": "Q"}
        raised = self._at_once(
            lambda env: self._create(env, "antrean.ruangan", {"name": "Poli Satu", **vals}),
            lambda env: env["antrean.ruangan"].create({"name": "Poli Dua", **vals}),
        )
        self.assertEqual(len(raised), 1)
        self.assertIn("Poli Satu", raised[0])

    def test_an_imported_record_number_is_skipped(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            number = env["ir.sequence"].next_by_code("antrean.rekam_medis")
            following = f"RM{int(number[2:]) + 1:06d}"
            patient = self._create(env, "res.partner", {"name": "Peserta Baru"}).id
        raised = self._at_once(
            lambda env: self._create(
                env, "res.partner", {"name": "Impor", "no_rekam_medis": following}
            ),
            lambda env: env["res.partner"].browse(patient)._ensure_no_rekam_medis(),
        )
        self.assertFalse(raised)
        with self.registry.cursor() as cr:
            given = self._env(cr)["res.partner"].browse(patient).no_rekam_medis
        self.assertTrue(given)
        self.assertNotEqual(given, following)
