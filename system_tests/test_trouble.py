"""BPJS is slow, down, or refuses the clinic's settings: nobody waits, nothing fails, all drains."""

import re
import time
from statistics import median

from system_tests.klinik import PROCESSING

MANY = 10  # registrations, to take the time of one
SLOWER = 3  # times as long a registration may take: the machine has other things to do, too

ACTIVITIES = """
    SELECT res_users.login, activity.summary, activity.note
      FROM mail_activity activity JOIN res_users ON res_users.id = activity.user_id
     WHERE activity.res_model = 'bpjs.faskes' ORDER BY res_users.login
"""


def daftarkan_one_by_one(klinik):
    """Return the queue entries' ids and the seconds that registering one took, as a median."""
    ids, seconds = [], []
    for pasien in klinik.pasien(MANY):
        start = time.perf_counter()
        ids += klinik.petugas.daftarkan([pasien])
        seconds.append(time.perf_counter() - start)
    return ids, median(seconds)


def jobs(klinik, ids):
    """The distinct (state, tries) of the entries' jobs."""
    query = """
        SELECT DISTINCT state, coalesce(attempt_count, 0) FROM bpjs_job WHERE antrean_id = ANY(%s)
    """
    return klinik.sql(query, ids)


def test_outage(klinik, pcare, antrean):
    ids, as_ever = daftarkan_one_by_one(klinik)
    klinik.wait_until_ok(ids)

    pcare.answer_after(seconds=1)
    antrean.answer_after(seconds=1)
    ids, while_slow = daftarkan_one_by_one(klinik)
    assert while_slow < SLOWER * as_ever
    klinik.wait_until_ok(ids)

    with pcare.switched_off(), antrean.switched_off():
        ids = klinik.petugas.daftarkan(klinik.pasien(1))
        down = {("PCare", "outage", 1), ("Antrean FKTP", "outage", 1)}
        klinik.wait_until("staff see it", lambda: klinik.petugas.trouble() == down, 10)
        later_ids, while_off = daftarkan_one_by_one(klinik)
        ids += later_ids
        assert klinik.petugas.badges(ids) == {PROCESSING}
    assert while_off < SLOWER * as_ever

    # Takes seconds where the first probe finds it on again, else a minute more: while nobody
    # registers, Odoo looks for scheduled actions once a minute.
    klinik.wait_until_ok(ids, seconds=120)
    assert klinik.petugas.trouble() == set()
    assert jobs(klinik, ids) == [("success", 0)]
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert antrean.held() == klinik.numbers("nomor_antrean", ids)


def test_wrong_secret(klinik, pcare, antrean):
    klinik.hire("contoh_admin", "group_antrean_admin")
    klinik.set_faskes(secret="bukan-rahasia-simulator")
    ids = klinik.petugas.daftarkan(klinik.pasien(3))
    down = {("PCare", "misconfigured", 3), ("Antrean FKTP", "misconfigured", 3)}
    klinik.wait_until("staff see it", lambda: klinik.petugas.trouble() == down, 10)
    klinik.wait_until("all wait", lambda: jobs(klinik, ids) == [("pending", 0)], 10)
    assert klinik.petugas.badges(ids) == {PROCESSING}
    assert pcare.held() == antrean.held() == []

    activities = klinik.sql(ACTIVITIES)
    assert [login for login, _summary, _note in activities] == ["admin", "contoh_admin"]
    _login, summary, note = activities[1]
    assert summary == "BPJS refuses this facility's settings: registrations wait"
    assert re.search("(PCare|Antrean FKTP) answers: “Signature tidak sesuai”", note)

    klinik.set_faskes(secret="rahasia-simulator")
    klinik.wait_until_ok(ids)
    assert klinik.petugas.trouble() == set()
    assert klinik.sql(ACTIVITIES) == []
    assert jobs(klinik, ids) == [("success", 0)]
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert antrean.held() == klinik.numbers("nomor_antrean", ids)
