"""The page for people: what "BPJS" holds right now."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from string import Template

from markupsafe import Markup

from .book import CALL, WIB, Book, Entry
from .faults import Faults
from .people import BY_CARD, TROUBLES, Peserta

_ROWS = 100  # of a table: the newest
_PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def render(book: Book, faults: Faults) -> bytes:
    """The whole page as UTF-8. Whatever came over the wire is escaped."""
    pendaftaran, antrean = book.pendaftaran(), book.antrean()
    html = _PAGE.substitute(
        now=f"{datetime.now(WIB):%d-%m-%Y %H:%M:%S} WIB",
        pendaftaran_count=len(pendaftaran),
        antrean_count=len(antrean),
        calls_count=book.calls_count(),
        faults=_faults(faults),
        pendaftaran=_entries(pendaftaran, partial(_pendaftaran, book), "Belum ada pendaftaran."),
        antrean=_entries(antrean, partial(_antrean, book), "Belum ada antrean."),
        troubles=_rows((Peserta(nomor).no_kartu, text) for nomor, text in TROUBLES.items()),
    )
    return html.encode(errors="replace")


def _entries(entries: list[Entry], cells: Callable[[Entry], tuple], empty: str) -> Markup:
    newest = entries[: -_ROWS - 1 : -1]
    return _rows(map(cells, newest)) or Markup('<tr><td class="empty" colspan="9">{}').format(empty)


def _rows(rows: Iterable[tuple]) -> Markup:
    return Markup().join(
        Markup("<tr>") + Markup().join(Markup("<td>{}").format(cell) for cell in row)
        for row in rows
    )


def _pendaftaran(book: Book, entry: Entry) -> tuple:
    return (
        f"{entry.waktu:%H:%M:%S}",
        entry.nomor,
        f"{entry.tanggal:%d-%m-%Y}",
        entry.no_kartu,
        BY_CARD[entry.no_kartu].nama,
        book.reference.poli.get(entry.kd_poli, ""),
        entry.body.get("keluhan") or "",
        _status(entry),
    )


def _antrean(book: Book, entry: Entry) -> tuple:
    body = entry.body
    return (
        f"{entry.waktu:%H:%M:%S}",
        entry.nomor,
        f"{entry.tanggal:%d-%m-%Y}",
        entry.no_kartu or f"NIK {body['nik']}",
        BY_CARD[entry.no_kartu].nama if entry.no_kartu else "",
        book.reference.poli.get(entry.kd_poli, ""),
        f"{book.reference.dokter.get(body['kodedokter'], '')}, {body['jampraktek']}",
        body["keterangan"],
        _status(entry),
    )


def _status(entry: Entry) -> str:
    return entry.status if entry.asal == CALL else f"{entry.status} ({entry.asal})"


def _faults(faults: Faults) -> Markup:
    active = [
        Markup("<li>{}: {}").format(fault["fault"], _calls(**fault)) for fault in faults.as_list()
    ]
    return Markup().join(active) or Markup("<li>tidak ada")


def _calls(service: str, times: int | None, path: str, about: str, **_more: object) -> str:
    """Which calls a fault is for."""
    calls = f"{times} panggilan {service} berikutnya" if times else f"semua panggilan {service}"
    where = [] if path == "*" else [path]
    return " ".join([calls, *where, about]).rstrip()
