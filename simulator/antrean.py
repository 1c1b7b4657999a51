"""Antrean FKTP: the queue entries a clinic publishes (BPJS catalogue, Antrean FKTP)."""

from datetime import date

from .book import CALL, MOBILE_JKN, Book, angka
from .envelope import ANTREAN, Answer, Refused, answer_of
from .people import BY_CARD, NO_SCHEDULE, SCREENING
from .reference import Reference

_PLACE = {"tanggalperiksa": str, "kodepoli": str, "nomorkartu": str}
_ADD = {
    **_PLACE,
    **dict.fromkeys(("nik", "nohp", "norm", "namapoli", "namadokter", "jampraktek"), str),
    "kodedokter": int,
    "nomorantrean": str,
    "angkaantrean": int,
    "keterangan": str,
}
_PANGGIL = {**_PLACE, "status": int, "waktu": int}
_BATAL = {**_PLACE, "alasan": str}
_MAY_BE_EMPTY = ("nomorkartu", "nohp", "norm", "keterangan")
_PRESENT, _ABSENT = 1, 2
_MILLISECONDS_FROM = 10**12  # a smaller `waktu` is in seconds

_OK = Answer(200, "Ok")
_NO_SCHEDULE = ANTREAN.refusals["no_schedule"]


def add(book: Book, body: object, asal: str = CALL) -> Answer:
    _check_fields(body, _ADD)
    tanggal = _day(body["tanggalperiksa"])
    _check_nik(body["nik"])
    check_card(body["nomorkartu"])
    _check_schedule(book.reference, body["kodepoli"], body["kodedokter"], body["jampraktek"])
    peserta = body["nomorkartu"] or body["nik"]
    if book.enqueue(peserta, body["kodepoli"], tanggal, body, asal):
        return _OK
    return ANTREAN.refusals["duplicate"]


def book_by_phone(
    book: Book,
    no_kartu: str,
    tanggal: str,
    nomorantrean: str,
    kd_poli: str = "001",
    kd_dokter: int | None = None,
    jam: str | None = None,
) -> None:
    """Somebody books a visit of the day `tanggal` (yyyy-mm-dd) with Mobile JKN.

    Without doctor or hours it is for the first of the poli. Raises `ValueError` for what BPJS does
    not take.
    """
    schedule = [row for row in book.reference.jadwal if row.kd_poli == kd_poli]
    chosen = [
        row for row in schedule if kd_dokter in (None, row.kd_dokter) and jam in (None, row.jam)
    ]
    peserta = BY_CARD.get(no_kartu)
    if not (chosen and peserta):
        raise ValueError("no such member, poli, doctor or hours")
    body = {
        "nomorkartu": no_kartu,
        "nik": peserta.nik,
        "nohp": peserta.no_hp,
        "kodepoli": kd_poli,
        "namapoli": book.reference.poli[kd_poli],
        "norm": "",
        "tanggalperiksa": tanggal,
        "kodedokter": chosen[0].kd_dokter,
        "namadokter": book.reference.dokter[chosen[0].kd_dokter],
        "jampraktek": chosen[0].jam,
        "nomorantrean": nomorantrean,
        "angkaantrean": angka(nomorantrean),
        "keterangan": "",
    }
    answer = answer_of(add, book, body, MOBILE_JKN)
    if answer != _OK:
        raise ValueError(answer.message)


def panggil(book: Book, body: object) -> Answer:
    _check_fields(body, _PANGGIL)
    if body["status"] not in (_PRESENT, _ABSENT):
        raise _refusal("Status tidak sesuai")
    if body["waktu"] < _MILLISECONDS_FROM:
        raise _refusal("Format Waktu tidak sesuai")
    status = "dipanggil" if body["status"] == _PRESENT else "tidak hadir"
    return _move(book, body, status, final=("batal",))


