from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.outcome import UNKNOWN, Outcome
from ...bpjs.pcare import PCARE
from ...bpjs.services import SERVICES
from ...models.job import bpjs_job_limits
from ..common import SKRINING, EngineCase, P

ADDRESSES = {
    environment: {code: service.addresses[environment] for code, service in SERVICES.items()}
    for environment in ("production", "development", "simulator")
}
SETTINGS_ACTION = "antrean_bpjs.bpjs_faskes_action_settings"


@tagged("post_install", "-at_install")
class TestSettings(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin.lang = "en_US"
        cls.other = cls.env["res.company"].create({"name": "Klinik Lain"})
        cls.chief = cls._user("admin", cls.company | cls.other)

    @classmethod
    def _user(cls, role, company):
        if len(company) == 1:
            return super()._user(role, company)
        user = super()._user(role, company[-1])
        user.company_ids = [Command.set(company.ids)]
        return user

    def _refused(self, records, vals):
        """Write what must not be written, and return what is said about it."""
        with self.assertRaises(ValidationError) as caught:
            records.write(vals)
            self.env.flush_all()
        return str(caught.exception)

    # Opening the page

    def _open(self, user, companies):
        env = self.env(user=user, context={"allowed_company_ids": companies.ids})
        return env.ref(SETTINGS_ACTION).with_context(active_model="bpjs.faskes").run()

    def test_a_company_goes_straight_to_its_page(self):
        action = self._open(self.admin, self.company)
        self.assertEqual(action["res_id"], self.faskes.id)
        self.assertEqual([kind for _id, kind in action["views"]], ["form"])

    def test_a_company_without_a_facility_goes_to_a_new_page(self):
        action = self._open(self.chief, self.other)
        self.assertFalse(action["res_id"])
        self.assertEqual([kind for _id, kind in action["views"]], ["form"])

    def test_several_companies_go_to_the_list(self):
        action = self._open(self.chief, self.company | self.other)
        self.assertEqual([kind for _id, kind in action["views"]], ["list", "form"])

    def test_staff_cannot_open_it(self):
        with self.assertRaises(AccessError):
            self._open(self.petugas, self.company)

    def test_a_new_page_has_both_services_at_production(self):
        faskes = self.env["bpjs.faskes"].with_user(self.chief)
        with Form(faskes.with_context(allowed_company_ids=self.other.ids)) as form:
            form.cons_id, form.secret = "20002", "rahasia-lain"
            self.assertEqual(form.environment, "production")
            with form.layanan_ids.edit(0) as layanan:
                layanan.user_key = "kunci-lain"
        saved = form.record
        self.assertEqual(saved.company_id, self.other)
        self.assertEqual(
            [(layanan.kode, layanan.user_key, layanan.base_url) for layanan in saved.layanan_ids],
            [
                (PCARE, "kunci-lain", ADDRESSES["production"][PCARE]),
                (ANTREAN, False, ADDRESSES["production"][ANTREAN]),
            ],
        )
        self.assertEqual(
            (saved.layanan_ids - self.faskes.layanan_ids).company_id, self.other, "one's own"
        )

    def test_every_setting_is_on_the_page(self):
        page = self.env.ref("antrean_bpjs.bpjs_faskes_view_form")._get_combined_arch()
        shown = set(page.xpath("//field/@name"))
        for model in ("bpjs.faskes", "bpjs.layanan"):
            settings = {
                name
                for name, field in self.env[model]._fields.items()
                if field._module == "antrean_bpjs"
                and not field.readonly
                and field.groups != fields.NO_ACCESS
            }
            with self.subTest(model=model):
                self.assertFalse(settings - shown - {"faskes_id"})

    # Environment and addresses

    def test_the_environment_sets_both_addresses(self):
        for environment, addresses in ADDRESSES.items():
            with self.subTest(environment=environment):
                with Form(self.faskes) as form:
                    form.environment = environment
                    with form.layanan_ids.edit(0) as layanan:  # what the page shows before saving
                        self.assertEqual(layanan.base_url, addresses[layanan.kode])
                self.assertEqual(self.faskes.environment, environment)
                found = {layanan.kode: layanan.base_url for layanan in self.faskes.layanan_ids}
                self.assertEqual(found, addresses)

    def test_an_address_by_hand_is_no_known_environment(self):
        self.faskes.environment = "development"
        with Form(self.faskes) as form, form.layanan_ids.edit(0) as layanan:
            layanan.base_url = "https://bpjs.example/pcare"
        self.assertEqual(self.faskes.environment, "own")
        self.assertEqual(self.layanan_pcare.base_url, "https://bpjs.example/pcare")
        self.assertEqual(self.layanan_antrean.base_url, ADDRESSES["development"][ANTREAN])

    def test_an_environment_that_has_visits_of_today_is_not_left(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        faskes = self.faskes.with_user(self.admin)
        address = {"base_url": f" {ADDRESSES['development'][PCARE]}"}
        for vals in (
            {"environment": "development"},
            {"layanan_ids": [Command.update(self.layanan_pcare.id, address)]},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "PCare has.*visits: 1"),
                self.env.cr.savepoint(),
            ):
                faskes.write(vals)
        self._batalkan(antrean)
        self._run_engine()
        faskes.environment = "development"
        self.assertEqual(faskes.environment, "development")

    def test_another_address_may_mend_a_service_that_is_down(self):
        self._daftarkan(self._pasien(1))
        self._run_engine()
        for layanan in self.faskes.layanan_ids:
            layanan._judge(Outcome(UNKNOWN))
        self.faskes.with_user(self.admin).environment = "production"
        self.assertEqual(self.faskes.environment, "production")

    def test_what_is_no_address_is_refused(self):
        before = self.layanan_pcare.base_url
        for address in (
            "apijkn.example/pcare",
            "ftp://apijkn.example",
            "https://",
            "https://a b.example",
            "http://[",
            "http://a:port",
            "https://a.example/?x=1",
            "  ",
        ):
            with self.subTest(address=address):
                self._refused(self.layanan_pcare, {"base_url": address})
                self.assertEqual(self.layanan_pcare.base_url, before)
        wrong = {"base_url": "apijkn.example/pcare"}
        said = self._refused(self.layanan_pcare, wrong)
        self.assertIn("apijkn.example/pcare", said)
        self.assertIn(ADDRESSES["production"][PCARE], said, "it says how it is written")

    # Texts

    def test_blanks_pasted_along_are_dropped(self):
        self.faskes.write(
            {
                "cons_id": " 10001\n",
                "secret": "\trahasia-simulator ",
                "username": "klinik-contoh\u00a0",
                "password": " ",
                "kd_provider": " 0001R001 ",
            }
        )
        faskes = self.faskes
        self.assertEqual(
            (faskes.cons_id, faskes.secret, faskes.username, faskes.password, faskes.kd_provider),
            ("10001", "rahasia-simulator", "klinik-contoh", False, "0001R001"),
        )
        faskes.layanan_ids = [
            Command.update(
                self.layanan_pcare.id, {"user_key": "kunci\r\n", "base_url": " https://a.example "}
            )
        ]
        self.assertEqual(self.layanan_pcare.user_key, "kunci")
        self.assertEqual(self.layanan_pcare.base_url, "https://a.example")

    def test_limits_are_sane(self):
        for vals in (
            {"max_attempts": 0},
            {"max_attempts": 101},
            {"max_age_days": 0},
            {"max_age_days": 31},
            {"patient_retry_minutes": 4},
            {"patient_retry_minutes": 1441},
            {"settling_seconds": -1},
            {"read_timeout": 0},
            {"connect_timeout": 61},
            {"concurrency": 0},
        ):
            with self.subTest(**vals):
                self._refused(self.layanan_pcare, vals)
        for vals in ({"kd_provider": "0001R00"}, {"kd_provider": "1"}, {"attempt_months": 0}):
            with self.subTest(**vals):
                self._refused(self.faskes, vals)

    # Retry limits

    def _lose_answers(self, **limits):
        """Return the job of a registration whose answers are all lost, after one run."""
        self.simulator.fault(PCARE, "drop_before", times=99, methods=["POST"])
        self.layanan_pcare.write({"settling_seconds": 0, **limits})
        antrean = self._daftarkan(self._pasien(1))
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (0,)):
            self._run_engine()
        return self._job(antrean, P)

    def test_it_is_tried_as_often_as_set(self):
        job = self._lose_answers(max_attempts=3)
        self.assertEqual((job.state, job.outcome, job.attempt_count), ("failed", UNKNOWN, 3))

    def test_it_is_tried_for_as_long_as_set(self):
        self.layanan_pcare.write({"settling_seconds": 3600, "max_age_days": 2})
        self.simulator.fault(PCARE, "drop_before", methods=["POST"])
        job = self._job(self._daftarkan(self._pasien(1)), P)
        for hours, state in ((46, "unknown"), (49, "failed")):
            self.env.flush_all()
            created = fields.Datetime.now() - timedelta(hours=hours)
            self.env.cr.execute(
                "UPDATE bpjs_job SET create_date = %s, next_try_at = now() WHERE id = %s",
                (created, job.id),
            )
            self.env.invalidate_all()
            with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
                self._run_engine()
            with self.subTest(hours=hours):
                self.assertEqual(job.state, state)

    def test_what_is_resent_is_tried_for_as_long_as_what_is_new(self):
        job = self._lose_answers(max_attempts=1)
        self.assertEqual(job.state, "failed")
        self.layanan_pcare.max_attempts = 2
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bpjs_job SET create_date = create_date - interval '9 days' WHERE id = %s",
            (job.id,),
        )
        self.env.invalidate_all()
        job._reopen()
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
            self._run_engine()
        self.assertEqual((job.state, job.attempt_count), ("unknown", 1))

    def test_a_missing_screening_is_tried_again_when_set(self):
        self.layanan_pcare.patient_retry_minutes = 100
        antrean = self._daftarkan(self._pasien(SKRINING))
        self._run_engine()
        wait = self._job(antrean, P).next_try_at - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds() / 60, 100, delta=21)

    # Whose clinic is sent

    def _sent_provider(self, antrean):
        return self._job(antrean, P).request["body"]["kdProviderPeserta"]

    def test_the_members_clinic_is_sent(self):
        self.faskes.kd_provider = "0001R001"
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta="0002R002"))
        self._run_engine()
        self.assertEqual(self._sent_provider(antrean), "0002R002")

    def test_the_facilitys_own_code_is_sent(self):
        self.faskes.write({"kd_provider": "0001R001", "kd_provider_peserta": "faskes"})
        patient = self._pasien(1, kd_provider_peserta=False)
        antrean = self._daftarkan(patient)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._sent_provider(antrean), "0001R001")
        self.assertFalse(patient.kd_provider_peserta, "PCare was not asked for it")

    def test_the_own_code_must_be_known_to_be_sent(self):
        self._refused(self.faskes, {"kd_provider_peserta": "faskes"})

    def test_what_was_refused_is_sent_again_with_the_other_clinic(self):
        self.simulator.fault(PCARE, "fields_412", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta="0002R002"))
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "gagal")
        self.faskes.write({"kd_provider": "0001R001", "kd_provider_peserta": "faskes"})
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "ok")

    # Healthy visits

    def _sent_tkp(self, antrean):
        body = self._job(antrean, P).request["body"]
        return body["kunjSakit"], body["kdTkp"]

    def test_healthy_visits_are_sent_as_set(self):
        for member, (kd_tkp, is_sick, sent) in enumerate(
            (("10", False, "10"), ("50", False, "50"), ("50", True, "10")), 1
        ):
            with self.subTest(kd_tkp=kd_tkp, is_sick=is_sick):
                self.faskes.kd_tkp_sehat = kd_tkp
                antrean = self._daftarkan(self._pasien(member), kunjungan_sakit=is_sick)
                self._run_engine()
                self.assertEqual(antrean.status_pendaftaran_pcare, "ok")
                self.assertEqual(self._sent_tkp(antrean), (is_sick, sent))

    # Companies

    def test_the_time_zone_is_the_companys(self):
        faskes = self.faskes.with_user(self.admin)
        faskes.antrean_tz = "Asia/Jayapura"
        self.assertEqual(self.company.antrean_tz, "Asia/Jayapura")
        self.assertEqual(self.other.antrean_tz, "Asia/Jakarta")
        self.company.antrean_tz = "Asia/Makassar"
        self.assertEqual(faskes.antrean_tz, "Asia/Makassar")

    def test_each_company_has_settings_of_its_own(self):
        other = self.env["bpjs.faskes"].create(
            {"company_id": self.other.id, "cons_id": "20002", "secret": "rahasia-lain"}
        )
        other.environment = "development"
        other.layanan_ids.max_attempts = 5
        self.assertEqual(self.faskes.environment, "own")
        self.assertEqual(set(self.faskes.layanan_ids.mapped("max_attempts")), {12})
        self.assertEqual(self.other.bpjs_faskes_ids, other)
        facilities = self.env["bpjs.faskes"].with_user(self.chief)
        for companies, found in (
            (self.company, self.faskes),
            (self.other, other),
            (self.company | self.other, self.faskes | other),
        ):
            seen = facilities.with_context(allowed_company_ids=companies.ids).search([])
            self.assertEqual(seen, found)

    # Deleting

    def _delete(self):
        self.faskes.with_user(self.admin).unlink()

    def test_an_account_with_jobs_that_wait_is_not_deleted(self):
        self._daftarkan(self._pasien(1))
        with self.assertRaises(UserError) as caught:
            self._delete()
        self.assertIn("account of Klinik Uji cannot be deleted. 2 of its 2", str(caught.exception))
        self.assertTrue(self.faskes.exists())

    def test_an_account_that_was_used_is_not_deleted(self):
        self._daftarkan(self._pasien(1))
        self._run_engine()
        with self.assertRaises(UserError) as caught:
            self._delete()
        self.assertIn("0 of its 2 jobs wait", str(caught.exception))

    def test_an_account_that_nothing_needs_is_deleted(self):
        self._batalkan(self._daftarkan(self._pasien(1)))
        self._delete()
        self.assertFalse(self.faskes.exists())

    def test_a_service_with_jobs_is_not_deleted(self):
        self._daftarkan(self._pasien(1))
        ways = {
            "unlink": self.layanan_pcare.with_user(self.admin).unlink,
            "command": lambda: self.faskes.with_user(self.admin).write(
                {"layanan_ids": [Command.delete(self.layanan_pcare.id)]}
            ),
        }
        for state in ("1 of its 1 jobs wait", "0 of its 1 jobs wait"):
            for name, way in ways.items():
                with (
                    self.subTest(state=state, way=name),
                    self.assertRaisesRegex(UserError, f"PCare of Klinik Uji.*{state}"),
                    self.env.cr.savepoint(),
                ):
                    way()
            self._run_engine()

    def test_a_service_that_nothing_needs_is_deleted(self):
        self._batalkan(self._daftarkan(self._pasien(1)))
        self.layanan_pcare.with_user(self.admin).unlink()
        self.assertFalse(self.layanan_pcare.exists())

    def test_reading_a_company_takes_no_administrator(self):
        fields_read = self.company.with_user(self.petugas).read()[0]
        self.assertNotIn("bpjs_faskes_ids", fields_read)
