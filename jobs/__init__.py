"""The job types: one file each, found by itself. Adding a job type is adding a file here."""

from importlib import import_module
from pkgutil import iter_modules

from .base import Exchange, JobType, Problem

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")

JOB_TYPES = JobType.registry

__all__ = ["JOB_TYPES", "Exchange", "JobType", "Problem"]
