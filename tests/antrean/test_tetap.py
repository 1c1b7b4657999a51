from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import AntreanCase


@tagged("post_install", "-at_install")
class TestTetap(AntreanCase):
    """What is in use stays where it is, and is archived, not deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Klinik Lain"})
        cls.env.user.company_ids += cls.other
        cls.admin.company_ids += cls.other
        cls.boss_env = cls.env(
            user=cls.admin, context={"allowed_company_ids": [cls.company.id, cls.other.id]}
        )

    def _refused(self, *words):
        return self.assertRaisesRegex(UserError, ".*".join(words))

    # Another company

    def test_what_is_in_use_stays_in_its_company(self):
        antrean = self._daftarkan(self._pasien(1))
        gigi = self._ruangan("Poli Gigi", "G")
        faskes = self.env["bpjs.faskes"].create(
            {"company_id": self.company.id, "cons_id": "1", "secret": "x"}
        )
        theirs = self.env["bpjs.faskes"].create(
            {"company_id": self.other.id, "cons_id": "1", "secret": "x"}
        )
        for record, vals in [
            (self.poli, {"company_id": self.other.id}),
            (self.dokter, {"company_id": self.other.id}),
            (antrean.jadwal_id, {"ruangan_id": gigi.id}),
            (faskes, {"company_id": self.other.id}),
            (faskes.layanan_ids[0], {"faskes_id": theirs.id}),
            (theirs, {"layanan_ids": [Command.link(faskes.layanan_ids[0].id)]}),
        ]:
            for env in (self.env, self.boss_env):
                with (
                    self.subTest(model=record._name, vals=vals, user=env.user.login),
                    self._refused("in use"),
                    self.env.cr.savepoint(),
                ):
                    record.with_env(env).write(vals)
        self.poli.write({"company_id": self.company.id, "name": "Poli Umum 1"})  # as it is

    def test_a_payer_in_use_stays_everybodys(self):
        payer = self.env["antrean.penjamin"].create({"name": "Asuransi", "company_id": False})
        room = self._ruangan("Poli", "A", company_id=self.other.id)
        vals = {"company_id": self.other.id, "ruangan_id": room.id, "penjamin_id": payer.id}
        self.env["antrean.antrean"].create(
            {"pasien_id": self._pasien(1, company_id=self.other.id).id, **vals}
        )
        with self._refused("Asuransi", "in use"), self.env.cr.savepoint():
            payer.company_id = self.company
        payer.company_id = False  # as it is

    def test_what_was_never_used_may_move(self):
        room = self._ruangan("Poli Gigi", "G")
        doctor = self.env["antrean.dokter"].create({"name": "drg. Contoh"})
        payer = self.env["antrean.penjamin"].create({"name": "Asuransi"})
        for record in (room, doctor, payer):
            record.with_env(self.boss_env).company_id = self.other
            self.assertEqual(record.company_id, self.other)

    def test_a_room_does_not_leave_its_doctors(self):
        for record in (self.poli, self.poli.jadwal_ids[0]):
            with self._refused("dr. Contoh Satu", "company"), self.env.cr.savepoint():
                record.company_id = self.other

    # Deletion

    def _keeps_showing(self, antrean, words):
        self.env.invalidate_all()
        self.assertEqual(antrean.jadwal_id.display_name, words)
        self.assertEqual(antrean.dokter_id, self.dokter)

    def test_hours_in_use_are_archived(self):
        antrean = self._daftarkan(self._pasien(1))
        jadwal, words = antrean.jadwal_id, antrean.jadwal_id.display_name
        unused = self.poli.jadwal_ids - jadwal
        ways = {
            "unlink": lambda: jadwal.with_user(self.admin).unlink(),
            "command": lambda: self.poli.with_user(self.admin).write(
                {"jadwal_ids": [Command.delete(jadwal.id)]}
            ),
            "set": lambda: self.poli.with_user(self.admin).write(
                {"jadwal_ids": [Command.set(unused.ids)]}
            ),
        }
        for name, way in ways.items():
            with self.subTest(way=name):
                jadwal.active = True
                way()
                self.assertFalse(jadwal.active)
                self._keeps_showing(antrean, words)
        unused.with_user(self.admin).unlink()
        self.assertFalse(unused.exists())
        antrean.with_user(self.petugas).action_terima()
        self._keeps_showing(antrean, words)

    def test_hours_deleted_on_the_form(self):
        antrean = self._daftarkan(self._pasien(1))
        words = antrean.jadwal_id.display_name
        with Form(self.poli.with_user(self.admin)) as form:
            for index in reversed(range(7)):
                form.jadwal_ids.remove(index)
        self.assertFalse(self.poli.jadwal_ids)
        self._keeps_showing(antrean, words)

    def test_what_is_in_use_is_not_deleted(self):
        payer = self.env["antrean.penjamin"].create({"name": "Asuransi"})
        antrean = self._daftarkan(self._pasien(1), penjamin_id=payer.id)
        words = antrean.jadwal_id.display_name
        for record in (self.poli, self.dokter, payer):
            with (
                self.subTest(model=record._name),
                self._refused(record.name, "Archive it"),
                self.env.cr.savepoint(),
            ):
                record.with_user(self.admin).unlink()
            record.with_user(self.admin).action_archive()
            self._keeps_showing(antrean, words)

    def test_a_room_that_nobody_was_in_is_deleted_with_its_hours(self):
        hours = self.poli.jadwal_ids
        self.poli.with_user(self.admin).unlink()
        self.assertFalse(hours.exists())


@tagged("post_install", "-at_install")
class TestHuruf(AntreanCase):
    """Two rooms in use never call two patients alike."""

    def _refused(self, *words):
        return self.assertRaisesRegex(ValidationError, ".*".join(words))

    def test_a_letter_is_that_of_one_room_as_it_is_heard(self):
        for kode in ("A", "a", " A ", "A-", "a."):
            with self.subTest(kode=kode):
                with self._refused("Poli Umum", "queue letter A"), self.env.cr.savepoint():
                    self._ruangan("Poli Lain", kode)
                with self._refused("B is free"), self.env.cr.savepoint():
                    self.apotek.with_user(self.admin).kode_antrean = kode
        with self._refused("Poli"), self.env.cr.savepoint():
            self.poli.copy()
        with self._refused("Baru"), self.env.cr.savepoint():
            (self._ruangan("Baru 1", "X") + self._ruangan("Baru 2", "Y")).kode_antrean = "Z"

    def test_archived_rooms_keep_theirs_until_they_come_back(self):
        self.poli.active = False
        new = self._ruangan("Poli Baru", "A")
        with self._refused("Poli Baru"), self.env.cr.savepoint():
            self.poli.action_unarchive()
        new.kode_antrean = "B"
        self.poli.action_unarchive()
        self.assertTrue(self.poli.active)

    def test_another_company_has_letters_of_its_own(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self.assertTrue(self._ruangan("Poli Umum", "A", company_id=other.id))

    def test_a_new_room_proposes_a_free_letter(self):
        self._ruangan("Lama", "b").active = False
        form = Form(self.env["antrean.ruangan"].with_user(self.admin))
        self.assertEqual(form.kode_antrean, "C")
        rooms = self.env["antrean.ruangan"].create([{"name": f"Poli {n}"} for n in range(3)])
        self.assertEqual(rooms.mapped("kode_antrean"), ["C", "D", "E"])
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        there = self.env["antrean.ruangan"].create({"name": "Poli", "company_id": other.id})
        self.assertEqual(there.kode_antrean, "A")

    def test_there_is_always_one_more(self):
        rooms = self.env["antrean.ruangan"].create([{"name": f"Poli {n}"} for n in range(30)])
        self.assertEqual(len(set(rooms.mapped("kode_antrean")) | {"A", "R"}), 32)
