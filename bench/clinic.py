"""What is measured: the demo clinic with a queue made by SQL, and the servers that work it off."""

import os
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg2

from system_tests.programs import Odoo, Simulator, copied_database, demo_clinic, sql

LOGS = Path(os.environ["ODOO_CONF"]).parent
POLL_SECONDS = 0.05
PATIENCE = 120  # seconds without any progress until a measurement is given up
TROUBLE_FROM = "0001000000090"  # cards of the simulator's members who always meet a fault

TODAY = "(now() AT TIME ZONE 'Asia/Jakarta')::date"  # at the demo clinic

# Every member in every poli of a company, on one day after the other.
ENTRIES = f"""
    INSERT INTO antrean_antrean
           (company_id, tanggal, pasien_id, ruangan_id, jadwal_id, penjamin_id, state, sumber,
            kunjungan_sakit, angka_antrean, nomor_antrean, create_uid, create_date)
    SELECT ruangan.company_id, tanggal, pasien.id, ruangan.id, jadwal.id, penjamin.id, 'menunggu',
           'loket', true, angka, ruangan.kode_antrean || '-' || angka, 1, now() AT TIME ZONE 'UTC'
      FROM generate_series(1, %(entries)s) AS day
     CROSS JOIN LATERAL (SELECT {TODAY} + %(after_days)s + day AS tanggal) AS date
     CROSS JOIN antrean_ruangan ruangan
     CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) AS angka
                   FROM res_partner WHERE no_kartu_bpjs < %(trouble_from)s) AS pasien
     CROSS JOIN (SELECT id FROM antrean_penjamin WHERE is_bpjs) AS penjamin
      JOIN LATERAL (SELECT id FROM antrean_jadwal
                     WHERE ruangan_id = ruangan.id
                       AND hari = (extract(isodow FROM tanggal) - 1)::text
                     LIMIT 1) AS jadwal ON true
     WHERE ruangan.kd_poli_pcare IS NOT NULL AND ruangan.company_id = %(company)s
     ORDER BY tanggal, pasien.id, ruangan.id
     LIMIT %(entries)s
"""
# Both jobs of each entry that has none.
JOBS = """
    INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state, next_try_at,
                          create_uid, create_date)
    SELECT antrean.id, company_id, job_type, layanan, 'pending', now() AT TIME ZONE 'UTC',
           1, now() AT TIME ZONE 'UTC'
      FROM antrean_antrean antrean
     CROSS JOIN (VALUES ('pendaftaran_pcare', 'pcare'),
                        ('tambah_antrean_fktp', 'antrean_fktp')) AS kind (job_type, layanan)
     WHERE NOT EXISTS (SELECT 1 FROM bpjs_job WHERE antrean_id = antrean.id)
"""
# BPJS's own schedule of each day that has entries, as if it had been asked for already.
SCHEDULES = f"""
    INSERT INTO bpjs_jadwal (company_id, tanggal, kd_poli, kd_dokter, nm_dokter, jam_mulai,
                             jam_selesai, kapasitas, jam_praktek)
    SELECT DISTINCT antrean.company_id, tanggal, kd_poli_antrean, kd_dokter_antrean, dokter.name,
           jam_mulai, jam_selesai, 60,
           to_char(jam_mulai, 'FM00') || ':00-' || to_char(jam_selesai, 'FM00') || ':00'
      FROM antrean_antrean antrean
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
      JOIN antrean_jadwal jadwal ON jadwal.id = antrean.jadwal_id
      JOIN antrean_dokter dokter ON dokter.id = jadwal.dokter_id
     WHERE tanggal >= {TODAY}
    ON CONFLICT DO NOTHING
"""
# So many cards of today, each of another visit as far as the database can tell; Antrean FKTP
# refused every tenth.
CARDS = f"""
    WITH place AS (
        SELECT ruangan.company_id, ruangan.id, kode_antrean, jadwal.id AS jadwal_id
          FROM antrean_ruangan ruangan
          JOIN antrean_jadwal jadwal ON jadwal.ruangan_id = ruangan.id
         WHERE hari = (extract(isodow FROM {TODAY}) - 1)::text
         ORDER BY ruangan.id, jadwal.id LIMIT 1
    ), pasien AS (
        SELECT array_agg(id) AS ids FROM res_partner WHERE no_kartu_bpjs < %(trouble_from)s
    ), entry AS (
        INSERT INTO antrean_antrean
               (company_id, tanggal, pasien_id, ruangan_id, jadwal_id, penjamin_id, state, sumber,
                kunjungan_sakit, angka_antrean, nomor_antrean, nomor_antrean_pcare, menunggu_at,
                create_uid, create_date)
        SELECT place.company_id, {TODAY},
               pasien.ids[1 + n %% cardinality(pasien.ids)], place.id, jadwal_id,
               (SELECT id FROM antrean_penjamin WHERE is_bpjs LIMIT 1), 'menunggu', 'loket', true,
               n, kode_antrean || '-' || n, kode_antrean || n,
               now() AT TIME ZONE 'UTC' - n * interval '15 seconds', 1, now() AT TIME ZONE 'UTC'
          FROM generate_series(1, %(cards)s) AS n, place, pasien
        RETURNING id, company_id, angka_antrean AS n
    )
    INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state, outcome, message,
                          create_uid, create_date)
    SELECT entry.id, company_id, job_type, layanan,
           CASE WHEN is_refused THEN 'failed' ELSE 'success' END,
           CASE WHEN is_refused THEN 'rejected' ELSE 'success' END,
           CASE WHEN is_refused THEN 'Jadwal Dokter tidak ditemukan' END,
           1, now() AT TIME ZONE 'UTC'
      FROM entry
     CROSS JOIN (VALUES ('pendaftaran_pcare', 'pcare'),
                        ('tambah_antrean_fktp', 'antrean_fktp')) AS kind (job_type, layanan)
     CROSS JOIN LATERAL (SELECT layanan = 'antrean_fktp' AND n %% 10 = 0 AS is_refused) AS fate
"""
# Odoo's other scheduled actions, all of which run in a new database at once, for nobody's benefit.
LATER = "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' + interval '1 day'"
DOWN = "UPDATE bpjs_layanan SET down_since = now() AT TIME ZONE 'UTC', down_kind = 'outage'"
# In whole seconds, as Odoo writes and compares moments.
PROBE = "UPDATE bpjs_layanan SET next_probe_at = date_trunc('second', now() AT TIME ZONE 'UTC')"
TRIGGER = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT id, date_trunc('second', now() AT TIME ZONE 'UTC')
      FROM ir_cron WHERE starts_with(cron_name, %s)
