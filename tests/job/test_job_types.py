from datetime import date
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ...bpjs import antrean_fktp
from ...bpjs.antrean_fktp import ANTREAN
from ...jobs import JOB_TYPES, JobType
from ...jobs.base import Compared
from ..common import EngineCase

NAME = "tanya_poli"
REFUSED = "Poli sedang tutup"


class ToyCase(EngineCase):
    """A job type is one file. This one is known nowhere else, and each reported entry is born with
    it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        class TanyaPoli(JobType):
            name = NAME
            label = "Tanya Poli"
            layanan = ANTREAN
            letter = "T"
            sequence = 3
            registers = True
            compared = {"keluhan": Compared("complaint")}

            def about(self, env):
                return "Tanya Poli: what a test has made up"

            def request(self, antrean):
                return antrean_fktp.ref_poli(antrean.tanggal)

            def verify(self, call, request):
                return self.send(call, request)

            def apply(self, antrean, outcome):
                antrean.keluhan = "asked"

            def differences(self, antrean, request):
                return [("keluhan", "cough", antrean.keluhan)]

        cls.addClassCleanup(JOB_TYPES.pop, NAME)

    def _asked(self):
        """How often BPJS was asked for the poli of a day."""
        calls = self.simulator.book()["calls"]
        return sum(n for call, n in calls.items() if "/ref/poli/" in call)

    def _entry(self):
        antrean = self._daftarkan(self._pasien(1))
        return antrean, self._job(antrean, NAME)

    def _refuse_once(self):
        """Let BPJS refuse the toy: nothing else of a registration is read from Antrean FKTP."""
        self.simulator.fault(ANTREAN, "say", code=201, message=REFUSED, methods=["GET"])


@tagged("post_install", "-at_install")
class TestJobTypes(ToyCase, HttpCase):
    def test_it_is_sent_and_settled(self):
        antrean, job = self._entry()
        self._run_engine()
        self.assertEqual((job.state, job.attempt_id.http_status), ("success", 200))
        self.assertEqual(self._asked(), 1)
        self.assertEqual(antrean.keluhan, "asked")

    def test_it_is_looked_up_where_its_answer_was_lost(self):
        _antrean, job = self._entry()
        job.write({"outcome": "unknown", "state": "unknown"})
        job.request = antrean_fktp.ref_poli(date(2026, 3, 2)).as_dict()
        self._run_engine()
        self.assertEqual((job.state, self._asked()), ("success", 1))

    def test_it_is_dropped_with_its_entry(self):
        antrean, job = self._entry()
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual((job.state, self._asked()), ("cancelled", 0))
        self.assertFalse(antrean.status_batal)

    def test_it_shows_in_the_list_of_jobs(self):
        _antrean, job = self._entry()
        jobs = self.env["bpjs.job"].with_user(self.petugas)
        domain = [("id", "=", job.id)]
        shown = jobs.web_search_read(domain, {"job_type": {}})
        self.assertEqual(shown["records"], [{"id": job.id, "job_type": NAME}])
        [(_id, views)] = jobs.get_views([(False, "list")])["models"].items()
        self.assertIn((NAME, "Tanya Poli"), views["fields"]["job_type"]["selection"])
        [group] = jobs.formatted_read_group(domain, ["job_type"], ["__count"])
        self.assertEqual((group["job_type"], group["__count"]), (NAME, 1))

    def test_it_names_what_bpjs_was_told_otherwise(self):
        self.company.partner_id.lang = "en_US"
        _antrean, job = self._entry()
        self._run_engine()
        job.told_visit_key = "a visit"
        with patch.object(JOB_TYPES[NAME], "visit", lambda antrean: ("card", "poli", "day")):
            job._compare()
        self.assertEqual(job.state, "failed")
        self.assertIn("BPJS has complaint cough, entered is asked.", job.message)

    def test_its_badge_stands_after_the_others(self):
        antrean, _job = self._entry()
        shown = [(badge["letter"], badge["status"]) for badge in antrean.bpjs_badges]
        self.assertEqual(shown, [(letter, "processing") for letter in "PAT"])
        letters = [row["letter"] for row in antrean.get_badge_help()["letters"]]
        self.assertEqual(letters, ["P", "A", "T", "Batal"])

    def test_what_staff_are_advised_counts_it(self):
        self._refuse_once()
        antrean, job = self._entry()
        self._run_engine()
        self.assertEqual((job.state, *self._statuses(antrean)), ("failed", "ok", "ok"))
        self.assertTrue(antrean.bpjs_advice.startswith("Try Resend PCare first"))
        self._job(antrean, "tambah_antrean_fktp").state = "failed"
        self.assertTrue(antrean.bpjs_advice.startswith("Try Resend PCare. If it fails"))

    def test_the_api_tells_of_it(self):
        self._refuse_once()
        antrean, _job = self._entry()
        self.authenticate(self.petugas.login, self.petugas.login)
        for status, message in (("gagal", REFUSED), ("ok", "")):
            answer = self.url_open(
                f"/antrian_ruangan/resend-pcare/{antrean.id}",
                data="{}",
                headers={"Content-Type": "application/json"},
                method="POST",
            ).json()
            self.assertEqual(answer["jobs"][NAME], {"status": status, "message": message})
            self.assertEqual(answer["status"], "failed" if message else "success")
            self.assertEqual(answer["message"], message)

    def test_it_is_on_the_screen(self):
        """Red on the board, with BPJS's message; in Terima's dialog, the form and the list; green
        after a resend.
        """
        self._refuse_once()
        antrean, job = self._entry()
        self._run_engine()
        self.assertEqual(job.message, REFUSED)
        self.petugas.lang = "en_US"
        self.start_tour("/odoo/antrean", "antrean_bpjs_jenis_job", login=self.petugas.login)
        self.assertEqual((job.state, self._asked()), ("success", 2))
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
