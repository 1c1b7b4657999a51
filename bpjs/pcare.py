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


def kd_provider(response: object, no_kartu: str) -> str:
    """The clinic that the `peserta` of this card is registered with. Raises `UnreadableError`,
    also where the answer is about somebody else.
    """
    with suppress(UnreadableError):
        peserta = read_peserta(response)
        if peserta.no_kartu == no_kartu and peserta.kd_provider:
            return peserta.kd_provider
    raise UnreadableError(reason.NO_PROVIDER)


def registered_as(item: object, no_kartu: str, kd_poli: str) -> str:
    """The `noUrut` of a row of `pendaftaran_list` that is this card's at this poli, "" of another.

    Raises `UnreadableError` where the row does not say.
    """
    card, poli = _said(item, "peserta", "noKartu"), _said(item, "poli", "kdPoli")
    if card not in ("", no_kartu) or poli not in ("", kd_poli):
        return ""
    if card and poli and (nomor := plain(item.get("noUrut"))):
        return nomor
    raise UnreadableError(reason.NO_VISIT)


def _said(item: object, part: str, name: str) -> str:
    """The text of a field in a part of a row; columns of fixed width pad it with blanks."""
    part = item.get(part) if isinstance(item, dict) else None
    return plain(part.get(name)) if isinstance(part, dict) else ""
