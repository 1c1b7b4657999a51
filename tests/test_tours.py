from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..bpjs.pcare import PCARE
from .common import DITOLAK_ANTREAN, DITOLAK_PCARE, TIDAK_AKTIF, EngineCase


@tagged("post_install", "-at_install")
class TestTours(EngineCase, HttpCase):
    """What staff see and press, in a real browser against a BPJS that runs for real."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env,
            "petugas_tur",
            "antrean_bpjs.group_antrean_admin,base.group_system",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _tour(self, name):
        self.start_tour("/odoo/antrean", f"antrean_bpjs_{name}", login="petugas_tur")

    def _reported(self, nomor):
        """Register a member, and let BPJS answer."""
        antrean = self._daftarkan(self._pasien(nomor))
        self._run_engine()
        return antrean

    def test_register(self):
        self._pasien(1)
        self._tour("daftarkan")
        book = self.simulator.book()
        self.assertEqual(
            [row["noKartu"] for row in book["pendaftaran"]], ["0001000000001"], "held once by PCare"
        )
        self.assertEqual(len(book["antrean"]), 1)

    def test_register_a_patient_without_card(self):
        self._pasien(3, no_kartu_bpjs=False)
        self._tour("daftarkan_tanpa_kartu")
        self.assertEqual(len(self.simulator.book()["pendaftaran"]), 1)

    def test_check_a_membership_and_register(self):
        self._tour("kepesertaan")
        patient = self.env["res.partner"].search([("no_kartu_bpjs", "=", "0001000000031")])
        self.assertEqual((patient.name, patient.nik), ("Peserta Contoh 31", "3200000000000031"))
        calls = self.simulator.book()["calls"]
        self.assertEqual(calls[f"{PCARE} GET /peserta/{{jenis}}/{{nomor}}"], 1)

    def test_bpjs_knows_the_card_of_a_nik(self):
        patient = self._pasien(3, no_kartu_bpjs=False)
        self._tour("kepesertaan_nik")
        self.assertEqual(patient.no_kartu_bpjs, "0001000000003")

    def test_register_while_nobody_can_be_checked(self):
        self._pasien(1)
        self.simulator.fault(PCARE, "html_502", times=9)
        self._tour("kepesertaan_gangguan")

    def test_who_is_here_already_is_opened_instead(self):
        archived = self._pasien(7, active=False)
        self._tour("pasien_kembar")
        self.assertTrue(archived.active)
        self.assertEqual(self.env["res.partner"].search_count([("nik", "=", archived.nik)]), 1)
        [entry] = self.env["antrean.antrean"].search([("company_id", "=", self.company.id)])
        self.assertEqual(entry.pasien_id, archived)

    def test_patients_are_found_in_their_list(self):
        self._daftarkan(self._pasien(7))
        self._daftarkan(self._pasien(8))
        self.start_tour(
            "/odoo/antrean-pasien", "antrean_bpjs_cari_pasien", login=self.operator.login
        )

    def test_what_is_not_reported(self):
        self._daftarkan(self._pasien(2), self.apotek)
        self._daftarkan(self.env["res.partner"].create({"name": "Pasien Umum Contoh"}))
        self._tour("tanpa_pelaporan")

    def test_references(self):
        self.simulator.reference(
            jadwal=[{"kd_poli": "001", "kd_dokter": 11101, "jam": "08:00-12:00"}]
        )
        doctor = self.env["antrean.dokter"].create({"name": "Nama Lain"})
        self.start_tour("/odoo/bpjs-referensi", "antrean_bpjs_referensi", login=self.operator.login)
        self.assertEqual(doctor.kd_dokter_pcare, "11103")
        today = str(self.company._antrean_today().weekday())
        hours = self.poli.jadwal_ids.filtered(lambda jadwal: jadwal.hari == today)
        self.assertEqual(hours.jam_praktek, "08:00-12:00")
        gigi = self.env["antrean.ruangan"].search(
            [("company_id", "=", self.company.id), ("name", "=", "Poli Gigi")]
        )
        self.assertEqual((gigi.kd_poli_pcare, gigi.kd_poli_antrean), ("002", "002"))

    def test_connection_test(self):
        self.faskes.password = "salah"
        self._tour("diagnosis")
        self.assertEqual(self.faskes.password, "sandi-contoh")

    def test_another_way(self):
        self.faskes.jalur_alamat = self.simulator.engine_url
        self._tour("jalur")
        self.assertEqual(self.faskes.jalur, "mesin")
        self.assertEqual(self.simulator.calls("engine POST"), 2, "one test of each service")

    def test_a_copied_database(self):
        antrean = self._daftarkan(self._pasien(1))
        self.faskes.database_uuid = "another"
        self._tour("salinan")
        self.assertFalse(self.faskes.is_copy)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    # The desk

    def test_search(self):
        for nomor in range(1, 11):
            self._daftarkan(self._pasien(nomor))
        self._tour("cari")

    def test_a_scanned_number_is_a_new_patient(self):
        for nomor in (1, 2):
            self._daftarkan(self._pasien(nomor))
        self._tour("pindai")
        [patient] = self.env["res.partner"].search([("no_kartu_bpjs", "=", "0001000000031")])
        self.assertEqual(patient.name, "Peserta Contoh 31")

    def test_namesakes(self):
        for nomor in (21, 22):
            self._daftarkan(self._pasien(nomor, name="Ani Contoh"))
        self._tour("nama_sama")

    def test_undo(self):
        antrean = self._reported(1)
        self._tour("urungkan")
        self.assertEqual(antrean.state, "menunggu")

    def test_what_is_asked_before(self):
        self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        self._tour("tanya_dahulu")

    def test_the_dialog_at_accept_follows_the_jobs(self):
        antrean = self._daftarkan(self._pasien(1))
        self._tour("terima_hidup")
        self.assertFalse(antrean.diterima_gagal_uid)

    def test_send_a_patient_on(self):
        antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        self._tour("teruskan")
        self.assertEqual(antrean.lanjutan_ids.nomor_antrean, "R-1")

    def test_register_from_the_list(self):
        self._daftarkan(self._pasien(1))
        patient = self._pasien(2)
        self._tour("daftar")
        [entry] = self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)])
        self.assertEqual(entry.ruangan_id, self.apotek)

    # The five rows of the manual's table

    def test_accept_both_ok(self):
        antrean = self._reported(1)
        self._tour("terima_ok_ok")
        self.assertFalse(antrean.diterima_gagal_uid)

    def test_accept_pcare_failed(self):
        antrean = self._reported(DITOLAK_PCARE)
        self._tour("terima_gagal_ok")
        self.assertEqual(antrean.diterima_gagal_uid, self.operator)
        self.assertIn("Nomor kartu tidak valid", antrean.diterima_gagal_error)
        self.assertEqual(self._posts(), 2, "resent once")

    def test_accept_antrean_failed(self):
        antrean = self._reported(DITOLAK_ANTREAN)
        self._tour("terima_ok_gagal")
        self.assertEqual(antrean.diterima_gagal_uid, self.operator)

    def test_accept_both_failed(self):
        antrean = self._reported(TIDAK_AKTIF)
        self._tour("terima_gagal_gagal")
        self.assertEqual(antrean.state, "menunggu")

    def test_accept_while_processing(self):
        antrean = self._daftarkan(self._pasien(1))
        self._tour("terima_processing")
        self.assertEqual(antrean.state, "diterima")
        self.assertFalse(antrean.diterima_gagal_uid)

    # Cancel

    def test_cancel(self):
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["DELETE"])
        antrean = self._reported(1)
        self._tour("batal")
        self.assertEqual(antrean.alasan_batal, "Dirujuk ke IGD")
        self.assertFalse(self._registered(antrean))

    def test_cancel_who_did_not_come(self):
        antrean = self._reported(1)
        antrean.action_panggil()
        self._tour("batal_tidak_hadir")
        self.assertEqual(antrean.alasan_batal, "Pasien tidak hadir")

    def test_keep_an_entry(self):
        antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        self._tour("tidak_jadi_batal")
        self.assertEqual(antrean.state, "menunggu")

    # Resend PCare

    def _failed_once(self):
        """Return an entry that PCare has refused, and would take now."""
        self.simulator.fault(PCARE, "fields_412", methods=["POST"])
        return self._reported(1)

    def test_resend(self):
        antrean = self._failed_once()
        self._tour("resend_success")
        self.assertEqual(self._registered(antrean), ["A1"])

    def test_resend_refused(self):
        self._reported(DITOLAK_PCARE)
        self._tour("resend_refused")
        self.assertEqual(self._posts(), 2)

    def test_resend_error(self):
        antrean = self._failed_once()
        self.simulator.fault(PCARE, "html_502", times=9)
        self._tour("resend_error")
        self.assertFalse(self._registered(antrean))

    def test_resend_by_double_click(self):
        antrean = self._failed_once()
        self._tour("resend_double_click")
        self.assertEqual(self._posts(), 2, "one press, one request")
        self.assertEqual(self._registered(antrean), ["A1"])
