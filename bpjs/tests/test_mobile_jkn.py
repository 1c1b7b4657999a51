import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpjs import mobile_jkn
from bpjs.mobile_jkn import (
    BAD_DAY,
    NO_DAY,
    NO_KELUHAN,
    NO_NAME,
    NO_POLI,
    UNKNOWN_DOKTER,
    UNKNOWN_SERVICE,
    UNKNOWN_SEX,
    UNREADABLE,
    Booking,
    Call,
    Peserta,
    Refused,
    Visit,
)

DAY = date(2026, 11, 27)
BOOKING = {
    "nomorkartu": "0001000000001",
    "nik": "3200000000000001",
    "kodepoli": "001",
    "tanggalperiksa": "2026-11-27",
    "keluhan": "Batuk",
}
PESERTA = {
    "nomorkartu": "0001000000001",
    "nik": "3200000000000001",
    "nomorkk": "3200000000000002",
    "nama": "Peserta Contoh 01",
    "jeniskelamin": "L",
    "tanggallahir": "1990-01-31",
    "alamat": "Jalan Contoh 1",
    "namaprop": "Provinsi Contoh",
    "namadati2": "Kota Contoh",
    "namakec": "Contoh",
    "rt": 1,
    "rw": "",
    "nohp": "081200000001",
}


def refusal(step, *args):
    with pytest.raises(Refused) as refused:
        step(*args)
    assert refused.value.code == 201
    return refused.value.message


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", "auth", Call("auth", 1, ())),
        ("GET", "v2/auth/", Call("auth", 2, ())),
        ("GET", "antrean/status/001/2026-11-27", Call("status", 1, ("001", "2026-11-27"))),
        ("GET", "v2//antrean/status/001/x", Call("status", 2, ("001", "x"))),
        ("GET", "antrean/status//2026-11-27", Call("status", 1, ("", "2026-11-27"))),
        ("GET", "antrean/status/001/", Call("status", 1, ("001", ""))),
        ("GET", "antrean/status", Call("status", 1, ("", ""))),
        ("POST", "antrean", Call("ambil", 1, ())),
        ("POST", "/v2/antrean", Call("ambil", 2, ())),
        ("GET", "antrean/sisapeserta/a/b/c", Call("sisapeserta", 1, ("a", "b", "c"))),
        ("GET", "antrean/sisapeserta//b/c", Call("sisapeserta", 1, ("", "b", "c"))),
        ("PUT", "v2/antrean/batal", Call("batal", 2, ())),
        ("POST", "peserta", Call("peserta", 1, ())),
    ],
)
def test_services(method, path, call):
    assert mobile_jkn.call_of(method, path) == call


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "auth"), ("GET", ""), ("GET", "v2"), ("GET", "v3/auth"), ("GET", "auth/x"),
     ("HEAD", "auth"), ("GET", "v2auth"), ("GET", "antrean/status/001/x/y"), ("GET", "antrean")],
)  # fmt: skip
def test_other_paths_are_no_service(method, path):
    assert refusal(mobile_jkn.call_of, method, path) == UNKNOWN_SERVICE


def test_a_booking_of_either_version():
    booking = Booking("0001000000001", "3200000000000001", "001", DAY, "Batuk")
    assert mobile_jkn.booking(BOOKING) == booking
    assert mobile_jkn.booking(BOOKING | {"kodedokter": None, "jampraktek": None}) == booking
    more = {"kodedokter": "11101", "jampraktek": "07:00-14:00", "nohp": 812}
    assert mobile_jkn.booking(BOOKING | more) == Booking(
        "0001000000001", "3200000000000001", "001", DAY, "Batuk", 11101, "07:00-14:00", "812"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nomorkartu": ["0001000000001"]}, "Nomor Kartu tidak boleh kosong"),
        ({"nomorkartu": 1000000001}, "Nomor Kartu harus 13 digit"),
        ({"nomorkartu": "0000000000000"}, "Format Nomor Kartu tidak sesuai"),
        ({"nomorkartu": "٠٠٠١٠٠٠٠٠٠٠٠١"}, "Format Nomor Kartu tidak sesuai"),
        ({"nik": None}, "NIK tidak boleh kosong"),
        ({"nik": "1"}, "NIK harus 16 digit"),
        ({"nik": "320000000000000x"}, "Format NIK tidak sesuai"),
        ({"kodepoli": " "}, NO_POLI),
        ({"tanggalperiksa": None}, NO_DAY),
        ({"tanggalperiksa": "20261127"}, BAD_DAY),
        ({"tanggalperiksa": "2026-02-30"}, BAD_DAY),
        ({"keluhan": True}, NO_KELUHAN),
        ({"kodedokter": "x"}, UNKNOWN_DOKTER),
        ({"kodedokter": True}, UNKNOWN_DOKTER),
        ({"kodedokter": 10**30}, UNKNOWN_DOKTER),
    ],
)
def test_bookings_that_are_refused(change, message):
    assert refusal(mobile_jkn.booking, BOOKING | change) == message


def test_a_visit():
    where = "0001000000001", "001", "2026-11-27"
    own = Visit("0001000000001", "001", DAY, "Dibatalkan peserta di Mobile JKN")
    assert mobile_jkn.visit(*where) == mobile_jkn.visit(*where, None) == own
    assert mobile_jkn.visit(*where, "Sakit").alasan == "Sakit"


def test_a_new_patient():
    assert mobile_jkn.peserta(PESERTA) == Peserta(
        no_kartu="0001000000001",
        nik="3200000000000001",
        no_kk="3200000000000002",
        nama="Peserta Contoh 01",
        sex="L",
        tanggal_lahir=date(1990, 1, 31),
        alamat="Jalan Contoh 1",
        tempat="RT 1, Kec. Contoh",
        kota="Kota Contoh",
        provinsi="Provinsi Contoh",
        no_hp="081200000001",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nomorkk": ""}, "Nomor KK tidak boleh kosong"),
        ({"nama": None}, NO_NAME),
        ({"jeniskelamin": "l"}, UNKNOWN_SEX),
        ({"tanggallahir": "31-01-1990"}, BAD_DAY),
    ],
)
def test_patients_who_are_refused(change, message):
    assert refusal(mobile_jkn.peserta, PESERTA | change) == message


def test_a_body():
    assert mobile_jkn.body_of(b'\xef\xbb\xbf{"NIK": "1"}') == {"nik": "1"}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_bodies_that_are_refused(raw):
    assert refusal(mobile_jkn.body_of, raw) == UNREADABLE


def test_an_answer():
    assert json.loads(mobile_jkn.answer(200, "Ok")) == {"metadata": {"message": "Ok", "code": 200}}
    whole = {"response": {"norm": "é"}, "metadata": {"message": "Ok", "code": 200}}
    assert json.loads(mobile_jkn.answer(200, "Ok", {"norm": "é"})) == whole


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(body=st.dictionaries(st.sampled_from([*BOOKING, *PESERTA, "kodedokter"]), anything))
def test_whatever_is_sent_is_read_or_refused(body):
    for whole, read in ((BOOKING, mobile_jkn.booking), (PESERTA, mobile_jkn.peserta)):
        try:
            read(whole | body)
        except Refused as refused:
            assert refused.message


@given(raw=st.binary())
def test_whatever_bytes_are_sent_are_read_or_refused(raw):
    try:
        assert isinstance(mobile_jkn.body_of(raw), dict)
    except Refused as refused:
        assert refused.message == UNREADABLE
