"""Who sends the jobs: this addon, a scheduled action as most bridges have, OCA's queue_job."""

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.clinic import LOGS, PROBE, wake
from system_tests.klinik import User
from system_tests.programs import ADDRESS, sql

ADDONS = Path(__file__).parent / "addons"
START_SECONDS = 60  # that one may take to be ready
WEB_THREADS = 8  # beside those that queue_job's jobs take
TRIGGERS = """
    SELECT count(*) FROM ir_cron_trigger trigger JOIN ir_cron cron ON cron.id = trigger.cron_id
     WHERE starts_with(cron.cron_name, %s)
"""


@dataclass(frozen=True)
class Contender:
    """What it is called, and how its Odoo is to be started."""

    name: str
    addon: str = ""
    options: tuple = ()
    environment: dict = field(default_factory=dict)

    def prepare(self, database):
        """Get a database ready that has nothing but the addon itself."""

    def wait_until_ready(self, server):
        """Wait for what starts later than web pages."""


class Addon(Contender):
    CRONS = "BPJS: send"

    def wait_until_ready(self, server):
        """Let its scheduled actions run while BPJS is still down: it has been up for long."""
        wake(server.database, self.CRONS)
        wait_until(lambda: sql(server.database, TRIGGERS, self.CRONS) == [(0,)], self.name)

    def start(self, server):
        """BPJS is well again, and the next probe finds out."""
        sql(server.database, PROBE)
        wake(server.database, self.CRONS)


class WithAnother(Contender):
    """One with another addon beside this one."""

    def prepare(self, database):
        command = [sys.executable, os.environ["ODOO_BIN"], "-c", os.environ["ODOO_CONF"]]
        options = ["-d", database, "-i", self.addon, "--stop-after-init", "--no-http"]
        environment = {**os.environ, **self.environment}
        paths = ["--addons-path", addons_path()]
        subprocess.run(
            [*command, *options, *paths], env=environment, check=True, capture_output=True
        )


class Rival(WithAnother):
    """One that sends instead of the addon's own engine."""

    def prepare(self, database):
        super().prepare(database)
        sql(
            database, "UPDATE ir_cron SET active = false WHERE starts_with(cron_name, 'BPJS: send')"
        )


class PlainCron(Rival):
    CRON = "Bench: one after the other"

    def start(self, server):
        sql(server.database, "UPDATE ir_cron SET active = true WHERE cron_name = %s", self.CRON)
        wake(server.database, self.CRON)


class QueueJob(Rival):
    def wait_until_ready(self, server):
        wait_until(lambda: server.says("database connections ready"), self.name)

    def start(self, server):
        User(server.url, server.database, "admin").call("bpjs.job", "bench_enqueue", [])


def wait_until(is_ready, name):
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} does not start: see {LOGS}")
        time.sleep(0.1)


def addons_path():
    configured = re.search("addons_path = (.*)", Path(os.environ["ODOO_CONF"]).read_text())[1]
    return f"{configured},{ADDONS},{os.environ['QUEUE_JOB']}/odoo/addons"


def addon():
    return Addon("this addon")


def clocked():
    """The addon as it is, with the moment of each commit in the log."""
    return WithAnother("this addon", "bench_clock", ("--addons-path", addons_path()))


def plain_cron():
    return PlainCron("plain cron", "bench_plain", ("--addons-path", addons_path()))


def queue_job(at_once, processes=False):
    """queue_job with so many jobs at once, in threads of one Odoo or in as many processes."""
    options = ["--addons-path", addons_path(), "--load", "base,rpc,web,queue_job"]
    options += ["--db_maxconn", str(2 * at_once + 16)]
    if processes:
        options += ["--workers", str(at_once), "--gevent-port", str(free_port())]
    environment = {
        "ODOO_QUEUE_JOB_CHANNELS": f"root:{at_once}",
        "ODOO_MAX_HTTP_THREADS": str(at_once + WEB_THREADS),
        "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{os.environ['QUEUE_JOB']}",
    }
    kind = "processes" if processes else "threads"
    name = f"queue_job, root:{at_once}, {kind}"
    return QueueJob(name, "bench_queue_job", tuple(options), environment)


def free_port():
    with socket.create_server((ADDRESS, 0)) as free:
        return free.getsockname()[1]
