"""The fault campaign: all that can go wrong does so at random, and BPJS gets each visit once.

`make chaos` runs it, `make test` a short one. Two Odoo servers, one with a wrong clock, work on
one database of two clinics. People register patients, call, cancel and correct them, merge those
who are double, switch payers and rooms off and on, and press Resend PCare, while BPJS's answers are
lost, late, odd or unreadable and the servers are killed. Where all calls go through a proxy or an
integration engine, that has faults of its own. In the end BPJS's books are compared with
the database. The seed decides who comes, what goes wrong and when; how the processes' work
interleaves is never twice the same.
"""

import os
import random
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, cycle, islice, pairwise
from queue import Queue
from threading import Event

from bpjs.masking import masked
from dev import clock
from simulator.book import WIB
from simulator.tests.caller import card, nik
from system_tests.chaos import books
from system_tests.chaos.people import CHANGING, STEADY, TWINS, Patient, People, Visit
from system_tests.chaos.phones import Phones
from system_tests.chaos.trouble import (
    UNKNOWN_TO_PCARE,
    Killer,
    RelaySpoiler,
    Spoiler,
    make_peculiar,
)
from system_tests.klinik import Klinik
from system_tests.programs import Odoo, Relay, Simulator, demo_clinic, sql

AHEAD = 120  # seconds that one of the servers' clocks is ahead
COMES = 2 / 3  # of the rooms that a patient comes to on a day
STUCK = 600  # seconds after the last fault: what is still open then stays so
HELPED = 3  # times that what is red is resent

READ_TIMEOUT = 1
# From the claim until BPJS has done what it was asked: the longest delay, and what a busy machine
# takes to send and to read the request. Were this shorter, a registration still under way would be
# sent again, as it would be with the real BPJS.
SETTLING = 12

# The simulator's members, by how their number ends.
STEADY_CARDS = range(1, 31)
CARDS_TO_CORRECT = range(31, 41)
ODD_CARDS = range(41, 50)
SPARE_CARDS = range(51, 61)  # of patients who come only where an entry was somebody else's
TWIN_CARDS = range(601, 613)
FREE_CARDS = range(621, 641)
PHONE_CARDS = range(641, 661)

MUST_BE_ZERO = (
    *("false green", "lost", "doubled", "alive", "not called", "stuck", "failed", "hindered"),
    *("bookings lost", "given twice", "booked by nobody", "added again"),
)

OPEN = "SELECT antrean_id FROM bpjs_job WHERE state IN ('pending', 'sending', 'unknown')"
DESK = "SELECT id FROM antrean_antrean WHERE sumber = 'loket'"
FAILED = """
    SELECT DISTINCT antrean.id, antrean.state = 'batal'
      FROM bpjs_job job JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
     WHERE job.state = 'failed' AND job.company_id = %s
"""
# Long pauses end at once: BPJS is well again. What BPJS may still be doing keeps its time.
END_PAUSES = f"""
    UPDATE bpjs_job SET next_try_at = now() AT TIME ZONE 'UTC'
     WHERE next_try_at > now() AT TIME ZONE 'UTC' + interval '3 s'
       AND sent_at < now() AT TIME ZONE 'UTC' - interval '{SETTLING} s'
"""
WAKE = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron WHERE starts_with(cron_name, 'BPJS: send')
"""
JOBS = """
    SELECT id, job_type, state, outcome, message, attempt_count, after_id, create_date, sent_at,
           next_try_at, lease_until, done_at
      FROM bpjs_job WHERE antrean_id = %s ORDER BY id
"""
ATTEMPTS = """
    SELECT started_at, duration_ms, method, path, request, http_status, code, outcome, message
      FROM bpjs_attempt WHERE job_id = %s ORDER BY id
"""
# The entries of a day that have told BPJS of a card and poli; the card as attempts show it.
TOLD = """
    SELECT DISTINCT antrean.id
      FROM bpjs_attempt attempt
      JOIN bpjs_job job ON job.id = attempt.job_id
      JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
     WHERE strpos(attempt.request, %s) > 0 AND strpos(attempt.request, %s) > 0 AND tanggal = %s
     ORDER BY 1
