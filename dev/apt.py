"""Debian's packages: installed where they must be, unpacked into a folder where that is enough."""

import os
import shutil
import subprocess

from . import cache, processes, say

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def install(*packages, needed_for):
    """Install `packages` on this machine, through sudo unless we are root."""
    command = f"apt-get install {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise say.Stop(f"{needed_for} needs {' '.join(packages)}, and there is no apt here: install it by hand.")
    sudo = []
    if os.geteuid() != 0:
        # -n: never ask for a password, there may be nobody to type it
        sudo = ["sudo", "-n"]
        if not shutil.which("sudo") or subprocess.run([*sudo, "true"], capture_output=True).returncode:
            raise say.Stop(f"{needed_for} needs an administrator once: sudo {command}")
    environment = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive"]
    log = cache.home() / "logs" / "apt.log"
    processes.run("Reading Debian's package lists", [*environment, "apt-get", "update"], log)
    processes.run(
        f"Installing {' '.join(packages)}",
        [*environment, "apt-get", "install", "-y", "--no-install-recommends", *packages],
        log,
    )


def unpack(folder, packages, suites):
    """Download `packages` ("name" or "name/suite") from Debian's `suites` (the first one by default)
    and unpack them into one tree at `folder`. Nothing is installed, no rights are needed, and the
    machine's own package lists stay as they are; apt checks Debian's signatures as ever."""
    aside = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial", "packages"):
        (aside / part).mkdir(parents=True)
    sources = aside / "sources.list"
    sources.write_text(
        "".join(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n" for suite in suites)
    )
    options = {
        "Dir::State::lists": aside / "lists",
        "Dir::Cache": aside / "cache",
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "APT::Default-Release": suites[0],
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
    }
    apt_get = ["apt-get", *(f"-o{key}={value}" for key, value in options.items())]
    log = cache.home() / "logs" / "odoo.log"
    processes.run(
        "Reading Debian's package lists", [*apt_get, "-oAPT::Update::Error-Mode=any", "update"], log
    )
    processes.run(
        "Downloading Odoo 19 (132 MB)", [*apt_get, "download", *packages], log, cwd=aside / "packages"
    )
    with say.step("Unpacking Odoo 19"):
        for package in (aside / "packages").glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        shutil.rmtree(aside)


def mirror():
    """The address this machine takes Debian's packages from."""
    if not shutil.which("apt-get"):
        raise say.Stop(
            "There is no apt here to fetch Odoo 19 with: set ODOO_HOME to an Odoo 19 source tree."
        )
    addresses = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
    ).stdout.split()
    for address in addresses:
        if address.rstrip("/").endswith("/debian"):
            return address
    raise say.Stop(
        "This machine's apt knows no Debian mirror to fetch Odoo 19 from: set ODOO_HOME to an Odoo 19 source tree."
    )
