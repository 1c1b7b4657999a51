"""TCP ports on the loopback address."""

import os
import socket
from contextlib import contextmanager

from . import cache, say

ADDRESS = "127.0.0.1"


def address(port):
    return f"http://{ADDRESS}:{port}"


@contextmanager
def claimed(variable, default):
    """The port that `variable` names, else the first free one from `default` on. Claimed while the
    block runs, so that two checkouts that start at once don't settle on the same."""
    chosen = os.environ.get(variable)
    if chosen and not (chosen.isdigit() and 0 < int(chosen) < 65536):
        raise say.Stop(f"{variable}={chosen} is not a port: set it to a number from 1 to 65535.")
    folder = cache.home() / "ports"
    folder.mkdir(parents=True, exist_ok=True)
    for port in [int(chosen)] if chosen else range(default, default + 50):
        with (folder / str(port)).open("w") as claim:
            if is_free(port, claim):
                yield port
                return
    raise say.Stop(f"Port {chosen or default} is taken: set {variable} to a free one, or end what uses it.")


def is_free(port, claim):
    if not cache.try_lock(claim):
        return False
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((ADDRESS, port))
    except OSError:
        return False
    return True
