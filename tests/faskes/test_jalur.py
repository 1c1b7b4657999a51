import os
import socket
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...bpjs.pcare import PCARE
from ...models.faskes.bpjs_diagnosis import ADVICE, ADVICE_BY_ENGINE
from ..common import EngineCase, P
from .test_alamat import INNER, OF_BPJS, SECRETS_OF_A_CLOUD
from .test_diagnosis import DiagnosisCase
from .test_rahasia import log_of_a_server

PROXY_ACCOUNT = {"jalur_username": "proxy-contoh", "jalur_password": "sandi-proxy"}
INNER_PROXY, INNER_ENGINE = "http://10.0.0.5:3128", "http://10.0.0.5:8081/services/Mirth"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return closed.getsockname()[1]


class JalurCase(EngineCase):
    def _lead(self, jalur, **vals):
        """Have the facility reach BPJS on this way."""
        address = {"proxy": self.simulator.proxy_url, "mesin": self.simulator.engine_url}.get(jalur)
        account = PROXY_ACCOUNT if jalur == "proxy" else {}
        self.faskes.write({"jalur": jalur, "jalur_alamat": address, **account, **vals})


@tagged("post_install", "-at_install")
class TestJalur(JalurCase):
    def _passed(self):
        """Return how many calls have come by the proxy and by the engine, WSDL not counted."""
        return self.simulator.calls("proxy "), self.simulator.calls("engine POST")

    def test_a_visit_goes_on_the_way_that_is_set(self):
        for member, (jalur, passed) in enumerate(
            (("langsung", (0, 0)), ("proxy", (2, 0)), ("mesin", (0, 2))), 1
        ):
            with self.subTest(jalur=jalur):
                self.simulator.reset()
                self._lead(jalur)
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))
                self.assertEqual(self._passed(), passed)
                self.assertEqual(self._posts(), 1)

    def test_an_attempt_keeps_the_way_that_it_took(self):
        self._lead("mesin")
        self.simulator.fault("pcare", "drop_after", methods=["POST"])
        self.layanan_pcare.settling_seconds = 0
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta=False))
        self._run_engine()
        self._lead("langsung")
        later = self._daftarkan(self._pasien(2))
        self._run_engine()
        self.assertEqual(set(antrean.job_ids.attempt_ids.mapped("jalur")), {"mesin"})
        self.assertGreater(len(self._job(antrean, P).attempt_ids), 2, "look-ups are kept, too")
        self.assertEqual(later.job_ids.attempt_ids.mapped("jalur"), [False, False])

    # The proxy of the environment

    def test_the_environment_counts_only_where_it_is_trusted(self):
        proxy = self.simulator.proxy_url.replace("//", "//proxy-contoh:sandi-proxy@")
        variables = {"HTTP_PROXY": proxy, "http_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
        for member, (is_trusted, passed) in enumerate(((False, (0, 0)), (True, (2, 0))), 1):
            with self.subTest(is_trusted=is_trusted):
                self.simulator.reset()
                self.faskes.jalur_lingkungan = is_trusted
                antrean = self._daftarkan(self._pasien(member))
                with patch.dict(os.environ, variables):
                    self._run_engine()
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))
                self.assertEqual(self._passed(), passed)

    # Whose certificates are trusted

    def test_each_way_has_a_bundle_of_its_own(self):
        self.layanan_pcare.ca_bundle = "/etc/ssl/bpjs.pem"
        self.faskes.jalur_ca_bundle = "/etc/ssl/mesin.pem"
        for jalur, bundle in (
            ("langsung", "/etc/ssl/bpjs.pem"),
            ("proxy", "/etc/ssl/bpjs.pem"),
            ("mesin", "/etc/ssl/mesin.pem"),
        ):
            with self.subTest(jalur=jalur):
                self._lead(jalur)
                client = self.layanan_pcare.with_user(self.petugas)._new_client(1)
                self.assertEqual(client._session.verify, bundle)

    # What is missing or wrong

    def test_incomplete_settings_are_refused(self):
        proxy, engine = self.simulator.proxy_url, self.simulator.engine_url
        for vals, said in (
            ({"jalur": "proxy"}, "Enter the address of the proxy, such as http"),
            ({"jalur": "proxy", "jalur_alamat": " "}, "Enter the address of the proxy"),
            ({"jalur": "mesin"}, "Enter the address of the integration engine, such as http"),
            ({"jalur": "proxy", "jalur_alamat": "10.0.0.5:3128"}, "10.0.0.5:3128” is no address"),
            ({"jalur": "proxy", "jalur_alamat": "https://10.0.0.5:1"}, "is no address of a proxy"),
            ({"jalur": "proxy", "jalur_alamat": "socks5://10.0.0.5"}, "is no address of a proxy"),
            ({"jalur": "proxy", "jalur_alamat": "http://u:s@10.0.0.5"}, "are entered below"),
            ({"jalur": "mesin", "jalur_alamat": "10.0.0.5/services"}, "is no address of an integr"),
            ({"jalur": "mesin", "jalur_alamat": "http://100%"}, "http://100%” is no address of"),
            ({"jalur": "mesin", "jalur_alamat": "ftp://10.0.0.5"}, "is no address of an integr"),
            (
                {"jalur": "proxy", "jalur_alamat": proxy, "jalur_password": "sandi"},
                "Enter the user whose password it is",
            ),
            (
                {"jalur": "mesin", "jalur_alamat": engine, "jalur_password": "sandi"},
                "Enter the user whose password it is",
            ),
        ):
            with self.subTest(**vals):
                with self.assertRaises(ValidationError) as caught:
                    self.faskes.write(vals)
                self.assertIn(said, str(caught.exception))
                self.assertEqual(self.faskes.jalur, "langsung")

    def test_the_address_of_the_wsdl_does_as_well(self):
        self._lead("mesin", jalur_alamat=f" {self.simulator.engine_url}?wsdl ")
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    # After a change

    def test_what_waited_for_the_proxys_password_is_sent_when_it_is_right(self):
        self._lead("proxy", jalur_password="salah")
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self.layanan_pcare.down_kind, "misconfigured")
        self.assertEqual(self._statuses(antrean), ("processing", "processing"))
        self.assertTrue(self.faskes._open_activities())
        self.faskes.jalur_password = "sandi-proxy"
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertFalse(self.layanan_pcare.down_since)
        self.assertFalse(self.faskes._open_activities())

    def test_what_failed_on_a_way_is_sent_again_on_another(self):
        self._lead("proxy")
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._finish("failed", outcome="misconfigured", reason="proxy_account", message="407")
        self._lead("langsung")
        self.assertEqual(job.state, "pending")

    def test_another_way_is_tried_at_once(self):
        self._lead("mesin", jalur_alamat=f"http://127.0.0.1:{closed_port()}/services/Mirth")
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self.assertEqual(self.layanan_pcare.down_kind, "outage")
        self.layanan_pcare.next_probe_at = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self._lead("langsung")
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    # What staff read

    def _names(self, lang="en_US"):
        board = self.env["bpjs.layanan"].with_user(self.petugas).with_context(lang=lang)
        return [trouble["name"] for trouble in board.get_trouble()]

    def test_the_banner_names_the_way(self):
        self.layanan_pcare.write({"down_since": fields.Datetime.now(), "down_kind": "outage"})
        for jalur, name in (
            ("langsung", "PCare"),
            ("proxy", "PCare (through the proxy)"),
            ("mesin", "PCare (through the integration engine)"),
        ):
            with self.subTest(jalur=jalur):
                self._lead(jalur)
                self.assertEqual(self._names(), [name])
        self.assertEqual(self._names("id_ID"), ["PCare (lewat mesin integrasi)"])

    def test_whose_trouble_it_is_stands_on_the_job(self):
        self._lead("mesin")
        self.simulator.fault("engine", "soap_fault", methods=["POST"])
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        said = antrean.job_ids.attempt_ids.mapped("message")
        self.assertIn("Mesin integrasi menyatakan bahwa prosesnya gagal", said)


