"""Antrean FKTP: every answer is HTTP 200; 201 is a refusal."""

import time

import pytest

from simulator.tests.caller import TODAY, card, entry, nik, place

NOW = int(time.time() * 1000)
OK = (200, 200, "Ok", None)
NOT_FOUND = "Antrean Tidak Ditemukan"


def refusal(answer):
    """The text of a refusal, which has no response."""
    assert (answer.status, answer.code, answer.response) == (200, 201, None)
    return answer.message


def panggil(bpjs, number=1, status=1, waktu=NOW, **changes):
    body = place(number, status=status, waktu=waktu, **changes)
    return bpjs.call("antrean_fktp", "POST", "/antrean/panggil", body)


def batal(bpjs, number=1, alasan="Pasien pulang", **changes):
    body = place(number, alasan=alasan, **changes)
    return bpjs.call("antrean_fktp", "POST", "/antrean/batal", body)


def statuses(bpjs):
    return [item["status"] for item in bpjs.book()["antrean"]]


def test_an_entry_is_taken_and_kept(bpjs):
    assert bpjs.add(7) == OK
    [item] = bpjs.book()["antrean"]
    assert item.pop("waktu").endswith("+07:00")
    assert item == {
        "noKartu": card(7),
        "kdPoli": "001",
        "tanggal": TODAY,
        "nomorantrean": "A-7",
        "angkaantrean": 7,
        "nik": nik(7),
        "kodedokter": 11101,
        "jampraktek": "07:00-14:00",
        "status": "terdaftar",
        "asal": "panggilan",
        "body": entry(7),
    }


def test_a_duplicate_is_refused_within_poli_and_day(bpjs):
    bpjs.add()
    assert refusal(bpjs.add()) == "Peserta sudah terdaftar di poli tersebut pada hari ini"
    assert bpjs.add(tanggalperiksa="2026-11-24") == OK
    assert bpjs.add(kodepoli="002", kodedokter=11102, jampraktek="08:00-14:00") == OK
    assert len(bpjs.book()["antrean"]) == 3


def test_patients_without_a_card_are_told_apart_by_their_nik(bpjs):
    assert bpjs.add(1, nomorkartu="") == OK
    assert bpjs.add(2, nomorkartu="") == OK
    assert "sudah terdaftar" in refusal(bpjs.add(2, nomorkartu=""))
    assert [item["noKartu"] for item in bpjs.book()["antrean"]] == ["", ""]


@pytest.mark.parametrize("field", sorted(entry()))
def test_a_missing_field_is_refused(bpjs, field):
    body = entry()
    del body[field]
    answer = bpjs.call("antrean_fktp", "POST", "/antrean/add", body)
    assert refusal(answer) == f"{field} tidak boleh kosong"


@pytest.mark.parametrize("field", sorted(entry()))
def test_a_wrong_type_is_refused(bpjs, field):
    wrong = "1" if isinstance(entry()[field], int) else 1
    assert refusal(bpjs.add(**{field: wrong})) == f"Format {field} tidak sesuai"
    assert bpjs.book()["antrean"] == []


@pytest.mark.parametrize("value", [True, 1.0, None])
def test_an_int_is_an_int(bpjs, value):
    assert bpjs.add(angkaantrean=value).code == 201
    assert bpjs.book()["antrean"] == []


@pytest.mark.parametrize("body", [None, [], "teks"])
@pytest.mark.parametrize("path", ["add", "panggil", "batal"])
def test_a_body_that_is_no_object_is_refused(bpjs, path, body):
    answer = bpjs.call("antrean_fktp", "POST", f"/antrean/{path}", body)
    assert refusal(answer) == "Format data tidak sesuai"


DATE = "Format Tanggal tidak sesuai, format yang benar adalah yyyy-mm-dd"
NO_SCHEDULE = "Jadwal Dokter tidak ditemukan"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tanggalperiksa": "23-11-2026"}, DATE),
        ({"tanggalperiksa": "20261123"}, DATE),
        ({"tanggalperiksa": "2026-02-30"}, DATE),
        ({"nik": "123"}, "NIK harus 16 digit"),
        ({"nomorkartu": "123"}, "Nomor Kartu harus 13 digit"),
        ({"nomorkartu": card(61)}, "Data Peserta tidak ditemukan"),
        ({"kodepoli": "999"}, "Poli tidak ditemukan"),
        ({"kodedokter": 99}, "Dokter tidak ditemukan"),
        ({"kodedokter": 11102}, NO_SCHEDULE),
        ({"kodepoli": "002"}, NO_SCHEDULE),
        ({"jampraktek": "08:00-16:00"}, NO_SCHEDULE),
        ({"jampraktek": "14:00-21:00"}, NO_SCHEDULE),
    ],
)
def test_data_that_bpjs_does_not_know_is_refused(bpjs, changes, message):
    assert refusal(bpjs.add(**changes)) == message
    assert bpjs.book()["antrean"] == []


def test_the_fault_patients(bpjs):
    assert refusal(bpjs.add(91)).startswith("Anda belum melakukan skrining kesehatan.")
    assert bpjs.add(92) == OK
    assert refusal(bpjs.add(93)) == NO_SCHEDULE
    assert refusal(bpjs.add(94)) == "Pasien tidak aktif"
    assert bpjs.add(96) == OK


