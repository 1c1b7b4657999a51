import json
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpjs import antrean_fktp, pcare, reason
from bpjs.answer import items
from bpjs.antrean_fktp import ANTREAN
from bpjs.errors import UnreadableError
from bpjs.pcare import PCARE
from bpjs.request import Request
from bpjs.services import SERVICES

DAY = date(2026, 3, 7)
KARTU = "0001000000001"
REF_POLI = "/ref/poli/tanggal/2026-03-07"
WIB = timezone(timedelta(hours=7))

pendaftaran_add = pcare.pendaftaran_add(
    kd_provider_peserta="0001R001", tanggal=DAY, no_kartu=KARTU, kd_poli="001"
)
antrean_add = antrean_fktp.add(
    no_kartu=KARTU,
    nik="3200000000000001",
    no_hp="080000000000",
    kd_poli="001",
    nm_poli="Poli Umum",
    no_rm="RM-1",
    tanggal=DAY,
    kd_dokter=11101,
    nm_dokter="dr. Contoh Satu",
    jam_praktek="07:00-14:00",
    nomor_antrean="A-12",
    angka_antrean=12,
    keterangan="",
)
panggil = antrean_fktp.panggil(
    tanggal=DAY,
    kd_poli="001",
    no_kartu=KARTU,
    hadir=True,
    waktu=datetime(2026, 3, 7, 8, 30, 0, 123000, tzinfo=WIB),
)
batal = antrean_fktp.batal(tanggal=DAY, kd_poli="001", no_kartu=KARTU, alasan="Pasien pulang")
pendaftaran_delete = pcare.pendaftaran_delete(KARTU, DAY, "A1", "001")


@pytest.mark.parametrize(
    ("request_", "service", "method", "path", "success"),
    [
        (pcare.peserta(KARTU), PCARE, "GET", f"/peserta/{KARTU}", 200),
        (pcare.peserta_by("nik", "32"), PCARE, "GET", "/peserta/nik/32", 200),
        (pcare.poli(0, 100), PCARE, "GET", "/poli/fktp/0/100", 200),
        (pcare.dokter(100, 100), PCARE, "GET", "/dokter/100/100", 200),
        (pcare.kesadaran(), PCARE, "GET", "/kesadaran", 200),
        (pendaftaran_add, PCARE, "POST", "/pendaftaran", 201),
        (
            pcare.pendaftaran_list(DAY, 0, 100),
            PCARE,
            "GET",
            "/pendaftaran/tglDaftar/07-03-2026/0/100",
            200,
        ),
        (
            pcare.pendaftaran_get("A1", DAY),
            PCARE,
            "GET",
            "/pendaftaran/noUrut/A1/tglDaftar/07-03-2026",
            200,
        ),
        (
            pendaftaran_delete,
            PCARE,
            "DELETE",
            f"/pendaftaran/peserta/{KARTU}/tglDaftar/07-03-2026/noUrut/A1/kdPoli/001",
            200,
        ),
        (antrean_add, ANTREAN, "POST", "/antrean/add", 200),
        (panggil, ANTREAN, "POST", "/antrean/panggil", 200),
        (batal, ANTREAN, "POST", "/antrean/batal", 200),
        (antrean_fktp.ref_poli(DAY), ANTREAN, "GET", REF_POLI, 1),
        (
            antrean_fktp.ref_dokter("001", DAY),
            ANTREAN,
            "GET",
            "/ref/dokter/kodepoli/001/tanggal/2026-03-07",
            1,
        ),
    ],
)
def test_calls_of_the_catalogue(request_, service, method, path, success):
    assert (request_.service, request_.method, request_.path) == (service, method, path)
    assert success in request_.success == SERVICES[service].success
    assert request_.has_effect == (method != "GET")
    assert request_.registers == (request_ in (pendaftaran_add, antrean_add))
    assert Request.from_dict(json.loads(json.dumps(request_.as_dict()))) == request_


@pytest.mark.parametrize(("code", "path"), [(PCARE, "/kesadaran"), (ANTREAN, REF_POLI)])
def test_the_probe_of_a_service_changes_nothing_there(code, path):
    probe = SERVICES[code].probe(DAY)
    assert (probe.service, probe.path, probe.has_effect) == (code, path, False)


@pytest.mark.parametrize(("code", "text"), [(PCARE, "07-03-2026"), (ANTREAN, "2026-03-07")])
def test_a_date_as_a_service_writes_it(code, text):
    service = SERVICES[code]
    assert (service.date_text(DAY), service.date_of(text)) == (text, DAY)


def test_pendaftaran_body():
    assert pendaftaran_add.body == {
        "kdProviderPeserta": "0001R001",
        "tglDaftar": "07-03-2026",
        "noKartu": KARTU,
        "kdPoli": "001",
        "keluhan": None,
        "kunjSakit": True,
        "sistole": 0,
        "diastole": 0,
        "beratBadan": 0,
        "tinggiBadan": 0,
        "respRate": 0,
        "lingkarPerut": 0,
        "rujukBalik": 0,
        "heartRate": 0,
        "kdTkp": "10",
    }


def test_antrean_add_body():
    assert antrean_add.body == {
        "nomorkartu": KARTU,
        "nik": "3200000000000001",
        "nohp": "080000000000",
        "kodepoli": "001",
        "namapoli": "Poli Umum",
        "norm": "RM-1",
        "tanggalperiksa": "2026-03-07",
        "kodedokter": 11101,
        "namadokter": "dr. Contoh Satu",
        "jampraktek": "07:00-14:00",
        "nomorantrean": "A-12",
        "angkaantrean": 12,
        "keterangan": "",
    }


