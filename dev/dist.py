"""`make dist`: the addon as the archive that administrators unpack. `.gitattributes` says what of
the checkout is left out."""

import os
import subprocess
import tempfile
from pathlib import Path

from . import cache, odoo_server, say


def dist():
    archive = build(cache.CHECKOUT / "dist")
    say.line(f"{archive.relative_to(cache.CHECKOUT)}: unpack it in a folder of Odoo's addons path.")


def build(folder):
    """The archive of the checkout as it is now, committed or not, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{cache.MODULE}-{odoo_server.manifest()['version']}.zip"
    options = [f"--prefix={cache.MODULE}/", f"--output={archive}", "--worktree-attributes"]
    git("archive", *options, tree())
    return archive


def tree():
    """Git's name for the checkout as it is now. What is staged for a commit stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git("add", "--all", **index)
        return git("write-tree", **index)


def git(*arguments, **environment):
    result = subprocess.run(
        ["git", *arguments],
        cwd=cache.CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise say.Stop(f"git {arguments[0]} failed: {' '.join(result.stderr.split())}")
    return result.stdout.strip()
