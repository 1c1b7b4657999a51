"""Members who book, and cancel, with their phones while everything goes wrong."""

import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg2
import requests

from simulator.book import WIB
from simulator.tests.caller import card, nik
from system_tests.bpjs import Bpjs
from system_tests.chaos.books import Left
from system_tests.klinik import Refused

PAUSES = (0.1, 0.8)  # seconds between two acts
DAYS = range(1, 8)  # from tomorrow on
POLI = ("001", "002", "003")
ACTS = {"book": 60, "cancel by phone": 25, "cancel at the desk": 15}
NO_ANSWER = (  # also of PostgreSQL, which is killed, too
    psycopg2.OperationalError,
    requests.RequestException,
    AssertionError,
    ValueError,
)

BOOKINGS = """
    SELECT antrean.id, pasien.no_kartu_bpjs, kd_poli_antrean, antrean.tanggal::text, angka_antrean
      FROM antrean_antrean antrean
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
     WHERE antrean.company_id = %s AND sumber = 'mobile_jkn'
"""
ADDED = """
    SELECT DISTINCT antrean.id
      FROM bpjs_attempt attempt
      JOIN bpjs_job job ON job.id = attempt.job_id
      JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
     WHERE antrean.company_id = %s AND sumber = 'mobile_jkn' AND path = '/antrean/add'
"""


class Phones:
    """The phones of one clinic's members; `run` works until it is over."""

    def __init__(self, clinic, odoos, cards, desk, figures, over):
        self._clinic, self._desk = clinic, desk
        self._figures, self._over = figures, over
        first = clinic.klinik.mobile_jkn()
        self._callers = [
            Bpjs(odoo.url + first.path, first.username, first.password) for odoo in odoos
        ]
        self._members = [(card(n), nik(n)) for n in cards]
        self._given = {}  # number by booking, in the order in which they were given
        self._maybe = set()  # visits of which no answer came

    def run(self):
        rng = self._desk.rng
        while not self._over.wait(rng.uniform(*PAUSES)):
            [act] = rng.choices(list(ACTS), ACTS.values())
            if act == "book":
                self._book(rng)
            elif self._given:
                visit, number = rng.choice(list(self._given))
                with suppress(*NO_ANSWER):
                    if act == "cancel by phone":
                        rng.choice(self._callers).batal(*visit)
                    else:
                        self._cancel_at_the_desk(visit, number)
                    self._figures[f"bookings: {act}"] += 1

    def _book(self, rng):
        who, day = rng.choice(self._members), datetime.now(WIB) + timedelta(days=rng.choice(DAYS))
        visit = who[0], rng.choice(POLI), day.date().isoformat()
        caller = rng.choice(self._callers)
        try:
            if self._antrean.has_visit(*visit):  # then BPJS does not ask the clinic
                return
        except requests.RequestException:
            return
        try:
            code, message, response = caller.ambil(*who, *visit[1:])
            if code == 202:
                caller.peserta(*who, f"Peserta Contoh {who[0][-3:]}")
                code, message, response = caller.ambil(*who, *visit[1:])
        except NO_ANSWER:
            self._maybe.add(visit)
            self._figures["bookings without answer"] += 1
            return
        self._figures[f"bookings: {message if code != 200 else 'given'}"] += 1
        if code == 200:
            self._tell_bpjs(visit, response["nomorantrean"])
            self._given[visit, response["angkaantrean"]] = True

    def _tell_bpjs(self, visit, number):
        """BPJS knows of its own booking; its port may be closed for a moment."""
        for _try in range(60):
            with suppress(requests.RequestException):
                if not self._antrean.has_visit(*visit):  # the answer of the try before was lost
                    self._antrean.booked_by_phone(*visit, number)
                return
            time.sleep(1)
        raise AssertionError("BPJS does not open its port again")

    @property
    def _antrean(self):
        return next(each for each in self._clinic.simulators if each.service == "antrean_fktp")

    def _cancel_at_the_desk(self, visit, number):
        for antrean_id, *booking, angka in self._clinic.sql(BOOKINGS):
            if (tuple(booking), angka) == (visit, number):
                with suppress(Refused):  # it is cancelled already
                    self._desk.cancel(antrean_id)

    def wrong(self):
        """What must not be: {figure: entries, or visits}."""
        rows = self._clinic.sql(BOOKINGS)
        there = {(tuple(visit), angka) for _id, *visit, angka in rows}
        times = Counter((visit[1:], angka) for visit, angka in self._given)
        return {
            "bookings lost": {_left(visit) for visit, _angka in self._given.keys() - there},
            "given twice": {
                _left(visit) for visit, angka in self._given if times[visit[1:], angka] > 1
            },
            "booked by nobody": {
                antrean_id
                for antrean_id, *visit, angka in rows
                if (tuple(visit), angka) not in self._given and tuple(visit) not in self._maybe
            },
            "added again": {antrean_id for (antrean_id,) in self._clinic.sql(ADDED)},
        }


def _left(visit):
    return Left(*visit, "mobile_jkn", "")
