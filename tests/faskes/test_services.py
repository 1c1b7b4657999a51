from unittest.mock import patch

from odoo import fields
from odoo.tests import Form, tagged

from ...bpjs.pcare import PCARE
from ...bpjs.request import Request
from ...bpjs.service import Service
from ...bpjs.services import SERVICES
from ..common import EngineCase

KODE = "mainan"


@tagged("post_install", "-at_install")
class TestServices(EngineCase):
    """A service is one description: this one is known nowhere else. The simulator's PCare stands in
    for it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        toy = Service(
            code=KODE,
            label="Layanan Mainan",
            addresses={
                "production": "https://bpjs.example/mainan",
                "simulator": f"{cls.simulator.url}/pcare-rest",
            },
            content_type="text/x-mainan",
            date_format="%Y%m%d",
            probe=lambda _tanggal: Request(KODE, "GET", "/kesadaran"),
            takes_account=True,
        )
        cls.startClassPatcher(patch.dict(SERVICES, {KODE: toy}))

    def _mainan(self):
        """Give the facility that was there before the new service, as an update does."""
        self.faskes._add_services()
        mainan = self.faskes.layanan_ids.filtered(lambda layanan: layanan.kode == KODE)
        mainan.write(
            {
                "base_url": SERVICES[KODE].addresses["simulator"],
                "user_key": self.layanan_pcare.user_key,
            }
        )
        return mainan

    def _probes(self):
        return self.simulator.book()["calls"].get(f"{PCARE} GET /kesadaran", 0)

    def test_a_new_facility_has_it(self):
        admin = self._stranger("admin")
        faskes = self.env["bpjs.faskes"].with_user(admin)
        with Form(faskes.with_context(allowed_company_ids=admin.company_ids.ids)) as form:
            form.cons_id, form.secret = "20002", "rahasia-lain"
            self.assertEqual(form.environment, "production")
        services = form.record.layanan_ids
        self.assertEqual(services.mapped("kode"), list(SERVICES), "in this order")
        self.assertEqual(services[-1].base_url, "https://bpjs.example/mainan")
        self.assertEqual(services[-1].content_type, "text/x-mainan")

    def test_a_facility_that_was_there_before_gets_it_once(self):
        for _update in range(2):
            self.env["bpjs.faskes"].search([])._add_services()
            self.assertEqual(self.faskes.layanan_ids.mapped("kode"), list(SERVICES))

    def test_it_has_its_name_where_services_are_chosen(self):
        for model, field in (
            ("bpjs.layanan", "kode"),
            ("bpjs.galat", "layanan"),
            ("bpjs.referensi", "layanan"),
            ("bpjs.perbandingan", "layanan"),
        ):
            shown = self.env[model].fields_get([field])[field]["selection"]
            self.assertIn((KODE, "Layanan Mainan"), shown)

    def test_an_environment_without_it_is_no_known_one(self):
        mainan = self._mainan()
        self.faskes.environment = "development"
        self.assertEqual(mainan.base_url, SERVICES[KODE].addresses["simulator"])
        self.faskes.invalidate_recordset(["environment"])
        self.assertEqual(self.faskes.environment, "own")
        self.faskes.environment = "production"
        self.assertEqual(mainan.base_url, "https://bpjs.example/mainan")
        self.faskes.invalidate_recordset(["environment"])
        self.assertEqual(self.faskes.environment, "production")

    def test_its_probe_is_sent_with_its_headers(self):
        mainan = self._mainan()
        for password, is_well in (("salah", False), ("sandi-contoh", True)):
            with self.subTest(password=password):
                self.faskes.password = password  # it takes the account
                mainan.write(
                    {"down_since": fields.Datetime.now(), "next_probe_at": fields.Datetime.now()}
                )
                before = self._probes()
                self._run_engine()
                self.assertEqual(self._probes(), before + 1)
                self.assertEqual(not mainan.down_since, is_well)

    def test_test_connection_lists_it(self):
        self._mainan()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            report = self.faskes.with_env(self.env(cr=cr, user=self.admin)).diagnose()
        self.assertEqual([each["name"] for each in report][-1], "Layanan Mainan")
        self.assertTrue(report[-1]["works"])
        self.assertIn("PCare account", [step["label"] for step in report[-1]["steps"]])

    def test_it_has_no_lists_to_fetch(self):
        self._mainan()
        before = self._probes()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            services = self.env(cr=cr, user=self.admin)["bpjs.layanan"]
            told = services.action_fetch_lists()["params"]
        self.assertNotIn("Mainan", told["message"])
        self.assertEqual(told["type"], "success", told["message"])
        self.assertEqual(self._probes(), before)
