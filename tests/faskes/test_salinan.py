from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ..common import EngineCase, P


@tagged("post_install", "-at_install")
class TestSalinan(EngineCase):
    """A copy of the database does not speak to BPJS until an administrator says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = cls.petugas.lang = cls.admin.lang = "en_US"
        cls.company.partner_id.lang = "en_US"

    def _copy(self):
        """Make this database another one, as Odoo does with a copy."""
        self.env["ir.config_parameter"].init(force=True)
        self.env.invalidate_all()

    def _confirm(self, user=None):
        self.faskes.with_user(user or self.admin).action_use_this_database()

    def _trouble(self):
        return self.env["bpjs.layanan"].with_user(self.petugas).get_trouble()

    def _assert_silent(self):
        self.assertEqual(self.simulator.book()["calls"], {})

    def test_the_database_it_was_set_up_in_is_no_copy(self):
        self.assertFalse(self.faskes.is_copy)
        self.assertEqual(self._trouble(), [])
        self._copy()
        self.assertTrue(self.faskes.is_copy)

    def test_nothing_that_waits_is_sent(self):
        antrean = self._daftarkan(self._pasien(1))
        self._copy()
        self._run_engine()
        self._assert_silent()
        self.assertEqual(set(antrean.job_ids.mapped("state")), {"pending"})
        self.assertEqual(antrean.job_ids.mapped("attempt_count"), [0, 0])

    def test_a_cancel_takes_nothing_back(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        self._copy()
        self._batalkan(antrean)
        self._run_engine()
        book = self.simulator.book()
        self.assertEqual(len(book["pendaftaran"]), 1)
        self.assertEqual([entry["status"] for entry in book["antrean"]], ["terdaftar"])

    def test_what_was_in_the_air_is_not_looked_up(self):
        job = self._job(self._daftarkan(self._pasien(1)), P)
        [flight] = [each for each in self.env["bpjs.engine"]._claim(64) if each.job_id == job.id]
        self._copy()
        job.lease_until = "2020-01-01"
        self._run_engine()
        self._assert_silent()
        self.assertEqual((job.state, flight.exchanges), ("unknown", []))

    def test_a_service_that_is_down_is_not_probed(self):
        self.faskes.layanan_ids.write(
            {"down_since": "2020-01-01", "down_kind": "outage", "next_probe_at": "2020-01-01"}
        )
        self._copy()
        self.faskes.secret = "rahasia-lain"  # which asks for a probe
        self._run_engine()
        self._assert_silent()

    def test_lists_are_not_fetched(self):
        self._copy()
        others = self.env["bpjs.layanan"].search([]) - self.faskes.layanan_ids
        others.down_since = fields.Datetime.now()  # they are not to be asked here
        noon = fields.Datetime.now().hour - 12
        self.company.antrean_tz = f"Etc/GMT{noon:+d}"
        with self.enter_registry_test_mode():
            self.env.ref("antrean_bpjs.ir_cron_fetch_lists").method_direct_trigger()
            with self.registry.cursor() as cr:
                env = self.env(cr=cr, user=self.admin)
                told = env["bpjs.layanan"].action_fetch_lists()["params"]
        self.assertEqual(told["type"], "warning")
        self.assertIn("This database is a copy", told["message"])
        self._assert_silent()

    def test_no_membership_is_checked(self):
        self._copy()
        partners = self.env["res.partner"].with_user(self.petugas)
        answer = partners.cek_kepesertaan("0001000000001")
        self.assertEqual(answer["kind"], "not_set_up")
        self.assertIn("This database is a copy", answer["message"])
        self._assert_silent()

    def test_the_connection_is_not_tested(self):
        self._copy()
        with self.enter_registry_test_mode(), self.assertRaisesRegex(UserError, "is a copy"):
            self.faskes.with_user(self.admin).diagnose()
        self._assert_silent()

    def test_nothing_is_resent(self):
        antrean = self._daftarkan(self._pasien(1))
        self._copy()
        with self.enter_registry_test_mode(), self.assertRaisesRegex(UserError, "is a copy"):
            antrean.with_user(self.petugas)._resend_pcare()
        self.env.invalidate_all()
        self._assert_silent()
        self.assertFalse(antrean.job_ids.attempt_ids)

    def test_no_client_is_to_be_had(self):
        self._copy()
        for client in (self.layanan_pcare._client, lambda: self.layanan_pcare._new_client(1)):
            with self.assertRaisesRegex(UserError, "is a copy"):
                client()

    # What people see

    def test_the_board_says_so(self):
        self._daftarkan(self._pasien(1))
        self.layanan_pcare.down_since = fields.Datetime.now()
        self._copy()
        [trouble] = self._trouble()
        self.assertEqual(
            trouble,
            {
                "name": "Klinik Uji",
                "kind": "copied",
                "since": False,
                "next_probe_at": False,
                "waiting": 2,
            },
        )

    def test_what_waits_says_so(self):
        antrean = self._daftarkan(self._pasien(1))
        self._copy()
        for job in antrean.with_user(self.petugas).get_bpjs_details()["jobs"]:
            self.assertIn("This database is a copy", job["note"])
        [problem] = antrean.bpjs_problems
        self.assertIn("This database is a copy", problem["text"])

    # Confirming

    def test_an_administrator_confirms(self):
        antrean = self._daftarkan(self._pasien(1))
        self._copy()
        with self.assertRaises(AccessError):
            self._confirm(self.petugas)
        self._confirm()
        self.assertFalse(self.faskes.is_copy)
        self.assertEqual(self._trouble(), [])
        said = self.faskes.message_ids[:1]
        self.assertIn("This database speaks to BPJS from now on", said.body)
        self.assertEqual(said.author_id, self.admin.partner_id)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_what_the_original_sent_after_the_copy_was_made_is_not_sent_twice(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        antrean.job_ids.write(
            {
                "state": "pending",
                "outcome": False,
                "request": False,
                "next_try_at": "2020-01-01",
            }
        )
        antrean.nomor_antrean_pcare = False
        self._copy()
        self._confirm()
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._registered(antrean), [antrean.nomor_antrean_pcare])
        self.assertEqual(len(self.simulator.book()["antrean"]), 1)

    def test_a_copy_of_the_copy_asks_again(self):
        self._copy()
        self._confirm()
        self._copy()
        self.assertTrue(self.faskes.is_copy)

    def test_an_account_entered_in_the_copy_is_the_copys(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self._copy()
        faskes = self.env["bpjs.faskes"].create(
            {"company_id": other.id, "cons_id": "20002", "secret": "rahasia-lain"}
        )
        self.assertFalse(faskes.is_copy)
        self.assertTrue(self.faskes.is_copy)

    def test_another_clinic_of_the_copy_works(self):
        antrean = self._daftarkan(self._pasien(1))
        self._copy()
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        faskes = self.env["bpjs.faskes"].create(
            {"company_id": other.id, "cons_id": "20002", "secret": "rahasia-lain"}
        )
        faskes.layanan_ids.write({"down_since": "2020-01-01", "next_probe_at": "2020-01-01"})
        for layanan in faskes.layanan_ids:
            path = "antreanfktp" if layanan.kode == ANTREAN else "pcare-rest"
            layanan.base_url = f"{self.simulator.url}/{path}"
        flights = self.env["bpjs.engine"]._claim(64)
        self.assertEqual({flight.layanan_id for flight in flights}, set(faskes.layanan_ids.ids))
        self.assertEqual(set(antrean.job_ids.mapped("state")), {"pending"})

    def test_a_neutralized_copy_is_one_though_its_uuid_be_the_same(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["antrean_bpjs"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertTrue(self.faskes.is_copy)
        self.assertEqual([row["kind"] for row in self._trouble()], ["copied"])
