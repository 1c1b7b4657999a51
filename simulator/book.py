"""What "BPJS" holds: registrations at PCare and entries at Antrean FKTP."""

import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from .reference import LETTERS, Reference
from .settings import Settings

WIB = timezone(timedelta(hours=7))
SERVED = "Sudah dilayani"
CALL, HAND, MOBILE_JKN = "panggilan", "tangan", "Mobile JKN"  # where an entry comes from


def _now() -> datetime:
    return datetime.now(WIB)


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


@dataclass
class Entry:
    """One visit at one service; `body` is the call's body as it was sent."""

    no_kartu: str
    kd_poli: str
    tanggal: date
    nomor: str  # PCare's noUrut or the clinic's nomorantrean
    body: dict
    status: str
    asal: str = CALL
    waktu: datetime = field(default_factory=_now)  # when it was booked

    def as_dict(self) -> dict:
        return {
            "noKartu": self.no_kartu,
            "kdPoli": self.kd_poli,
            "tanggal": self.tanggal.isoformat(),
            "status": self.status,
            "asal": self.asal,
            "waktu": _moment(self.waktu),
            "body": self.body,
        }


@dataclass
class Pendaftaran(Entry):
    nulls: tuple[str, ...] = ()  # what the list of the day shows as null
    dihapus: datetime | None = None

    def as_dict(self) -> dict:
        row = super().as_dict() | {
            "noUrut": self.nomor,
            "kdProvider": self.body["kdProviderPeserta"],
            "kunjSakit": self.body["kunjSakit"],
        }
        return row | {"dihapus": _moment(self.dihapus)} if self.dihapus else row


@dataclass
class Antrean(Entry):
    def as_dict(self) -> dict:
        return super().as_dict() | {
            "nomorantrean": self.nomor,
            "angkaantrean": self.body["angkaantrean"],
            "nik": self.body["nik"],
            "kodedokter": self.body["kodedokter"],
            "jampraktek": self.body["jampraktek"],
        }


class Book:
    """Everything in memory, behind one lock: many threads may use it.

    Entries lie under (participant, poli, day), of which BPJS takes one at a time.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.reference = Reference()
        self._lock = threading.Lock()
        self._pendaftaran: defaultdict[tuple, list[Pendaftaran]] = defaultdict(list)
        self._antrean: defaultdict[tuple, list[Antrean]] = defaultdict(list)
        self._deleted: list[Pendaftaran] = []
        self._last_number: Counter[tuple[str, date]] = Counter()
        self._calls: Counter[str] = Counter()

    def count(self, call: str) -> None:
        with self._lock:
            self._calls[call] += 1

    def calls_count(self) -> int:
        with self._lock:
            return sum(self._calls.values())

    def register(
        self,
        no_kartu: str,
        kd_poli: str,
        tanggal: date,
        body: dict,
        no_urut: str = "",
        **more: object,
    ) -> Pendaftaran | None:
        """Register at PCare, by default with the next number of poli and day; None for a duplicate.

        A number that was asked for is not given again.
        """
        with self._lock:
            known = self._pendaftaran[no_kartu, kd_poli, tanggal]
            if known and self.settings.detect_duplicates:
                return None
            last = self._last_number[kd_poli, tanggal]
            no_urut = no_urut or f"{LETTERS.get(kd_poli, 'Z')}{last + 1}"
            self._last_number[kd_poli, tanggal] = max(last, angka(no_urut))
            known.append(Pendaftaran(no_kartu, kd_poli, tanggal, no_urut, body, "Baru", **more))
            return known[-1]

    def registrations(self, tanggal: date) -> list[Pendaftaran]:
        return [entry for entry in self.pendaftaran() if entry.tanggal == tanggal]

    def unregister(self, no_kartu: str, kd_poli: str, tanggal: date, no_urut: str) -> str | None:
        """Delete a registration unless it was served.

        Returns the status it had, None where there is none such.
        """
        with self._lock:
            known = self._pendaftaran[no_kartu, kd_poli, tanggal]
            for entry in known:
                if entry.nomor == no_urut:
                    if entry.status != SERVED:
                        known.remove(entry)
                        entry.dihapus = _now()
                        self._deleted.append(entry)
                    return entry.status
            return None

    def serve(self, no_kartu: str, kd_poli: str, tanggal: date) -> Pendaftaran | None:
        """The doctor has seen the patient; None where nobody is registered."""
        with self._lock:
            for entry in self._pendaftaran[no_kartu, kd_poli, tanggal]:
                entry.status = SERVED
                return entry
            return None

    def enqueue(
        self, peserta: str, kd_poli: str, tanggal: date, body: dict, asal: str = CALL
    ) -> Antrean | None:
        """Add an antrean entry; `peserta` is the card, else the NIK. None for a duplicate."""
        with self._lock:
            known = self._antrean[peserta, kd_poli, tanggal]
            is_known = any(entry.status != "batal" for entry in known)
            if is_known and self.settings.detect_duplicates:
                return None
            place = body["nomorkartu"], kd_poli, tanggal
            known.append(Antrean(*place, body["nomorantrean"], body, "terdaftar", asal))
            return known[-1]

    def move(self, key: tuple[str, str, date], status: str, final: tuple[str, ...]) -> str | None:
        """Give an antrean entry a new status unless it has a `final` one.

        Returns the status it had before, None where there is no such entry.
        """
        with self._lock:
            if not (known := self._antrean.get(key)):
                return None
            before = known[-1].status
            if before not in final:
                known[-1].status = status
            return before

    def pendaftaran(self) -> list[Pendaftaran]:
        return self._all(self._pendaftaran)

    def antrean(self) -> list[Antrean]:
        return self._all(self._antrean)

    def _all(self, entries: dict[tuple, list[Entry]]) -> list[Entry]:
        """Every entry, oldest first."""
        with self._lock:
            flat = [entry for known in entries.values() for entry in known]
        return sorted(flat, key=lambda entry: entry.waktu)

    def as_dict(self) -> dict:
        """The answer of `GET /_control/book`."""
        with self._lock:
            calls, deleted = dict(self._calls), list(self._deleted)
        return {
            "pendaftaran": [entry.as_dict() for entry in self.pendaftaran()],
            "dihapus": [entry.as_dict() for entry in deleted],
            "antrean": [entry.as_dict() for entry in self.antrean()],
            "calls": calls,
        }


def angka(nomor: str) -> int:
    """What a queue number counts: 12 of `A12` and `A-12`."""
    return int(re.sub(r"\D", "", nomor) or 0)
