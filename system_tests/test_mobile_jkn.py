"""BPJS, made of its catalogue alone, calls the clinic: books, asks, cancels, sends odd things."""

import json
import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests

from simulator.book import WIB
from simulator.tests.caller import card, nik
from system_tests.bpjs import Bpjs

ODD_CALLS = int(os.environ.get("ODD_CALLS", "400"))  # 10000 for the long run
DOCTOR = {"kodedokter": 11101, "jampraktek": "07:00-14:00"}
AT_ONCE, PLACES = 50, 10


def day(days=1):
    """A day from today on, at the clinic."""
    return (datetime.now(WIB) + timedelta(days=days)).date().isoformat()


@pytest.fixture(scope="module")
def bpjs(klinik):
    bpjs = klinik.mobile_jkn()
    with bpjs.session:
        yield bpjs


@pytest.fixture(autouse=True)
def nobody_in_the_queue(klinik):
    klinik.sql("TRUNCATE antrean_antrean CASCADE")


def numbers(klinik):
    """The living bookings' numbers."""
    rows = klinik.sql("SELECT angka_antrean FROM antrean_antrean WHERE state != 'batal' ORDER BY 1")
    return [angka for (angka,) in rows]


def test_a_member_from_the_first_call_to_the_last(bpjs, klinik):
    who = card(801), nik(801)
    visit = "001", day()
    assert bpjs.ambil(*who, *visit, **DOCTOR)[:2] == (
        202,
        "Data pasien ini tidak ditemukan, silahkan melakukan registrasi pasien baru",
    )
    code, message, response = bpjs.peserta(*who, "Peserta Contoh 801")
    assert (code, message) == (200, "Ok")
    assert response["norm"]
    assert bpjs.peserta(*who, "Peserta Contoh 801")[:2] == (201, "Data pasien ini sudah terdaftar")

    code, message, response = bpjs.ambil(*who, *visit, **DOCTOR)
    assert (code, message) == (200, "Ok")
    assert (response["nomorantrean"], response["angkaantrean"]) == ("A-1", 1)
    assert response.keys() >= {"namapoli", "sisaantrean", "antreanpanggil", "keterangan"}
    twice = "Nomor Antrean hanya dapat diambil 1 kali pada Tanggal, Dokter dan Poli yang sama"
    assert bpjs.ambil(*who, *visit, **DOCTOR)[:2] == (201, twice)

    code, message, rows = bpjs.status(*visit)
    [row] = (row for row in rows if row["kodedokter"] == DOCTOR["kodedokter"])
    assert (row["totalantrean"], row["sisaantrean"]) == ("1", 1)
    assert row["jampraktek"] == DOCTOR["jampraktek"]
    assert bpjs.sisapeserta(card(801), *visit)[2]["sisaantrean"] == "0"

    assert bpjs.batal(card(801), *visit) == (200, "Ok", None)
    assert bpjs.batal(card(801), *visit)[:2] == (201, "Antrean sudah dibatalkan")
    assert bpjs.sisapeserta(card(801), *visit)[:2] == (201, "Antrean sudah dibatalkan")
    assert numbers(klinik) == []


def test_no_log_has_a_card(bpjs, odoo):
    bpjs.sisapeserta(card(803), "001", day())
    bpjs.ambil(card(803), nik(803), "001", day(), **DOCTOR)
    assert "/mobile-jkn/" in odoo.log_text()
    assert card(803) not in odoo.log_text()
    assert nik(803) not in odoo.log_text()


