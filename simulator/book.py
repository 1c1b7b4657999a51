"""What "BPJS" holds: registrations at PCare and entries at Antrean FKTP."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from .reference import LETTERS, Reference

WIB = timezone(timedelta(hours=7))


def _now() -> datetime:
    return datetime.now(WIB)


@dataclass
class Entry:
    """One registration or one antrean entry; `body` is the call's body as it was sent."""

    no_kartu: str
    kd_poli: str
    tanggal: date
    nomor: str  # PCare's noUrut or the clinic's nomorantrean
    body: dict
    status: str
    waktu: datetime = field(default_factory=_now)  # when it was booked

    def as_dict(self) -> dict:
        return {
            "noKartu": self.no_kartu,
            "kdPoli": self.kd_poli,
            "tanggal": self.tanggal.isoformat(),
            "status": self.status,
            "waktu": self.waktu.isoformat(timespec="seconds"),
            "body": self.body,
        }


class Book:
    """Everything in memory, behind one lock: many threads may use it.

    Entries lie under (participant, poli, day), of which BPJS takes one at a time.
    """

    def __init__(self):
        self.detect_duplicates = True
        self.reference = Reference()
        self._lock = threading.Lock()
        self._pendaftaran: defaultdict[tuple, list[Entry]] = defaultdict(list)
        self._antrean: defaultdict[tuple, list[Entry]] = defaultdict(list)
        self._last_number: Counter[tuple[str, date]] = Counter()
        self._calls: Counter[str] = Counter()

    def count(self, call: str) -> None:
        with self._lock:
            self._calls[call] += 1

    def calls_count(self) -> int:
        with self._lock:
            return sum(self._calls.values())

    def register(self, no_kartu: str, kd_poli: str, tanggal: date, body: dict) -> Entry | None:
        """Register at PCare with the next number of poli and day; None for a duplicate."""
        with self._lock:
            known = self._pendaftaran[no_kartu, kd_poli, tanggal]
            if known and self.detect_duplicates:
                return None
            self._last_number[kd_poli, tanggal] += 1
            no_urut = f"{LETTERS.get(kd_poli, 'Z')}{self._last_number[kd_poli, tanggal]}"
            known.append(Entry(no_kartu, kd_poli, tanggal, no_urut, body, "Baru"))
            return known[-1]

    def registrations(self, tanggal: date) -> list[Entry]:
        return [entry for entry in self._all(self._pendaftaran) if entry.tanggal == tanggal]

    def unregister(self, no_kartu: str, kd_poli: str, tanggal: date, no_urut: str) -> bool:
        """Delete a registration; False where there is none such."""
        with self._lock:
            known = self._pendaftaran[no_kartu, kd_poli, tanggal]
            left = [entry for entry in known if entry.nomor != no_urut]
            self._pendaftaran[no_kartu, kd_poli, tanggal] = left
            return len(left) < len(known)

    def enqueue(self, peserta: str, kd_poli: str, tanggal: date, body: dict) -> bool:
        """Add an antrean entry; `peserta` is the card, else the NIK. False for a duplicate."""
        with self._lock:
            known = self._antrean[peserta, kd_poli, tanggal]
            if self.detect_duplicates and any(entry.status != "batal" for entry in known):
                return False
            number = body["nomorantrean"]
            known.append(Entry(body["nomorkartu"], kd_poli, tanggal, number, body, "terdaftar"))
            return True

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

    def pendaftaran(self) -> list[Entry]:
        return self._all(self._pendaftaran)

    def antrean(self) -> list[Entry]:
        return self._all(self._antrean)

    def _all(self, entries: dict[tuple, list[Entry]]) -> list[Entry]:
        """Every entry, oldest first."""
        with self._lock:
            flat = [entry for known in entries.values() for entry in known]
        return sorted(flat, key=lambda entry: entry.waktu)

    def as_dict(self) -> dict:
        """The answer of `GET /_control/book`."""
        with self._lock:
            calls = dict(self._calls)
        pendaftaran, antrean = self.pendaftaran(), self.antrean()
        return {
            "pendaftaran": [entry.as_dict() | {"noUrut": entry.nomor} for entry in pendaftaran],
            "antrean": [
                entry.as_dict()
                | {"nomorantrean": entry.nomor, "angkaantrean": entry.body["angkaantrean"]}
                for entry in antrean
            ],
            "calls": calls,
        }
