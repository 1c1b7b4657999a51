"""The fault campaign: all that can go wrong does so at random, and BPJS gets each visit once.

`make chaos` runs it, `make test` a short one. Two Odoo servers work on one database. Several people
register patients, call a third of them, of whom some do not come, cancel a tenth of the entries and
press Resend PCare, while BPJS's answers are lost, late or unreadable and the servers are killed. In
the end BPJS's books are compared with the database. The seed decides who comes, what goes wrong and
when; how the processes' work interleaves is never twice the same.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from itertools import count, islice, pairwise
from pathlib import Path
from queue import Queue
from threading import Event

import psycopg2
import requests

from simulator.book import WIB
from system_tests.klinik import Klinik, User
from system_tests.programs import Odoo, Simulator, demo_clinic, sql

CLIENTS = 4  # people who register patients at the same time
PATIENTS = 60  # as many as the simulator knows; each comes once a day to every poli
CANCELLED = 0.1  # of the entries
CALLED = 1 / 3  # of the others
ABSENT = 0.5  # of those called; of these half are called again, and some cancelled
CALLERS = 2
PATIENCE = 120  # seconds until somebody who gets no answer gives up
STUCK = 600  # seconds after the last fault: what is still open then stays so

READ_TIMEOUT = 1
DELAYS = (1.2, 3.0)  # seconds; longer than the time-out
# From the claim until BPJS has done what it was asked: the longest delay, and what a busy machine
# takes to send and to read the request. Were this shorter, a registration still under way would be
# sent again, as it would be with the real BPJS.
SETTLING = 8

FAULTS = {  # and how often each comes up, compared with the others
    **dict.fromkeys(("drop_before", "drop_after", "html_502", "html_502_after"), 10),
    **dict.fromkeys(("empty", "empty_after", "wrong_encryption", "delay"), 10),
    "refuse": 2,
}
REFUSING = 0.5  # seconds
WELL = (0, 6)  # calls between two faults: fewer than a third of all meet one
AHEAD = 20  # calls whose fate is arranged beforehand
SPOIL_LOOKUP = 0.1  # of the faults meet a look-up: it puts the whole service off for a while

MUST_BE_ZERO = ("lost", "doubled", "false OK", "alive", "not called", "stuck", "failed")

POSTGRES_SHARE = 0.1  # of the kills, where the server is the campaign's own

ENTRIES = """
    SELECT antrean.id, antrean.state = 'batal' AS is_cancelled,
           CASE WHEN antrean.tidak_hadir THEN 'tidak hadir'
                WHEN antrean.state = 'dipanggil' THEN 'dipanggil' END AS last_call,
           pasien.no_kartu_bpjs, ruangan.kd_poli_pcare, antrean.tanggal::text,
           antrean.nomor_antrean_pcare, pendaftaran.state,
           antrean.nomor_antrean, tambah.state
      FROM antrean_antrean antrean
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
      LEFT JOIN bpjs_job pendaftaran ON pendaftaran.antrean_id = antrean.id
                                    AND pendaftaran.job_type = 'pendaftaran_pcare'
      LEFT JOIN bpjs_job tambah ON tambah.antrean_id = antrean.id
                               AND tambah.job_type = 'tambah_antrean_fktp'
"""
OPEN = "SELECT antrean_id FROM bpjs_job WHERE state IN ('pending', 'sending', 'unknown')"
FAILED = """
    SELECT DISTINCT antrean.id, antrean.state = 'batal'
      FROM bpjs_job job JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
     WHERE job.state = 'failed'
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
    SELECT started_at, duration_ms, method, path, http_status, code, outcome, message
      FROM bpjs_attempt WHERE job_id = %s ORDER BY id
"""
BACKENDS = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND pid != pg_backend_pid()
"""

NO_ANSWER = (requests.RequestException, RuntimeError)  # nobody there, or an error of Odoo's


