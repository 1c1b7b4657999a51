"""From saving a registration until BPJS has the request, and until the badges are green."""

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bench import contenders
from bench.clinic import LATER, LOGS, Server
from bench.report import Goal, Section, percentile_95
from dev import processes
from simulator.app import App
from simulator.server import Server as SimulatorServer
from simulator.tests.caller import BASES
from system_tests.klinik import Klinik, User
from system_tests.programs import demo_clinic, sql

ONE_BY_ONE, AT_ONCE = 39, 20  # registrations
PAUSE_SECONDS = 0.5  # between two that come one by one
BOARD = Path(__file__).with_name("board.py")
COMMITTED = re.compile(r"committed (\d+) at (\d+\.\d+)")

HOW = """\
BPJS answers at once, the settings are those of a new installation. The time begins when the
registration's transaction is committed (an addon of the bench logs that) and ends when the
simulator has read the request, or when both badges of the card are green in Chromium, in the
first frame that shows it. One by one: a registration each half second; at once: {at_once} people
press Save at the same moment."""


@dataclass(frozen=True)
class Endpoint:
    service: str
    base_url: str


class TimedApp(App):
    """The simulator, keeping when it had read which request."""

    def __init__(self, refuse):
        super().__init__(refuse)
        self.came_in = {}  # (card, path): when

    def __call__(self, call):
        if card := re.search(rb'"(?:noKartu|nomorkartu)": "(\d+)"', call.body):
            self.came_in.setdefault((card[1].decode(), call.path), time.time())
        return super().__call__(call)


class Clock:
    """Both services of BPJS in this process, to see when a request has come in."""

    def __init__(self):
        self._server = SimulatorServer("127.0.0.1", 0)
        self._server.app = TimedApp(self._server.refuse)
        self.came_in = self._server.app.came_in
        self.endpoints = [Endpoint(name, self._server.url + base) for name, base in BASES.items()]

    @contextmanager
    def running(self):
        self._server.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def measure(scale, runs):
    one_by_one, at_once = (max(2, round(each * scale)) for each in (ONE_BY_ONE, AT_ONCE))
    clocked = contenders.clocked()
    log = LOGS / "latency.log"
    log.unlink(missing_ok=True)
    with Clock().running() as clock, demo_clinic("bench", clock.endpoints) as database:
        clocked.prepare(database)
        sql(database, LATER)
        with Server(database, log, *clocked.options, **clocked.environment).running() as server:
            klinik = Klinik(server.url, database)
            singles, seen = register_one_by_one(klinik, one_by_one)
            together = register_at_once(klinik, at_once)
        committed = {int(id): float(at) for id, at in COMMITTED.findall(log.read_text())}
        sent = {
            name: [
                1000 * (at - committed[id])
                for id in ids
                for (card, _path), at in clock.came_in.items()
                if card == cards(database)[id]
            ]
            for name, ids in (("one by one", singles), (f"{at_once} at once", together))
        }
        green = [1000 * (seen[number] - committed[id]) for id, number in numbers(database, singles)]
    return section(sent, green, at_once)


def register_one_by_one(klinik, count):
    """Return the entries' ids and when each queue number had both badges green on a board."""
    first, *patients = klinik.pasien(1 + count)
    with watching_board(klinik, count) as board:
        expect(board, "open")
        klinik.petugas.daftarkan([first])
        expect(board, "ready")
        ids = []
        for patient in patients:
            ids += klinik.petugas.daftarkan([patient])
            time.sleep(PAUSE_SECONDS)
        output, _ = board.communicate(timeout=120)
    return ids, {number: ms / 1000 for number, ms in json.loads(output).items()}


@contextmanager
def watching_board(klinik, count):
    """A browser on the board, as another process, that ends when so many cards are green."""
    plan = {
        "odoo": klinik.url,
        "chromium": os.environ["CHROMIUM"],
        "login": "admin",
        "password": "admin",
        "count": count,
    }
    command = [os.environ["BROWSER_PYTHON"], BOARD, json.dumps(plan)]
    with processes.service(command, stdout=subprocess.PIPE, text=True) as board:
        yield board


def expect(board, word):
    if board.stdout.readline() != f"{word}\n":
        raise RuntimeError(f"The browser's board does not become {word}")


def register_at_once(klinik, count):
    users = [User(klinik.url, klinik.database, "contoh_petugas") for _ in range(count)]
    patients = klinik.pasien(count)
    with ThreadPoolExecutor(count) as pool:
        saves = [
            pool.submit(partial(user.daftarkan, [patient]))
            for user, patient in zip(users, patients, strict=True)
        ]
        ids = [id for save in saves for id in save.result()]
    klinik.wait_until_ok(ids)
    return ids


def cards(database):
    return dict(
        sql(
            database,
            """
            SELECT antrean.id, pasien.no_kartu_bpjs
              FROM antrean_antrean antrean JOIN res_partner pasien ON pasien.id = antrean.pasien_id
            """,
        )
    )


def numbers(database, ids):
    return sql(database, "SELECT id, nomor_antrean FROM antrean_antrean WHERE id = ANY(%s)", ids)


def section(sent, green, at_once):
    rows = [[f"BPJS has the request, {name}", *figures(times)] for name, times in sent.items()]
    single, together = sent.values()
    return Section(
        "From saving to BPJS and back",
        HOW.format(at_once=at_once),
        ("until", "median ms", "95 of 100 within ms", "longest ms"),
        [*rows, ["both badges green in the browser, one by one", *figures(green)]],
        [
            Goal("one by one, median", median(single), at_most=50, unit=" ms"),
            Goal("one by one, 95 of 100", percentile_95(single), at_most=150, unit=" ms"),
            Goal(f"{at_once} at once, median", median(together), at_most=50, unit=" ms"),
            Goal(f"{at_once} at once, 95 of 100", percentile_95(together), at_most=150, unit=" ms"),
            Goal("green badges, median", median(green), at_most=600, unit=" ms"),
        ],
    )


def figures(times):
    return [f"{each:.0f}" for each in (median(times), percentile_95(times), max(times))]
