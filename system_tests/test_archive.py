"""The archive that administrators get."""

from zipfile import ZipFile

from dev import dist

OF_CHECKOUTS = {"bench", "dev", "dist", "Makefile", "pyproject.toml", "simulator", "system_tests"}


def test_it_holds_the_addon_without_its_tools(tmp_path):
    with ZipFile(dist.build(tmp_path)) as archive:
        inside = [name.split("/") for name in archive.namelist()]
    assert {path[0] for path in inside} == {"antrean_bpjs"}
    top_level = {path[1] for path in inside}
    assert {"__manifest__.py", "LICENSE", "bpjs", "demo", "docs", "models"} <= top_level
    assert not top_level & OF_CHECKOUTS
    assert not [path for path in inside if "tests" in path]
    assert not [path for path in inside if path[-1].startswith(".") or path[-1].endswith(".ini")]
