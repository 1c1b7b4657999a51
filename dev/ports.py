"""TCP ports on the loopback address."""

import os
import socket
from contextlib import contextmanager

from . import cache, say

ADDRESS = "127.0.0.1"
CHOICE = 50  # how many ports from the default on are tried


def url(port):
    return f"http://{ADDRESS}:{port}"


@contextmanager
def claimed(variable, default):
    """The port that `variable` names, else the first free one from `default` on.

    It is ours while the block lasts, so that two checkouts starting at once don't pick the same.
    """
    chosen = os.environ.get(variable)
    if chosen and not (chosen.isdigit() and 0 < int(chosen) < 65536):
        raise say.Stop(f"{variable}={chosen} is not a port: set it to a number from 1 to 65535.")
    folder = cache.home() / "ports"
    folder.mkdir(parents=True, exist_ok=True)
    for port in [int(chosen)] if chosen else range(default, default + CHOICE):
        with (folder / str(port)).open("w") as claim:
            if cache.try_lock(claim) and is_free(port):
                if port != default and not chosen:
                    say.line(f"Port {default} is taken, so {port} ({variable} can name another).")
                yield port
                return
    raise say.Stop(f"Port {chosen or default} is taken: set {variable} to a free one.")


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True
