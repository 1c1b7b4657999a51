"""PCare: participants, reference data and registrations (BPJS catalogue, PCare)."""

from datetime import date, datetime

from .book import HAND, SERVED, Book, Pendaftaran
from .envelope import PCARE, Answer, Refused, answer_of, fields
from .people import (
    BY_CARD,
    BY_HAND,
    BY_NIK,
    FIELDS,
    OTHERS,
    OWN_PROVIDER,
    SCREENING,
    Peserta,
)
from .reference import KESADARAN, PROVIDERS, TKP

_VITAL_SIGNS = (
    "sistole",
    "diastole",
    "beratBadan",
    "tinggiBadan",
    "respRate",
    "lingkarPerut",
    "heartRate",
)
_TYPES = {
    **dict.fromkeys(("kdProviderPeserta", "tglDaftar", "noKartu", "kdPoli", "kdTkp"), (str,)),
    **dict.fromkeys(_VITAL_SIGNS, (int, float)),
    "keluhan": (str, type(None)),
    "kunjSakit": (bool,),
    "rujukBalik": (int,),
}
_KNOWN = {  # field: where its code must be found, what is said when it is not
    "kdProviderPeserta": (PROVIDERS, "Provider peserta tidak ditemukan"),
    "kdTkp": (TKP, "Kode TKP tidak ditemukan"),
}
_NO_CONTENT = PCARE.refusals["no_content"]
_DATE_FORMAT = "Format tanggal tidak sesuai, format yang benar adalah dd-mm-yyyy"


def pendaftaran_add(book: Book, body: object, **more: object) -> Answer:
    """`more` is what the book is to keep of the entry besides."""
    _check_types(body)
    if errors := _errors(book, body):
        return fields(*errors)
    peserta = BY_CARD[body["noKartu"]]
    if peserta.nomor == SCREENING:
        return PCARE.refusals["screening"]
    place = body["noKartu"], body["kdPoli"], _date(body["tglDaftar"])
    if peserta.nomor == BY_HAND:
        book.register(*place, body, asal=HAND)  # someone was faster, on PCare's own page
    entry = book.register(*place, body, **more)
    if entry is None:
        return PCARE.refusals["duplicate"]
    return Answer(201, "CREATED", {"field": "noUrut", "message": entry.nomor})


def _check_types(body: object) -> None:
    wrong = not isinstance(body, dict) or any(
        name in body and type(body[name]) not in types for name, types in _TYPES.items()
    )
    if wrong:
        raise Refused(PCARE.refusals["newtonsoft"])


def _errors(book: Book, body: dict) -> list[tuple[str, str]]:
    """Every (field, message) that PCare has against a registration."""
    missing = [name for name in _TYPES if body.get(name, "") == "" and name != "keluhan"]
    if missing:
        return [(name, f"{name} tidak boleh kosong") for name in missing]
    found = {
        "noKartu": _card_error(body["noKartu"]),
        "tglDaftar": "" if _date(body["tglDaftar"]) else _DATE_FORMAT,
        "kdPoli": "" if body["kdPoli"] in book.reference.poli else "Poli tidak ditemukan",
    }
    for name, (known, message) in _KNOWN.items():
        found[name] = "" if body[name] in known else message
    return [(name, message) for name, message in found.items() if message]


def _card_error(no_kartu: str) -> str:
    peserta = BY_CARD.get(no_kartu)
    if peserta is None or peserta.nomor == FIELDS:
        return "Nomor kartu tidak valid"
    return "" if peserta.aktif else "Pasien tidak aktif"


def pendaftaran_list(book: Book, tanggal: str, start: int, limit: int) -> Answer:
    day = _day(tanggal)
    entries = book.registrations(day)
    if book.settings.newest_first:
        entries.reverse()
    answer = _page(book, [_pendaftaran(book, entry) for entry in entries], start, limit)
    if book.settings.list_changes == "grows":
        _grow(book, day)
    elif book.settings.list_changes == "shrinks":
        _shrink(book, day)
    return answer


