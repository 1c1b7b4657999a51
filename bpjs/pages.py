from __future__ import annotations

from . import reason
from .answer import items, whole_number
from .errors import UnreadableError

MOST_PAGES = 200


class Pages:
    """How far a list has been read that comes in pages.

    `count` says how many rows there are; a page with fewer than were asked for is not the last one,
    and a count below what has come says nothing.
    """

    def __init__(self):
        self.start = 0  # of the next page
        self.is_over = False
        self.count = None  # of all rows, as the last page says
        self.has_grown = False
        self._most = 0  # that BPJS has spoken of
        self._left = MOST_PAGES

    def take(self, response: object) -> list:
        """The rows of the next page, as they come.

        Raises `UnreadableError`, also where rows went while the list was read, for others may have
        moved to where it had been read already; and where it has no end.
        """
        rows, count = items(response), _count(response)
        self.start += len(rows)
        self._left -= 1
        self.is_over = not rows or self.start == count
        is_short = count is not None and count < self._most
        self.has_grown = self.has_grown or bool(self._most and (count or 0) > self._most)
        self.count, self._most = count, max(self._most, count or 0)
        is_cut = self.is_over and self.start < self._most
        if is_short or is_cut or not (self._left or self.is_over):
            raise UnreadableError(reason.NO_END)
        return rows


def _count(response: object) -> int | None:
    return whole_number(response.get("count")) if isinstance(response, dict) else None
