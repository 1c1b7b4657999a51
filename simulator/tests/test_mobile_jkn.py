"""Mobile JKN against a small clinic: its calls, and its page as a browser fills it in."""

from datetime import datetime

import lxml.html
import pytest
import requests

from simulator.book import WIB
from simulator.tests.caller import card, entry, nik, place
from simulator.tests.klinik import PASSWORD, USER, Klinik

HOURS = {"kd_dokter": 11101, "jam": "07:00-14:00"}


@pytest.fixture
def klinik(serving):
    with serving(Klinik()) as klinik:
        klinik.patients |= {card(n) for n in range(1, 61)}
        yield klinik


@pytest.fixture
def app(bpjs, klinik):
    settings = {"clinic_url": klinik.url, "clinic_user": USER, "clinic_password": PASSWORD}
    bpjs.control("POST", "settings", settings)
    return App(bpjs)


class App:
    def __init__(self, bpjs):
        self.bpjs = bpjs
        self.url = f"{bpjs.url}/mobile-jkn"
        self.today = datetime.now(WIB).date().isoformat()

    def visit(self, number=1):
        return {"no_kartu": card(number), "kd_poli": "001", "tanggal": self.today}

    def ask(self, act, **asked):
        """(code, message, response) of what a program asks."""
        reply = self.bpjs.session.post(f"{self.url}/{act}", json=asked, timeout=30)
        assert reply.status_code == 200, reply.text
        return tuple(reply.json().values())

    def ambil(self, number=1, keluhan="pusing", **changes):
        return self.ask("ambil", **self.visit(number) | HOURS | {"keluhan": keluhan} | changes)

    def held(self):
        return [
            (item["noKartu"], item["nomorantrean"], item["status"], item["asal"])
            for item in self.bpjs.book()["antrean"]
        ]

    def page(self, **query):
        return Page(requests.get(self.url, query, timeout=30))


class Page:
    """What a browser makes of an answer."""

    def __init__(self, reply):
        assert reply.status_code == 200, reply.text
        assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
        self.html = lxml.html.fromstring(reply.content.decode(), base_url=reply.url)
        self.html.make_links_absolute()

    def text(self, where="//body"):
        return " ".join(" ".join(self.html.xpath(where)[0].itertext()).split())

    @property
    def said(self):
        return self.text("//*[contains(@class, 'said')]")

    def submit(self, button, **fields):
        """The page after a button that has this text, with these fields filled in."""
        [pressed] = self.html.xpath(f"//button[contains(., '{button}')]")
        [form] = pressed.iterancestors("form")
        form.fields.update(fields)
        values, kind = dict(form.form_values()), "params" if form.method == "GET" else "data"
        return Page(requests.request(form.method, form.action, **{kind: values}, timeout=30))


# What it asks of the clinic


def test_a_booking_is_the_clinics_and_bpjs_holds_it_too(app, klinik):
    code, message, response = app.ambil(5)
    assert (code, message, response["nomorantrean"]) == (200, "Ok", "A-5")
    [(method, path, body)] = klinik.calls
    assert (method, path) == ("POST", "/v2/antrean")
    assert body == {
        "nomorkartu": card(5),
        "nik": nik(5),
        "nohp": "081200000005",
        "norm": "",
        "kodepoli": "001",
        "tanggalperiksa": app.today,
        "kodedokter": 11101,
        "jampraktek": "07:00-14:00",
        "keluhan": "pusing",
    }
    assert app.held() == [(card(5), "A-5", "terdaftar", "Mobile JKN")]
    assert app.bpjs.add(5, tanggalperiksa=app.today).code == 201  # as if the clinic published it


def test_what_the_clinic_refuses_bpjs_does_not_hold(app):
    assert app.ambil(keluhan="") == (201, "Keluhan tidak boleh kosong", None)
    assert app.held() == []


def test_what_bpjs_held_before_stays(app):
    app.bpjs.add(1, tanggalperiksa=app.today)
    assert app.ambil()[0] == 200
    assert app.held() == [(card(1), "A-1", "terdaftar", "panggilan")]


