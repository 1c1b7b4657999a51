"""What each way to BPJS costs: straight, through a proxy, through an integration engine (SOAP)."""

import time
from contextlib import closing, nullcontext
from datetime import date
from statistics import median

from bench import contenders
from bench.clinic import backlog, drain, simulators
from bench.report import Section, percentile_95, spread
from bpjs.client import Client, Credentials
from bpjs.services import SERVICES
from bpjs.ways.http import DIRECT, Proxy
from bpjs.ways.soap import Engine
from simulator.tests.caller import ACCOUNT, CONS_ID, SECRET, USER_KEYS
from system_tests.programs import Relay, sql

ENTRIES = 300  # of two jobs each
CALLS = 500  # one after the other
WARM_UP = 20  # calls before: connections, the WSDL
AT_ONCE = 16
NAMES = {"": "straight", "proxy": "through a proxy", "soap": "through an engine (SOAP)"}
WAYS = {"proxy": Proxy, "soap": Engine}

HOW = """\
{jobs:,} jobs on each way, {at_once} at once, and a BPJS that answers at once. CPU is that of Odoo
alone: building and reading SOAP counts, proxy and engine themselves do not. The delay is that of
{calls} calls one after the other by the addon's client, without Odoo. It contains what the
simulator's proxy and engine need, which open a connection to BPJS for each call; those of a clinic
will need another time."""


def measure(scale, runs):
    entries, calls = (max(1, round(each * scale)) for each in (ENTRIES, CALLS))
    drains, delays = {}, {}
    with simulators() as services:
        for name in NAMES:
            with Relay(name, services).running() if name else nullcontext() as relay:
                drains[name] = work_off(services, relay, entries, runs)
                delays[name] = call(services[0], name, relay, calls)
    return section(drains, delays, entries, calls)


def work_off(services, relay, entries, runs):
    """Have the addon work off a backlog so many times on one way."""
    ours = contenders.addon()
    with backlog("bench", services, entries, ours, AT_ONCE) as database:
        for column, value in (relay.settings if relay else {}).items():
            sql(database, f"UPDATE bpjs_faskes SET {column} = %s", value)
        drains = [drain(database, ours, services, 0) for _ in range(runs)]
    if relay and not relay.calls("POST"):
        raise AssertionError(f"nothing has come by the {relay.service}")
    return drains


def call(service, name, relay, count):
    """Milliseconds that each of so many calls took."""
    kode = service.service
    account = Credentials(CONS_ID, SECRET, USER_KEYS[kode], *ACCOUNT.split(":"))
    request, took = SERVICES[kode].probe(date.today()), []
    with closing(Client(kode, service.base_url, account, way=way(name, relay))) as client:
        for _ in range(WARM_UP + count):
            start = time.perf_counter()
            client.send(request)
            took.append(1000 * (time.perf_counter() - start))
    return took[WARM_UP:]


def way(name, relay):
    if not name:
        return DIRECT
    settings = relay.settings
    return WAYS[name](
        settings["jalur_alamat"],
        settings["jalur_username"] or "",
        settings["jalur_password"] or "",
    )


def section(drains, delays, entries, calls):
    cpu = {name: median(each.cpu_ms_a_job for each in runs) for name, runs in drains.items()}
    straight = median(delays[""])
    return Section(
        "What each way costs",
        HOW.format(jobs=2 * entries, at_once=AT_ONCE, calls=calls),
        (
            *("way", "jobs/s", "CPU ms a job", "times straight"),
            *("call, median ms", "95 of 100 within ms", "added ms"),
        ),
        [
            [
                title,
                spread(each.jobs_a_second for each in drains[name]),
                spread(each.cpu_ms_a_job for each in drains[name]),
                f"{cpu[name] / cpu['']:.2f}",
                f"{median(delays[name]):.1f}",
                f"{percentile_95(delays[name]):.1f}",
                f"{median(delays[name]) - straight:.1f}",
            ]
            for name, title in NAMES.items()
        ],
        [],
    )
