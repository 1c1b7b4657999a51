"""Odoo for this checkout: its configuration, its databases and the running server."""

import ast
import os
import re
import shutil
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from . import cache, clock, environment, odoo_tree, ports, postgres, processes, say

# What an existing database takes in by an update only; scripts and styles it picks up by itself.
UPDATED_FROM = {".csv", ".po", ".py", ".sql", ".xml"}
NOT_UPDATED_FROM = {"bench", "bpjs", "dev", "docs", "simulator", "static", "system_tests", "tests"}


@contextmanager
def workspace(purpose, fast=False):
    """An `Odoo` ready to work, with PostgreSQL up, as long as the block lasts.

    `purpose` ("run" or "test") has its own data; `fast` risks them in a power cut.
    """
    python = environment.provide("odoo")
    tree = odoo_tree.provide()
    with postgres.serve(purpose, python, fast) as server:
        odoo = Odoo(tree, python, server, cache.state(purpose))
        odoo.write_configuration()
        odoo.write_program()
        yield odoo


@dataclass(frozen=True)
class Odoo:
    """Odoo's code with one PostgreSQL server and one folder for everything else it stores."""

    tree: odoo_tree.OdooTree
    python: Path
    server: postgres.Server
    state: Path

    @property
    def configuration(self):
        return self.state / "odoo.conf"

    @property
    def program(self):
        return self.state / "odoo-bin"

    def write_configuration(self):
        addons_path = [*self.tree.addons_path, cache.addon().parent]
        self.configuration.write_text(
            "[options]\n"
            f"addons_path = {','.join(map(str, addons_path))}\n"
            f"data_dir = {self.state / 'data'}\n"
            f"http_interface = {ports.ADDRESS}\n"
            "list_db = False\n"
            "max_cron_threads = 2\n"
            "workers = 0\n"
        )

    def write_program(self):
        """Odoo's start script for any kind of tree (`python -m odoo` can't have workers)."""
        self.program.write_text(
            f"#!{self.python}\n"
            "import sys\n\n"
            f"sys.path.insert(0, {str(self.tree.python_path)!r})\n\n"
            "import odoo.cli\n\n"
            "odoo.cli.main()\n"
        )
        self.program.chmod(0o755)

    def variables(self):
        """What a shell or a test needs to use all this."""
        return {
            **self.server.variables,
            # Odoo reloads as `python`, and Python looks there for its libraries.
            "PATH": os.pathsep.join([str(self.python.parent), os.environ["PATH"]]),
            "PYTHON": str(self.python),
            "PYTHONPATH": os.pathsep.join([*clock.python_path(), str(self.tree.python_path)]),
            "ODOO_BIN": str(self.program),
            "ODOO_CONF": str(self.configuration),
            "ADDON": str(cache.addon()),
        }

    def environment(self):
        return {**os.environ, **self.variables()}

    def command(self, database, *options):
        return [self.program, "-c", self.configuration, "-d", database, *options]

    def installed_version(self, database):
        """The version that `install` or `update` was given when it last finished, if one did."""
        mark = self.mark(database)
        return mark.read_text() if mark.exists() and self.server.has(database) else None

    def install(self, database, modules, version, template="template0", *options):
        """A fresh database with `modules` and their demo data; the old one is dropped.

        The mark is removed first and written last: half an installation does not count as one.
        """
        self.mark(database).unlink(missing_ok=True)
        self.server.drop(database)
        shutil.rmtree(self.filestore(database), ignore_errors=True)
        self.server.create(database, template)
        if self.filestore(template).exists():
            shutil.copytree(self.filestore(template), self.filestore(database))
        options = ["-i", ",".join(modules), "--with-demo", *options]
        self.work(f"Installing {', '.join(modules)}", database, options)
        self.mark(database).write_text(version)

    def update(self, database, version):
        options = ["-u", cache.MODULE, "--i18n-overwrite"]
        self.work(f"Updating {cache.MODULE}", database, options)
        self.mark(database).write_text(version)

    def work(self, title, database, options):
        """Let Odoo do on `database` what `options` say, and end."""
        command = self.command(database, *options, "--stop-after-init", "--no-http")
        processes.run(title, command, self.state / "install.log", env=self.environment())

    def mark(self, database):
        return self.state / f"{database}.installed"

    def filestore(self, database):
        return self.state / "data" / "filestore" / database

    @contextmanager
    def serving(self, database, port):
        """The running server's process, once it answers at `port`."""
        log = self.state / "odoo.log"
        command = self.command(database, "--http-port", str(port))
        environment = self.environment()
        with (
            log.open("wb") as output,
            processes.service(command, stdout=output, stderr=output, env=environment) as process,
        ):
            page = f"{ports.url(port)}/web/login"
            failure = f"Odoo did not start (see {log})"
            processes.wait_until(lambda: answers(page), process, 120, failure)
            yield process


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status == 200
    except OSError:
        return False


def warm_up(address, login, password):
    """Fetch the login page and the page behind it with their scripts and styles, so that these are
    built now and not while the first person waits."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def fetch(path, form=None):
        try:
            with browser.open(address + path, form and urlencode(form).encode(), 120) as response:
                return response.read().decode()
        except OSError as error:
            raise say.Stop(f"Odoo can't show {path}: {error}") from error

    def visit(path, form=None):
        page = fetch(path, form)
        for asset in re.findall(r'(?:href|src)="(/web/assets/[^"]+)"', page):
            fetch(asset)
        return page

    token = re.search(r'name="csrf_token" value="([^"]+)"', visit("/web/login"))[1]
    visit("/web/login", {"csrf_token": token, "login": login, "password": password})


def manifest():
    """What the addon says of itself."""
    return ast.literal_eval((cache.CHECKOUT / "__manifest__.py").read_text())


def addon_version():
    """Another one when a file has changed that an existing database takes in by an update."""
    folders = (
        folder
        for folder in cache.CHECKOUT.glob("[!.]*")
        if folder.is_dir() and folder.name not in NOT_UPDATED_FROM
    )
    files = [*cache.CHECKOUT.glob("*"), *(file for folder in folders for file in folder.rglob("*"))]
    return cache.digest(
        *(file.read_bytes() for file in sorted(files) if file.suffix in UPDATED_FROM)
    )
