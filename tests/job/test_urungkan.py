from unittest.mock import patch

from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...models.job import bpjs_job_limits
from ..common import A, EngineCase, P

PANGGIL = "panggil_antrean_fktp"


@tagged("post_install", "-at_install")
class TestUrungkan(EngineCase):
    """BPJS is told of what was taken back only where it must be."""

    def setUp(self):
        super().setUp()
        self.antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._run_engine()

    def _told(self):
        return self._posts(ANTREAN, "/antrean/panggil")

    def _job_panggil(self):
        return self._job(self.antrean, PANGGIL).sudo()

    def _there(self):
        [row] = self.simulator.book()["antrean"]
        return row["status"]

    def test_a_call_that_was_not_sent_yet_is_never_told(self):
        self.antrean.action_panggil()
        told = self.antrean.action_urungkan("dipanggil")
        self._run_engine()
        self.assertEqual((self._told(), self._job_panggil().state), (0, "cancelled"))
        self.assertNotIn("BPJS", told["params"]["message"])
        self.assertFalse(self.antrean.dipanggil_di_bpjs)
        self.antrean.action_panggil()
        self._run_engine()
        self.assertEqual((self._told(), self._there()), (1, "dipanggil"))

    def test_a_call_that_bpjs_knows_is_told_of_in_words_until_the_next_one(self):
        self.antrean.action_panggil()
        self._run_engine()
        told = self.antrean.action_urungkan("dipanggil")
        self._run_engine()
        self.assertEqual((self._told(), self.antrean.dipanggil_di_bpjs), (1, True))
        self.assertIn("BPJS was told of the call", told["params"]["message"])
        self.antrean.action_panggil()
        self.assertFalse(self.antrean.dipanggil_di_bpjs)
        self._run_engine()
        self.assertEqual((self._told(), self._there()), (2, "dipanggil"))
        waktu = self._job_panggil()._last_request().body["waktu"]
        self.assertEqual(waktu // 1000, int(self.antrean.dipanggil_at.timestamp()))

    def _in_the_air(self):
        """Call, and let a worker take that call."""
        self.antrean.action_panggil()
        [flight] = self.env["bpjs.engine"]._claim(64)
        return flight

    def test_a_call_in_the_air_arrives_and_is_told_of(self):
        flight = self._in_the_air()
        told = self.antrean.action_urungkan("dipanggil")
        self.assertIn("BPJS was told", told["params"]["message"])
        job = self._job_panggil()
        job._settle(job.attempt_id, flight.exchanges, flight.run())
        self.assertEqual((job.state, self.antrean.state), ("success", "menunggu"))
        self.assertTrue(self.antrean.dipanggil_di_bpjs)
        self._run_engine()
        self.assertEqual(self._told(), 1)

    def test_a_call_without_an_answer_is_not_sent_again(self):
        self.layanan_antrean.settling_seconds = 0
        self.simulator.fault(ANTREAN, "drop_after", methods=["POST"])
        self.antrean.action_panggil()
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
            self._run_engine()
        self.assertEqual(self._job_panggil().state, "unknown")
        self.antrean.action_urungkan("dipanggil")
        self._run_engine()
        self.assertEqual((self._told(), self._job_panggil().state), (1, "cancelled"))
        self.assertTrue(self.antrean.dipanggil_di_bpjs, "it may have arrived")

    def test_a_late_answer_to_a_call_that_was_undone_is_kept(self):
        flight = self._in_the_air()
        job = self._job_panggil()
        attempt = job.attempt_id
        job._expire_leases()
        self.antrean.action_urungkan("dipanggil")
        job._settle(attempt, flight.exchanges, flight.run())
        self.assertEqual(job.state, "success")
        self.assertTrue(self.antrean.dipanggil_di_bpjs)

    def test_acceptance_and_its_undo_are_nothing_to_bpjs(self):
        calls = self.simulator.book()["calls"]
        self.antrean.action_terima()
        self.antrean.action_selesai()
        self.antrean.action_kembalikan()
        self._run_engine()
        self.assertEqual(self.simulator.book()["calls"], calls)
        self.assertEqual(self._statuses(self.antrean), ("ok", "ok"))

    def test_who_counts_as_called_at_bpjs_is_not_corrected_by_itself(self):
        self.faskes.perbaiki_otomatis = True
        self.antrean.action_panggil()
        self._run_engine()
        self.antrean.action_urungkan("dipanggil")
        self.assertFalse(self.antrean.sudo()._is_corrected_by_itself())

    def test_what_was_over_when_it_came_is_owed_once_it_is_not(self):
        imported = (
            self.env["antrean.antrean"]
            .with_user(self.admin)
            .create(
                {
                    "pasien_id": self._pasien(2).id,
                    "ruangan_id": self.poli.id,
                    "state": "selesai",
                }
            )
        )
        self.assertFalse(imported.job_ids)
        imported.action_urungkan("selesai")
        self.assertEqual(set(imported.sudo().job_ids.mapped("job_type")), {P, A})
