from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import AntreanCase

NIK, CARD = "3200000000000055", "0001000000055"


@tagged("post_install", "-at_install")
class TestPasienKlinik(AntreanCase):
    """Who reads a patient's NIK and card where a database has several clinics."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._stranger("petugas")
        cls.other = cls.stranger.company_id

    def _patients(self, user, **context):
        companies = user.company_ids.ids
        return (
            self.env["res.partner"]
            .with_user(user)
            .with_context(allowed_company_ids=companies, **context)
        )

    def _ways(self):
        """Yield the ways in which staff enter a new patient."""
        patients = self._patients(self.petugas)
        yield "create", patients.create({"name": "Peserta", "nik": NIK})
        yield "page", self._with_form(patients)
        ids = patients.load(["name", "no_kartu_bpjs"], [["Peserta", CARD]])["ids"]
        yield "import", patients.browse(ids)
        quick, _name = patients.with_context(antrean_pasien=True).name_create("Peserta Baru")
        yield "name only", patients.browse(quick)

    def _with_form(self, patients):
        patients = patients.with_context(antrean_pasien=True)
        with Form(patients, view="antrean_bpjs.pasien_view_form") as form:
            form.name = "Peserta"
        return form.record

    def test_a_patient_is_of_the_clinic_that_enters_them(self):
        for way, patient in self._ways():
            with self.subTest(way=way):
                self.assertEqual(patient.company_id, self.company)
                self.assertTrue(patient.read(["nik", "no_kartu_bpjs"]))
                theirs = patient.with_user(self.stranger)
                theirs = theirs.with_context(allowed_company_ids=self.other.ids)
                with self.assertRaises(AccessError):
                    theirs.read(["nik"])
                for term in (patient.nik, patient.no_kartu_bpjs, patient.name):
                    found = self._patients(self.stranger).name_search(term or "?")
                    self.assertNotIn(patient.id, [row[0] for row in found])
            patient.sudo().unlink()

    def test_the_clinics_may_share_their_patients(self):
        self.company.antrean_pasien_bersama = True
        for way, patient in self._ways():
            with self.subTest(way=way):
                self.assertFalse(patient.company_id)
                self.assertTrue(self._patients(self.stranger).browse(patient.id).read(["nik"]))
            patient.sudo().unlink()
        theirs = self._patients(self.stranger).create({"name": "Peserta", "nik": NIK})
        self.assertEqual(theirs.company_id, self.other, "each clinic decides about its own")

    def test_one_person_may_be_the_patient_of_two_clinics(self):
        ours = self._patients(self.petugas).create({"name": "Peserta", "nik": NIK})
        theirs = self._patients(self.stranger).create({"name": "Peserta", "nik": NIK})
        self.assertNotEqual(ours, theirs)
        self.assertTrue(self._daftarkan(ours.with_env(self.env)))

    def test_other_contacts_and_those_of_before_stay_everybodys(self):
        vendor = self._patients(self.petugas).create({"name": "Apotek Grosir"})
        self.assertFalse(vendor.company_id)
        vendor.nik = NIK
        self._daftarkan(vendor.with_env(self.env))
        self.assertFalse(vendor.company_id)
        self.assertEqual(self._patients(self.stranger).browse(vendor.id).nik, NIK)

    def test_a_database_with_one_clinic_knows_no_companies(self):
        self.env.cr.execute(
            "UPDATE res_company SET active = false WHERE id != %s", [self.company.id]
        )
        patient = self._patients(self.petugas).create({"name": "Peserta", "nik": NIK})
        self.assertFalse(patient.company_id)

    def test_administrators_set_it_for_their_clinic(self):
        faskes = self.env["bpjs.faskes"].create({"cons_id": "10001", "secret": "rahasia"})
        faskes.with_user(self.admin).antrean_pasien_bersama = True
        self.assertTrue(self.company.antrean_pasien_bersama)
        self.assertFalse(self.other.antrean_pasien_bersama)
        self.assertEqual(self.company.antrean_tz, "Asia/Jakarta")
