from ast import literal_eval
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ...models.antrean.antrean_alur import ALASAN_LENGTH
from ...models.job import bpjs_job_limits
from ..common import DITOLAK_PCARE, A, AntreanCase, EngineCase, P

BATAL_P, BATAL_A = "batal_pendaftaran_pcare", "batal_antrean_fktp"


@tagged("post_install", "-at_install")
class TestAlasan(AntreanCase):
    """Nobody is cancelled without a reason, whoever pays and whichever way it is asked for."""

    def test_each_reason_is_kept_in_indonesian(self):
        for member, (alasan, vals, kept) in enumerate(
            [
                ("permintaan", {}, "Permintaan pasien"),
                ("tidak_hadir", {}, "Pasien tidak hadir"),
                ("salah_daftar", {"alasan_lain": "chosen before"}, "Salah daftar"),
                ("lainnya", {"alasan_lain": "Dirujuk ke IGD"}, "Dirujuk ke IGD"),
            ],
            1,
        ):
            for payer in (self.bpjs, self.umum):
                with self.subTest(alasan=alasan, payer=payer.name):
                    antrean = self._daftarkan(self._pasien(member), penjamin_id=payer.id)
                    self._batalkan(antrean, alasan, **vals)
                    self.assertEqual((antrean.state, antrean.alasan_batal), ("batal", kept))

    def test_an_absent_patient_did_not_come(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self.assertFalse(antrean.action_batalkan()["context"]["default_alasan"])
        antrean.action_panggil()
        antrean.action_tidak_hadir()
        context = antrean.action_batalkan()["context"]
        self.assertEqual(context["default_alasan"], "tidak_hadir")

    def test_without_a_reason_nothing_is_cancelled(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        antrean.action_batalkan()
        ways = [
            lambda: antrean._batalkan(False),
            lambda: antrean._batalkan(" "),
            lambda: self._batalkan(antrean, "lainnya"),
            lambda: self._batalkan(antrean, "lainnya", alasan_lain=" "),
            lambda: self._batalkan(antrean, "lainnya", alasan_lain="x" * (ALASAN_LENGTH + 1)),
            lambda: antrean.with_user(self.admin).copy({"state": "batal"}),
        ]
        for number, way in enumerate(ways):
            with (
                self.subTest(way=number),
                self.assertRaisesRegex(ValidationError, "reason"),
                self.env.cr.savepoint(),
            ):
                way()
        self.assertEqual((antrean.state, antrean.alasan_batal), ("menunggu", False))
        self._batalkan(antrean, "lainnya", alasan_lain="x" * ALASAN_LENGTH)
        self.assertEqual(antrean.state, "batal")

    def test_what_cannot_be_cancelled_is_not_asked_about(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        antrean._terima()
        with self.assertRaises(UserError):
            antrean.action_batalkan()


class CancelCase(EngineCase):
    def setUp(self):
        super().setUp()
        self.simulator.settings(detect_duplicates=True)
        self.faskes.layanan_ids.settling_seconds = 0
        self.startPatcher(patch.object(bpjs_job_limits, "RETRY_SECONDS", (0,)))

    def _alive(self):
        """Return how many registrations and queue entries BPJS has that are not cancelled."""
        book = self.simulator.book()
        return (
            len(book["pendaftaran"]),
            len([row for row in book["antrean"] if row["status"] != "batal"]),
        )

    def _land(self, flights):
        """Send what was claimed, and settle the answers."""
        for flight in flights:
            outcome = flight.run()
            job = self.env["bpjs.job"].browse(flight.job_id)
            job._settle(job.attempt_id, flight.exchanges, outcome)

    def _states(self, antrean):
        return {job.job_type: job.state for job in antrean.job_ids}


@tagged("post_install", "-at_install")
class TestCancel(CancelCase):
    """No cancelled entry stays alive at BPJS, and none is taken back that lives."""

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
        self.assertIn(
            '"alasan": "Permintaan pasien"', self._job(antrean, BATAL_A).attempt_id.request
        )

    def test_a_poli_that_is_not_found_takes_nobody_back(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        said = {"code": 201, "message": "Poli tidak ditemukan", "path": "/antrean/batal"}
        self.simulator.fault(ANTREAN, "say", **said)
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._alive(), (0, 1))
        self.assertEqual(self._states(antrean)[BATAL_A], "failed")

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
        self._land(flights)
        self.assertEqual(self._alive(), (1, 1))
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))

    def test_what_bpjs_refuses_while_it_is_cancelled_is_dropped(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_PCARE))
        flights = self.env["bpjs.engine"]._claim(64)
        self._batalkan(antrean)
        self._land(flights)
        self._run_engine()
        self.assertEqual(
            self._states(antrean),
            {P: "cancelled", A: "cancelled", BATAL_P: "cancelled", BATAL_A: "success"},
        )
        self.assertEqual(self._alive(), (0, 0))

    def test_an_unknown_outcome_is_cleared_up_and_taken_back(self):
        for fault, member in [("drop_after", 1), ("drop_before", 2)]:
            with self.subTest(fault=fault):
                for service in (PCARE, ANTREAN):
                    self.simulator.fault(service, fault, methods=["POST"])
                antrean = self._daftarkan(self._pasien(member))
                with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
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

    def test_the_next_entry_of_the_visit_is_not_resent_before_the_cancel(self):
        patient = self._pasien(1)
        first = self._daftarkan(patient)
        self._run_engine()
        self._batalkan(first)
        second = self._daftarkan(patient)
        before = self.simulator.book()["calls"]
        with self.assertRaises(LockError), self.env.cr.savepoint():
            self.env["bpjs.engine"]._claim_entry(second, None)
        self.assertEqual(self.simulator.book()["calls"], before)

    # Called, and cancelled

    def _called(self, member):
        """Return an entry that BPJS has and knows to be called."""
        antrean = self._daftarkan(self._pasien(member)).with_user(self.petugas)
        self._run_engine()
        antrean.action_panggil()
        self._run_engine()
        return antrean

    def test_bpjs_learns_who_did_not_come_before_the_cancel(self):
        """Else it would take them for served and not cancel."""
        marked, chosen = self._called(1), self._called(2)
        marked.action_tidak_hadir()
        self._batalkan(marked)
        self._batalkan(chosen, "tidak_hadir")
        self.assertFalse(self._job(marked, BATAL_A).next_try_at, "The call goes first")
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual((marked + chosen).mapped("status_batal"), ["ok", "ok"])

    def test_an_absence_that_bpjs_refused_is_told_again_with_the_cancel(self):
        antrean = self._called(1)
        self.simulator.fault(ANTREAN, "say", code=201, message="Zeta", methods=["POST"], times=2)
        self._batalkan(antrean, "tidak_hadir")
        self._run_engine()
        self.assertEqual(antrean.status_batal, "gagal")
        antrean.action_kirim_ulang_batal()
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual(antrean.status_batal, "ok")

    def test_a_call_not_told_yet_is_not_told_of_a_cancelled_entry(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._run_engine()
        antrean.action_panggil()
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual(self._posts(ANTREAN, "/antrean/panggil"), 0)

    def test_an_absence_is_told_before_the_cancel_of_what_is_still_on_its_way(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        flights = self.env["bpjs.engine"]._claim(64)
        antrean.action_panggil()
        self._batalkan(antrean, "tidak_hadir")
        call, cancel = self._job(antrean, "panggil_antrean_fktp"), self._job(antrean, BATAL_A)
        self.assertEqual((call.state, cancel.after_id), ("pending", call))
        self._land(flights)
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual((call.state, cancel.state), ("success", "success"))

    def test_a_call_in_the_air_ends_before_the_cancel(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        self._run_engine()
        antrean.action_panggil()
        [flight] = self.env["bpjs.engine"]._claim(64)
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._posts(ANTREAN, "/antrean/batal"), 0)
        job = self.env["bpjs.job"].browse(flight.job_id)
        job._settle(job.attempt_id, flight.exchanges, flight.run())
        self._run_engine()
        self.assertEqual(self._posts(ANTREAN, "/antrean/batal"), 1)


@tagged("post_install", "-at_install")
class TestFailedCancel(CancelCase):
    """A cancel that did not arrive shows, says what to do, and can be sent again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = cls.petugas.lang = cls.company.partner_id.lang = "en_US"

    @contextmanager
    def _given_up_after(self, tries):
        before = self.layanan_pcare.max_attempts
        self.faskes.layanan_ids.max_attempts = tries
        yield
        self.faskes.layanan_ids.max_attempts = before

    def _refused(self, **faults):
        """Return a cancelled entry that BPJS has and did not take back."""
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self._refuse(**faults)
        self._batalkan(antrean)
        self._run_engine()
        return antrean.with_user(self.petugas)

    def _refuse(self, **messages):
        for service, message in messages.items():
            code = 412 if service == PCARE else 201
            methods = ["POST", "DELETE"]
            self.simulator.fault(service, "say", code=code, message=message, methods=methods)

    def _explained(self, antrean, entry):
        """Return the details of the badge, which this entry of the dictionary explains."""
        galat = self.env.ref(f"antrean_bpjs.galat_{entry}")
        details = antrean.get_bpjs_details()
        [batal] = [job for job in details["jobs"] if job["letter"] == "Batal"]
        self.assertEqual((batal["cause"], batal["next_step"]), (galat.penyebab, galat.langkah))
        self.assertEqual((batal["status"], batal["status_label"]), ("gagal", "Failed"))
        self.assertEqual(batal["action"], "batal")
        self.assertEqual(details["advice"], "")
        return batal

    def _send_again(self, antrean):
        antrean.action_kirim_ulang_batal()
        self.assertEqual(antrean.status_batal, "processing")
        self._run_engine()

    def test_the_badges_of_a_cancelled_entry(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual((*self._statuses(antrean), antrean.status_batal), ("ok", "ok", False))
        self._batalkan(antrean)
        self.assertEqual(
            (*self._statuses(antrean), antrean.status_batal), (False, False, "processing")
        )
        self._run_engine()
        self.assertEqual((*self._statuses(antrean), antrean.status_batal), (False, False, "ok"))

    def test_what_bpjs_never_had_has_no_badge(self):
        antrean = self._daftarkan(self._pasien(1))
        self._batalkan(antrean)
        self._run_engine()
        self.assertFalse(antrean.status_batal)

    def test_the_worst_of_both_shows(self):
        antrean = self._refused(antrean_fktp="Zeta")
        self.assertEqual(self._states(antrean)[BATAL_P], "success")
        self.assertEqual(antrean.status_batal, "gagal")
        [batal] = [job for job in antrean.get_bpjs_details()["jobs"] if job["letter"] == "Batal"]
        self.assertEqual((batal["job_type"], batal["message"]), (BATAL_A, "Zeta"))

    def test_it_is_sent_again_and_nothing_else_is(self):
        antrean = self._refused(pcare="Zeta", antrean_fktp="Zeta")
        self.assertEqual(self._alive(), (1, 1))
        self._send_again(antrean)
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual(antrean.status_batal, "ok")
        before = self.simulator.book()["calls"]
        antrean.action_kirim_ulang_batal()
        self._run_engine()
        self.assertEqual(self.simulator.book()["calls"], before)

    def test_only_what_failed_is_sent_again(self):
        antrean = self._refused(antrean_fktp="Zeta")
        before = self.simulator.book()["calls"]
        self._send_again(antrean)
        after = self.simulator.book()["calls"]
        sent = {call: after[call] - before.get(call, 0) for call in after}
        self.assertEqual(
            {call: times for call, times in sent.items() if times},
            {"antrean_fktp POST /antrean/batal": 1},
        )

    def test_the_filter_finds_it(self):
        antrean = self._refused(pcare="Zeta")
        done = self._daftarkan(self._pasien(2))
        self._run_engine()
        self._batalkan(done)
        self._run_engine()
        views = antrean.get_views([(False, "search")])
        search = etree.fromstring(views["views"]["search"]["arch"])
        [failed] = search.xpath("//filter[@name='gagal']/@domain")
        self.assertEqual((antrean + done).filtered_domain(literal_eval(failed)), antrean)

    def test_the_board_is_told(self):
        antrean = self._refused(pcare="Zeta")
        self.env.cr.precommit.run()
        bus = self.env["bus.bus"].sudo()
        bus.search([]).unlink()
        antrean.action_kirim_ulang_batal()
        self.env.cr.precommit.run()
        [told] = bus.search([("message", "like", "antrean_bpjs.board")])
        self.assertIn(str(antrean.id), told.message)

    def test_the_next_entry_of_the_visit_does_not_go_with_it(self):
        """BPJS took the next entry for the first one, as long as it had that."""
        first = self._refused(pcare="Zeta", antrean_fktp="Zeta")
        second = self._daftarkan(first.pasien_id)
        self._run_engine()
        second.with_user(self.petugas).action_panggil()
        self._run_engine()
        self.assertEqual(self._alive(), (1, 1))
        second.with_user(self.petugas).action_tidak_hadir()
        self._run_engine()
        self._send_again(first)
        self.assertEqual(first.status_batal, "na", "What BPJS has is the second's")
        self.assertEqual(self._alive(), (1, 1))
        self.assertEqual(self._registered(second), [second.nomor_antrean_pcare])
        self.assertEqual(self._statuses(second), ("ok", "ok"))
        self.assertEqual(self.simulator.book()["antrean"][-1]["status"], "tidak hadir")

    def test_other_companies_neither_cancel_nor_send_it_again(self):
        antrean = self._refused(pcare="Zeta")
        living = self._daftarkan(self._pasien(2))
        stranger = self._stranger("petugas")
        with self.assertRaises(AccessError):
            antrean.with_user(stranger).action_kirim_ulang_batal()
        theirs = {"allowed_company_ids": stranger.company_ids.ids}
        wizard = self.env["antrean.batal"].with_user(stranger).with_context(**theirs)
        wizard = wizard.create({"antrean_id": living.id, "alasan": "permintaan"})
        self.env.invalidate_all()
        for way in (lambda: wizard.nomor_antrean, lambda: wizard.pasien_id, wizard.action_batalkan):
            with self.assertRaises(AccessError):
                way()
        self.assertEqual(living.state, "menunggu")

    def test_who_was_served_cannot_be_cancelled(self):
        antrean = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        antrean.action_panggil()
        self._run_engine()
        self._batalkan(antrean)
        self._run_engine()
        batal = self._explained(antrean, "sudah_dilayani")
        self.assertEqual(batal["message"], "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan")
        self.assertEqual(batal["who"], "Staff")
        self._send_again(antrean)
        self._explained(antrean, "sudah_dilayani")

    def test_what_was_deleted_in_pcare_itself_is_taken_back(self):
        antrean = self._refused(pcare="Pasien Sudah Dilayani")
        self._explained(antrean, "sudah_dilayani")
        request = self._job(antrean, BATAL_P).sudo()._last_request()
        self.layanan_pcare._client().send(request)
        self._send_again(antrean)
        self.assertEqual(antrean.status_batal, "ok")
        self.assertFalse(antrean.nomor_antrean_pcare)

    def test_a_cancel_that_is_never_answered(self):
        self.env["res.lang"]._activate_lang("id_ID")
        for member, lang in enumerate(("en_US", "id_ID"), 1):
            with self.subTest(lang=lang):
                self.company.partner_id.lang = lang
                antrean = self._daftarkan(self._pasien(member)).with_user(self.petugas)
                self._run_engine()
                for service in (PCARE, ANTREAN):
                    methods = ["POST", "DELETE"]
                    self.simulator.fault(service, "drop_before", methods=methods, times=2)
                with self._given_up_after(2):
                    self._batalkan(antrean)
                    self._run_engine()
                self.assertEqual(self._alive(), (1, 1))
                self._explained(antrean, "batal_tidak_dijawab")
                self._send_again(antrean)
                self.assertEqual(self._alive(), (0, 0))
                self.assertEqual(antrean.status_batal, "ok")

    def _given_up(self, member, *last_faults):
        """Return an entry whose registrations failed without an answer; the last may be there."""
        for service in (PCARE, ANTREAN):
            for fault in ("drop_before", *last_faults):
                self.simulator.fault(service, fault, methods=["POST"])
        antrean = self._daftarkan(self._pasien(member))
        with self._given_up_after(1 + len(last_faults)):
            self._run_engine()
        self.assertEqual(self._statuses(antrean), ("gagal", "gagal"))
        return antrean

    def test_what_was_given_up_is_looked_up_and_taken_back(self):
        for member, faults in [(1, ["drop_after"]), (2, [])]:
            with self.subTest(faults=faults):
                antrean = self._given_up(member, *faults)
                self.assertEqual(self._alive(), (len(faults), len(faults)))
                self._batalkan(antrean)
                self.assertEqual(antrean.status_batal, "processing")
                self._run_engine()
                self.assertEqual(self._alive(), (0, 0))
                self.assertEqual(antrean.status_batal, "ok")

    def test_what_was_given_up_twice_is_looked_up_when_sent_again(self):
        antrean = self._given_up(1, "drop_after")
        with self._given_up_after(1):
            self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["GET"])
            self._batalkan(antrean)
            self._run_engine()
        self.assertEqual(self._alive(), (1, 0))
        antrean = antrean.with_user(self.petugas)
        self._explained(antrean, "batal")
        self._send_again(antrean)
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual(antrean.status_batal, "ok")

    def test_what_was_given_up_has_all_its_tries_again(self):
        antrean = self._given_up(1, "drop_after")
        with self._given_up_after(2):
            self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["GET"])
            self._batalkan(antrean)
            self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
