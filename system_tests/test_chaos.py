"""The fault campaign, short: `make chaos` runs the long one."""

from system_tests.chaos.campaign import campaign


def test_fault_campaign(tmp_path):
    with campaign(tmp_path, seed=4, entries=40, kills=2) as short:
        wrong = short.run()
        print(short)
        for what in set().union(*wrong.values()):
            print(short.history(what))
    assert wrong == {}
