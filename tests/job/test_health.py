import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.outcome import LEARNED, MISCONFIGURED, UNKNOWN, Outcome
from ...bpjs.pcare import PCARE
from ...models.faskes import bpjs_gangguan
from ...models.job import bpjs_job_limits
from ...models.job import bpjs_layanan as job_layanan
from ..common import SKRINING, A, EngineCase, P

OTHERS = range(2, 6)


@tagged("post_install", "-at_install")
class HealthCase(EngineCase):
    def setUp(self):
        super().setUp()
        self.layanan_pcare.settling_seconds = 0

    def _retry_after(self, *seconds):
        return patch.object(bpjs_job_limits, "RETRY_SECONDS", seconds)

    def _set_service(self, **vals):
        self.faskes.layanan_ids.write(vals)

    def _age(self, job, **ages):
        """Set moments of a job so long ago."""
        self.env.flush_all()
        for name, ago in ages.items():
            self.env.cr.execute(
                f"UPDATE bpjs_job SET {name} = %s WHERE id = %s",  # pylint: disable=sql-injection
                (fields.Datetime.now() - ago, job.id),
            )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestOneOddVisit(HealthCase):
    """Whatever BPJS answers to one visit, the service is not judged by it."""

    CASES = {  # fault, of which calls of the odd member
        "a look-up of the member fails": ("html_500", {"path": "/peserta/*"}),
        "a look-up of the member is not there": ("html_404", {"path": "/peserta/*"}),
        "a firewall rejects the registration": ("firewall_403", {"methods": ["POST"]}),
        "a firewall says so with 200": ("firewall_200", {"methods": ["POST"]}),
        "a stray page": ("html_404", {"methods": ["POST"]}),
        "too many calls": ("limits_exceeded", {"methods": ["POST"]}),
        "the account, for this one": ("wrong_password", {"methods": ["POST"]}),
        "no answer at all": ("drop_before", {"methods": ["POST"]}),
    }

    def _meet(self, fault, where, **limits):
        """Return an entry of whom each such call fails, and of others who are well."""
        self._set_service(**limits)
        odd = self._daftarkan(self._pasien(1, kd_provider_peserta=False))
        card = odd.pasien_id.no_kartu_bpjs
        self.simulator.fault(PCARE, fault, times=None, about=card, **where)
        others = self.env["antrean.antrean"].union(
            *(self._daftarkan(self._pasien(number)) for number in OTHERS)
        )
        return odd, others

    def test_it_ends_with_its_own_tries_and_the_others_are_through(self):
        for case, (fault, where) in self.CASES.items():
            with self.subTest(case), self.env.cr.savepoint() as savepoint:
                odd, others = self._meet(fault, where, max_attempts=3)
                with (
                    self._retry_after(0, 0),
                    patch.object(
                        type(self.layanan_pcare), "_mark_down", side_effect=AssertionError
                    ),
                ):
                    self._run_engine()
                job = self._job(odd, P)
                self.assertEqual((job.state, job.attempt_count), ("failed", 3))
                self.assertFalse(job.next_try_at)
                self.assertEqual(set(others.mapped("status_pendaftaran_pcare")), {"ok"})
                self.assertEqual(odd.status_tambah_antrean_fktp, "ok")
                self.assertFalse(self.layanan_pcare.next_probe_at)
                savepoint.rollback()
                self.env.invalidate_all()
            self.simulator.reset()

    def test_its_words_are_those_of_bpjs(self):
        odd, _others = self._meet("firewall_403", {"methods": ["POST"]}, max_attempts=2)
        with self._retry_after(0):
            self._run_engine()
        message = self._job(odd, P).message
        self.assertIn("Request Rejected", message)
        self.assertIn("2", message)

    def test_nothing_arrived_where_nothing_was_sent(self):
        odd, _others = self._meet("html_500", {"path": "/peserta/*"}, max_attempts=2)
        with self._retry_after(0):
            self._run_engine()
        job = self._job(odd, P)
        self.assertEqual(job.reason, "not_told")
        self.assertIn("Internal Server Error", job.message)
        self.assertEqual(self._registered(odd), [])

    def test_it_waits_between_its_tries(self):
        odd, _others = self._meet("html_500", {"path": "/peserta/*"})
        before = fields.Datetime.now()
        with self._retry_after(600):
            self._run_engine()
        job = self._job(odd, P)
        self.assertEqual((job.state, job.attempt_count), ("pending", 1))
        self.assertGreater(job.next_try_at, before + timedelta(seconds=470))

    def test_it_is_not_sent_at_once_again_where_staff_press_resend(self):
        odd, _others = self._meet("html_500", {"path": "/peserta/*"})
        with self._retry_after(3600):
            self._run_engine()
            looked_up = self._looked_up()
            with self.enter_registry_test_mode():
                odd.with_user(self.petugas)._resend_pcare()
        self.assertEqual(self._looked_up(), looked_up + 1)

    def _looked_up(self):
        """How often a member was."""
        calls = self.simulator.book()["calls"]
        return sum(times for call, times in calls.items() if "GET /peserta" in call)

    def test_what_bpjs_said_outlives_a_look_up_that_brings_nothing(self):
        self.layanan_pcare.settling_seconds = 3600
        self.simulator.fault(PCARE, "say", code=500, message="Zeta sedang eta", methods=["POST"])
        odd = self._daftarkan(self._pasien(1))
        with self._retry_after(0, 3600):
            self._run_engine()
        job = self._job(odd, P)
        self.assertEqual((job.state, job.attempt_count), ("unknown", 2))
        self.assertIn("Zeta sedang eta", job.message)


