"""The control of the simulator, and its page."""

import html
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
import requests

from simulator.settings import DEFAULTS
from simulator.tests.caller import TODAY, TODAY_PCARE, card, entry, nik, place

USUAL = asdict(DEFAULTS)


def page(bpjs):
    reply = requests.get(bpjs.url, timeout=10)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    return reply.content.decode()


def rows(bpjs, table):
    """The rows of the first (PCare) or second (Antrean) table, each a list of its cells' texts."""
    body = re.findall(r"<tbody>(.*?)</tbody>", page(bpjs), re.DOTALL)[table]
    return [
        [html.unescape(cell) for cell in row.split("<td>")[1:]] for row in body.split("<tr>")[1:]
    ]


def test_calls_are_counted_by_service_and_route(bpjs):
    bpjs.register(1)
    bpjs.register(2)
    bpjs.add(1)
    bpjs.call("pcare", "GET", f"/pendaftaran/tglDaftar/{TODAY_PCARE}/0/100")
    bpjs.call("pcare", "GET", f"/peserta/nik/{nik(1)}")
    bpjs.call("pcare", "GET", "/tidak/ada")
    assert bpjs.book()["calls"] == {
        "pcare POST /pendaftaran": 2,
        "antrean_fktp POST /antrean/add": 1,
        "pcare GET /pendaftaran/tglDaftar/{tanggal}/{start}/{limit}": 1,
        "pcare GET /peserta/{jenis}/{nomor}": 1,
        "pcare GET elsewhere": 1,
    }


def test_calls_that_met_a_fault_are_counted_too(bpjs):
    bpjs.fault("pcare", "html_502")
    bpjs.send("pcare", "POST", "/pendaftaran", {})
    assert bpjs.book()["calls"] == {"pcare POST /pendaftaran": 1}


def test_without_duplicate_detection_every_post_is_booked(bpjs):
    settings = bpjs.control("POST", "settings", {"detect_duplicates": False})
    assert settings == USUAL | {"detect_duplicates": False}
    assert [bpjs.register().response["message"] for _ in range(3)] == ["A1", "A2", "A3"]
    assert [bpjs.add().code for _ in range(2)] == [200, 200]
    book = bpjs.book()
    assert (len(book["pendaftaran"]), len(book["antrean"])) == (3, 2)


