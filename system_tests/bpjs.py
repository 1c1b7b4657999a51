"""BPJS as it calls a clinic's own web service: made of its catalogue alone (WS FKTP)."""

import json
from urllib.parse import urlsplit

import requests


class Bpjs:
    """Calls the clinic of an address (what stands before `/auth`) with the account it was given."""

    def __init__(self, url, username, password):
        self.url, self.username, self.password = url, username, password
        self.session = requests.Session()
        self.token = None

    @property
    def path(self):
        return urlsplit(self.url).path

    def send(self, method, path, headers=None, body=None):
        """Return HTTP status and envelope; what is no plain JSON raises."""
        answer = self.session.request(
            method,
            f"{self.url}/{path}",
            headers={"Content-Type": "application/json", **(headers or {})},
            data=None if body is None else json.dumps(body),
            timeout=60,
            allow_redirects=False,
        )
        assert answer.headers["Content-Type"].startswith("application/json"), answer.headers
        assert not self.session.cookies, "a web service sets no cookie"
        envelope = answer.json()
        assert set(envelope) <= {"response", "metadata"}, envelope
        assert set(envelope["metadata"]) == {"message", "code"}, envelope
        return answer.status_code, envelope

    def auth(self):
        """Return a token."""
        headers = {"x-username": self.username, "x-password": self.password}
        _status, envelope = self.send("GET", "auth", headers)
        assert envelope["metadata"] == {"message": "Ok", "code": 200}, envelope
        return envelope["response"]["token"]

    def call(self, method, path, body=None):
        """Return code, message and response of a call with a token."""
        self.token = self.token or self.auth()
        headers = {"x-username": self.username, "x-token": self.token}
        _status, envelope = self.send(method, path, headers, body)
        metadata = envelope["metadata"]
        return metadata["code"], metadata["message"], envelope.get("response")

    # The services, version 2 where there are two

    def status(self, kd_poli, tanggal):
        return self.call("GET", f"v2/antrean/status/{kd_poli}/{tanggal}")

    def ambil(self, no_kartu, nik, kd_poli, tanggal, **more):
        body = {
            "nomorkartu": no_kartu,
            "nik": nik,
            "kodepoli": kd_poli,
            "tanggalperiksa": tanggal,
            "keluhan": "Batuk",
            **more,
        }
        return self.call("POST", "v2/antrean", body)

    def sisapeserta(self, no_kartu, kd_poli, tanggal):
        return self.call("GET", f"antrean/sisapeserta/{no_kartu}/{kd_poli}/{tanggal}")

    def batal(self, no_kartu, kd_poli, tanggal, keterangan="Berhalangan"):
        body = {
            "nomorkartu": no_kartu,
            "kodepoli": kd_poli,
            "tanggalperiksa": tanggal,
            "keterangan": keterangan,
        }
        return self.call("PUT", "v2/antrean/batal", body)

    def peserta(self, no_kartu, nik, nama):
        body = {
            "nomorkartu": no_kartu,
            "nik": nik,
            "nomorkk": nik[::-1],
            "nama": nama,
            "jeniskelamin": "L",
            "tanggallahir": "1990-01-31",
            "alamat": "Jalan Contoh 1",
            "kodeprop": "99",
            "namaprop": "Provinsi Contoh",
            "kodedati2": "9901",
            "namadati2": "Kota Contoh",
            "kodekec": "990101",
            "namakec": "Kecamatan Contoh",
            "kodekel": "9901011001",
            "namakel": "Kelurahan Contoh",
            "rw": "001",
            "rt": "002",
            "nohp": "081200000001",
        }
        return self.call("POST", "peserta", body)
