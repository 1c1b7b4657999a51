"""The browser Odoo's tests drive: the Chrome or Chromium that is there, else Debian's."""

import shutil

from . import apt


def provide():
    names = (
        "google-chrome",
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
    )  # Odoo's order
    if not any(map(shutil.which, names)):
        apt.install("chromium", needed_for="make test")