def batal(book: Book, body: object) -> Answer:
    _check_fields(body, _BATAL)
    return _move(book, body, "batal", final=("batal", "dipanggil"))


def ref_poli(book: Book, tanggal: str) -> Answer:
    _day(tanggal)
    items = [
        {"namapoli": nama, "kodepoli": kode, "nmsubspesialis": nama, "kdsubspesialis": kode}
        for kode, nama in book.reference.poli.items()
    ]
    return Answer(1, "OK", items)


def ref_dokter(book: Book, kd_poli: str, tanggal: str) -> Answer:
    _day(tanggal)
    items = [
        {
            "namadokter": book.reference.dokter[jadwal.kd_dokter],
            "kodedokter": jadwal.kd_dokter,
            "jampraktek": jadwal.jam,
            "kapasitas": jadwal.kapasitas,
        }
        for jadwal in book.reference.jadwal
        if jadwal.kd_poli == kd_poli
    ]
    return Answer(1, "OK", items) if items else _NO_SCHEDULE


def _refusal(message: str) -> Refused:
    return Refused(Answer(201, message))


def _move(book: Book, body: dict, status: str, final: tuple[str, ...]) -> Answer:
    key = body["nomorkartu"], body["kodepoli"], _day(body["tanggalperiksa"])
    before = book.move(key, status, final)
    if before is None:
        raise _refusal("Antrean Tidak Ditemukan")
    if before in final:
        raise _refusal(
            "Antrean sudah dibatalkan"
            if before == "batal"
            else "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan"
        )
    return _OK


def _check_fields(body: object, types: dict[str, type]) -> None:
    if not isinstance(body, dict):
        raise _refusal("Format data tidak sesuai")
    for name, kind in types.items():
        value = body.get(name)
        if value is None or (value == "" and name not in _MAY_BE_EMPTY):
            raise _refusal(f"{name} tidak boleh kosong")
        if type(value) is not kind:
            raise _refusal(f"Format {name} tidak sesuai")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # from 3.11 on, 20261123 is an ISO date, too
        raise _refusal("Format Tanggal tidak sesuai, format yang benar adalah yyyy-mm-dd")
    return day


def _check_nik(nik: str) -> None:
    if not (nik.isdecimal() and len(nik) == 16):
        raise _refusal("NIK harus 16 digit")


def check_card(no_kartu: str) -> None:
    """An empty card is a patient without BPJS."""
    if not no_kartu:
        return
    if not (no_kartu.isdecimal() and len(no_kartu) == 13):
        raise _refusal("Nomor Kartu harus 13 digit")
    peserta = BY_CARD.get(no_kartu)
    if peserta is None:
        raise _refusal("Data Peserta tidak ditemukan")
    if not peserta.aktif:
        raise _refusal("Pasien tidak aktif")
    if peserta.nomor == SCREENING:
        raise Refused(ANTREAN.refusals["screening"])
    if peserta.nomor == NO_SCHEDULE:
        raise Refused(_NO_SCHEDULE)


def _check_schedule(reference: Reference, kd_poli: str, kd_dokter: int, jam: str) -> None:
    """Poli, doctor and hours must be those of one row of the day's schedule."""
    if kd_poli not in reference.poli:
        raise _refusal("Poli tidak ditemukan")
    if kd_dokter not in reference.dokter:
        raise _refusal("Dokter tidak ditemukan")
    asked = kd_poli, kd_dokter, jam
    if not any((row.kd_poli, row.kd_dokter, row.jam) == asked for row in reference.jadwal):
        raise Refused(_NO_SCHEDULE)


ROUTES = (
    ("POST", "/antrean/add", add),
    ("POST", "/antrean/panggil", panggil),
    ("POST", "/antrean/batal", batal),
    ("GET", "/ref/poli/tanggal/<tanggal>", ref_poli),
    ("GET", "/ref/dokter/kodepoli/<kd_poli>/tanggal/<tanggal>", ref_dokter),
)
