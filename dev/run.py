"""`make run` and `make reset`: the addon with its demo data, to try by hand."""

import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from . import cache, odoo_server, ports, processes, say

DATABASE = f"antrean_bpjs_{cache.checkout_key()}"
LOGIN = PASSWORD = "admin"
WELCOME = """
  Odoo       {odoo}   login {login}, password {password}
  Simulator  {simulator}   what "BPJS" holds right now
{way}  Try first: Antrean > Daftarkan pasien; pick Peserta Contoh 01, Poli Umum, penjamin BPJS.
             Both badges on its card turn green by themselves.

  Logs: {logs}
  Ctrl-C ends everything.
"""


@dataclass(frozen=True)
class Way:
    """What stands between Odoo and BPJS."""

    jalur: str  # as the facility's page has it
    path: str  # of its address
    option: str  # of the simulator
    name: str
    user: str = ""
    password: str = ""

    def address(self, port):
        return ports.url(port) + self.path

    def line(self, port):
        return f"  {self.name:10} {self.address(port)}   before BPJS: Odoo goes through it\n"


WAYS = {
    "proxy": Way("proxy", "", "--proxy-port", "Proxy", "proxy-contoh", "sandi-proxy"),
    "soap": Way("mesin", "/services/Mirth", "--engine-port", "Engine"),
}


def run():
    with ExitStack() as up:
        up.enter_context(alone())
        port = up.enter_context(ports.claimed("PORT", 8069))
        simulator_port = up.enter_context(ports.claimed("SIMULATOR_PORT", 8899))
        way = asked_way()
        way_port = way and up.enter_context(ports.claimed("WAY_PORT", 8910))
        odoo = up.enter_context(odoo_server.workspace("run"))
        address, simulator_address = ports.url(port), ports.url(simulator_port)
        bring_up_to_date(odoo)
        lead_to_simulator(odoo.server, simulator_address)
        lead_on_way(odoo.server, way, way_port)
        with say.step("Starting the simulator and Odoo"):
            options = [way.option, str(way_port)] if way else []
            simulator = up.enter_context(simulating(odoo, simulator_port, *options))
            server = up.enter_context(odoo.serving(DATABASE, port))
            odoo_server.warm_up(address, LOGIN, PASSWORD)
        addresses = {"odoo": address, "simulator": simulator_address}
        login = {"login": LOGIN, "password": PASSWORD}
        line = way.line(way_port) if way else ""
        say.line(WELCOME.format(**addresses, **login, way=line, logs=odoo.state))
        serve({"Odoo": server, "The simulator": simulator})
    say.line("Everything has ended.")


def asked_way():
    """The `Way` that the variable `WAY` names, or None."""
    name = os.environ.get("WAY")
    if name and name not in WAYS:
        raise say.Stop(f"WAY={name} is no way to BPJS: there are {' and '.join(WAYS)}.")
    return WAYS.get(name)


def serve(services):
    """Wait for Ctrl-C, the usual end of `make run`, or for a service to end by itself."""
    try:
        while True:
            for name, process in services.items():
                if process.poll() is not None:
                    raise say.Stop(f"{name} has ended by itself: see its log.")
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass


def reset():
    """A fresh demo database."""
    with alone(), odoo_server.workspace("run") as odoo:
        odoo.install(DATABASE, [cache.MODULE], odoo_server.addon_version())


@contextmanager
def alone():
    """One command at a time on this checkout's demo database."""
    with (cache.state("run") / "lock").open("w") as lock:
        if not cache.try_lock(lock):
            raise say.Stop("`make run` is at work in this checkout: end it first (Ctrl-C there).")
        yield


def bring_up_to_date(odoo):
    """Install the addon, or update it when its files have changed since."""
    version = odoo_server.addon_version()
    installed = odoo.installed_version(DATABASE)
    if installed is None:
        odoo.install(DATABASE, [cache.MODULE], version)
    elif installed != version:
        odoo.update(DATABASE, version)


def lead_to_simulator(server, address, database=DATABASE):
    """Lead the demo clinic to the simulator, whose port may differ from the demo data's and the
    last run's. Addresses of a real BPJS stay as they are."""
    here = f"http://{ports.ADDRESS}:"
    server.sql(
        f"""
        DO $$ BEGIN
            IF to_regclass('bpjs_layanan') IS NOT NULL THEN
                UPDATE bpjs_layanan
                SET base_url = regexp_replace(base_url, '^{here}[0-9]+', '{address}')
                WHERE starts_with(base_url, '{here}');
            END IF;
        END $$
        """,
        database,
    )


def lead_on_way(server, way, port, database=DATABASE):
    """Lead the clinics whose BPJS is the simulator over a `Way`. Without one those go straight
    that were led over one before; a way over another machine stays as it is."""
    here = f"http://{ports.ADDRESS}:"
    if not way:
        server.sql(
            f"""
            UPDATE bpjs_faskes SET jalur = 'langsung'
            WHERE starts_with(jalur_alamat, '{here}')
            """,
            database,
        )
        return
    server.sql(
        f"""
        UPDATE bpjs_faskes
        SET jalur = '{way.jalur}', jalur_alamat = '{way.address(port)}',
            jalur_username = NULLIF('{way.user}', ''),
            jalur_password = NULLIF('{way.password}', '')
        WHERE id IN (SELECT faskes_id FROM bpjs_layanan WHERE starts_with(base_url, '{here}'))
        """,
        database,
    )


@contextmanager
def simulating(odoo, port, *options):
    """The simulator's process, once it listens at `port`."""
    log = odoo.state / "simulator.log"
    command = [odoo.python, "-m", "simulator", "--port", str(port), *options]
    with (
        log.open("wb") as output,
        processes.service(command, cwd=cache.CHECKOUT, stdout=output, stderr=output) as process,
    ):
        failure = f"The simulator did not start (see {log})"
        processes.wait_until(lambda: "listening" in log.read_text(), process, 30, failure)
        yield process