def _grow(book: Book, day: date) -> None:
    """Somebody else registers a patient."""
    known = {entry.no_kartu for entry in book.registrations(day)}
    if new := next((peserta for peserta in OTHERS if peserta.no_kartu not in known), None):
        type_in(book, new.no_kartu, day.isoformat(), next(iter(book.reference.poli)))


def _shrink(book: Book, day: date) -> None:
    """Somebody takes back what was typed in first."""
    for entry in book.registrations(day):
        if entry.asal == HAND:
            book.unregister(entry.no_kartu, entry.kd_poli, day, entry.nomor)
            break


def pendaftaran_get(book: Book, no_urut: str, tanggal: str) -> Answer:
    for entry in book.registrations(_day(tanggal)):
        if entry.nomor == no_urut:
            return Answer(200, "OK", _pendaftaran(book, entry))
    return _NO_CONTENT


def pendaftaran_delete(
    book: Book, no_kartu: str, tanggal: str, no_urut: str, kd_poli: str
) -> Answer:
    before = book.unregister(no_kartu, kd_poli, _day(tanggal), no_urut)
    if before is None:
        return fields(("noUrut", "Data pendaftaran tidak ditemukan"))
    if before == SERVED:
        return fields(("noUrut", "Peserta sudah dilayani, pendaftaran tidak dapat dihapus"))
    return Answer(200, "OK")


def type_in(
    book: Book,
    no_kartu: str,
    tanggal: str,
    kd_poli: str = "001",
    no_urut: str = "",
    kunj_sakit: bool = True,
    nulls: list[str] | None = None,
) -> None:
    """Somebody types a visit of the day `tanggal` (yyyy-mm-dd) into PCare by hand.

    By default it gets the next number. `nulls` names what is null in the list of the day. Raises
    `ValueError` for what PCare does not take.
    """
    peserta = BY_CARD.get(no_kartu)
    body = {
        **dict.fromkeys(_VITAL_SIGNS, 0),
        "kdProviderPeserta": peserta.kd_provider if peserta else OWN_PROVIDER,
        "tglDaftar": _text(date.fromisoformat(tanggal)),
        "noKartu": no_kartu,
        "kdPoli": kd_poli,
        "keluhan": None,
        "kunjSakit": kunj_sakit,
        "rujukBalik": 0,
        "kdTkp": "10",
    }
    more = {"no_urut": no_urut, "asal": HAND, "nulls": tuple(nulls or ())}
    answer = answer_of(pendaftaran_add, book, body, **more)
    if answer.code != 201:
        raise ValueError(f"{answer.message} {answer.response or ''}")


def serve(book: Book, no_kartu: str, tanggal: str, kd_poli: str = "001") -> None:
    """The doctor has seen a patient who is registered. Raises `ValueError` where nobody is."""
    if not book.serve(no_kartu, kd_poli, date.fromisoformat(tanggal)):
        raise ValueError(f"{no_kartu} is not registered in poli {kd_poli} on {tanggal}")


def peserta(book: Book, no_kartu: str) -> Answer:
    return peserta_by(book, "noka", no_kartu)


def peserta_by(book: Book, jenis: str, nomor: str) -> Answer:
    name, length, known = {"noka": ("noKartu", 13, BY_CARD), "nik": ("nik", 16, BY_NIK)}[jenis]
    if not (nomor.isdecimal() and len(nomor) == length):
        return fields((name, f"Nomor harus {length} digit"))
    found = known.get(nomor)
    return Answer(200, "OK", _peserta(found)) if found else _NO_CONTENT


def poli(book: Book, start: int, limit: int) -> Answer:
    return _page(book, [_poli(book, kd_poli) for kd_poli in book.reference.poli], start, limit)


def dokter(book: Book, start: int, limit: int) -> Answer:
    doctors = book.reference.dokter.items()
    items = [{"kdDokter": str(kode), "nmDokter": nama} for kode, nama in doctors]
    return _page(book, items, start, limit)


def provider(book: Book, start: int, limit: int) -> Answer:
    return _page(book, [_provider(kode) for kode in PROVIDERS], start, limit)


