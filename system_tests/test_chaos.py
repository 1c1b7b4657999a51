"""The fault campaign, short: `make chaos` runs the long one."""

import pytest

from system_tests.chaos.campaign import campaign


@pytest.mark.parametrize("way, entries, kills", [("", 40, 2), ("soap", 20, 1)])
def test_fault_campaign(tmp_path, way, entries, kills):
    with campaign(tmp_path, 4, entries, kills, way=way) as short:
        wrong = short.run()
        print(short)
        for what in set().union(*wrong.values()):
            print(short.history(what))
    assert wrong == {}
