"""The one folder outside the checkout that holds everything downloaded, built or stored."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from . import say

MODULE = "antrean_bpjs"
CHECKOUT = Path(__file__).resolve().parent.parent


def home():
    """The cache folder: ANTREAN_BPJS_CACHE, else antrean-bpjs in the user's cache folder."""
    user_cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("ANTREAN_BPJS_CACHE") or Path(user_cache, "antrean-bpjs")).absolute()


def digest(*things):
    return hashlib.sha256(repr(things).encode()).hexdigest()[:10]


def checkout_key():
    """Names what belongs to this checkout alone: folders and databases."""
    return digest(str(CHECKOUT))


def state(purpose):
    """This checkout's own folder for `purpose` ("run" or "test"): databases, Odoo's data, logs."""
    folder = home() / "checkouts" / checkout_key() / purpose
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def addon():
    """This checkout under the name Odoo wants for the addon's folder."""
    link = home() / "checkouts" / checkout_key() / "addons" / MODULE
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(CHECKOUT)
    return link


def built(name, build):
    """The folder `name`, made by `build(folder)` unless it is there already.

    It is built aside and renamed last: whatever interrupts a build, the next call starts anew. Two
    checkouts that want the same folder at once build it once.
    """
    folder = home() / name
    if not folder.exists():
        with locked(home() / f"{name}.lock", f"another checkout to finish {name}"):
            if not folder.exists():
                for interrupted in home().glob(f"{name}.aside-*"):
                    shutil.rmtree(interrupted, ignore_errors=True)
                aside = Path(tempfile.mkdtemp(prefix=f"{name}.aside-", dir=home()))
                build(aside)
                aside.rename(folder)
    return folder


@contextmanager
def locked(path, waiting_for):
    """Hold the lock file `path`, saying what it waits for if somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        if not try_lock(lock):
            say.line(f"Waiting for {waiting_for} …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def try_lock(file):
    """Whether we got the lock on the open `file`; it is held until the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