@tagged("post_install", "-at_install")
class TestProbe(HealthCase):
    """A service is down only when its probe says so, too."""

    def test_any_success_code_is_a_success(self):
        self.simulator.settings(success_200=True)
        for layanan in self.faskes.layanan_ids:
            layanan._suspect()
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(set(self.faskes.layanan_ids.mapped("down_since")), {False})
        self.assertEqual(set(self.faskes.layanan_ids.mapped("next_probe_at")), {False})

    def test_an_outage_costs_no_try_whatever_it_looks_like(self):
        for number, fault in enumerate(["drop_before", "html_502", "firewall_403", "empty"], 1):
            with self.subTest(fault):
                self.simulator.fault(PCARE, fault, times=None)
                antrean = self._daftarkan(self._pasien(number))
                with (
                    patch.object(bpjs_gangguan, "PROBE_SECONDS", (3600,)),
                    patch.object(bpjs_gangguan, "PROBE_SECONDS_MISCONFIGURED", (3600,)),
                ):
                    self._run_engine()
                job = self._job(antrean, P)
                self.assertTrue(self.layanan_pcare.down_since)
                self.assertEqual((job.attempt_count, job.awaits_probe), (0, False))
                self.assertEqual(antrean.status_pendaftaran_pcare, "processing")
                self.simulator.reset()
                self.layanan_pcare._probe_now()
                self._run_engine()
                self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
                self.assertEqual(job.attempt_count, 0)

    def test_a_verdict_is_not_waited_for_in_vain(self):
        """The worker with the probe has ended without a result."""
        antrean = self._daftarkan(self._pasien(1))
        self.simulator.fault(PCARE, "html_500", times=1, methods=["POST"])
        with self._retry_after(0):
            self.layanan_pcare.next_probe_at = fields.Datetime.now() + timedelta(hours=1)
            self._run_engine()
            job = self._job(antrean, P)
            self.assertTrue(job.awaits_probe)
            self.layanan_pcare.next_probe_at = fields.Datetime.now()
            self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")

    def test_a_probe_answered_late_is_of_no_harm_to_a_job_in_the_air(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._claim(timedelta(minutes=1))
        self.layanan_pcare._mark_up()
        self.assertEqual((job.state, job.attempt_count), ("sending", 0))


@tagged("post_install", "-at_install")
class TestAccount(HealthCase):
    """What concerns the account is told by its own text, and sent again when that is mended."""

    def test_a_wrong_consumer_id_stops_both_services(self):
        for number, way in enumerate(
            ("not_registered", "wrong_signature", "authentication_failed"), 1
        ):
            with self.subTest(way):
                self.simulator.settings(wrong_cons_id=way)
                self.faskes.cons_id = "10009"
                antrean = self._daftarkan(self._pasien(number))
                self._run_engine()
                self.assertEqual(self._statuses(antrean), ("processing", "processing"))
                self.assertEqual(self.faskes.layanan_ids.mapped("down_kind"), ["misconfigured"] * 2)
                self.faskes.cons_id = "10001"
                self._run_engine()
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_credentials_that_bpjs_repeats_are_shown_to_nobody(self):
        secrets = ("sandi-contoh", "klinik-contoh", "kunci-pcare-simulator", "rahasia-simulator")
        echo = f"Password {' / '.join(secrets)} is wrong"
        self.simulator.fault(PCARE, "say", times=None, code=401, message=echo)
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        with self.enter_registry_test_mode():
            _kind, _peserta, checked = (
                self.env["bpjs.peserta"].with_user(self.petugas)._ask("nik", "3200000000000001")
            )
        texts = [
            self._job(antrean, P).message,
            checked,
            self.layanan_pcare.down_message,
            *self._job(antrean, P).attempt_ids.mapped("message"),
            *self.faskes.activity_ids.mapped("note"),
        ]
        self.assertGreater(len(texts), 4)
        for text in texts:
            self.assertIn("Password ••••", text)
            for secret in secrets:
                self.assertNotIn(secret, text)

    def test_what_failed_for_it_is_sent_again_when_settings_change(self):
        self._set_service(max_attempts=1)
        self.simulator.fault(PCARE, "wrong_password", times=None, methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._job(antrean, P).outcome, MISCONFIGURED)
        self.assertEqual(antrean.status_pendaftaran_pcare, "gagal")
        self.simulator.reset()
        self.faskes.password = "sandi-contoh"
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")

    def test_what_failed_for_it_is_sent_again_when_the_service_is_back(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._finish("failed", outcome=MISCONFIGURED, message="Zeta")
        self.layanan_pcare._judge(Outcome(MISCONFIGURED, "Zeta", "service"))
        self._run_engine()
        self.assertEqual(job.state, "failed")
        self.layanan_pcare._mark_up()
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")


@tagged("post_install", "-at_install")
class TestEveryJobEnds(HealthCase):
    """Tries and age hold for all kinds, and a day that is over is not sent by itself."""

    def test_a_missing_screening_is_not_tried_for_ever(self):
        self._set_service(max_attempts=2)
        antrean = self._daftarkan(self._pasien(SKRINING))
        self._run_engine()
        job = self._job(antrean, P)
        self.assertEqual((job.attempt_count, bool(job.next_try_at)), (1, True))
        job.next_try_at = fields.Datetime.now()
        self._run_engine()
        self.assertEqual((job.state, job.attempt_count), ("failed", 2))
        self.assertFalse(job.next_try_at)
        self.assertIn("skrining", job.message)

    def test_a_missing_screening_of_a_day_that_is_over_is_not_sent(self):
        antrean = self._daftarkan(self._pasien(SKRINING))
        self._run_engine()
        posts = self._posts()
        job = self._job(antrean, P)
        self._age(job, create_date=timedelta(days=400))
        self._yesterday(antrean)
        job.next_try_at = fields.Datetime.now()
        self._run_engine()
        self.assertEqual(self._posts(), posts)
        self.assertEqual((job.state, bool(job.next_try_at)), ("failed", False))
        self.assertIn("skrining", job.message)

    def _yesterday(self, antrean):
        """As the day after would find it."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE antrean_antrean SET tanggal = tanggal - 1 WHERE id IN %(ids)s;
            UPDATE bpjs_job SET create_date = create_date - interval '1 day'
             WHERE antrean_id IN %(ids)s
            """,
            {"ids": antrean._ids},
        )
        self.env.invalidate_all()

    def test_what_ends_each_worker_is_not_claimed_for_ever(self):
        antrean = self._daftarkan(self._pasien(1))
        for _death in range(self.layanan_pcare.max_attempts + 1):  # the first one costs no try
            self.env["bpjs.engine"]._claim(64)
            flying = antrean.job_ids.filtered("lease_until")
            flying.lease_until = fields.Datetime.now() - timedelta(seconds=1)
        self.env["bpjs.engine"]._claim(64)
        self.assertEqual(set(antrean.job_ids.mapped("state")), {"failed"})
        self.assertEqual(set(antrean.job_ids.mapped("outcome")), {UNKNOWN})

    def test_a_day_that_is_over_is_sent_only_when_somebody_asks(self):
        antrean = self._daftarkan(self._pasien(1))
        self._yesterday(antrean)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("gagal", "gagal"))
        self.assertEqual(self._posts() + self._posts(ANTREAN, "/antrean/add"), 0)
        job = self._job(antrean, P)
        self.assertIn("PCare", job.message)
        job.with_user(self.petugas).action_resend()
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")

    def test_what_may_have_arrived_yesterday_is_still_looked_up(self):
        self.simulator.fault(PCARE, "drop_after", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with self._retry_after(3600):
            self._run_engine()
        job = self._job(antrean, P)
        self.assertEqual(job.state, "unknown")
        self._yesterday(antrean)
        job.next_try_at = fields.Datetime.now()
        self._run_engine()
        self.assertEqual((job.state, self._posts()), ("success", 1))

    def test_what_waits_for_a_service_ends_with_its_day(self):
        self.layanan_pcare.write(
            {"down_since": "2026-01-01", "down_kind": "outage", "next_probe_at": "2999-01-01"}
        )
        today, past = self._daftarkan(self._pasien(1)), self._daftarkan(self._pasien(2))
        self._yesterday(past)
        self._run_engine()
        self.assertEqual(today.status_pendaftaran_pcare, "processing")
        self.assertEqual(past.status_pendaftaran_pcare, "gagal")
        self._age(self._job(today, P), create_date=timedelta(days=4))
        self._run_engine()
        self.assertEqual(today.status_pendaftaran_pcare, "gagal")

    def test_a_call_ends_and_the_next_one_has_all_its_tries(self):
        self._set_service(max_attempts=2)
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._run_engine()
        self.simulator.fault(ANTREAN, "limits_exceeded", times=None, methods=["POST"])
        antrean.action_panggil()
        with self._retry_after(0):
            self._run_engine()
            job = self._job(antrean, "panggil_antrean_fktp").sudo()
            self.assertEqual((job.state, job.attempt_count), ("failed", 2))
            antrean.action_tidak_hadir()
            self.assertEqual((job.state, job.attempt_count), ("pending", 0))

    def test_what_bpjs_tells_in_vain_is_not_asked_for_ever(self):
        """It tells of the schedule, and the request needs to be told of it again."""
        self._set_service(max_attempts=3)
        self.env["bpjs.jadwal"].search([("company_id", "=", self.company.id)]).unlink()
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, A)
        with self._retry_after(0), patch.object(type(job._type()), "learn"):
            self._run_engine()
        self.assertEqual((job.state, job.outcome, job.attempt_count), ("failed", LEARNED, 3))


