from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...bpjs import referensi
from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.errors import UnreadableError
from ...bpjs.outcome import REJECTED, Outcome
from ...bpjs.pcare import PCARE
from ...bpjs.reason import NO_REFERENSI
from ...bpjs.referensi import Praktek, Referensi, Rows
from ...models.faskes import bpjs_gangguan
from ...models.referensi import bpjs_fetch
from ..common import JADWAL, A, EngineCase, knows_days

REF_POLI = f"{ANTREAN} GET /ref/poli/tanggal/{{tanggal}}"
REF_DOKTER = f"{ANTREAN} GET /ref/dokter/kodepoli/{{kd_poli}}/tanggal/{{tanggal}}"
DOKTER = f"{PCARE} GET /dokter/{{start}}/{{limit}}"


class ReferensiCase(EngineCase):
    """The clinic before BPJS was asked for anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["bpjs.jadwal"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.company.partner_id.lang = "en_US"
        cls.today = cls.company._antrean_today()

    def _calls(self, route):
        return self.simulator.book()["calls"].get(route, 0)

    def _hours(self, *rows):
        """Have these (doctor, hours) be BPJS's schedule of poli 001."""
        self.simulator.reference(
            jadwal=[{"kd_poli": "001", "kd_dokter": kode, "jam": jam} for kode, jam in rows]
        )

    def _fetch(self, user=None):
        """Press Fetch from BPJS and return what is told."""
        context = {**self.env.context, "lang": "en_US"}
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=user or self.admin, context=context)
            action = env["bpjs.layanan"].action_fetch_lists()
        self.env.invalidate_all()
        return action["params"]

    def _sent(self):
        [entry] = self.simulator.book()["antrean"]
        return entry["body"]


