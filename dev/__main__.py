"""`python3 -m dev COMMAND`: what `make COMMAND` does, and `env` for working by hand."""

import shlex
import signal
import subprocess
import sys

from . import bench, chaos, dist, lint, lock, odoo_server, run, say, screenshots, test

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main(name="", *arguments):
    if name not in COMMANDS:
        sys.exit(f"python3 -m dev {'|'.join(COMMANDS)}")
    for number in SIGNALS:
        signal.signal(number, interrupt)
    try:
        COMMANDS[name](*arguments)
    except say.Stop as stop:
        sys.exit(str(stop))
    except KeyboardInterrupt:
        sys.exit("Interrupted: nothing is left running.")


def interrupt(number, frame):
    """End in order, once: a second Ctrl-C must not break into the tidying up."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def env(*command):
    """Run `command` with PostgreSQL up and everything in its environment that Odoo and pytest need.
    Without a command print that environment, of use while PostgreSQL is up in another terminal."""
    with odoo_server.workspace("run") as odoo:
        if command:
            signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command
            environment = {**odoo.environment(), "DATABASE": run.DATABASE}
            sys.exit(subprocess.run(command, env=environment).returncode)
        for name, value in {**odoo.variables(), "DATABASE": run.DATABASE}.items():
            say.line(f"export {name}={shlex.quote(value)}")


COMMANDS = {
    "run": run.run,
    "test": test.test,
    "chaos": chaos.chaos,
    "bench": bench.bench,
    "dist": dist.dist,
    "lint": lint.lint,
    "format": lint.reformat,
    "reset": run.reset,
    "lock": lock.lock,
    "screenshots": screenshots.screenshots,
    "env": env,
}
if __name__ == "__main__":
    main(*sys.argv[1:])
