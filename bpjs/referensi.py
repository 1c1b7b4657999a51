"""The lists BPJS has of a clinic: its poli, its doctors, and who practises when on a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import reason
from .answer import flag, items, lower_keys, plain, whole_number
from .errors import UnreadableError

# What Antrean FKTP says, as a refusal, of a list that is empty.
NO_ROWS = re.compile(r"no content|tidak ditemukan", re.IGNORECASE)

HOURS = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})\s*-\s*([0-9]{1,2})[:.]([0-9]{2})")
DAY = 24 * 60  # minutes


@dataclass(frozen=True)
class Referensi:
    """One poli or one doctor, as one service knows it."""

    kode: str
    nama: str
    poli_sakit: bool = True  # false: PCare has it for healthy visits

    @property
    def key(self) -> object:
        return self.kode


@dataclass(frozen=True)
class Praktek:
    """One row of a poli's schedule of one day; `jam_praktek` is written as BPJS writes it."""

    kd_dokter: int
    nm_dokter: str
    jam_praktek: str
    kapasitas: int = 0

    @property
    def key(self) -> object:
        return self.kd_dokter, self.jam_praktek


class Rows(list):
    """What could be read of a list, each row once; `is_whole` where that is all of it."""

    is_whole = True


def poli(response: object) -> Rows:
    """The poli of PCare's `/poli/fktp` or Antrean FKTP's `ref/poli`, as `Referensi`.

    A row without a code is left out. Raises `UnreadableError`.
    """
    return _rows(response, lambda row: _referensi(row, "poli"))


def dokter(response: object) -> Rows:
    """The doctors of PCare's `/dokter`; else as `poli`."""
    return _rows(response, lambda row: _referensi(row, "dokter"))


def jadwal(response: object) -> Rows:
    """The schedule of Antrean FKTP's `ref/dokter`, as `Praktek`.

    A row without a doctor or hours is left out. Raises `UnreadableError`.
    """
    return _rows(response, _praktek)


def menit(jam_praktek: str) -> tuple[int, int] | None:
    """When hours begin and end, in minutes since the midnight before they begin: an end before the
    begin is the next day's, so `21:00-07:00` is (1260, 1860). None for what are no hours.
    """
    if not (match := HOURS.fullmatch(jam_praktek.strip())):
        return None
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_minute >= 60 or to_minute >= 60 or begin >= DAY or end > DAY or begin == end:
        return None
    return begin, end if begin < end else end + DAY


def _rows(response: object, read: Callable[[dict], object]) -> Rows:
    found = [read(lower_keys(row)) for row in items(response)]
    readable = {}
    for row in filter(None, found):
        readable.setdefault(row.key, row)
    if found and not readable:
        raise UnreadableError(reason.NO_REFERENSI)
    rows = Rows(readable.values())
    rows.is_whole = all(found)
    return rows


def _referensi(row: dict, kind: str) -> Referensi | None:
    kode, nama = _value(row, "kode", "kd", kind), _value(row, "nama", "nm", kind)
    return Referensi(kode, nama, flag(row.get("polisakit")) is not False) if kode else None


def _praktek(row: dict) -> Praktek | None:
    kd_dokter = whole_number(_value(row, "kode", "kd", "dokter"))
    jam_praktek = plain(row.get("jampraktek"))
    if not (kd_dokter and jam_praktek):
        return None
    nama = _value(row, "nama", "nm", "dokter")
    return Praktek(kd_dokter, nama, jam_praktek, whole_number(row.get("kapasitas")) or 0)


def _value(row: dict, long: str, short: str, kind: str) -> str:
    """A text or number: Antrean FKTP writes kodepoli and namapoli, PCare kdPoli and nmPoli, and
    either has been seen the other way round.
    """
    value = row.get(long + kind) or row.get(short + kind)
    return str(value) if type(value) is int else plain(value)
