from unittest.mock import Mock, patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AntreanCase


@tagged("post_install", "-at_install")
class TestSecurity(AntreanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.faskes = cls.env["bpjs.faskes"].create(
            {"company_id": cls.company.id, "cons_id": "10001", "secret": "rahasia"}
        )
        cls.other = cls.env["res.company"].create({"name": "Klinik Lain"})
        cls.stranger = cls._user("admin", cls.other)
        cls.nobody = new_test_user(cls.env, "bukan_petugas", "base.group_user")

    def test_staff_cannot_read_the_account(self):
        with self.assertRaises(AccessError):
            self.faskes.with_user(self.petugas).read(["secret"])
        layanan = self.faskes.layanan_ids.with_user(self.petugas)
        self.assertNotIn("user_key", layanan.read()[0])
        with self.assertRaises(AccessError):
            layanan.read(["user_key"])
        with self.assertRaises(AccessError):
            layanan.search([("user_key", "like", "a")])

    def test_nobody_reads_the_kept_request_of_a_job(self):
        job = self._daftarkan(self._pasien(1)).job_ids[:1]
        for user in (self.petugas, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                job.with_user(user).read(["request"])

    def test_staff_write_no_job_and_read_no_attempt(self):
        job = self._daftarkan(self._pasien(1)).job_ids[:1].with_user(self.petugas)
        with self.assertRaises(AccessError):
            job.write({"state": "success"})
        with self.assertRaises(AccessError):
            self.env["bpjs.attempt"].with_user(self.petugas).search([])

    def test_another_company_sees_nothing(self):
        antrean = self._daftarkan(self._pasien(1))
        for records in (
            antrean,
            antrean.job_ids,
            self.poli,
            self.dokter,
            self.poli.jadwal_ids,
            self.faskes,
            self.faskes.layanan_ids,
        ):
            with self.subTest(model=records._name):
                foreign = records.with_user(self.stranger).with_context(
                    allowed_company_ids=self.other.ids
                )
                self.assertFalse(foreign.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    foreign.read(["display_name"])

    def test_who_is_not_staff_sees_no_patient_data(self):
        patient = self._pasien(1)
        with self.assertRaises(AccessError):
            patient.with_user(self.nobody).read(["nik"])
        found = self.env["res.partner"].with_user(self.nobody).name_search(patient.no_kartu_bpjs)
        self.assertFalse(found)

    def test_an_open_board_hears_its_own_companies_only(self):
        def channels(user):
            websocket = self.env["ir.websocket"].with_user(user)
            websocket = websocket.with_context(allowed_company_ids=user.company_ids.ids)
            with patch("odoo.addons.bus.models.ir_websocket.request", Mock()):
                found = websocket._build_bus_channel_list(["antrean_bpjs.board"])
            return [channel for channel in found if type(channel) is tuple and channel[1] == "ANTREAN"]

        self.assertEqual(channels(self.petugas), [(self.company, "ANTREAN")])
        self.assertEqual(channels(self.stranger), [(self.other, "ANTREAN")])
        self.assertEqual(channels(self.nobody), [])