@pytest.mark.parametrize(("status", "shown"), [(1, "dipanggil"), (2, "tidak hadir")])
def test_an_entry_is_called(bpjs, status, shown):
    bpjs.add()
    assert panggil(bpjs, status=status) == OK
    assert statuses(bpjs) == [shown]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": 3}, "Status tidak sesuai"),
        ({"status": "1"}, "Format status tidak sesuai"),
        ({"waktu": NOW // 1000}, "Format Waktu tidak sesuai"),
        ({"waktu": str(NOW)}, "Format waktu tidak sesuai"),
        ({"tanggalperiksa": "23-11-2026"}, DATE),
        ({"tanggalperiksa": "2026-11-24"}, NOT_FOUND),
        ({"kodepoli": "002"}, NOT_FOUND),
        ({"nomorkartu": card(2)}, NOT_FOUND),
    ],
)
def test_a_wrong_call_is_refused(bpjs, changes, message):
    bpjs.add()
    assert refusal(panggil(bpjs, **changes)) == message
    assert statuses(bpjs) == ["terdaftar"]


def test_a_cancelled_entry_can_be_added_again_but_not_called(bpjs):
    bpjs.add()
    assert batal(bpjs) == OK
    assert refusal(batal(bpjs)) == "Antrean sudah dibatalkan"
    assert refusal(panggil(bpjs)) == "Antrean sudah dibatalkan"
    assert bpjs.add() == OK
    assert panggil(bpjs) == OK
    assert statuses(bpjs) == ["batal", "dipanggil"]


def test_who_was_present_cannot_be_cancelled(bpjs):
    bpjs.add()
    panggil(bpjs)
    assert refusal(batal(bpjs)) == "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan"


def test_who_was_absent_can_be_cancelled(bpjs):
    bpjs.add()
    panggil(bpjs, status=2)
    assert batal(bpjs) == OK


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alasan": ""}, "alasan tidak boleh kosong"),
        ({"alasan": 5}, "Format alasan tidak sesuai"),
        ({"nomorkartu": card(2)}, NOT_FOUND),
    ],
)
def test_a_wrong_cancel_is_refused(bpjs, changes, message):
    bpjs.add()
    assert refusal(batal(bpjs, **changes)) == message


def test_the_polis(bpjs):
    answer = bpjs.call("antrean_fktp", "GET", f"/ref/poli/tanggal/{TODAY}")
    assert answer[:2] == (200, 1)
    assert [(poli["kodepoli"], poli["namapoli"]) for poli in answer.response] == [
        ("001", "Poli Umum"),
        ("002", "Poli Gigi"),
        ("003", "Poli KIA"),
    ]


def test_the_doctors_of_a_poli(bpjs):
    answer = bpjs.call("antrean_fktp", "GET", f"/ref/dokter/kodepoli/001/tanggal/{TODAY}")
    assert answer[:2] == (200, 1)
    assert [tuple(doctor.values()) for doctor in answer.response] == [
        ("dr. Contoh Satu", 11101, "07:00-14:00", 60),
        ("dr. Contoh Tiga", 11103, "14:00-21:00", 60),
    ]
    assert list(answer.response[0]) == ["namadokter", "kodedokter", "jampraktek", "kapasitas"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/ref/poli/tanggal/23-11-2026", DATE),
        ("/ref/dokter/kodepoli/001/tanggal/besok", DATE),
        (f"/ref/dokter/kodepoli/999/tanggal/{TODAY}", NO_SCHEDULE),
    ],
)
def test_a_reference_that_is_not_there(bpjs, path, message):
    assert refusal(bpjs.call("antrean_fktp", "GET", path)) == message


@pytest.mark.parametrize("hours", ["21:00-07:00", "16:00-00:00"])
def test_hours_over_midnight(bpjs, hours):
    night = {"kd_poli": "001", "kd_dokter": 11103, "jam": hours}
    bpjs.control("POST", "reference", {"jadwal": [night]})
    path = f"/ref/dokter/kodepoli/001/tanggal/{TODAY}"
    [doctor] = bpjs.call("antrean_fktp", "GET", path).response
    assert (doctor["kodedokter"], doctor["jampraktek"]) == (11103, hours)
    assert bpjs.add(kodedokter=11103, jampraktek=hours) == OK


def test_a_schedule_that_changes_holds_from_then_on(bpjs):
    assert bpjs.add(1) == OK
    later = {"kd_poli": "001", "kd_dokter": 11101, "jam": "12:00-19:00"}
    bpjs.control("POST", "reference", {"jadwal": [later]})
    assert refusal(bpjs.add(2)) == NO_SCHEDULE
    assert bpjs.add(2, jampraktek="12:00-19:00") == OK
    assert panggil(bpjs, 1) == OK


def test_every_schedule_of_the_reference_can_be_booked(bpjs):
    for poli in ("001", "002", "003"):
        path = f"/ref/dokter/kodepoli/{poli}/tanggal/{TODAY}"
        for n, doctor in enumerate(bpjs.call("antrean_fktp", "GET", path).response, 1):
            hours = {name: doctor[name] for name in ("kodedokter", "jampraktek")}
            assert bpjs.add(n, kodepoli=poli, **hours, nik=nik(n)) == OK
