"""`make lint` and `make format`: ruff, pylint-odoo and OCA's checks, ESLint and Prettier."""

import os
import shutil
import subprocess

from . import apt, cache, environment, processes, say

CONFIGURATION = cache.CHECKOUT / "dev" / "lint"
WEB_FILES = "**/*.{js,mjs,scss,xml}"


def lint():
    """Run every linter, then stop if any of them has found something."""
    python, node = python_tools(), node_tools()
    addon = cache.addon()
    eslint = shutil.copy(CONFIGURATION / "eslint.config.mjs", node)  # it imports from there
    commands = {
        "ruff check": [python / "ruff", "check"],
        "ruff format": [python / "ruff", "format", "--check"],
        "pylint-odoo": [python / "pylint", "--rcfile", CONFIGURATION / "pylintrc", addon],
        "oca-checks-odoo-module": [python / "oca-checks-odoo-module", addon],
        "oca-checks-po": [python / "oca-checks-po", *addon.glob("i18n/*.po*")],
        "eslint": [program(node, "eslint"), "--config", eslint, "static"],
        "prettier": [*prettier(node), "--check", "--log-level", "warn"],
    }
    failed = [name for name, command in commands.items() if not passes(name, command)]
    if failed:
        raise say.Stop(f"Failed: {', '.join(failed)}. make format mends what mends by itself.")


def reformat():
    """Let ruff and Prettier write the files as they want them."""
    python, node = python_tools(), node_tools()
    run([python / "ruff", "check", "--fix", "--exit-zero"])
    run([python / "ruff", "format"])
    run([*prettier(node), "--write", "--list-different"])


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


def python_tools():
    """The folder of the locked Python tools."""
    return environment.provide("lint").parent


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
    log = cache.log(folder.name)
    processes.run("Installing ESLint and Prettier", command, log, cwd=folder)