@tagged("post_install", "-at_install")
class TestAlamatJalur(JalurCase):
    """A way is another address that this server calls for a clinic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Klinik Lain"})
        cls.system = cls._user("admin", cls.other)
        cls.system.group_ids += cls.env.ref("base.group_system")
        for user in (cls.admin, cls.system):
            user.company_ids = cls.company | cls.other

    def _ways(self, user, vals):
        """Yield the ways in which a user may enter the way of a facility."""
        companies = self.company | self.other
        faskes = self.faskes.with_user(user).with_context(allowed_company_ids=companies.ids)
        new = {"company_id": self.other.id, "cons_id": "1", "secret": "x"}
        yield "write", lambda: faskes.write(vals)
        yield "page", lambda: faskes.web_save(vals, {})
        yield "import", lambda: self._import(faskes, vals)
        yield "new", lambda: faskes.create({**new, **vals})

    def _import(self, faskes, vals):
        result = faskes.load([".id", *vals], [[str(faskes.id), *vals.values()]])
        if result["messages"]:
            raise ValidationError(result["messages"][0]["message"])

    def test_who_may_enter_which_address(self):
        for user, jalur, address, is_allowed in (
            (self.admin, "proxy", "http://127.0.0.1:3128", True),
            (self.admin, "mesin", "http://localhost:8081/services/Mirth", True),
            (self.admin, "proxy", INNER_PROXY, False),
            (self.admin, "mesin", INNER_ENGINE, False),
            (self.admin, "mesin", OF_BPJS, False),
            (self.admin, "proxy", "http://proxy.example:3128", False),
            (self.admin, "mesin", f"{INNER_ENGINE}?wsdl", False),
            (self.admin, "mesin", SECRETS_OF_A_CLOUD, False),
            (self.system, "proxy", INNER_PROXY, True),
            (self.system, "mesin", INNER_ENGINE, True),
            (self.system, "mesin", f"{INNER_ENGINE}?wsdl", True),
            (self.system, "proxy", SECRETS_OF_A_CLOUD, False),
            (self.system, "mesin", SECRETS_OF_A_CLOUD, False),
        ):
            vals = {"jalur": jalur, "jalur_alamat": address}
            for way, enter in self._ways(user, vals):
                self.faskes.write({"jalur": "langsung", "jalur_alamat": False})
                self.other.bpjs_faskes_ids.unlink()
                with self.subTest(user=user.login, way=way, **vals):
                    if is_allowed:
                        enter()
                        found = self.env["bpjs.faskes"].search([("jalur_alamat", "=", address)])
                        self.assertEqual(len(found), 1)
                    else:
                        with self.assertRaises(ValidationError):
                            enter()

    def test_what_is_left_to_a_clinics_administrator(self):
        """Who administers Odoo has entered an inner proxy: its account may be changed, and the way
        may be left, but not be taken again.
        """
        self.faskes.write({"jalur": "proxy", "jalur_alamat": INNER_PROXY, **PROXY_ACCOUNT})
        mine = self.faskes.with_user(self.admin)
        mine.jalur_password = "sandi-lain"
        mine.write({"jalur": "proxy", "jalur_alamat": f" {INNER_PROXY} ", "kd_aplikasi": "095"})
        self._assert_for_another(mine, jalur_alamat="http://10.0.0.6:3128")
        self._assert_for_another(mine, jalur="mesin")
        mine.jalur = "langsung"
        self._assert_for_another(mine, jalur="proxy")

    def _assert_for_another(self, faskes, **vals):
        with self.assertRaises(ValidationError) as caught:
            faskes.write(vals)
        self.assertIn("another machine. Only who administers Odoo itself", str(caught.exception))

    def test_through_a_proxy_elsewhere_this_machine_is_the_proxys(self):
        """An address of this machine would show what listens on the proxy's."""
        layanan, here = self.layanan_pcare.with_user(self.admin), "http://127.0.0.1:9090/admin"
        for vals, is_allowed in (
            ({"jalur": "proxy", "jalur_alamat": "http://localhost:3128"}, True),
            ({"jalur": "proxy", "jalur_alamat": INNER_PROXY}, False),
            ({"jalur": "langsung", "jalur_lingkungan": True}, False),
            ({"jalur": "langsung", "jalur_lingkungan": False}, True),
        ):
            with self.subTest(**vals):
                self.faskes.write(vals)
                self.layanan_pcare.base_url = INNER
                if is_allowed:
                    layanan.base_url = here
                else:
                    with self.assertRaises(ValidationError):
                        layanan.base_url = here

    def test_what_is_the_servers_is_for_its_administrators(self):
        mine = self.faskes.with_user(self.admin)
        for name, value in (("jalur_ca_bundle", "/etc/passwd"), ("jalur_lingkungan", True)):
            for way, enter in (
                ("write", lambda name=name, value=value: mine.write({name: value})),
                ("read", lambda name=name: mine.read([name])),
                ("search", lambda name=name, value=value: mine.search([(name, "=", value)])),
            ):
                with self.subTest(name=name, way=way), self.assertRaises(AccessError):
                    enter()

    def test_staff_read_nothing_of_the_way(self):
        self.faskes.write({"jalur": "proxy", "jalur_alamat": INNER_PROXY, **PROXY_ACCOUNT})
        with self.assertRaises(AccessError):
            self.faskes.with_user(self.petugas).read(["jalur_alamat"])

    def test_a_copy_takes_no_account_along(self):
        self.faskes.write(PROXY_ACCOUNT)
        copied = self.faskes.copy_data({"company_id": self.other.id})[0]
        self.assertFalse(PROXY_ACCOUNT.keys() & copied.keys())


