"""Odoo 19's own code: the tree ODOO_HOME names, else Debian's package unpacked into the cache.

Odoo is not on PyPI. Debian has it in its unstable suite only, and installing it from there would
pull unstable's Python along, so it is merely unpacked.
"""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from . import apt, cache, say

SUITES = ["sid", "bookworm"]
PACKAGES = [
    "odoo-19",
    # what the package's symlinks point to
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-font-awesome/bookworm",  # Odoo draws its icons with Font Awesome 4.7; sid has 7
]
DEBIAN_PYTHON = "usr/lib/python3/dist-packages"
# Stripped from Debian's build, but named in mail's assets: every page would log an error, which
# fails browser tests. Only the blurred background of video calls needs it.
STRIPPED = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooTree:
    python_path: Path  # the folder to import `odoo` from
    addons_path: list[Path]  # addons outside the package itself
    version: str  # another one when the code may have changed


def provide():
    """Odoo 19, fetched unless it is there already."""
    if os.environ.get("ODOO_HOME"):
        return existing(Path(os.environ["ODOO_HOME"]).absolute())
    version = f"odoo-19-{cache.digest(SUITES, PACKAGES, STRIPPED)}"
    return OdooTree(cache.built(version, fetch) / DEBIAN_PYTHON, [], version)


def fetch(folder):
    apt.unpack(folder, PACKAGES, SUITES)
    stripped = folder / DEBIAN_PYTHON / STRIPPED
    stripped.parent.mkdir(parents=True, exist_ok=True)
    stripped.touch()


def existing(home):
    """The tree at `home`: a source checkout, an unpacked package, or the folder above `odoo/`."""
    for python_path in (home, home / DEBIAN_PYTHON):
        release = python_path / "odoo" / "release.py"
        if release.exists():
            if not re.search(r"^version_info = \(19, 0,", release.read_text(), re.MULTILINE):
                raise say.Stop(f"ODOO_HOME={home} is not Odoo 19.0: name another or unset it.")
            addons = python_path / "addons"
            unknown_version = str(time.time())
            return OdooTree(python_path, [addons] if addons.exists() else [], unknown_version)
    raise say.Stop(f"ODOO_HOME={home} holds no odoo/release.py: name another tree or unset it.")