"""


@dataclass
class Clinic:
    """One clinic of the database, with a BPJS of its own."""

    klinik: Klinik
    simulators: tuple  # PCare and Antrean FKTP
    relay: Relay | None = None  # on the way to them
    rooms: list = field(default_factory=list)
    patients: list = field(default_factory=list)
    spare: list = field(default_factory=list)  # contacts
    cards: dict = field(default_factory=dict)  # of contacts whose cards are corrected
    free_cards: Queue = field(default_factory=Queue)

    def sql(self, statement, *values):
        """The rows of a statement whose first value is the company."""
        return self.klinik.sql(statement, self.klinik.company, *values)

    def admit(self, numbers, spare, to_correct, twins, free):
        """Let it know its patients, all by the numbers of their cards."""
        staff = self.klinik.petugas
        self.rooms = staff.call("antrean.ruangan", "search", [["kd_poli_pcare", "!=", False]])
        self.spare = self.klinik.pasien_of(spare)
        corrected = self.klinik.pasien_of(to_correct)
        self.cards = dict(zip(corrected, map(card, to_correct), strict=True))
        self.patients = [
            *(Patient([pasien], STEADY) for pasien in self.klinik.pasien_of(numbers)),
            *(Patient([pasien], CHANGING) for pasien in corrected),
            *(Patient([pasien], CHANGING) for pasien in self.klinik.pasien_of(ODD_CARDS)),
            *(Patient(self._twins(number), TWINS) for number in twins),
        ]
        for number in free:
            self.free_cards.put(card(number))

    def _twins(self, number):
        """Two contacts of one person, from before that was refused."""
        [one] = self.klinik.pasien_of([number])
        [two] = self.klinik.petugas.call(
            "res.partner",
            "create",
            [{"name": f"Kembar {number}", "kd_provider_peserta": "0001R001"}],
        )
        twin = "UPDATE res_partner SET no_kartu_bpjs = %s, nik = %s WHERE id = %s"
        self.klinik.sql(twin, card(number), nik(number), two)
        return [one, two]


class Campaign:
    """`run` returns the entries with which something is wrong, by what is: empty is well."""

    def __init__(self, clinics, odoos, seed, entries, kills, kills_postgres=False):
        self._clinics, self._odoos = clinics, odoos
        self._klinik = clinics[0].klinik  # whose database is that of all
        self._seed, self._entries, self._kills = seed, entries, kills
        self._kills_postgres = kills_postgres
        self._over = Event()
        self._figures = Counter()
        self._printed = time.monotonic()
        self._people, self._phones = [], []

    def run(self):
        visits = self._prepare()
        with ThreadPoolExecutor(40) as pool:
            for people in self._people:
                people.start(pool)
            spoiling = [pool.submit(spoiler.run) for spoiler in self._spoilers()]
            phones = [pool.submit(each.run) for each in self._phones]
            failures = []
            try:
                self._kill_while_they_come(visits)
            finally:
                for people in self._people:
                    failures += people.finish()
                self._over.set()
            for people in self._people:
                failures += people.end()
            failures += [failure for each in [*spoiling, *phones] if (failure := each.exception())]
        for failure in failures:
            raise failure
        return self._compare_when_settled()

    def _prepare(self):
        """Have the clinics ready; return their visits in the order in which patients come."""
        for clinic in self._clinics:
            clinic.klinik.set_layanan(
                concurrency=8,
                connect_timeout=0.5,
                read_timeout=READ_TIMEOUT,
                settling_seconds=SETTLING,
            )
        self._clinics[1].klinik.set_faskes(perbaiki_otomatis=True)
        for n, clinic in enumerate(self._clinics):
            clinic.admit(
                STEADY_CARDS,
                SPARE_CARDS,
                *(
                    part[n :: len(self._clinics)]
                    for part in (CARDS_TO_CORRECT, TWIN_CARDS, FREE_CARDS)
                ),
            )
        # The clinics share their contacts: one member's clinic code is forgotten for all of them.
        [somebody] = self._klinik.pasien_of([UNKNOWN_TO_PCARE])
        self._klinik.petugas.call(
            "res.partner", "write", [somebody], {"kd_provider_peserta": False}
        )
        self._people = [
            People(clinic, self._odoos, self._rng, self._figures, self._over)
            for clinic in self._clinics
        ]
        self._phones = [
            Phones(
                clinic,
                self._odoos,
                PHONE_CARDS[n :: len(self._clinics)],
                people.desk("phones"),
                self._figures,
                self._over,
            )
            for n, (clinic, people) in enumerate(zip(self._clinics, self._people, strict=True))
        ]
        coming = [self._all_visits(clinic, n) for n, clinic in enumerate(self._clinics)]
        turns = zip(cycle(self._people), _alternating(coming), strict=False)
        visits = list(islice(turns, self._entries))
        days = sorted({visit.tanggal for _people, visit in visits})
        for clinic in self._clinics:
            make_peculiar(clinic.simulators[0], days)
        return visits

    def _rng(self, purpose):
        return random.Random(f"{self._seed} {purpose}")

    def _spoilers(self):
        """One for each part that meets faults."""
        services = [each for clinic in self._clinics for each in clinic.simulators]
        relays = [clinic.relay for clinic in self._clinics if clinic.relay]
        return [
            *(self._spoiler(Spoiler, each, n) for n, each in enumerate(services)),
            *(self._spoiler(RelaySpoiler, each, f"relay {n}") for n, each in enumerate(relays)),
        ]

    def _spoiler(self, kind, simulated, name):
        return kind(simulated, self._rng(f"faults of {name}"), self._figures, self._over)

    def _all_visits(self, clinic, number):
        """Most patients in most polis, on one day after the other."""
        rng = self._rng(f"visits of {number}")
        for days in count(1):  # from tomorrow on: the day may end meanwhile
            tanggal = (datetime.now(WIB) + timedelta(days=days)).date().isoformat()
            visits = [
                Visit(patient, room, tanggal)
                for patient in clinic.patients
                for room in clinic.rooms
                if rng.random() < COMES
            ]
            rng.shuffle(visits)
            yield from visits

    def _kill_while_they_come(self, visits):
        """As many times as asked for: some visits come, and a moment later something is killed."""
        rng = self._rng("kills")
        killer = Killer(self._odoos, self._klinik, rng, self._figures, self._kills_postgres)
        ends = [n * len(visits) // self._kills for n in range(self._kills + 1)]
        for start, end in pairwise(ends):
            for people, visit in visits[start:end]:
                people.comes(visit)
            time.sleep(rng.uniform(0, 2))
            killer.kill()
            self._print_progress()

    # What has become of it

    def _compare_when_settled(self):
        """Before what is red is resent, as staff would, and afterwards."""
        self._settle()
        wrong = defaultdict(set)
        self._add(wrong, books.before_anybody_helps)
        for n in range(HELPED):
            self._help(n)
            self._settle()
        self._add(wrong, books.in_the_end)
        wrong["stuck"] |= {antrean_id for (antrean_id,) in self._klinik.sql(OPEN)}
        for clinic in self._clinics:
            wrong["failed"] |= {antrean_id for antrean_id, _cancelled in clinic.sql(FAILED)}
        for phones in self._phones:
            for name, what in phones.wrong().items():
                wrong[name] |= what
        self._check_entries()
        return {name: ids for name, ids in wrong.items() if ids}

    def _add(self, wrong, compare):
        for clinic in self._clinics:
            for name, ids in compare(clinic).items():
                wrong[name] |= ids

    def _help(self, turn):
        for clinic, people in zip(self._clinics, self._people, strict=True):
            desk = people.desk(f"help {turn}")
            failed = clinic.sql(FAILED)
            self._figures[f"red, {turn} times resent"] += len(failed)
            for antrean_id, is_cancelled in failed:
                if is_cancelled:
                    desk.user.call("antrean.antrean", "action_kirim_ulang_batal", [antrean_id])
                else:
                    desk.resend(antrean_id)

    def _settle(self):
        """Wait until nothing is open; what Odoo would look at in a minute it looks at now."""
        deadline = time.monotonic() + STUCK
        while self._klinik.sql(OPEN) and time.monotonic() < deadline:
            self._klinik.sql(END_PAUSES)
            self._klinik.sql(WAKE)
            sql("postgres", f"NOTIFY cron_trigger, '{self._klinik.database}'")
            self._print_progress()
            time.sleep(1)

    def _check_entries(self):
        """Every registration that somebody was told of is there, and no other."""
        told = {antrean_id for people in self._people for antrean_id in people.registered}
        there = {antrean_id for (antrean_id,) in self._klinik.sql(DESK)}
        if told != there:
            raise AssertionError(f"not told of {there - told}, not there {told - there}")
        self._figures["entries"] = len(there)
        self._figures["calls"] = sum(
            simulator.calls() for clinic in self._clinics for simulator in clinic.simulators
        )
        for clinic in self._clinics:
            if clinic.relay:
                self._figures[f"calls of the {clinic.relay.service}"] += clinic.relay.calls()

    # What is told

    def _print_progress(self):
        if time.monotonic() - self._printed > 5:
            self._printed = time.monotonic()
            waiting = len(self._klinik.sql(OPEN))
            registered = sum(len(people.registered) for people in self._people)
            kills = sum(n for name, n in self._figures.items() if name.startswith("kills"))
            print(f"{registered} registrations, {kills} kills, {waiting} jobs open", flush=True)

    def __str__(self):
        return ", ".join(f"{name} {n}" for name, n in sorted(self._figures.items()))

    def history(self, what):
        """What was done for an entry, each job with its attempts; for a visit that BPJS has, what
        was done for the entries that may have been it."""
        if isinstance(what, int):
            return self._history(what)
        told = self._klinik.sql(TOLD, masked(what.no_kartu), f'"{what.kd_poli}"', what.tanggal)
        return "\n".join([f"BPJS has {what}", *(self._history(id) for (id,) in told)])

    def _history(self, antrean_id):
        lines = [f"entry {antrean_id}"]
        for job in self._klinik.sql(JOBS, antrean_id):
            lines.append("  " + " | ".join(map(str, job)))
            for attempt in self._klinik.sql(ATTEMPTS, job[0]):
                lines.append("    " + " | ".join(map(str, attempt)))
        return "\n".join(lines)


def _alternating(iterables):
    """One of each, again and again."""
    for turn in zip(*iterables, strict=True):
        yield from turn


def _wrong_clock():
    """What a server whose clock is ahead has in its environment."""
    path = os.pathsep.join([clock.FOLDER, os.environ["PYTHONPATH"]])
    return {**clock.ahead(AHEAD), "PYTHONPATH": path}


@contextmanager
def campaign(logs, *asked, way="", **options):
    """A campaign with all its processes running; `logs` is the folder of what they log, `way` the
    name of what all calls go through (`dev/ways.py`), if anything.
    """
    with ExitStack() as up:
        first, second = (
            tuple(up.enter_context(Simulator(name).running()) for name in Simulator.BOOKED)
            for _clinic in range(2)
        )
        database = up.enter_context(demo_clinic("chaos", first))
        odoos = [
            up.enter_context(Odoo(database, logs / f"chaos-odoo-{n}.log", **clocks).running())
            for n, clocks in enumerate(({}, _wrong_clock()), 1)
        ]
        demo = Klinik(odoos[0].url, database)
        another = demo.open_another("Klinik Kedua", second, "petugas_kedua")
        clinics = [Clinic(demo, first), Clinic(another, second)]
        if way:
            for clinic in clinics:
                clinic.relay = up.enter_context(Relay(way, clinic.simulators).running())
                clinic.klinik.set_faskes(**clinic.relay.settings)
        yield Campaign(clinics, odoos, *asked, **options)
