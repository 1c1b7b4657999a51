from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from ...models.antrean.antrean_papan import ORDER
from ..common import AntreanCase

TODAY = [("hari_ini", "=", True)]


@tagged("post_install", "-at_install")
class TestPapan(AntreanCase):
    """What stands above the board, and in which order its cards do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["antrean.antrean"].with_user(cls.petugas)

    def _waiting(self, nomor, minutes=0, **vals):
        antrean = self._daftarkan(self._pasien(nomor), **vals)
        antrean.menunggu_at = fields.Datetime.now() - timedelta(minutes=minutes)
        return antrean

    def _papan(self, **kwargs):
        return self.board.get_papan(TODAY, **kwargs)

    def _counters(self, **kwargs):
        return {counter["filter"]: counter for counter in self._papan(**kwargs)["counters"]}

    def test_rooms_tell_how_many_wait(self):
        self._waiting(1)
        self._waiting(2).action_panggil()
        self._waiting(3, ruangan=self.apotek)
        self._waiting(4, ruangan=self.apotek)
        rooms = self._papan()["ruangan"]
        self.assertEqual(
            rooms,
            [
                {"id": self.poli.id, "name": "Poli Umum", "menunggu": 1},
                {"id": self.apotek.id, "name": "Apotek", "menunggu": 2},
            ],
        )

    def test_rooms_of_several_clinics_name_theirs(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self.env["antrean.ruangan"].create({"name": "Poli Umum", "company_id": other.id})
        self.petugas.company_ids += other
        board = self.board.with_context(allowed_company_ids=(self.company + other).ids)
        names = {room["name"] for room in board.get_papan(TODAY)["ruangan"]}
        self.assertLessEqual({"Poli Umum · Klinik Uji", "Poli Umum · Klinik Lain"}, names)

    def test_the_next_of_each_room_is_who_has_priority(self):
        self._waiting(1)
        first = self._waiting(2, prioritas="lansia")
        self._waiting(3, prioritas="hamil")
        other = self._waiting(4, ruangan=self.apotek)
        self.assertEqual(self._papan()["berikutnya"], [first.id, other.id])
        first.with_user(self.petugas).action_panggil()
        self.assertNotIn(first.id, self._papan()["berikutnya"])

    def test_cards_stand_room_by_room_priority_first_then_by_number(self):
        one, two = self._waiting(1), self._waiting(2)
        other = self._waiting(3, ruangan=self.apotek)
        late = self._waiting(4, prioritas="difabel")
        self.assertEqual(self.board.search(TODAY, order=ORDER), late + one + two + other)

    def test_counters_of_all_rooms_and_of_one(self):
        self._waiting(1, minutes=5)
        longest = self._waiting(2, minutes=95, ruangan=self.apotek)
        counters = self._counters()
        self.assertEqual(counters["menunggu"]["count"], 2)
        since = fields.Datetime.to_datetime(counters["menunggu_lama"]["since"])
        self.assertEqual(since, longest.menunggu_at)
        self.assertEqual(counters["menunggu_lama"]["company_id"], self.company.id)
        self.assertEqual(self._counters(ruangan_id=self.poli.id)["menunggu"]["count"], 1)

    def test_what_failed_is_counted_and_its_filter_shows_it(self):
        self.assertNotIn("gagal", self._counters())
        failed, _fine = self._waiting(1), self._waiting(2)
        failed.job_ids[:1]._finish("failed", outcome="rejected", message="Pasien tidak aktif")
        self.assertEqual(self._counters()["gagal"]["count"], 1)
        self.assertNotIn("gagal", self._counters(ruangan_id=self.apotek.id))

    def test_each_counter_has_a_filter(self):
        self._waiting(1, minutes=95).job_ids[:1]._finish("failed", outcome="rejected")
        search = self.board.get_view(self.env.ref("antrean_bpjs.antrean_view_search").id, "search")
        for name in self._counters():
            self.assertIn(f'name="{name}"', search["arch"])

    def test_who_waits_long_by_the_clinic_s_own_limit(self):
        self.company.antrean_menunggu_lama = 20
        brief, long = self._waiting(1, minutes=19), self._waiting(2, minutes=21)
        called = self._waiting(3, minutes=50)
        called.with_user(self.petugas).action_panggil()
        self.assertEqual(
            [entry.menunggu_lama for entry in (brief, long, called)], [False, True, False]
        )
        found = self.board.search(Domain(TODAY) & Domain("menunggu_lama", "=", True))
        self.assertEqual(found, long)
        others = self.board.search(Domain(TODAY) & Domain("menunggu_lama", "=", False))
        self.assertEqual(others, brief + called)

    def test_limits_are_those_of_the_facility(self):
        faskes = self.env["bpjs.faskes"].create(
            {"company_id": self.company.id, **dict.fromkeys(("cons_id", "secret"), "x")}
        )
        faskes.write(dict.fromkeys(("username", "password"), "x"))
        with Form(faskes.with_user(self.admin)) as form:
            form.antrean_menunggu_lama = 10
            form.antrean_menunggu_terlalu_lama = 25
        self.assertEqual(self._papan()["batas"], {self.company.id: [10, 25]})

    def test_limits_that_cannot_be(self):
        for long, too_long in ((0, 60), (30, 30), (60, 30)):
            with self.assertRaises(ValidationError):
                self.company.write(
                    {"antrean_menunggu_lama": long, "antrean_menunggu_terlalu_lama": too_long}
                )

    def test_the_next_day_begins_at_the_facility_s_midnight(self):
        with freeze_time("2026-03-02 16:59:00"):  # UTC; at the clinic 23:59
            self.assertEqual(self._papan()["midnight"], "2026-03-02 17:00:00")
            self.company.antrean_tz = "Asia/Jayapura"  # 01:59
            self.assertEqual(self._papan()["midnight"], "2026-03-03 15:00:00")

    def test_yesterday(self):
        antrean = self._waiting(1)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            antrean.invalidate_recordset()
            self.assertEqual((antrean.hari_ini, antrean.kemarin), (False, True))
            found = self.board.search([("kemarin", "=", True), ("id", "in", antrean.ids)])
            self.assertEqual(found, antrean)

    def test_columns_of_what_is_over_are_folded(self):
        self._waiting(1)
        done = self._waiting(2).with_user(self.petugas)
        done._terima()
        done.action_selesai()
        result = self.board.with_context(read_group_expand=True).web_read_group(
            TODAY, ["state"], auto_unfold=True, unfold_read_specification={"nomor_antrean": {}}
        )
        shown = {group["state"]: "__records" in group for group in result["groups"]}
        self.assertEqual(
            shown, {"menunggu": True, "dipanggil": True, "diterima": True, "selesai": False}
        )

    def test_queries_do_not_grow_with_the_entries(self):
        self._waiting(1)
        self._queries_of(self._papan)  # warms caches
        few = self._queries_of(self._papan)
        for nomor in range(2, 40):
            self._waiting(nomor, ruangan=self.apotek if nomor % 2 else self.poli)
        self.assertEqual(self._queries_of(self._papan), few)

    def test_a_wait_begins_at_the_registration(self):
        now = datetime(2026, 3, 2, 2, 15)
        with freeze_time(now):
            self.assertEqual(self._daftarkan(self._pasien(1)).menunggu_at, now)

    def test_priority_is_open_to_staff_what_sorts_by_it_is_not(self):
        antrean = self._waiting(1).with_user(self.petugas)
        antrean.prioritas = "hamil"
        self.assertTrue(antrean.is_prioritas)
        antrean.prioritas = False
        self.assertFalse(antrean.is_prioritas)
        with self.assertRaises(AccessError):
            antrean.menunggu_at = "2020-01-01 00:00:00"

    def test_staff_do_not_reach_by_address_what_the_menu_keeps_from_them(self):
        menu = self.env.ref("antrean_bpjs.menu_antrean_konfigurasi")
        actions = [child.action for child in menu.child_id if child.action]
        windows = [action for action in actions if action._name == "ir.actions.act_window"]
        self.assertGreater(len(windows), 5)
        for action in windows:
            with self.assertRaises(AccessError, msg=action.name):
                action.with_user(self.petugas).sudo()._get_action_dict()
            self.assertEqual(
                action.with_user(self.admin).sudo()._get_action_dict()["id"], action.id
            )


@tagged("post_install", "-at_install")
class TestTeruskan(AntreanCase):
    """Sending a patient on to another room."""

    def _accepted(self, **vals):
        antrean = self._daftarkan(self._pasien(1), **vals).with_user(self.petugas)
        antrean._terima()
        return antrean

    def _teruskan(self, antrean, ruangan):
        action = antrean.action_teruskan()
        wizard = self.env[action["res_model"]].with_user(self.petugas)
        with Form(wizard.with_context(**action["context"])) as form:
            form.ruangan_id = ruangan
        return form.save().action_teruskan()

    def test_a_new_number_with_the_link_to_the_first(self):
        first = self._accepted(prioritas="hamil", keluhan="Pusing")
        told = self._teruskan(first, self.apotek)
        entry = first.lanjutan_ids
        self.assertEqual(entry.asal_id, first)
        self.assertEqual((entry.ruangan_id, entry.nomor_antrean), (self.apotek, "R-1"))
        self.assertEqual(entry.pasien_id, first.pasien_id)
        self.assertEqual(entry.penjamin_id, first.penjamin_id)
        self.assertEqual((entry.prioritas, entry.keluhan), ("hamil", "Pusing"))
        self.assertEqual((entry.state, first.state), ("menunggu", "diterima"))
        self.assertEqual(told["params"]["title"], "R-1 · Apotek")
        self.assertFalse(entry.job_ids, "BPJS is not told of a pharmacy")

    def test_who_is_in_that_room_already_is_asked_about(self):
        first = self._accepted()
        self._teruskan(first, self.apotek)
        wizard = self.env["antrean.teruskan"].with_user(self.petugas)
        wizard = wizard.new({"antrean_id": first.id, "ruangan_id": self.apotek.id})
        self.assertIn("R-1", wizard.sudah_antre)
        wizard.ruangan_id = self._ruangan("Laboratorium", "L", jenis_kunjungan="laboratorium")
        self.assertFalse(wizard.sudah_antre)

    def test_another_poli_is_reported_as_its_own_visit(self):
        gigi = self._ruangan("Poli Gigi", "B", kd_poli_pcare="002", kd_poli_antrean="002")
        first = self._accepted()
        self._teruskan(first, gigi)
        self.assertEqual(len(first.lanjutan_ids.job_ids), 2)

    def test_a_finished_visit_is_sent_on_as_well(self):
        first = self._accepted()
        first.action_selesai()
        self._teruskan(first, self.apotek)
        self.assertEqual(first.lanjutan_ids.ruangan_id, self.apotek)

    def test_who_was_not_accepted_is_not_sent_on(self):
        waiting = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        with self.assertRaises(UserError):
            waiting.action_teruskan()
        with self.assertRaises(UserError):
            waiting._teruskan(self.apotek)

    def test_nobody_invents_where_an_entry_came_from(self):
        first = self._accepted()
        with self.assertRaises(AccessError):
            self._daftarkan(self._pasien(2), ruangan=self.apotek, asal_id=first.id)