class Desk:
    """Somebody at work, who asks now the one server, now the other."""

    def __init__(self, odoos, database, rng):
        self.rng = rng
        self._users = [User(odoo.url, database, "contoh_petugas") for odoo in odoos]

    @property
    def user(self):
        return self.rng.choice(self._users)

    def register(self, visit):
        """Return the queue entry's id."""
        vals = dict(zip(("pasien_id", "ruangan_id", "tanggal"), visit, strict=True))
        domain = [[name, "=", value] for name, value in vals.items()]
        [antrean_id] = self._see_to(
            lambda: self.user.call("antrean.antrean", "search", domain),
            lambda: self.user.call("antrean.antrean", "create", [vals]),
        )
        return antrean_id

    def cancel(self, antrean_id):
        self._see_to(
            lambda: self._is(antrean_id, ("state", "=", "batal")),
            lambda: self.user.batalkan(antrean_id),
        )

    def panggil(self, antrean_id):
        self._see_to(
            lambda: self._is(antrean_id, ("state", "=", "dipanggil"), ("tidak_hadir", "=", False)),
            lambda: self.user.call("antrean.antrean", "action_panggil", [antrean_id]),
        )

    def tidak_hadir(self, antrean_id):
        self._see_to(
            lambda: self._is(antrean_id, ("tidak_hadir", "=", True)),
            lambda: self.user.call("antrean.antrean", "action_tidak_hadir", [antrean_id]),
        )

    def _is(self, antrean_id, *so):
        return self.user.call("antrean.antrean", "search", [("id", "=", antrean_id), *so])

    def _see_to(self, is_done, act):
        """Act until it is done, and return what `is_done` then finds.

        Who gets no answer looks first whether the act was done all the same.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if found := is_done():
                    return found
                act()
            except NO_ANSWER:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


class Campaign:
    """`run` returns the entries with which something is wrong, by what is: empty is well."""

    def __init__(self, klinik, odoos, simulators, seed, entries, kills, kills_postgres=False):
        self._klinik, self._odoos = klinik, odoos
        self._pcare, self._antrean = self._simulators = simulators
        self._seed, self._entries, self._kills = seed, entries, kills
        self._kills_postgres = kills_postgres
        self._visits, self._registered = Queue(), []
        self._to_call, self._to_cancel = Queue(), Queue()
        self._over = Event()
        self._figures = Counter()
        self._printed = time.monotonic()

    def run(self):
        klinik = self._klinik
        klinik.set_layanan(
            concurrency=8,
            connect_timeout=0.5,
            read_timeout=READ_TIMEOUT,
            settling_seconds=SETTLING,
        )
        if self._kills_postgres:
            # Of a database copied since the last checkpoint, PostgreSQL forgets in a crash how far
            # its sequences had counted.
            klinik.sql("CHECKPOINT")
        visits = list(islice(self._all_visits(self._rng("visits")), self._entries))
        with ThreadPoolExecutor(CLIENTS + CALLERS + 4) as pool:
            clerks = [pool.submit(self._register, self._desk(n)) for n in range(CLIENTS)]
            callers = [pool.submit(self._call, self._desk(f"call {n}")) for n in range(CALLERS)]
            others = [
                pool.submit(self._cancel, self._desk("cancel")),
                pool.submit(self._resend, self._desk("resend")),
                *(pool.submit(self._spoil, simulator) for simulator in self._simulators),
            ]
            try:
                self._kill_while_they_come(visits)
            finally:
                for _ in clerks:
                    self._visits.put(None)
                failures = [clerk.exception() for clerk in clerks]
                for _ in callers:
                    self._to_call.put(None)
                failures += [caller.exception() for caller in callers]
                self._to_cancel.put(None)
                self._over.set()
            for failure in [*failures, *(other.exception() for other in others)]:
                if failure:
                    raise failure
        return self._compare_when_settled(visits)

    def _rng(self, purpose):
        return random.Random(f"{self._seed} {purpose}")

    def _desk(self, name):
        return Desk(self._odoos, self._klinik.database, self._rng(f"desk {name}"))

    # What people do

    def _all_visits(self, rng):
        """Every patient in every poli, on one day after the other."""
        patients = self._klinik.pasien(PATIENTS)
        rooms = self._klinik.petugas.call(
            "antrean.ruangan", "search", [["kd_poli_pcare", "!=", False]]
        )
        for days in count(1):  # from tomorrow on: the day may end meanwhile
            tanggal = (datetime.now(WIB) + timedelta(days=days)).date().isoformat()
            visits = [(patient, room, tanggal) for patient in patients for room in rooms]
            rng.shuffle(visits)
            yield from visits

    def _register(self, desk):
        while visit := self._visits.get():
            antrean_id = desk.register(visit)
            self._registered.append(antrean_id)
            if desk.rng.random() < CANCELLED:
                self._to_cancel.put(antrean_id)
            elif desk.rng.random() < CALLED:
                self._to_call.put(antrean_id)

    def _call(self, desk):
        """Call some at once, maybe before BPJS has them. BPJS lets nobody be cancelled who came."""
        while antrean_id := self._to_call.get():
            self._over.wait(desk.rng.choice((0, 1)))
            desk.panggil(antrean_id)
            self._figures["called"] += 1
            if desk.rng.random() < ABSENT:
                self._over.wait(desk.rng.choice((0, 1)))
                desk.tidak_hadir(antrean_id)
                self._figures["absent"] += 1
                self._see_to_absent(desk, antrean_id)

    def _see_to_absent(self, desk, antrean_id):
        next_act = desk.rng.choice(("call", "call", "cancel", "nothing"))
        if next_act == "call":
            desk.panggil(antrean_id)
            self._figures["called again"] += 1
        elif next_act == "cancel":
            self._to_cancel.put(antrean_id)

    def _cancel(self, desk):
        while antrean_id := self._to_cancel.get():
            self._over.wait(desk.rng.uniform(0, 5))
            desk.cancel(antrean_id)
            self._figures["cancelled"] += 1

    def _resend(self, desk):
        while not self._over.wait(desk.rng.uniform(0, 0.5)):
            if self._registered:
                recent = self._registered[-50:]
                self._press_resend(desk, desk.rng.choice(recent))

    def _press_resend(self, desk, antrean_id):
        try:
            status = desk.user.resend(antrean_id)
        except requests.RequestException:
            status = "no answer"
        self._figures["resend pressed"] += 1
        self._figures[f"resend: {status}"] += 1

    # What goes wrong

    def _spoil(self, simulator):
        """Arrange the fate of the service's next calls, and of those after them, to the end."""
        rng = self._rng(f"faults of {simulator.service}")
        while not self._over.wait(0.1):
            try:
                if simulator.spoilt() < AHEAD:
                    self._spoil_one_more(simulator, rng)
            except requests.ConnectionError:
                pass  # it refuses connections at the moment
        simulator.be_well()

    def _spoil_one_more(self, simulator, rng):
        [fault] = rng.choices(list(FAULTS), FAULTS.values())
        well = rng.randint(*WELL)
        methods = ["GET"] if rng.random() < SPOIL_LOOKUP else ["POST", "DELETE"]
        if well:
            simulator.spoil("delay", seconds=0.001, times=well)  # no fault at all
        if fault == "refuse":
            simulator.spoil(fault, seconds=REFUSING)
        elif fault == "delay":
            simulator.spoil(fault, seconds=rng.uniform(*DELAYS), methods=methods)
        else:
            simulator.spoil(fault, methods=methods)
        self._figures["faults arranged"] += 1

    def _kill_while_they_come(self, visits):
        """As many times as asked for: some visits come, and a moment later something is killed."""
        rng = self._rng("kills")
        ends = [n * len(visits) // self._kills for n in range(self._kills + 1)]
        for start, end in pairwise(ends):
            for visit in visits[start:end]:
                self._visits.put(visit)
            time.sleep(rng.uniform(0, 2))
            if self._kills_postgres and rng.random() < POSTGRES_SHARE:
                self._kill_postgres(rng)
            else:
                self._kill_odoo(rng.choice(self._odoos))
            self._print_progress()

    def _kill_odoo(self, odoo):
        odoo.kill()
        self._figures["kills of Odoo"] += 1
        odoo.start()

    def _kill_postgres(self, rng):
        """PostgreSQL ends every other process of the server and recovers from its log.

        Odoo's threads for scheduled actions end, too, when they find no server in that moment:
        whatever starts Odoo at a clinic has to start it anew, and so it is done here.
        """
        with closing(psycopg2.connect(dbname=self._klinik.database)) as witness:
            witness.autocommit = True
            pids = [pid for (pid,) in self._klinik.sql(BACKENDS)]
            os.kill(rng.choice(pids), signal.SIGKILL)
            self._figures["kills of PostgreSQL"] += 1
            self._wait_until(lambda: not self._answers(witness))
        self._wait_until(self._postgres_answers)
        for odoo in self._odoos:
            self._kill_odoo(odoo)

    @staticmethod
    def _wait_until(is_so):
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL does not end, or does not come back")
            time.sleep(0.1)

    @staticmethod
    def _answers(connection):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.Error:
            return False
        return True

    def _postgres_answers(self):
        try:
            return self._klinik.sql("SELECT 1")
        except psycopg2.OperationalError:
            return False

    # What has become of it

    def _compare_when_settled(self, visits):
        self._settle()
        failed = self._klinik.sql(FAILED)
        self._figures["failed until resent"] = len(failed)
        desk = self._desk("the end")
        for antrean_id, is_cancelled in failed:
            if is_cancelled:
                desk.user.call("antrean.antrean", "action_kirim_ulang_batal", [antrean_id])
            else:
                self._press_resend(desk, antrean_id)
        self._settle()
        return self._compare(visits)

    def _settle(self):
        """Wait until nothing is open; what Odoo would look at in a minute it looks at now."""
        deadline = time.monotonic() + STUCK
        while self._klinik.sql(OPEN) and time.monotonic() < deadline:
            self._klinik.sql(END_PAUSES)
            self._klinik.sql(WAKE)
            sql("postgres", f"NOTIFY cron_trigger, '{self._klinik.database}'")
            self._print_progress()
            time.sleep(1)

    def _compare(self, visits):
        wrong = {name: set() for name in MUST_BE_ZERO}
        wrong["stuck"] = {antrean_id for (antrean_id,) in self._klinik.sql(OPEN)}
        wrong["failed"] = {antrean_id for antrean_id, _is_cancelled in self._klinik.sql(FAILED)}
        pcare, antrean = self._pcare.visits(), self._antrean.visits()
        statuses = self._antrean.visits("status")
        rows = self._klinik.sql(ENTRIES)
        for antrean_id, is_cancelled, last_call, *visit, no_urut, state_p, nomor, state_a in rows:
            key = tuple(visit)
            if last_call and not is_cancelled and statuses[key] not in ([], [last_call]):
                wrong["not called"].add(antrean_id)
            for booked, number, state in (
                (pcare[key], no_urut, state_p),
                (antrean[key], nomor, state_a),
            ):
                if len(booked) > 1:
                    wrong["doubled"].add(antrean_id)
                if is_cancelled and booked:
                    wrong["alive"].add(antrean_id)
                if not is_cancelled and state != "failed" and not booked:
                    wrong["lost"].add(antrean_id)
                if not is_cancelled and state == "success" and number not in booked:
                    wrong["false OK"].add(antrean_id)
        once = Counter(tuple(row[3:6]) for row in rows)
        wrong["doubled"] |= {row[0] for row in rows if once[tuple(row[3:6])] > 1}
        if len(once) != len(visits):
            raise AssertionError(f"{len(visits)} visits, entries for {len(once)}")
        self._figures["entries"] = len(rows)
        self._figures["calls"] = sum(simulator.calls() for simulator in self._simulators)
        return {name: ids for name, ids in wrong.items() if ids}

    # What is told

    def _print_progress(self):
        if time.monotonic() - self._printed > 5:
            self._printed = time.monotonic()
            waiting = len(self._klinik.sql(OPEN))
            print(f"{len(self._registered)} entries, {waiting} jobs open, {self}", flush=True)

    def __str__(self):
        return ", ".join(f"{name} {n}" for name, n in sorted(self._figures.items()))

    def history(self, antrean_id):
        """What was done for an entry: each job with its attempts."""
        lines = [f"entry {antrean_id}"]
        for job in self._klinik.sql(JOBS, antrean_id):
            lines.append("  " + " | ".join(map(str, job)))
            for attempt in self._klinik.sql(ATTEMPTS, job[0]):
                lines.append("    " + " | ".join(map(str, attempt)))
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--entries", type=int, required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--kill-postgres", action="store_true", help="the server is ours to kill")
    asked = parser.parse_args()
    logs = Path(os.environ["ODOO_CONF"]).parent
    start = time.monotonic()
    with ExitStack() as up:
        simulators = [
            up.enter_context(Simulator(service).running()) for service in Simulator.BOOKED
        ]
        database = up.enter_context(demo_clinic("chaos", simulators))
        odoos = [
            up.enter_context(Odoo(database, logs / f"chaos-odoo-{n}.log").running()) for n in (1, 2)
        ]
        klinik = Klinik(odoos[0].url, database)
        campaign = Campaign(
            klinik, odoos, simulators, asked.seed, asked.entries, asked.kills, asked.kill_postgres
        )
        wrong = campaign.run()
        for name, ids in wrong.items():
            print(f"\n{name}:", *map(campaign.history, sorted(ids)), sep="\n")
        print(f"\n{campaign}\nseed {asked.seed}, {time.monotonic() - start:.0f} s")
        print(*(f"{name} {len(wrong.get(name, ()))}" for name in MUST_BE_ZERO), sep=", ")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
