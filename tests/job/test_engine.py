import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from psycopg2.extras import Json

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.outcome import SUCCESS, UNKNOWN, UNSENT, Outcome
from ...bpjs.pcare import PCARE
from ...bpjs.reason import NO_PROVIDER
from ...bpjs.referensi import Praktek, Rows
from ...jobs import JOB_TYPES
from ...models.job import bpjs_engine, bpjs_job_limits
from ...models.job.bpjs_engine import RUN_SECONDS
from ...models.job.bpjs_job import BROKEN
from ..common import (
    DITOLAK_ANTREAN,
    DITOLAK_PCARE,
    SKRINING,
    SUDAH_TERDAFTAR,
    TIDAK_AKTIF,
    A,
    EngineCase,
    P,
)

CLAIM = "odoo.addons.antrean_bpjs.models.job.bpjs_engine_claim"


@tagged("post_install", "-at_install")
class TestEngine(EngineCase):
    """A job's life against the simulator, over real HTTP."""

    def _retry_after(self, *seconds):
        return patch.object(bpjs_job_limits, "RETRY_SECONDS", seconds)

    # Arrived

    def test_registration_reaches_both_services(self):
        antrean = self._daftarkan(self._pasien(1))
        self.assertEqual(self._statuses(antrean), ("processing", "processing"))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        book = self.simulator.book()
        [pendaftaran], [entry] = book["pendaftaran"], book["antrean"]
        self.assertEqual(antrean.nomor_antrean_pcare, pendaftaran["noUrut"])
        self.assertEqual(pendaftaran["noKartu"], antrean.pasien_id.no_kartu_bpjs)
        self.assertEqual(entry["nomorantrean"], antrean.nomor_antrean)

    def test_one_registered_by_hand_is_adopted(self):
        antrean = self._daftarkan(self._pasien(SUDAH_TERDAFTAR))
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
        self.assertEqual(self._registered(antrean), [antrean.nomor_antrean_pcare])

    def test_unknown_clinic_of_a_member_is_asked_for(self):
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta=False))
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
        self.assertEqual(antrean.pasien_id.kd_provider_peserta, "0001R001")

    def test_the_clinic_of_another_member_is_none(self):
        theirs = {"noKartu": "0001000000077", "kdProviderPst": {"kdProvider": "0002R002"}}
        said = {"code": 200, "message": "OK", "response": theirs, "encrypted": True}
        self.simulator.fault(PCARE, "say", path="/peserta/*", **said)
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta=False))
        self._run_engine()
        self.assertFalse(antrean.pasien_id.kd_provider_peserta)
        self.assertEqual(self._job(antrean, P).reason, NO_PROVIDER)
        self.assertEqual(self._posts(), 0)

    def test_a_card_that_pcare_does_not_know_is_refused(self):
        antrean = self._daftarkan(self._pasien(999, kd_provider_peserta=False))
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "gagal")
        self.assertTrue(antrean.error_pendaftaran_pcare)
        self.assertEqual(self._posts(), 0)

    # Refused

    def test_refusals_fail_with_the_words_of_bpjs(self):
        cases = [
            (DITOLAK_PCARE, "gagal", "ok", P, "noKartu: "),
            (DITOLAK_ANTREAN, "ok", "gagal", A, "Jadwal Dokter tidak ditemukan"),
            (TIDAK_AKTIF, "gagal", "gagal", P, "Pasien tidak aktif"),
            (SKRINING, "gagal", "gagal", A, "Anda belum melakukan skrining kesehatan"),
        ]
        for member, status_p, status_a, job_type, words in cases:
            with self.subTest(member=member):
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                self.assertEqual(self._statuses(antrean), (status_p, status_a))
                self.assertIn(words, antrean[f"error_{job_type}"])

    def test_refused_data_is_not_sent_again(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_PCARE))
        self._run_engine()
        self._run_engine()
        self.assertEqual(self._posts(), 1)
        self.assertFalse(self._job(antrean, P).next_try_at)

    def test_missing_screening_is_tried_again_later(self):
        antrean = self._daftarkan(self._pasien(SKRINING))
        before = fields.Datetime.now()
        self._run_engine()
        self.assertGreater(self._job(antrean, P).next_try_at, before + timedelta(minutes=15))

    def test_what_cannot_be_sent_is_said_without_a_call(self):
        antrean = self._daftarkan(self._pasien(1, no_kartu_bpjs=False), penjamin_id=self.bpjs.id)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("gagal", "gagal"))
        self.assertIn(antrean.pasien_id.name, antrean.error_pendaftaran_pcare)
        self.assertEqual(self.simulator.book()["calls"], {})

    @mute_logger("odoo.addons.antrean_bpjs.models.job.bpjs_job_claim")
    def test_an_odd_entry_does_not_hold_up_the_others(self):
        odd, sound = self._daftarkan(self._pasien(1)), self._daftarkan(self._pasien(2))
        request = type(JOB_TYPES[P]).request

        def stumbling(job_type, antrean):
            return antrean.id // 0 if antrean == odd else request(job_type, antrean)

        with patch.object(type(JOB_TYPES[P]), "request", stumbling):
            self._run_engine()
        self.assertEqual(self._statuses(odd), ("gagal", "ok"))
        self.assertEqual(self._statuses(sound), ("ok", "ok"))

    @mute_logger(CLAIM, "odoo.sql_db")
    def test_an_odd_job_fails_alone(self):
        """Whatever the claim stumbles over, in Python or in PostgreSQL."""
        cases = {
            "an unknown key": {"outcome": UNKNOWN, "request": {"method": "POST", "colour": "red"}},
            "no request at all": {"outcome": UNKNOWN, "request": ["POST"]},
            "a type that is gone": {"job_type": "lama"},
        }
        sound = self._daftarkan(self._pasien(1))
        for number, (case, odd_vals) in enumerate(cases.items(), 2):
            with self.subTest(case):
                antrean = self._daftarkan(self._pasien(number))
                job = self._job(antrean, P)
                self._make_odd(job, **odd_vals)
                self._run_engine()
                self.assertEqual(job.state, "failed")
                self.assertIn(f"BPJS job {job.id}", job.message)
                self.assertFalse(job.next_try_at)
                self.assertEqual(job.outcome, odd_vals.get("outcome", BROKEN))
                self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
        self.assertEqual(self._statuses(sound), ("ok", "ok"))
        self.assertEqual(self._posts(), 1, "what may have arrived is not sent blindly")

    def test_what_postgresql_does_not_take_fails_alone(self):
        odd, sound = self._daftarkan(self._pasien(1)), self._daftarkan(self._pasien(2))
        prepare = type(odd.job_ids)._prepare

        def with_nul(job):
            request, missing = prepare(job)
            odd_body = {"keluhan": "\0"} if job.antrean_id == odd else {}
            return replace(request, body=request.body | odd_body), missing

        with patch.object(type(odd.job_ids), "_prepare", with_nul), self.assertLogs(CLAIM, "ERROR"):
            self._run_engine()
        self.assertEqual(self._statuses(odd), ("gagal", "gagal"))
        self.assertEqual(self._statuses(sound), ("ok", "ok"))

    def _make_odd(self, job, **vals):
        """As an older or newer version of the addon, or an administrator's SQL, may leave it."""
        self.env.flush_all()
        for name, value in vals.items():
            value = Json(value) if isinstance(value, dict | list) else value
            column = SQL.identifier(name)
            self.env.cr.execute(
                SQL("UPDATE bpjs_job SET %s = %s WHERE id = %s", column, value, job.id)
            )
        self.env.invalidate_all()

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_a_run_that_fails_still_writes_down_what_is_in_the_air(self):
        self.simulator.settings(latency_ms=300)
        antrean = self._daftarkan(self._pasien(1))
        engine = type(self.env["bpjs.engine"])
        claim, claims = engine._claim, []

        def failing(self, limit, answered=None):
            claims.append(limit)
            return claim(self, limit, answered) if len(claims) == 1 else self.env.cr.execute("?")

        with patch.object(engine, "_claim", failing), mute_logger("odoo.sql_db"):
            self.env["bpjs.engine"]._crons()[0]
            with self.enter_registry_test_mode():
                self.env.ref("antrean_bpjs.ir_cron_bpjs_1").method_direct_trigger()
        self.assertEqual(len(claims), 2)
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    # Answers that were lost

    def test_lost_answers_are_looked_up_and_never_doubled(self):
        self.simulator.settings(detect_duplicates=False)
        faults = ["drop_after", "empty_after", "html_502_after", "wrong_encryption"]
        for member, fault in enumerate(faults, 1):
            with self.subTest(fault=fault), self._retry_after(0):
                self.simulator.fault(PCARE, fault, methods=["POST"])
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
                self.assertEqual(self._registered(antrean), [antrean.nomor_antrean_pcare])

    def test_a_late_effect_is_looked_up(self):
        self.simulator.settings(detect_duplicates=False)
        self.layanan_pcare.read_timeout = 0.5
        self.simulator.fault(PCARE, "delay", seconds=1.5, methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with self._retry_after(2):
            self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
        self.assertEqual(self._posts(), 1)

    def test_what_did_not_arrive_is_sent_again(self):
        for member, fault in enumerate(["drop_before", "html_502", "empty"], 1):
            with self.subTest(fault=fault), self._retry_after(0):
                self.layanan_pcare.settling_seconds = 0
                self.simulator.fault(PCARE, fault, methods=["POST"])
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
                self.assertEqual(len(self.simulator.book()["pendaftaran"]), member)

    def test_nothing_is_sent_again_before_bpjs_has_settled(self):
        self.simulator.fault(PCARE, "drop_before", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with self._retry_after(0, 3600):
            self._run_engine()
        self.assertEqual(self._job(antrean, P).state, "unknown")
        self.assertEqual(antrean.status_pendaftaran_pcare, "processing")
        self.assertEqual(self._posts(), 1)

    def test_the_second_add_is_the_check_of_antrean(self):
        for member, fault in enumerate(["drop_after", "drop_before", "html_502"], 1):
            with self.subTest(fault=fault), self._retry_after(0):
                self.simulator.fault(ANTREAN, fault, methods=["POST"])
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
                self.assertEqual(len(self.simulator.book()["antrean"]), member)

    def test_no_answer_at_all_ends_as_failed_and_unknown(self):
        self.simulator.fault(PCARE, "drop_before", times=99, methods=["POST"])
        self.layanan_pcare.write({"settling_seconds": 0, "max_attempts": 2})
        antrean = self._daftarkan(self._pasien(1))
        with self._retry_after(0):
            self._run_engine()
        job = self._job(antrean, P)
        self.assertEqual((job.state, job.outcome), ("failed", UNKNOWN))

    def test_a_dead_worker_leaves_an_unknown_outcome(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._claim(timedelta(seconds=-1))
        self.assertEqual(job.state, "sending")
        self.layanan_pcare.settling_seconds = 3600
        with self._retry_after(3600):
            self._run_engine()
        self.assertEqual(job.state, "unknown")
        self.assertEqual(
            self._posts(), 0, "It may have arrived: nothing is sent before the look-up"
        )

    def test_status_never_goes_backwards(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._claim(timedelta(minutes=1))
        late = job.attempt_id
        job._expire_leases()
        job._settle(late, [], Outcome(UNKNOWN, "late"))
        self.assertEqual(job.state, "unknown")
        job._settle(late, [], Outcome(SUCCESS, "", data={"no_urut": "A7"}))
        self.assertEqual((job.state, antrean.nomor_antrean_pcare), ("success", "A7"))
        job._settle(late, [], Outcome("rejected", "no"))
        self.assertEqual(job.state, "success")

    # The service

    def test_an_outage_costs_no_try_and_drains_by_itself(self):
        self.simulator.fault(PCARE, "refuse", seconds=2)
        antreans = self._daftarkan(self._pasien(1)) + self._daftarkan(self._pasien(2))
        with patch("odoo.addons.antrean_bpjs.models.faskes.bpjs_gangguan.PROBE_SECONDS", (3600,)):
            self._run_engine()
        self.assertEqual(set(antreans.mapped("status_pendaftaran_pcare")), {"processing"})
        self.assertEqual(set(antreans.job_ids.mapped("attempt_count")), {0})
        self.assertEqual(self.layanan_pcare.down_kind, "outage")
        self.assertEqual(self.layanan_pcare.failures, 1, "Two refused calls put the probe off once")
        self.layanan_pcare._probe_now()
        self.layanan_antrean._probe_now()
        with patch("odoo.addons.antrean_bpjs.models.faskes.bpjs_gangguan.PROBE_SECONDS", (1,)):
            self._run_engine()
        self.assertFalse(self.layanan_pcare.down_since)
        self.assertEqual(set(antreans.mapped("status_pendaftaran_pcare")), {"ok"})
        self.assertEqual(len(self.simulator.book()["pendaftaran"]), 2)

    def test_three_lost_answers_in_a_row_mark_the_service_down(self):
        self.simulator.fault(PCARE, "drop_before", times=99)
        for member in range(1, 4):
            self._daftarkan(self._pasien(member))
        with self._retry_after(3600):
            self._run_engine()
        self.assertTrue(self.layanan_pcare.down_since)

    def test_wrong_secret_stops_the_service_and_tells_the_administrators(self):
        self.faskes.secret = "salah"
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("processing", "processing"))
        self.assertEqual(antrean.job_ids.mapped("attempt_count"), [0, 0])
        self.assertEqual(self._posts(), 1, "No retry storm")
        self.assertEqual(set(self.faskes.layanan_ids.mapped("down_kind")), {"misconfigured"})
        activities = self.faskes.activity_ids
        self.assertEqual(activities.user_id, self.faskes._admins())
        self.assertEqual(len(activities), len(activities.user_id))

        self.faskes.secret = "rahasia-simulator"
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertFalse(self.faskes.activity_ids)

    def test_a_slow_service_does_not_hold_up_the_other(self):
        self.simulator.fault(PCARE, "delay", seconds=3, methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        done = {job.job_type: job.attempt_ids for job in antrean.job_ids}
        self.assertGreater(done[P].duration_ms, 2500)
        self.assertLess(done[A].duration_ms, 2500)
        self.assertLess(abs(done[P].started_at - done[A].started_at), timedelta(seconds=1))

    def test_no_more_calls_at_once_than_the_service_takes(self):
        self.layanan_pcare.concurrency = 2
        for member in range(1, 5):
            self._daftarkan(self._pasien(member))
        flights = self.env["bpjs.engine"]._claim(64)
        pcare = [flight for flight in flights if flight.layanan_id == self.layanan_pcare.id]
        self.assertEqual(len(pcare), 2)

    def test_an_answered_call_makes_room_before_it_is_settled(self):
        self.faskes.layanan_ids.concurrency = 1
        for member in (1, 2, 3):
            self._daftarkan(self._pasien(member))
        self.env.flush_all()
        pcare = self.layanan_pcare.id
        for answered, flights in (({}, 1), ({}, 0), ({pcare: 1}, 1)):
            with self.subTest(answered=answered, flights=flights):
                claimed = self.env["bpjs.engine"]._claim(64, answered)
                self.assertEqual([each.layanan_id for each in claimed].count(pcare), flights)

    def test_only_what_changes_a_badge_is_told_to_the_boards(self):
        self._daftarkan(self._pasien(1))
        messages = self.env["bus.bus"].sudo()
        news = [("message", "like", "antrean_bpjs.board")]
        self.env.cr.precommit.run()
        messages.search(news).unlink()
        flights = self.env["bpjs.engine"]._claim(64)
        self.env.cr.precommit.run()
        self.assertEqual(messages.search_count(news), 0, "it is processing before and after")
        future = Future()
        future.set_result(flights[0].run())
        self.env["bpjs.engine"]._settle([(flights[0], future)])
        self.env.cr.precommit.run()
        self.assertEqual(messages.search_count(news), 1)

    def test_jobs_that_are_claimed_together_cost_no_query_each(self):
        self._register_with_a_doctor_each(7)
        for layanan in self.faskes.layanan_ids:
            with self.subTest(layanan.kode):
                claimed = []

                def claim(limit, layanan=layanan, claimed=claimed):
                    claimed.extend(self.env["bpjs.engine"]._claim_jobs(layanan, limit))

                self._queries_of(claim, 1)  # what Odoo reads once in its life
                queries = self._queries_of(claim, 1)
                self.assertEqual(self._queries_of(claim, 5), queries)
                self.assertEqual(len(claimed), 7)

    def test_answers_that_came_together_cost_no_query_each(self):
        self._register_with_a_doctor_each(7)
        settle = self.env["bpjs.engine"]._settle
        landed = {layanan.id: [] for layanan in self.faskes.layanan_ids}
        for flight in self.env["bpjs.engine"]._claim(64):
            future = Future()
            future.set_result(flight.run())
            landed[flight.layanan_id].append((flight, future))
        for layanan in self.faskes.layanan_ids:
            with self.subTest(layanan.kode):
                warm, first, *others = landed[layanan.id]
                self.assertEqual(len(others), 5)
                self._queries_of(settle, [warm])
                queries = self._queries_of(settle, [first])
                self.assertEqual(self._queries_of(settle, others), queries)
        arrived = [("company_id", "=", self.company.id), ("state", "=", "success")]
        self.assertEqual(self.env["bpjs.job"].search_count(arrived), 14)

    def _register_with_a_doctor_each(self, members):
        self.faskes.layanan_ids.concurrency = 64
        doctors = {11200 + member: f"dr. Contoh {member}" for member in range(1, members + 1)}
        hours = {"kd_poli": "001", "jam": "07:00-14:00"}
        self.simulator.reference(
            dokter=doctors, jadwal=[hours | {"kd_dokter": kode} for kode in doctors]
        )
        praktek = Rows(Praktek(kode, name, hours["jam"], 60) for kode, name in doctors.items())
        today = self.company._antrean_today()
        self.env["bpjs.jadwal"]._keep(self.company, today, {"001": praktek})
        for member, (kode, name) in enumerate(doctors.items(), 1):
            dokter = self.dokter.copy({"name": name, "kd_dokter_antrean": kode})
            jadwal = {
                "ruangan_id": self.poli.id,
                "dokter_id": dokter.id,
                "hari": str(today.weekday()),
            }
            jadwal = self.env["antrean.jadwal"].create(jadwal | {"jam_mulai": 7, "jam_selesai": 14})
            self._daftarkan(self._pasien(member), jadwal_id=jadwal.id)

    def test_looking_for_work_reads_no_job_that_is_done(self):
        """Of jobs that are done there are millions one day; each look must find an index."""
        self._daftarkan(self._pasien(1))
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")  # even a table as small as here
        self.env.cr.execute("DISCARD PLANS")  # also of foreign keys, made in earlier tests
        engine, jobs = self.env["bpjs.engine"], self.env["bpjs.job"]
        looks = {
            "next": engine._next_at,
            "claim": lambda: engine._claim(64),
            "waiting": self.layanan_pcare._count_waiting,
            "followers": jobs._wake_waiting,
            "failed": lambda: jobs.search_count([("state", "=", "failed")]),
            "attempts": lambda: jobs.search_count([("attempt_id", "=", 1)]),
        }
        for name, look in looks.items():
            with self.subTest(name):
                before = self._whole_reads()
                look()
                self.assertEqual(self._whole_reads(), before)

    def _whole_reads(self):
        """How often this transaction has read the table of jobs from end to end."""
        self.env.cr.execute(
            "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'bpjs_job'"
        )
        return self.env.cr.fetchone()[0]

    # The source is read again at sending time

    def test_a_run_whose_time_is_up_leaves_the_rest_to_the_next(self):
        self._daftarkan(self._pasien(1))
        self.env.flush_all()
        engine = self.env["bpjs.engine"]
        self.assertTrue(engine._is_due_before(time.monotonic() + 1))
        self.assertFalse(engine._is_due_before(time.monotonic() - 1), "it would never end")

    def test_all_workers_drain_what_an_outage_has_held_up(self):
        crons, triggers = self.env["bpjs.engine"]._crons(), self.env["ir.cron.trigger"]
        self.layanan_pcare._judge(Outcome(UNSENT, "Connection refused", "service"))
        self.assertTrue(self.layanan_pcare.down_since)
        triggers.search([("cron_id", "in", crons.ids)]).unlink()
        self.layanan_pcare._judge(Outcome(SUCCESS, ""))
        self.assertFalse(self.layanan_pcare.down_since)
        self.assertEqual(triggers.search([("cron_id", "in", crons.ids)]).cron_id, crons)

    def test_scheduled_actions_never_pause_at_the_same_time(self):
        engine = self.env["bpjs.engine"]
        engines = [engine.with_context(cron_id=cron.id) for cron in engine._crons()]
        for now in (0, 0.1, 2.5, 4.9, 5, 7, 9.9):
            with self.subTest(now=now), patch.object(bpjs_engine.time, "time", return_value=now):
                first, second = (each._seconds_to_run() for each in engines)
                self.assertAlmostEqual((first - second) % RUN_SECONDS, RUN_SECONDS / 2)
                self.assertGreater(min(first, second), bpjs_job_limits.RETRY_SECONDS[0])
                self.assertLess(max(first, second), 2 * RUN_SECONDS)

    def test_a_cancelled_entry_is_not_sent(self):
        antrean = self._daftarkan(self._pasien(1))
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(antrean.job_ids.mapped("state"), ["cancelled", "cancelled"])
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_an_entry_that_is_no_longer_bpjs_is_not_sent(self):
        antrean = self._daftarkan(self._pasien(1))
        antrean.penjamin_id = self.umum
        self._run_engine()
        self.assertEqual(self.simulator.book()["calls"], {})
        self.assertEqual(self._statuses(antrean), (False, False))
        antrean.penjamin_id = self.bpjs
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    # What is kept

    def test_attempts_keep_each_exchange_without_identity_numbers(self):
        self.simulator.fault(PCARE, "fields_412", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        attempts = antrean.job_ids.attempt_ids
        self.assertEqual(sorted(attempts.mapped("http_status")), [200, 412])
        self.assertTrue(all(attempts.mapped("request")))
        kept = str(attempts.with_user(self.admin).read())
        kept += str(antrean.job_ids.with_user(self.admin).read())
        for number in (antrean.pasien_id.no_kartu_bpjs, antrean.pasien_id.nik, "rahasia-simulator"):
            self.assertNotIn(number, kept)
