from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..bpjs.request import ANTREAN, PCARE
from ..models import bpjs_job
from .common import DITOLAK_PCARE, A, EngineCase, P

BATAL_P, BATAL_A = "batal_pendaftaran_pcare", "batal_antrean_fktp"


@tagged("post_install", "-at_install")
class TestCancel(EngineCase):
    """No cancelled entry stays alive at BPJS, and none is taken back that lives."""

    def setUp(self):
        super().setUp()
        self.simulator.settings(detect_duplicates=True)
        self.faskes.layanan_ids.settling_seconds = 0
        self.startPatcher(patch.object(bpjs_job, "RETRY_SECONDS", (0,)))

    def _alive(self):
        """Return how many registrations and queue entries BPJS has that are not cancelled."""
        book = self.simulator.book()
        return (
            len(book["pendaftaran"]),
            len([row for row in book["antrean"] if row["status"] != "batal"]),
        )

    def _states(self, antrean):
        return {job.job_type: job.state for job in antrean.job_ids}

    def test_what_bpjs_has_is_taken_back(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._alive(), (1, 1))
        self.poli.write({"kd_poli_pcare": "002", "kd_poli_antrean": "002"})  # not what was sent
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual(
            self._states(antrean),
            {P: "cancelled", A: "cancelled", BATAL_P: "success", BATAL_A: "success"},
        )
        self.assertFalse(antrean.nomor_antrean_pcare)
        [sent] = [row for row in self.simulator.book()["antrean"]]
        self.assertEqual(sent["status"], "batal")

    def test_what_was_not_sent_is_dropped(self):
        antrean = self._daftarkan(self._pasien(1))
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._states(antrean), {P: "cancelled", A: "cancelled"})
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_what_bpjs_refused_needs_no_taking_back(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_PCARE))
        self._run_engine()
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(
            self._states(antrean), {P: "cancelled", A: "cancelled", BATAL_A: "success"}
        )
        self.assertEqual(self._alive(), (0, 0))

    def test_a_cancel_while_in_the_air_waits_for_the_outcome(self):
        antrean = self._daftarkan(self._pasien(1))
        flights = self.env["bpjs.engine"]._claim(64)
        self._batalkan(antrean)
        self.assertEqual(self._states(antrean)[BATAL_P], "pending")
        self._run_engine()
        self.assertEqual(self._states(antrean)[BATAL_P], "pending", "Nothing to take back yet")
        for flight in flights:
            outcome = flight.run()
            job = self.env["bpjs.job"].browse(flight.job_id)
            job._settle(job.attempt_id, flight.exchanges, outcome)
        self.assertEqual(self._alive(), (1, 1))
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))

    def test_an_unknown_outcome_is_cleared_up_and_taken_back(self):
        for fault, member in [("drop_after", 1), ("drop_before", 2)]:
            with self.subTest(fault=fault):
                for service in (PCARE, ANTREAN):
                    self.simulator.fault(service, fault, methods=["POST"])
                antrean = self._daftarkan(self._pasien(member))
                with patch.object(bpjs_job, "RETRY_SECONDS", (3600,)):
                    self._run_engine()
                self.assertEqual(self._states(antrean), {P: "unknown", A: "unknown"})
                self._batalkan(antrean)
                antrean.job_ids.filtered("next_try_at").next_try_at = "2020-01-01"
                self._run_engine()
                self.assertEqual(self._alive(), (0, 0))
                self.assertNotIn("unknown", self._states(antrean).values())
                self.assertNotIn("pending", self._states(antrean).values())

    def test_nothing_is_taken_back_before_bpjs_has_settled(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, A)
        job._claim(timedelta(seconds=-1))
        job._expire_leases()
        self.layanan_antrean.settling_seconds = 3600
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(job.state, "unknown")
        self.assertEqual(self._posts(ANTREAN, "/antrean/batal"), 0)

    def test_a_lost_answer_to_the_cancel_is_cleared_up(self):
        for fault, member in [("drop_after", 1), ("drop_before", 2)]:
            with self.subTest(fault=fault):
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                for service in (PCARE, ANTREAN):
                    self.simulator.fault(service, fault, methods=["POST", "DELETE"])
                self._batalkan(antrean)
                self._run_engine()
                self.assertEqual(self._alive(), (0, 0))
                self.assertEqual(self._states(antrean)[BATAL_P], "success")
                self.assertEqual(self._states(antrean)[BATAL_A], "success")

    def test_the_next_entry_of_the_visit_waits_for_the_cancel(self):
        patient = self._pasien(1)
        first = self._daftarkan(patient)
        self._run_engine()
        self._batalkan(first)
        second = self._daftarkan(patient)
        self.assertEqual(set(second.job_ids.mapped("next_try_at")), {False})
        self._run_engine()
        self.assertEqual(self._statuses(second), ("ok", "ok"))
        self.assertEqual(self._alive(), (1, 1))
        self.assertEqual(self._registered(second), [second.nomor_antrean_pcare])

    def test_the_payer_of_what_bpjs_has_stays(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        with self.assertRaises(UserError):
            antrean.with_user(self.petugas).penjamin_id = self.umum
