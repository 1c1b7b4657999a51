"""The calls of PCare (BPJS catalogue, PCare)."""

from contextlib import suppress
from datetime import date

from . import reason
from .answer import plain
from .errors import UnreadableError
from .peserta import read as read_peserta
from .request import Request, path
from .service import Service

PCARE = "pcare"
SERVICE = Service(
    code=PCARE,
    label="PCare",
    addresses={
        "production": "https://apijkn.bpjs-kesehatan.go.id/pcare-rest",
        "development": "https://apijkn-dev.bpjs-kesehatan.go.id/pcare-rest-dev",
        "simulator": "http://127.0.0.1:8899/pcare-rest",  # of `python -m simulator`
    },
    content_type="text/plain",
    date_format="%d-%m-%Y",
    success=frozenset({200, 201}),
    probe=lambda _tanggal: kesadaran(),
    takes_account=True,
)
RAWAT_JALAN = "10"
PAGE = 100  # rows PCare gives at once


def _get(*segments: object) -> Request:
    return Request(PCARE, "GET", path(*segments), success=SERVICE.success)


def peserta(no_kartu: str) -> Request:
    return _get("peserta", no_kartu)


def peserta_by(jenis: str, nomor: str) -> Request:
    """The participant with this number; `jenis` is "nik" (16 digits) or "noka" (13 digits)."""
    return _get("peserta", jenis, nomor)


def poli(start: int, limit: int) -> Request:
    return _get("poli", "fktp", start, limit)


def dokter(start: int, limit: int) -> Request:
    return _get("dokter", start, limit)


def kesadaran() -> Request:
    return _get("kesadaran")


def pendaftaran_add(
    *,
    kd_provider_peserta: str,
    tanggal: date,
    no_kartu: str,
    kd_poli: str,
    keluhan: str | None = None,
    kunj_sakit: bool = True,
    kd_tkp: str = RAWAT_JALAN,
) -> Request:
    """Register a visit, with vital signs not taken yet; `kd_tkp` "50" is promotive."""
    body = {
        "kdProviderPeserta": kd_provider_peserta,
        "tglDaftar": SERVICE.date_text(tanggal),
        "noKartu": no_kartu,
        "kdPoli": kd_poli,
        "keluhan": keluhan,
        "kunjSakit": kunj_sakit,
        "sistole": 0,
        "diastole": 0,
        "beratBadan": 0,
        "tinggiBadan": 0,
        "respRate": 0,
        "lingkarPerut": 0,
        "heartRate": 0,
        "rujukBalik": 0,
        "kdTkp": kd_tkp,
    }
    return Request(PCARE, "POST", path("pendaftaran"), body, SERVICE.success, registers=True)


def pendaftaran_list(tanggal: date, start: int, limit: int) -> Request:
    return _get("pendaftaran", "tglDaftar", SERVICE.date_text(tanggal), start, limit)


def pendaftaran_get(no_urut: str, tanggal: date) -> Request:
    return _get("pendaftaran", "noUrut", no_urut, "tglDaftar", SERVICE.date_text(tanggal))


def pendaftaran_delete(no_kartu: str, tanggal: date, no_urut: str, kd_poli: str) -> Request:
    where = path(
        "pendaftaran", "peserta", no_kartu, "tglDaftar", SERVICE.date_text(tanggal),
        "noUrut", no_urut, "kdPoli", kd_poli,
    )  # fmt: skip
    return Request(PCARE, "DELETE", where, success=SERVICE.success)


def no_urut(response: object) -> str:
    """The queue number that `pendaftaran_add` brought: `{"field": "noUrut", "message": "A1"}`.

    It may come as a list of one. Raises `UnreadableError`.
    """
    match response:
        case [dict() as only]:
            return no_urut(only)
        case {"field": "noUrut", "message": str(nomor)} if plain(nomor):
            return plain(nomor)
    raise UnreadableError(reason.NO_URUT)


def kd_provider(response: object) -> str:
    """The clinic that a `peserta` is registered with. Raises `UnreadableError`."""
    with suppress(UnreadableError):
        if kode := read_peserta(response).kd_provider:
            return kode
    raise UnreadableError(reason.NO_PROVIDER)


def is_registration_of(item: object, no_kartu: str, kd_poli: str) -> bool:
    """Whether a row of `pendaftaran_list` is this card's at this poli; if so it has a `noUrut`.

    Raises `UnreadableError` where the row does not say.
    """
    match item:
        case {"peserta": {"noKartu": str(other)}} if other != no_kartu:
            return False
        case {"poli": {"kdPoli": str(other)}} if other != kd_poli:
            return False
        case {"peserta": {"noKartu": str()}, "poli": {"kdPoli": str(kode)}, "noUrut": str()}:
            return kode == kd_poli
    raise UnreadableError(reason.NO_VISIT)