def test_mobile_jkn_of_the_simulator(klinik, antrean, bpjs):
    """The app books with the clinic, BPJS holds it, and the clinic adds nothing."""
    [patient] = klinik.pasien_of([31])
    antrean.set(clinic_url=bpjs.url, clinic_user=bpjs.username, clinic_password=bpjs.password)
    visit = {"no_kartu": card(31), "kd_poli": "001", "tanggal": day(0)}
    said = antrean.app("ambil", **visit, kd_dokter=11103, jam="14:00-21:00", keluhan="Batuk")
    if said["code"] == 201:  # at night, practice has ended
        visit["tanggal"] = day()
        said = antrean.app("ambil", **visit, kd_dokter=11103, jam="14:00-21:00", keluhan="Batuk")
    assert said["code"] == 200, said
    assert antrean.app("sisapeserta", **visit)["response"]["sisaantrean"] == "0"
    [entry] = klinik.petugas.call("antrean.antrean", "search", [["pasien_id", "=", patient]])
    assert klinik.petugas.badges([entry]) == {("na", "ok")}
    assert antrean.app("batal", **visit)["code"] == 200
    assert antrean.posts() == 0


def test_fifty_at_once_for_the_last_ten_places(bpjs, klinik, odoo, other_odoo):
    people = [(card(n), nik(n)) for n in range(601, 601 + AT_ONCE)]
    klinik.pasien_of(range(601, 601 + AT_ONCE))
    set_capacity = "UPDATE antrean_jadwal SET kapasitas = %s"
    klinik.sql(set_capacity, PLACES)
    token, other = bpjs.auth(), klinik_at(bpjs, other_odoo)
    bpjs.token = other.token = token

    def book(turn):
        number, who = turn
        return (bpjs, other)[number % 2].ambil(*who, "001", day(2), **DOCTOR)

    try:
        with other.session, ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(book, enumerate(people)))
    finally:
        klinik.sql(set_capacity, 60)
    assert Counter(answer[:2] for answer in answers) == {
        (200, "Ok"): PLACES,
        (201, "Kuota penuh"): AT_ONCE - PLACES,
    }
    given = sorted(answer[2]["angkaantrean"] for answer in answers if answer[2])
    assert given == numbers(klinik) == list(range(1, PLACES + 1))


def klinik_at(bpjs, odoo):
    """The same account at another server of the clinic."""
    return Bpjs(odoo.url + bpjs.path, bpjs.username, bpjs.password)


def test_one_member_who_presses_twenty_times(bpjs, klinik):
    klinik.pasien_of([32])
    bpjs.token = bpjs.auth()

    def book(_turn):
        return bpjs.ambil(card(32), nik(32), "001", day(3), **DOCTOR)[0]

    with ThreadPoolExecutor(20) as pool:
        assert Counter(pool.map(book, range(20))) == {200: 1, 201: 19}
    assert numbers(klinik) == [1]


def test_one_member_who_registers_twenty_times(bpjs, klinik):
    bpjs.token = bpjs.auth()

    def register(_turn):
        return bpjs.peserta(card(802), nik(802), "Peserta Contoh 802")[0]

    with ThreadPoolExecutor(20) as pool:
        assert Counter(pool.map(register, range(20))) == {200: 1, 201: 19}
    [(times,)] = klinik.sql("SELECT count(*) FROM res_partner WHERE no_kartu_bpjs = %s", card(802))
    assert times == 1


# Odd calls


