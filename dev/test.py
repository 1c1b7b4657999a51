"""`make test`: fast tests without Odoo, the addon's own in Odoo and a browser, the whole system.

All tests get in their environment what `python3 -m dev env` prints; DATABASE is there the freshly
installed database of the addon's tests, which the system tests take as their template.
"""

import os
import shlex
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from . import browser, cache, clock, dist, odoo_server, processes, say

DATABASE = f"antrean_bpjs_{cache.checkout_key()}_test"
BASE = f"antrean_bpjs_{cache.checkout_key()}_base"
ARCHIVE = f"antrean_bpjs_{cache.checkout_key()}_archive"
ADDON = "tests"  # the folder of the tests that run in Odoo
APART = ("bpjs", "simulator", "system_tests")  # those of the others
NEED_ODOO = (ADDON, "system_tests")
# Before and after midnight in Jakarta and in UTC: between the two, a clinic's day is not UTC's.
HOURS = ("16:30", "17:30", "23:30", "00:30")


def test():
    """Run everything, or what TESTS names, or as if it were the HOUR of UTC."""
    browser.provide()
    chosen, hour = shlex.split(os.environ.get("TESTS", "")), os.environ.get("HOUR")
    with cache.locked(cache.state("test") / "lock", "another make test of this checkout"):
        if chosen or hour:
            run_chosen(chosen or [ADDON], hour)
        else:
            run_all()


def run_all():
    """Stop at the first group of tests that fails. Each ends with pytest's own summary."""
    with odoo_server.workspace("test", fast=True) as odoo:
        pytest_apart(odoo, "bpjs")
        pytest_apart(odoo, "simulator")
        install_freshly(odoo)
        install_archive(odoo)
        pytest_in_odoo(odoo, "addon", ADDON)
        pytest_apart(odoo, "system_tests")
    if not odoo.server.is_ours:
        say.line("PostgreSQL is not ours, so what depends on the hour was tested at this one only.")
        return
    for hour in HOURS:
        with at(hour) as odoo:
            pytest_in_odoo(odoo, f"addon at {hour} UTC", ADDON, "-k", "knows_days")


def run_chosen(arguments, hour):
    """Run these files, or whatever else pytest takes, all in the folder that the first is in."""
    folder = Path(arguments[0]).parts[0]
    if folder not in (ADDON, *APART):
        raise say.Stop(f"TESTS={arguments[0]} is not in {ADDON}/, {'/, '.join(APART)}/.")
    with odoo_server.workspace("test", fast=True) as odoo:
        if folder in NEED_ODOO and odoo.installed_version(DATABASE) != version(odoo):
            install_freshly(odoo)
    with at(hour) if hour else odoo_server.workspace("test", fast=True) as odoo:
        if folder == ADDON:
            pytest_in_odoo(odoo, "addon", *arguments)
        else:
            pytest_apart(odoo, folder, "--no-cov", *arguments)  # some tests never run every branch


@contextmanager
def at(hour):
    """An `Odoo` at another hour, and a PostgreSQL at the same."""
    with clock.showing(hour), odoo_server.workspace("test", fast=True) as odoo:
        if not odoo.server.is_ours:
            raise say.Stop(f"PostgreSQL is not ours, so it cannot be {hour} there: unset PGHOST.")
        try:
            yield odoo
        finally:  # what tests have written there is of no use at this hour
            odoo.mark(DATABASE).unlink(missing_ok=True)


def install_freshly(odoo):
    """A new database with the addon. What the addon depends on takes most of the time and is always
    the same: it is copied from a database kept for that."""
    if odoo.installed_version(BASE) != base_version(odoo):
        odoo.install(BASE, odoo_server.manifest()["depends"], base_version(odoo))
    odoo.install(DATABASE, [cache.MODULE], version(odoo), template=BASE)


def install_archive(odoo):
    """What `make dist` builds has all that the addon and its demo need."""
    addons = odoo.state / "archive"
    shutil.rmtree(addons, ignore_errors=True)
    shutil.unpack_archive(dist.build(addons), addons)
    path = ",".join(map(str, [*odoo.tree.addons_path, addons]))
    odoo.install(ARCHIVE, [cache.MODULE], version(odoo), BASE, f"--addons-path={path}")
    query = f"SELECT state, demo FROM ir_module_module WHERE name = '{cache.MODULE}'"
    if odoo.server.sql(query, ARCHIVE) != "installed|t":
        raise say.Stop(f"make test: Odoo did not install the archive in {addons}.")


def base_version(odoo):
    return cache.digest(odoo.tree.version, str(odoo.python), odoo_server.manifest()["depends"])


def version(odoo):
    return cache.digest(base_version(odoo), odoo_server.addon_version())


def pytest_in_odoo(odoo, title, *arguments):
    """Tests of the addon. Their paths begin where Odoo finds it."""
    in_odoo = ["--odoo-config", odoo.configuration, "--odoo-database", DATABASE, "--odoo-http"]
    paths = [f"{cache.addon()}/{a}" if a.split("/")[0] == ADDON else a for a in arguments]
    pytest(odoo, title, [*in_odoo, "--odoo-log-level=warn", *paths])


def pytest_apart(odoo, folder, *arguments):
    """The tests in `folder`, which need no Odoo around them: with a configuration and a root of
    their own, or pytest would import the addon."""
    options = ["-p", "no:odoo", "-c", f"{folder}/pytest.ini", "--rootdir", folder]
    pytest(odoo, folder, [*options, *(arguments or [folder])])


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
