"""`make bench`: the measurements of bench/, on databases of their own."""

import os
import signal

from . import browser, cache, environment, odoo_server, processes, say

DATABASE = f"antrean_bpjs_{cache.checkout_key()}_bench"
DEFAULTS = {"SCALE": "1", "RUNS": "3"}


def bench():
    """Measure the parts that BENCH names, by default all."""
    options = [
        f"--{name.lower()}={os.environ.get(name) or default}" for name, default in DEFAULTS.items()
    ]
    with (
        cache.locked(cache.state("bench") / "lock", "another make bench of this checkout"),
        odoo_server.workspace("bench") as odoo,
    ):
        version = odoo_server.addon_version()
        if odoo.installed_version(DATABASE) != version:
            odoo.install(DATABASE, [cache.MODULE], version)
        with processes.service(
            [odoo.python, "-m", "bench", *options, *os.environ.get("BENCH", "").split()],
            stop_signal=signal.SIGINT,  # lets it end its processes
            cwd=cache.CHECKOUT,
            env={**odoo.environment(), **variables(odoo.python), "DATABASE": DATABASE},
        ) as process:
            if process.wait():
                raise say.Stop(f"make bench failed (logs: {odoo.state}).")


def variables(python):
    """What the measurements need beside what tests do."""
    return {
        "QUEUE_JOB": str(queue_job(python)),
        "BROWSER_PYTHON": str(environment.provide("screenshots")),
        "CHROMIUM": browser.provide(),
    }


def queue_job(python):
    """The folder with OCA's queue_job, which names Odoo as a library: PyPI does not have that."""
    lock = environment.REQUIREMENTS / "queue_job.txt"

    def install(folder):
        options = ["--require-hashes", "--no-deps", "--no-input", "--target", folder]
        command = [python, "-m", "pip", "install", *options, "-r", lock]
        processes.run("Installing queue_job", command, folder / "pip.log")

    return cache.built(f"queue-job-{cache.digest(lock.read_text())}", install)
