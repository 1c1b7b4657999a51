"""Testing the connection while BPJS is slow."""

import time
from concurrent.futures import ThreadPoolExecutor

OPEN_FOR_LONG = """
    SELECT state, query FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND clock_timestamp() - xact_start > interval '0.3 s'
"""


def test_no_transaction_is_open_while_bpjs_thinks(klinik, pcare, antrean):
    pcare.answer_after(seconds=2)
    antrean.answer_after(seconds=2)
    facilities = klinik.admin.call("bpjs.faskes", "search", [])
    started, looks, left_open = time.monotonic(), 0, []
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(klinik.admin.call, "bpjs.faskes", "diagnose", facilities)
        while not report.done():
            left_open += klinik.sql(OPEN_FOR_LONG)
            looks += 1
            time.sleep(0.05)
    assert {service["works"] for service in report.result()} == {True}
    assert time.monotonic() - started >= 2
    assert looks > 5
    assert left_open == []
