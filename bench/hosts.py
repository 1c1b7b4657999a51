"""Two servers on one database, and two clinics of which one has a slow or a broken BPJS."""

import time
from contextlib import ExitStack
from statistics import median

from bench import contenders
from bench.clinic import DOWN, LATER, PROBE, backlog, drain, fill, serving, simulators, wake
from bench.report import Goal, Section, spread
from system_tests.klinik import Klinik
from system_tests.programs import copied_database, demo_clinic, sql

ENTRIES = 1000  # of two jobs each
AT_ONCE = 64
LATENCY = 0.3  # seconds
NEIGHBOUR_ENTRIES = 200
SLOW_SECONDS = 5  # that the neighbour's BPJS takes for each call

HOW = """\
{jobs:,} jobs, {at_once} at once over both services and both servers, and the books compared as
above. Then two clinics in one database, {neighbour:,} jobs each, 16 at once each: how long the
second takes while the first clinic's BPJS is well, takes {slow} s for each call, or refuses
connections."""
WAITING = """
    SELECT count(*) FROM bpjs_job WHERE company_id = %s AND state != 'success'
"""


def measure(scale, runs):
    ours = contenders.addon()
    entries, few = (max(2, round(each * scale)) for each in (ENTRIES, NEIGHBOUR_ENTRIES))
    speeds = {}
    with simulators() as services:
        with backlog("bench", services, entries, ours, AT_ONCE) as database:
            for latency in (0, LATENCY):
                for hosts in (1, 2):
                    drains = [drain(database, ours, services, latency, hosts) for _ in range(runs)]
                    speeds[latency, hosts] = [each.jobs_a_second for each in drains]
        seconds = neighbours(services, few, runs)
    gain = {
        latency: median(speeds[latency, 2]) / median(speeds[latency, 1]) for latency in (0, LATENCY)
    }
    well, slow, broken = seconds.values()
    return Section(
        "Several servers, several clinics",
        HOW.format(jobs=2 * entries, at_once=AT_ONCE, neighbour=2 * few, slow=SLOW_SECONDS),
        ("what", "figure"),
        [
            *(
                [f"{hosts} server(s), {1000 * latency:.0f} ms a call: jobs/s", spread(each)]
                for (latency, hosts), each in speeds.items()
            ),
            *(
                [f"second clinic while the first's BPJS {how}: s", spread(each)]
                for how, each in seconds.items()
            ),
        ],
        [
            Goal("two servers against one, BPJS answers at once", gain[0], at_least=1),
            Goal(f"two servers against one, {1000 * LATENCY:.0f} ms", gain[LATENCY], at_least=1),
            Goal("beside a slow clinic against beside one that is well",
                 median(slow) / median(well), at_most=1.2),
            Goal("beside a broken clinic against beside one that is well",
                 median(broken) / median(well), at_most=1.2),
        ],
    )  # fmt: skip


def neighbours(services, entries, runs):
    """Return, by how the first clinic's BPJS is, the seconds that the second takes."""
    seconds = {}
    with simulators() as others, demo_clinic("bench", others) as database:
        sql(database, LATER)
        with serving(database, contenders.addon()) as server:
            demo = Klinik(server.url, database)
            company = demo.open_another("Klinik Kedua", services, "petugas_kedua").company
        sql(database, "UPDATE bpjs_layanan SET concurrency = 8")
        sql(database, DOWN)
        fill(database, entries)
        fill(database, entries, company)
        for how in ("is well", f"takes {SLOW_SECONDS} s", "refuses connections"):
            seconds[how] = [
                second_clinic(database, company, services, others, how) for _ in range(runs)
            ]
    return seconds


def second_clinic(database, company, services, others, how):
    ours = contenders.addon()
    for service in (*services, *others):
        service.reset()
        service.answer_after(LATENCY)
    with ExitStack() as up:
        for other in others:
            if how.startswith("takes"):
                other.answer_after(SLOW_SECONDS)
            elif how.startswith("refuses"):
                up.enter_context(other.switched_off())
        copy = up.enter_context(copied_database("run", of=database))
        up.enter_context(serving(copy, ours))
        sql(copy, PROBE)
        wake(copy, "BPJS: send")
        start = time.monotonic()
        while sql(copy, WAITING, company) != [(0,)]:
            time.sleep(0.05)
        return time.monotonic() - start
