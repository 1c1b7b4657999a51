import threading
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...bpjs import diagnosis
from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ...models.faskes.bpjs_diagnosis import ADVICE, LABELS
from ..common import EngineCase
from ..test_security import SECRETS

COMMON = {"cons_id": "10001", "secret": "rahasia-simulator"}


class DiagnosisCase(EngineCase):
    def _diagnose(self, faskes=None, user=None):
        """Press Test Connection as an administrator, in a transaction of its own."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            env = self.env(cr=cr, user=user or self.admin)
            report = (faskes or self.faskes).with_env(env).diagnose()
        self.env.invalidate_all()
        return {service["name"]: service for service in report}

    def _failed(self, service):
        """Return the only step that failed, after checking that what follows was not tested."""
        states = [step["state"] for step in service["steps"]]
        number = states.index("failed")
        self.assertEqual(states[:number], ["ok"] * number)
        self.assertEqual(set(states[number + 1 :]) - {"skipped"}, set())
        self.assertFalse(service["works"])
        return service["steps"][number]


@tagged("post_install", "-at_install")
class TestDiagnosis(DiagnosisCase):
    def test_all_is_well(self):
        report = self._diagnose()
        self.assertEqual(list(report), ["PCare", "Antrean FKTP"])
        for service in report.values():
            self.assertTrue(service["works"])
            self.assertEqual({step["state"] for step in service["steps"]}, {"ok"})
        labels = [step["label"] for step in report["PCare"]["steps"]]
        self.assertIn("PCare account", labels)
        self.assertNotIn("PCare account", [s["label"] for s in report["Antrean FKTP"]["steps"]])

    def test_every_step_and_reason_has_its_words(self):
        self.assertEqual(set(LABELS), set(diagnosis.STEPS))
        reasons = {reason for _step, reason in diagnosis.STAGES.values()}
        reasons |= {reason for *_when, reason in diagnosis.REFUSALS}
        own = {"address_unknown", "not_bpjs", "user_key_blank", "account_blank", "decryption"}
        self.assertEqual(set(ADVICE), reasons | own)

    def test_each_mistake_is_named(self):
        pcare, antrean = self.layanan_pcare, self.layanan_antrean
        for records, vals, label, words in (
            (self.faskes, {"secret": "salah"}, "Signature (consumer secret)", "secret is wrong"),
            (self.faskes, {"cons_id": "9"}, "Consumer ID and service", "does not know this"),
            (self.faskes, {"password": "salah"}, "PCare account", "does not accept username"),
            (self.faskes, {"username": False}, "PCare account", "is empty"),
            (pcare, {"user_key": antrean.user_key}, "User key", "not swapped"),
            (pcare, {"user_key": "rahasia-simulator"}, "User key", "consumer secret is another"),
            (pcare, {"user_key": False}, "User key", "is empty"),
            (pcare, {"base_url": f"{self.simulator.url}/_control"}, "Answer", "last part is wrong"),
            (pcare, {"base_url": "http://127.0.0.1:9/x"}, "Connection", "does not get through"),
            (
                pcare,
                {"base_url": self.simulator.url.replace("http:", "https:")},
                "Secure connection (TLS)",
                "does not speak TLS",
            ),
        ):
            with self.subTest(**vals):
                before = {name: records[name] for name in vals}
                records.write(vals)
                step = self._failed(self._diagnose()["PCare"])
                self.assertEqual(step["label"], label)
                self.assertIn(words, step["text"])
                records.write(before)

    def test_each_fault_is_named(self):
        for fault, label, words in (
            ({"fault": "html_404"}, "Answer", "last part is wrong"),
            ({"fault": "html_502"}, "Answer", "has a disturbance"),
            ({"fault": "limits_exceeded"}, "Answer", "no more calls"),
            ({"fault": "empty"}, "Answer", "not BPJS"),
            ({"fault": "not_registered"}, "Consumer ID and service", "grant the service"),
            ({"fault": "wrong_encryption"}, "Decryption of the answer", "cannot be decrypted"),
        ):
            for kode, name in ((PCARE, "PCare"), (ANTREAN, "Antrean FKTP")):
                with self.subTest(service=name, **fault):
                    self.simulator.fault(kode, **fault)
                    step = self._failed(self._diagnose()[name])
                    self.assertEqual(step["label"], label)
                    self.assertIn(words, step["text"])

    def test_the_account_was_lost_on_the_way(self):
        message = "StartIndex cannot be less than zero"
        self.simulator.fault(PCARE, "say", code=500, message=message)
        step = self._failed(self._diagnose()["PCare"])
        self.assertEqual((step["label"], step["detail"]), ("PCare account", message))
        self.assertIn("Basic", step["text"])

    def test_the_clock_in_words(self):
        for ahead, words in ((-420, "differs by 7 minutes: it is fast"), (7200, "2 hours: it is")):
            with self.subTest(ahead=ahead):
                self.simulator.settings(clock_ahead=ahead)
                step = self._failed(self._diagnose()["Antrean FKTP"])
                self.assertEqual(step["label"], "Server's clock")
                self.assertIn(words, step["text"])

    def test_a_clock_that_bpjs_puts_up_with_is_said_too(self):
        self.simulator.settings(clock_ahead=240)
        service = self._diagnose()["PCare"]
        self.assertTrue(service["works"])
        [said] = [step["text"] for step in service["steps"] if step["text"]]
        self.assertIn("differs by 4 minutes", said)

    def test_no_secret_is_shown_or_logged(self):
        self.faskes.write({"secret": "salah-satu", "password": "sandi-contoh"})
        self.simulator.fault(PCARE, "say", code=401, message="tidak kenal sandi-contoh")
        with (
            self.assertNoLogs("odoo.addons.antrean_bpjs", "DEBUG"),
            self.assertNoLogs("urllib3", "DEBUG"),
        ):
            shown = str(self._diagnose())
        self.assertIn("tidak kenal ••••", shown)
        for secret in (*SECRETS, "salah-satu"):
            self.assertNotIn(secret, shown)

    def test_only_administrators_of_the_clinic_may(self):
        for user in (self.petugas, self._stranger("admin")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._diagnose(user=user)
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_it_changes_nothing_at_bpjs(self):
        self._diagnose()
        calls = self.simulator.book()["calls"]
        self.assertEqual(
            calls,
            {"pcare GET /kesadaran": 1, "antrean_fktp GET /ref/poli/tanggal/{tanggal}": 1},
        )

    def test_both_services_are_called_at_once(self):
        both_are_here = threading.Barrier(2)

        def meet(client, request):
            both_are_here.wait(30)
            return diagnosis.diagnose(client, request)

        with patch("odoo.addons.antrean_bpjs.models.faskes.bpjs_diagnosis.diagnose", meet):
            report = self._diagnose()
        self.assertEqual([service["works"] for service in report.values()], [True, True])

    # Health

    def _mark_down(self):
        self.layanan_pcare.write(
            {
                "down_since": fields.Datetime.now(),
                "down_kind": "misconfigured",
                "down_message": "UNAUTHORIZED",
                "next_probe_at": fields.Datetime.add(fields.Datetime.now(), hours=1),
                "failures": 2,
            }
        )

    def test_a_success_ends_the_outage(self):
        self._mark_down()
        antrean = self._daftarkan(self._pasien(1))
        self.faskes._tell_admins("PCare", "UNAUTHORIZED")
        self._diagnose()
        self.assertFalse(self.layanan_pcare.down_since)
        self.assertFalse(self.faskes._open_activities())
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_a_failure_leaves_the_service_as_it_was(self):
        self.faskes.password = "salah"
        self._diagnose()
        self.assertFalse(self.layanan_pcare.down_since)
        self._mark_down()
        next_probe_at = self.layanan_pcare.next_probe_at
        self._diagnose()
        self.assertTrue(self.layanan_pcare.down_since)
        self.assertEqual(self.layanan_pcare.next_probe_at, next_probe_at)
        self.assertFalse(self.faskes._open_activities())
