"""Odoo around this checkout: configuration, databases, the running server."""

import ast
import os
import re
import shutil
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from . import cache, environment, odoo_tree, ports, postgres, processes

MODULE = "antrean_bpjs"
LANGUAGE = "id_ID"
# What an existing database takes in only by an update; scripts and styles it picks up by itself.
UPDATED_FROM = {".py", ".xml", ".csv", ".po", ".sql"}
NOT_THE_ADDON = {"bench", "bpjs", "dev", "docs", "simulator", "static", "system_tests", "tests"}


@contextmanager
def workspace(purpose, fast=False):
    """Everything Odoo needs, with PostgreSQL up while the block lasts; `purpose` keeps its data apart."""
    tree = odoo_tree.provide()
    python = environment.provide("odoo")
    with postgres.serve(purpose, python, fast) as server:
        odoo = Odoo(tree, python, server, cache.state(purpose))
        odoo.lay_out()
        yield odoo


@dataclass(frozen=True)
class Odoo:
    tree: odoo_tree.OdooTree
    python: Path
    server: postgres.Server
    state: Path

    @property
    def program(self):
        return self.state / "odoo-bin"

    @property
    def configuration(self):
        return self.state / "odoo.conf"

    @property
    def addon(self):
        """The checkout, under the name Odoo wants for the addon's folder."""
        return self.state / "addons" / MODULE

    @property
    def environment(self):
        return {**os.environ, **self.server.environment, "PYTHONPATH": str(self.tree.python_path)}

    def lay_out(self):
        self.addon.parent.mkdir(exist_ok=True)
        if not self.addon.is_symlink():
            self.addon.symlink_to(cache.CHECKOUT)
        addons_path = [*self.tree.addons_path, self.addon.parent]
        self.configuration.write_text(
            "[options]\n"
            f"addons_path = {','.join(map(str, addons_path))}\n"
            f"data_dir = {self.state / 'data'}\n"
            f"http_interface = {ports.ADDRESS}\n"
            "list_db = False\n"
            "max_cron_threads = 2\n"
            "workers = 0\n"
        )
        self.program.write_text(
            f"#!{self.python}\n"
            "import sys\n\n"
            f"sys.path.insert(0, {str(self.tree.python_path)!r})\n"
            "import odoo.cli\n\n"
            "odoo.cli.main()\n"
        )
        self.program.chmod(0o755)

    def command(self, *arguments):
        return [self.program, "-c", self.configuration, *arguments]

    def run(self, title, *arguments, environment):
        """Let Odoo do what `arguments` say and end."""
        command = self.command(*arguments, "--stop-after-init", "--no-http")
        env = {**self.environment, **environment}
        processes.run(title, command, self.state / "install.log", env=env)

    def install(self, database, modules, title, template="template0", environment=None):
        """A new database with `modules`, their demo data and Indonesian; an old one is dropped."""
        self.drop(database)
        self.server.create(database, template)
        if self.filestore(template).exists():
            shutil.copytree(self.filestore(template), self.filestore(database))
        self.run(
            title,
            *("-d", database, "-i", ",".join(modules), "--with-demo", f"--load-language={LANGUAGE}"),
            environment=environment or {},
        )

    def drop(self, database):
        self.server.drop(database)
        shutil.rmtree(self.filestore(database), ignore_errors=True)

    def filestore(self, database):
        return self.state / "data" / "filestore" / database

    @contextmanager
    def serving(self, database, port, environment):
        """The running server, once it answers at `port`."""
        log = self.state / "odoo.log"
        with log.open("wb") as output, processes.service(
            self.command("-d", database, "-p", str(port)),
            stdout=output,
            stderr=output,
            env={**self.environment, **environment},
        ) as process:
            page = f"{ports.address(port)}/web/login"
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
    """Fetch the login page and the first page behind it with their scripts and styles, so that these
    are built now and not while the first person waits."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def visit(path, form=None):
        with browser.open(address + path, form and urlencode(form).encode(), timeout=120) as response:
            page = response.read().decode()
        for asset in re.findall(r'(?:href|src)="(/web/assets/[^"]+)"', page):
            browser.open(address + asset, timeout=120).close()
        return page

    token = re.search(r'name="csrf_token" value="([^"]+)"', visit("/web/login"))[1]
    visit("/web/login", {"csrf_token": token, "login": login, "password": password})


def depends():
    """The modules the addon's manifest names."""
    return ast.literal_eval((cache.CHECKOUT / "__manifest__.py").read_text())["depends"]


def addon_version():
    """Changes whenever a file changes that an existing database takes in by an update."""
    files = sorted(
        path
        for path in cache.CHECKOUT.rglob("*")
        if path.suffix in UPDATED_FROM
        and not {"__pycache__", "node_modules"} & set(path.parts)
        and path.relative_to(cache.CHECKOUT).parts[0] not in NOT_THE_ADDON
    )
    return cache.digest(*(path.read_bytes() for path in files))