@tagged("post_install", "-at_install")
class TestDiagnosisOnTheWay(DiagnosisCase, JalurCase):
    def test_the_steps_of_each_way(self):
        for jalur, first, others in (
            ("langsung", "Address", {"Proxy", "Integration engine"}),
            ("proxy", "Address", {"Integration engine", "Integration engine's WSDL"}),
            ("mesin", "Integration engine", {"Address", "Connection", "Proxy"}),
        ):
            with self.subTest(jalur=jalur):
                self._lead(jalur)
                for service in self._diagnose().values():
                    labels = [step["label"] for step in service["steps"]]
                    self.assertTrue(service["works"])
                    self.assertEqual(labels[0], first)
                    self.assertFalse(others & set(labels))

    def test_it_says_which_way_was_tested(self):
        engine, proxy = self.simulator.engine_url, self.simulator.proxy_url
        base_url = self.layanan_pcare.base_url
        for jalur, way, address in (
            ("langsung", "", base_url),
            ("proxy", f"Through the proxy {proxy}", base_url),
            ("mesin", f"Through the integration engine {engine}", ""),
        ):
            with self.subTest(jalur=jalur):
                self._lead(jalur)
                service = self._diagnose()["PCare"]
                self.assertEqual((service["way"], service["address"]), (way, address))

    def _assert_named(self, label, words):
        for service in self._diagnose().values():
            step = self._failed(service)
            self.assertEqual(step["label"], label)
            self.assertIn(words, step["text"])

    def test_each_mistake_on_the_way_is_named(self):
        nobody = f"http://127.0.0.1:{closed_port()}"
        for jalur, vals, label, words in (
            ("proxy", {"jalur_alamat": nobody}, "Proxy", "Compare its address and port under Way"),
            ("proxy", {"jalur_alamat": "http://proxy.invalid:1"}, "Proxy", "is not reached"),
            ("proxy", {"jalur_password": "salah"}, "Proxy's user and password", "right ones"),
            ("mesin", {"jalur_alamat": nobody}, "Integration engine", "channel with the Web Serv"),
            (
                "mesin",
                {"jalur_alamat": f"{self.simulator.engine_url}/lain"},
                "Integration engine's WSDL",
                "?wsdl behind it in a browser",
            ),
            (
                "mesin",
                {"jalur_alamat": self.simulator.engine_url.replace("http:", "https:")},
                "Integration engine",
                "is not reached",
            ),
            ("mesin", {"secret": "salah"}, "Signature (consumer secret)", "secret is wrong"),
        ):
            with self.subTest(jalur=jalur, **vals):
                self._lead(jalur)
                before = {name: self.faskes[name] for name in vals}
                self.faskes.write(vals)
                self._assert_named(label, words)
                self.faskes.write(before)

    def test_each_fault_on_the_way_is_named(self):
        answer, given = "Integration engine's answer", "does not answer as agreed"
        for jalur, service, fault, label, words in (
            ("proxy", "proxy", {"fault": "html_502"}, "Answer", "has a disturbance"),
            ("proxy", PCARE, {"fault": "html_404"}, "Answer", "choose an environment"),
            ("mesin", "engine", {"fault": "soap_fault", "methods": ["POST"]}, answer, given),
            ("mesin", "engine", {"fault": "no_json", "methods": ["POST"]}, answer, given),
            ("mesin", "engine", {"fault": "wrong_id", "methods": ["POST"]}, answer, given),
            (
                "mesin",
                "engine",
                {"fault": "html_404", "methods": ["GET"]},
                "Integration engine's WSDL",
                "compare it with the channel's",
            ),
            ("mesin", PCARE, {"fault": "drop_before"}, answer, given),
            ("mesin", PCARE, {"fault": "html_404"}, "Answer", "of this service in the channel"),
            ("mesin", PCARE, {"fault": "wrong_encryption"}, "Decryption of the answer", "as it is"),
        ):
            with self.subTest(jalur=jalur, service=service, **fault):
                self.simulator.reset()
                self._lead(jalur)
                self.simulator.fault(service, **{"times": 2, **fault})
                step = self._failed(self._diagnose()["PCare"])
                self.assertEqual(step["label"], label)
                self.assertIn(words.lower(), step["text"].lower())

    def test_a_proxy_that_refuses(self):
        """What it says before it has connected us is its own."""
        self._lead("proxy")
        self.layanan_pcare.base_url = self.layanan_pcare.base_url.replace("http:", "https:")
        self.simulator.fault("proxy", "html_403", methods=["CONNECT"])
        step = self._failed(self._diagnose()["PCare"])
        self.assertEqual(step["label"], "Connection")
        self.assertIn("let it through", step["text"])

    def test_the_engines_account(self):
        self.simulator.settings(engine_user="klinik", engine_password="sandi-mesin")
        for account in ({}, {"jalur_username": "klinik", "jalur_password": "salah"}):
            with self.subTest(**account):
                self._lead("mesin", **account)
                self._assert_named("Integration engine's user and password", "under Way to BPJS")
        self._lead("mesin", jalur_username="klinik", jalur_password="sandi-mesin")
        self.assertTrue(all(service["works"] for service in self._diagnose().values()))

    def test_no_secret_of_the_way_is_shown_or_logged(self):
        for jalur, label in (("proxy", "Proxy's user and"), ("mesin", "Integration engine's user")):
            with self.subTest(jalur=jalur):
                self.simulator.settings(engine_user="klinik", engine_password="benar")
                self._lead(jalur, jalur_username="jalur-contoh", jalur_password="sandi-jalur")
                antrean = self._daftarkan(self._pasien(7 if jalur == "proxy" else 8))
                with (
                    self.assertNoLogs("odoo.addons.antrean_bpjs", "DEBUG"),
                    self.assertNoLogs("urllib3", "DEBUG"),
                    log_of_a_server() as lines,
                ):
                    shown = str(self._diagnose())
                    self._run_engine()
                self.assertIn(label, shown)
                attempts = antrean.job_ids.attempt_ids
                shown += str(attempts.read()) + str(self.layanan_pcare.read())
                shown += str(self.faskes.message_ids.mapped("body")) + "".join(lines)
                for secret in ("sandi-jalur", "jalur-contoh"):
                    self.assertNotIn(secret, shown)

    def test_what_the_engine_says_otherwise_is_said_otherwise_of_bpjs(self):
        self.assertLess(ADVICE_BY_ENGINE.keys(), ADVICE.keys())
