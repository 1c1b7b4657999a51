"""Debian's packages: installed where they must be, unpacked into a folder where that is enough."""

import os
import shutil
import subprocess

from . import cache, processes, say

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def install(*packages, needed_for):
    """Install `packages` on this machine, through sudo unless we are root."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise say.Stop(f"{needed_for} needs {names}, and there is no apt here: install it by hand.")
    sudo = []
    if os.geteuid() != 0:
        sudo = ["sudo", "-n"]  # never ask for a password: there may be nobody to type it
        if (
            not shutil.which("sudo")
            or subprocess.run([*sudo, "true"], capture_output=True).returncode
        ):
            raise say.Stop(
                f"{needed_for} needs an administrator once: sudo apt-get install {names}"
            )
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    options = ["install", "-y", "--no-install-recommends"]
    with cache.locked(cache.home() / "apt.lock", "another checkout to install packages"):
        log = cache.home() / "apt.log"
        processes.run("Reading Debian's package lists", [*apt_get, "update"], log)
        processes.run(f"Installing {names}", [*apt_get, *options, *packages], log)


def unpack(folder, packages, suites):
    """Download `packages` ("name" or "name/suite") from Debian's `suites` (by default the first)
    and unpack them into one tree at `folder`.

    Nothing is installed, no rights are needed and the machine's own package lists stay as they are;
    apt checks Debian's signatures as ever.
    """
    aside = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial", "packages"):
        (aside / part).mkdir(parents=True)
    sources = aside / "sources.list"
    address = mirror()
    sources.write_text(
        "".join(f"deb [signed-by={KEYRING}] {address} {suite} main\n" for suite in suites)
    )
    options = {
        "Dir::State::lists": aside / "lists",
        "Dir::Cache": aside / "cache",
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "APT::Default-Release": suites[0],
        "APT::Sandbox::User": "root",  # a user of apt's own could not write here
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
    }
    apt_get = ["apt-get", *(f"-o{key}={value}" for key, value in options.items())]
    log = folder / "apt.log"
    processes.run("Reading Debian's package lists", [*apt_get, "update"], log)
    downloaded = aside / "packages"
    title = f"Downloading {packages[0]}"
    processes.run(title, [*apt_get, "download", *packages], log, cwd=downloaded)
    with say.step(f"Unpacking {packages[0]}"):
        for package in downloaded.iterdir():
            processes.run_quietly(["dpkg-deb", "-x", package, folder], log)
        shutil.rmtree(aside)


def mirror():
    """The address this machine takes Debian's packages from."""
    if shutil.which("apt-get"):
        addresses = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
            capture_output=True,
            text=True,
        ).stdout.split()
        for address in addresses:
            if address.rstrip("/").endswith("/debian"):
                return address
    raise say.Stop(
        "No apt with a Debian mirror here to fetch Odoo from: set ODOO_HOME to an Odoo 19."
    )
