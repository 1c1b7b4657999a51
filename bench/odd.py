"""One odd visit beside twenty others, which are done as fast as without it."""

import time
from statistics import median

from bench import contenders
from bench.clinic import DOWN, LATER, PATIENCE, PROBE, fill, serving, simulators, wake
from bench.report import Goal, Section, spread
from system_tests.programs import copied_database, demo_clinic, sql

VISITS = 20
LATENCY = 0.3  # seconds that BPJS takes for each call
POLIS = 3  # that a member is sent to by `fill`
POLL_SECONDS = 0.02

ALONE = "no odd visit"
# What is odd about one visit: the fault that each of its calls meets, at both services.
FAULTS = {
    "a firewall's page with 403": {"fault": "firewall_403"},
    "a firewall's page with 200": {"fault": "firewall_200"},
    "a stray page with 404": {"fault": "html_404"},
    "a page with 500": {"fault": "html_500"},
    "a data error with 500": {
        "fault": "say",
        "code": 500,
        "message": "kdPoli Tidak sesuai dengan referensi sistem.",
    },
    "a 412 that is a text": {
        "fault": "say",
        "code": 412,
        "message": "PRECONDITION_FAILED",
        "response": "Data tidak sesuai",
    },
    "the account is refused": {"fault": "not_registered"},
    "screening is missing": {"fault": "screening"},
    "the connection drops": {"fault": "drop_after"},
    "an answer after the time-out": {"fault": "delay_after", "seconds": 60},
    "headers, a byte a second": {"fault": "slow_headers", "seconds": 1},
    "a body, a byte a second": {"fault": "slow_body", "seconds": 1},
    "interim answers, one a second": {"fault": "interim", "count": 60, "seconds": 1},
    "a redirect with 300 MB": {"fault": "redirect"},
    "300 MB, compressed": {"fault": "huge", "gzipped": True},
    "look-ups with 500": {"fault": "html_500", "methods": ["GET"]},
}
BROKEN = "a job that cannot be read"

HOW = """\
{visits} visits wait when BPJS is back, with the settings of a new installation; it takes
{latency:.0f} ms for each call. Beside them, and before them in the queue, one visit waits whose
every call meets what the table says. The time runs until both services have the {visits}, and is
compared with that of the {visits} alone."""

# The first member's visits come first: one of them is the odd one, the others go.
ODD = "SELECT id FROM antrean_antrean ORDER BY id LIMIT 1"
OTHERS_OF_MEMBER = f"""
    WITH odd AS ({ODD}), gone AS (
        DELETE FROM bpjs_job USING antrean_antrean antrean
         WHERE antrean.id = antrean_id AND antrean.id NOT IN (SELECT id FROM odd)
           AND pasien_id IN (SELECT pasien_id FROM antrean_antrean JOIN odd USING (id))
        RETURNING antrean_id
    )
    DELETE FROM antrean_antrean WHERE id IN (SELECT antrean_id FROM gone)
"""
# PCare is to be asked where the member is registered.
FORGET = """
    UPDATE res_partner pasien SET kd_provider_peserta = NULL
      FROM antrean_antrean antrean WHERE antrean.pasien_id = pasien.id AND antrean.id = %s
    RETURNING no_kartu_bpjs
"""
BREAK = """
    UPDATE bpjs_job SET state = 'unknown', outcome = 'unknown', request = '"odd"'
     WHERE antrean_id = %s
"""
LEFT = "SELECT count(*) FROM bpjs_job WHERE antrean_id != %s AND state != 'success'"


def measure(scale, runs):
    visits = max(2, round(VISITS * scale))
    seconds = {}
    with simulators() as services, demo_clinic("bench", services) as database:
        sql(database, LATER)
        sql(database, DOWN)
        fill(database, visits + POLIS)
        sql(database, OTHERS_OF_MEMBER)
        for oddity in (ALONE, *FAULTS, BROKEN):
            seconds[oddity] = [time_others(database, services, oddity) for _ in range(runs)]
    return section(seconds, visits)


def time_others(database, services, oddity):
    """The seconds that the others take beside a visit that is odd in this way."""
    ours = contenders.addon()
    with copied_database("run", of=database) as copy:
        [(odd,)] = sql(copy, ODD)
        [(card,)] = sql(copy, FORGET, odd)
        for service in services:
            service.reset()
            service.answer_after(LATENCY)
            if oddity in FAULTS:
                service.spoil(**FAULTS[oddity], about=card, times=None)
        if oddity == ALONE:
            sql(copy, "DELETE FROM bpjs_job WHERE antrean_id = %s", odd)
        elif oddity == BROKEN:
            sql(copy, BREAK, odd)
        with serving(copy, ours):
            sql(copy, PROBE)
            wake(copy, ours.CRONS)
            return time_until_done(copy, odd)


def time_until_done(database, odd):
    start = time.monotonic()
    while sql(database, LEFT, odd) != [(0,)]:
        if time.monotonic() > start + PATIENCE:
            raise TimeoutError(f"the others are not done within {PATIENCE} s")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - start


def section(seconds, visits):
    alone = median(seconds[ALONE])
    ratios = {oddity: median(times) / alone for oddity, times in seconds.items()}
    worst = max(ratios, key=ratios.get)
    return Section(
        "One odd visit",
        HOW.format(visits=visits, latency=1000 * LATENCY),
        ("beside", "s", "times"),
        [
            [oddity, spread(times, 2), f"{ratios[oddity]:.2f}"]
            for oddity, times in seconds.items()
        ],
        [Goal(f"the worst, {worst}, against none", ratios[worst], at_most=1.2)],
    )
