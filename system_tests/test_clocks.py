"""Hosts whose clocks differ share the work by the database's clock."""

import os

import pytest

from dev import clock
from system_tests.klinik import User
from system_tests.programs import Odoo

AHEAD = 120  # seconds: longer than a lease, and than BPJS may be at it after a lost answer
PATIENTS = 8


@pytest.fixture
def fast_odoo(odoo, database, tmp_path_factory):
    """A second host, whose clock is fast."""
    path = os.pathsep.join([clock.FOLDER, os.environ.get("PYTHONPATH", "")])
    log = tmp_path_factory.mktemp("odoo") / "fast.log"
    with Odoo(database, log, **clock.ahead(AHEAD), PYTHONPATH=path).running() as server:
        yield server


def test_a_fast_host_takes_nothing_from_another(klinik, fast_odoo, pcare, antrean):
    for service in (pcare, antrean):
        service.answer_after(seconds=3)
    fast = User(fast_odoo.url, klinik.database, "contoh_petugas")
    with fast.session:
        patients = klinik.pasien(2 * PATIENTS)
        ids = klinik.petugas.daftarkan(patients[:PATIENTS])
        klinik.wait_until("the first is in the air", lambda: pcare.posts() > 0, 10)
        ids += fast.daftarkan(patients[PATIENTS:])  # which wakes the fast host
        klinik.wait_until_ok(ids, seconds=60)
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert antrean.held() == klinik.numbers("nomor_antrean", ids)
    assert (pcare.posts(), antrean.posts()) == (2 * PATIENTS, 2 * PATIENTS)
    assert klinik.sql("SELECT count(*) FROM bpjs_job WHERE attempt_count > 0") == [(0,)]


def test_what_a_fast_host_lost_gets_its_time_to_arrive(klinik, fast_odoo, pcare, antrean):
    """Its answer comes too late, and the request only after BPJS was asked for it in vain."""
    klinik.set_layanan(read_timeout=1, settling_seconds=6)
    fast = User(fast_odoo.url, klinik.database, "contoh_petugas")
    with fast.session:
        pcare.spoil("delay", seconds=5, times=1, methods=["POST"])
        ids = fast.daftarkan(klinik.pasien(1))
        klinik.wait_until_ok(ids, seconds=120)  # Odoo looks for what is due once a minute
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert pcare.posts() == 1