"""

LEFT = "SELECT count(*) FROM bpjs_job WHERE next_try_at IS NOT NULL OR lease_until IS NOT NULL"
HELD = f"""
    SELECT pasien.no_kartu_bpjs, antrean.{{}}
      FROM antrean_antrean antrean JOIN res_partner pasien ON pasien.id = antrean.pasien_id
     WHERE tanggal > {TODAY}
     ORDER BY 1, 2
"""


def rows(database, statement, **values):
    """The rows that one statement with named values, a transaction of its own, returns."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def fill(database, entries, company=1, after_days=0):
    """Give the company entries of coming days, each with both jobs due."""
    values = {"entries": entries, "company": company, "after_days": after_days}
    rows(database, ENTRIES, trouble_from=TROUBLE_FROM, **values)
    rows(database, JOBS)
    rows(database, SCHEDULES)


def fill_today(database, cards):
    """Let the board of today have so many cards and no others."""
    rows(
        database,
        f"""
        DELETE FROM bpjs_job WHERE antrean_id IN (
            SELECT id FROM antrean_antrean WHERE tanggal = {TODAY});
        DELETE FROM antrean_antrean WHERE tanggal = {TODAY}
        """,
    )
    rows(database, CARDS, trouble_from=TROUBLE_FROM, cards=cards)
    rows(database, SCHEDULES)
    sql(database, "ANALYZE")


