from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...bpjs.pcare import PCARE
from ..common import EngineCase

OF_BPJS = "https://apijkn-dev.bpjs-kesehatan.go.id/pcare-rest-dev"
INNER = "http://10.0.0.1:8080/admin"
SECRETS_OF_A_CLOUD = "http://169.254.169.254/latest"


@tagged("post_install", "-at_install")
class TestAlamat(EngineCase):
    """The server calls what administrators of a clinic enter: it must not be their eye into the
    network around it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Klinik Lain"})
        cls.system = cls._user("admin", cls.other)
        cls.system.group_ids += cls.env.ref("base.group_system")
        for user in (cls.admin, cls.system):
            user.company_ids = cls.company | cls.other

    def _ways(self, user, address):
        """Yield the ways in which a user may enter an address."""
        companies = self.company | self.other
        faskes = self.faskes.with_user(user).with_context(allowed_company_ids=companies.ids)
        layanan = self.layanan_pcare.with_env(faskes.env)
        new = {"kode": PCARE, "base_url": address}
        facility = {"company_id": self.other.id, "cons_id": "1", "secret": "x"}
        yield "write", lambda: layanan.write({"base_url": address})
        yield (
            "page",
            lambda: faskes.web_save(
                {"layanan_ids": [Command.update(layanan.id, {"base_url": address})]}, {}
            ),
        )
        yield "import", lambda: self._import(layanan, address)
        yield "new", lambda: faskes.create({**facility, "layanan_ids": [Command.create(new)]})

    def _import(self, layanan, address):
        result = layanan.load([".id", "base_url"], [[str(layanan.id), address]])
        if result["messages"]:
            raise ValidationError(result["messages"][0]["message"])

    def test_who_may_enter_which_address(self):
        for user, address, is_allowed in (
            (self.admin, OF_BPJS, True),
            (self.admin, "http://localhost:8899/pcare-rest", True),
            (self.admin, INNER, False),
            (self.admin, "https://bpjs.example/pcare", False),
            (self.admin, "http://apijkn.bpjs-kesehatan.go.id/pcare-rest", False),
            (self.admin, "https://apijkn.bpjs-kesehatan.go.id.example", False),
            (self.admin, "https://apijkn.bpjs-kesehatan.go.id@10.0.0.1/", False),
            (self.admin, SECRETS_OF_A_CLOUD, False),
            (self.system, INNER, True),
            (self.system, "https://user:sandi@bpjs.example/", False),
            (self.system, SECRETS_OF_A_CLOUD, False),
        ):
            for way, enter in self._ways(user, address):
                self.layanan_pcare.base_url = f"{self.simulator.url}/pcare-rest"
                self.other.bpjs_faskes_ids.unlink()
                with self.subTest(user=user.login, address=address, way=way):
                    if is_allowed:
                        enter()
                        found = self.env["bpjs.layanan"].search([("base_url", "=", address)])
                        self.assertEqual(len(found), 1)
                    else:
                        with self.assertRaises(ValidationError):
                            enter()

    def test_what_another_entered_stays(self):
        self.layanan_pcare.base_url = INNER
        layanan = self.layanan_pcare.with_user(self.admin)
        layanan.write({"base_url": INNER, "user_key": "kunci-lain"})
        self.assertEqual(layanan.user_key, "kunci-lain")
        self.faskes.with_user(self.admin).environment = "own"
        self.assertEqual(layanan.base_url, INNER)

    def test_only_who_administers_odoo_names_a_file_of_the_server(self):
        layanan = self.layanan_pcare.with_user(self.admin)
        layanan_now = self.layanan_pcare
        new = {"faskes_id": self.faskes.id, "kode": PCARE}
        for way, enter in (
            ("write", lambda: layanan.write({"ca_bundle": "/etc/passwd"})),
            ("read", lambda: layanan.read(["ca_bundle"])),
            ("search", lambda: layanan.search([("ca_bundle", "=like", "/etc%")])),
            ("create", lambda: layanan.create({**new, "ca_bundle": "/etc/passwd"})),
            ("default", lambda: layanan.with_context(default_ca_bundle="/etc/x").create(new)),
        ):
            with self.subTest(way=way), self.assertRaises(AccessError):
                enter()
        result = layanan.load([".id", "ca_bundle"], [[str(layanan.id), "/etc/passwd"]])
        self.assertFalse(result["ids"])
        self.assertFalse(layanan_now.ca_bundle)
        layanan_now.with_user(self.system).ca_bundle = "/etc/ssl/klinik.pem"
        self.assertEqual(layanan_now.ca_bundle, "/etc/ssl/klinik.pem")

    def test_a_bundle_is_used_by_whoever_tests(self):
        self.layanan_pcare.write({"ca_bundle": "/nowhere.pem", "base_url": OF_BPJS})
        client = self.layanan_pcare.with_user(self.admin)._new_client(1)
        self.assertEqual(client._session.verify, "/nowhere.pem")
