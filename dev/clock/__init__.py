"""A clock that shows another hour, by Debian's libfaketime."""

import os
import shutil
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from .. import apt, say

LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1"  # the loader knows the machine's $LIB
FOLDER = str(Path(__file__).parent)  # for the path of a Python whose clock shows another hour
DAY = 24 * 60 * 60  # seconds


def ahead(seconds):
    """The variables for a process whose clock is ahead by so many seconds.

    Only dates are others. How long something takes is measured as ever.
    """
    if not shutil.which("faketime"):
        apt.install("faketime", needed_for="Another hour")
    return {
        "LD_PRELOAD": LIBRARY,
        "FAKETIME": f"+{seconds}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # with it, waiting threads of a browser never rest
    }


@contextmanager
def showing(hour):
    """For what is started in the block it is the coming `hour` of UTC, such as "17:30", and time
    goes on from there. All see the same: Odoo, the simulator and a PostgreSQL that is ours.
    """
    variables = ahead(seconds_until(hour))
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


def seconds_until(hour):
    try:
        shown = datetime.strptime(hour, "%H:%M").time()
    except ValueError:
        raise say.Stop(f"HOUR={hour} is no hour: name one such as 17:30.") from None
    now = datetime.now(timezone.utc)
    then = datetime.combine(now, shown, timezone.utc)
    return int((then - now).total_seconds() % DAY)


def python_path():
    """The folders that Python needs on its path while a clock shows another hour."""
    return [FOLDER] if "FAKETIME" in os.environ else []
