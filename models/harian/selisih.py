"""What differs between PCare's list of a day and the queue's entries. Knows no ORM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ...bpjs.daftar import Terdaftar

SINI = "sini"  # registered here only
SANA = "sana"  # registered at PCare only
BATAL = "batal"  # cancelled here, alive at PCare
NOMOR = "nomor"  # PCare has another number
GANDA = "ganda"  # at PCare twice
LAIN = "lain"  # at PCare for another poli or card, or at Antrean FKTP for another doctor
KINDS = (SINI, SANA, BATAL, NOMOR, GANDA, LAIN)


@dataclass(frozen=True)
class Milik:
    """One of our entries, as far as BPJS is concerned; equal while nothing of it has changed."""

    antrean_id: int
    no_kartu: str
    kd_poli: str
    nomor: str  # of PCare, as it is known here
    is_cancelled: bool
    is_due: bool  # PCare is to have it by now
    is_in_the_air: bool  # a worker has one of its jobs in its hands
    told: tuple[str, str] | None  # card and poli that PCare was told
    has_other_doctor: bool  # Antrean FKTP was told of another one
    version: tuple  # whatever else a change shows in

    @property
    def visits(self) -> list[tuple[str, str]]:
        """What PCare may have it under: what it was told, what it would be told now."""
        now = self.no_kartu, self.kd_poli
        return [self.told, now] if self.is_cancelled and self.told else [now]


@dataclass(frozen=True)
class Selisih:
    """A difference: its kind, the entry and PCare's row, as far as there are such."""

    jenis: str
    milik: Milik | None = None
    baris: Terdaftar | None = None

    @property
    def key(self) -> tuple:
        return self.jenis, self.milik and self.milik.antrean_id, self.baris


def settled(
    before: Iterable[Milik], after: Iterable[Milik], rows: Iterable[Terdaftar], is_whole: bool
) -> tuple[list[Selisih], int]:
    """The differences that were there before the list was read and are there afterwards, in
    entries that nothing happened to meanwhile, and how many visits both sides agree on.
    """
    before, after, rows = set(before), sorted(after, key=lambda each: each.antrean_id), list(rows)
    known = {difference.key for difference in compare(before, rows, is_whole)[0]}
    differences, agreed = compare(after, rows, is_whole)
    stable = [
        difference
        for difference in differences
        if difference.key in known and _is_still(difference.milik, before)
    ]
    return stable, agreed


def _is_still(milik: Milik | None, before: set[Milik]) -> bool:
    return milik is None or (milik in before and not milik.is_in_the_air)


def compare(
    entries: Iterable[Milik], rows: Iterable[Terdaftar], is_whole: bool
) -> tuple[list[Selisih], int]:
    """All differences, and how many visits both sides agree on.

    That something is not at PCare is said only of a list that is whole.
    """
    there = defaultdict(list)
    for row in rows:
        there[row.visit].append(row)
    living = [each for each in entries if not each.is_cancelled]
    cancelled = [each for each in entries if each.is_cancelled]
    differences, agreed, lacking = [], 0, []
    for milik in living:
        found = there.pop(milik.visits[0], [])
        if not found:
            lacking += [milik] if milik.is_due else []
            continue
        own = next((row for row in found if row.no_urut == milik.nomor), found[0])
        if own.no_urut != milik.nomor:
            differences.append(Selisih(NOMOR, milik, own))
        elif milik.has_other_doctor:
            differences.append(Selisih(LAIN, milik, own))
        else:
            agreed += 1
        differences += [Selisih(GANDA, milik, row) for row in found if row != own]
    elsewhere, lacking = _elsewhere(lacking, there)
    differences += elsewhere
    for milik in cancelled:
        for visit in milik.visits:
            differences += [Selisih(BATAL, milik, row) for row in there.pop(visit, [])]
    for first, *others in there.values():
        differences.append(Selisih(SANA, None, first))
        differences += [Selisih(GANDA, None, row) for row in others]
    if is_whole:
        differences += [Selisih(SINI, milik) for milik in lacking]
    return differences, agreed


def _elsewhere(lacking: list[Milik], there: dict) -> tuple[list[Selisih], list[Milik]]:
    """Match entries that PCare does not have as they are with what it has for them otherwise: what
    it was told once, or the same card in another poli. Takes that out of `there`.
    """
    differences, left = [], []
    for milik in lacking:
        told = [milik.told] if milik.told in there else []
        same_card = [visit for visit in there if visit[0] == milik.no_kartu]
        if visit := next(iter(told + same_card), None):
            differences += [Selisih(LAIN, milik, row) for row in there.pop(visit)]
        else:
            left.append(milik)
    return differences, left
