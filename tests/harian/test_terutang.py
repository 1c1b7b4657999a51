from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ..common import A, P
from .test_harian import HarianCase


@tagged("post_install", "-at_install")
class TestTerutang(HarianCase):
    def _owed(self, user=None):
        entries = self.env["antrean.antrean"].with_user(user or self.petugas)
        return entries.search([("terutang", "=", True)])

    def _refused(self, member=1, message="Zeta"):
        """Return an entry that PCare refuses."""
        self.simulator.fault(PCARE, "say", code=412, message=message, methods=["POST"])
        entry = self._daftarkan(self._pasien(member))
        self._run_engine()
        self.assertEqual(self._statuses(entry), ("gagal", "ok"))
        return entry

    def test_what_waits_today_is_not_owed_yet(self):
        self._refused()
        self.assertFalse(self._owed())

    def test_accepted_although_bpjs_does_not_have_it(self):
        entry = self._refused()
        entry.with_user(self.petugas)._accept_despite_bpjs("Gangguan")
        self.assertEqual(self._owed(), entry)
        self.assertEqual(entry.terutang_jawaban, "Zeta")
        self.assertEqual(entry.terutang_pelaku, "Staff")
        self.assertEqual(entry.terutang_terima, f"{self.petugas.name}: Gangguan")
        told = self._press(entry, "action_susulkan", self.petugas)["params"]
        self.assertEqual(told["type"], "success")
        self.assertFalse(self._owed(), "it empties by itself")
        self.assertTrue(entry.nomor_antrean_pcare)

    def test_antrean_fktp_is_owed_until_the_day_is_over(self):
        self.simulator.fault(ANTREAN, "say", code=201, message="Zeta", methods=["POST"])
        entry = self._daftarkan(self._pasien(1))
        self._run_engine()
        entry.with_user(self.petugas)._accept_despite_bpjs("Gangguan")
        self.assertEqual(self._owed(), entry)
        self.assertEqual(entry.terutang_sampai, self.today)
        self._move_to_yesterday(entry)
        self.assertFalse(self._owed())

    def test_all_of_past_days_that_pcare_does_not_have(self):
        waiting, accepted, cancelled = (self._refused(number) for number in (1, 2, 3))
        other = self._daftarkan(self._pasien(4), penjamin_id=self.umum.id)
        fine = self._registered_entries(5)
        accepted.with_user(self.petugas)._accept_despite_bpjs("Gangguan")
        self._batalkan(cancelled)
        self._move_to_yesterday(waiting | accepted | cancelled | other | fine)
        self.assertEqual(self._owed(), waiting | accepted)
        self.assertIn("Never accepted here", waiting.terutang_sebab)
        self.assertEqual(accepted.terutang_sampai, accepted.tanggal + timedelta(days=30))
        self.faskes.terutang_hari = 1
        self.assertEqual(self._owed(), waiting | accepted)
        self._move_to_yesterday(waiting)
        self.assertEqual(self._owed(), accepted)

    def test_the_list_says_the_same_as_the_search(self):
        owed = self._refused(1)
        self._move_to_yesterday(owed)
        entries = owed | self._refused(2)
        self.assertEqual(entries.filtered("terutang"), self._owed())
        not_owed = self.env["antrean.antrean"].search(
            [("terutang", "=", False), ("id", "in", entries.ids)]
        )
        self.assertEqual(not_owed, entries - owed)

    def test_an_earlier_day_is_sent_only_when_somebody_says_so(self):
        entry = self._refused()
        self._move_to_yesterday(entry)
        posts = self._posts()
        self._run_engine()
        self.assertEqual(self._posts(), posts)
        self.simulator.fault(PCARE, "say", code=412, message="Tanggal lewat", methods=["POST"])
        told = self._press(entry, "action_susulkan", self.petugas)["params"]
        self.assertEqual((told["title"], told["message"]), ("ANSWER FROM BPJS:", "Tanggal lewat"))
        self.assertEqual(entry.terutang_jawaban, "Tanggal lewat")
        adds = self._posts(ANTREAN, "/antrean/add")
        self._press(entry, "action_susulkan", self.petugas)
        self.assertEqual(self._job(entry, P).state, "success")
        [row] = self.simulator.book()["pendaftaran"]
        self.assertEqual(row["tanggal"], str(entry.tanggal))
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), adds, "nobody waits any more")
        self.assertFalse(self._owed())

    def test_a_lost_answer_doubles_nothing(self):
        entry = self._refused()
        self._move_to_yesterday(entry)
        self.simulator.fault(PCARE, "drop_after", methods=["POST"])
        self._press(entry, "action_susulkan", self.petugas)
        self._run_engine()
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])

    def test_who_bpjs_is_not_told_of_is_not_sent(self):
        entry = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        with self.assertRaisesRegex(UserError, entry.nomor_antrean):
            self._press(entry, "action_susulkan", self.petugas)
        self.assertFalse(self._job(entry, A))

    def test_one_activity_a_day_while_something_is_owed(self):
        entry = self._refused()
        self._move_to_yesterday(entry)
        self.faskes.terutang_user_id, self.petugas.lang = self.petugas, "en_US"
        with self._at(4):
            self.faskes._remind_of_terutang()
            self.assertFalse(self.faskes._reminders(), "not in the night")
        with self._at(8):
            self.faskes._remind_of_terutang()
            self.faskes._remind_of_terutang()
        [activity] = self.faskes._reminders()
        self.assertEqual((activity.user_id, activity.date_deadline), (self.petugas, self.today))
        self.assertIn("does not have: 1", activity.note)
        self.assertNotIn(entry.pasien_id.name, activity.note)
        self.faskes._reminders().action_feedback()
        with self._at(9):
            self.faskes._remind_of_terutang()
            self.assertFalse(self.faskes._reminders(), "once a day")
        self.faskes.terutang_diingatkan_on = self.today - timedelta(days=1)
        with self._at(9):
            self.faskes._remind_of_terutang()
            self.assertTrue(self.faskes._reminders())
            self._job(entry, P).state = "success"
            self.faskes._remind_of_terutang()
            self.assertFalse(self.faskes._reminders())

    def test_without_a_responsible_person_the_administrators_are_reminded(self):
        self._move_to_yesterday(self._refused())
        with self._at(8):
            self.faskes._remind_of_terutang()
        self.assertIn(self.admin, self.faskes._reminders().user_id)

    def test_no_query_more_for_each_visit(self):
        names = ("terutang_sebab", "terutang_jawaban", "terutang_pelaku", "terutang_sampai")
        spec = {name: {} for name in (*names, "terutang_terima", "bpjs_badges")}
        counts = []
        for members in (range(1, 3), range(3, 23)):
            for member in members:
                self._refused(member).with_user(self.petugas)._accept_despite_bpjs("Gangguan")
            owed = self._owed()
            self.assertEqual(len(owed), members.stop - 1)
            counts.append(self._queries_of(owed.web_read, spec))
        self.assertLessEqual(counts[1], counts[0])