def test_latency_is_added_to_every_call(bpjs):
    bpjs.control("POST", "settings", {"latency_ms": 200})
    for call in (bpjs.register, bpjs.add):
        began = time.monotonic()
        call()
        assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(
    "wrong",
    [
        {"latency": 200},
        {"latency_ms": "200"},
        {"latency_ms": -1},
        {"detect_duplicates": 1},
        {"page_size": 1.5},
        {"page_size": True},
        {"list_changes": "explodes"},
        {"wrong_cons_id": "screening"},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(bpjs, wrong):
    asked = {"clock_ahead": 9} | wrong
    assert bpjs.control("POST", "settings", asked, status=400)["error"]
    assert bpjs.control("POST", "settings", {}) == USUAL


def schedule(bpjs, poli="001"):
    path = f"/ref/dokter/kodepoli/{poli}/tanggal/{TODAY}"
    doctors = bpjs.call("antrean_fktp", "GET", path).response or []
    return [(doctor["kodedokter"], doctor["jampraktek"]) for doctor in doctors]


def test_the_schedule_of_a_doctor_can_be_changed(bpjs):
    other = {"kd_poli": "001", "kd_dokter": 11101, "jam": "09:00-12:00"}
    bpjs.control("POST", "reference", {"jadwal": [other]})
    assert schedule(bpjs) == [(11101, "09:00-12:00")]
    assert bpjs.add(1).message == "Jadwal Dokter tidak ditemukan"
    assert bpjs.add(1, jampraktek="09:00-12:00").code == 200
    assert schedule(bpjs, "002") == []


def test_lists_can_be_replaced(bpjs):
    doctors = {str(kode): f"dr. Contoh {kode}" for kode in range(1, 251)}
    bpjs.control("POST", "reference", {"jadwal": []})
    bpjs.control("POST", "reference", {"poli": {"004": "Poli Lansia"}, "dokter": doctors})
    bpjs.register(1, kdPoli="004")
    assert rows(bpjs, 0)[0][5] == "Poli Lansia"
    assert bpjs.register(2).code == 412
    [poli] = bpjs.call("pcare", "GET", "/poli/fktp/0/100").response["list"]
    assert (poli["kdPoli"], poli["nmPoli"]) == ("004", "Poli Lansia")
    page = bpjs.call("pcare", "GET", "/dokter/200/100").response
    assert (page["count"], len(page["list"])) == (250, 50)


def test_a_schedule_must_name_what_is_in_the_lists(bpjs):
    stranger = {"kd_poli": "001", "kd_dokter": 99999, "jam": "07:00-14:00"}
    bpjs.control("POST", "reference", {"jadwal": [stranger]}, status=400)
    bpjs.control("POST", "reference", {"ruangan": {}}, status=400)
    assert schedule(bpjs) == [(11101, "07:00-14:00"), (11103, "14:00-21:00")]


def test_reset_empties_the_book_and_the_settings(bpjs):
    changed = {"latency_ms": 100, "detect_duplicates": False, "clock_ahead": 9}
    bpjs.control("POST", "settings", changed)
    bpjs.add()
    bpjs.register()
    path = f"/pendaftaran/peserta/{card(1)}/tglDaftar/{TODAY_PCARE}/noUrut/A1/kdPoli/001"
    bpjs.call("pcare", "DELETE", path)
    bpjs.control("POST", "reference", {"jadwal": []})
    bpjs.control("POST", "reset")
    assert bpjs.book() == {"pendaftaran": [], "dihapus": [], "antrean": [], "calls": {}}
    assert bpjs.control("POST", "settings", {}) == USUAL
    assert schedule(bpjs, "002") == [(11102, "08:00-14:00")]
    assert bpjs.register().response["message"] == "A1"


def test_a_call_under_way_does_not_fill_the_book_after_a_reset(bpjs):
    bpjs.fault("pcare", "delay", seconds=0.5)
    with ThreadPoolExecutor() as pool:
        under_way = pool.submit(bpjs.register)
        while not bpjs.book()["calls"]:
            time.sleep(0.01)
        bpjs.control("POST", "reset")
        assert under_way.result().code == 201
    assert bpjs.book()["pendaftaran"] == []


def test_half_a_character_breaks_nothing(bpjs):
    assert bpjs.register(keluhan="\ud83d").code == 201
    assert bpjs.book()["pendaftaran"][0]["body"]["keluhan"] == "?"
    assert rows(bpjs, 0)[0][6] == "?"
    path = f"/pendaftaran/tglDaftar/{TODAY_PCARE}/0/100"
    assert bpjs.call("pcare", "GET", path).response["count"] == 1


def test_an_unknown_address_is_404(bpjs):
    bpjs.control("GET", "tidak-ada", status=404)
    bpjs.control("PUT", "book", status=404)


def test_the_page_of_an_empty_book(bpjs):
    text = page(bpjs)
    assert "Belum ada pendaftaran." in text
    assert "Belum ada antrean." in text
    assert "tidak ada" in text


def test_the_page_shows_the_newest_first(bpjs):
    for n in (1, 2, 3):
        bpjs.register(n)
        bpjs.add(n)
    assert [row[1:6] for row in rows(bpjs, 0)] == [
        [f"A{n}", TODAY_PCARE, card(n), f"Peserta Contoh 0{n}", "Poli Umum"] for n in (3, 2, 1)
    ]
    assert [row[1:5] for row in rows(bpjs, 1)] == [
        [f"A-{n}", TODAY_PCARE, card(n), f"Peserta Contoh 0{n}"] for n in (3, 2, 1)
    ]
    assert "<b>3</b>Pendaftaran PCare" in page(bpjs)


def test_an_entry_added_again_is_the_newest(bpjs):
    bpjs.add(1)
    bpjs.add(2)
    body = place(1, alasan="pulang")
    bpjs.call("antrean_fktp", "POST", "/antrean/batal", body)
    bpjs.add(1)
    assert [(row[1], row[8]) for row in rows(bpjs, 1)] == [
        ("A-1", "terdaftar"),
        ("A-2", "terdaftar"),
        ("A-1", "batal"),
    ]


def test_the_page_shows_a_patient_without_a_card(bpjs):
    bpjs.add(nomorkartu="")
    assert rows(bpjs, 1)[0][3:5] == [f"NIK {nik(1)}", ""]


def test_the_page_shows_a_hundred_rows_at_most(bpjs):
    bpjs.control("POST", "settings", {"detect_duplicates": False})
    for _ in range(101):
        bpjs.register()
    assert [row[1] for row in rows(bpjs, 0)] == [f"A{n}" for n in range(101, 1, -1)]
    assert "<b>101</b>Pendaftaran PCare" in page(bpjs)


def test_the_page_shows_active_faults(bpjs):
    bpjs.fault("pcare", "drop_after", times=3)
    bpjs.fault("pcare", "html_502", times=None, path="/peserta/*", about=card(1))
    text = page(bpjs)
    assert "drop_after: 3 panggilan pcare berikutnya" in text
    assert f"html_502: semua panggilan pcare /peserta/* {card(1)}" in text
    bpjs.control("DELETE", "faults")
    assert "drop_after" not in page(bpjs)


def test_active_faults_can_be_asked_for(bpjs):
    bpjs.fault("pcare", "drop_after", times=3)
    [fault] = bpjs.control("GET", "faults")["faults"]
    assert (fault["service"], fault["fault"], fault["times"]) == ("pcare", "drop_after", 3)
    bpjs.control("DELETE", "faults")
    assert bpjs.control("GET", "faults") == {"faults": []}


def test_what_came_over_the_wire_is_escaped(bpjs):
    evil = "<script>alert(1)</script>"
    bpjs.fault("pcare", "empty", path=evil)
    bpjs.register(keluhan=evil)
    bpjs.add(keterangan=evil, nomorantrean="<b>A</b>")
    text = page(bpjs)
    assert evil not in text and "<b>A</b>" not in text
    assert rows(bpjs, 0)[0][6] == evil
    assert (rows(bpjs, 1)[0][7], rows(bpjs, 1)[0][1]) == (evil, "<b>A</b>")
    assert (
        entry(keterangan=evil) | {"nomorantrean": "<b>A</b>"} == bpjs.book()["antrean"][0]["body"]
    )
