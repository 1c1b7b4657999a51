from unittest.mock import patch

from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.referensi import Praktek, Rows
from ...models.faskes import bpjs_gangguan
from ...models.job import bpjs_job_limits
from ..common import A, knows_days
from ..job.test_migrations import script
from .test_referensi import REF_DOKTER, ReferensiCase

ADD = "/antrean/add"


class JadwalCase(ReferensiCase):
    """A clinic whose hours today are known, here and of BPJS."""

    def _own_hours(self, mulai, selesai):
        """Let these be the doctor's only hours today."""
        self._today().write({"jam_mulai": mulai, "jam_selesai": selesai})
        return self._today()

    def _today(self):
        """Return the clinic's own hours of today."""
        hari = str(self.today.weekday())
        return self.poli.jadwal_ids.filtered(lambda jadwal: jadwal.hari == hari)

    def _remember(self, *hours):
        """Have asked BPJS for these (doctor, hours) of poli 001 before."""
        rows = Rows(Praktek(kode, "", jam) for kode, jam in hours)
        self.env["bpjs.jadwal"]._keep(self.company, self.today, {"001": rows})

    def _remembered(self):
        rows = self.env["bpjs.jadwal"].search([("company_id", "=", self.company.id)])
        return [(row.kd_dokter, row.jam_praktek) for row in rows]


@tagged("post_install", "-at_install")
class TestOvernight(JadwalCase):
    """Hours over midnight are compared and published as they are."""

    def test_they_are_published_as_bpjs_writes_them(self):
        for number, (mulai, selesai, jam) in enumerate(
            ((21, 7, "21:00-07:00"), (16, 0, "16:00-00:00"), (16, 24, "16:00-00:00")), 1
        ):
            with self.subTest(jam=jam, selesai=selesai):
                self.simulator.reset()
                self.env["bpjs.jadwal"].search([]).unlink()
                self._hours((11101, "07:00-14:00"), (11101, jam))
                self._own_hours(mulai, selesai)
                antrean = self._daftarkan(self._pasien(number))
                self._run_engine()
                self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
                self.assertEqual(self._sent()["jampraktek"], jam)

    def test_how_many_hours_two_have_in_common(self):
        for mulai, selesai, jam, common in (
            (7, 14, "07:00-14:00", 7),
            (7, 14, "12:00-21:00", 2),
            (7, 14, "14:00-21:00", 0),
            (21, 7, "21:00-07:00", 10),
            (21, 7, "07:00-14:00", 0),
            (21, 7, "22:00-02:00", 4),
            (21, 7, "00:00-07:00", 7),
            (0, 7, "21:00-07:00", 7),
            (16, 0, "16:00-24:00", 8),
            (16, 0, "00:00-07:00", 0),
            (21, 7, "00:00-24:00", 10),
            (7, 14, "sore", 0),
        ):
            with self.subTest(own=(mulai, selesai), jam=jam):
                self._remember((11101, jam))
                row = self.env["bpjs.jadwal"].search([("company_id", "=", self.company.id)])
                self.assertEqual(row._overlap(self._own_hours(mulai, selesai)), common)

    def test_they_are_compared(self):
        for mulai, selesai, jam, status in (
            (21, 7, "21:00-07:00", "sama"),
            (21, 7, "21:00-06:00", "beda"),
            (16, 0, "16:00-00:00", "sama"),
            (16, 0, "16:00-24:00", "sama"),
            (16, 24, "16:00-00:00", "sama"),
            (0, 24, "00:00-24:00", "sama"),
            (0, 24, "sore", "beda"),
        ):
            with self.subTest(own=(mulai, selesai), jam=jam):
                own = self._own_hours(mulai, selesai)
                row = self._compared(jam)
                self.assertEqual((row.di_bpjs, row.status), (jam, status))
                self.assertEqual(row.di_sini, own.jam_praktek)

    def _compared(self, jam):
        """Return the comparison with these hours of BPJS."""
        self.layanan_antrean.referensi_on = self.today
        self._remember((11101, jam))
        self.env.invalidate_all()
        return self.env["bpjs.perbandingan"].search(
            [("company_id", "=", self.company.id), ("jenis", "=", "jadwal")]
        )

    @knows_days
    def test_they_are_taken_over(self):
        for jam in ("21:00-07:00", "07:00-14:00", "16:00-24:00"):
            with self.subTest(jam=jam):
                self._compared(jam).action_take_over()
                self.assertEqual(self._today().jam_praktek, jam)
                self.assertEqual(self._compared(jam).status, "sama")

    def test_those_that_an_older_version_could_not_read_are_asked_for_again(self):
        self._remember((11101, "21:00-07:00"), (11103, "07:00-14:00"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bpjs_jadwal SET jam_mulai = 0, jam_selesai = 0 WHERE kd_dokter = 11101"
        )
        script("pre-jadwal").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self._remembered(), [(11103, "07:00-14:00")])
        self._hours((11101, "21:00-07:00"), (11103, "07:00-14:00"))
        self._own_hours(21, 7)
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
        self.assertEqual(self._sent()["jampraktek"], "21:00-07:00")


