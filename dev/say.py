"""What the person at the terminal reads: progress of long steps and one-line errors."""

import shutil
import sys
import threading
import time
from contextlib import contextmanager


class Stop(Exception):
    """Something the person has to mend. Its text is one line that says what to do."""


def line(text):
    print(text, flush=True)


@contextmanager
def step(title, detail=lambda: ""):
    """Show `title` and how long the block takes. On a terminal the time runs, and `detail()` beside
    it is one line about what is going on right now."""
    start = time.monotonic()
    done = threading.Event()

    def tick():
        while not done.wait(0.5):
            text = f"{title} … {time.monotonic() - start:.0f} s  "
            room = max(1, shutil.get_terminal_size().columns - len(text) - 1)
            print(f"\r\033[K{text}{detail()[-room:]}", end="", flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    print(f"{title} … ", end="", flush=True)
    if sys.stdout.isatty():
        ticker.start()
    outcome = ", not finished"
    try:
        yield
        outcome = ""
    finally:
        done.set()
        if ticker.is_alive():
            ticker.join()
            print(f"\r\033[K{title} … ", end="")
        line(f"{time.monotonic() - start:.0f} s{outcome}")