class Odd:
    """Calls that are not as the catalogue has them, from a seed."""

    FROM = "127.0.0.2", 0  # guesses at the password count by address
    PATHS = (
        "auth antrean v2/antrean antrean/batal v2/antrean/batal peserta antrean/status/001/{day}"
        " v2/antrean/status/001/{day} antrean/sisapeserta/{card}/001/{day}"
    ).split()
    METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "JKN", "get")
    TYPES = (
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/xml; charset=utf-7",
        "",
    )
    VALUES = (
        None, "", " ", 0, -1, 10**30, 1.5, True, [], {}, ["x"], {"x": None}, "\0", "\ud800", "😀",
        "' OR 1=1 --", "A" * 5000, "٠١٢", "0001000000001", card(601), nik(601), "001", "2026-02-31",
        "9999-12-31", "0000-00-00", "11101", 11101, "00:00-24:00", "{{7*7}}", "../../etc/passwd",
    )  # fmt: skip
    FIELDS = (
        "nomorkartu nik nomorkk kodepoli tanggalperiksa keluhan kodedokter jampraktek nohp norm"
        " nama jeniskelamin tanggallahir alamat namaprop keterangan"
    ).split()

    def __init__(self, bpjs, seed):
        self._rng, self._bpjs = random.Random(seed), bpjs
        parts = urlsplit(bpjs.url)
        self._address, self._base = (parts.hostname, parts.port), parts.path

    def send(self):
        """Send one and return request, head and body of the answer, as bytes."""
        request = self._request()
        connection = HTTPConnection(*self._address, timeout=30, source_address=self.FROM)
        with closing(connection):
            connection.connect()
            connection.sock.sendall(request)
            with connection.response_class(
                connection.sock, method=request.split()[0].decode()
            ) as answer:
                answer.begin()
                return request, answer, answer.read()

    def _request(self):
        rng = self._rng
        method = rng.choice(self.METHODS if rng.random() < 0.4 else ("GET", "POST", "PUT"))
        body = self._body()
        headers = [
            f"Host: {self._address[0]}",
            "Connection: close",
            f"Content-Length: {len(body)}",
            f"Content-Type: {rng.choice(self.TYPES)}",
            *self._headers(),
        ]
        start = f"{method} {self._path()} HTTP/1.1\r\n"
        return start.encode("latin-1", "replace") + self._joined(headers) + b"\r\n" + body

    @staticmethod
    def _joined(headers):
        return b"".join(header.encode("latin-1", "replace") + b"\r\n" for header in headers)

    def _path(self):
        rng = self._rng
        path = rng.choice(self.PATHS).format(day=day(rng.randrange(-1, 40)), card=card(601))
        odd = rng.random()
        if odd < 0.2:
            path += rng.choice(
                ("/", "//", "/x", "?a=%00", "%0a", "%2f..", "%ff%fe", "/..", ";x", "#")
            )
        elif odd < 0.3:
            path = rng.choice(("", "/", "%00", "v3/auth", "AUTH", "v2/v2/auth", "antrean//batal"))
        base = self._base if rng.random() < 0.9 else rng.choice(("/mobile-jkn", "/mobile-jkn/X"))
        return f"{base}/{path}"

    def _headers(self):
        rng = self._rng
        who = rng.choice((self._bpjs.username, "x", "é", ""))
        token = rng.choice((self._bpjs.token, self._bpjs.token, "", "AAAA", "x" * 3000, "=é"))
        odd = (
            "Cookie: session_id=0123456789abcdef",
            "Accept-Language: xx;q=z,,*",
            "Accept: text/html",
            "X-Forwarded-Host: example.invalid",
            "Authorization: Bearer x",
            "Content-Encoding: gzip",
            "Range: bytes=0-1",
            "Origin: null",
            "If-None-Match: *",
            "Referer: http://example.invalid/web",
        )
        named = [f"x-username: {who}", f"x-token: {token}"]
        return named + (rng.sample(odd, 2) if rng.random() < 0.5 else [])

    def _body(self):
        rng = self._rng
        kind = rng.random()
        if kind < 0.1:
            return rng.randbytes(rng.randrange(200))
        if kind < 0.2:
            return rng.choice(
                (b"", b"null", b"[]", b"{", b"[" * 3000, b'"\\ud800"', b"\xff\xfe{}\0")
            )
        if kind < 0.23:
            return b"{" + b" " * 70_000 + b"}"
        body = {
            "nomorkartu": card(rng.randrange(601, 640)),
            "nik": nik(601),
            "kodepoli": "001",
            "tanggalperiksa": day(rng.randrange(3)),
            "keluhan": "Batuk",
        }
        for name in rng.sample(self.FIELDS, rng.randrange(4)):
            body[name] = rng.choice(self.VALUES)
        encoding = rng.choice(("utf-8", "utf-8", "utf-16", "latin-1", "utf-8-sig"))
        text = json.dumps(body, ensure_ascii=rng.random() < 0.8)
        return text.encode(encoding, "replace")


