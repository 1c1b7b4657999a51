"""`make run` and `make reset`: the addon with its demo data, to try by hand."""

import time
from contextlib import ExitStack, contextmanager

from . import cache, odoo_server, ports, processes, say, ways

DATABASE = f"antrean_bpjs_{cache.checkout_key()}"
LOGIN = PASSWORD = "admin"
CLINIC = "0001R001"  # the demo clinic's code, and what it gave BPJS
CLINIC_ACCOUNT = {"clinic_user": "bpjs-contoh", "clinic_password": "sandi-klinik"}
WELCOME = """
  Odoo       {odoo}   login {login}, password {password}
  Simulator  {simulator}   what "BPJS" holds right now
  Mobile JKN {simulator}/mobile-jkn   the members' app, which books with this clinic

  Try first: Antrean > Daftarkan pasien; pick Peserta Contoh 01, Poli Umum, penjamin BPJS.
             Both badges on its card turn green by themselves.

  Logs: {logs}
  Ctrl-C ends everything.
"""


def run():
    with ExitStack() as up:
        up.enter_context(alone())
        port = up.enter_context(ports.claimed("PORT", 8069))
        simulator_port = up.enter_context(ports.claimed("SIMULATOR_PORT", 8899))
        way, way_port = ways.WAYS.get(ways.asked()), None
        if way:
            way_port = up.enter_context(ports.claimed("WAY_PORT", 8910))
        odoo = up.enter_context(odoo_server.workspace("run"))
        address, simulator_address = ports.url(port), ports.url(simulator_port)
        bring_up_to_date(odoo)
        lead_to_simulator(odoo.server, simulator_address)
        lead_on_way(odoo.server, way, way and ports.url(way_port))
        with say.step("Starting the simulator and Odoo"):
            options = [way.option, str(way_port)] if way else []
            options += members_app(address)
            simulator = up.enter_context(simulating(odoo, simulator_port, *options))
            server = up.enter_context(odoo.serving(DATABASE, port))
            odoo_server.warm_up(address, LOGIN, PASSWORD)
        addresses = {"odoo": address, "simulator": simulator_address}
        login = {"login": LOGIN, "password": PASSWORD}
        if way:
            say.line(f"\n  Odoo goes through the {way.name} at {ports.url(way_port)}{way.path}")
        say.line(WELCOME.format(**addresses, **login, logs=odoo.state))
        serve({"Odoo": server, "The simulator": simulator})
    say.line("Everything has ended.")


def members_app(odoo):
    """The simulator's options with which its Mobile JKN finds the demo clinic."""
    settings = CLINIC_ACCOUNT | {"clinic_url": f"{odoo}/mobile-jkn/{CLINIC}"}
    return [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]


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


def lead_on_way(server, way, url, database=DATABASE):
    """Lead the clinics whose BPJS is the simulator over a way. Without one those go straight that
    were led over one before; a way over another machine stays as it is."""
    here = f"http://{ports.ADDRESS}:"
    settings, which = {"jalur": "langsung"}, f"starts_with(jalur_alamat, '{here}')"
    if way:
        settings = way.settings(url)
        which = f"""
            id IN (SELECT faskes_id FROM bpjs_layanan WHERE starts_with(base_url, '{here}'))
        """
    values = ", ".join(f"{name} = NULLIF('{value or ''}', '')" for name, value in settings.items())
    server.sql(f"UPDATE bpjs_faskes SET {values} WHERE {which}", database)


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