@tagged("post_install", "-at_install")
class TestNoOverlap(JadwalCase):
    """Hours that BPJS does not have at all are a problem to show, never a choice to make."""

    def test_hours_without_any_overlap_are_a_problem(self):
        self._hours((11101, "14:00-21:00"), (11103, "07:00-14:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "gagal"))
        self.assertEqual(
            antrean.error_tambah_antrean_fktp,
            "BPJS has no practice hours of dr. Contoh Satu in Poli Umum at 07:00-14:00 on this "
            "day, only 14:00-21:00. Choose other hours, or have the schedule corrected at BPJS.",
        )
        self.assertEqual(self._job(antrean, A).galat_id, self.env.ref("antrean_bpjs.galat_jadwal"))
        self.assertEqual(self._posts(ANTREAN, ADD), 0)

    def test_it_is_told_before_the_patient_is_registered(self):
        self._remember((11101, "14:00-21:00"))
        for mulai, selesai, number_of_problems in ((7, 14, 1), (19, 7, 0), (21, 14, 1)):
            with self.subTest(own=(mulai, selesai)):
                self._own_hours(mulai, selesai)
                entry = self.env["antrean.antrean"].new(
                    {"pasien_id": self._pasien(1).id, "ruangan_id": self.poli.id}
                )
                problems = entry.bpjs_problems or []
                self.assertEqual(len(problems), number_of_problems)
                for problem in problems:
                    self.assertIn("BPJS has no practice hours of dr.", problem["text"])

    def test_it_is_sent_once_hours_are_chosen_that_bpjs_has(self):
        self._hours((11101, "14:00-21:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self._own_hours(20, 22)
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")

    def test_hours_that_nobody_can_read_are_sent_as_they_are(self):
        self._hours((11101, "sore"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
        self.assertEqual(self._sent()["jampraktek"], "sore")

    def test_hours_that_overlap_come_before_those_that_nobody_can_read(self):
        self._hours((11101, "sore"), (11101, "13:00-15:00"))
        self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._sent()["jampraktek"], "13:00-15:00")


@tagged("post_install", "-at_install")
class TestChangedSchedule(JadwalCase):
    """BPJS changes its schedule while the clinic works: what was remembered is asked for again."""

    def setUp(self):
        super().setUp()
        self._remember((11101, "07:00-14:00"), (11103, "14:00-21:00"))

    def test_a_refusal_of_remembered_hours_asks_again_once(self):
        self._hours((11101, "08:00-12:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._sent()["jampraktek"], "08:00-12:00")
        self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (2, 1))

    def test_the_others_profit(self):
        self._hours((11101, "08:00-12:00"))
        self._daftarkan(self._pasien(1))
        self._run_engine()
        other = self._daftarkan(self._pasien(2))
        self._run_engine()
        self.assertEqual(other.status_tambah_antrean_fktp, "ok")
        self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (3, 1))

    def test_a_whole_backlog_is_mended(self):
        self._hours((11101, "08:00-12:00"))
        entries = [self._daftarkan(self._pasien(number)) for number in range(1, 9)]
        self._run_engine()
        for antrean in entries:
            self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")

    def test_a_refusal_of_hours_that_bpjs_has_stands(self):
        self.simulator.fault(
            ANTREAN, "say", code=201, message="Jadwal tutup", methods=["POST"], times=99
        )
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.error_tambah_antrean_fktp, "Jadwal tutup")
        self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (1, 1))
        self.assertIn((11103, "14:00-21:00"), self._remembered(), "nothing was forgotten")

    def test_a_refusal_of_hours_that_are_new_stands(self):
        self._hours((11101, "08:00-12:00"))
        self.simulator.fault(
            ANTREAN, "say", code=201, message="Jadwal tutup", methods=["POST"], times=99
        )
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.error_tambah_antrean_fktp, "Jadwal tutup")
        self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (2, 2))

    def test_hours_that_the_doctor_no_longer_has_are_told(self):
        for number, rows, words in (
            (1, [(11101, "15:00-18:00")], "only 15:00-18:00"),
            (2, [(11103, "07:00-14:00")], "Choose another doctor"),
        ):
            with self.subTest(rows=rows):
                self._remember((11101, "07:00-14:00"))
                self._hours(*rows)
                antrean = self._daftarkan(self._pasien(number))
                self._run_engine()
                self.assertIn(words, antrean.error_tambah_antrean_fktp)
                self.assertEqual(self._remembered(), rows)

    def test_a_poli_that_bpjs_has_closed_is_told(self):
        for number, (code, message) in enumerate(
            ((201, "Jadwal Dokter tidak ditemukan"), (204, "")), 1
        ):
            with self.subTest(code=code):
                self._remember((11101, "07:00-14:00"))
                self._hours((11103, "07:00-14:00"))
                self.simulator.fault(
                    ANTREAN, "say", code=code, message=message, methods=["GET"], times=99
                )
                antrean = self._daftarkan(self._pasien(number))
                self._run_engine()
                self.assertEqual(antrean.status_tambah_antrean_fktp, "gagal")
                self.assertFalse(self._remembered())
                self.assertEqual(self._calls(REF_DOKTER), 2)
                self._batalkan(antrean)
                self.simulator.reset()

    def test_a_refusal_stands_where_bpjs_does_not_say_what_it_has(self):
        self._hours((11101, "08:00-12:00"))
        self.simulator.fault(ANTREAN, "html_502", methods=["GET"], times=99)
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.error_tambah_antrean_fktp, "Jadwal Dokter tidak ditemukan")
        self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (1, 1))

    def test_a_doctor_who_was_away_is_asked_about_again_before_the_entry_fails(self):
        for number, remembered in enumerate(((11103, "14:00-21:00"), (11101, "18:00-21:00")), 1):
            with self.subTest(remembered=remembered):
                self.simulator.reset()
                self._remember(remembered)
                antrean = self._daftarkan(self._pasien(number))
                self._run_engine()
                self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
                self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (1, 1))

    def test_a_doctor_who_is_away_is_asked_about_once(self):
        self._hours((11103, "14:00-21:00"))
        self._remember((11103, "14:00-21:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self._run_engine()
        self.assertIn("BPJS has no practice hours", antrean.error_tambah_antrean_fktp)
        self.assertEqual((self._posts(ANTREAN, ADD), self._calls(REF_DOKTER)), (0, 1))
        [problem] = antrean.bpjs_problems
        self.assertEqual(problem["text"], antrean.error_tambah_antrean_fktp)

    def test_asking_waits_for_a_service_that_is_down(self):
        self._remember((11103, "14:00-21:00"))
        self.simulator.fault(ANTREAN, "html_502", methods=["GET"])
        with patch.object(bpjs_gangguan, "PROBE_SECONDS", (0,)):
            antrean = self._daftarkan(self._pasien(1))
            self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")

    def test_a_lost_answer_whose_hours_have_changed_meanwhile(self):
        """BPJS has the entry and refuses its hours: with the new ones it says so."""
        self.simulator.fault(ANTREAN, "drop_after", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
            self._run_engine()
        job = self._job(antrean, A)
        self.assertEqual(job.state, "unknown")
        self._hours((11101, "08:00-12:00"))
        job.next_try_at = "2020-01-01"
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
        self.assertEqual(len(self.simulator.book()["antrean"]), 1)
