from odoo import fields
from odoo.tests import tagged

from ...bpjs import antrean as antrean_fktp
from ...bpjs.request import ANTREAN
from ...jobs import JOB_TYPES, JobType
from ..common import EngineCase


@tagged("post_install", "-at_install")
class TestJobTypes(EngineCase):
    """A job type is one file: this one is known nowhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        class TanyaPoli(JobType):
            name = "tanya_poli"
            label = "Tanya Poli"
            layanan = ANTREAN

            def request(self, antrean):
                return antrean_fktp.ref_poli(antrean.tanggal)

            def verify(self, call, request):
                return self.send(call, request)

            def apply(self, antrean, outcome):
                antrean.keluhan = "asked"

        cls.addClassCleanup(JOB_TYPES.pop, TanyaPoli.name)

    def _asked(self):
        """How often BPJS was asked for the poli of a day."""
        calls = self.simulator.book()["calls"]
        return sum(n for call, n in calls.items() if "/ref/poli/" in call)

    def _with_job(self, **vals):
        antrean = self._daftarkan(self._pasien(1))
        return antrean, self.env["bpjs.job"].create(
            {"antrean_id": antrean.id, "job_type": "tanya_poli", **vals}
        )

    def test_it_is_sent_and_settled(self):
        antrean, job = self._with_job()
        self._run_engine()
        self.assertEqual((job.state, job.attempt_id.http_status), ("success", 200))
        self.assertEqual(self._asked(), 1)
        self.assertEqual(antrean.keluhan, "asked")

    def test_it_is_looked_up_where_its_answer_was_lost(self):
        _antrean, job = self._with_job(outcome="unknown", state="unknown")
        job.request = antrean_fktp.ref_poli(fields.Date.today()).as_dict()
        self._run_engine()
        self.assertEqual((job.state, self._asked()), ("success", 1))

    def test_it_is_dropped_with_its_entry(self):
        antrean, job = self._with_job()
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual((job.state, self._asked()), ("cancelled", 0))
        self.assertFalse(antrean.status_batal)

    def test_it_shows_in_the_list_of_jobs(self):
        _antrean, job = self._with_job()
        jobs = self.env["bpjs.job"].with_user(self.petugas)
        shown = jobs.web_search_read([("job_type", "=", "tanya_poli")], {"job_type": {}})
        self.assertEqual(shown["records"], [{"id": job.id, "job_type": "tanya_poli"}])
        [(_id, views)] = jobs.get_views([(False, "list")])["models"].items()
        self.assertIn(("tanya_poli", "Tanya Poli"), views["fields"]["job_type"]["selection"])
        [group] = jobs.formatted_read_group([("id", "=", job.id)], ["job_type"], ["__count"])
        self.assertEqual((group["job_type"], group["__count"]), ("tanya_poli", 1))