def test_panggil_body_has_milliseconds_of_utc():
    place = {"tanggalperiksa": "2026-03-07", "kodepoli": "001", "nomorkartu": KARTU}
    waktu = datetime(2026, 3, 7, 1, 30, 0, 123000, tzinfo=timezone.utc)
    absent = antrean_fktp.panggil(
        tanggal=DAY, kd_poli="001", no_kartu=KARTU, hadir=False, waktu=waktu
    )
    assert panggil.body == place | {"status": 1, "waktu": 1772847000123}
    assert absent.body == place | {"status": 2, "waktu": 1772847000123}


def test_panggil_takes_no_time_without_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        antrean_fktp.panggil(
            tanggal=DAY, kd_poli="001", no_kartu=KARTU, hadir=True, waktu=datetime(2026, 3, 7)
        )


def test_batal_body():
    assert batal.body == {
        "tanggalperiksa": "2026-03-07",
        "kodepoli": "001",
        "nomorkartu": KARTU,
        "alasan": "Pasien pulang",
    }


@pytest.mark.parametrize("kd_poli", ["001", "a/b c", "%2F"])
def test_what_a_schedule_was_asked_for_can_be_read_off_the_request(kd_poli):
    assert antrean_fktp.asked_of(antrean_fktp.ref_dokter(kd_poli, DAY)) == (kd_poli, DAY)


def test_a_path_is_quoted_and_whole():
    assert pcare.peserta("a/b?c d ").path == "/peserta/a%2Fb%3Fc%20d"
    with pytest.raises(ValueError, match="blank"):
        pcare.peserta(" ")


@pytest.mark.parametrize(
    "response", [{"field": "noUrut", "message": " A1 "}, [{"field": "noUrut", "message": "A1"}]]
)
def test_no_urut(response):
    assert pcare.no_urut(response) == "A1"


@pytest.mark.parametrize(
    "response",
    [
        None,
        "A1",
        [],
        {},
        {"field": "noUrut"},
        {"field": "noUrut", "message": ""},
        {"field": "noUrut", "message": 1},
        {"field": "noKartu", "message": "A1"},
        [[{"field": "noUrut", "message": "A1"}]],
        [{"field": "noUrut", "message": "A1"}, {"field": "noUrut", "message": "A2"}],
    ],
)
def test_no_urut_is_not_guessed(response):
    with pytest.raises(UnreadableError):
        pcare.no_urut(response)


def test_items():
    rows = [{"kdPoli": "001"}, {"kdPoli": "002"}]
    assert items({"count": 2, "list": rows}) == items(rows) == rows
    for nothing in (None, "", [], {}, {"count": 0, "list": None}, {"count": 0, "list": []}):
        assert items(nothing) == []
    assert items([None, "001"]) == items({"list": [None, "001"]}) == [None, "001"]
    for wrong in ("001", 1, {"count": 1}, {"list": "001"}):
        with pytest.raises(UnreadableError):
            items(wrong)


def test_kd_provider():
    somebody = {"noKartu": KARTU}
    provider = {"kdProvider": "0001R001"}
    assert pcare.kd_provider(somebody | {"kdProviderPst": provider}, KARTU) == "0001R001"
    for unknown in (
        None,
        somebody,
        somebody | {"kdProviderPst": {"kdProvider": ""}},
        {"noKartu": "0001000000002", "kdProviderPst": provider},
    ):
        with pytest.raises(UnreadableError) as caught:
            pcare.kd_provider(unknown, KARTU)
        assert caught.value.reason == reason.NO_PROVIDER


ROW = {"noUrut": "A1", "peserta": {"noKartu": KARTU}, "poli": {"kdPoli": "001"}}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ROW, "A1"),
        (
            {"noUrut": "A1 ", "peserta": {"noKartu": f"{KARTU} "}, "poli": {"kdPoli": "001 "}},
            "A1",
        ),
        (ROW | {"poli": {"kdPoli": "002"}}, ""),
        (ROW | {"peserta": {"noKartu": "0001000000002"}}, ""),
        ({"peserta": {"noKartu": "0001000000002"}, "poli": None}, ""),
        ({"peserta": None, "poli": {"kdPoli": "002"}}, ""),
    ],
)
def test_registered_as(row, expected):
    assert pcare.registered_as(row, KARTU, "001") == expected


@pytest.mark.parametrize(
    "change", [{"peserta": None}, {"poli": None}, {"noUrut": None}, {"noUrut": " "}]
)
def test_a_row_that_may_be_ours_must_be_readable(change):
    with pytest.raises(UnreadableError):
        pcare.registered_as(ROW | change, KARTU, "001")


names = ["field", "message", "list", "peserta", "noKartu", "poli", "kdPoli", "kdProviderPst"]
near_misses = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "noUrut", "A1", KARTU]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(names), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(deadline=None, max_examples=100)
@given(near_misses)
def test_parsers_raise_only_unreadable_errors(response):
    for parse in (
        lambda: pcare.no_urut(response),
        lambda: items(response),
        lambda: pcare.kd_provider(response, KARTU),
        lambda: pcare.registered_as(response, KARTU, "001"),
    ):
        try:
            parse()
        except UnreadableError:
            pass
