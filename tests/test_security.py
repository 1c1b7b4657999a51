from unittest.mock import Mock, patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import new_test_user, tagged

from .common import EngineCase

SECRETS = ("rahasia-simulator", "sandi-contoh", "kunci-pcare-simulator", "kunci-antrean-simulator")
MODELS = [  # read, write, create, unlink by staff, by administrators and by management
    ("antrean.antrean", "rwc-", "rwc-", "----"),
    ("antrean.penjamin", "r---", "rwcu", "r---"),
    ("antrean.ruangan", "r---", "rwcu", "r---"),
    ("antrean.dokter", "r---", "rwcu", "r---"),
    ("antrean.jadwal", "r---", "rwcu", "----"),
    ("bpjs.faskes", "----", "rwcu", "----"),
    ("bpjs.layanan", "r---", "rwcu", "----"),
    ("bpjs.job", "r---", "r---", "r---"),
    ("bpjs.attempt", "----", "r---", "----"),
    ("bpjs.peserta", "r---", "r---", "----"),
    ("bpjs.jadwal", "r---", "r---", "----"),
    ("bpjs.referensi", "r---", "r---", "----"),
    ("bpjs.perbandingan", "----", "r---", "----"),
    ("bpjs.harian", "----", "r---", "r---"),
    ("bpjs.harian.baris", "----", "r---", "r---"),
    ("bpjs.gangguan", "----", "r---", "r---"),
    ("antrean.laporan", "----", "r---", "r---"),
    ("mobile.jkn.panggilan", "----", "r---", "----"),
    ("mobile.jkn.uji", "----", "r--u", "----"),
    ("mobile.jkn.uji.langkah", "----", "r--u", "----"),
]


