"""`make lint` and `make format`: ruff, pylint-odoo and OCA's checks, ESLint and Prettier."""

import os
import shutil
import subprocess

from . import apt, cache, environment, processes, say

CONFIGURATION = cache.CHECKOUT / "dev" / "lint"
WEB_FILES = "**/*.{js,mjs,scss,xml}"


def lint():
    """Run every linter, then stop if any of them has found something."""
    python, node = environment.provide("lint"), node_tools()
    ruff, addon = python.with_name("ruff"), cache.addon()
    oca = ["--config", CONFIGURATION / "oca.cfg"]
    eslint = shutil.copy(CONFIGURATION / "eslint.config.mjs", node)  # it imports from there
    commands = {
        "ruff check": [ruff, "check"],
        "ruff format": [ruff, "format", "--check"],
        "pylint-odoo": [python, "-m", "pylint", "--rcfile", CONFIGURATION / "pylintrc", addon],
        "oca-checks-odoo-module": [python, "-m", "oca_pre_commit_hooks.cli", *oca, side_door()],
        "oca-checks-po": [
            *(python, "-m", "oca_pre_commit_hooks.cli_po", *oca),
            *addon.glob("i18n/*.po*"),
        ],
        "eslint": [program(node, "eslint"), "--config", eslint, "static"],
        "prettier": [*prettier(node), "--check", "--log-level", "warn"],
    }
    failed = [name for name, command in commands.items() if not passes(name, command)]
    if failed:
        raise say.Stop(f"Failed: {', '.join(failed)}. make format mends what mends by itself.")


def reformat():
    """Let ruff and Prettier write the files as they want them."""
    ruff, node = environment.provide("lint").with_name("ruff"), node_tools()
    run([ruff, "check", "--fix", "--exit-zero"])
    run([ruff, "format"])
    run([*prettier(node), "--write", "--list-different"])


def side_door():
    """A folder with nothing but a link to the manifest. OCA's checks silently pass an addon that is
    the root of a git checkout; through this folder they find it."""
    manifest = cache.state("lint") / "__manifest__.py"
    if not manifest.is_symlink():
        manifest.symlink_to(cache.CHECKOUT / manifest.name)
    return manifest.parent


def passes(name, command):
    say.line(f"— {name}")
    return run(command) == 0


def run(command):
    environment = {**os.environ, "RUFF_CACHE_DIR": str(cache.home() / "ruff")}
    return subprocess.run(command, cwd=cache.CHECKOUT, env=environment).returncode


def prettier(node):
    plugin = node / "node_modules" / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    options = ["--config", CONFIGURATION / "prettier.json", "--plugin", plugin]
    return [program(node, "prettier"), *options, WEB_FILES]


def program(node, name):
    return node / "node_modules" / ".bin" / name


def node_tools():
    """The folder with the locked `node_modules`."""
    require_node()
    lock = CONFIGURATION / "package-lock.json"
    return cache.built(f"node-{cache.digest(lock.read_text())}", install_node_tools)


def require_node():
    if not (shutil.which("node") and shutil.which("npm")):
        apt.install("nodejs", "npm", needed_for="ESLint and Prettier")


def install_node_tools(folder):
    for name in ("package.json", "package-lock.json"):
        shutil.copy(CONFIGURATION / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    log = folder / "npm.log"
    processes.run("Installing ESLint and Prettier", command, log, cwd=folder)
