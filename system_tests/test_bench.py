"""The measurements' common parts at a tiny size: that they measure and compare, not how fast."""

import pytest

from bench import clinic, contenders, jalur
from bench.cost import memory_growth
from bench.report import Goal, Section

ENTRIES = 5


def test_a_backlog_is_drained_and_compared(pcare, antrean):
    services, ours = (pcare, antrean), contenders.addon()
    with clinic.backlog("bench", services, ENTRIES, ours, at_once=4) as database:
        drained = clinic.drain(database, ours, services, latency=0)
        assert drained.jobs == 2 * ENTRIES
        assert drained.jobs_a_second > 0 and drained.cpu_ms_a_job > 0
        assert len(pcare.held()) == len(antrean.held()) == ENTRIES
        with pytest.raises(AssertionError, match="pcare does not hold"):
            clinic.compare(database, services)  # of which nothing was sent


def test_each_way_is_measured():
    section = jalur.measure(scale=0.01, runs=1)
    assert [row[0] for row in section.rows] == list(jalur.NAMES.values())
    assert all(float(figure) > 0 for row in section.rows for figure in row[1:6])


def test_no_figure_is_rounded_in_our_favour():
    just_missed = Goal("jobs a second", 199.99, at_least=200)
    assert not just_missed.is_met
    assert str(just_missed).endswith("**missed**")
    assert not Goal("ratio", 1.5001, at_most=1.5).is_met
    assert Goal("ratio", 1.5, at_most=1.5).is_met


def test_a_section_is_a_table():
    section = Section("Title", "How.", ("what", "figure"), [["work", "1.0"]], [])
    assert "| what | figure |\n| --- | --- |\n| work | 1.0 |" in str(section)


@pytest.mark.parametrize(
    "samples, percent", [([90, *[100] * 17, 120, 120], 20), ([100] * 20, 0), ([100], 0)]
)
def test_memory_growth(samples, percent):
    assert round(memory_growth(samples)) == percent
