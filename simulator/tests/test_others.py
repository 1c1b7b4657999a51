"""What other people do at BPJS while the clinic's system works."""

import pytest
import requests

from simulator.tests.caller import TODAY, TODAY_PCARE, card, entry, nik, place

LIST = f"/pendaftaran/tglDaftar/{TODAY_PCARE}"
DUPLICATE = "Peserta sudah terdaftar di poli tersebut pada hari ini"


def type_in(bpjs, number=1, **visit):
    visit = {"no_kartu": card(number), "tanggal": TODAY} | visit
    return bpjs.control("POST", "pendaftaran", visit)


def book_by_phone(bpjs, number=1, **visit):
    visit = {"no_kartu": card(number), "tanggal": TODAY, "nomorantrean": "M-7"} | visit
    return bpjs.control("POST", "antrean", visit)


def page(bpjs, start=0, limit=100):
    """(count, numbers) of a page of the day's list."""
    response = bpjs.call("pcare", "GET", f"{LIST}/{start}/{limit}").response
    return response["count"], [row["noUrut"] for row in response["list"]]


def shown(bpjs):
    """The page for people."""
    return requests.get(bpjs.url, timeout=10).content.decode()


def set_to(bpjs, **settings):
    bpjs.control("POST", "settings", settings)


# Registered by hand


def test_a_visit_typed_into_pcare_is_there_already(bpjs):
    type_in(bpjs, 5, no_urut="A17", kunj_sakit=False)
    assert bpjs.register(5).message.startswith("Peserta sudah di-entri")
    assert page(bpjs) == (1, ["A17"])
    [held] = bpjs.book()["pendaftaran"]
    expected = {"noKartu": card(5), "noUrut": "A17", "kunjSakit": False, "asal": "tangan"}
    assert expected.items() <= held.items()
    assert "Baru (tangan)" in shown(bpjs)


def test_by_default_it_gets_the_next_number(bpjs):
    bpjs.register(1)
    type_in(bpjs, 2)
    assert bpjs.register(3).response["message"] == "A3"
    assert page(bpjs) == (3, ["A1", "A2", "A3"])


def test_a_number_given_by_hand_is_not_given_again(bpjs):
    type_in(bpjs, 1, no_urut="A2")
    numbers = [bpjs.register(n).response["message"] for n in (2, 3)]
    assert numbers == ["A3", "A4"]


@pytest.mark.parametrize("kind", ["peserta", "poli", "providerPelayanan"])
def test_a_row_may_have_nulls(bpjs, kind):
    bpjs.register(1)
    type_in(bpjs, 2, nulls=[kind, "tkp"])
    whole, holed = bpjs.call("pcare", "GET", f"{LIST}/0/100").response["list"]
    assert None not in (whole[kind], whole["tkp"])
    assert (holed[kind], holed["tkp"], holed["noUrut"]) == (None, None, "A2")


@pytest.mark.parametrize(
    "wrong",
    [
        {"no_kartu": "0001000099999"},
        {"no_kartu": card(94)},  # inactive
        {"kd_poli": "999"},
        {"tanggal": TODAY_PCARE},
        {"kunj_sakit": "ya"},
        {"nomor": "A1"},
    ],
)
def test_pcare_does_not_take_everything_that_is_typed(bpjs, wrong):
    visit = {"no_kartu": card(1), "tanggal": TODAY} | wrong
    assert bpjs.control("POST", "pendaftaran", visit, status=400)["error"]
    assert bpjs.book()["pendaftaran"] == []


def test_nothing_is_typed_in_twice(bpjs):
    bpjs.register(1)
    again = {"no_kartu": card(1), "tanggal": TODAY}
    bpjs.control("POST", "pendaftaran", again, status=400)
    assert page(bpjs) == (1, ["A1"])


# Booked with Mobile JKN


