from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...models.job import bpjs_job_limits
from ..common import TIDAK_AKTIF, A, EngineCase

PANGGIL = "panggil_antrean_fktp"


@tagged("post_install", "-at_install")
class TestPanggil(EngineCase):
    """Antrean FKTP is told of each call once, after it has the entry."""

    def _status(self, antrean):
        [status] = [
            row["status"]
            for row in self.simulator.book()["antrean"]
            if row["nomorantrean"] == antrean.nomor_antrean
        ]
        return status

    def _told(self):
        return self._posts(ANTREAN, "/antrean/panggil")

    def test_a_call_is_told_once(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        for _again in range(2):
            antrean.with_user(self.petugas).action_panggil()
            self._run_engine()
        self.assertEqual(self._status(antrean), "dipanggil")
        self.assertEqual(self._told(), 1)

    def test_a_call_waits_until_bpjs_has_the_entry(self):
        antrean = self._daftarkan(self._pasien(1))
        antrean.with_user(self.petugas).action_panggil()
        self.assertFalse(self._job(antrean, PANGGIL).next_try_at)
        self._run_engine()
        self.assertEqual(self._status(antrean), "dipanggil")

    def test_who_was_called_before_bpjs_became_owed_the_visit(self):
        before = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        before.action_panggil()
        self.poli.jenis_kunjungan = "apotek"
        meanwhile = self._daftarkan(self._pasien(2)).with_user(self.petugas)
        meanwhile.action_panggil()
        self.poli.jenis_kunjungan = "1"
        self._run_engine()
        self.assertEqual(self._status(before), "dipanggil")
        self.assertEqual(self._status(meanwhile), "dipanggil")

    def test_only_the_last_of_several_calls_is_told(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        antrean.action_panggil()
        antrean.action_tidak_hadir()
        self._run_engine()
        self.assertEqual((self._status(antrean), self._told()), ("tidak hadir", 1))

    def test_who_did_not_come_and_then_did(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        with self.assertRaises(UserError):
            antrean.action_tidak_hadir()
        antrean.action_panggil()
        self._run_engine()
        for _again in range(2):
            antrean.action_tidak_hadir()
            self._run_engine()
        self.assertEqual((self._status(antrean), self._told()), ("tidak hadir", 2))
        antrean.action_panggil()
        self._run_engine()
        self.assertEqual((self._status(antrean), self._told()), ("dipanggil", 3))

    def test_what_bpjs_does_not_have_is_not_called_there(self):
        antrean = self._daftarkan(self._pasien(TIDAK_AKTIF))
        antrean.with_user(self.petugas).action_panggil()
        self._run_engine()
        self.assertEqual(self._job(antrean, A).state, "failed")
        self.assertEqual(self._job(antrean, PANGGIL).state, "cancelled")
        self.assertEqual(self._told(), 0)

    def test_what_bpjs_has_after_all_is_called_there(self):
        self.simulator.fault(ANTREAN, "say", code=201, message="Zeta", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        antrean.with_user(self.petugas).action_panggil()
        self._run_engine()
        self.assertEqual(self._job(antrean, PANGGIL).state, "cancelled")
        self._job(antrean, A)._reopen()
        self._run_engine()
        self.assertEqual((self._status(antrean), self._told()), ("dipanggil", 1))

    def test_a_call_without_an_answer_is_followed_by_the_next_one(self):
        """Only once the first one, which may be under way, has had its time."""
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._run_engine()
        self.simulator.fault(ANTREAN, "drop_after", methods=["POST"])
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
            antrean.action_panggil()
            self._run_engine()
        job = self._job(antrean, PANGGIL).sudo()
        self.assertEqual(job.state, "unknown")
        antrean.action_tidak_hadir()
        self.assertEqual(job.next_try_at, job._bpjs_at_it_until())
        job.next_try_at = "2020-01-01"
        self._run_engine()
        self.assertEqual((self._status(antrean), self._told()), ("tidak hadir", 2))

    def _call_without_answer(self, member=1):
        """Return an entry whose call is in the air for too long, with its job and flight."""
        antrean = self._daftarkan(self._pasien(member)).with_user(self.petugas)
        self._run_engine()
        antrean.action_panggil()
        job = self._job(antrean, PANGGIL).sudo()
        [flight] = self.env["bpjs.engine"]._claim(64)
        job._expire_leases()
        return antrean, job, flight

    def test_a_late_answer_to_an_older_call_is_none_to_the_newer(self):
        antrean, job, late = self._call_without_answer()
        old = job.attempt_id
        antrean.action_tidak_hadir()
        outcome = late.run()  # BPJS takes the first call only now
        job._settle(old, late.exchanges, outcome)
        self.assertEqual(job.state, "pending")
        job.next_try_at = "2020-01-01"
        self._run_engine()
        self.assertEqual((self._status(antrean), self._told()), ("tidak hadir", 2))
        last = job._last_request()
        job._settle(old, late.exchanges, outcome)
        self.assertEqual((job.state, job._last_request()), ("success", last))

    def test_a_late_answer_to_an_older_call_leaves_the_newer_in_the_air(self):
        antrean, job, late = self._call_without_answer()
        old = job.attempt_id
        antrean.action_tidak_hadir()
        job.next_try_at = "2020-01-01"
        [newer] = self.env["bpjs.engine"]._claim(64)
        job._settle(old, late.exchanges, late.run())
        self.assertEqual((job.state, job.attempt_id.id), ("sending", newer.attempt_id))
        job._settle(job.attempt_id, newer.exchanges, newer.run())
        self.assertEqual((job.state, self._status(antrean)), ("success", "tidak hadir"))

    def test_a_late_answer_to_the_last_call_counts(self):
        antrean, job, late = self._call_without_answer()
        job._settle(job.attempt_id, late.exchanges, late.run())
        self.assertEqual((job.state, self._status(antrean)), ("success", "dipanggil"))

    def test_a_new_call_has_all_its_tries_and_its_own_age(self):
        antrean, job, _late = self._call_without_answer()
        self.layanan_antrean.write({"max_attempts": 3, "max_age_days": 1, "settling_seconds": 0})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bpjs_job SET create_date = create_date - interval '2 days', attempt_count = 2"
            " WHERE id = %s",
            (job.id,),
        )
        self.env.invalidate_all()
        antrean.action_tidak_hadir()
        self.assertEqual(job.attempt_count, 0)
        job.next_try_at = "2020-01-01"
        self.simulator.fault(ANTREAN, "drop_before", methods=["POST"])
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (0,)):
            self._run_engine()
        self.assertEqual((job.state, self._status(antrean)), ("success", "tidak hadir"))

    def test_a_call_sent_again_gets_its_time_anew(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._run_engine()
        antrean.action_panggil()
        job = self._job(antrean, PANGGIL).sudo()
        job._claim(timedelta(seconds=-1))
        job._expire_leases()
        job.sent_at = "2020-01-01"
        self._run_engine()
        self.assertGreater(job.sent_at.year, 2020)

    def test_a_call_while_the_last_one_is_in_the_air_is_refused(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        antrean.action_panggil()
        self._job(antrean, PANGGIL).sudo().write({"state": "sending", "lease_until": "2099-01-01"})
        with self.assertRaises(LockError):
            antrean.action_tidak_hadir()

    def test_other_payers_are_nothing_to_bpjs(self):
        antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        antrean.with_user(self.petugas).action_panggil()
        self.assertTrue(antrean.dipanggil_at)
        self.assertFalse(antrean.job_ids)
