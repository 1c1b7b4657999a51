"""`make lock`: lock the newest libraries, without naming where they come from."""

import subprocess

from . import environment, lint

UV_COMPILE = [
    *("pip", "compile", "--upgrade", "--quiet"),
    *("--universal", "--python-version", "3.10"),  # one lock for every Python from there on
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"),
]
COMPLETE = ("queue_job",)  # names all it needs but Odoo, which is not on PyPI
NPM_LOCK = ["npm", "update", "--package-lock-only", "--omit-lockfile-registry-resolved"]


def lock():
    uv = environment.provide("lint").with_name("uv")
    for wanted in sorted(environment.REQUIREMENTS.glob("*.in")):
        output = ["-o", wanted.with_suffix(".txt")]
        alone = ["--no-deps"] if wanted.stem in COMPLETE else []
        subprocess.run([uv, *UV_COMPILE, *alone, wanted, *output], check=True)
    lint.require_node()
    subprocess.run(NPM_LOCK, cwd=lint.CONFIGURATION, check=True)
