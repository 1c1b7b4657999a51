"""Mobile JKN: members book, look at their place in the queue and cancel, all at the clinic."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment

from . import antrean
from .book import MOBILE_JKN, WIB, Antrean, Book
from .call import Call
from .clinic import Clinic, Said, part
from .envelope import Refused, Reply, as_json, html
from .people import BY_CARD, PESERTA

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    Path(__file__).with_name("mobile_jkn.html").read_text(encoding="utf-8")
)
_NEW_PATIENT = 202
_ADDRESS = {
    "alamat": "Jalan Contoh No. 1",
    "kodeprop": "99",
    "namaprop": "Provinsi Contoh",
    "kodedati2": "9901",
    "namadati2": "Kota Contoh",
    "kodekec": "990101",
    "namakec": "Kecamatan Contoh",
    "kodekel": "9901011001",
    "namakel": "Kelurahan Contoh",
    "rw": "001",
    "rt": "001",
}


class MobileJkn:
    """The app and its page. A call with JSON is answered with JSON, one of a form with the page."""

    def __init__(self):
        self._clinic = Clinic()
        self._acts = {
            "status": self._status,
            "ambil": self._ambil,
            "peserta": self._peserta,
            "sisapeserta": self._sisapeserta,
            "batal": self._batal,
        }

    def __call__(self, book: Book, call: Call) -> Reply:
        act = self._acts.get(call.path.removeprefix("/mobile-jkn").removeprefix("/"))
        if call.method == "GET" and call.path == "/mobile-jkn":
            return self._page(book, dict(parse_qsl(call.query)))
        if call.method != "POST" or act is None:
            return html(404, "Not Found")
        is_json = call.headers.get("Content-Type", "").startswith("application/json")
        try:
            asked = json.loads(call.body) if is_json else dict(parse_qsl(call.body.decode()))
            said = act(book, **asked)
        except Refused as refused:  # by BPJS, before the clinic is asked
            said = Said(refused.answer.code, refused.answer.message)
        except (ValueError, TypeError, KeyError) as error:
            return as_json({"error": f"{type(error).__name__}: {error}"}, 400)
        return as_json(asdict(said)) if is_json else self._page(book, asked, said)

    # What a member does; each returns what the clinic says

    def _status(self, book: Book, kd_poli: str, tanggal: str) -> Said:
        path = "v2", "antrean", "status", kd_poli, tanggal
        return self._clinic.ask(book.settings, "GET", *path)

    def _ambil(
        self,
        book: Book,
        no_kartu: str,
        kd_poli: str,
        tanggal: str,
        kd_dokter: str | int,
        jam: str,
        keluhan: str = "",
    ) -> Said:
        """Book; what the clinic gives, BPJS holds, too."""
        antrean.check_card(no_kartu)
        kd_dokter, peserta = int(kd_dokter), BY_CARD[no_kartu]
        body = {
            "nomorkartu": no_kartu,
            "nik": peserta.nik,
            "nohp": peserta.no_hp,
            "norm": "",
            "kodepoli": kd_poli,
            "tanggalperiksa": tanggal,
            "kodedokter": kd_dokter,
            "jampraktek": jam,
            "keluhan": keluhan,
        }
        said = self._clinic.ask(book.settings, "POST", "v2", "antrean", body=body)
        if said.code == 200:
            nomor = str(part(said.response, "nomorantrean"))
            with suppress(ValueError):  # BPJS has the visit already
                antrean.book_by_phone(book, no_kartu, tanggal, nomor, kd_poli, kd_dokter, jam)
        return said

    def _peserta(self, book: Book, no_kartu: str, **visit: str) -> Said:
        """Become a patient of the clinic, and book the visit if there is one."""
        antrean.check_card(no_kartu)
        peserta = BY_CARD[no_kartu]
        body = {
            "nomorkartu": no_kartu,
            "nik": peserta.nik,
            "nomorkk": f"3299{peserta.nomor:012d}",
            "nama": peserta.nama,
            "jeniskelamin": peserta.sex,
            "tanggallahir": peserta.tgl_lahir.isoformat(),
            "nohp": peserta.no_hp,
            **_ADDRESS,
        }
        said = self._clinic.ask(book.settings, "POST", "peserta", body=body)
        return self._ambil(book, no_kartu, **visit) if visit and said.code == 200 else said

    def _sisapeserta(self, book: Book, no_kartu: str, kd_poli: str, tanggal: str) -> Said:
        path = "antrean", "sisapeserta", no_kartu, kd_poli, tanggal
        return self._clinic.ask(book.settings, "GET", *path)

    def _batal(
        self, book: Book, no_kartu: str, kd_poli: str, tanggal: str, keterangan: str = ""
    ) -> Said:
        """Cancel; what the clinic has cancelled, BPJS has, too."""
        body = {
            "nomorkartu": no_kartu,
            "kodepoli": kd_poli,
            "tanggalperiksa": tanggal,
            "keterangan": keterangan,
        }
        said = self._clinic.ask(book.settings, "PUT", "v2", "antrean", "batal", body=body)
        if said.code == 200:
            book.move((no_kartu, kd_poli, date.fromisoformat(tanggal)), "batal", final=())
        return said

    # What the page shows

    def _page(self, book: Book, asked: dict[str, str], said: Said | None = None) -> Reply:
        today = datetime.now(WIB).date().isoformat()
        kd_poli, tanggal = asked.get("kd_poli", ""), asked.get("tanggal", today)
        me = BY_CARD.get(asked.get("no_kartu", ""))
        page = _PAGE.render(
            members=PESERTA,
            me=me,
            tickets=self._tickets(book, me.no_kartu, today) if me else [],
            poli=book.reference.poli,
            dokter=book.reference.dokter,
            kd_poli=kd_poli,
            tanggal=tanggal,
            schedule=self._schedule(book, kd_poli, tanggal) if me and kd_poli else None,
            said=said,
            is_new=said is not None and said.code == _NEW_PATIENT,
            asked=asked,
            part=part,
        )
        return Reply(200, page.encode(errors="replace"), "text/html; charset=utf-8")

    def _tickets(self, book: Book, no_kartu: str, today: str) -> list[tuple[Antrean, Said | None]]:
        """The member's bookings from today on, the newest first, and the place of each."""
        return [
            (entry, self._place(book, entry))
            for entry in reversed(book.antrean())
            if (entry.no_kartu, entry.asal) == (no_kartu, MOBILE_JKN)
            and entry.tanggal.isoformat() >= today
        ]

    def _place(self, book: Book, entry: Antrean) -> Said | None:
        if entry.status != "terdaftar":
            return None
        visit = entry.no_kartu, entry.kd_poli, entry.tanggal.isoformat()
        return self._sisapeserta(book, *visit)

    def _schedule(self, book: Book, kd_poli: str, tanggal: str) -> tuple[Said, list[tuple]]:
        """What the clinic says, and each hours of the poli with what it says of them."""
        said = self._status(book, kd_poli, tanggal)
        rows = said.response if isinstance(said.response, list) else []
        queues = {(part(row, "kodedokter"), part(row, "jampraktek")): row for row in rows}
        hours = [row for row in book.reference.jadwal if row.kd_poli == kd_poli]
        return said, [(row, queues.get((row.kd_dokter, row.jam))) for row in hours]
