import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ..common import DITOLAK_ANTREAN, DITOLAK_PCARE, SKRINING, TIDAK_AKTIF, A, EngineCase, P


@tagged("post_install", "-at_install")
class TestResend(EngineCase):
    def _resend(self, antrean):
        with self.enter_registry_test_mode():
            result = antrean.with_user(self.petugas)._resend_pcare()
        antrean.invalidate_recordset()
        return result

    def _refused_then_mended(self, member=1):
        """Return an entry that PCare refused once, for a reason that is gone."""
        self.simulator.fault(PCARE, "fields_412", methods=["POST"])
        antrean = self._daftarkan(self._pasien(member))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("gagal", "ok"))
        return antrean

    def test_the_three_conditions_of_the_manual(self):
        reported = self._daftarkan(self._pasien(1))
        umum = self._daftarkan(self._pasien(2), penjamin_id=self.umum.id)
        apotek = self._daftarkan(self._pasien(3), self.apotek)
        self.assertTrue(reported.can_resend_pcare)
        self.assertFalse(umum.can_resend_pcare)
        self.assertFalse(apotek.can_resend_pcare)
        self._run_engine()
        self.assertFalse(reported.can_resend_pcare)
        for job_type in (P, A):
            job = self._job(reported, job_type)
            job.state = "failed"
            self.assertTrue(reported.can_resend_pcare, job_type)
            job.state = "success"
        reported.nomor_antrean_pcare = "0"
        self.assertTrue(reported.can_resend_pcare)
        self._batalkan(reported)
        self.assertFalse(reported.can_resend_pcare)

    def test_only_the_half_that_is_not_ok_is_sent(self):
        antrean = self._refused_then_mended()
        result = self._resend(antrean)
        self.assertEqual(result["status"], "success")
        self.assertEqual(self._registered(antrean), [result["nomor_antrean_pcare"]])
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertFalse(antrean.can_resend_pcare)
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), 1)

    def test_what_we_say_ourselves_is_no_answer_of_bpjs(self):
        antrean = self._daftarkan(self._pasien(1))
        for job in antrean.job_ids:
            job._finish("failed", **job._own_vals("rejected", "no_schedule"))
        result = antrean._resend_result()
        self.assertEqual(result["status"], "incomplete")
        self.assertEqual(result["message"], antrean.job_ids[0].message)

    def test_a_refusal_comes_back_in_the_words_of_bpjs(self):
        for member, words in [(DITOLAK_PCARE, "noKartu: "), (SKRINING, "skrining kesehatan")]:
            with self.subTest(member=member):
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                result = self._resend(antrean)
                self.assertEqual(result["status"], "failed")
                self.assertIn(words, result["message"])
                self.assertEqual(result["jobs"][P]["status"], "gagal")

    def test_what_is_not_of_bpjs_is_no_refusal(self):
        antrean = self._refused_then_mended()
        self.simulator.fault(PCARE, "drop_before", methods=["POST"])
        self.assertEqual(self._resend(antrean)["status"], "error")
        self.assertEqual(antrean.status_pendaftaran_pcare, "processing")

    def test_an_unknown_outcome_is_looked_up_first(self):
        self.simulator.settings(detect_duplicates=False)
        self.simulator.fault(PCARE, "drop_after", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        flights = self.env["bpjs.engine"]._claim(64)
        for flight in flights:
            outcome = flight.run()
            job = self.env["bpjs.job"].browse(flight.job_id)
            job._settle(job.attempt_id, flight.exchanges, outcome)
        self.assertEqual(self._job(antrean, P).state, "unknown")
        self.assertEqual(self._resend(antrean)["status"], "success")
        self.assertEqual(self._registered(antrean), [antrean.nomor_antrean_pcare])

    def test_what_was_looked_up_in_vain_is_sent_in_the_same_press(self):
        self.layanan_pcare.settling_seconds = 0
        antrean = self._daftarkan(self._pasien(1))
        self._job(antrean, P)._claim(timedelta(seconds=-1))
        self._job(antrean, P)._expire_leases()
        self.assertEqual(self._resend(antrean)["status"], "success")
        self.assertEqual(len(self._registered(antrean)), 1)

    def test_a_press_while_it_is_in_the_air_is_refused(self):
        antrean = self._daftarkan(self._pasien(1))
        self._job(antrean, P)._claim(timedelta(minutes=1))
        with self.assertRaises(LockError):
            self._resend(antrean)
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_a_second_press_has_nothing_to_send(self):
        antrean = self._refused_then_mended()
        self._resend(antrean)
        with self.assertRaises(UserError):
            self._resend(antrean)
        self.assertEqual(len(self._registered(antrean)), 1)

    def test_missing_data_is_named(self):
        antrean = self._daftarkan(self._pasien(1, no_kartu_bpjs=False), penjamin_id=self.bpjs.id)
        result = self._resend(antrean)
        self.assertEqual(result["status"], "incomplete")
        self.assertIn(antrean.pasien_id.name, result["message"])


@tagged("post_install", "-at_install")
class TestResendMany(EngineCase):
    """What failed for one cause is sent again together, in the background."""

    def setUp(self):
        super().setUp()
        self.refused = self.env["antrean.antrean"]
        for member in (1, 2, 3):
            self.simulator.fault(PCARE, "say", code=412, message="Poli tidak ditemukan")
            self.refused += self._daftarkan(self._pasien(member))
            self._run_engine()
        self.jobs = self.refused.job_ids.with_user(self.admin)

    def test_all_of_one_cause(self):
        other = self._daftarkan(self._pasien(TIDAK_AKTIF))
        self._run_engine()
        calls = self._posts()
        cause = self.env.ref("antrean_bpjs.galat_poli").with_user(self.admin)
        self.assertEqual(cause.job_count, 3)
        told = cause.action_resend()["params"]
        self.assertEqual((told["type"], told["message"][-1]), ("success", "3"))
        self._run_engine()
        for antrean in self.refused:
            self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._posts(), calls + 3)
        self.assertEqual(self._statuses(other), ("gagal", "gagal"))

    def test_only_what_failed_and_is_wanted(self):
        self._batalkan(self.refused[0])
        done = self._job(self.refused[1], A)
        self.assertEqual(self.jobs.action_resend()["params"]["message"][-1], "2")
        self.assertEqual(done.state, "success")
        self.assertEqual(self._job(self.refused[0], P).state, "cancelled")
        self.assertEqual(self.jobs.action_resend()["params"]["type"], "info", "sent already")
        self._run_engine()
        self.assertEqual(len(self.simulator.book()["pendaftaran"]), 2)

    def test_staff_of_another_clinic_resend_nothing(self):
        stranger = self._user("petugas", self.env["res.company"].create({"name": "Lain"}))
        with self.assertRaises(AccessError):
            self.jobs.with_user(stranger).action_resend()
        theirs = {"allowed_company_ids": stranger.company_ids.ids}
        cause = self.env.ref("antrean_bpjs.galat_poli").with_user(stranger).with_context(**theirs)
        self.assertEqual(cause.action_resend()["params"]["type"], "info")
        self.assertEqual(self._job(self.refused[0], P).state, "failed")