@tagged("post_install", "-at_install")
class TestSchedule(ReferensiCase):
    """Doctor and practice hours are sent as BPJS's own schedule of the day has them."""

    @knows_days
    def test_hours_are_those_of_bpjs(self):
        self._hours((11101, "09:00-12:00"))
        self._fetch()
        antrean = self._daftarkan(self._pasien(1))
        self.dokter.name, self.poli.name = "Nama Lain", "Ruang Lain"
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        sent = self._sent()
        self.assertEqual(sent["jampraktek"], "09:00-12:00")
        self.assertEqual((sent["kodedokter"], sent["namadokter"]), (11101, "dr. Contoh Satu"))
        self.assertEqual((sent["kodepoli"], sent["namapoli"]), ("001", "Poli Umum"))

    def test_of_several_hours_those_that_fit_the_chosen_ones_best(self):
        self._hours((11101, "06:00-08:00"), (11101, "09:00-13:00"), (11103, "07:00-14:00"))
        self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._sent()["jampraktek"], "09:00-13:00")

    def test_a_backlog_asks_once_for_each_call_at_once(self):
        entries = [self._daftarkan(self._pasien(number)) for number in range(1, 13)]
        self._run_engine()
        for antrean in entries:
            self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertLessEqual(self._calls(REF_DOKTER), self.layanan_antrean.concurrency)
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), len(entries))
        self._daftarkan(self._pasien(13))
        asked = self._calls(REF_DOKTER)
        self._run_engine()
        self.assertEqual(self._calls(REF_DOKTER), asked, "known by now")

    def test_a_job_keeps_what_was_sent(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._job(antrean, A)._last_request().body, self._sent())
        self.assertEqual(self._job(antrean, A).attempt_count, 0, "asking costs no try")

    def test_a_doctor_who_is_away_is_refused_with_a_reason(self):
        self._hours((11103, "07:00-14:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "gagal"))
        self.assertIn(
            "BPJS has no practice hours of dr. Contoh Satu in Poli Umum",
            antrean.error_tambah_antrean_fktp,
        )
        self.assertEqual(self._job(antrean, A).galat_id, self.env.ref("antrean_bpjs.galat_jadwal"))
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), 0)
        [problem] = antrean.bpjs_problems
        self.assertEqual(problem["text"], antrean.error_tambah_antrean_fktp)

    def test_a_poli_without_any_schedule(self):
        for number, said in enumerate(("Jadwal Dokter tidak ditemukan", "No Content"), 1):
            with self.subTest(said=said):
                self.simulator.fault(ANTREAN, "say", code=201, message=said, methods=["GET"])
                antrean = self._daftarkan(self._pasien(number))
                self._run_engine()
                self.assertEqual(antrean.error_tambah_antrean_fktp, said)
        self.simulator.fault(ANTREAN, "say", code=204, message="", methods=["GET"])
        antrean = self._daftarkan(self._pasien(3))
        self._run_engine()
        self.assertIn("no practice hours in this poli", antrean.error_tambah_antrean_fktp)
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), 0)

    def test_an_answer_that_cannot_be_read_is_no_schedule(self):
        self.simulator.fault(ANTREAN, "wrong_encryption", methods=["GET"])
        with patch.object(bpjs_gangguan, "PROBE_SECONDS", (0,)):
            antrean = self._daftarkan(self._pasien(1))
            self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")

    def test_it_is_sent_by_itself_once_bpjs_has_the_schedule(self):
        self._hours((11103, "07:00-14:00"))
        refused = [self._daftarkan(self._pasien(number)) for number in (1, 2)]
        self._run_engine()
        self.assertEqual(refused[0].status_tambah_antrean_fktp, "gagal")
        self._fetch()
        self.assertEqual(refused[0].status_tambah_antrean_fktp, "gagal", "nothing is new")
        self._hours((11101, "08:00-12:00"))
        self._fetch()
        self.assertEqual(refused[0].status_tambah_antrean_fktp, "processing")
        self._run_engine()
        for antrean in refused:
            self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_what_one_entry_learns_mends_the_others(self):
        self.simulator.reference(jadwal=[])
        refused = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(refused.error_tambah_antrean_fktp, "Jadwal Dokter tidak ditemukan")
        self._hours((11101, "08:00-12:00"))
        self._daftarkan(self._pasien(2))
        self._run_engine()
        self.assertEqual(refused.status_tambah_antrean_fktp, "ok")

    def test_resend_asks_for_the_schedule_anew(self):
        self._hours((11103, "07:00-14:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self._hours((11101, "08:00-12:00"))
        with self.enter_registry_test_mode():
            result = antrean.with_user(self.petugas)._resend_pcare()
        self.assertEqual(result["status"], "success")
        self.assertEqual(self._sent()["jampraktek"], "08:00-12:00")

    def test_resend_ends_where_the_schedule_cannot_be_had(self):
        self._hours((11103, "07:00-14:00"))
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.simulator.fault(ANTREAN, "html_502", times=9)
        with self.enter_registry_test_mode():
            result = antrean.with_user(self.petugas)._resend_pcare()
        self.assertEqual((result["status"], result["jobs"][A]["status"]), ("error", "processing"))
        self.assertEqual(self._calls(REF_DOKTER), 2, "once by the engine, once by Resend")

    def test_a_service_that_fails_over_it_is_waited_for(self):
        for number, fault in enumerate(("html_502", "drop_before", "empty", "html_404"), 1):
            with self.subTest(fault=fault):
                self.env["bpjs.jadwal"].search([]).unlink()
                self.simulator.fault(ANTREAN, fault, methods=["GET"])
                antrean = self._daftarkan(self._pasien(number))
                with (
                    patch.object(bpjs_gangguan, "PROBE_SECONDS", (0,)),
                    patch.object(bpjs_gangguan, "PROBE_SECONDS_MISCONFIGURED", 0),
                ):
                    self._run_engine()
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def _asking(self):
        """Return an entry whose schedule is being asked for, with its flight."""
        antrean = self._daftarkan(self._pasien(1))
        flights = {flight.job_id: flight for flight in self.env["bpjs.engine"]._claim(64)}
        return antrean, flights[self._job(antrean, A).id]

    def test_a_worker_that_dies_while_it_asks_leaves_nothing_unknown(self):
        antrean, _flight = self._asking()
        job = self._job(antrean, A)
        job._expire_leases()
        self.assertFalse(job._is_unknown())
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")

    def test_one_cancelled_meanwhile_is_not_taken_back_from_bpjs(self):
        antrean, flight = self._asking()
        self._batalkan(antrean)
        job = self._job(antrean, A)
        job._settle(job.attempt_id, flight.exchanges, flight.run())
        self._run_engine()
        self.assertEqual(job.state, "cancelled")
        self.assertEqual(self._job(antrean, "batal_antrean_fktp").state, "cancelled")
        self.assertEqual(self._posts(ANTREAN, "/antrean/batal"), 0)

    def test_the_poli_that_was_asked_for_counts_not_that_of_now(self):
        antrean, flight = self._asking()
        self.poli.kd_poli_antrean = "003"
        job = self._job(antrean, A)
        job._settle(job.attempt_id, flight.exchanges, flight.run())
        kept = self.env["bpjs.jadwal"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(kept.mapped("kd_poli")), {"001"})

    def test_a_late_success_is_cancelled_as_it_was_sent(self):
        self.env["bpjs.jadwal"]._keep(self.company, self.today, JADWAL)
        antrean, flight = self._asking()
        job, late = self._job(antrean, A), self._job(antrean, A).attempt_id
        outcome = flight.run()
        job._settle(late, [], Outcome(REJECTED, "Zeta"))
        self.poli.kd_poli_antrean = "002"
        self.env["bpjs.engine"]._claim(64)
        self.assertFalse(job._last_request().has_effect, "the schedule of the other poli is asked")
        job._settle(late, flight.exchanges, outcome)
        self.assertEqual(job.outcome, "outdated", "BPJS has it in the poli of before")
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self.simulator.book()["antrean"][0]["status"], "batal")

    def test_blanks_typed_along_with_a_code_are_not_asked_about_for_ever(self):
        self.poli.kd_poli_antrean = " 001 "
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
        self.assertEqual(self._calls(REF_DOKTER), 1)
        self._fetch()
        self.assertEqual(self.poli.nama_poli_antrean, "Poli Umum")

    @knows_days
    def test_a_schedule_of_another_clinic_or_day_counts_for_nothing(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        for company, day in ((other, self.today), (self.company, self.today + timedelta(days=1))):
            self.env["bpjs.jadwal"].create(
                {
                    "company_id": company.id,
                    "tanggal": day,
                    "kd_poli": "001",
                    "kd_dokter": 11101,
                    "jam_praktek": "01:00-02:00",
                }
            )
        antrean = self._daftarkan(self._pasien(1))
        self.assertFalse(antrean.jadwal_bpjs_ids)
        self._run_engine()
        self.assertEqual(self._sent()["jampraktek"], "07:00-14:00")

    def test_schedules_are_read_for_all_entries_at_once(self):
        self.env["bpjs.jadwal"]._keep(self.company, self.today, JADWAL)
        entries = self.env["antrean.antrean"].browse(
            self._daftarkan(self._pasien(number)).id for number in range(1, 21)
        )
        self.env.invalidate_all()
        entries.mapped("ruangan_id.kd_poli_antrean")
        with self.assertQueryCount(2):
            entries.mapped("jadwal_bpjs_ids.kd_dokter")

    @knows_days
    def test_past_schedules_are_removed(self):
        for days in (0, 1, 2, 30):
            day = self.today - timedelta(days=days)
            self.env["bpjs.jadwal"]._keep(self.company, day, JADWAL)
        self.env["bpjs.jadwal"]._gc_past()
        kept = self.env["bpjs.jadwal"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(kept.mapped("tanggal")), {self.today, self.today - timedelta(days=1)})


@tagged("post_install", "-at_install")
class TestFetch(ReferensiCase):
    """The lists of both services, over real HTTP."""

    def _kept(self, company=None):
        """Return the kept lists as {(service, kind): {code: name}}."""
        rows = self.env["bpjs.referensi"].search(
            [("company_id", "=", (company or self.company).id)]
        )
        return {
            key: dict(zip(group.mapped("kode"), group.mapped("nama"), strict=True))
            for key, group in rows.grouped(lambda row: (row.layanan, row.jenis)).items()
        }

    @knows_days
    def test_all_lists(self):
        told = self._fetch()
        polis = {"001": "Poli Umum", "002": "Poli Gigi", "003": "Poli KIA"}
        doctors = {
            "11101": "dr. Contoh Satu",
            "11102": "drg. Contoh Dua",
            "11103": "dr. Contoh Tiga",
        }
        self.assertEqual(
            self._kept(),
            {
                (PCARE, "poli"): polis,
                (PCARE, "dokter"): doctors,
                (ANTREAN, "poli"): polis,
                (ANTREAN, "dokter"): doctors,
            },
        )
        hours = self.env["bpjs.jadwal"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(hours), 4)
        self.assertEqual(set(hours.mapped("tanggal")), {self.today})
        self.assertEqual(set(self.faskes.layanan_ids.mapped("referensi_on")), {self.today})
        self.assertEqual((told["type"], told["sticky"]), ("success", False))
        self.assertIn("PCare: 3 poli and 3 doctors.", told["message"])
        self.assertIn("Antrean FKTP: 3 poli", told["message"])
        self.assertIn("with 4 practice hours", told["message"])

    def test_what_changed_at_bpjs_changes_here(self):
        self._fetch()
        self.simulator.reference(
            poli={"001": "Poli Umum Baru", "002": "Poli Gigi"},
            dokter={"11101": "dr. Contoh Satu"},
            jadwal=[{"kd_poli": "001", "kd_dokter": 11101, "jam": "08:00-09:00"}],
        )
        self._fetch()
        kept = self._kept()
        self.assertEqual(kept[PCARE, "poli"], {"001": "Poli Umum Baru", "002": "Poli Gigi"})
        self.assertEqual(kept[PCARE, "dokter"], {"11101": "dr. Contoh Satu"})
        self.assertEqual(len(kept[ANTREAN, "dokter"]), 3, "one who is not there today is no less")
        hours = self.env["bpjs.jadwal"].search(
            [("company_id", "=", self.company.id), ("kd_poli", "=", "001")]
        )
        self.assertEqual(hours.mapped("jam_praktek"), ["08:00-09:00"])
        self.assertFalse(
            self.env["bpjs.jadwal"].search_count(
                [("company_id", "=", self.company.id), ("kd_poli", "=", "002")]
            )
        )

    def test_a_poli_for_healthy_visits_proposes_one(self):
        self.poli.kd_poli_pcare = "003"
        gigi = self._ruangan("Poli Gigi", "G", kd_poli_pcare="002")
        other = self._ruangan("Ruang Lain", "L")
        self.simulator.reference(poli_sehat=["003"])
        entry = self.env["antrean.antrean"].with_user(self.petugas)
        self.assertTrue(entry.new({"ruangan_id": self.poli.id}).kunjungan_sakit, "not known yet")
        self._fetch()
        for room, is_sick in ((self.poli, False), (gigi, True), (other, True)):
            with self.subTest(room=room.name):
                self.assertEqual(entry.new({"ruangan_id": room.id}).kunjungan_sakit, is_sick)
                antrean = self._daftarkan(self._pasien(1), room, penjamin_id=self.umum.id)
                self.assertEqual(antrean.kunjungan_sakit, is_sick)
        chosen = self._daftarkan(self._pasien(2), kunjungan_sakit=True)
        self.assertTrue(chosen.kunjungan_sakit, "staff decide")
        self.simulator.reference(poli_sehat=[])
        self._fetch()
        self.assertTrue(entry.new({"ruangan_id": self.poli.id}).kunjungan_sakit)

    def test_a_poli_of_another_clinic_proposes_nothing(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self.env["bpjs.referensi"].create(
            {
                "company_id": other.id,
                "layanan": PCARE,
                "jenis": "poli",
                "kode": "001",
                "poli_sakit": False,
                "seen_at": fields.Datetime.now(),
            }
        )
        self.assertTrue(self._daftarkan(self._pasien(1)).kunjungan_sakit)

    def test_doctors_whom_no_schedule_names_any_more_are_forgotten(self):
        self._fetch()
        rows = self.env["bpjs.referensi"].search(
            [("company_id", "=", self.company.id), ("layanan", "=", ANTREAN)]
        )
        gone = rows.filtered(lambda row: row.kode == "11102")
        gone.seen_at -= timedelta(days=32)
        self.env["bpjs.referensi"]._gc_unseen()
        self.assertEqual(rows.exists(), rows - gone)

    def test_many_doctors_come_in_pages_and_few_queries(self):
        doctors = {str(kode): f"dr. Contoh {kode}" for kode in range(1, 301)}
        jadwal = [
            {"kd_poli": "001", "kd_dokter": kode, "jam": "07:00-14:00"} for kode in range(1, 301)
        ]
        self.simulator.reference(poli={"001": "Poli Umum"}, dokter=doctors, jadwal=jadwal)
        self._fetch()  # creates them all
        self.assertEqual(self._kept()[PCARE, "dokter"], doctors)
        self.assertEqual(self._calls(DOKTER), 3, "300 are three full pages")
        self.simulator.reference(dokter={kode: f"{name} B" for kode, name in doctors.items()})
        flights = self.faskes.layanan_ids._claim_lists()
        for flight in flights:
            outcome = flight.run()
            self.env.invalidate_all()
            layanan = self.env["bpjs.layanan"].browse(flight.layanan_id)
            with self.assertQueryCount(60), self.subTest(layanan=layanan.kode):
                layanan._keep_lists(**outcome.data)
                self.env.flush_all()
        self.assertEqual(self._kept()[PCARE, "dokter"]["300"], "dr. Contoh 300 B")

    def test_one_service_fails_the_other_does_not(self):
        cases = [
            ("html_502", "HTTP 502"),
            ("drop_before", "The connection to BPJS was lost"),
            ("empty", "HTTP 200 without a readable answer"),
            ("html_404", "HTTP 404"),
            ("limits_exceeded", "Limits exceeded"),
            ("wrong_encryption", "could not be decrypted"),
        ]
        for fault, words in cases:
            with self.subTest(fault=fault):
                self.faskes.layanan_ids.referensi_on = False
                self.simulator.fault(PCARE, fault)
                told = self._fetch()
                self.assertEqual((told["type"], told["sticky"]), ("warning", True))
                self.assertIn(words, told["message"])
                self.assertIn("Antrean FKTP: 3 poli", told["message"])
                self.assertTrue(self.layanan_pcare.next_probe_at, "whose trouble it is is asked")
                self.assertFalse(self.layanan_pcare.down_since)
                self.assertFalse(self.layanan_pcare.referensi_on)
                self.assertEqual(self.layanan_antrean.referensi_on, self.today)
                self.layanan_pcare._mark_up()
                self.simulator.reset()

    def test_a_service_that_is_down_is_not_asked(self):
        self.layanan_antrean.base_url = "http://127.0.0.1:9/nothing-listens-here"
        told = self._fetch()
        self.assertIn("BPJS could not be reached", told["message"])
        self._run_engine()
        self.assertTrue(self.layanan_antrean.down_since)
        self.layanan_antrean.base_url = f"{self.simulator.url}/antreanfktp"
        told = self._fetch()
        self.assertIn("Antrean FKTP was not asked, for it is down", told["message"])
        self.assertEqual(self._calls(REF_POLI), 0)
        self.assertEqual(self._calls(DOKTER), 2)

    def test_why_a_service_is_down_is_kept_in_the_clinics_language(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.company.partner_id.lang = "id_ID"
        self.layanan_antrean.base_url = "http://127.0.0.1:9/nothing-listens-here"
        self.assertIn("BPJS could not be reached", self._fetch()["message"], "who pressed it")
        self._run_engine()
        self.assertEqual(self.layanan_antrean.down_message, "BPJS tidak dapat dihubungi")

    def test_lists_are_read_by_their_count(self):
        doctors = {str(kode): f"dr. Contoh {kode}" for kode in range(1, 41)}
        self.simulator.reference(dokter=doctors, jadwal=[])
        self.simulator.settings(page_size=15)
        self._fetch()
        self.assertEqual(self._kept()[PCARE, "dokter"], doctors)
        self.assertEqual(self._calls(DOKTER), 3)

    def test_what_was_not_read_is_not_gone(self):
        self._fetch()
        before = self._kept()
        self.faskes.layanan_ids.referensi_on = False
        rows = [None, {"kdPoli": "001", "nmPoli": "Poli Umum"}]
        self.simulator.fault(
            PCARE, "say", code=200, response={"count": 2, "list": rows}, path="/poli/*"
        )
        rows = [{"kodedokter": 11101, "jampraktek": "07:00-14:00"}, {"kodedokter": None}]
        self.simulator.fault(ANTREAN, "say", code=200, response=rows, path="/ref/dokter/*/001/*")
        self._fetch()
        self.assertEqual(self._kept(), before)
        self.assertEqual(self.faskes.layanan_ids.mapped("referensi_on"), [False, False])
        hours = self.env["bpjs.jadwal"].search(
            [("company_id", "=", self.company.id), ("kd_poli", "=", "001")]
        )
        self.assertEqual(len(hours), 2)

    def test_what_came_before_the_failure_is_kept(self):
        unreadable = UnreadableError(NO_REFERENSI)
        with patch.object(referensi, "dokter", side_effect=unreadable):
            told = self._fetch()
        self.assertIn("PCare: BPJS's answer is not a list of poli or doctors.", told["message"])
        self.assertIn((PCARE, "poli"), self._kept())
        self.assertNotIn((PCARE, "dokter"), self._kept())
        self.assertFalse(self.layanan_pcare.referensi_on)

    def test_an_empty_list_is_no_failure(self):
        for code in (204, 201):
            with self.subTest(code=code):
                self._fetch()
                message = "Jadwal Dokter tidak ditemukan" if code == 201 else ""
                self.simulator.fault(ANTREAN, "say", code=code, message=message, times=9)
                told = self._fetch()
                self.assertEqual(told["type"], "success")
                self.assertIn("Antrean FKTP: 0 poli", told["message"])
                self.assertNotIn((ANTREAN, "poli"), self._kept())
                self.simulator.reset()

    def test_a_slow_service_is_not_asked_for_ever(self):
        with patch.object(bpjs_fetch, "FETCH_SECONDS", 0):
            told = self._fetch()
        self.assertIn("PCare is slow", told["message"])
        self.assertFalse(self.layanan_pcare.referensi_on)
        self.assertEqual(self.simulator.book()["calls"], {})

    @mute_logger("odoo.addons.antrean_bpjs.models.referensi.bpjs_fetch")
    def test_a_list_that_cannot_be_kept_costs_the_other_service_nothing(self):
        keep = type(self.env["bpjs.layanan"])._keep_lists

        def stumbling(layanan, **lists):
            return keep(layanan, **lists) if layanan.kode == ANTREAN else 1 // 0

        with patch.object(type(self.env["bpjs.layanan"]), "_keep_lists", stumbling):
            self._fetch()
        self.assertEqual({service for service, _kind in self._kept()}, {ANTREAN})

    def test_two_clinics_are_kept_apart(self):
        stranger = self.env(user=self._stranger("admin"), context={"lang": "en_US"})
        self._fetch()
        for model in ("bpjs.referensi", "bpjs.jadwal", "bpjs.perbandingan"):
            self.assertTrue(self.env[model].with_user(self.admin).search([]))
            self.assertFalse(stranger[model].search([]), model)
        with self.assertRaisesRegex(UserError, "BPJS is not set up for Klinik Lain yet"):
            stranger["bpjs.layanan"].action_fetch_lists()

    def test_only_administrators_fetch(self):
        with self.assertRaises(AccessError):
            self._fetch(self.petugas)

    # The scheduled action

    def _run_cron(self):
        others = self.env["bpjs.layanan"].search([]) - self.faskes.layanan_ids
        others.down_since = fields.Datetime.now()  # they are not to be asked here
        with self.enter_registry_test_mode():
            self.env.ref("antrean_bpjs.ir_cron_fetch_lists").method_direct_trigger()
        self.env.invalidate_all()

    def _at(self, hour):
        """Move the facility to where it is this hour now."""
        offset = (hour - fields.Datetime.now().hour + 12) % 24 - 12
        self.company.antrean_tz = f"Etc/GMT{-offset:+d}"
        return self.company._antrean_today()

    @knows_days
    def test_it_is_fetched_once_a_day_from_the_morning_on(self):
        for hour, days_ago, asked in ((3, 1, 0), (4, 1, 1), (4, 0, 1), (14, 0, 1), (14, 1, 2)):
            today = self._at(hour)
            with self.subTest(hour=hour, days_ago=days_ago):
                self.faskes.layanan_ids.referensi_on = today - timedelta(days=days_ago)
                self._run_cron()
                self.assertEqual(self._calls(REF_POLI), asked)
                if hour != 3:
                    self.assertEqual(self.layanan_antrean.referensi_on, today)

    @knows_days
    def test_it_is_fetched_again_for_entries_that_were_refused(self):
        self._at(10)
        self._hours((11103, "07:00-14:00"))
        self._run_cron()
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "gagal")
        self._hours((11101, "07:00-14:00"))
        self._run_cron()
        self.assertEqual(antrean.status_tambah_antrean_fktp, "processing")
        self.assertEqual((self._calls(REF_POLI), self._calls(DOKTER)), (2, 1))


@tagged("post_install", "-at_install")
class TestPerbandingan(ReferensiCase):
    """What is at BPJS beside what is here."""

    def _keep(self, layanan=None, poli=None, dokter=None, praktek=None):
        layanan = layanan or self.layanan_antrean
        layanan._keep_lists(
            tanggal=self.today,
            is_complete=True,
            poli=poli and Rows(Referensi(*row) for row in poli),
            dokter=dokter and Rows(Referensi(*row) for row in dokter),
            praktek=praktek and {kode: Rows(rows) for kode, rows in praktek.items()},
        )

    def _rows(self, jenis, layanan=ANTREAN):
        self.env["bpjs.perbandingan"].invalidate_model()
        return (
            self.env["bpjs.perbandingan"]
            .with_user(self.admin)
            .search(
                [
                    ("company_id", "=", self.company.id),
                    ("jenis", "=", jenis),
                    ("layanan", "=", layanan),
                ]
            )
        )

    def _statuses_of(self, jenis, layanan=ANTREAN):
        return {
            (row.kode or "", row.di_bpjs or "", row.di_sini or ""): row.status
            for row in self._rows(jenis, layanan)
        }

    def test_nothing_is_compared_with_a_list_that_is_not_here(self):
        self.assertFalse(self._rows("poli"))
        self._keep(self.layanan_pcare, dokter=[("1", "dr. Contoh Satu")])
        self.assertFalse(self._rows("poli", PCARE))
        self.assertEqual(len(self._rows("dokter", PCARE)), 1)

    def test_the_four_statuses(self):
        self._ruangan("Poli Lansia", "L", kd_poli_antrean="009")
        self._ruangan("Poli Gigi Anak", "G", kd_poli_antrean="002")
        self._ruangan("Arsip", "X", kd_poli_antrean="003", active=False)
        self._keep(poli=[("001", "POLI  UMUM."), ("002", "Poli Gigi"), ("003", "Poli KIA")])
        self.assertEqual(
            self._statuses_of("poli"),
            {
                ("001", "POLI  UMUM.", "Poli Umum"): "sama",
                ("002", "Poli Gigi", "Poli Gigi Anak"): "beda",
                ("003", "Poli KIA", ""): "bpjs",
                ("009", "", "Poli Lansia"): "klinik",
            },
        )
        ids = self._rows("poli").ids
        self.assertEqual(len(set(ids)), 4)
        self.assertEqual(self._rows("poli").ids, ids)

    def test_a_code_is_filled_in_where_a_name_fits_one_only(self):
        room = self._ruangan("poli gigi", "G")
        doctor = self.env["antrean.dokter"].create({"name": "Drg Contoh Dua"})
        self._fetch()
        self.assertEqual((room.kd_poli_pcare, room.kd_poli_antrean), ("002", "002"))
        self.assertEqual((doctor.kd_dokter_pcare, doctor.kd_dokter_antrean), ("11102", 11102))

    def test_what_a_person_entered_stays(self):
        room = self._ruangan("Poli Gigi", "G", kd_poli_antrean="777")
        self._keep(poli=[("002", "Poli Gigi")])
        self.assertEqual(room.kd_poli_antrean, "777")

    def test_a_name_that_is_there_twice_is_left_to_a_person(self):
        twice = [self._ruangan("Poli Gigi", letter) for letter in "GH"]
        kia = self._ruangan("Poli KIA", "K")
        same_code = self._ruangan("Poli Umum", "U")
        self._keep(
            poli=[
                ("001", "Poli Umum"),
                ("002", "Poli Gigi"),
                ("003", "Poli KIA"),
                ("004", "POLI KIA"),
            ]
        )
        for room in (*twice, kia, same_code):
            self.assertFalse(room.kd_poli_antrean, room.name)

    def test_rooms_that_bpjs_does_not_know_stay_out_of_it(self):
        self._keep(poli=[("001", "Poli Umum"), ("009", "Apotek")])
        self.assertFalse(self.apotek.kd_poli_antrean)
        self.assertEqual(self._statuses_of("poli")["009", "Apotek", ""], "bpjs")

    @knows_days
    def test_hours(self):
        rows = {
            "001": [
                Praktek(11101, "dr. Contoh Satu", "07.00 - 14.00"),
                Praktek(11103, "dr. Contoh Tiga", "14:00-21:00"),
            ]
        }
        self._keep(praktek=rows)
        self.assertEqual(
            self._statuses_of("jadwal"), {("", "07.00 - 14.00", "07:00-14:00"): "sama"}
        )
        self.env["antrean.dokter"].create({"name": "dr. Contoh Tiga", "kd_dokter_antrean": 11103})
        self.assertEqual(self._statuses_of("jadwal")["", "14:00-21:00", ""], "bpjs")
        self._keep(praktek={"001": [Praktek(11101, "", "08:00-12:00")]})
        self.assertEqual(self._statuses_of("jadwal"), {("", "08:00-12:00", "07:00-14:00"): "beda"})
        self._keep(praktek={"001": [Praktek(11103, "", "08:00-12:00")]})
        self.assertEqual(self._statuses_of("jadwal")["", "", "07:00-14:00"], "klinik")

    def _own_hours(self, day=None):
        hari = str((day or self.today).weekday())
        return [
            (jadwal.jam_praktek, jadwal.kapasitas)
            for jadwal in self.poli.jadwal_ids
            if jadwal.hari == hari
        ]

    @knows_days
    def test_hours_are_taken_over(self):
        antrean = self._daftarkan(self._pasien(1))
        self._keep(
            praktek={
                "001": [Praktek(11101, "", "07:30-11:00", 20), Praktek(11101, "", "13:00-15:00")]
            }
        )
        self._rows("jadwal").action_take_over()
        self.assertEqual(self._own_hours(), [("07:30-11:00", 20), ("13:00-15:00", 0)])
        tomorrow = self.today + timedelta(days=1)
        self.assertEqual(self._own_hours(tomorrow), [("07:00-14:00", 0)])
        self.assertEqual(antrean.jadwal_id.jam_praktek, "07:30-11:00")
        self.assertEqual(set(self._statuses_of("jadwal").values()), {"sama"})

        self._keep(praktek={"001": [Praktek(11101, "", "08:00-12:00", 5)]})
        self._rows("jadwal").action_take_over()
        self.assertEqual(self._own_hours(), [("08:00-12:00", 5)])
        archived = self.poli.with_context(active_test=False).jadwal_ids.filtered(
            lambda jadwal: not jadwal.active
        )
        self.assertEqual(archived.jam_praktek, "13:00-15:00")

    @knows_days
    def test_hours_that_are_only_at_bpjs_are_taken_over(self):
        doctor = self.env["antrean.dokter"].create(
            {"name": "dr. Contoh Tiga", "kd_dokter_antrean": 11103}
        )
        self._keep(praktek={"001": [Praktek(11103, "", "14:00-21:00", 30)]})
        row = self._rows("jadwal").filtered(lambda row: row.status == "bpjs")
        row.action_take_over()
        made = self.poli.jadwal_ids.filtered(lambda jadwal: jadwal.dokter_id == doctor)
        self.assertEqual((made.jam_praktek, made.hari), ("14:00-21:00", str(self.today.weekday())))

    def test_a_name_is_taken_over(self):
        self._keep(poli=[("001", "Poli Umum Pagi")])
        self._rows("poli").action_take_over()
        self.assertEqual(self.poli.name, "Poli Umum Pagi")

    def test_one_press_creates_what_is_only_at_bpjs(self):
        self._fetch()
        row = self._rows("poli", PCARE).filtered(lambda row: row.kode == "002")
        row.action_create_here()
        room = self.env["antrean.ruangan"].search(
            [("company_id", "=", self.company.id), ("name", "=", "Poli Gigi")]
        )
        self.assertEqual((room.kd_poli_pcare, room.kd_poli_antrean), ("002", "002"))
        self.assertEqual(room.kode_antrean, "B", "A and R are taken")
        row = self._rows("dokter").filtered(lambda row: row.kode == "11102")
        row.action_create_here()
        doctor = self.env["antrean.dokter"].search(
            [("company_id", "=", self.company.id), ("name", "=", "drg. Contoh Dua")]
        )
        self.assertEqual((doctor.kd_dokter_pcare, doctor.kd_dokter_antrean), ("11102", 11102))
        self.assertEqual(doctor.company_id, self.company)

    def test_one_that_is_named_otherwise_is_chosen(self):
        self.dokter.kd_dokter_antrean = 0
        self.dokter.name = "Nama Lain"
        self._fetch()
        row = self._rows("dokter").filtered(lambda row: row.kode == "11101")
        action = row.action_choose()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.admin)
            .with_context(**action["context"])
            .create({"dokter_id": self.dokter.id})
        )
        wizard.action_match()
        self.assertEqual(self.dokter.kd_dokter_antrean, 11101)
        row = self._rows("dokter").filtered(lambda row: row.kode == "11101")
        self.assertEqual((row.status, row.dokter_id), ("beda", self.dokter))

    def test_a_code_that_is_filled_in_sends_what_waited_for_it(self):
        self.poli.kd_poli_antrean = False
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "gagal"))
        self._fetch()
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
