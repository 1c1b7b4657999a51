"""What Mobile JKN costs: the clinic's own web service, one call at a time and fifty at once."""

import re
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from statistics import median
from threading import Barrier

import requests

from bench.clinic import LATER, LOGS, Server, simulators
from bench.desk import register_in_turns
from bench.report import Goal, Section, percentile_95, spread
from simulator.book import WIB
from simulator.tests.caller import card, nik
from system_tests.bpjs import Bpjs
from system_tests.klinik import Klinik
from system_tests.programs import demo_clinic, sql

CALLS = 60  # of each service, one at a time
AT_ONCE = 50
REGISTRATIONS = 20  # at the desk, for comparison
FIRST_CARD = 1001
SERVICES = ("auth", "status", "ambil")
EMPTY = "/web/webclient/version_info"  # does nothing but answer with JSON
LOGGED = r"{} HTTP/1.1\" 200 - (?:\d+) (\d+\.\d+) (\d+\.\d+)"
PATHS = {
    "auth": "/auth",
    "status": r"/v2/antrean/status/\S*",
    "ambil": "/v2/antrean",
    "empty": re.escape(EMPTY),
}

HOW = """\
BPJS made of its catalogue calls the demo clinic. One at a time: the server's own time, as Odoo logs
it, in turns with an empty JSON route of Odoo, and beside a registration at the desk. {at_once} at
once: the time until the caller has the answer, where all ask for a token, then all look at the
queue, then all book. The engine is at work."""


def measure(scale, runs):
    calls, at_once = (max(2, round(each * scale)) for each in (CALLS, AT_ONCE))
    with ExitStack() as up:
        services = up.enter_context(simulators())
        database = up.enter_context(demo_clinic("bench", services))
        sql(database, LATER)
        sql(database, "UPDATE antrean_jadwal SET kapasitas = 0")
        logs = [LOGS / f"mobile_jkn{n}.log" for n in (1, 2)]
        for log in logs:
            log.unlink(missing_ok=True)
        first = up.enter_context(Server(database, logs[0]).running())
        klinik = Klinik(first.url, database)
        bpjs = klinik.mobile_jkn()
        people = [(card(n), nik(n)) for n in range(FIRST_CARD, FIRST_CARD + max(calls, at_once))]
        klinik.pasien_of(range(FIRST_CARD, FIRST_CARD + len(people)))
        klinik.sql("UPDATE res_partner SET no_rekam_medis = 'RM' || id")  # given at the first visit
        desk, _without = register_in_turns(klinik, max(2, round(REGISTRATIONS * scale)), logs[0])
        alone = one_at_a_time(bpjs, first, people[:calls])
        server = {name: logged(logs[0], path) for name, path in PATHS.items()}
        crowds = {1: crowd([bpjs], people[:at_once], days=2)}
        second = up.enter_context(Server(database, logs[1]).running())
        other = klinik.mobile_jkn()  # another password, for both
        both = [other, Bpjs(second.url + other.path, other.username, other.password)]
        both[1].status("001", day(3))  # fills the caches
        crowds[2] = crowd(both, people[:at_once], days=3)
    return section(calls, at_once, desk, alone, server, crowds)


def section(calls, at_once, desk, alone, server, crowds):
    rows = [
        ["empty JSON route, server", spread(server["empty"]), ""],
        ["registration at the desk, server", spread(desk), ""],
        *([f"`{name}`, server", spread(server[name]), ""] for name in SERVICES),
    ]
    goals = [
        Goal("`status` against an empty JSON route", ratio(server, "status", "empty"), at_most=2),
        Goal(
            "`ambil` against a registration at the desk",
            median(server["ambil"]) / median(desk),
            at_most=1.5,
        ),
    ]
    for processes, (times, refused, seconds) in crowds.items():
        for name in SERVICES:
            p95 = percentile_95(times[name])
            rows.append(
                [
                    f"`{name}`, {at_once} at once, {processes} Odoo",
                    f"{median(times[name]):.0f}",
                    f"{p95:.0f}",
                ]
            )
            goals.append(
                Goal(
                    f"95th percentile of `{name}`, {processes} Odoo, against one at a time",
                    p95 / median(alone[name]),
                    at_most=50,
                )
            )
        rate = len(times["ambil"]) / seconds
        rows.append([f"bookings a second, {processes} Odoo", f"{rate:.1f}", ""])
        goals.append(Goal(f"refused for load, {processes} Odoo", refused, at_most=0))
    return Section(
        "Mobile JKN", HOW.format(at_once=at_once), ("what", "ms", "95th percentile"), rows, goals
    )


def ratio(times, one, other):
    return median(times[one]) / median(times[other])


def one_at_a_time(bpjs, server, people):
    """Return the milliseconds until the caller has each answer."""
    times = defaultdict(list)
    with requests.Session() as session:
        for who in people:
            session.post(server.url + EMPTY, json={}, timeout=60).raise_for_status()
            visit(bpjs, who, day(1), times)
    return times


def visit(bpjs, who, tanggal, times, all_together=lambda: None):
    """Do what the app does for a member who books; return how often it was refused."""
    steps = {
        "auth": lambda: bpjs.auth() and (200, "Ok", None),
        "status": lambda: bpjs.status("001", tanggal),
        "ambil": lambda: bpjs.ambil(*who, "001", tanggal),
    }
    refused = 0
    for name, step in steps.items():
        all_together()
        begun = time.monotonic()
        try:
            code = step()[0]
        except (AssertionError, ValueError, requests.RequestException):
            code = 0
        times[name].append(1000 * (time.monotonic() - begun))
        refused += code != 200
    return refused


def crowd(callers, people, days):
    """Return milliseconds by service, how many were refused, and the seconds that all bookings
    took.
    """
    times = defaultdict(list)

    def come(turn):
        number, who = turn
        caller = callers[number % len(callers)]
        own = Bpjs(caller.url, caller.username, caller.password)
        with own.session:
            return visit(own, who, day(days), times, start.wait)

    start = Barrier(len(people))
    with ThreadPoolExecutor(len(people)) as pool:
        refused = sum(pool.map(come, enumerate(people)))
    return times, refused, max(times["ambil"]) / 1000


def day(days):
    return (datetime.now(WIB) + timedelta(days=days)).date().isoformat()


def logged(log, path):
    """Return the milliseconds that the server took for each call but the first, which fills
    caches."""
    found = re.findall(LOGGED.format(path), log.read_text())
    return [1000 * (float(in_sql) + float(rest)) for in_sql, rest in found][1:]
