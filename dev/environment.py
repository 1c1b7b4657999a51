"""Virtual environments with locked libraries, one for each Python version and lock file."""

import importlib.util
import platform
import sys

from . import apt, cache, processes

REQUIREMENTS = cache.CHECKOUT / "dev" / "requirements"


def provide(name):
    """The Python of the environment with the libraries that `requirements/<name>.txt` locks."""
    lock = REQUIREMENTS / f"{name}.txt"
    version = platform.python_version()
    key = cache.digest(sys.executable, version, lock.read_text())
    folder = cache.built(f"{name}-python{version}-{key}", lambda folder: build(folder, lock))
    return folder / "bin" / "python"


def build(folder, lock):
    if not importlib.util.find_spec("ensurepip"):  # Debian packs it apart
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        apt.install(f"{version}-venv", needed_for="The Python environment")
    processes.run_quietly([sys.executable, "-m", "venv", folder], folder / "venv.log")
    pip_install = [
        *(folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install"),
        *("--no-input", "--require-hashes", "--no-deps", "--no-build-isolation", "-r"),
    ]
    # First what the few libraries without a wheel are built with, locked like the rest.
    for part in (REQUIREMENTS / "build.txt", lock):
        log = folder / f"{part.stem}.log"
        processes.run(f"Installing Python libraries ({part.stem})", [*pip_install, part], log)