def wake(database, cron_name):
    """Have the scheduled actions of this name run now."""
    sql(database, TRIGGER, cron_name)
    sql("postgres", f"NOTIFY cron_trigger, '{database}'")


class Server(Odoo):
    """An Odoo that tells what it takes of the machine, all its processes together."""

    def __init__(self, database, log, *options, **environment):
        super().__init__(database, log, *options, **environment)
        self.database = database

    def _processes(self):
        server = psutil.Process(self.pid)
        return [server, *server.children(recursive=True)]

    def cpu_seconds(self):
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory_mb(self):
        return sum(process.memory_info().rss for process in self._processes()) / 1e6

    def says(self, text):
        return text in self._log.read_text()


@dataclass
class Drained:
    """How a backlog was worked off."""

    jobs: int
    seconds: float = 0
    cpu_seconds: float = 0
    memory_mb: list = field(default_factory=list)  # from the first job on, at equal distances

    @property
    def jobs_a_second(self):
        return self.jobs / self.seconds

    @property
    def cpu_ms_a_job(self):
        return 1000 * self.cpu_seconds / self.jobs


@contextmanager
def simulators():
    """Both services of BPJS, each a process of its own."""
    with Simulator("pcare").running() as pcare, Simulator("antrean_fktp").running() as antrean:
        yield pcare, antrean


@contextmanager
def backlog(suffix, services, entries, contender, at_once):
    """The name of a database with a backlog made ready for a contender.

    :param int at_once: calls in the air, over both services together
    """
    with demo_clinic(suffix, services) as database:
        sql(database, "UPDATE bpjs_layanan SET concurrency = %s", max(1, at_once // 2))
        sql(database, DOWN)
        contender.prepare(database)
        sql(database, LATER)
        fill(database, entries)
        sql(database, "ANALYZE")
        yield database


def drain(database, contender, services, latency, hosts=1):
    """Have the contender send what is due in a copy of the database, and compare the books.

    The time runs from the moment that BPJS is well again until the last answer is written down.

    :param float latency: seconds that BPJS takes for each call
    :param int hosts: servers that work on it
    """
    with copied_database("run", of=database) as copy:
        for service in services:
            service.reset()
            service.answer_after(latency)
        with ExitStack() as up:
            servers = [up.enter_context(serving(copy, contender, n)) for n in range(hosts)]
            drained = watch(servers, contender)
        compare(copy, services)
    return drained


@contextmanager
def serving(database, contender, number=0):
    """One of the contender's servers, ready to work."""
    log = LOGS / f"{contender.addon or 'antrean_bpjs'}-{number}.log"
    log.unlink(missing_ok=True)
    with Server(database, log, *contender.options, **contender.environment).running() as server:
        contender.wait_until_ready(server)
        yield server


def watch(servers, contender):
    """Start the first of the servers on what is due, and see how long they all take."""
    database = servers[0].database
    drained = Drained(jobs=count_left(database))
    contender.start(servers[0])
    start, cpu_before = time.monotonic(), sum(server.cpu_seconds() for server in servers)
    left, moved, sampled = drained.jobs, start, start
    while left:
        time.sleep(POLL_SECONDS)
        now, before = time.monotonic(), left
        if (left := count_left(database)) != before:
            moved = now
        if now - moved > PATIENCE:
            raise TimeoutError(f"{contender.name} left {left} jobs: see {LOGS}")
        if now - sampled > 1:
            sampled = now
            drained.memory_mb.append(sum(server.memory_mb() for server in servers))
    drained.seconds = time.monotonic() - start
    drained.cpu_seconds = sum(server.cpu_seconds() for server in servers) - cpu_before
    return drained


def count_left(database):
    [(left,)] = sql(database, LEFT)
    return left


def compare(database, services):
    """Stop unless BPJS has each entry exactly once, under the number that the clinic knows."""
    pcare, antrean = services
    for service, column in ((pcare, "nomor_antrean_pcare"), (antrean, "nomor_antrean")):
        numbers = sql(database, HELD.format(column))
        if service.held() != numbers:
            raise AssertionError(f"{service.service} does not hold what the clinic has sent")