@tagged("post_install", "-at_install")
class TestTerima(EngineCase):
    ADVICE = {
        ("ok", "ok"): "Accept the entry as usual",
        ("gagal", "ok"): "Try Resend PCare first",
        ("ok", "gagal"): "Accept the entry with confirmation",
        ("gagal", "gagal"): "Try Resend PCare. If it fails",
        ("processing", "processing"): "Wait a moment",
    }
    STATE = {"ok": "success", "gagal": "failed", "processing": "pending"}

    def _entry(self, member, statuses):
        antrean = self._daftarkan(self._pasien(member))
        for job_type, status in zip((P, A), statuses, strict=True):
            self._job(antrean, job_type).write(
                {"state": self.STATE[status], "message": status == "gagal" and f"Pesan {job_type}"}
            )
        return antrean.with_user(self.petugas)

    def _wizard(self, action):
        return self.env[action["res_model"]].with_user(self.petugas).browse(action["res_id"])

    def test_each_scenario_of_the_manual(self):
        for member, (statuses, advice) in enumerate(self.ADVICE.items(), 1):
            with self.subTest(statuses=statuses):
                antrean = self._entry(member, statuses)
                self.assertTrue(antrean.bpjs_advice.startswith(advice), antrean.bpjs_advice)
                self.assertEqual(antrean.get_bpjs_details()["advice"], antrean.bpjs_advice)
                action = antrean.action_terima()
                if statuses == ("ok", "ok"):
                    self.assertEqual(antrean.state, "diterima")
                    continue
                self.assertEqual(antrean.state, "menunggu")
                wizard = self._wizard(action)
                self.assertEqual(wizard.bpjs_advice, antrean.bpjs_advice)
                wizard.alasan = "gangguan"
                wizard.action_terima()
                self.assertEqual(antrean.state, "diterima")

    def test_what_the_errors_mean(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_ANTREAN)).with_user(self.petugas)
        self._run_engine()
        wizard = self._wizard(antrean.action_terima())
        galat = self.env.ref("antrean_bpjs.galat_jadwal").with_user(self.petugas)
        self.assertEqual(
            wizard.bpjs_failures,
            [
                {
                    "labels": "Antrean FKTP",
                    "message": "Jadwal Dokter tidak ditemukan",
                    "cause": f"{galat.penyebab} Staff: {galat.langkah}",
                    "url": "",
                    "qr": "",
                }
            ],
        )

    def test_what_two_jobs_say_alike_is_told_once_with_the_code_it_speaks_of(self):
        antrean = self._daftarkan(self._pasien(SKRINING)).with_user(self.petugas)
        said = {"outcome": "patient", "message": "Anda belum melakukan skrining kesehatan."}
        for job in antrean.sudo().job_ids:
            job._finish("failed", **said)
        [failure] = self._wizard(antrean.action_terima()).bpjs_failures
        self.assertEqual(failure["labels"], "Pendaftaran PCare, Antrean FKTP")
        self.assertIn("https://webskrining.bpjs-kesehatan.go.id", failure["url"])
        self.assertTrue(failure["qr"].startswith("data:image/svg+xml"))

    def test_a_wizard_that_is_read_again_tells_how_its_entry_is_then(self):
        antrean = self._entry(1, ("gagal", "gagal")).with_env(self.env)
        wizard = self._wizard(antrean.with_user(self.petugas).action_terima())
        labels = [failure["labels"] for failure in wizard.bpjs_failures]
        self.assertEqual(labels, ["Pendaftaran PCare", "Antrean FKTP"])
        self._job(antrean, P).state = "success"
        self._job(antrean, A).message = "Kuota penuh"
        wizard.invalidate_recordset()
        [failure] = wizard.bpjs_failures
        self.assertEqual((failure["labels"], failure["message"]), ("Antrean FKTP", "Kuota penuh"))
        self.assertEqual([badge["status"] for badge in wizard.bpjs_badges], ["ok", "gagal"])
        self._job(antrean, A).state = "success"
        wizard.invalidate_recordset()
        self.assertFalse(wizard.bpjs_failures)

    def test_a_cancelled_entry_has_no_advice(self):
        antrean = self._entry(1, ("ok", "ok"))
        self._batalkan(antrean)
        self.assertEqual(antrean.bpjs_badges[0]["status"], "processing")
        self.assertFalse(antrean.bpjs_advice)

    def _accept(self, antrean, **vals):
        wizard = self._wizard(antrean.action_terima())
        wizard.write(vals)
        return wizard.action_terima()

    def test_accepting_despite_a_failure_is_kept(self):
        antrean = self._entry(1, ("gagal", "ok"))
        before = fields.Datetime.now()
        self._accept(antrean, alasan="mendesak")
        self.assertEqual(antrean.diterima_gagal_uid, self.petugas)
        self.assertGreaterEqual(antrean.diterima_gagal_at, before)
        self.assertEqual(antrean.diterima_gagal_error, f"P: Pesan {P}")
        self.assertEqual(antrean.alasan_terima, "Pasien perlu segera ditangani")

    def test_a_reason_of_ones_own_is_kept_in_these_words(self):
        antrean = self._entry(1, ("gagal", "ok"))
        self._accept(antrean, alasan="lainnya", alasan_lain="Dokter meminta")
        self.assertEqual(antrean.alasan_terima, "Dokter meminta")

    def test_nobody_is_accepted_despite_a_failure_without_a_reason(self):
        antrean = self._entry(1, ("gagal", "ok"))
        for vals in ({}, {"alasan": "lainnya"}, {"alasan": "lainnya", "alasan_lain": "  "}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError) as refused:
                self._accept(antrean, **vals)
            self.assertRegex(str(refused.exception), "A-1.* why")
        with self.assertRaises(ValidationError):
            self._accept(antrean, alasan="lainnya", alasan_lain="x" * 101)
        self.assertEqual((antrean.state, antrean.alasan_terima), ("menunggu", False))

    def test_an_acceptance_that_is_taken_back_is_not_told_of(self):
        antrean = self._entry(1, ("gagal", "ok"))
        self._accept(antrean, alasan="mendesak")
        antrean.action_urungkan("diterima")
        kept = ("diterima_gagal_uid", "diterima_gagal_at", "diterima_gagal_error", "alasan_terima")
        self.assertFalse(any(antrean[name] for name in kept))
        self.assertEqual(antrean.state, "menunggu")

    def test_accepting_while_processing_is_no_failure(self):
        antrean = self._entry(1, ("processing", "ok"))
        self._wizard(antrean.action_terima()).action_terima()
        self.assertFalse(antrean.diterima_gagal_uid)


