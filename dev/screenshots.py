"""`make screenshots`: the pictures of README, guides and store page, of the running product."""

import json
import re
import shutil
from contextlib import ExitStack
from pathlib import Path

from . import browser, cache, environment, odoo_server, ports, processes, run, say, ways

DATABASE = f"antrean_bpjs_{cache.checkout_key()}_screenshots"
PICTURES = cache.CHECKOUT / "docs" / "images"
STORE_PAGE = cache.CHECKOUT / "static" / "description"  # shows some of them
CAMERA = Path(__file__).with_name("camera.py")
FULL_DAY = Path(__file__).with_name("full_day.sql")


def screenshots():
    """Install a fresh demo, serve it beside its simulator, and let `camera.py` walk through it."""
    chromium = browser.provide()
    python = environment.provide("screenshots")
    with ExitStack() as up:
        port = up.enter_context(ports.claimed("PORT", 8069))
        simulator_port = up.enter_context(ports.claimed("SIMULATOR_PORT", 8899))
        way_port = up.enter_context(ports.claimed("WAY_PORT", 8910))
        odoo = up.enter_context(odoo_server.workspace("screenshots", fast=True))
        address, simulator = ports.url(port), ports.url(simulator_port)
        odoo.install(DATABASE, [cache.MODULE], odoo_server.addon_version())
        odoo.server.sql(FULL_DAY.read_text(), DATABASE)
        run.lead_to_simulator(odoo.server, simulator, DATABASE)
        with say.step("Starting the simulator and Odoo"):
            engine = ways.WAYS["soap"]
            options = [engine.option, str(way_port), *run.members_app(address)]
            up.enter_context(run.simulating(odoo, simulator_port, *options))
            up.enter_context(odoo.serving(DATABASE, port))
            odoo_server.warm_up(address, run.LOGIN, run.PASSWORD)
        plan = {
            "odoo": address,
            "simulator": simulator,
            "engine": engine.settings(ports.url(way_port))["jalur_alamat"],
            "login": run.LOGIN,
            "password": run.PASSWORD,
            "chromium": chromium,
            "pictures": str(PICTURES),
        }
        command = [python, CAMERA, json.dumps(plan)]
        processes.run("Taking the pictures", command, odoo.state / "camera.log")
    for name in re.findall(r'src="([^"]+)"', (STORE_PAGE / "index.html").read_text()):
        shutil.copy(PICTURES / name, STORE_PAGE)
    say.line(f"The pictures are in {PICTURES.relative_to(cache.CHECKOUT)}.")
