"""A backlog after an outage: the addon, queue_job and a plain cron send the same jobs."""

from statistics import median

from bench import contenders
from bench.clinic import backlog, drain, simulators
from bench.report import Goal, Section, spread

ENTRIES = 1000  # of two jobs each
LATENCY = 0.3  # seconds that BPJS takes for each call
PLAIN_ENTRIES = 100  # one call after the other takes as long for each job, however many there are
FEW_RUNS = 1  # of what takes minutes

HOW = """\
{jobs:,} jobs wait when BPJS is back. It takes {latency:.0f} ms for each call. The time runs
until the last answer is written down; then the books of both services are compared with the
database.

"At once" is the number of calls in the air over **both** services together: the addon's services
get half of it each, queue_job gets a channel of that size. The rivals send with the addon's own
client and write the same rows (attempt, job, queue entry, news for the boards), but no lease.
BPJS's schedule of each day is known. The plain cron sends one job after the other, {plain} of
them here. The limit is calls at once divided by the time of a call."""


def measure(scale, runs):
    figures = {}
    with simulators() as services:
        for contender, at_once, entries, times in plan(scale, runs):
            with backlog("bench", services, entries, contender, at_once) as database:
                drains = [drain(database, contender, services, LATENCY) for _ in range(times)]
            figures[contender.name, at_once] = [each.jobs_a_second for each in drains]
    return section(figures, scale)


def plan(scale, runs):
    """(contender, calls at once, entries, how often)"""
    entries = max(1, round(ENTRIES * scale))
    few, plain = min(runs, FEW_RUNS), max(1, round(PLAIN_ENTRIES * scale))
    return [
        (contenders.addon(), 16, entries, runs),
        (contenders.addon(), 64, entries, runs),
        (contenders.queue_job(4), 4, entries, few),
        (contenders.queue_job(16), 16, entries, runs),
        (contenders.queue_job(16, processes=True), 16, entries, few),
        (contenders.queue_job(64), 64, entries, runs),
        (contenders.plain_cron(), 1, plain, few),
    ]


def section(figures, scale):
    ours, rivals = contenders.addon().name, {}
    for (name, at_once), speeds in figures.items():
        if name != ours:
            rivals[name, at_once] = median(speeds)
    [plain] = [speed for (_name, at_once), speed in rivals.items() if at_once == 1]
    best_16 = max(speed for (_name, at_once), speed in rivals.items() if at_once <= 16)
    best = max(rivals.values())
    ours_16, ours_64 = median(figures[ours, 16]), median(figures[ours, 64])
    rows = [
        [name, at_once, spread(speeds), f"{at_once / LATENCY:.1f}", share(speeds, at_once)]
        for (name, at_once), speeds in figures.items()
    ]
    jobs, plain_jobs = (2 * max(1, round(each * scale)) for each in (ENTRIES, PLAIN_ENTRIES))
    return Section(
        "A backlog after an outage",
        HOW.format(jobs=jobs, latency=1000 * LATENCY, plain=plain_jobs),
        ("sender", "at once", "jobs/s", "limit", "of the limit"),
        rows,
        [
            Goal("16 at once: share of the limit", 100 * ours_16 * LATENCY / 16, 90, unit=" %"),
            Goal("16 at once: times queue_job's best with up to 16", ours_16 / best_16, 1),
            Goal("16 at once: times the plain cron", ours_16 / plain, 12),
            Goal("64 at once: times queue_job's best of all", ours_64 / best, 3),
        ],
    )


def share(speeds, at_once):
    return f"{100 * median(speeds) * LATENCY / at_once:.0f} %"
