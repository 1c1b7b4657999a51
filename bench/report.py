"""What a measurement has found, and the page it is written to."""

import os
import platform
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import psutil

from system_tests.programs import sql

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
FIGURES = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)", re.DOTALL)


@dataclass(frozen=True)
class Goal:
    """What was to be reached; figures are compared as measured and rounded for reading only."""

    text: str
    measured: float
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""

    @property
    def is_met(self):
        if self.at_least is not None:
            return self.measured >= self.at_least
        return self.measured <= self.at_most

    def __str__(self):
        sign, limit = ("≥", self.at_least) if self.at_most is None else ("≤", self.at_most)
        verdict = "met" if self.is_met else "**missed**"
        return (
            f"- {self.text} {sign} {limit:g}{self.unit}: {self.measured:.3g}{self.unit}, {verdict}"
        )


@dataclass(frozen=True)
class Section:
    title: str
    how: str
    header: tuple
    rows: list
    goals: list

    def __str__(self):
        lines = [self.header, ["---"] * len(self.header), *self.rows]
        table = "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
        goals = "\n".join(map(str, self.goals))
        return "\n\n".join(filter(None, (f"## {self.title}", self.how, table, goals))) + "\n"


def spread(values, digits=1):
    """The median with the smallest and the largest value, where there are several."""
    values = list(values)
    middle = f"{median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def percentile_95(values):
    return quantiles(values, n=20, method="inclusive")[-1]


def machine():
    memory = psutil.virtual_memory().total / 2**30
    [(postgresql,)] = sql("postgres", "SHOW server_version")
    release = Path(os.environ["PYTHONPATH"].split(":")[0], "odoo", "release.py").read_text()
    odoo = ".".join(re.search(r"version_info = \((\d+), (\d+)", release).groups())
    return (
        f"{date.today()}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB of memory, load {os.getloadavg()[0]:.1f} at the start; "
        f"Python {platform.python_version()}, PostgreSQL {postgresql}, Odoo {odoo}."
    )


def write(command, about, sections):
    """Put the figures of one whole run where the last ones were; what is written around stays."""
    figures = "\n".join([f"`{command}`: {about}\n", *map(str, sections)])
    page = PAGE.read_text()
    PAGE.write_text(FIGURES.sub(lambda _: figures, page))
