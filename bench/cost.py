"""What sending itself costs: BPJS answers at once."""

from statistics import median

from bench import contenders
from bench.clinic import backlog, drain, simulators
from bench.report import Goal, Section, spread

ENTRIES = 1000  # of two jobs each
MANY_ENTRIES = 10_000  # to see whether the memory grows
AT_ONCE = 16

HOW = """\
{jobs:,} jobs and a BPJS that answers at once, {at_once} at once as above. CPU is that of all
Odoo processes. PostgreSQL and the two simulators share the machine's cores with them. The addon
also works off {many:,} jobs at a stretch; its memory is sampled each second, and the median of
the last tenth compared with that of the first after a tenth is done."""


def measure(scale, runs):
    figures = {}
    entries = max(1, round(ENTRIES * scale))
    ours, *rivals = [
        contenders.addon(),
        contenders.queue_job(4),
        contenders.queue_job(16),
        contenders.queue_job(2, processes=True),
        contenders.queue_job(4, processes=True),
    ]
    with simulators() as services:
        for contender in (ours, *rivals):
            with backlog("bench", services, entries, contender, AT_ONCE) as database:
                drains = [drain(database, contender, services, 0) for _ in range(runs)]
            figures[contender.name] = drains
        many = max(1, round(MANY_ENTRIES * scale))
        with backlog("bench", services, many, ours, AT_ONCE) as database:
            long_run = drain(database, ours, services, 0)
    speed = {
        name: median(each.jobs_a_second for each in drains) for name, drains in figures.items()
    }
    growth = memory_growth(long_run.memory_mb)
    best = max(speed[rival.name] for rival in rivals)
    return Section(
        "What sending costs",
        HOW.format(jobs=2 * entries, at_once=AT_ONCE, many=2 * many),
        ("sender", "jobs/s", "CPU ms a job"),
        [
            [
                name,
                spread(each.jobs_a_second for each in drains),
                spread(each.cpu_ms_a_job for each in drains),
            ]
            for name, drains in [*figures.items(), (f"{ours.name}, {2 * many:,} jobs", [long_run])]
        ],
        [
            Goal("jobs a second", speed[ours.name], 200),
            Goal("times queue_job's best", speed[ours.name] / best, 2),
            Goal(f"memory gained over {2 * many:,} jobs", growth, at_most=5, unit=" %"),
        ],
    )


def memory_growth(samples):
    """Percent by which the last tenth is above the second: the first fills caches."""
    tenth = max(1, len(samples) // 10)
    early, late = median(samples[tenth : 2 * tenth] or samples), median(samples[-tenth:])
    return 100 * (late - early) / early
