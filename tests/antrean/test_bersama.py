from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...bpjs.outcome import REJECTED
from ..common import AntreanCase, P

SAID = "Poli tidak ditemukan"
OWN_WORDS = {"pattern": "poli", "penyebab": "Kata sendiri", "pelaku": "admin", "langkah": "-"}


@tagged("post_install", "-at_install")
class TestBersama(AntreanCase):
    """Two clinics in one database: what the addon brings is both's, what one makes is its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._stranger("admin")
        cls.other = cls.stranger.company_id
        cls.chief = cls._user("admin", cls.env["res.company"].create({"name": "Pusat"}))
        cls.chief.company_ids = cls.env["res.company"].search([])
        cls.shipped = cls.env.ref("antrean_bpjs.galat_poli")

    @classmethod
    def _as(cls, user, records):
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _job(self):
        antrean = self._daftarkan(self._pasien(1))
        job = antrean.job_ids.filtered(lambda job: job.job_type == P)
        job._finish("failed", outcome=REJECTED, message=SAID)
        return job

    # Who may change what

    def test_what_the_addon_brings_belongs_to_all(self):
        for record in (self.shipped, self.umum, self.bpjs):
            self.assertFalse(record.company_id)
            for user in (self.petugas, self.admin, self.stranger):
                self.assertTrue(self._as(user, record).display_name)

    def test_a_clinics_administrator_changes_nothing_of_all(self):
        for record, vals in (
            (self.shipped, {"penyebab": "-"}),
            (self.shipped, {"active": False}),
            (self.shipped, {"company_id": self.company.id}),
            (self.bpjs, {"is_bpjs": False}),
            (self.bpjs, {"name": "-"}),
        ):
            record = self._as(self.admin, record)
            for act in (lambda r=record, v=vals: r.write(v), record.unlink):
                with self.subTest(record=record, vals=vals), self.assertRaises(AccessError):
                    act()
            self.assertFalse(record.has_access("write"))
        galat = self._as(self.admin, self.shipped)
        with self.assertRaises(AccessError):
            galat.update_field_translations("penyebab", {"en_US": "-"})

    def test_nor_makes_what_is_alls_or_anothers(self):
        for model, vals in (
            ("bpjs.galat", OWN_WORDS),
            ("antrean.penjamin", {"name": "Asuransi", "is_bpjs": True}),
        ):
            records = self._as(self.admin, self.env[model])
            own = records.create(vals)
            self.assertEqual(own.company_id, self.company)
            for company_id in (False, self.other.id):
                with self.subTest(model=model, company_id=company_id):
                    with self.assertRaises(AccessError):
                        records.create({**vals, "company_id": company_id})
                    with self.assertRaises(AccessError):
                        own.company_id = company_id
            self.assertFalse(self._as(self.stranger, records).search([("id", "=", own.id)]))
            with self.assertRaises(AccessError):
                self._as(self.stranger, own).write({"active": False})

    def test_who_works_for_all_changes_all(self):
        self._as(self.chief, self.shipped).penyebab = "Untuk semua"
        self.assertEqual(self.shipped.penyebab, "Untuk semua")
        self._as(self.chief, self.bpjs).name = "BPJS Kesehatan"
        shared = self._as(self.chief, self.env["bpjs.galat"])
        self.assertFalse(shared.create({**OWN_WORDS, "company_id": False}).company_id)

    def test_a_copy_is_ones_own_and_comes_first(self):
        copy = self._as(self.admin, self.shipped).copy({"penyebab": "Kata sendiri"})
        self.assertEqual(copy.company_id, self.company)
        self.assertEqual(self._job().galat_id, copy)

    # What it does

    def test_each_clinic_explains_by_its_own_words(self):
        job = self._job()
        self.assertEqual(job.galat_id, self.shipped)
        theirs = self._as(self.stranger, self.env["bpjs.galat"]).create(OWN_WORDS)
        self.env.flush_all()
        self.assertEqual(job.galat_id, self.shipped)
        ours = self._as(self.admin, self.env["bpjs.galat"]).create(OWN_WORDS)
        self.assertEqual(job.galat_id, ours)
        theirs.unlink()
        ours.active = False
        self.assertEqual(job.galat_id, self.shipped)
        self._as(self.chief, ours).write({"active": True, "company_id": self.other.id})
        self.assertEqual(job.galat_id, self.shipped)

    def test_each_clinic_has_its_own_payers(self):
        payers = self.env["antrean.penjamin"]
        theirs, ours = (
            self._as(user, payers).create({"name": "Asuransi", "is_bpjs": True, "sequence": 0})
            for user in (self.stranger, self.admin)
        )
        self.assertEqual(self._daftarkan(self._pasien(1)).penjamin_id, ours)
        ours.active = False
        antrean = self._daftarkan(self._pasien(2))
        self.assertEqual(antrean.penjamin_id, self.bpjs)
        with self.assertRaises(UserError):
            antrean.penjamin_id = theirs

    def test_no_two_payers_of_one_name(self):
        payers = self._as(self.admin, self.env["antrean.penjamin"])
        payers.create({"name": "Asuransi"})
        self._as(self.stranger, payers).create({"name": "Asuransi"})
        with self.assertRaises(ValidationError):
            payers.create({"name": "BPJS"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            payers.create({"name": "Asuransi"})

    def test_an_update_gives_all_to_all(self):
        records = self.env["bpjs.galat"].with_context(install_mode=True)
        self.assertFalse(records.create(OWN_WORDS).company_id)
