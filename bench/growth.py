"""The same work beside a million old jobs."""

import time

from bench import contenders, desk
from bench.clinic import LOGS, TODAY, Server, backlog, drain, rows, simulators
from bench.report import Goal, Section, spread
from system_tests.klinik import Klinik
from system_tests.programs import copied_database, sql

OLD_ENTRIES = 500_000  # of two jobs each, with an attempt each
ENTRIES = 1000  # that wait, of two jobs each: enough for the start not to count
CARDS = 300  # on today's board
RESENDS = 29  # of the thirty that the board shows as failed, after a first one
AT_ONCE = 16

HOW = """\
{old:,} old jobs with an attempt each, made by SQL, against none. Claiming and settling: {jobs}
jobs that wait, BPJS answers at once, seconds until all are done. Board: {cards} cards of today,
ms of the server. Resend: ms of one press for an entry whose Antrean FKTP had failed, until the
answer is on the screen."""

# Years of entries in the past, done long ago. `clinic.fill` makes those to come.
OLD = f"""
    WITH entry AS (
        INSERT INTO antrean_antrean
               (company_id, tanggal, pasien_id, ruangan_id, jadwal_id, penjamin_id, state, sumber,
                kunjungan_sakit, angka_antrean, nomor_antrean, create_uid, create_date)
        SELECT one.company_id, {TODAY} - 1 - n / 1000, one.pasien_id, one.ruangan_id,
               one.jadwal_id, one.penjamin_id, 'selesai', 'loket', true, 1 + n %% 1000,
               'A-' || (1 + n %% 1000), 1, now() AT TIME ZONE 'UTC' - n / 1000 * interval '1 day'
          FROM generate_series(1, %(old)s) AS n
          JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS places
                  FROM antrean_antrean) AS one ON one.place = 1 + n %% one.places
        RETURNING id, company_id, create_date
    ), job AS (
        INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state, outcome, sent_at,
                              done_at, request, create_uid, create_date)
        SELECT id, company_id, job_type, layanan, 'success', 'success', create_date, create_date,
               '{{"service": "pcare"}}', 1, create_date
          FROM entry
         CROSS JOIN (VALUES ('pendaftaran_pcare', 'pcare'),
                            ('tambah_antrean_fktp', 'antrean_fktp')) AS kind (job_type, layanan)
        RETURNING id, company_id, create_date
    )
    INSERT INTO bpjs_attempt (job_id, company_id, started_at, duration_ms, method, path,
                              http_status, code, outcome, create_uid, create_date)
    SELECT id, company_id, create_date, 300, 'POST', '/pendaftaran', 200, 200, 'success',
           1, create_date
      FROM job
"""
LINK = """
    UPDATE bpjs_job SET attempt_id = attempt.id
      FROM bpjs_attempt attempt WHERE attempt.job_id = bpjs_job.id AND bpjs_job.attempt_id IS NULL
"""
REFUSED = "SELECT antrean_id FROM bpjs_job WHERE state = 'failed' ORDER BY antrean_id LIMIT %s"


def measure(scale, runs):
    ours = contenders.addon()
    old, entries, resends = (max(2, round(n * scale)) for n in (OLD_ENTRIES, ENTRIES, RESENDS))
    found = {}
    with simulators() as services:
        with backlog("bench", services, entries, ours, AT_ONCE) as database:
            for name in ("empty", "grown"):
                if name == "grown":
                    grow(database, old)
                claims = [drain(database, ours, services, 0).seconds for _ in range(runs)]
                found[name] = {
                    "claim and settle, s": claims,
                    **desk_work(database, services, resends),
                }
    empty, grown = found["empty"], found["grown"]
    return Section(
        "Growth",
        HOW.format(old=2 * old, jobs=2 * entries, cards=CARDS),
        ("work", "empty tables", "grown", "times"),
        [
            [
                work,
                spread(empty[work]),
                spread(grown[work]),
                f"{desk.ratio(grown[work], times):.2f}",
            ]
            for work, times in empty.items()
        ],
        [
            Goal(f"{work}: grown against empty", desk.ratio(grown[work], times), at_most=1.5)
            for work, times in empty.items()
        ],
    )


def grow(database, old):
    rows(database, OLD, old=old)
    sql(database, LINK)
    sql(database, "VACUUM ANALYZE")


def desk_work(database, services, resends):
    """Return the milliseconds of loading the board and of resending, with nothing else to do."""
    log = LOGS / "growth.log"
    log.unlink(missing_ok=True)
    for service in services:
        service.reset()
        service.answer_after(0)
    with copied_database("run", of=database) as copy:
        sql(copy, "UPDATE ir_cron SET active = false")
        sql(copy, "UPDATE bpjs_layanan SET down_since = NULL")
        with Server(copy, log).running() as server:
            klinik = Klinik(server.url, copy)
            board = desk.load(klinik, CARDS, desk.PLAIN | desk.BPJS, desk.LOADS, log)
            times = [resend(klinik, id) for (id,) in sql(copy, REFUSED, resends + 1)]
    return {
        "board, ms": [1000 * seconds for _queries, seconds in board],
        "resend, ms": times[1:],  # the first fills caches
    }


def resend(klinik, antrean_id):
    start = time.perf_counter()
    status = klinik.petugas.resend(antrean_id)
    if status != 200:
        raise AssertionError(f"Resend PCare answers {status}")
    return 1000 * (time.perf_counter() - start)
