"""PCare's list of a day: every registration it has, read while others go on registering."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field

from . import reason
from .answer import lower_keys, plain, whole_number
from .errors import UnreadableError
from .pages import Pages

MOST_TURNS = 6  # through the list, until one of them meets it whole


@dataclass(frozen=True)
class Terdaftar:
    """One registration at PCare; texts as PCare writes them. It stays the same one while it is
    served.
    """

    no_kartu: str
    kd_poli: str
    no_urut: str
    nama: str = field(default="", compare=False)
    nm_poli: str = field(default="", compare=False)
    status: str = field(default="", compare=False)

    @property
    def visit(self) -> tuple[str, str]:
        return self.no_kartu, self.kd_poli


class Daftar:
    """What was read of a day's list so far: `rows`, of `count` that PCare says it has.

    `unreadable` tells how many rows do not say whose they are. A list that comes by offsets moves
    under the reader: who is registered meanwhile may push a row to the next page, which is then
    read twice or missed.
    """

    def __init__(self):
        self.count = 0
        self.is_whole = False
        self._found: dict[Terdaftar | str, None] = {}

    @property
    def rows(self) -> list[Terdaftar]:
        known = list(self._found)  # at once: another thread may be asking how far this one is
        return [row for row in known if isinstance(row, Terdaftar)]

    @property
    def unreadable(self) -> int:
        return len(self._found) - len(self.rows)

    def read(
        self, ask: Callable[[int], object], expected: Set[tuple[str, str]] = frozenset()
    ) -> None:
        """Read the list to its end. What was read stays, also where that fails.

        `ask` returns the response of the page that begins with a row, counted from 0. Visits that
        are `expected`, as `Terdaftar.visit`, and are not met are looked for once more, up to an
        empty page: a row that went while another came leaves the count as it was, and a count may
        be that of the page. Raises `UnreadableError`, and whatever
        `ask` raises.
        """
        self._read_whole(ask)
        if expected - {row.visit for row in self.rows}:
            self._read_whole(ask, to_the_end=True)
        self.is_whole = True

    def _read_whole(self, ask: Callable[[int], object], to_the_end: bool = False) -> None:
        for _turn in range(MOST_TURNS + 1):
            if self._turn(ask, to_the_end):
                return
        raise UnreadableError(reason.NO_END)

    def _turn(self, ask: Callable[[int], object], to_the_end: bool) -> bool:
        """Go through the list once; return whether all of it is known now. To the end leads an
        empty page, whatever the count says.
        """
        pages, rows = Pages(), []
        while not pages.is_over or (to_the_end and rows):
            try:
                rows = pages.take(ask(pages.start))
            except UnreadableError as error:
                if error.reason != reason.NO_END:
                    raise
                if not to_the_end:
                    self._found.clear()  # some of it went, nobody knows what
                return False
            self._found |= dict.fromkeys(map(_read, rows))
            self.count = max(pages.count or 0, len(self._found))
            if len(self._found) == pages.count and not to_the_end:
                return True  # as many as there are, and none went
        return to_the_end or not pages.has_grown


def _read(row: object) -> Terdaftar | str:
    """A row of the list; where it does not say whose it is, something that stands for it."""
    fields = lower_keys(row)
    peserta, poli = lower_keys(fields.get("peserta")), lower_keys(fields.get("poli"))
    visit = [
        _code(value) for value in (peserta.get("nokartu"), poli.get("kdpoli"), fields.get("nourut"))
    ]
    if not all(visit):
        return repr(row)
    texts = (peserta.get("nama"), poli.get("nmpoli"), fields.get("status"))
    return Terdaftar(*visit, *map(plain, texts))


def _code(value: object) -> str:
    number = None if isinstance(value, bool | str) else whole_number(value)
    return plain(value) if number is None else str(number)
