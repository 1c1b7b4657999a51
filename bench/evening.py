"""The report beside a year of visits, and the comparison of a day with PCare."""

import time
from datetime import date

from bench import desk
from bench.clinic import LATER, LOGS, TODAY, TROUBLE_FROM, Server, rows, simulators
from bench.report import Goal, Section, spread
from bpjs import pcare as calls
from bpjs.client import Client, Credentials
from simulator.people import OTHERS
from simulator.tests.caller import ACCOUNT, CONS_ID, SECRET, USER_KEYS
from system_tests.klinik import Klinik
from system_tests.programs import demo_clinic, sql

VISITS = 100_000  # of a year, of two jobs each
DAY = 500  # registrations of the day that is compared
PAGE = 15  # rows of PCare's list at once
LATENCY = 0.2  # seconds that PCare takes for a page
LOADS = 15
PATIENCE = 300  # seconds

HOW = """\
Report: ms of the server for its page, of one month and of all twelve, in a clinic of {visits:,}
visits a year. Comparison: seconds from the press to the result, of a day with {day} registrations
that comes in pages of {page}, against the seconds that the same pages take by themselves; PCare
takes {latency:g} s for each."""

YEAR = f"""
    WITH place AS (
        SELECT ruangan.id, ruangan.company_id, kode_antrean, jadwal.id AS jadwal_id,
               row_number() OVER (ORDER BY ruangan.id) - 1 AS place, count(*) OVER () AS places
          FROM antrean_ruangan ruangan
          JOIN LATERAL (SELECT id FROM antrean_jadwal
                         WHERE ruangan_id = ruangan.id LIMIT 1) AS jadwal ON true
         WHERE kd_poli_pcare IS NOT NULL
    ), pasien AS (
        SELECT array_agg(id) AS ids FROM res_partner WHERE no_kartu_bpjs IS NOT NULL
    ), entry AS (
        INSERT INTO antrean_antrean
               (company_id, tanggal, pasien_id, ruangan_id, jadwal_id, penjamin_id, state, sumber,
                kunjungan_sakit, angka_antrean, nomor_antrean, menunggu_at, dipanggil_at,
                diterima_at, selesai_at, create_uid, create_date)
        SELECT company_id, {TODAY} - 1 - n %% 365, pasien.ids[1 + n %% cardinality(pasien.ids)],
               place.id, jadwal_id, (SELECT id FROM antrean_penjamin WHERE is_bpjs LIMIT 1),
               'selesai', CASE n %% 3 WHEN 0 THEN 'loket' WHEN 1 THEN 'kiosk'
                                      ELSE 'mobile_jkn' END,
               true, n, kode_antrean || '-' || n, moment,
               moment + interval '20 minutes', moment + interval '22 minutes',
               moment + interval '30 minutes', 1, moment
          FROM generate_series(1, %(visits)s) AS n, pasien, place,
               LATERAL (SELECT ({TODAY} - 1 - n %% 365) + make_interval(mins => n %% 600)) AS at
                       (moment)
         WHERE place.place = n %% places
        RETURNING id, company_id, create_date
    )
    INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state, outcome, message,
                          attempt_count, done_at, create_uid, create_date)
    SELECT id, company_id, job_type, layanan,
           CASE WHEN id %% 50 = 0 THEN 'failed' ELSE 'success' END,
           'success', CASE WHEN id %% 50 = 0 THEN 'Pasien tidak aktif' END, id %% 2,
           create_date + make_interval(secs => id %% 90), 1, create_date
      FROM entry
     CROSS JOIN (VALUES ('pendaftaran_pcare', 'pcare'),
                        ('tambah_antrean_fktp', 'antrean_fktp')) AS kind (job_type, layanan)
"""
# The day's entries as PCare will be told of them: a member in a poli, under the room's number.
TODAYS = f"""
    WITH entry AS (
        INSERT INTO antrean_antrean
               (company_id, tanggal, pasien_id, ruangan_id, penjamin_id, state, sumber,
                kunjungan_sakit, angka_antrean, nomor_antrean, nomor_antrean_pcare, create_uid,
                create_date)
        SELECT ruangan.company_id, {TODAY}, pasien.id, ruangan.id, penjamin.id, 'selesai', 'loket',
               true, place, kode_antrean || '-' || place, 'N' || pasien.id || '-' || ruangan.id, 1,
               now() AT TIME ZONE 'UTC'
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM res_partner
                 WHERE no_kartu_bpjs < %(trouble_from)s OR no_kartu_bpjs >= %(others_from)s
               ) AS pasien
         CROSS JOIN antrean_ruangan ruangan
         CROSS JOIN (SELECT id FROM antrean_penjamin WHERE is_bpjs LIMIT 1) AS penjamin
         WHERE kd_poli_pcare IS NOT NULL
         LIMIT %(day)s
        RETURNING id, company_id, pasien_id, ruangan_id, nomor_antrean_pcare
    ), job AS (
        INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state, outcome, create_uid,
                              create_date)
        SELECT id, company_id, 'pendaftaran_pcare', 'pcare', 'success', 'success', 1,
               now() AT TIME ZONE 'UTC' FROM entry
    )
    SELECT no_kartu_bpjs, kd_poli_pcare, nomor_antrean_pcare
      FROM entry
      JOIN res_partner pasien ON pasien.id = pasien_id
      JOIN antrean_ruangan ruangan ON ruangan.id = ruangan_id
"""


