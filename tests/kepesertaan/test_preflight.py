from datetime import timedelta

from odoo.tests import Form, tagged

from ..common import DITOLAK_ANTREAN, A, EngineCase, P, knows_days


@tagged("post_install", "-at_install")
class TestPreflight(EngineCase):
    """What BPJS would refuse anyway is told before anything is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = cls.petugas.lang = cls.admin.lang = "en_US"
        cls.company.partner_id.lang = "en_US"

    def _problems(self, pasien, ruangan=None, user=None, **vals):
        """Return what the registration form says of such an entry, before it is saved."""
        entry = self.env["antrean.antrean"].with_user(user or self.petugas)
        entry = entry.new({"pasien_id": pasien.id, "ruangan_id": (ruangan or self.poli).id, **vals})
        return entry.bpjs_problems

    def _texts(self, *args, **kwargs):
        return [problem["text"] for problem in self._problems(*args, **kwargs) or ()]

    def test_a_complete_visit_has_none(self):
        self.assertFalse(self._problems(self._pasien(1)))

    def test_what_the_patient_lacks(self):
        patient = self._pasien(1, name="Contoh", no_kartu_bpjs=False, nik=False)
        open_patient = {"model": "res.partner", "id": patient.id, "name": "Contoh"}
        self.assertEqual(
            self._problems(patient, penjamin_id=self.bpjs.id),
            [
                {
                    "text": "Contoh has no BPJS card number. Open the patient and enter it.",
                    **open_patient,
                },
                {"text": "Contoh has no NIK. Open the patient and enter it.", **open_patient},
            ],
        )

    @knows_days
    def test_codes_are_for_administrators_to_enter(self):
        room = self._ruangan("Ruang Baru", "B")
        self.env["antrean.jadwal"].create(
            {
                "ruangan_id": room.id,
                "dokter_id": self.dokter.id,
                "hari": str(self.company._antrean_today().weekday()),
                "jam_mulai": 7,
                "jam_selesai": 14,
            }
        )
        self.dokter.kd_dokter_antrean = 0
        texts = [
            "Room Ruang Baru has no PCare poli code. An administrator enters it.",
            "Room Ruang Baru has no Antrean FKTP poli code. An administrator enters it.",
            "Doctor dr. Contoh Satu has no Antrean FKTP code. An administrator enters it.",
        ]
        patient = self._pasien(1)
        for user, models in (
            (self.petugas, ["", "", ""]),
            (self.admin, ["antrean.ruangan", "antrean.ruangan", "antrean.dokter"]),
        ):
            problems = self._problems(patient, room, user)
            self.assertEqual([problem["text"] for problem in problems], texts)
            self.assertEqual([problem["model"] for problem in problems], models)

    @knows_days
    def test_a_doctor_who_is_not_there_that_day(self):
        [text] = self._texts(self._pasien(1), jadwal_id=False)
        self.assertIn("No doctor and hours are chosen", text)
        tomorrow = self.company._antrean_today() + timedelta(days=1)
        hours = self.poli.jadwal_ids.filtered(lambda h: h.hari == str(tomorrow.weekday()))
        [text] = self._texts(self._pasien(2), jadwal_id=hours.id)
        self.assertIn("dr. Contoh Satu does not have these hours on the day", text)
        self.assertEqual(self._texts(self._pasien(3), jadwal_id=hours.id, tanggal=tomorrow), [])

    def test_a_clinic_without_account(self):
        self.faskes.unlink()
        [text] = self._texts(self._pasien(1))
        self.assertIn("BPJS is not set up for Klinik Uji yet", text)

    def test_what_bpjs_is_not_told_of_has_none(self):
        patient = self._pasien(1, no_kartu_bpjs=False)
        self.assertFalse(self._problems(patient, penjamin_id=self.umum.id))
        self.assertFalse(self._problems(patient, self.apotek, penjamin_id=self.bpjs.id))

    def test_what_bpjs_has_is_no_longer_asked_for(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_ANTREAN))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "gagal"))
        antrean.pasien_id.nik = False
        self.assertEqual(len(antrean.bpjs_problems), 1)
        self.assertEqual(self._job(antrean, P).state, "success")
        self._job(antrean, A)._finish("success", outcome="success", message=False)
        self.assertFalse(antrean.bpjs_problems)

    def test_the_form_tells_as_soon_as_it_is_chosen(self):
        patient = self._pasien(1, no_kartu_bpjs=False)
        view = "antrean_bpjs.antrean_view_form_daftarkan"
        with Form(self.env["antrean.antrean"].with_user(self.petugas), view) as form:
            form.pasien_id = patient
            form.ruangan_id = self.poli
            self.assertFalse(form.bpjs_problems)
            form.penjamin_id = self.bpjs
            self.assertEqual(len(form.bpjs_problems), 1)

    def test_the_badge_tells_of_one_after_the_other(self):
        antrean = self._daftarkan(
            self._pasien(1, no_kartu_bpjs=False, nik=False), penjamin_id=self.bpjs.id
        )
        self._run_engine()
        self.assertIn("card number", antrean.error_tambah_antrean_fktp)
        antrean.pasien_id.no_kartu_bpjs = "0001000000001"
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "gagal"))
        self.assertIn("NIK", antrean.error_tambah_antrean_fktp)
        antrean.pasien_id.nik = "3200000000000001"
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