def test_the_state_of_a_poli(app, klinik):
    app.ambil()
    code, _message, [doctor] = app.ask("status", kd_poli="001", tanggal=app.today)
    assert (code, doctor["totalantrean"]) == (200, 1)
    assert klinik.calls[-1][:2] == ("GET", f"/v2/antrean/status/001/{app.today}")


def test_a_place_in_the_queue(app, klinik):
    app.ambil()
    code, _message, response = app.ask("sisapeserta", **app.visit())
    assert (code, response["sisaantrean"], response["antreanpanggil"]) == (200, 3, "A-2")
    assert klinik.calls[-1][1] == f"/antrean/sisapeserta/{card(1)}/001/{app.today}"


def test_a_booking_is_cancelled_at_both(app, klinik):
    app.ambil()
    assert app.ask("batal", **app.visit(), keterangan="Berhalangan") == (200, "Ok", None)
    method, path, body = klinik.calls[-1]
    assert (method, path) == ("PUT", "/v2/antrean/batal")
    assert body == {
        "nomorkartu": card(1),
        "kodepoli": "001",
        "tanggalperiksa": app.today,
        "keterangan": "Berhalangan",
    }
    assert app.held() == [(card(1), "A-5", "batal", "Mobile JKN")]
    assert app.ask("batal", **app.visit()) == (201, "Antrean Tidak Ditemukan", None)


def test_what_the_clinic_does_not_cancel_stays(app, klinik):
    app.ambil()
    klinik.queue.clear()
    assert app.ask("batal", **app.visit())[0] == 201
    assert app.held() == [(card(1), "A-5", "terdaftar", "Mobile JKN")]


def test_a_new_patient(app, klinik):
    klinik.patients.clear()
    assert app.ambil()[0] == 202
    assert app.ask("peserta", no_kartu=card(1)) == (200, "Ok", {"norm": "RM1"})
    assert app.ambil()[0] == 200


def test_a_token_is_kept_until_it_is_refused(app, klinik):
    app.ambil(1)
    app.ambil(2)
    assert klinik.logins == 1
    klinik.token = "another"
    assert app.ambil(3)[0] == 200
    assert klinik.logins == 2
    assert [call[2]["nomorkartu"] for call in klinik.calls] == [card(n) for n in (1, 2, 3)]


def test_a_wrong_password(app, klinik):
    app.bpjs.control("POST", "settings", {"clinic_password": "salah"})
    assert app.ambil() == (201, "Username atau Password Tidak Sesuai", None)
    assert klinik.calls == []


@pytest.mark.parametrize(
    "raw",
    [
        (200, b""),
        (500, b"<html>Internal Server Error</html>"),
        (200, b"[]"),
        (200, b'{"metadata": {"code": "x", "message": "Ok"}}'),
        (303, b'{"metadata": {}}'),
    ],
)
def test_an_answer_that_nobody_can_read(app, klinik, raw):
    klinik.raw = raw
    assert app.ambil() == (0, f"Jawaban klinik tidak dapat dibaca (HTTP {raw[0]}).", None)
    assert app.held() == []


def test_a_clinic_that_is_not_there(app):
    app.bpjs.control("POST", "settings", {"clinic_url": "http://127.0.0.1:9"})
    expected = "Layanan klinik tidak dapat dihubungi (ConnectionError)."
    assert app.ambil() == (0, expected, None)
    app.bpjs.control("POST", "settings", {"clinic_url": ""})
    assert app.ambil() == (0, "Alamat layanan klinik belum diatur.", None)


