"""A connection breaks or Odoo is killed: nobody knows whether BPJS has the registration."""

import pytest

CALLS = 15  # to each service, under way when Odoo is killed
LOST = 3  # of them never arrive

LEASED = "SELECT 1 FROM bpjs_job WHERE lease_until >= now() AT TIME ZONE 'UTC'"


@pytest.mark.parametrize("fault, pcare_posts", [("drop_after", 1), ("drop_before", 2)])
def test_dropped_connection(klinik, pcare, antrean, fault, pcare_posts):
    klinik.set_layanan(settling_seconds=1)
    pcare.lose(fault)
    antrean.lose(fault)
    ids = klinik.petugas.daftarkan(klinik.pasien(1))
    klinik.wait_until_ok(ids)
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert antrean.held() == klinik.numbers("nomor_antrean", ids)
    assert pcare.posts() == pcare_posts  # what had arrived was looked up, not sent again
    assert antrean.posts() == 2  # to send it again is how to look it up there


def test_killed_odoo(klinik, odoo, pcare, antrean):
    klinik.set_layanan(
        concurrency=CALLS,
        connect_timeout=0.5,  # the time-outs decide how long a dead process keeps its jobs
        read_timeout=2,
        settling_seconds=1,
    )
    for layanan in (pcare, antrean):
        layanan.answer_after(seconds=1.5)
        layanan.lose("drop_before", times=LOST)
    ids = klinik.petugas.daftarkan(klinik.pasien(CALLS))
    klinik.wait_until(
        "all calls under way", lambda: pcare.posts() == antrean.posts() == CALLS, seconds=10
    )
    odoo.kill()
    under_way = klinik.sql("SELECT count(*) FROM bpjs_job WHERE state = 'sending'")
    assert under_way == [(2 * CALLS,)]

    for layanan in (pcare, antrean):
        layanan.answer_after(seconds=0)
    odoo.start()
    klinik.wait_until("no job is leased", lambda: not klinik.sql(LEASED), seconds=30)
    ids += klinik.petugas.daftarkan(klinik.pasien(1))  # else the new process looks in a minute
    klinik.wait_until_ok(ids)
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert antrean.held() == klinik.numbers("nomor_antrean", ids)
    assert pcare.posts() == CALLS + LOST + 1  # what had arrived was looked up, not sent again
