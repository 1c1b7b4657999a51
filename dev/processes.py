"""Starting other programs: commands that end by themselves and services that we end."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from . import say

# How apt, pip and npm say that they reach nobody.
OFFLINE = re.compile(
    r"Temporary failure resolving|Could not resolve|Failed to establish a new connection"
    r"|Network is unreachable|NewConnectionError|ConnectTimeout|ENOTFOUND|EAI_AGAIN|ENETUNREACH"
)


class CommandFailed(say.Stop):
    """A command ended with an error: what it said about it, and where the rest is."""

    def __init__(self, command, log):
        output = log.read_text(errors="replace")
        if OFFLINE.search(output):
            super().__init__(f"No network: connect and run it again (what failed: {log})")
            return
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        errors = [line for line in lines if re.search(r"error|^E:", line, re.IGNORECASE)]
        said = (errors or lines or ["without a word"])[-1]
        super().__init__(f"{Path(command[0]).name} failed: {said} (all of it in {log})")


def run(title, command, log, **options):
    """Like `run_quietly`, under a progress line."""
    with say.step(title, lambda: last_line(log)):
        run_quietly(command, log, **options)


def run_quietly(command, log, **options):
    """Run `command` to its end, its output going to the file `log`."""
    with (
        log.open("wb") as output,
        service(command, stdout=output, stderr=output, **options) as process,
    ):
        if process.wait():
            raise CommandFailed(command, log)


def last_line(log):
    if not log.exists():
        return ""
    lines = log.read_bytes()[-300:].decode(errors="replace").replace("\r", "\n").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


@contextmanager
def service(command, stop_signal=signal.SIGTERM, **options):
    """Run `command` as long as the block lasts. It gets its own process group, so that a Ctrl-C in
    the terminal reaches us alone and we end things in order."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: end_with_parent(stop_signal),
        **options,
    )
    try:
        yield process
    finally:
        end(process, stop_signal)


def end_with_parent(stop_signal):
    """Even a `kill -9` of us must not leave services behind that hold ports and data."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop_signal)


def end(process, stop_signal):
    if process.poll() is None:
        process.send_signal(stop_signal)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)  # what it left behind
    except (ProcessLookupError, PermissionError):  # nothing, or what sudo has started
        pass
    process.wait()


def wait_until(ready, process, seconds, failure):
    """Wait for `ready()`; stop with the line `failure` when `process` ends or time runs out."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise say.Stop(failure)
        time.sleep(0.1)