@tagged("post_install", "-at_install")
class TestSecurity(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._stranger("admin")
        cls.other = cls.stranger.company_id
        cls.manajemen = cls._user("manajemen", cls.company)
        cls.nobody = new_test_user(cls.env, "bukan_petugas", "base.group_user")

    # Groups

    def test_access_by_model_and_group(self):
        operations = ("read", "write", "create", "unlink")
        users = self.petugas, self.admin, self.manajemen
        for model, *letters in MODELS:
            for user, expected in zip(users, letters, strict=True):
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user)
                    allowed = [records.has_access(operation) for operation in operations]
                    self.assertEqual(allowed, [letter != "-" for letter in expected])
                    self.assertFalse(self.env[model].with_user(self.nobody).has_access("read"))

    # Credentials

    def test_staff_read_no_credential_by_any_way(self):
        self.petugas.group_ids += self.env.ref("base.group_allow_export")
        faskes = self.faskes.with_user(self.petugas)
        layanan = self.layanan_pcare.with_user(self.petugas)
        ways = [
            lambda: faskes.read(["secret"]),
            lambda: faskes.web_read({"password": {}}),
            lambda: faskes.search_read([], ["username"]),
            lambda: faskes.export_data(["secret"]),
            lambda: faskes.copy_data(),
            lambda: layanan.read(["user_key"]),
            lambda: layanan.web_read({"user_key": {}}),
            lambda: layanan.web_read({"faskes_id": {"fields": {"secret": {}}}}),
            lambda: layanan.search_read([], ["user_key"]),
            lambda: layanan.export_data(["user_key"]),
            lambda: layanan.export_data(["faskes_id/secret"]),
            lambda: layanan.search([("user_key", "=like", "kunci%")]),
            lambda: layanan.search([("faskes_id.secret", "=like", "rahasia%")]),
            lambda: layanan.search([], order="user_key"),
            lambda: layanan.formatted_read_group([], ["user_key"], ["__count"]),
            lambda: layanan.mapped("user_key"),
            lambda: layanan.mapped("faskes_id.secret"),
            lambda: layanan.filtered_domain([("user_key", "!=", False)]),
        ]
        for number, way in enumerate(ways):
            self.env.invalidate_all()
            with self.subTest(way=number), self.assertRaises(AccessError):
                way()
        shown = str(layanan.read()) + str(layanan.fields_get()) + str(layanan.get_trouble())
        for secret in (*SECRETS, "user_key"):
            self.assertNotIn(secret, shown)

    def test_no_secret_in_what_is_kept_or_sent_to_browsers(self):
        bus = self.env["bus.bus"].sudo()
        self.faskes.secret = "salah-satu-rahasia"
        antrean = self._daftarkan(self._pasien(1))
        with (
            self.assertNoLogs("odoo.addons.antrean_bpjs", "DEBUG"),
            self.assertNoLogs("urllib3", "DEBUG"),
        ):
            self._run_engine()
        self.env.cr.precommit.run()
        kept = [
            *bus.search([]).mapped("message"),
            str(antrean.job_ids.attempt_ids.with_user(self.admin).read()),
            str(self.faskes.activity_ids.mapped("note")),
            str(self.layanan_pcare.down_message),
        ]
        patient = antrean.pasien_id
        for secret in (*SECRETS, "salah-satu-rahasia", patient.no_kartu_bpjs, patient.nik):
            for text in kept:
                self.assertNotIn(secret, text)

    def test_a_neutralized_copy_has_no_credential_and_no_address(self):
        self.faskes.write(
            {
                "jalur": "mesin",
                "jalur_alamat": self.simulator.engine_url,
                "jalur_username": "klinik",
                "jalur_password": "sandi-mesin",
            }
        )
        self.env.flush_all()
        [query] = [
            query
            for query in get_neutralization_queries(["antrean_bpjs"])
            if "bpjs_faskes" in query
        ]
        self.env.cr.execute(query)
        self.env.invalidate_all()
        left = str(self.faskes.read()) + str(self.faskes.layanan_ids.read())
        for secret in (*SECRETS, "sandi-mesin", self.simulator.url, self.simulator.engine_url):
            self.assertNotIn(secret, left)
        self.assertEqual(self.faskes.jalur, "langsung")

    # Jobs and attempts

    def test_nobody_reads_the_kept_request_of_a_job(self):
        job = self._daftarkan(self._pasien(1)).job_ids[:1]
        for user in (self.petugas, self.admin, self.manajemen):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                job.with_user(user).read(["request"])

    def test_old_attempts_are_removed(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        old, recent = antrean.job_ids.attempt_ids
        self.faskes.attempt_months = 2
        for attempt, months in ((old, 3), (recent, 1)):
            created = fields.Datetime.now() - relativedelta(months=months)
            self.env.cr.execute(
                "UPDATE bpjs_attempt SET create_date = %s WHERE id = %s", (created, attempt.id)
            )
        self.env.invalidate_all()
        self.env["bpjs.attempt"]._gc_attempts()
        self.assertEqual((old + recent).exists(), recent)

    # Companies

    def test_another_company_sees_nothing(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        for records in (
            antrean,
            antrean.job_ids,
            antrean.job_ids.attempt_ids,
            self.poli,
            self.dokter,
            self.poli.jadwal_ids,
            self.faskes,
            self.faskes.layanan_ids,
            *self._evening(),
        ):
            with self.subTest(model=records._name):
                foreign = records.with_user(self.stranger).with_context(
                    allowed_company_ids=self.other.ids
                )
                self.assertFalse(foreign.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    foreign.read(["display_name"])

    def _evening(self):
        harian = self.env["bpjs.harian"].create(
            {
                "company_id": self.company.id,
                "tanggal": self.company._antrean_today(),
                "baris_ids": [fields.Command.create({"jenis": "sana", "nama": "Peserta Contoh"})],
            }
        )
        outage = self.env["bpjs.gangguan"].create(
            {
                "company_id": self.company.id,
                "layanan": self.layanan_pcare.kode,
                "mulai_at": fields.Datetime.now(),
            }
        )
        visits = self.env["antrean.laporan"].search([("company_id", "=", self.company.id)])
        self.assertTrue(visits)
        return harian, harian.baris_ids, outage, visits

    def test_dialogs_show_nothing_of_another_company(self):
        antrean = self._daftarkan(self._pasien(1))
        for model, vals in (("antrean.terima", {}), ("antrean.batal", {"alasan": "permintaan"})):
            with self.subTest(model=model), self.assertRaises(AccessError):
                dialog = self.env[model].with_user(self.stranger)
                dialog = dialog.with_context(allowed_company_ids=self.other.ids)
                dialog = dialog.create({"antrean_id": antrean.id, **vals})
                dialog.env.flush_all()
                dialog.env.invalidate_all()
                dialog.read(["nomor_antrean", "pasien_id"])

    def test_another_company_is_told_of_no_trouble(self):
        self.faskes.layanan_ids.write({"down_since": fields.Datetime.now()})
        services = {
            user: self.env["bpjs.layanan"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .get_trouble()
            for user in (self.petugas, self.stranger)
        }
        self.assertEqual([row["name"] for row in services[self.petugas]], ["PCare", "Antrean FKTP"])
        self.assertEqual(services[self.stranger], [])

    def test_an_open_board_hears_its_own_companies_only(self):
        def channels(user):
            websocket = self.env["ir.websocket"].with_user(user)
            websocket = websocket.with_context(allowed_company_ids=user.company_ids.ids)
            with patch("odoo.addons.bus.models.ir_websocket.request", Mock()):
                found = websocket._build_bus_channel_list(["antrean_bpjs.board"])
            return [
                channel for channel in found if type(channel) is tuple and channel[1] == "ANTREAN"
            ]

        self.assertEqual(channels(self.petugas), [(self.company, "ANTREAN")])
        self.assertEqual(channels(self.stranger), [(self.other, "ANTREAN")])
        self.assertEqual(channels(self.nobody), [])

    # Patients

    def test_who_is_not_staff_sees_no_patient_data(self):
        patient = self._pasien(1)
        with self.assertRaises(AccessError):
            patient.with_user(self.nobody).read(["nik"])
        found = self.env["res.partner"].with_user(self.nobody).name_search(patient.no_kartu_bpjs)
        self.assertFalse(found)
