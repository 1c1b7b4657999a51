"""The browser Odoo's tests drive: the Chrome or Chromium that is there, else Debian's."""

import shutil

from . import apt

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")  # Odoo's order


def provide():
    """The path of the browser."""
    if not any(map(shutil.which, NAMES)):
        apt.install("chromium", needed_for="make test")
    return next(filter(None, map(shutil.which, NAMES)))
