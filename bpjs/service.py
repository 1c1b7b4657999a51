from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .request import Request


@dataclass(frozen=True)
class Service:
    """One web service of BPJS: all that differs from one to the other. Signature, envelope and
    encryption are the same for all (`client.py`, `answer.py`, `envelope.py`).
    """

    code: str
    label: str  # as BPJS writes its name
    addresses: Mapping[str, str]  # its base URLs by environment, "production" always
    content_type: str
    date_format: str  # as for `strftime`
    probe: Callable[[date], Request]  # a GET of that day which changes nothing, to see if it works
    success: frozenset[int] = frozenset({200})  # codes that say so, of whatever call
    takes_account: bool = False  # the PCare account is sent along

    def date_text(self, tanggal: date) -> str:
        return tanggal.strftime(self.date_format)

    def date_of(self, text: str) -> date:
        """Raises `ValueError`."""
        return datetime.strptime(text, self.date_format).date()