TODAYS_ENTRIES = f"SELECT id FROM antrean_antrean WHERE tanggal = {TODAY}"


def measure(scale, runs):
    visits, day, loads = (max(2, round(n * scale)) for n in (VISITS, DAY, LOADS))
    log = LOGS / "evening.log"
    log.unlink(missing_ok=True)
    with simulators() as services, demo_clinic("bench", services) as database:
        sql(database, LATER)
        rows(database, YEAR, visits=visits)
        sql(database, "VACUUM ANALYZE")
        with Server(database, log).running() as server:
            klinik = Klinik(server.url, database)
            enter_members(klinik)
            month, year = (report(klinik, log, loads, days) for days in (30, 364))
            pcare, _antrean = services
            compared, alone = zip(*(compare(klinik, pcare, day) for _ in range(runs)), strict=True)
    return Section(
        "The evening",
        HOW.format(visits=visits, day=day, page=PAGE, latency=LATENCY),
        ("work", "measured"),
        [
            ["report of a month, ms", spread(month)],
            ["report of a year, ms", spread(year)],
            ["comparison, s", spread(compared, 2)],
            ["its calls alone, s", spread(alone, 2)],
        ],
        [
            Goal("report of a month", max(month), at_most=1000, unit=" ms"),
            Goal("report of a year", max(year), at_most=1000, unit=" ms"),
            Goal("comparison against its calls", desk.ratio(compared, alone), at_most=1.1),
        ],
    )


def enter_members(klinik):
    """Give the clinic more patients, whom the simulator knows."""
    people = [{"name": one.nama, "no_kartu_bpjs": one.no_kartu, "nik": one.nik} for one in OTHERS]
    klinik.admin.call("res.partner", "create", people)


def report(klinik, log, loads, days):
    """Return the milliseconds of the server for each load of the report's page."""
    call = "antrean.laporan.get_laporan"
    before = len(desk.logged(log, call)) if log.exists() else 0
    [(begin, end)] = klinik.sql(f"SELECT ({TODAY} - {days})::text, {TODAY}::text")
    for _ in range(loads + 1):
        klinik.admin.call("antrean.laporan", "get_laporan", begin, end, "month")
    return [1000 * seconds for _queries, seconds in desk.logged(log, call)[before + 1 :]]


def compare(klinik, pcare, day):
    """Return the seconds of a comparison, and of its calls by themselves."""
    klinik.sql(f"DELETE FROM bpjs_job WHERE antrean_id IN ({TODAYS_ENTRIES})")
    klinik.sql(f"DELETE FROM antrean_antrean WHERE tanggal = {TODAY}")
    pcare.reset()
    others_from = OTHERS[0].no_kartu
    values = {"day": day, "trouble_from": TROUBLE_FROM, "others_from": others_from}
    registered = rows(klinik.database, TODAYS, **values)
    [(today,)] = klinik.sql(f"SELECT {TODAY}::text")
    for no_kartu, kd_poli, no_urut in registered:
        pcare.type_in(no_kartu=no_kartu, tanggal=today, kd_poli=kd_poli, no_urut=no_urut)
    pcare.set(page_size=PAGE)
    pcare.answer_after(LATENCY)
    start = time.perf_counter()
    harian_id = klinik.admin.call("bpjs.harian", "action_bandingkan_hari_ini", [])["res_id"]
    state = "antre"
    while state in ("antre", "jalan"):
        time.sleep(0.02)
        [(state, agreed)] = klinik.sql(
            "SELECT state, jumlah_sama FROM bpjs_harian WHERE id = %s", harian_id
        )
        if time.perf_counter() - start > PATIENCE:
            raise TimeoutError("the comparison does not end")
    seconds = time.perf_counter() - start
    if (state, agreed) != ("selesai", len(registered)):
        raise AssertionError(f"the comparison is {state} with {agreed} of {len(registered)}")
    return seconds, pages_alone(pcare, today, len(registered))


def pages_alone(pcare, today, count):
    """Return the seconds that the same pages take, one after the other."""
    username, password, kd_aplikasi = ACCOUNT.split(":")
    account = Credentials(CONS_ID, SECRET, USER_KEYS["pcare"], username, password, kd_aplikasi)
    client = Client("pcare", pcare.base_url, account, content_type="text/plain")
    start = time.perf_counter()
    for row in range(0, count, PAGE):
        client.send_within(20, calls.pendaftaran_list(date.fromisoformat(today), row, calls.PAGE))
    return time.perf_counter() - start
