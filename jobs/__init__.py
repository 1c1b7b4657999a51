"""The job types: one file each, found by itself. Adding a job type is adding a file here."""

from importlib import import_module
from pkgutil import iter_modules

from .base import Exchange, JobType, Problem

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")

JOB_TYPES = JobType.registry


def with_badge():
    """The job types that show a badge, in the order of their badges."""
    kinds = (kind for kind in JOB_TYPES.values() if kind.letter)
    return sorted(kinds, key=lambda kind: kind.sequence)


def registering():
    """The job types that every reported queue entry is born with, in the order of their badges."""
    kinds = (kind for kind in JOB_TYPES.values() if kind.registers)
    return sorted(kinds, key=lambda kind: kind.sequence)


def undoing(name):
    """The job type that takes back what `name` brought to BPJS, or None."""
    return next((kind for kind in JOB_TYPES.values() if kind.undoes == name), None)


__all__ = [
    "JOB_TYPES",
    "Exchange",
    "JobType",
    "Problem",
    "registering",
    "undoing",
    "with_badge",
]