@tagged("post_install", "-at_install")
class TestSentAt(HealthCase):
    """When a request was sent is when it left, not when its job was claimed."""

    def test_a_slow_look_up_before_it_does_not_count(self):
        self.simulator.fault(PCARE, "delay_after", seconds=1.5, path="/peserta/*")
        self.simulator.fault(PCARE, "drop_after", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta=False))
        with self._retry_after(3600):
            self._run_engine()
        job = self._job(antrean, P)
        look_up, post = job.attempt_ids.sorted("started_at")
        self.assertEqual((look_up.method, post.method), ("GET", "POST"))
        self.assertGreater(post.started_at - look_up.started_at, timedelta(seconds=1.4))
        self.assertEqual(job.sent_at, post.started_at)

    def test_a_look_up_does_not_move_it(self):
        self.layanan_pcare.settling_seconds = 3600
        self.simulator.fault(PCARE, "drop_before", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with self._retry_after(0, 3600):
            self._run_engine()
        job = self._job(antrean, P)
        post = job.attempt_ids.filtered(lambda attempt: attempt.method == "POST")
        self.assertEqual((len(job.attempt_ids), job.sent_at), (2, post.started_at))

    def test_where_a_worker_died_it_is_the_latest_moment(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._claim(timedelta(minutes=1))
        self.assertFalse(job.sent_at, "nobody knows yet")
        lease = job.lease_until
        job._expire_leases()
        self.assertEqual((job.state, job.outcome, job.sent_at), ("unknown", UNKNOWN, lease))


@tagged("post_install", "-at_install")
class TestHeartbeat(HealthCase):
    """Staff are told when nothing is achieved, however often it is tried."""

    def setUp(self):
        super().setUp()
        seconds = job_layanan.STALLED.total_seconds()
        self.startPatcher(patch.object(job_layanan, "LOADED_AT", time.monotonic() - seconds))
        self.jobs = self._daftarkan(self._pasien(1)).job_ids

    def _told(self, due, answered=None, changed=4):
        """Return the kinds of trouble told, where such moments are so many minutes ago."""
        now = fields.Datetime.now()
        attempts = self.env["bpjs.attempt"].search([("company_id", "=", self.company.id)])
        attempts.unlink()
        self.jobs.next_try_at = now - timedelta(minutes=due)
        if answered is not None:
            attempt = self.env["bpjs.attempt"].create({"job_id": self.jobs[0].id, "duration_ms": 9})
        self.env.flush_all()
        if answered is not None:
            self.env.cr.execute(
                "UPDATE bpjs_attempt SET create_date = %s WHERE id = %s",
                (now - timedelta(minutes=answered), attempt.id),
            )
        self.env.cr.execute(
            "UPDATE bpjs_layanan SET write_date = %s WHERE id IN %s",
            (now - timedelta(minutes=changed), self.faskes.layanan_ids._ids),
        )
        self.env.invalidate_all()
        trouble = self.env["bpjs.layanan"].with_user(self.petugas).get_trouble()
        return [(row["kind"], row["waiting"]) for row in trouble]

    def test_what_is_due_for_long_while_nothing_is_answered(self):
        self.assertEqual(self._told(due=4), [("stalled", 2)])
        self.assertEqual(self._told(due=4, answered=5), [("stalled", 2)])

    def test_others_are_being_answered(self):
        self.assertEqual(self._told(due=4, answered=1), [])

    def test_nothing_is_due_for_long(self):
        self.assertEqual(self._told(due=1, answered=5), [])

    def test_the_service_has_just_come_back(self):
        self.assertEqual(self._told(due=60, answered=60, changed=1), [])

    def test_odoo_has_just_been_started(self):
        with patch.object(job_layanan, "LOADED_AT", time.monotonic()):
            self.assertEqual(self._told(due=4), [])

    def test_a_claim_is_no_achievement(self):
        self.jobs[0]._claim(timedelta(seconds=1))
        self.env.flush_all()
        self.env.cr.execute("UPDATE bpjs_job SET lease_until = now() - interval '4 minutes'")
        self.assertEqual(self._told(due=4), [("stalled", 2)])

    def test_another_clinic_does_not_hide_it(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self.assertEqual(self._told(due=4), [("stalled", 2)])
        self.env["bpjs.attempt"].search([("company_id", "=", other.id)])

    def test_nothing_of_this_clinic_waits(self):
        self.jobs.state = "failed"
        self.assertEqual(self._told(due=4), [])

    def test_a_run_that_fails_every_time(self):
        """Odoo notes when it ran last, also where it came to nothing."""
        self.env["bpjs.engine"]._crons().lastcall = fields.Datetime.now()
        self.assertEqual(self._told(due=4), [("stalled", 2)])
