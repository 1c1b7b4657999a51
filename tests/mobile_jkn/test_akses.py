import base64
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.mobile_jkn.mobile_jkn_uji import new_tanda
from .common import FAILED, OK, MobileJknCase

ACCOUNT = "Username atau Password Tidak Sesuai"


@tagged("post_install", "-at_install")
class TestAkses(MobileJknCase):
    """Who gets in, and what is known of those who tried."""

    def test_the_account_that_bpjs_was_given(self):
        _status, code, message, response = self._auth()
        self.assertEqual((code, message), (OK, "Ok"))
        self.assertTrue(response["token"])
        for wrong in ({"password": "salah"}, {"username": "salah"}, {"kd_provider": "0001U009"}):
            with self.subTest(wrong=wrong):
                self.assertEqual(self._auth(**wrong)[1:3], (FAILED, ACCOUNT))
        self.assertEqual(self._send("GET", "auth")[1:3], (FAILED, ACCOUNT))

    def test_the_password_is_kept_nowhere(self):
        password = self.account[1]
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(bpjs_faskes)::text FROM bpjs_faskes")
        self.assertNotIn(password, str(self.env.cr.fetchall()))
        with self.assertRaises(AccessError):
            self.faskes.with_user(self.admin).read(["mobile_jkn_hash"])

    def test_only_administrators_open_the_service(self):
        with self.assertRaises(AccessError):
            self.faskes.with_user(self.petugas).action_mobile_jkn_password()
        with self.assertRaises(AccessError):
            self.faskes.with_user(self.petugas).action_mobile_jkn_tutup()

    def test_a_code_is_one_clinics(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        faskes = self.faskes.sudo().create(
            {"company_id": other.id, "cons_id": "1", "secret": "x", "kd_provider": "0001U001"}
        )
        with self.assertRaises(ValidationError):
            faskes.action_mobile_jkn_password()
        faskes.kd_provider = False
        with self.assertRaises(UserError):
            faskes.action_mobile_jkn_password()

    # Tokens

    def _is_let_in(self, token=None, username=None, kd_provider="0001U001"):
        """Whether a token opens the door."""
        headers = {"x-username": username or self.account[0], "x-token": token or self.token}
        answer = self._send(
            "GET", f"antrean/status/001/{self.today}", headers, kd_provider=kd_provider
        )
        if answer[1] == FAILED:
            self.assertEqual(answer[2], "Token expired")
        return answer[1] == OK

    def _get_token(self):
        self.token = self._auth()[3]["token"]
        return self.token

    def test_a_token_goes_with_its_user(self):
        self._get_token()
        self.assertTrue(self._is_let_in())
        self.assertFalse(self._is_let_in(username="lain"))

    def test_odd_tokens(self):
        token = self._get_token()
        forged = base64.urlsafe_b64encode(b"\x01" + b"\xff" * 8 + b"\0" * 32 + b"[]").decode()
        for odd in ("x", "AA==", token[:-4], token[::-1], forged, "\u00e9", "x" * 5000):
            with self.subTest(odd=odd[:20]):
                self.assertFalse(self._is_let_in(token=odd.encode("latin-1")))

    def test_a_token_ends(self):
        self.faskes.mobile_jkn_menit = 5
        self._get_token()
        self.assertTrue(self._is_let_in())
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), minutes=6), tick=True):
            self.assertFalse(self._is_let_in())

    def test_a_token_ends_with_its_password(self):
        self._get_token()
        self._open(self.faskes)
        self.assertFalse(self._is_let_in())
        self.assertEqual(self._auth()[1:3], (FAILED, ACCOUNT))

    def test_a_closed_service_lets_nobody_in(self):
        self._get_token()
        self.faskes.with_user(self.admin).action_mobile_jkn_tutup()
        self.assertFalse(self._is_let_in())
        self.assertEqual(self._auth()[1:3], (FAILED, ACCOUNT))

    def test_a_neutralized_database_lets_nobody_in(self):
        self._get_token()
        with patch.object(type(self.faskes), "_check_mobile_jkn_code", lambda self: None):
            self.faskes.sudo().mobile_jkn_hash = False
        self.assertFalse(self._is_let_in())

    def test_guessing_is_slowed_down(self):
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "3")
        self.addCleanup(self.env.registry._login_failures.clear)
        for _turn in range(3):
            self.assertEqual(self._auth(password="salah")[2], ACCOUNT)
        _status, code, message, _response = self._auth()
        self.assertEqual(code, FAILED)
        self.assertIn("Terlalu banyak percobaan", message)

    # Other clinics

    def test_clinics_never_see_each_other(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        faskes = self.env["bpjs.faskes"].create(
            {"company_id": other.id, "cons_id": "1", "secret": "x", "kd_provider": "0001U002"}
        )
        action = faskes.action_mobile_jkn_password()
        theirs = action["context"]
        self._get_token()
        self.assertFalse(self._is_let_in(kd_provider="0001U002"))
        self.assertFalse(
            self._is_let_in(kd_provider="0001U002", username=theirs["default_username"])
        )
        mine = self._pasien(1, company_id=self.company.id)
        self.assertEqual(self._ambil(mine)[0], OK)
        self.account = theirs["default_username"], theirs["default_password"]
        headers = {"x-username": self.account[0], "x-password": self.account[1]}
        token = self._send("GET", "auth", headers, kd_provider="0001U002")[3]["token"]
        headers = {"x-username": self.account[0], "x-token": token}
        answer = self._send(
            "POST", "v2/antrean", headers, self._visit(mine), kd_provider="0001U002"
        )
        self.assertEqual(answer[2], "Poli tidak ditemukan")
        room = self.env["antrean.ruangan"].create(
            {"name": "Poli", "company_id": other.id, "kd_poli_antrean": "001"}
        )
        doctor = self.env["antrean.dokter"].create(
            {"name": "dr. Lain", "company_id": other.id, "kd_dokter_antrean": 5}
        )
        hours = {"hari": str(self.today.weekday()), "jam_mulai": 0, "jam_selesai": 24}
        self.env["antrean.jadwal"].create({"ruangan_id": room.id, "dokter_id": doctor.id, **hours})
        answer = self._send(
            "POST", "v2/antrean", headers, self._visit(mine), kd_provider="0001U002"
        )
        self.assertEqual(answer[1], 202)
        card = mine.no_kartu_bpjs
        where = f"antrean/sisapeserta/{card}/001/{self.today}"
        answer = self._send("GET", where, headers, kd_provider="0001U002")
        self.assertEqual(answer[2], "Antrean Tidak Ditemukan")

    # Answers

    def test_the_http_status_is_a_setting(self):
        self.assertEqual(self._auth(password="salah")[0], 200)
        self.faskes.mobile_jkn_http = "kode"
        self.assertEqual(self._auth(password="salah")[0], 201)
        self.assertEqual(self._auth()[0], 200)

    def test_whatever_is_asked_is_answered_in_json(self):
        self._get_token()
        headers = {"x-username": self.account[0], "x-token": self.token}
        for method, path, body in [
            ("GET", "", None),
            ("GET", "%00%0a", None),
            ("GET", "antrean//status", None),
            ("POST", "auth", None),
            ("DELETE", "antrean", None),
            ("POST", "v2/antrean", b"{"),
            ("POST", "v2/antrean", b"[]"),
            ("POST", "v2/antrean", b"\xff"),
            ("POST", "v2/antrean", b"[" * 5000),
            ("POST", "v2/antrean", b" " * 70_000),
        ]:
            with self.subTest(method=method, path=path, body=(body or b"")[:9]):
                status, code, _message, response = self._send(method, path, headers, body)
                self.assertEqual((status, code, response), (200, FAILED, None))

    def test_a_session_is_neither_looked_at_nor_given(self):
        self.authenticate(None, None)
        self.assertEqual(self._auth()[1], OK)  # and no cookie: see `_send`

    def test_our_own_error_is_told_without_a_trace(self):
        self._get_token()
        service = type(self.env["mobile.jkn"])
        with (
            patch.object(service, "_status", side_effect=ZeroDivisionError("0001000000001")),
            self.assertLogs("odoo.addons.antrean_bpjs.models.mobile_jkn.mobile_jkn", "ERROR"),
        ):
            headers = {"x-username": self.account[0], "x-token": self.token}
            answer = self._send("GET", f"antrean/status/001/{self.today}", headers)
        text = "Terjadi gangguan pada sistem klinik, silakan hubungi klinik"
        self.assertEqual(answer, (200, FAILED, text, None))

    # The log

    def test_calls_are_kept_without_numbers_and_secrets(self):
        patient = self._pasien(1)
        self._ambil(patient)
        self._call("GET", f"antrean/sisapeserta/{patient.no_kartu_bpjs}/001/{self.today}")
        calls = self.env["mobile.jkn.panggilan"].with_user(self.admin).search([])
        self.assertEqual(calls.mapped("kode"), [200, 200, 200])
        self.assertEqual(calls.mapped("method"), ["GET", "POST", "GET"])
        self.assertEqual(
            calls.mapped("headers"), ["x-username, x-token"] * 2 + ["x-username, x-password"]
        )
        kept = str(calls.read())
        self.assertIn("Batuk", kept)
        for secret in (patient.no_kartu_bpjs, patient.nik, self.account[1], self.token):
            self.assertNotIn(secret, kept)

    def test_the_calls_of_uji_mandiri_are_found_again(self):
        marks = [new_tanda() for _turn in range(100)]
        for mark in marks:
            self._send("GET", f"x?uji={mark}")
        kept = self.env["mobile.jkn.panggilan"].search([]).mapped("path")
        self.assertEqual(kept[::-1], [f"x?uji={mark}" for mark in marks])

    def test_old_calls_are_removed(self):
        self._auth()
        calls = self.env["mobile.jkn.panggilan"].search([])
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), months=7)):
            calls._gc_panggilan()
        self.assertFalse(calls.exists())
