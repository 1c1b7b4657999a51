import time
from datetime import date
from types import SimpleNamespace

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ...bpjs.answer import Answer
from ...bpjs.outcome import classify
from ...bpjs.pcare import PCARE
from ..common import DI_FASKES_LAIN, LAMBAT, TIDAK_AKTIF, EngineCase, knows_days

KARTU, NIK = "0001000000001", "3200000000000001"
NOBODYS = "0001000000999"


@tagged("post_install", "-at_install")
class TestKepesertaan(EngineCase, HttpCase):
    """Cek Kepesertaan as the web client asks for it, against a BPJS that runs for real."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petugas.lang = cls.env.user.lang = "en_US"
        cls.faskes.kd_provider = "0001R001"

    def _cek(self, nomor, user=None):
        user = user or self.petugas
        self.authenticate(user.login, user.login)
        call = {"model": "res.partner", "method": "cek_kepesertaan", "args": [nomor], "kwargs": {}}
        answer = self.make_jsonrpc_request("/web/dataset/call_kw", call)
        self.env.invalidate_all()
        return answer

    def _calls(self):
        return sum(self.simulator.book()["calls"].values())

    def _checked(self, nomor, **vals):
        """Return a patient whose membership was just checked."""
        patient = self._pasien(nomor, **vals)
        self.assertEqual(self._cek(patient.no_kartu_bpjs or patient.nik)["kind"], "found")
        return patient.with_user(self.petugas).with_context(lang="en_US")

    # Found

    def test_a_member_is_found_by_each_number(self):
        for nomor in (KARTU, NIK, " 0001 0000-0000.1 ", "32.00.0000 0000-0001"):
            with self.subTest(nomor=nomor):
                self.assertEqual(
                    self._cek(nomor),
                    {
                        "kind": "found",
                        "message": "",
                        "values": {
                            "name": "Peserta Contoh 01",
                            "no_kartu_bpjs": KARTU,
                            "nik": NIK,
                            "tanggal_lahir": "1951-02-11",
                            "jenis_kelamin": "P",
                            "phone": "081200000001",
                            "kd_provider_peserta": "0001R001",
                        },
                    },
                )

    def test_what_is_shown_of_a_member(self):
        active = {
            "aktif": True,
            "ket_aktif": "AKTIF",
            "kelas": "KELAS III",
            "tunggakan": 0,
            "klinik": "Klinik Contoh",
            "is_elsewhere": False,
            "differences": [],
        }
        cases = [
            (1, {}),
            (TIDAK_AKTIF, {"aktif": False, "ket_aktif": "TIDAK AKTIF (PREMI)", "tunggakan": 3}),
            (DI_FASKES_LAIN, {"klinik": "Puskesmas Contoh Dua", "is_elsewhere": True}),
        ]
        for member, expected in cases:
            with self.subTest(member=member):
                shown = self._checked(member, kd_provider_peserta=False).kepesertaan
                self.assertTrue(shown.pop("checked_at"))
                self.assertEqual(shown, active | expected)

    def test_without_the_own_code_nobody_is_elsewhere(self):
        self.faskes.kd_provider = False
        self.assertFalse(self._checked(DI_FASKES_LAIN).kepesertaan["is_elsewhere"])

    # Kept for the day

    @knows_days
    def test_it_is_kept_until_midnight_of_the_facility(self):
        self.company.antrean_tz = "Asia/Jayapura"  # UTC+9: its midnight is 15:00 UTC
        patient = self._checked(1)
        today = self.company._antrean_today()
        for moment, is_kept in ((f"{today} 14:59:00", True), (f"{today} 15:00:00", False)):
            with self.subTest(moment=moment), freeze_time(moment):
                patient.invalidate_recordset()
                self.assertEqual(bool(patient.kepesertaan), is_kept)

    @knows_days
    def test_it_is_removed_after_midnight_of_the_facility(self):
        self.company.antrean_tz = "Asia/Jayapura"  # UTC+9: its midnight is 15:00 UTC
        self._checked(1)
        kept = self.env["bpjs.peserta"].search([("company_id", "=", self.company.id)])
        for clock, is_kept in (("14:59", True), ("15:00", False)):
            with freeze_time(f"{kept.tanggal} {clock}"):
                kept._gc_peserta()
                self.assertEqual(bool(kept.exists()), is_kept)

    def test_it_belongs_to_the_card_not_to_who_has_it_in_hand(self):
        patient = self._checked(1)
        patient.no_kartu_bpjs = "0001000000002"
        self.assertFalse(patient.kepesertaan)
        patient.no_kartu_bpjs = False
        self.assertTrue(patient.kepesertaan, "the NIK is the same")
        patient.nik = False
        self.assertFalse(patient.kepesertaan)

    def test_who_has_no_number_is_nobody(self):
        self.env["bpjs.peserta"].create({"no_kartu": KARTU})  # BPJS did not say the NIK
        somebody = self._pasien(1)
        nobody = self._pasien(2, no_kartu_bpjs=False, nik=False)
        self.assertEqual(
            [bool(patient.kepesertaan) for patient in somebody + nobody], [True, False]
        )

    def test_the_latest_answer_counts(self):
        patient = self._checked(1)
        self.env["bpjs.peserta"].search([("no_kartu", "=", KARTU)]).aktif = False
        self.assertFalse(patient.kepesertaan["aktif"])
        self._cek(KARTU)
        self.assertTrue(patient.kepesertaan["aktif"])

    # What BPJS has otherwise

    def test_what_was_entered_stays_and_differences_are_told(self):
        patient = self._checked(
            1, name="peserta  CONTOH 01", tanggal_lahir="1951-12-31", phone="0899", nik=False
        )
        patient.ambil_dari_bpjs()
        self.assertEqual(patient.name, "peserta  CONTOH 01")
        self.assertEqual(patient.tanggal_lahir, date(1951, 12, 31))
        self.assertEqual((patient.nik, patient.jenis_kelamin), (NIK, "P"), "were empty")
        self.assertEqual(
            patient.kepesertaan["differences"],
            [
                {
                    "name": "tanggal_lahir",
                    "label": "Date of Birth",
                    "text": "02/11/1951",
                    "value": "1951-02-11",
                }
            ],
            "neither upper case nor a newer phone number",
        )
        patient.ambil_dari_bpjs(timpa=True)
        self.assertEqual(patient.tanggal_lahir, date(1951, 2, 11))
        self.assertEqual(patient.phone, "0899")
        self.assertFalse(patient.kepesertaan["differences"])

    def test_without_an_answer_nothing_is_taken_over(self):
        patient = self._pasien(1, name="Lain").with_user(self.petugas)
        self.assertFalse(patient.ambil_dari_bpjs(timpa=True))
        self.assertEqual(patient.name, "Lain")

    # Not found out

    def test_a_text_says_what_why_and_what_next(self):
        say = {"fault": "say", "code": 412, "message": "Nomor 0001000000001 salah"}
        cases = [
            ("not_found", NOBODYS, None, "Compare it with the card"),
            ("rejected", KARTU, say, "“Nomor ••••0001 salah”. Check the number"),
            ("refused", KARTU, {"fault": "wrong_password"}, "Tell an administrator"),
            ("down", KARTU, {"fault": "limits_exceeded"}, "PCare is down: “HTTP 429"),
            ("down", KARTU, {"fault": "html_502"}, "PCare is down: “HTTP 502"),
            ("down", KARTU, {"fault": "wrong_encryption"}, "could not be decrypted"),
            ("no_answer", KARTU, {"fault": "drop_before"}, "Go on registering"),
        ]
        for kind, nomor, fault, words in cases:
            with self.subTest(kind=kind, fault=fault):
                if fault:
                    self.simulator.fault(PCARE, **fault)
                answer = self._cek(nomor)
                self.assertEqual((answer["kind"], answer["values"]), (kind, {}))
                self.assertIn(words, answer["message"])
                self.assertNotIn(nomor, answer["message"])
        self.assertFalse(self.env["bpjs.peserta"].search([("company_id", "=", self.company.id)]))

    def test_only_what_says_how_this_member_is_counts(self):
        member = {"noKartu": KARTU, "noKTP": NIK, "aktif": True}
        cases = [
            ("no_kartu", KARTU, member, "found"),
            ("nik", NIK, member | {"noKTP": None}, "found"),
            ("no_kartu", NOBODYS, member, "unreadable"),
            ("nik", "3200000000000999", member, "unreadable"),
            ("no_kartu", KARTU, member | {"aktif": None}, "unreadable"),
            ("no_kartu", KARTU, {"aktif": True}, "unreadable"),
            ("no_kartu", KARTU, [], "not_found"),
        ]
        for name, nomor, response, expected in cases:
            with self.subTest(name=name, response=response):
                answer = Answer(200, 200, "OK", response)
                client = SimpleNamespace(
                    send_within=lambda *args, answer=answer: answer, outcome=classify
                )
                kind, peserta, _message = self.env["bpjs.peserta"]._answer(client, name, nomor)
                found = peserta and getattr(peserta, name)
                self.assertEqual((kind, found), (expected, nomor if kind == "found" else None))

    def test_bpjs_cannot_be_reached(self):
        self.layanan_pcare.base_url = "http://127.0.0.1:9/nobody"
        answer = self._cek(KARTU)
        self.assertEqual(answer["kind"], "down")
        self.assertIn("BPJS could not be reached", answer["message"])

    def test_a_service_that_is_down_is_not_asked(self):
        for down_kind, kind in (("outage", "down"), ("misconfigured", "refused")):
            with self.subTest(kind=kind):
                self.layanan_pcare.write(
                    {
                        "down_since": fields.Datetime.now(),
                        "down_kind": down_kind,
                        "down_message": "Sudah diketahui",
                    }
                )
                answer = self._cek(KARTU)
                self.assertEqual(answer["kind"], kind)
                self.assertIn("Sudah diketahui", answer["message"])
        self.assertEqual(self._calls(), 0)

    def test_what_is_no_number_is_not_asked(self):
        texts = ("", "Peserta", "123456789012", "000100000000X", "٠٠٠١٠٠٠٠٠٠٠٠١", 2 * KARTU)
        for text in (*texts, None, 1000000000001, [KARTU], {"nomor": KARTU}):
            with self.subTest(text=text):
                answer = self._cek(text)
                self.assertEqual(answer["kind"], "invalid")
                self.assertIn("13 digits", answer["message"])
        self.assertEqual(self._calls(), 0)

    def test_a_clinic_without_an_account(self):
        answer = self._cek(KARTU, self._stranger("petugas"))
        self.assertEqual(answer["kind"], "not_set_up")
        self.assertIn("Klinik Lain", answer["message"])

    def test_staff_wait_five_seconds_at_most(self):
        slow = f"{1000000000 + LAMBAT:013d}"
        for nomor, fault in ((slow, None), (KARTU, {"fault": "delay", "seconds": 30})):
            with self.subTest(fault=fault):
                if fault:
                    self.simulator.fault(PCARE, **fault)
                self._cek("")  # logs in
                start = time.monotonic()
                answer = self._cek(nomor)
                self.assertLess(time.monotonic() - start, 5)
                self.assertEqual(answer["kind"], "no_answer")

    # Who sees it

    def test_only_staff_may_check(self):
        nobody = new_test_user(self.env, "bukan_petugas", "base.group_user")
        patient = self._checked(1)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as caught:
            self._cek("", nobody)
        self.assertIn("AccessError", str(caught.exception))
        for way in (
            lambda: patient.with_user(nobody).read(["kepesertaan"]),
            lambda: patient.with_user(nobody).ambil_dari_bpjs(),
            lambda: self.env["bpjs.peserta"].with_user(nobody).search([]),
        ):
            with self.assertRaises(AccessError):
                way()

    def test_another_company_knows_nothing_of_it(self):
        self.company.antrean_pasien_bersama = True
        patient = self._checked(1)
        stranger = self._stranger("petugas")
        other = stranger.company_id
        there = patient.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(there.kepesertaan)
        self.assertFalse(there.env["bpjs.peserta"].search([]))
        self.petugas.company_ids += other
        of_both = patient.with_context(allowed_company_ids=[other.id, self.company.id])
        self.assertFalse(of_both.kepesertaan, "each company asks for itself")

    def test_no_number_reaches_a_log(self):
        with (
            self.assertNoLogs("odoo.addons.antrean_bpjs", "DEBUG"),
            self.assertNoLogs("odoo", "INFO"),
        ):
            for nomor in (KARTU, NIK, NOBODYS):
                self._cek(nomor)

    # A new patient

    def test_a_number_typed_as_a_name_is_that_number(self):
        partners = self.env["res.partner"].with_user(self.petugas)
        cases = [
            ("0001 0000 00001", {"name": False, "no_kartu_bpjs": KARTU}),
            (NIK, {"name": False, "nik": NIK}),
            ("Peserta 13", {"name": "Peserta 13"}),
        ]
        for typed, expected in cases:
            with self.subTest(typed=typed):
                found = partners.with_context(default_name=typed).default_get(
                    ["name", "nik", "no_kartu_bpjs"]
                )
                self.assertEqual(found, expected)