@pytest.mark.parametrize(
    ("number", "message"), [(94, "Pasien tidak aktif"), (61, "Data Peserta tidak ditemukan")]
)
def test_whom_bpjs_refuses_the_clinic_is_not_asked(app, klinik, number, message):
    assert app.ambil(number)[:2] == (201, message)
    assert klinik.calls == []


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("ambil", {}, 400),
        ("ambil", {"no_kartu": card(1), "kd_poli": "001", "tanggal": "x", "kd_dokter": "x"}, 400),
        ("status", [], 400),
        ("lain", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(app, act, body, status):
    reply = requests.post(f"{app.url}/{act}", json=body, timeout=10)
    assert reply.status_code == status
    assert requests.put(f"{app.url}/ambil", timeout=10).status_code == 404


# Its page


def test_from_the_first_page_to_the_cancel(app):
    page = app.page().submit("Masuk", no_kartu=card(7))
    assert "Belum ada antrean." in page.text()
    page = page.submit("Lihat dokter", kd_poli="001", tanggal=app.today)
    assert "dr. Contoh Satu 07:00-14:00 · dipanggil – · sisa 0 dari 0" in page.text()
    assert "dr. Contoh Tiga" in page.text()
    [button, _other] = page.html.xpath("//button[contains(., 'Ambil antrean')]")
    button.text = "Ambil pagi"
    page = page.submit("Ambil pagi", keluhan="pusing")
    assert page.said == "Nomor antrean Anda A-5."
    ticket = page.text("//*[contains(@class, 'ticket')]")
    assert ticket.startswith("A-5 Poli Umum · dr. Contoh Satu")
    assert "Sedang dipanggil A-2 Sisa antrean 3 Datang lebih awal" in ticket
    page = page.submit("Batalkan A-5", keterangan="Hujan")
    assert page.said == "Antrean dibatalkan."
    assert "batal" in page.text("//*[contains(@class, 'gone')]")
    assert not page.html.xpath("//button[contains(., 'Batalkan')]")
    assert app.held() == [(card(7), "A-5", "batal", "Mobile JKN")]


def test_a_new_patient_is_led_through(app, klinik):
    klinik.patients.clear()
    page = app.page(**app.visit())
    page.html.xpath("//button[contains(., 'Ambil antrean')]")[0].text = "Ambil pagi"
    page = page.submit("Ambil pagi", keluhan="pusing")
    assert page.said.startswith("Data pasien ini tidak ditemukan")
    page = page.submit("Daftar sebagai pasien baru")
    assert page.said == "Nomor antrean Anda A-5."
    assert app.held() == [(card(1), "A-5", "terdaftar", "Mobile JKN")]


def test_another_member_sees_nothing_of_it(app):
    app.ambil(1)
    assert "A-5" in app.page(no_kartu=card(1)).text()
    assert "A-5" not in app.page(no_kartu=card(2)).text()


def test_a_clinic_that_does_not_answer_is_told(app, klinik):
    app.ambil()
    klinik.raw = (502, b"")
    text = app.page(**app.visit()).text()
    assert text.count("Jawaban klinik tidak dapat dibaca (HTTP 502).") == 2  # place, and doctors
    assert "A-5" in text


def test_a_poli_without_hours(app):
    app.bpjs.control("POST", "reference", {"jadwal": []})
    assert "Tidak ada jadwal dokter di poli ini." in app.page(**app.visit()).text()


def test_what_the_clinic_says_is_escaped(app, klinik):
    evil = "<script>alert(1)</script>"
    klinik.raw = (200, b'{"metadata": {"code": 200, "message": "Ok"}, "response": "x"}')
    assert app.ambil()[0] == 200
    said = b'{"metadata": {"code": 201, "message": "%s"}}' % evil.encode()
    klinik.raw = (200, said)
    reply = requests.get(app.url, app.visit(), timeout=10)
    assert evil not in reply.text
    assert evil in Page(reply).text()


def test_the_clinic_cancels_a_booking_as_what_it_published_itself(app):
    app.ambil()
    visit = place(tanggalperiksa=app.today, alasan="Pasien pulang")
    assert app.bpjs.call("antrean_fktp", "POST", "/antrean/batal", visit).code == 200
    assert app.held() == [(card(1), "A-5", "batal", "Mobile JKN")]
    assert set(app.bpjs.book()["antrean"][0]["body"]) == set(entry())
