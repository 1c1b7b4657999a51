"""`make test`: fast tests without Odoo, the addon's own in Odoo and a browser, the whole system.

All tests get in their environment what `python3 -m dev env` prints; DATABASE is there the freshly
installed database of the addon's tests, which the system tests take as their template.
"""

import signal
from xml.etree import ElementTree

from . import browser, cache, odoo_server, processes, say

DATABASE = f"antrean_bpjs_{cache.checkout_key()}_test"
BASE = f"antrean_bpjs_{cache.checkout_key()}_base"


def test():
    """Stop at the first group of tests that fails. Each ends with pytest's own summary."""
    browser.provide()
    with (
        cache.locked(cache.state("test") / "lock", "another make test of this checkout"),
        odoo_server.workspace("test", fast=True) as odoo,
    ):
        pytest_apart(odoo, "bpjs")
        pytest_apart(odoo, "simulator")
        install_freshly(odoo)
        in_odoo = ["--odoo-config", odoo.configuration, "--odoo-database", DATABASE, "--odoo-http"]
        pytest(odoo, "addon", [*in_odoo, "--odoo-log-level=warn", cache.addon() / "tests"])
        pytest_apart(odoo, "system_tests")


def install_freshly(odoo):
    """A new database with the addon. What the addon depends on takes most of the time and is always
    the same: it is copied from a database kept for that."""
    modules = odoo_server.depends()
    version = cache.digest(odoo.tree.version, str(odoo.python), modules)
    if odoo.installed_version(BASE) != version:
        odoo.install(BASE, modules, version)
    odoo.install(DATABASE, [cache.MODULE], version, template=BASE)


def pytest_apart(odoo, folder):
    """The tests in `folder`, which need no Odoo around them: with a configuration and a root of
    their own, or pytest would import the addon."""
    options = ["-p", "no:odoo", "-c", f"{folder}/pytest.ini", "--rootdir", folder]
    pytest(odoo, folder, [*options, folder])


def pytest(odoo, title, arguments):
    """Run pytest; stop when a test fails, and when one is skipped: a browser that does not start
    must not look like success."""
    say.line(f"\nTests: {title}")
    report = odoo.state / f"{title}.xml"
    options = ["-rs", "-p", "no:cacheprovider", f"--junit-xml={report}"]
    with processes.service(
        [odoo.python, "-m", "pytest", *options, *arguments],
        stop_signal=signal.SIGINT,  # lets pytest tidy up
        cwd=cache.CHECKOUT,
        env={**odoo.environment(), "DATABASE": DATABASE},
    ) as process:
        if process.wait():
            raise say.Stop(f"make test: {title} failed.")
    skipped = [
        case.get("name")
        for case in ElementTree.parse(report).iter("testcase")
        if case.find("skipped") is not None
    ]
    if skipped:
        raise say.Stop(f"make test: {title} skipped {', '.join(skipped)}.")
