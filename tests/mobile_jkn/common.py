import json
from contextlib import contextmanager
from datetime import timedelta

from odoo.tests import HttpCase

from ..common import EngineCase

OK, FAILED, NEW = 200, 201, 202


class MobileJknCase(EngineCase, HttpCase):
    """A clinic whose service BPJS calls over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.faskes.kd_provider = "0001U001"
        cls.poli.jadwal_ids.write({"jam_mulai": 0, "jam_selesai": 24, "kapasitas": 60})
        cls.env["bpjs.jadwal"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.today = cls.company._antrean_today()
        cls.tomorrow = cls.today + timedelta(days=1)

    def setUp(self):
        super().setUp()
        self.account = self._open(self.faskes)
        self.token = None

    @contextmanager
    def enter_registry_test_mode(self):
        yield  # it is on already

    def _open(self, faskes):
        """Open a clinic's service; return username and password."""
        context = faskes.with_user(self.admin).sudo(False).action_mobile_jkn_password()["context"]
        return context["default_username"], context["default_password"]

    def _send(self, method, path, headers=None, body=None, kd_provider="0001U001"):
        """Return HTTP status, code, message and response of a call; `body` is bytes or JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer = self.opener.request(
            method,
            f"{self.base_url()}/mobile-jkn/{kd_provider}/{path}",
            headers={"Content-Type": "application/json", **(headers or {})},
            data=data,
            timeout=30,
            allow_redirects=False,
        )
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
        self.assertNotIn("Set-Cookie", answer.headers)
        envelope = answer.json()
        metadata = envelope["metadata"]
        return answer.status_code, metadata["code"], metadata["message"], envelope.get("response")

    def _auth(self, username=None, password=None, **where):
        known = self.account
        headers = {"x-username": username or known[0], "x-password": password or known[1]}
        return self._send("GET", "auth", headers, **where)

    def _call(self, method, path, body=None, **where):
        """Return code, message and response of a call with a token."""
        if self.token is None:
            _status, _code, _message, response = self._auth()
            self.token = response["token"]
        headers = {"x-username": self.account[0], "x-token": self.token}
        return self._send(method, path, headers, body, **where)[1:]

    def _visit(self, pasien, **more):
        return {
            "nomorkartu": pasien.no_kartu_bpjs,
            "nik": pasien.nik,
            "kodepoli": "001",
            "tanggalperiksa": str(self.today),
            "keluhan": "Batuk",
            **more,
        }

    def _ambil(self, pasien, version="v2/", **more):
        return self._call("POST", f"{version}antrean", self._visit(pasien, **more))

    def _booked(self, pasien, **more):
        """Book and return the queue entry."""
        code, message, response = self._ambil(pasien, **more)
        self.assertEqual((code, message), (OK, "Ok"))
        entry = self.env["antrean.antrean"].search(
            [("pasien_id", "=", pasien.id)], order="id desc", limit=1
        )
        self.assertEqual(entry.nomor_antrean, response["nomorantrean"])
        return entry
