"""The archive that administrators get."""

from zipfile import ZipFile

from dev import dist

TEXTS = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "docs"}
CODE = {"__init__.py", "__manifest__.py", "hooks.py", "tools.py", "bpjs", "jobs", "migrations"}
ODOOS = {"controllers", "data", "demo", "i18n", "models", "security", "static", "views", "wizards"}


def test_it_holds_the_addon_and_nothing_else(tmp_path):
    with ZipFile(dist.build(tmp_path)) as archive:
        inside = [name.removeprefix("antrean_bpjs/").rstrip("/") for name in archive.namelist()]
    top_level = {name.split("/")[0] for name in inside} - {""}
    assert top_level <= TEXTS | CODE | ODOOS
    assert not [name for name in inside if "tests" in name.split("/") or name.endswith(".ini")]
