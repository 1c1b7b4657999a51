from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...bpjs import pcare
from ...bpjs.answer import Answer
from ...bpjs.outcome import SUCCESS, UNKNOWN, classify
from ...bpjs.pcare import PCARE
from ...jobs import JOB_TYPES, Exchange
from ...models.job import bpjs_engine_claim, bpjs_job_limits
from ...models.job.bpjs_engine import RUN_SECONDS
from ..common import AntreanCase, EngineCase, P, knows_days
from .test_cancel import BATAL_P

ODOO_ENDS_A_THREAD = 120  # seconds, as Odoo is installed: `limit_time_real`
OTHERS = range(2, 42)  # members whom other people have registered


@tagged("post_install", "-at_install")
class TestLookup(EngineCase):
    """PCare's list of the day is read whole before a visit counts as not there."""

    def setUp(self):
        super().setUp()
        self.layanan_pcare.settling_seconds = 0
        self.simulator.settings(detect_duplicates=False)

    def _crowd(self, members=OTHERS, **more):
        today = self.company._antrean_today().isoformat()
        for member in members:
            self.simulator._control(
                "POST", "pendaftaran", no_kartu=f"{1000000000 + member:013d}", tanggal=today, **more
            )

    def _lose(self, fault, **settings):
        """Lose the answer to a registration; return its job when nothing is left to do."""
        self.simulator.settings(**settings)
        self.simulator.fault(PCARE, fault, methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (0, 3600)):
            self._run_engine()
        return self._job(antrean, P)

    def _booked(self):
        """How often the member was registered."""
        rows = self.simulator.book()["pendaftaran"]
        return [row["noKartu"] for row in rows].count("0001000000001")

    def test_a_list_that_is_given_slowly_does_not_outlast_the_lease(self):
        self._crowd()
        self.simulator.fault(PCARE, "delay_after", seconds=0.4, times=None, methods=["GET"])
        with patch.object(bpjs_engine_claim, "LONGEST_FLIGHT", timedelta(seconds=1)):
            job = self._lose("drop_before", page_size=1)
        self.assertEqual((job.state, self._booked()), ("unknown", 0))
        pages = job.attempt_ids.filtered(lambda attempt: attempt.method == "GET")
        self.assertEqual(len(pages), 3, "two, and one that is given up")
        self.assertLess(sum(pages.mapped("duration_ms")), 1500)

    def test_the_longest_of_calls_ends_before_odoo_ends_its_thread(self):
        self.layanan_pcare.write({"connect_timeout": 60, "read_timeout": 60})
        client, limits = self.layanan_pcare._client(), bpjs_engine_claim
        lease = limits.time_to_fly(client) + limits.LEASE_MARGIN
        self.assertLess(1.5 * RUN_SECONDS + lease.total_seconds(), ODOO_ENDS_A_THREAD)

    @knows_days
    def test_it_is_found_on_whatever_page_it_is(self):
        self._crowd()
        for settings in (
            {"page_size": 15},
            {"page_size": 15, "list_changes": "grows"},
            {"page_size": 15, "newest_first": True, "list_changes": "grows"},
            {"page_size": 1},
        ):
            with self.subTest(**settings), self.env.cr.savepoint() as savepoint:
                job = self._lose("drop_after", **settings)
                self.assertEqual((job.state, self._booked()), ("success", 1))
                savepoint.rollback()
            self.simulator._control("POST", "reset")
            self.simulator.settings(detect_duplicates=False)
            self._crowd()

    def test_it_is_sent_again_once_the_whole_list_was_read(self):
        self._crowd()
        job = self._lose("drop_before", page_size=15)
        self.assertEqual((job.state, self._booked()), ("success", 1))
        pages = job.attempt_ids.filtered(lambda attempt: attempt.method == "GET")
        self.assertEqual(len(pages), 3)

    def test_rows_that_go_meanwhile_leave_it_unknown(self):
        self._crowd()
        job = self._lose("drop_after", page_size=15, list_changes="shrinks")
        self.assertEqual((job.outcome, job.reason, self._booked()), (UNKNOWN, "connection_lost", 1))

    def test_a_row_with_nulls_is_passed_over(self):
        self._crowd([2], nulls=["peserta"])
        job = self._lose("drop_after")
        self.assertEqual((job.state, self._booked()), ("success", 1))

    def test_not_there_counts_only_where_every_row_could_be_read(self):
        self._crowd([2], nulls=["peserta"])
        job = self._lose("drop_before")
        self.assertEqual((job.state, self._booked()), ("unknown", 0))
        self.assertEqual(job.attempt_count, 2)

    def test_a_row_of_another_poli_may_be_null_otherwise(self):
        self._crowd([2], nulls=["peserta"], kd_poli="002")
        job = self._lose("drop_before")
        self.assertEqual((job.state, self._booked()), ("success", 1))


@tagged("post_install", "-at_install")
class TestOddRows(AntreanCase):
    """Rows that are not written as BPJS's catalogue has them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._antrean_today()
        cls.sent = pcare.pendaftaran_add(
            kd_provider_peserta="0001R001",
            tanggal=cls.today,
            no_kartu="0001000000001",
            kd_poli="001",
        )

    def _row(self, card="0001000000001", poli="001", number="A1"):
        return {"peserta": {"noKartu": card}, "poli": {"kdPoli": poli}, "noUrut": number}

    def _call(self, answer_to):
        """Return the call of a PCare that answers each path so."""

        def call(request):
            answer = Answer(200, 200, "OK", answer_to(request.path))
            return Exchange(request, answer, classify(request, answer), None, 0.1)

        return call

    def _verify(self, *pages):
        """Look for what was sent in a list of these pages, each with what it says it counts."""
        left = iter(pages)
        call = self._call(lambda _path: next(left, None))
        return JOB_TYPES[P].verify(call, self.sent)

    def test_columns_of_fixed_width(self):
        row = self._row("0001000000001 ", "001 ", "A1 ")
        outcome = self._verify({"count": 1, "list": [row]})
        self.assertEqual((outcome.kind, outcome.data), (SUCCESS, {"no_urut": "A1"}))

    def test_a_number_that_is_none(self):
        for number in ("", " ", "\0", None):
            with self.subTest(number=number):
                outcome = self._verify({"count": 1, "list": [self._row(number=number)]})
                self.assertEqual(outcome.kind, UNKNOWN)

    def test_a_count_that_is_too_low(self):
        others = [self._row(f"00010000001{n:02d}") for n in range(15)]
        outcome = self._verify({"count": 1, "list": others}, {"count": 1, "list": [self._row()]})
        self.assertEqual(outcome.kind, SUCCESS)

    def test_a_number_with_a_sign_is_asked_for_as_it_is(self):
        asked = []

        def answer_to(path):
            asked.append(path)
            return self._row(number="A/1")

        delete = pcare.pendaftaran_delete("0001000000001", self.today, "A/1", "001")
        JOB_TYPES[BATAL_P].verify(self._call(answer_to), delete)
        self.assertEqual(asked, [pcare.pendaftaran_get("A/1", self.today).path])
