import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...bpjs import pcare
from ...bpjs.daftar import Daftar
from ...bpjs.errors import UnreadableError
from ...bpjs.outcome import SUCCESS, UNKNOWN, Outcome
from ...bpjs.pcare import PCARE
from ...bpjs.reason import NO_VISIT
from ...database import Clock, in_transaction, now
from ...words import told
from ..antrean.antrean_ruangan import RAWAT_JALAN
from ..job.flight import Flight
from ..job.run import MAX_IN_FLIGHT
from .selisih import BATAL, Milik, settled

_logger = logging.getLogger(__name__)

LONGEST_LOOKUP = timedelta(seconds=90)  # of one day; Odoo ends a scheduled action after 120
PROGRESS_SECONDS = 1  # between two notes of how far a look-up is

# Everything that PCare may have of a clinic's day, and what a change of it shows in. Who has booked
# with Mobile JKN is due at PCare from the job on, which they get when they are there.
ENTRIES = """
    SELECT antrean.id, pasien.no_kartu_bpjs, ruangan.kd_poli_pcare, antrean.nomor_antrean_pcare,
           antrean.state = 'batal',
           antrean.sumber != 'mobile_jkn' OR bool_or(job.job_type = 'pendaftaran_pcare'),
           bool_or(job.state = 'sending'),
           max(job.request->'body'->>'noKartu') FILTER (WHERE job.job_type = 'pendaftaran_pcare'),
           max(job.request->'body'->>'kdPoli') FILTER (WHERE job.job_type = 'pendaftaran_pcare'),
           bool_or(job.job_type = 'tambah_antrean_fktp'
                   AND (job.state = 'success' OR job.outcome = 'outdated')
                   AND (job.request->'body'->>'kodedokter')::int != dokter.kd_dokter_antrean),
           array_agg((job.job_type, job.state, job.sent_at, job.done_at)::text
                     ORDER BY job.job_type) FILTER (WHERE job.id IS NOT NULL)
      FROM antrean_antrean antrean
      JOIN antrean_penjamin penjamin ON penjamin.id = antrean.penjamin_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      LEFT JOIN antrean_jadwal jadwal ON jadwal.id = antrean.jadwal_id
      LEFT JOIN antrean_dokter dokter ON dokter.id = jadwal.dokter_id
      LEFT JOIN bpjs_job job ON job.antrean_id = antrean.id
     WHERE antrean.company_id = %s AND antrean.tanggal = %s
       AND penjamin.is_bpjs AND ruangan.jenis_kunjungan = %s
     GROUP BY antrean.id, pasien.id, ruangan.id
"""


class Stopped(Exception):
    """A page could not be had."""

    def __init__(self, outcome):
        super().__init__()
        self.outcome = outcome


def look_up(call, tanggal, daftar, expected):
    """Read PCare's list of a day into `daftar` and return what ended that: a success, or what kept
    it from being read to its end. Its thread knows no ORM.
    """

    def ask(start):
        exchange = call(pcare.pendaftaran_list(tanggal, start, pcare.PAGE))
        if exchange.outcome.kind != SUCCESS:
            raise Stopped(exchange.outcome)
        return exchange.result.response

    try:
        daftar.read(ask, expected)
    except UnreadableError as error:
        return Outcome(UNKNOWN, reason=error.reason)
    except Stopped as stopped:
        return stopped.outcome
    if daftar.unreadable:
        return Outcome(UNKNOWN, reason=NO_VISIT)
    return Outcome(SUCCESS)


