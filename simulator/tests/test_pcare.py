"""PCare: registrations, participants and reference data."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.tests.caller import TODAY, TODAY_PCARE, card, nik, registration

SUCCESS = (201, 201, "CREATED")
DUPLICATE = (401, 401, "Peserta sudah di-entri di poli yang sama pada hari yang sama.")
NEWTONSOFT = (500, 500, "Cannot access child value on Newtonsoft.Json.Linq.JValue.")
PRECONDITION = (412, 412, "PRECONDITION_FAILED")
LIST = f"/pendaftaran/tglDaftar/{TODAY_PCARE}/0/100"


def number(answer):
    """The queue number of a registration that succeeded."""
    assert answer[:3] == SUCCESS
    assert answer.response["field"] == "noUrut"
    return answer.response["message"]


def refused_fields(answer):
    """{field: message} of a 412, which is never encrypted."""
    assert answer[:3] == PRECONDITION
    return {error["field"]: error["message"] for error in answer.response}


def path_of(number, no_urut, day=TODAY_PCARE, poli="001"):
    where = f"tglDaftar/{day}/noUrut/{no_urut}/kdPoli/{poli}"
    return f"/pendaftaran/peserta/{card(number)}/{where}"


def test_a_registration_gets_its_number_encrypted(bpjs):
    reply = bpjs.send("pcare", "POST", "/pendaftaran", registration())
    assert len(base64.b64decode(reply.json()["response"], validate=True)) % 16 == 0
    assert number(bpjs.register(2)) == "A2"


def test_numbers_run_by_poli_and_day(bpjs):
    assert [number(bpjs.register(n)) for n in (1, 2)] == ["A1", "A2"]
    assert number(bpjs.register(1, kdPoli="002")) == "B1"
    assert number(bpjs.register(1, kdPoli="003")) == "C1"
    assert number(bpjs.register(1, tglDaftar="24-11-2026")) == "A1"
    assert number(bpjs.register(3)) == "A3"


def test_twenty_at_once_get_twenty_numbers(bpjs):
    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(lambda n: number(bpjs.register(n)), range(1, 21)))
    assert sorted(numbers, key=lambda text: int(text[1:])) == [f"A{n}" for n in range(1, 21)]
    assert len(bpjs.book()["pendaftaran"]) == 20


def test_one_participant_twenty_times_at_once_is_held_once(bpjs):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: bpjs.register(1)[:3], range(20)))
    assert sorted(answers) == [SUCCESS] + 19 * [DUPLICATE]


def test_a_duplicate_is_refused_within_poli_and_day(bpjs):
    bpjs.register()
    assert bpjs.register()[:3] == DUPLICATE
    assert [entry["noUrut"] for entry in bpjs.book()["pendaftaran"]] == ["A1"]


def test_the_book_shows_what_was_sent(bpjs):
    bpjs.register(7, keluhan="batuk 😀")
    [entry] = bpjs.book()["pendaftaran"]
    assert entry.pop("waktu").endswith("+07:00")
    assert entry == {
        "noKartu": card(7),
        "kdPoli": "001",
        "tanggal": TODAY,
        "noUrut": "A1",
        "kdProvider": "0001R001",
        "kunjSakit": True,
        "status": "Baru",
        "asal": "panggilan",
        "body": registration(7, keluhan="batuk 😀"),
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kdProviderPeserta", 1),
        ("tglDaftar", 23112026),
        ("noKartu", 1000000001),
        ("kdPoli", 1),
        ("keluhan", 5),
        ("kunjSakit", "true"),
        ("kunjSakit", 1),
        ("sistole", "120"),
        ("diastole", None),
        ("beratBadan", "0"),
        ("tinggiBadan", True),
        ("respRate", "0"),
        ("lingkarPerut", []),
        ("heartRate", {}),
        ("rujukBalik", "0"),
        ("rujukBalik", 0.5),
        ("kdTkp", 10),
    ],
)
def test_a_wrong_type_is_a_500(bpjs, field, value):
    assert bpjs.register(1, **{field: value})[:3] == NEWTONSOFT
    assert bpjs.book()["pendaftaran"] == []


@pytest.mark.parametrize("body", [None, [], "teks", 5])
def test_a_body_that_is_no_object_is_a_500(bpjs, body):
    assert bpjs.call("pcare", "POST", "/pendaftaran", body)[:3] == NEWTONSOFT


@pytest.mark.parametrize("field", sorted(set(registration()) - {"keluhan"}))
def test_a_missing_field_is_named(bpjs, field):
    body = registration()
    del body[field]
    answer = bpjs.call("pcare", "POST", "/pendaftaran", body)
    assert refused_fields(answer) == {field: f"{field} tidak boleh kosong"}


def test_every_field_that_is_wrong_is_named(bpjs):
    answer = bpjs.register(
        noKartu="0001000099999",
        kdPoli="999",
        tglDaftar="2026-11-23",
        kdProviderPeserta="9999R999",
        kdTkp="11",
    )
    assert refused_fields(answer) == {
        "noKartu": "Nomor kartu tidak valid",
        "kdPoli": "Poli tidak ditemukan",
        "tglDaftar": "Format tanggal tidak sesuai, format yang benar adalah dd-mm-yyyy",
        "kdProviderPeserta": "Provider peserta tidak ditemukan",
        "kdTkp": "Kode TKP tidak ditemukan",
    }
    assert bpjs.book()["pendaftaran"] == []


@pytest.mark.parametrize("day", ["31-02-2026", "1-2-2026", "23/11/2026", "", "besok"])
def test_a_bad_date_is_refused(bpjs, day):
    assert set(refused_fields(bpjs.register(tglDaftar=day))) == {"tglDaftar"}


@pytest.mark.parametrize("keluhan", [None, "", "demam"])
def test_the_complaint_may_be_empty(bpjs, keluhan):
    assert number(bpjs.register(keluhan=keluhan)) == "A1"


def test_the_patient_without_screening(bpjs):
    answer = bpjs.register(91)
    assert answer[:2] == (401, 401)
    assert answer.message.startswith("Anda belum melakukan skrining kesehatan.")
    assert "https://webskrining.bpjs-kesehatan.go.id/skrining" in answer.message


def test_the_patients_with_refused_fields(bpjs):
    assert refused_fields(bpjs.register(92)) == {"noKartu": "Nomor kartu tidak valid"}
    assert refused_fields(bpjs.register(94)) == {"noKartu": "Pasien tidak aktif"}


def test_the_patient_without_schedule_is_fine_at_pcare(bpjs):
    assert number(bpjs.register(93)) == "A1"


def test_the_patient_registered_by_hand_is_a_duplicate_with_a_number(bpjs):
    bpjs.register(1)
    assert bpjs.register(96)[:3] == DUPLICATE
    listed = bpjs.call("pcare", "GET", LIST).response["list"]
    assert [(item["peserta"]["noKartu"], item["noUrut"]) for item in listed] == [
        (card(1), "A1"),
        (card(96), "A2"),
    ]
    assert bpjs.register(96)[:3] == DUPLICATE
    assert len(bpjs.book()["pendaftaran"]) == 2


def test_the_list_of_a_day_in_pages(bpjs):
    for n in range(1, 6):
        bpjs.register(n)
    bpjs.register(6, tglDaftar="24-11-2026")
    first = bpjs.call("pcare", "GET", f"/pendaftaran/tglDaftar/{TODAY_PCARE}/0/2").response
    last = bpjs.call("pcare", "GET", f"/pendaftaran/tglDaftar/{TODAY_PCARE}/4/2").response
    assert first["count"] == last["count"] == 5
    assert [item["noUrut"] for item in first["list"]] == ["A1", "A2"]
    assert [item["noUrut"] for item in last["list"]] == ["A5"]
    assert bpjs.send("pcare", "GET", f"/pendaftaran/tglDaftar/{TODAY_PCARE}/5/2").status_code == 204


def test_an_item_of_the_list(bpjs):
    bpjs.register(7, keluhan="batuk 😀")
    [item] = bpjs.call("pcare", "GET", LIST).response["list"]
    assert item["peserta"]["noKartu"] == card(7)
    assert item["poli"]["kdPoli"] == "001"
    expected = {"noUrut": "A1", "tgldaftar": TODAY_PCARE, "status": "Baru", "kunjSakit": True}
    assert expected.items() <= item.items()
    assert item["keluhan"] == "batuk 😀"


def test_an_empty_day_is_204_without_a_body(bpjs):
    reply = bpjs.send("pcare", "GET", LIST)
    assert (reply.status_code, reply.content) == (204, b"")


def test_one_registration_by_its_number(bpjs):
    bpjs.register(1)
    bpjs.register(2)
    answer = bpjs.call("pcare", "GET", f"/pendaftaran/noUrut/A2/tglDaftar/{TODAY_PCARE}")
    assert (answer.code, answer.response["peserta"]["noKartu"]) == (200, card(2))
    missing = bpjs.send("pcare", "GET", f"/pendaftaran/noUrut/A3/tglDaftar/{TODAY_PCARE}")
    assert missing.status_code == 204


@pytest.mark.parametrize(
    "path", ["/pendaftaran/tglDaftar/{}/0/10", "/pendaftaran/noUrut/A1/tglDaftar/{}"]
)
def test_a_bad_date_in_a_path_is_refused(bpjs, path):
    assert set(refused_fields(bpjs.call("pcare", "GET", path.format(TODAY)))) == {"tglDaftar"}


def test_a_deleted_registration_is_gone_and_its_number_not_given_again(bpjs):
    bpjs.register(1)
    answer = bpjs.call("pcare", "DELETE", path_of(1, "A1"))
    assert answer == (200, 200, "OK", None)
    assert bpjs.book()["pendaftaran"] == []
    assert number(bpjs.register(1)) == "A2"


def test_the_book_remembers_what_was_deleted(bpjs):
    bpjs.register(1, keluhan="pusing")
    bpjs.call("pcare", "DELETE", path_of(1, "A1"))
    bpjs.register(1)
    [deleted] = bpjs.book()["dihapus"]
    assert (deleted["noKartu"], deleted["noUrut"]) == (card(1), "A1")
    assert deleted["dihapus"] >= deleted["waktu"]
    assert [item["noUrut"] for item in bpjs.book()["pendaftaran"]] == ["A2"]


def test_of_several_only_the_one_that_was_named_is_deleted(bpjs):
    bpjs.control("POST", "settings", {"detect_duplicates": False})
    for _ in range(3):
        bpjs.register(1)
    bpjs.call("pcare", "DELETE", path_of(1, "A2"))
    assert [item["noUrut"] for item in bpjs.book()["pendaftaran"]] == ["A1", "A3"]


def test_who_was_served_is_not_deleted(bpjs):
    bpjs.register(1)
    bpjs.register(2)
    bpjs.control("POST", "layani", {"no_kartu": card(1), "tanggal": TODAY})
    assert [item["status"] for item in bpjs.book()["pendaftaran"]] == ["Sudah dilayani", "Baru"]
    [served, _new] = bpjs.call("pcare", "GET", LIST).response["list"]
    assert served["status"] == "Sudah dilayani"
    refused = refused_fields(bpjs.call("pcare", "DELETE", path_of(1, "A1")))
    assert refused == {"noUrut": "Peserta sudah dilayani, pendaftaran tidak dapat dihapus"}
    assert bpjs.register(1)[:3] == DUPLICATE
    assert bpjs.book()["dihapus"] == []


def test_nobody_is_served_who_is_not_registered(bpjs):
    bpjs.register(1)
    for wrong in ({"no_kartu": card(2)}, {"kd_poli": "002"}, {"tanggal": "2026-11-24"}):
        visit = {"no_kartu": card(1), "tanggal": TODAY} | wrong
        bpjs.control("POST", "layani", visit, status=400)
    assert bpjs.book()["pendaftaran"][0]["status"] == "Baru"


@pytest.mark.parametrize(
    "path",
    [
        path_of(2, "A1"),
        path_of(1, "A2"),
        path_of(1, "A1", day="24-11-2026"),
        path_of(1, "A1", poli="002"),
    ],
)
def test_deleting_needs_every_part_right(bpjs, path):
    bpjs.register(1)
    assert set(refused_fields(bpjs.call("pcare", "DELETE", path))) == {"noUrut"}
    assert len(bpjs.book()["pendaftaran"]) == 1


@pytest.mark.parametrize("path", [card(5), f"noka/{card(5)}", f"nik/{nik(5)}"])
def test_a_participant(bpjs, path):
    answer = bpjs.call("pcare", "GET", f"/peserta/{path}")
    assert answer[:3] == (200, 200, "OK")
    expected = {"noKartu": card(5), "noKTP": nik(5), "nama": "Peserta Contoh 05", "aktif": True}
    assert expected.items() <= answer.response.items()
    assert answer.response["kdProviderPst"]["kdProvider"] == "0001R001"


def test_an_inactive_participant(bpjs):
    found = bpjs.call("pcare", "GET", f"/peserta/{card(94)}").response
    assert (found["aktif"], found["ketAktif"]) == (False, "TIDAK AKTIF (PREMI)")


def test_a_participant_of_another_clinic(bpjs):
    found = bpjs.call("pcare", "GET", f"/peserta/{card(97)}").response
    assert found["kdProviderPst"]["kdProvider"] == "0002R002"


@pytest.mark.parametrize("path", [card(61), f"nik/{nik(61)}"])
def test_nobody_is_204(bpjs, path):
    assert bpjs.send("pcare", "GET", f"/peserta/{path}").status_code == 204


@pytest.mark.parametrize(
    ("path", "field"), [("123", "noKartu"), ("noka/abcdefghijklm", "noKartu"), ("nik/1", "nik")]
)
def test_a_number_of_the_wrong_form_is_refused(bpjs, path, field):
    assert set(refused_fields(bpjs.call("pcare", "GET", f"/peserta/{path}"))) == {field}


@pytest.mark.parametrize(
    ("path", "count", "first"),
    [
        ("/poli/fktp/0/100", 3, {"kdPoli": "001", "nmPoli": "Poli Umum", "poliSakit": True}),
        ("/poli/fktp/1/1", 3, {"kdPoli": "002", "nmPoli": "Poli Gigi", "poliSakit": True}),
        ("/dokter/0/100", 3, {"kdDokter": "11101", "nmDokter": "dr. Contoh Satu"}),
        ("/provider/0/100", 2, {"kdProvider": "0001R001", "nmProvider": "Klinik Contoh"}),
        ("/kesadaran", 4, {"kdSadar": "01", "nmSadar": "Compos mentis"}),
    ],
)
def test_reference_data(bpjs, path, count, first):
    answer = bpjs.call("pcare", "GET", path)
    assert answer[:2] == (200, 200)
    assert answer.response["count"] == count
    assert answer.response["list"][0] == first


def test_a_poli_may_be_for_healthy_visits_only(bpjs):
    bpjs.control("POST", "reference", {"poli_sehat": ["003"]})
    polis = bpjs.call("pcare", "GET", "/poli/fktp/0/100").response["list"]
    assert [poli["poliSakit"] for poli in polis] == [True, True, False]
    assert number(bpjs.register(kdPoli="003", kunjSakit=False, kdTkp="50")) == "C1"
    assert bpjs.book()["pendaftaran"][0]["kunjSakit"] is False


def test_a_page_behind_the_end_is_204(bpjs):
    assert bpjs.send("pcare", "GET", "/poli/fktp/3/10").status_code == 204
