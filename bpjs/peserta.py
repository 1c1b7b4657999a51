from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from . import reason
from .answer import flag, plain
from .errors import UnreadableError


@dataclass(frozen=True)
class Peserta:
    """A participant as PCare has them; what it does not say, or not readably, is "" or None."""

    no_kartu: str  # 13 digits
    nik: str  # 16 digits
    nama: str
    jenis_kelamin: str  # "L" or "P"
    tgl_lahir: date | None
    no_hp: str
    kd_provider: str  # the clinic that the participant is registered with
    nm_provider: str
    kelas: str
    aktif: bool | None
    ket_aktif: str
    tunggakan: int | None


def read(response: object) -> Peserta:
    """The participant in the answer to `pcare.peserta`.

    Raises `UnreadableError` where it has no card number: then it is about nobody.
    """
    response = _object(response)
    provider = _object(response.get("kdProviderPst"))
    peserta = Peserta(
        no_kartu=_digits(response.get("noKartu"), 13),
        nik=_digits(response.get("noKTP"), 16),
        nama=_text(response.get("nama")),
        jenis_kelamin=_one_of("LP", response.get("sex")),
        tgl_lahir=_date(response.get("tglLahir")),
        no_hp=_text(response.get("noHP")),
        kd_provider=_text(provider.get("kdProvider")),
        nm_provider=_text(provider.get("nmProvider")),
        kelas=_text(_object(response.get("jnsKelas")).get("nama")),
        aktif=flag(response.get("aktif")),
        ket_aktif=_text(response.get("ketAktif")),
        tunggakan=_count(response.get("tunggakan")),
    )
    if not peserta.no_kartu:
        raise UnreadableError(reason.NO_PESERTA)
    return peserta


def _object(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """A text, or a number as one; true is neither."""
    return plain(str(value) if type(value) is int else value)


def _digits(value: object, length: int) -> str:
    text = _text(value)
    return text if re.fullmatch(rf"[0-9]{{{length}}}", text) else ""


def _one_of(letters: str, value: object) -> str:
    text = _text(value).upper()
    return text if len(text) == 1 and text in letters else ""


def _date(value: object) -> date | None:
    try:
        return datetime.strptime(_text(value), "%d-%m-%Y").date()
    except ValueError:
        return None


def _count(value: object) -> int | None:
    """3 or "3"; what no database takes as an integer is none."""
    text = _text(value)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