def kesadaran(book: Book) -> Answer:
    items = [{"kdSadar": kode, "nmSadar": nama} for kode, nama in KESADARAN.items()]
    return _page(book, items, 0, len(items))


def _page(book: Book, items: list[dict], start: int, limit: int) -> Answer:
    page = items[start : start + min(limit, book.settings.page_size or limit)]
    return Answer(200, "OK", {"count": len(items), "list": page}) if page else _NO_CONTENT


def _day(tanggal: str) -> date:
    if day := _date(tanggal):
        return day
    raise Refused(fields(("tglDaftar", _DATE_FORMAT)))


def _date(text: str) -> date | None:
    try:
        day = datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        return None
    return day if _text(day) == text else None  # strptime takes 1-2-2026, too


def _text(day: date) -> str:
    return day.strftime("%d-%m-%Y")


def _poli(book: Book, kd_poli: str) -> dict:
    return {
        "kdPoli": kd_poli,
        "nmPoli": book.reference.poli.get(kd_poli, ""),
        "poliSakit": kd_poli not in book.reference.poli_sehat,
    }


def _provider(kode: str) -> dict:
    return {"kdProvider": kode, "nmProvider": PROVIDERS[kode]}


def _peserta(peserta: Peserta) -> dict:
    return {
        "noKartu": peserta.no_kartu,
        "nama": peserta.nama,
        "hubunganKeluarga": "Peserta",
        "sex": peserta.sex,
        "tglLahir": _text(peserta.tgl_lahir),
        "tglMulaiAktif": "01-01-2015",
        "tglAkhirBerlaku": "31-12-2099",
        "kdProviderPst": _provider(peserta.kd_provider),
        "kdProviderGigi": None,
        "jnsKelas": {"kode": "3", "nama": "KELAS III"},
        "jnsPeserta": {"kode": "14", "nama": "PEKERJA MANDIRI"},
        "golDarah": "0",
        "noHP": peserta.no_hp,
        "noKTP": peserta.nik,
        "pstProl": None,
        "pstPrb": None,
        "aktif": peserta.aktif,
        "ketAktif": "AKTIF" if peserta.aktif else "TIDAK AKTIF (PREMI)",
        "asuransi": {"kdAsuransi": None, "nmAsuransi": None, "noAsuransi": None, "cob": False},
        "tunggakan": 0 if peserta.aktif else 3,
    }


def _pendaftaran(book: Book, entry: Pendaftaran) -> dict:
    kd_tkp = entry.body["kdTkp"]
    row = {
        "noUrut": entry.nomor,
        "tgldaftar": _text(entry.tanggal),
        "providerPelayanan": _provider(OWN_PROVIDER),
        "peserta": _peserta(BY_CARD[entry.no_kartu]),
        "poli": _poli(book, entry.kd_poli),
        "tkp": {"kdTkp": kd_tkp, "nmTkp": TKP[kd_tkp]},
        "status": entry.status,
        **{name: entry.body.get(name) for name in ("keluhan", "kunjSakit", *_VITAL_SIGNS)},
    }
    return row | dict.fromkeys(entry.nulls)


ROUTES = (
    ("POST", "/pendaftaran", pendaftaran_add),
    ("GET", "/pendaftaran/tglDaftar/<tanggal>/<int:start>/<int:limit>", pendaftaran_list),
    ("GET", "/pendaftaran/noUrut/<no_urut>/tglDaftar/<tanggal>", pendaftaran_get),
    (
        "DELETE",
        "/pendaftaran/peserta/<no_kartu>/tglDaftar/<tanggal>/noUrut/<no_urut>/kdPoli/<kd_poli>",
        pendaftaran_delete,
    ),
    ("GET", "/peserta/<no_kartu>", peserta),
    ("GET", "/peserta/<any(nik, noka):jenis>/<nomor>", peserta_by),
    ("GET", "/poli/fktp/<int:start>/<int:limit>", poli),
    ("GET", "/dokter/<int:start>/<int:limit>", dokter),
    ("GET", "/provider/<int:start>/<int:limit>", provider),
    ("GET", "/kesadaran", kesadaran),
)