def test_odd_calls_get_our_json(bpjs, klinik):
    bpjs.token = bpjs.auth()
    odd, codes = Odd(bpjs, seed=16), Counter()
    for _turn in range(ODD_CALLS):
        request, answer, body = odd.send()
        assert answer.status == 200, (request, answer.status, body)
        assert answer.headers["Content-Type"].startswith("application/json"), request
        assert "Set-Cookie" not in answer.headers, request
        if not request.startswith(b"HEAD "):
            envelope = json.loads(body)
            metadata = envelope["metadata"]
            assert metadata["code"] in (200, 201, 202), (request, body)
            assert "gangguan" not in metadata["message"], (request, body)
            codes[metadata["code"]] += 1
    assert codes[201] > codes[200] > 0, codes
    unknown = klinik.sql(
        """
        SELECT count(*) FROM antrean_antrean antrean
         WHERE NOT EXISTS (SELECT 1 FROM bpjs_job WHERE antrean_id = antrean.id)
        """
    )
    assert unknown == [(0,)]  # nothing half-written


def test_uji_mandiri(klinik, odoo):
    """The clinic tests itself at its own address, and leaves nothing behind."""
    uji = uji_mandiri(klinik, odoo.url)
    steps = klinik.admin.call("mobile.jkn.uji.langkah", "read", uji["langkah_ids"])
    failed = [step for step in steps if not step["lulus"]]
    assert not failed
    assert uji["lulus"]
    assert len(steps) == 21
    assert len(uji["temuan"].splitlines()) == 2  # no TLS, and inside
    assert klinik.sql("SELECT count(*) FROM antrean_antrean") == [(0,)]
    left = klinik.sql("SELECT count(*) FROM res_partner WHERE name = 'Peserta Uji Mandiri'")
    assert left == [(0,)]
    assert klinik.sql("SELECT mobile_jkn_uji_hash FROM bpjs_faskes") == [(None,)]


def uji_mandiri(klinik, address):
    """What an administrator reads of Uji Mandiri where that is Odoo's address."""
    admin = klinik.admin
    admin.call("ir.config_parameter", "set_param", "web.base.url", address)
    [faskes_id] = admin.call("bpjs.faskes", "search", [])
    action = admin.call("bpjs.faskes", "action_uji_mandiri", [faskes_id])
    [uji] = admin.call("mobile.jkn.uji", "read", [action["res_id"]])
    return uji


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:9", "Nothing answers at the address"),
        ("http://tidak-ada.invalid", "cannot be found"),
    ],
)
def test_uji_mandiri_of_an_address_that_leads_nowhere(klinik, address, told):
    uji = uji_mandiri(klinik, address)
    assert told in uji["temuan"]
    assert not uji["lulus"]


class Proxy(ThreadingHTTPServer):
    """Stands before Odoo and loses a header, or answers for itself."""

    def __init__(self, behind, lost=None, answer=None):
        super().__init__(("127.0.0.1", 0), Forward)
        self.behind, self.lost, self.answer = behind, lost, answer
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Forward(BaseHTTPRequestHandler):
    def _forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.answer:
            return self._send(*self.server.answer)
        kept = {name: value for name, value in self.headers.items() if name != self.server.lost}
        answer = requests.request(
            self.command, self.server.behind + self.path, headers=kept, data=body, timeout=30
        )
        return self._send(answer.status_code, answer.content)

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "https://klinik.invalid/")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = _forward

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ({"lost": "x-token"}, "lost on the way: x-token."),
        ({"lost": "x-password"}, "lost on the way: x-password."),
        ({"answer": (302, b"")}, "leads on to another one"),
        ({"answer": (200, b"<html>Selamat datang</html>")}, "Something other than this clinic"),
    ],
)
def test_uji_mandiri_behind_a_proxy_that_is_wrong(klinik, odoo, proxy, told):
    with Proxy(odoo.url, **proxy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        uji = uji_mandiri(klinik, server.url)
        server.shutdown()
    assert told in uji["temuan"]
    assert not uji["lulus"]