def test_a_visit_booked_by_phone_keeps_its_number(bpjs):
    book_by_phone(bpjs, 5, kd_dokter=11103)
    assert bpjs.add(5).message == DUPLICATE
    [held] = bpjs.book()["antrean"]
    expected = {
        "noKartu": card(5),
        "nik": nik(5),
        "nomorantrean": "M-7",
        "angkaantrean": 7,
        "kodedokter": 11103,
        "jampraktek": "14:00-21:00",
        "asal": "Mobile JKN",
    }
    assert expected.items() <= held.items()
    assert set(held["body"]) == set(entry())
    assert "terdaftar (Mobile JKN)" in shown(bpjs)


def test_it_can_be_cancelled_by_the_clinic(bpjs):
    book_by_phone(bpjs)
    body = place(alasan="Pasien pulang")
    assert bpjs.call("antrean_fktp", "POST", "/antrean/batal", body).message == "Ok"
    assert bpjs.add().message == "Ok"


@pytest.mark.parametrize(
    "wrong",
    [
        {"no_kartu": "0001000099999"},
        {"no_kartu": card(94)},  # inactive
        {"kd_poli": "999"},
        {"kd_dokter": 11102},
        {"jam": "07:00-15:00"},
        {"tanggal": TODAY_PCARE},
    ],
)
def test_bpjs_does_not_take_every_booking(bpjs, wrong):
    visit = {"no_kartu": card(1), "tanggal": TODAY, "nomorantrean": "M-7"} | wrong
    assert bpjs.control("POST", "antrean", visit, status=400)["error"]
    assert bpjs.book()["antrean"] == []


def test_nothing_is_booked_twice(bpjs):
    bpjs.add(1)
    again = {"no_kartu": card(1), "tanggal": TODAY, "nomorantrean": "M-7"}
    bpjs.control("POST", "antrean", again, status=400)
    assert [held["nomorantrean"] for held in bpjs.book()["antrean"]] == ["A-1"]


# The day's list, read while it changes


def test_a_page_may_be_shorter_than_asked(bpjs):
    for n in range(1, 6):
        bpjs.register(n)
    set_to(bpjs, page_size=2)
    assert page(bpjs) == (5, ["A1", "A2"])
    assert page(bpjs, 4) == (5, ["A5"])
    assert page(bpjs, 0, 1) == (5, ["A1"])


def test_the_newest_may_come_first(bpjs):
    for n in (1, 2, 3):
        bpjs.register(n)
    set_to(bpjs, newest_first=True)
    assert page(bpjs, 0, 2) == (3, ["A3", "A2"])


def test_the_list_may_grow_while_it_is_read(bpjs):
    bpjs.register(1)
    set_to(bpjs, list_changes="grows", page_size=1)
    assert page(bpjs, 0) == (1, ["A1"])
    assert page(bpjs, 1) == (2, ["A2"])
    assert page(bpjs, 2) == (3, ["A3"])
    assert bpjs.register(2).response["message"] == "A5"
    assert len({held["noKartu"] for held in bpjs.book()["pendaftaran"]}) == 5


def test_the_list_may_shrink_while_it_is_read(bpjs):
    type_in(bpjs, 1)
    bpjs.register(2)
    bpjs.register(3)
    set_to(bpjs, list_changes="shrinks", page_size=1)
    assert page(bpjs, 0) == (3, ["A1"])
    assert page(bpjs, 1) == (2, ["A3"])  # A2 has moved to the first page
    assert page(bpjs, 0) == (2, ["A2"])  # only what was typed in by hand is taken back


# Success with another code


def test_every_success_may_have_code_200(bpjs):
    set_to(bpjs, success_200=True)
    reference = bpjs.call("antrean_fktp", "GET", f"/ref/poli/tanggal/{TODAY}")
    assert (reference.status, reference.code, len(reference.response)) == (200, 200, 3)
    registered = bpjs.register(1)
    assert (registered.status, registered.code) == (200, 200)
    assert registered.response == {"field": "noUrut", "message": "A1"}
    assert bpjs.register(1).code == 401
    assert bpjs.add(1).code == 200
    assert bpjs.add(1).code == 201
