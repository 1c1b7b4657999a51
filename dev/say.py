"""What the person at the terminal reads: progress of long steps and one-line errors."""

import sys
import threading
import time
from contextlib import contextmanager


class Stop(Exception):
    """Something the person has to mend. Its text is one line that says what to do."""


def line(text=""):
    print(text, flush=True)


@contextmanager
def step(title, detail=lambda: ""):
    """Show `title` while the block runs, with the seconds it has taken, and on a terminal also
    `detail()`: one line about what is going on right now."""
    start = time.monotonic()
    seconds = lambda: f"{time.monotonic() - start:.0f} s"
    done = threading.Event()
    ticker = None
    if sys.stdout.isatty():

        def tick():
            while not done.wait(0.5):
                print(f"\r\033[K{title} … {seconds()}  {detail()[-60:]}", end="", flush=True)

        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
    else:
        line(f"{title} …")
    try:
        yield
    except BaseException:
        outcome = "stopped"
        raise
    else:
        outcome = "done"
    finally:
        done.set()
        if ticker:
            ticker.join()
            print("\r\033[K", end="")
        line(f"{title}: {outcome} ({seconds()})")
