"""A clinic of 20 visits beside one that BPJS always answers oddly, against the same without it."""

import time
from statistics import median

from bench import contenders
from bench.clinic import DOWN, LATER, PROBE, fill, serving, simulators, wake
from bench.report import Goal, Section, spread
from system_tests.programs import copied_database, demo_clinic, sql

OTHERS = 20  # visits, whatever the scale: fewer are done before anything odd shows
LATENCY = 0.3  # seconds that BPJS takes for each call

HOW = """\
{others} visits wait, and one more that PCare answers oddly, each of its calls. The settings are
those of a new installation, and BPJS takes {latency:.0f} ms for each call. The time runs until the
last of the others is green on both badges."""

ODD = {  # how PCare answers the odd visit: the simulator's fault, and which calls it meets
    "looks its member up with 500": ("html_500", {"path": "/peserta/*"}),
    "says 500 to its registration": ("html_500", {"methods": ["POST"]}),
    "rejects it by a firewall's page": ("firewall_403", {"methods": ["POST"]}),
    "has a stray 404 for it": ("html_404", {"methods": ["POST"]}),
    "says that too many calls came": ("limits_exceeded", {"methods": ["POST"]}),
    "closes its connections": ("drop_before", {}),
    "sends it a byte a second": ("slow_headers", {"seconds": 1}),
}
# The odd one is the first that is due, and its clinic is asked for. The others are of others.
FIRST = "SELECT id, pasien_id FROM antrean_antrean WHERE tanggal > current_date ORDER BY id LIMIT 1"
ONLY_THESE = f"""
    WITH odd AS ({FIRST}), others AS (
        SELECT id FROM antrean_antrean
         WHERE tanggal > current_date AND pasien_id NOT IN (SELECT pasien_id FROM odd)
         ORDER BY id LIMIT {OTHERS})
    DELETE FROM bpjs_job
     WHERE antrean_id NOT IN (SELECT id FROM odd UNION SELECT id FROM others)
"""
NO_CLINIC = (
    "UPDATE res_partner SET kd_provider_peserta = NULL WHERE id = %s RETURNING no_kartu_bpjs"
)
WAITING = "SELECT count(*) FROM bpjs_job WHERE state != 'success' AND antrean_id != %s"


def measure(scale, runs):
    seconds = {}
    with simulators() as services, demo_clinic("bench", services) as database:
        sql(database, LATER)
        sql(database, DOWN)
        fill(database, 2 * OTHERS)
        sql(database, ONLY_THESE)
        for how in (None, *ODD):
            seconds[how] = [drain(database, services, how) for _ in range(runs)]
    without = median(seconds[None])
    return Section(
        "One odd visit",
        HOW.format(others=OTHERS, latency=1000 * LATENCY),
        ("PCare", "s until the others are done"),
        [[how or "answers it as the others", spread(each, 2)] for how, each in seconds.items()],
        [
            Goal(f"PCare {how}: times as long", median(seconds[how]) / without, at_most=1.2)
            for how in ODD
        ],
    )


def drain(database, services, how):
    pcare, _antrean = services
    for service in services:
        service.reset()
        service.answer_after(LATENCY)
    with copied_database("run", of=database) as copy:
        [(odd, patient)] = sql(copy, FIRST)
        [(card,)] = sql(copy, NO_CLINIC, patient)
        if how:
            fault, where = ODD[how]
            pcare.spoil(fault, times=None, about=card, **where)
        with serving(copy, contenders.addon()):
            sql(copy, PROBE)
            wake(copy, "BPJS: send")
            start = time.monotonic()
            while sql(copy, WAITING, odd) != [(0,)]:
                time.sleep(0.02)
            return time.monotonic() - start
