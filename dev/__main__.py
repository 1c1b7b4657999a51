"""`python3 -m dev VERB`: run, test, reset, lint, format, lock, env. See `make help`."""

import os
import shlex
import signal
import subprocess
import sys

from . import odoo_server, run, say

VERBS = {"run": run.run, "reset": run.reset}


def main(verb, *arguments):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        VERBS[verb](*arguments)
    except say.Stop as stop:
        sys.exit(f"{stop}")
    except KeyboardInterrupt:
        say.line("Stopped.")
        sys.exit(130)


def interrupt(number, frame):
    """End in order, once: a second Ctrl-C must not break into the tidying up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def env(*command):
    """Run `command` with PostgreSQL up and all that Odoo and pytest need in its environment;
    without a command, print that environment for a server that is up already."""
    with odoo_server.workspace("run") as odoo:
        variables = {
            **odoo.server.environment,
            "PYTHONPATH": str(odoo.tree.python_path),
            "PYTHON": str(odoo.python),
            "ODOO_BIN": str(odoo.program),
            "ODOO_CONF": str(odoo.configuration),
            "ADDON": str(odoo.addon),
            "DATABASE": run.DATABASE,
        }
        if command:
            sys.exit(subprocess.run(command, env={**os.environ, **variables}).returncode)
        for name, value in variables.items():
            print(f"export {name}={shlex.quote(value)}")


VERBS["env"] = env
if __name__ == "__main__":
    main(*sys.argv[1:])
