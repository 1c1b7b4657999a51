"""A clock that shows another hour, by Debian's libfaketime."""

import os
import shutil
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from .. import apt

LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1"  # the loader knows the machine's $LIB
DAY = 24 * 60 * 60  # seconds
_FOLDER = str(Path(__file__).parent)


@contextmanager
def showing(hour):
    """For what is started in the block it is the coming `hour` of UTC, such as "17:30", and time
    goes on from there. All see the same: Odoo, the simulator and a PostgreSQL that is ours.

    Only dates are others. How long something takes is measured as ever.
    """
    provide()
    variables = _ahead(seconds_until(hour))
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


def ahead(seconds):
    """What one process needs in its environment for a clock that is ahead of the others'. What it
    reads on its PYTHONPATH must be there already.
    """
    shown = int(os.environ.get("FAKETIME", "0").rstrip("s"))
    path = os.pathsep.join([_FOLDER, os.environ.get("PYTHONPATH", "")])
    return {**_ahead(shown + seconds), "PYTHONPATH": path}


def provide():
    if not shutil.which("faketime"):
        apt.install("faketime", needed_for="Another hour")


def _ahead(seconds):
    return {
        "LD_PRELOAD": LIBRARY,
        "FAKETIME": f"+{seconds}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def seconds_until(hour):
    now = datetime.now(timezone.utc)
    hours, minutes = map(int, hour.split(":"))
    shown = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    return int((shown - now).total_seconds() % DAY)


def python_path():
    """The folders that Python needs on its path while a clock shows another hour."""
    return [_FOLDER] if "FAKETIME" in os.environ else []
