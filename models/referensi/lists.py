import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ...bpjs import antrean_fktp, pcare, referensi
from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.errors import UnreadableError
from ...bpjs.outcome import REJECTED, SUCCESS, Outcome
from ...bpjs.pages import Pages
from ...bpjs.pcare import PCARE
from ...bpjs.referensi import Rows
from ...bpjs.request import Request
from ...jobs.base import Call


class Lists:
    """Asks one service for one list after the other. Its thread knows no ORM.

    `outcome` is that of the last list that could not be had. After what concerns the whole
    service, and when time is up, nothing more is asked.
    """

    def __init__(self, call: Call, deadline: float):
        self._call, self._deadline = call, deadline
        self.outcome = Outcome(SUCCESS)
        self.is_complete = True

    def ask(self, request: Request, read: Callable[[object], Rows]) -> Rows | None:
        """The rows of an answer; None where they could not be had."""
        rows = None
        if self.outcome.scope != "service" and time.monotonic() < self._deadline:
            rows = self._read(self._call(request), read)
        if rows is None or not rows.is_whole:
            self.is_complete = False
        return rows

    def _read(self, exchange, read):
        outcome = exchange.outcome
        if outcome.kind == REJECTED and referensi.NO_ROWS.search(outcome.message):
            response = None
        elif outcome.kind == SUCCESS:
            response = exchange.result.response
        else:
            self.outcome = outcome
            return None
        try:
            return read(response)
        except UnreadableError as error:
            self.outcome = Outcome(REJECTED, reason=error.reason)
            return None

    def ask_pages(
        self, request: Callable[[int, int], Request], read: Callable[[object], Rows]
    ) -> Rows | None:
        """The same of a list that comes in pages."""
        pages, rows, found = Pages(), [], None

        def read_all(response):
            rows.extend(pages.take(response))
            return read(rows)

        while not pages.is_over:
            found = self.ask(request(pages.start, pcare.PAGE), read_all)
            if found is None:
                return None
        return found


def ask_pcare(lists: Lists, tanggal: date, kd_poli: list[str]) -> dict:
    """What PCare has, of no day: {"poli", "dokter"}, each a list or None."""
    return {
        "poli": lists.ask_pages(pcare.poli, referensi.poli),
        "dokter": lists.ask_pages(pcare.dokter, referensi.dokter),
    }


def ask_antrean(lists: Lists, tanggal: date, kd_poli: list[str]) -> dict:
    """What Antrean FKTP has: {"poli": list or None, "praktek": {kd_poli: list}}.

    `kd_poli` are the poli whose schedule is asked for first.
    """
    poli = lists.ask(antrean_fktp.ref_poli(tanggal), referensi.poli)
    codes = dict.fromkeys([*kd_poli, *(row.kode for row in poli or ())])
    asked = {
        kode: lists.ask(antrean_fktp.ref_dokter(kode, tanggal), referensi.jadwal) for kode in codes
    }
    return {
        "poli": poli,
        "praktek": {kode: rows for kode, rows in asked.items() if rows is not None},
    }


ASK = {PCARE: ask_pcare, ANTREAN: ask_antrean}  # the services that have lists


def fetch(call: Call, kode: str, tanggal: date, kd_poli: list[str], deadline: float) -> Outcome:
    """Ask a service for everything of a day. The outcome's data are those of `_keep_lists`."""
    lists = Lists(call, deadline)
    found = ASK[kode](lists, tanggal, kd_poli)
    data = found | {"tanggal": tanggal, "is_complete": lists.is_complete}
    return replace(lists.outcome, data=data)
