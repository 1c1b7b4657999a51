"""`make chaos`: the fault campaign of system_tests/chaos, on a database of its own."""

import os
import signal

from . import cache, odoo_server, processes, say, ways

DATABASE = f"antrean_bpjs_{cache.checkout_key()}_chaos"
DEFAULTS = {"SEED": "1", "ENTRIES": "2000", "KILLS": "100"}


def chaos():
    """Stop with an error when BPJS does not have each visit exactly once in the end.

    PostgreSQL is killed, too, where the server is ours.
    """
    options = [
        f"--{name.lower()}={os.environ.get(name) or default}" for name, default in DEFAULTS.items()
    ]
    options.append(f"--way={ways.asked()}")
    with (
        cache.locked(cache.state("chaos") / "lock", "another make chaos of this checkout"),
        odoo_server.workspace("chaos") as odoo,
    ):
        version = odoo_server.addon_version()
        if odoo.installed_version(DATABASE) != version:
            odoo.install(DATABASE, [cache.MODULE], version)
        if odoo.server.is_ours:
            options.append("--kill-postgres")
        else:
            say.line("PostgreSQL is not ours, so it is not killed.")
        with processes.service(
            [odoo.python, "-m", "system_tests.chaos", *options],
            stop_signal=signal.SIGINT,  # lets it end its processes
            cwd=cache.CHECKOUT,
            env={**odoo.environment(), "DATABASE": DATABASE},
        ) as process:
            if process.wait():
                raise say.Stop(f"make chaos failed (logs: {odoo.state}).")
