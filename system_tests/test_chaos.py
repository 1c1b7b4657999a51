"""The fault campaign, short: `make chaos` runs the long one."""

from system_tests.chaos import Campaign


def test_fault_campaign(klinik, odoo, other_odoo, pcare, antrean):
    campaign = Campaign(klinik, (odoo, other_odoo), (pcare, antrean), seed=4, entries=30, kills=2)
    wrong = campaign.run()
    print(campaign)
    for antrean_id in set().union(*wrong.values()):
        print(campaign.history(antrean_id))
    assert wrong == {}