class BpjsHarian(models.Model):
    """Looking a day up at PCare, and keeping what differs."""

    _inherit = "bpjs.harian"

    def _look_up_next(self):
        """Look up the latest day of each company that is asked for, all at the same time.

        It commits; no transaction is open while PCare thinks.
        """
        flights = in_transaction(self.env, self._claim)
        with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="bpjs") as pool:
            in_flight = {
                pool.submit(flight.run): (harian, daftar, before)
                for harian, daftar, before, flight in flights
            }
            while in_flight:
                landed = wait(in_flight, PROGRESS_SECONDS, FIRST_COMPLETED).done
                for future in landed:
                    harian, *found = in_flight.pop(future)
                    harian._land(future, *found)
                in_transaction(self.env, self._note_progress, list(in_flight.values()))

    def _claim(self):
        """Take the next day of each company, and note what is here before PCare is asked."""
        waiting = self.search([("state", "in", ("antre", "jalan"))], order="tanggal desc, id")
        claimed = []
        for days in waiting.grouped("company_id").values():
            try:
                with self.env.cr.savepoint():
                    claimed += days._claim_first()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:  # one clinic's trouble is its own
                _logger.exception("The comparison of day %s could not be begun", days[:1].id)
                days._fail()
        return claimed

    def _claim_first(self):
        """Take the first of these days of a company, or none of them where nobody is to be asked.

        :returns: [(day, its list, the entries, the flight)]
        """
        harian, company = self[:1], self.company_id
        layanan = self.env["bpjs.layanan"]._of(company, PCARE)
        obstacle = layanan._obstacle(company)
        if obstacle or layanan.down_since:
            self.write({"state": "terputus", "message": obstacle or layanan.down_message})
            return []
        harian.write({"state": "jalan", "dibaca": 0, "jumlah": 0})
        daftar, before = Daftar(), harian._entries()
        return [(harian, daftar, before, harian._flight(layanan, daftar, before))]

    def _flight(self, layanan, daftar, before):
        clock = Clock(self.env)
        expected = {milik.visits[0] for milik in before if milik.nomor and not milik.is_cancelled}
        return Flight(
            layanan_id=layanan.id,
            client=layanan._client(),
            clock=clock,
            until=clock.now() + LONGEST_LOOKUP,
            fly=partial(look_up, tanggal=self.tanggal, daftar=daftar, expected=expected),
        )

    def _note_progress(self, in_flight):
        for harian, daftar, _before in in_flight:
            harian.write({"dibaca": len(daftar.rows), "jumlah": daftar.count})

    def _land(self, future, daftar, before):
        """Keep what was found; what goes wrong with one day must not cost another its result."""
        try:
            in_transaction(self.env, self._settle, future, daftar, before)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The comparison of day %s could not be kept", self.id)
            in_transaction(self.env, self._fail)

    def _fail(self):
        message = self.env._("The comparison could not be kept. Odoo's log says why.")
        self.write({"state": "terputus", "message": message})

    def _settle(self, future, daftar, before):
        outcome = self.env["bpjs.engine"]._outcome(future)
        is_whole = outcome.kind == SUCCESS
        if outcome.scope == "service" and outcome.kind != SUCCESS:
            self.env["bpjs.layanan"]._of(self.company_id, PCARE)._suspect()
        rows = daftar.rows
        differences, agreed = settled(before, self._entries(), rows, is_whole)
        self.baris_ids.unlink()
        self.env["bpjs.harian.baris"]._keep(self, differences)
        env = self.with_context(lang=self.company_id._antrean_lang()).env
        self.write(
            {
                "state": "selesai" if is_whole else "terputus",
                "message": not is_whole and self._why_incomplete(env, outcome, daftar),
                "diperiksa_at": now(self.env),
                "dibaca": len(rows),
                "jumlah": daftar.count,
                "jumlah_sama": agreed,
            }
        )
        faskes = self.env["bpjs.faskes"]._of(self.company_id)
        if faskes.tarik_otomatis:
            self.baris_ids.filtered(lambda baris: baris.jenis == BATAL)._take_back_by_itself()

    @staticmethod
    def _why_incomplete(env, outcome, daftar):
        return env._(
            "%(message)s. Read were %(read)s of %(count)s rows, so what is only here cannot be "
            "told. Compare again.",
            message=told(env, outcome),
            read=len(daftar.rows),
            count=daftar.count,
        )

    def _entries(self):
        """Return the day's entries that BPJS pays, as `selisih.Milik`."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(ENTRIES, self.company_id.id, self.tanggal, RAWAT_JALAN))
        return [
            Milik(
                antrean_id=antrean_id,
                no_kartu=no_kartu or "",
                kd_poli=kd_poli or "",
                nomor=nomor or "",
                is_cancelled=is_cancelled,
                is_due=bool(is_due),
                is_in_the_air=bool(is_in_the_air),
                told=(told_card, told_poli) if told_card and told_poli else None,
                has_other_doctor=bool(has_other_doctor),
                version=tuple(version or ()),
            )
            for (
                antrean_id,
                no_kartu,
                kd_poli,
                nomor,
                is_cancelled,
                is_due,
                is_in_the_air,
                told_card,
                told_poli,
                has_other_doctor,
                version,
            ) in rows
        ]
