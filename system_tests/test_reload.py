"""Odoo starts anew by itself: on SIGHUP, with --dev reload, or where it uses too much memory."""


def test_odoo_comes_back_after_a_reload(odoo, klinik):
    before = odoo.pid
    odoo.reload()
    assert odoo.pid == before
    assert klinik.admin.call("bpjs.faskes", "search_count", [])
