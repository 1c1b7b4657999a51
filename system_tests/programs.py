"""The whole system's parts: Odoo and BPJS's simulator as processes, a database in PostgreSQL."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg2
import requests

from dev import processes, ways
from simulator.book import CALL
from simulator.reference import POLI
from simulator.tests.caller import BASES, Caller

CHECKOUT = Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
LISTENS = re.compile(r"(http://[^/\s]+:(\d+))")


class Program:
    """A process that can be ended and started again at the same address."""

    def start(self):
        with ExitStack() as running:
            self._start(running)
            self._running = running.pop_all()

    def stop(self):
        self._running.close()

    @contextmanager
    def running(self):
        self.start()
        try:
            yield self
        finally:
            self.stop()


class Odoo(Program):
    """A server that works on a database: web requests and two threads of scheduled actions, unless
    the command line's options say otherwise."""

    def __init__(self, database, log, *options, **environment):
        self._database = database
        self._log = log
        self._options, self._environment = options, environment
        with socket.create_server((ADDRESS, 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://{ADDRESS}:{self._port}"

    def _start(self, running):
        options = ["-c", os.environ["ODOO_CONF"], "-d", self._database, "-p", str(self._port)]
        command = [sys.executable, os.environ["ODOO_BIN"], *options, *self._options]
        output = running.enter_context(self._log.open("ab"))
        environment = {**os.environ, **self._environment}
        self._process = running.enter_context(
            processes.service(command, stdout=output, stderr=output, env=environment)
        )
        failure = f"Odoo did not start: see {self._log}"
        processes.wait_until(self._answers, self._process, 60, failure)

    def _answers(self):
        try:
            return requests.get(f"{self.url}/web/login", timeout=60).ok
        except requests.ConnectionError:
            return False

    @property
    def pid(self):
        return self._process.pid

    def reload(self):
        """Have it start anew by itself, and wait until it answers again."""
        before = self._starts()
        self._process.send_signal(signal.SIGHUP)
        failure = f"Odoo did not come back: see {self._log}"
        processes.wait_until(
            lambda: self._starts() > before and self._answers(), self._process, 60, failure
        )

    def log_text(self):
        return self._log.read_text()

    def _starts(self):
        return self.log_text().count("HTTP service (werkzeug) running")

    def kill(self):
        """kill -9: nothing is tidied up, no answer under way is read."""
        self._process.kill()
        self.stop()


class Simulated(Program):
    """A part that the simulator plays, in a process of its own."""

    service = ""  # as faults and calls name it

    def __init__(self):
        self._ports = [0]

    def _options(self):
        """The simulator's, by its ports."""
        return ["--port", str(self._ports[0])]

    def _start(self, running):
        command = [sys.executable, "-m", "simulator", *self._options()]
        process = running.enter_context(
            processes.service(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        )
        output = running.enter_context(process.stdout)
        lines = [output.readline() for _port in self._ports]
        urls, self._ports = zip(*(LISTENS.search(line).groups() for line in lines), strict=True)
        self._caller = Caller(urls[0])
        running.enter_context(self._caller.session)
        return urls

    def set(self, **settings):
        """Change how it behaves: simulator/README.md."""
        self._caller.control("POST", "settings", settings)

    def spoil(self, fault, **details):
        """Let the next calls meet a fault, after those that are to meet one already."""
        self._caller.fault(self.service, fault, **details)

    def spoilt(self, about_somebody=False):
        """How many calls are still to meet a fault: anybody's, or those about somebody named."""
        faults = self._caller.control("GET", "faults")["faults"]
        return sum(
            fault["times"] or 0 for fault in faults if bool(fault["about"]) == about_somebody
        )

    def be_well(self):
        """Forget the faults that were to come."""
        self._caller.control("DELETE", "faults")

    def calls(self, method=""):
        """How many have come in, answered or not."""
        calls = self._caller.book()["calls"]
        return sum(n for call, n in calls.items() if call.startswith(f"{self.service} {method}"))


class Simulator(Simulated):
    """One of BPJS's two services.

    PCare books whatever is sent, even twice, so that a request sent again blindly shows. Antrean
    FKTP refuses the second of a patient, poli and day: it has no list to look one up in.
    """

    BOOKED = {"pcare": ("pendaftaran", "noUrut"), "antrean_fktp": ("antrean", "nomorantrean")}

    def __init__(self, service):
        super().__init__()
        self.service = service

    def _start(self, running):
        [url] = super()._start(running)
        self.base_url = url + BASES[self.service]
        self.reset()

    @contextmanager
    def switched_off(self):
        """Nothing listens at its address while the block lasts; then it holds nothing."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def reset(self):
        self._caller.control("POST", "reset")
        self.set(detect_duplicates=self.service != "pcare")

    def answer_after(self, seconds):
        """Take so long for every call; its effect comes then, too."""
        self.set(latency_ms=1000 * seconds)

    def lose(self, fault, times=1):
        """Close the connection of the next POSTs without an answer."""
        self.spoil(fault, times=times, methods=["POST"])

    def posts(self):
        """How many POSTs have come in, answered or not."""
        return self.calls("POST")

    def held(self):
        """Sorted (card, number) of what is booked: booked twice, a card is there twice."""
        name, number = self.BOOKED[self.service]
        return sorted((row["noKartu"], row[number]) for row in self._caller.book()[name])

    def type_in(self, **visit):
        """Somebody registers a visit in PCare by hand."""
        self._caller.control("POST", "pendaftaran", visit)

    def add_poli(self, kode, name):
        self._caller.control("POST", "reference", {"poli": POLI | {kode: name}})

    def booked_by_phone(self, no_kartu, kd_poli, tanggal, nomorantrean):
        """BPJS keeps what the clinic has given a member."""
        visit = {"no_kartu": no_kartu, "kd_poli": kd_poli, "tanggal": tanggal}
        self._caller.control("POST", "antrean", visit | {"nomorantrean": nomorantrean})

    def has_visit(self, *visit):
        """Whether BPJS has this card, poli and day in its queue."""
        return visit in [
            (row["noKartu"], row["kdPoli"], row["tanggal"])
            for row in self._caller.book()["antrean"]
            if row["status"] != "batal"
        ]

    def app(self, act, **asked):
        """Somebody does something in Mobile JKN; returns what the clinic says of it."""
        return self._caller.app(act, asked)

    def from_clinic(self):
        """What the clinic has booked and not cancelled, row by row."""
        name, _number = self.BOOKED[self.service]
        rows = self._caller.book()[name]
        return [row for row in rows if row["asal"] == CALL and row["status"] != "batal"]


class Relay(Simulated):
    """What stands between a clinic and both of its services, as `dev/ways.py` names it."""

    def __init__(self, name, services):
        super().__init__()
        self._way = ways.WAYS[name]
        self.service = self._way.name
        self._base_urls = {each.service: each.base_url for each in services}
        self._ports = [0, 0]

    def _options(self):
        return [*super()._options(), self._way.option, str(self._ports[1])]

    def _start(self, running):
        _bpjs, url = super()._start(running)
        self.set(pcare_url=self._base_urls["pcare"], antrean_url=self._base_urls["antrean_fktp"])
        self.settings = self._way.settings(url)  # of the facility


@contextmanager
def copied_database(suffix, of=None):
    """The name of a copy of a database, by default of the one that DATABASE names; it is dropped in
    the end."""
    template = of or os.environ["DATABASE"]
    name = f"{template}_{suffix}"
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    sql("postgres", drop)
    sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield name
    finally:
        sql("postgres", drop)


@contextmanager
def demo_clinic(suffix, simulators):
    """A database of the demo clinic with nobody in its queue and its account at the simulators."""
    with copied_database(suffix) as name:
        sql(name, "TRUNCATE antrean_antrean CASCADE")
        for simulator in simulators:
            redirect = "UPDATE bpjs_layanan SET base_url = %s WHERE kode = %s"
            sql(name, redirect, simulator.base_url, simulator.service)
        yield name


def sql(database, statement, *values):
    """The rows that one statement, a transaction of its own, returns."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
