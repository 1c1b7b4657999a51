"""`make run` and `make reset`: the addon with its demo data, to try by hand."""

import time
from contextlib import ExitStack, contextmanager

from . import cache, odoo_server, ports, processes, say

DATABASE = f"antrean_bpjs_{cache.checkout_key()}"
LOGIN = PASSWORD = "admin"
WELCOME = """
  Odoo       {odoo}   login {login}, password {password}
  BPJS       {simulator}   the simulator: what "BPJS" holds right now

  Try first: Antrean > Daftarkan pasien; pick Peserta Contoh 01, Poli Umum, penjamin BPJS.
             Both badges on its card turn green by themselves.

  Logs in {logs}. Ctrl-C ends everything.
"""


def run():
    with ExitStack() as up:
        up.enter_context(alone())
        port = up.enter_context(ports.claimed("PORT", 8069))
        simulator_port = up.enter_context(ports.claimed("SIMULATOR_PORT", 8899))
        odoo = up.enter_context(odoo_server.workspace("run"))
        address, simulator_address = ports.address(port), ports.address(simulator_port)
        environment = {"BPJS_SIMULATOR_URL": simulator_address}
        bring_up_to_date(odoo, environment)
        lead_to_simulator(odoo.server, simulator_address)
        with say.step("Starting the simulator and Odoo"):
            simulator = up.enter_context(simulating(odoo, simulator_port))
            server = up.enter_context(odoo.serving(DATABASE, port, environment))
            odoo_server.warm_up(address, LOGIN, PASSWORD)
        say.line(
            WELCOME.format(
                odoo=address,
                simulator=simulator_address,
                login=LOGIN,
                password=PASSWORD,
                logs=odoo.state,
            )
        )
        while True:
            for name, process in (("Odoo", server), ("The simulator", simulator)):
                if process.poll() is not None:
                    raise say.Stop(f"{name} has ended by itself: its log is in {odoo.state}")
            time.sleep(0.3)


def reset():
    """A fresh demo database."""
    with alone(), odoo_server.workspace("run") as odoo:
        create(odoo, {})


@contextmanager
def alone():
    """One command at a time on this checkout's demo database."""
    with (cache.state("run") / "lock").open("w") as lock:
        if not cache.try_lock(lock):
            raise say.Stop("`make run` is at work in this checkout: end it first (Ctrl-C there).")
        yield


def bring_up_to_date(odoo, environment):
    """Install the addon, or update it when its files have changed since.

    The mark is removed before and written after: an installation that was interrupted starts anew."""
    mark = odoo.state / "installed"
    version = odoo_server.addon_version()
    if not mark.exists() or not odoo.server.has(DATABASE):
        create(odoo, environment)
    elif mark.read_text() != version:
        odoo.run(
            "Updating the addon",
            *("-d", DATABASE, "-u", odoo_server.MODULE, "--i18n-overwrite"),
            environment=environment,
        )
        mark.write_text(version)


def create(odoo, environment):
    mark = odoo.state / "installed"
    mark.unlink(missing_ok=True)
    version = odoo_server.addon_version()
    odoo.install(DATABASE, [odoo_server.MODULE], "Installing the addon", environment=environment)
    mark.write_text(version)


def lead_to_simulator(server, address):
    """The simulator's port may have changed; addresses of a real BPJS stay as they are."""
    server.sql(
        f"""
        DO $$ BEGIN
            IF to_regclass('bpjs_layanan') IS NOT NULL THEN
                UPDATE bpjs_layanan
                SET base_url = regexp_replace(base_url, '^http://{ports.ADDRESS}:[0-9]+', '{address}')
                WHERE base_url LIKE 'http://{ports.ADDRESS}:%';
            END IF;
        END $$
        """,
        DATABASE,
    )


@contextmanager
def simulating(odoo, port):
    """The running simulator, once it answers at `port`."""
    log = odoo.state / "simulator.log"
    command = [odoo.python, "-m", "simulator", "--port", str(port)]
    with (
        log.open("wb") as output,
        processes.service(command, cwd=cache.CHECKOUT, stdout=output, stderr=output) as process,
    ):
        ready = f"simulator listening on {ports.address(port)}"
        failure = f"The simulator did not start (see {log})"
        processes.wait_until(lambda: ready in log.read_text(), process, 30, failure)
        yield process