@tagged("post_install", "-at_install")
class TestResendApi(EngineCase, HttpCase):
    """The API answers in JSON, whatever it is asked."""

    def _post(self, antrean_id, body="{}", method="POST", **headers):
        answer = self.url_open(
            f"/antrian_ruangan/resend-pcare/{antrean_id}",
            data=body if method == "POST" else None,
            headers={"Content-Type": "application/json", **headers},
            method=method,
        )
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
        return answer.status_code, answer.json()

    def _key(self, user):
        return (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
        )

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _failed_entry(self):
        antrean = self._daftarkan(self._pasien(1))
        antrean.job_ids.write({"state": "failed", "outcome": "rejected", "next_try_at": False})
        return antrean

    def test_with_the_web_session(self):
        antrean = self._failed_entry()
        self._login(self.petugas)
        status, result = self._post(antrean.id)
        self.assertEqual((status, result["status"]), (200, "success"))
        self.assertEqual(result["jobs"][P], {"status": "ok", "message": ""})
        self.assertEqual(self._registered(antrean), [result["nomor_antrean_pcare"]])
        status, result = self._post(antrean.id)
        self.assertEqual((status, result["status"]), (422, "error"))
        self.assertEqual(len(self._registered(antrean)), 1)

    def test_with_an_api_key(self):
        antrean = self._failed_entry()
        key = self._key(self.petugas)
        status, result = self._post(antrean.id, Authorization=f"Bearer {key}")
        self.assertEqual((status, result["status"]), (200, "success"))

    def test_a_refusal_of_bpjs(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_PCARE))
        self._login(self.petugas)
        status, result = self._post(antrean.id)
        self.assertEqual((status, result["status"]), (200, "failed"))
        self.assertIn("noKartu", result["message"])

    def test_bpjs_not_reached(self):
        antrean = self._failed_entry()
        self.faskes.layanan_ids.base_url = "http://127.0.0.1:9/nothing-listens-here"
        self._login(self.petugas)
        status, result = self._post(antrean.id)
        self.assertEqual((status, result["status"]), (502, "error"))

    def test_nobody_logged_in(self):
        antrean = self._failed_entry()
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
            with self.subTest(headers=headers):
                self.assertEqual(self._post(antrean.id, **headers)[0], 401)
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_who_is_not_staff(self):
        antrean = self._failed_entry()
        nobody = new_test_user(self.env, "bukan_petugas", "base.group_user")
        self._login(nobody)
        self.assertEqual(self._post(antrean.id)[0], 403)

    def test_another_company_finds_nothing(self):
        antrean = self._failed_entry()
        self._login(self._stranger("petugas"))
        self.assertEqual(self._post(antrean.id)[0], 404)
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_what_is_no_entry(self):
        self._login(self.petugas)
        for antrean_id in ("0", "-1", "x", "9" * 20, "1" * 5000, "١", "%00", "1' OR '1'='1"):
            with self.subTest(antrean_id=antrean_id):
                status, result = self._post(antrean_id)
                self.assertEqual(status, 404)
                self.assertLess(len(result["message"]), 80)

    def test_in_the_air(self):
        antrean = self._failed_entry()
        antrean.job_ids[:1].write({"state": "sending", "lease_until": "2099-01-01"})
        self._login(self.petugas)
        self.assertEqual(self._post(antrean.id)[0], 409)

    def test_conditions_not_met(self):
        antrean = self._daftarkan(self._pasien(2), penjamin_id=self.umum.id)
        self._login(self.petugas)
        self.assertEqual(self._post(antrean.id)[0], 422)

    def test_only_json_by_post(self):
        antrean = self._failed_entry()
        self._login(self.petugas)
        self.assertEqual(self._post(antrean.id, method="GET")[0], 405)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self._post(antrean.id, **form)[0], 415)
        self.assertEqual(self._post(antrean.id, body=json.dumps([1, {"a": None}]))[0], 200)

    @mute_logger("odoo.addons.antrean_bpjs.controllers.job.resend_pcare")
    def test_an_error_of_ours_shows_no_traceback(self):
        antrean = self._failed_entry()
        self.patch(type(antrean), "_resend_pcare", lambda self: 1 // 0)
        self._login(self.petugas)
        status, result = self._post(antrean.id)
        self.assertEqual(status, 500)
        self.assertNotIn("Traceback", str(result))
        self.assertNotIn("division", str(result))
