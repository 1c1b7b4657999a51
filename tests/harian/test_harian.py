from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...bpjs import pcare
from ...bpjs.daftar import Terdaftar
from ...bpjs.pcare import PCARE
from ...models.harian import bpjs_harian_cari
from ...models.harian.selisih import (
    BATAL,
    GANDA,
    LAIN,
    NOMOR,
    SANA,
    SINI,
    Milik,
    compare,
    settled,
)
from ..common import EngineCase, P

LIST = f"{PCARE} GET /pendaftaran/tglDaftar/{{tanggal}}/{{start}}/{{limit}}"
BATAL_P = "batal_pendaftaran_pcare"
MEMBERS = [*range(1, 61), *range(501, 701)]  # of the simulator, who meet no trouble


class HarianCase(EngineCase):
    """The clinic with a second poli, whose days are compared with a PCare that runs for real."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.today = cls.company._antrean_today()
        cls.gigi = cls._ruangan("Poli Gigi", "G", kd_poli_pcare="002", kd_poli_antrean="002")
        others = cls.env["bpjs.layanan"].search([("company_id", "!=", cls.company.id)])
        others.down_since = fields.Datetime.now()
        cls.manajemen = cls._user("manajemen", cls.company)

    def _compare(self, day=None):
        """Have a day compared as the scheduled action does."""
        harian = self.env["bpjs.harian"]._of(self.company, [day or self.today])
        harian._ask()
        with self.enter_registry_test_mode():
            self.env.ref("antrean_bpjs.ir_cron_harian").method_direct_trigger()
        self.env.invalidate_all()
        return harian

    def _kinds(self, harian):
        """Return {kind: how many lines}."""
        lines = harian.baris_ids
        return {jenis: len(found) for jenis, found in lines.grouped("jenis").items()}

    def _registered_entries(self, *members, **vals):
        entries = [self._daftarkan(self._pasien(member), **vals) for member in members]
        self._run_engine()
        self.assertEqual({entry.status_pendaftaran_pcare for entry in entries}, {"ok"})
        return self.env["antrean.antrean"].concat(*entries)

    def _delete_at_pcare(self, entry):
        """Have somebody delete a registration in PCare itself."""
        request = pcare.pendaftaran_delete(
            entry.pasien_id.no_kartu_bpjs,
            entry.tanggal,
            entry.nomor_antrean_pcare,
            entry.ruangan_id.kd_poli_pcare,
        )
        self.layanan_pcare._client().send_within(5, request)

    def _press(self, baris, action, user=None):
        """Press a button as somebody does, in the transactions of this test."""
        context = {**self.env.context, "lang": "en_US"}
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=user or self.admin, context=context)
            result = getattr(baris.with_env(env), action)()
        self.env.invalidate_all()
        return result

    def _move_to_yesterday(self, entries):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE antrean_antrean SET tanggal = tanggal - 1 WHERE id = ANY(%s)", (entries.ids,)
        )
        self.env.cr.execute(
            "UPDATE bpjs_job SET create_date = create_date - interval '1 day'"
            " WHERE antrean_id = ANY(%s)",
            (entries.ids,),
        )
        self.env.invalidate_all()

    def _at(self, hour):
        """Let it be that hour of today at the clinic."""
        here = datetime.combine(self.today, datetime.min.time()).replace(hour=hour)
        return patch.object(fields.Datetime, "now", staticmethod(lambda: here - timedelta(hours=7)))


@tagged("post_install", "-at_install")
class TestPerbandingan(HarianCase):
    def test_three_hundred_registrations_and_twenty_of_each_difference(self):
        """The list comes in pages of 15 though 100 are asked for, and people go on working."""
        self.members = iter(MEMBERS)
        same, twice, renumbered, cancelled, deleted = map(self._take, (60, 20, 20, 20, 10))
        self._register_all([same, twice, renumbered, cancelled, deleted], [same, twice])
        self._double(twice)
        for patient in renumbered:
            self._entry(patient).nomor_antrean_pcare = f"Z{patient.id}"
        self._cancel_in_vain(cancelled)
        for patient in deleted:
            self._delete_at_pcare(self._entry(patient))
        waiting, elsewhere = self._take(10), self._take(20)
        for patient in waiting | elsewhere:
            self._daftarkan(patient)
        for patient in elsewhere:
            self.simulator.type_in(patient.no_kartu_bpjs, self.today, kd_poli="002")
        strangers = [f"{1000000000 + next(self.members):013d}" for _ in range(20)]
        for no_kartu in strangers[:15]:
            self.simulator.type_in(no_kartu, self.today)
        late = self._take(3)
        with self._meanwhile(strangers[15:], late, leaving=same[:2]):
            harian = self._compare()
        self.assertEqual((harian.state, harian.message), ("selesai", False))
        lines = harian.baris_ids.grouped("jenis")
        self.assertEqual(
            self._kinds(harian), {SINI: 20, SANA: 20, BATAL: 20, NOMOR: 20, GANDA: 20, LAIN: 20}
        )
        self.assertEqual(set(lines[SINI].pasien_id), set(deleted | waiting))
        self.assertEqual(set(lines[SANA].sudo().mapped("no_kartu")), set(strangers))
        self.assertEqual(set(lines[BATAL].pasien_id), set(cancelled))
        self.assertEqual(set(lines[NOMOR].pasien_id), set(renumbered))
        self.assertEqual(set(lines[GANDA].pasien_id), set(twice))
        self.assertEqual(set(lines[LAIN].pasien_id), set(elsewhere))
        self.assertEqual(harian.jumlah_sama, 58 + 20 + 60 + 20)
        self.assertEqual(harian.jumlah_beda, 120)
        self.assertGreaterEqual(self.simulator.book()["calls"][LIST], 19)
        self.assertEqual(harian.dibaca, harian.jumlah)

    def _take(self, count):
        """Return so many patients who have no visit yet."""
        return self.env["res.partner"].concat(
            *(self._pasien(next(self.members)) for _ in range(count))
        )

    def _entry(self, patient):
        return self.env["antrean.antrean"].search(
            [("pasien_id", "=", patient.id), ("ruangan_id", "=", self.poli.id)]
        )

    def _register_all(self, in_umum, in_gigi):
        with patch.object(type(self.env["bpjs.engine"]), "_wake", lambda self: None):
            for room, patients in ((self.poli, in_umum), (self.gigi, in_gigi)):
                for patient in self.env["res.partner"].concat(*patients):
                    self._daftarkan(patient, room)
        entries = self.env["antrean.antrean"].search([("company_id", "=", self.company.id)])
        while "processing" in entries.mapped("status_pendaftaran_pcare"):
            self._run_engine()
        self.assertEqual(set(entries.mapped("status_pendaftaran_pcare")), {"ok"})

    def _double(self, patients):
        self.simulator.settings(detect_duplicates=False)
        for patient in patients:
            self.simulator.type_in(patient.no_kartu_bpjs, self.today)
        self.simulator.settings(detect_duplicates=True)

    def _cancel_in_vain(self, patients):
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", times=None, methods=["DELETE"])
        for patient in patients:
            self._batalkan(self._entry(patient))
        self._run_engine()
        self.simulator._control("DELETE", "faults")

    @contextmanager
    def _meanwhile(self, strangers, late, leaving):
        """Let others type into PCare, register here and cancel while the list is read."""
        self.simulator.settings(page_size=15, latency_ms=60)
        note, happened = bpjs_harian_cari.BpjsHarian._note_progress, []

        def meanwhile(harian, in_flight):
            if in_flight and not happened:
                happened.append(True)
                for no_kartu in strangers:
                    self.simulator.type_in(no_kartu, self.today)
                for patient in late:
                    self._daftarkan(patient)
                for patient in leaving:
                    self._batalkan(self._entry(patient))
                self.env.flush_all()
            note(harian, in_flight)

        with (
            patch.object(bpjs_harian_cari.BpjsHarian, "_note_progress", meanwhile),
            patch.object(bpjs_harian_cari, "PROGRESS_SECONDS", 0.3),
        ):
            yield
        self.assertTrue(happened)

    def test_a_day_on_which_nothing_differs(self):
        self._registered_entries(1, 2)
        self._daftarkan(self._pasien(3), self.apotek)
        self._daftarkan(self._pasien(4), penjamin_id=self.umum.id)
        harian = self._compare()
        self.assertEqual((harian.state, harian.jumlah_sama, harian.jumlah_beda), ("selesai", 2, 0))

    def test_who_has_booked_is_not_due_at_pcare_before_being_here(self):
        booked, typed = (self._daftarkan(self._pasien(number)) for number in (1, 2))
        (booked | typed).sudo().sumber = "mobile_jkn"
        (self._job(booked, P) | self._job(typed, P)).unlink()
        self.simulator.type_in(typed.pasien_id.no_kartu_bpjs, self.today, no_urut="A7")
        [baris] = self._compare().baris_ids
        self.assertEqual((baris.jenis, baris.antrean_id), (NOMOR, typed))

    def test_an_outage_ends_it_with_what_was_found_so_far(self):
        entries = self._registered_entries(*range(1, 21))
        entries[0].nomor_antrean_pcare = "Z1"
        self._daftarkan(self._pasien(30))
        self.simulator.settings(page_size=15)
        self.simulator.fault(PCARE, "html_502", times=None, path="/pendaftaran/*/15/*")
        harian = self._compare()
        self.assertEqual(harian.state, "terputus")
        self.assertIn("15 of 20 rows", harian.message)
        self.assertEqual(self._kinds(harian), {NOMOR: 1}, "what is only here cannot be told")
        self.assertEqual(harian.jumlah_sama, 14)
        self.simulator._control("DELETE", "faults")
        self.layanan_pcare.down_since = False
        harian = self._compare()
        self.assertEqual((harian.state, harian.message), ("selesai", False))
        self.assertEqual(self._kinds(harian), {NOMOR: 1, SINI: 1})

    def test_a_service_that_is_down_is_not_asked(self):
        self.layanan_pcare.write(
            {"down_since": fields.Datetime.now(), "down_message": "Zeta", "down_kind": "outage"}
        )
        harian = self._compare()
        self.assertEqual((harian.state, harian.message), ("terputus", "Zeta"))
        self.assertNotIn(LIST, self.simulator.book()["calls"])

    def test_a_row_that_cannot_be_read_leaves_it_incomplete(self):
        self._registered_entries(1)
        self.simulator.type_in("0001000000040", self.today, nulls=["peserta"])
        self._daftarkan(self._pasien(2))
        harian = self._compare()
        self.assertEqual(harian.state, "terputus")
        self.assertIn("a row without card", harian.message)
        self.assertEqual((self._kinds(harian), harian.jumlah_sama), ({}, 1))

    def test_nothing_is_written_to_bpjs(self):
        self._registered_entries(1)
        self._daftarkan(self._pasien(2))
        self.simulator.type_in("0001000000040", self.today)
        before = self.simulator.book()
        self._compare()
        after = self.simulator.book()
        self.assertEqual(before["pendaftaran"], after["pendaftaran"])
        new = {call for call, count in after["calls"].items() if count != before["calls"].get(call)}
        self.assertEqual(new, {LIST})

    def _cancelled_but_alive(self, member=1):
        entry = self._registered_entries(member)
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["DELETE"])
        self._batalkan(entry)
        self._run_engine()
        self.assertEqual(entry.status_batal, "gagal")
        return entry

    def test_a_setting_takes_back_what_was_cancelled_here(self):
        entry = self._cancelled_but_alive()
        self.faskes.tarik_otomatis = True
        harian = self._compare()
        self.assertEqual(self._kinds(harian), {BATAL: 1})
        self.assertIn("asked to take A1 back", harian.baris_ids.catatan)
        self._run_engine()
        self.assertEqual((self._registered(entry), entry.status_batal), ([], "ok"))
        self.assertEqual(self._compare().jumlah_beda, 0)

    # Buttons

    def test_take_back_what_was_cancelled_here(self):
        entry = self._cancelled_but_alive()
        [baris] = self._compare().baris_ids
        self.assertIn("Cancelled here, but PCare still has it as A1", baris.arti)
        self._press(baris, "action_tarik")
        self._run_engine()
        self.assertEqual((self._registered(entry), entry.status_batal), ([], "ok"))
        with self.assertRaisesRegex(UserError, "dealt with already"):
            self._press(baris, "action_tarik")

    def test_take_back_what_was_cancelled_here_and_never_sent_from_here(self):
        entry = self._daftarkan(self._pasien(1))
        self._batalkan(entry)
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, no_urut="A7")
        [baris] = self._compare().baris_ids
        self.assertEqual((baris.jenis, baris.nomor_di_bpjs), (BATAL, "A7"))
        self._press(baris, "action_tarik")
        self._run_engine()
        self.assertEqual(self._registered(entry), [])

    def test_adopt_the_number(self):
        known = self._registered_entries(1)
        known.nomor_antrean_pcare = "A99"
        unknown = self._daftarkan(self._pasien(2))
        self.simulator.type_in(unknown.pasien_id.no_kartu_bpjs, self.today, no_urut="A50")
        harian = self._compare()
        self.assertEqual(self._kinds(harian), {NOMOR: 2})
        for baris in harian.baris_ids:
            self._press(baris, "action_pakai_nomor")
        self.assertEqual(known.nomor_antrean_pcare, "A1")
        self.assertEqual(unknown.nomor_antrean_pcare, "A50")
        self.assertEqual(unknown.status_pendaftaran_pcare, "ok")
        self.assertEqual(self._posts(), 1, "nothing was sent")
        self.assertEqual((self._compare().jumlah_beda, harian.jumlah_sama), (0, 2))
        self._batalkan(unknown)
        self._run_engine()
        self.assertEqual(self._registered(unknown), [], "what was adopted can be taken back")

    def test_register_what_pcare_lost(self):
        entry = self._registered_entries(1)
        self._delete_at_pcare(entry)
        [baris] = self._compare().baris_ids
        self.assertIn("does not have it any more", baris.arti)
        told = self._press(baris, "action_daftarkan")["params"]
        self.assertEqual(told["type"], "success")
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])
        self.assertEqual(self._compare().jumlah_beda, 0)

    def test_what_bpjs_answers_to_a_late_date_is_shown(self):
        entry = self._registered_entries(1)
        self._delete_at_pcare(entry)
        self._move_to_yesterday(entry)
        [baris] = self._compare(entry.tanggal).baris_ids
        self._run_engine()
        self.assertEqual(self._posts(), 1, "nothing of yesterday goes by itself")
        self.simulator.fault(PCARE, "say", code=412, message="Tanggal sudah lewat")
        told = self._press(baris, "action_daftarkan")["params"]
        self.assertEqual((told["type"], told["message"]), ("danger", "Tanggal sudah lewat"))
        self.assertEqual(told["title"], "ANSWER FROM BPJS:")
        self.assertFalse(baris.ditangani_at)

    def test_take_back_what_is_there_twice_but_never_ours(self):
        entry = self._registered_entries(1)
        self.simulator.settings(detect_duplicates=False)
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today)
        [baris] = self._compare().baris_ids
        self.assertEqual((baris.jenis, baris.nomor_di_bpjs), (GANDA, "A2"))
        entry.nomor_antrean_pcare = "A2"  # somebody has decided otherwise meanwhile
        with self.assertRaisesRegex(UserError, "holds this registration"):
            self._press(baris, "action_tarik")
        entry.nomor_antrean_pcare = "A1"
        self.simulator.fault(PCARE, "drop_after", methods=["DELETE"])
        told = self._press(baris, "action_tarik")["params"]
        self.assertEqual(told["type"], "success", "looked up after a lost answer")
        self.assertEqual(self._registered(entry), ["A1"])
        self.assertIn("A2", baris.harian_id.message_ids[0].body)

    def test_what_is_served_there_is_not_taken_back(self):
        self.simulator.type_in("0001000000040", self.today)
        self.simulator._control("POST", "layani", no_kartu="0001000000040", tanggal=str(self.today))
        [baris] = self._compare().baris_ids
        told = self._press(baris, "action_tarik")["params"]
        self.assertEqual(told["type"], "danger")
        self.assertIn("sudah dilayani", told["message"])
        self.assertFalse(baris.ditangani_at)

    def test_register_here_what_only_pcare_has(self):
        patient = self._pasien(40)
        self.simulator.type_in(patient.no_kartu_bpjs, self.today)
        [baris] = self._compare().baris_ids
        action = self._press(baris, "action_daftarkan")
        self.assertEqual(
            (action["res_model"], action["context"]["default_pasien_id"]),
            ("antrean.antrean", patient.id),
        )
        self.assertFalse(self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)]))

    def test_after_a_backup_an_entry_of_an_earlier_day_is_entered_as_pcare_has_it(self):
        yesterday = self.today - timedelta(days=1)
        patient = self._pasien(40)
        self.simulator.type_in(patient.no_kartu_bpjs, yesterday, no_urut="A12")
        self.simulator.type_in("0001000000041", yesterday)
        known, unknown = self._compare(yesterday).baris_ids.sorted("nomor_di_bpjs")
        self._press(known, "action_daftarkan")
        entry = self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)])
        self.assertEqual(
            (entry.tanggal, entry.state, entry.nomor_antrean_pcare, entry.job_ids.ids),
            (yesterday, "selesai", "A12", []),
        )
        with self.assertRaisesRegex(UserError, "…0041"):
            self._press(unknown, "action_daftarkan")
        self.assertEqual(self._kinds(self._compare(yesterday)), {SANA: 1})

    def test_only_administrators_act(self):
        entry = self._registered_entries(1)
        entry.nomor_antrean_pcare = "A99"
        harian = self._compare()
        for user in (self.petugas, self.manajemen):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._press(harian.baris_ids, "action_pakai_nomor", user)
        with self.assertRaises(AccessError):
            harian.with_user(self.petugas).action_bandingkan()
        harian.with_user(self.manajemen).action_bandingkan()
        self.assertEqual(harian.state, "antre")
        with self.assertRaises(AccessError):
            harian.baris_ids.with_user(self.admin).read(["no_kartu"])
        with self.assertRaises(AccessError):
            harian.with_user(self.admin).write({"state": "selesai"})

    def test_an_entry_in_the_air_is_neither_adopted_nor_registered(self):
        entry = self._registered_entries(1)
        entry.nomor_antrean_pcare = "A99"
        [baris] = self._compare().baris_ids
        self._job(entry, P).state = "sending"
        with self.assertRaisesRegex(UserError, "being sent"):
            self._press(baris, "action_pakai_nomor")

    # When

    def test_it_is_due_in_the_evening_and_in_the_morning(self):
        yesterday = self.today - timedelta(days=1)
        for hour, days in ((3, []), (5, [yesterday]), (19, [yesterday]), (20, [self.today])):
            with self.subTest(hour=hour), self._at(hour):
                self.env["bpjs.harian"].search([]).unlink()
                if hour == 20:
                    self._as_compared(yesterday)
                self.env["bpjs.harian"]._ask_due()
                asked = self.env["bpjs.harian"].search(
                    [("company_id", "=", self.company.id), ("state", "=", "antre")]
                )
                self.assertEqual(asked.mapped("tanggal"), days)

    def _as_compared(self, day, **vals):
        return self.env["bpjs.harian"].create(
            {
                "company_id": self.company.id,
                "tanggal": day,
                "state": "selesai",
                "diperiksa_at": fields.Datetime.now(),
                **vals,
            }
        )

    def test_what_is_compared_is_not_compared_again_until_the_evening(self):
        yesterday = self.today - timedelta(days=1)
        with self._at(12):
            harian = self._as_compared(yesterday) | self._as_compared(self.today)
            self.env["bpjs.harian"]._ask_due()
            self.assertEqual(set(harian.mapped("state")), {"selesai"})
        with self._at(21):
            self.env["bpjs.harian"]._ask_due()
            self.assertEqual(harian.mapped("state"), ["selesai", "antre"])

    def test_days_after_a_restored_backup(self):
        wizard = self.env["bpjs.harian.rentang"].with_user(self.admin)
        first = self.today - timedelta(days=3)
        wizard.create({"dari": first, "sampai": self.today}).action_bandingkan()
        asked = self.env["bpjs.harian"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(asked), 4)
        for _day in asked:
            with self.enter_registry_test_mode():
                self.env.ref("antrean_bpjs.ir_cron_harian").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(asked.mapped("state")), {"selesai"})
        for dari, sampai in (
            (self.today, first),
            (self.today, self.today + timedelta(days=1)),
            (self.today - timedelta(days=80), self.today),
        ):
            with self.assertRaises(UserError):
                wizard.create({"dari": dari, "sampai": sampai}).action_bandingkan()

    def test_without_an_account_nothing_is_compared(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        harian = self.env["bpjs.harian"].create({"company_id": other.id, "tanggal": self.today})
        with self.assertRaisesRegex(UserError, "not set up for Klinik Lain"):
            harian._ask()

    def test_a_clinic_sees_its_own_days_only(self):
        harian = self._compare()
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        stranger = self._user("admin", other)
        theirs = harian.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([("id", "=", harian.id)]))
        with self.assertRaises(AccessError):
            theirs.action_bandingkan()

    def test_old_days_are_removed(self):
        self.faskes.attempt_months = 2
        old, recent = (self._as_compared(self.today - timedelta(days=days)) for days in (93, 40))
        self.env["bpjs.harian"]._gc_harian()
        self.assertEqual((old | recent).exists(), recent)

    def test_no_query_more_for_each_line(self):
        counts = []
        for members in (range(1, 3), range(3, 33)):
            entries = self._registered_entries(*members)
            for entry in entries:
                entry.nomor_antrean_pcare = f"Z{entry.id}"
            harian = self._compare()
            names = ["nama", "arti", "bisa_daftar", "bisa_tarik", "antrean_id"]
            spec = {"baris_ids": {"fields": {name: {} for name in names}}}
            counts.append(self._queries_of(harian.with_user(self.admin).web_read, spec))
        self.assertLessEqual(counts[1], counts[0] + 1)


@tagged("post_install", "-at_install")
class TestSummary(HarianCase):
    """The morning's message, and the day's reminder."""

    def _messages(self):
        return self.env["mail.message"].search(
            [("model", "=", "bpjs.harian"), ("message_type", "=", "user_notification")]
        )

    def _yesterday(self, **vals):
        return self.env["bpjs.harian"].create(
            {
                "company_id": self.company.id,
                "tanggal": self.today - timedelta(days=1),
                "state": "selesai",
                "diperiksa_at": fields.Datetime.now(),
                **vals,
            }
        )

    def test_only_where_there_is_something_to_do(self):
        with self._at(6):
            harian = self._yesterday()
            self.faskes._summarize_yesterday()
        self.assertTrue(harian.diringkas_at)
        self.assertFalse(self._messages())

    def test_one_message_without_names_and_numbers(self):
        patient = self._pasien(1)
        with self._at(6):
            harian = self._yesterday()
            self.env["bpjs.harian.baris"].create(
                {
                    "harian_id": harian.id,
                    "jenis": SANA,
                    "nama": patient.name,
                    "no_kartu": patient.no_kartu_bpjs,
                    "kartu": "…0001",
                }
            )
            self.faskes._summarize_yesterday()
            self.faskes._summarize_yesterday()
        [message] = self._messages()
        self.assertEqual(message.notified_partner_ids, self.admin.partner_id)
        self.assertIn("Only at PCare: 1", message.body)
        for secret in (patient.name, patient.no_kartu_bpjs, "0001"):
            self.assertNotIn(secret, message.body + message.subject)

    def test_a_day_that_cannot_be_compared_is_told_at_the_latest_at_nine(self):
        with self._at(8):
            self._yesterday(state="terputus", message="Zeta")
            self.faskes._summarize_yesterday()
            self.assertFalse(self._messages())
        with self._at(9):
            self.faskes._summarize_yesterday()
        self.assertIn("Zeta", self._messages().body)


@tagged("post_install", "-at_install")
class TestSelisih(HarianCase):
    """The comparison itself, which knows neither ORM nor BPJS."""

    @staticmethod
    def _milik(number, **vals):
        return Milik(
            **{
                "antrean_id": number,
                "no_kartu": str(number),
                "kd_poli": "001",
                "nomor": f"A{number}",
                "is_cancelled": False,
                "is_due": True,
                "is_in_the_air": False,
                "told": None,
                "has_other_doctor": False,
                "version": (),
                **vals,
            }
        )

    @staticmethod
    def _row(number, kd_poli="001", no_urut=None):
        return Terdaftar(str(number), kd_poli, no_urut or f"A{number}")

    def _found(self, entries, rows, is_whole=True):
        differences, agreed = compare(entries, rows, is_whole)
        return [
            (each.jenis, each.milik and each.milik.antrean_id, each.baris and each.baris.no_urut)
            for each in differences
        ], agreed

    def test_each_kind(self):
        milik, row = self._milik, self._row
        cases = {
            "agreed": ([milik(1)], [row(1)], []),
            "here": ([milik(1)], [], [(SINI, 1, None)]),
            "booked": ([milik(1, is_due=False)], [], []),
            "booked, another poli": (
                [milik(1, is_due=False)],
                [row(1, "002")],
                [(SANA, None, "A1")],
            ),
            "there": ([], [row(1)], [(SANA, None, "A1")]),
            "cancelled": ([milik(1, is_cancelled=True)], [row(1)], [(BATAL, 1, "A1")]),
            "cancelled, told of another": (
                [milik(1, is_cancelled=True, told=("9", "001"))],
                [row(9)],
                [(BATAL, 1, "A9")],
            ),
            "cancelled and registered anew": (
                [milik(1, is_cancelled=True), milik(2, no_kartu="1", nomor="A1")],
                [row(1)],
                [],
            ),
            "number": ([milik(1, nomor="B7")], [row(1)], [(NOMOR, 1, "A1")]),
            "twice": (
                [milik(1)],
                [row(1, no_urut="A0"), row(1)],
                [(GANDA, 1, "A0")],
            ),
            "twice, nobody here": (
                [],
                [row(1), row(1, no_urut="A2")],
                [(SANA, None, "A1"), (GANDA, None, "A2")],
            ),
            "poli": ([milik(1)], [row(1, "002")], [(LAIN, 1, "A1")]),
            "card": ([milik(1, told=("9", "001"))], [row(9)], [(LAIN, 1, "A9")]),
            "doctor": ([milik(1, has_other_doctor=True)], [row(1)], [(LAIN, 1, "A1")]),
            "two polis": ([milik(1)], [row(1), row(1, "002")], [(SANA, None, "A1")]),
        }
        for name, (entries, rows, expected) in cases.items():
            with self.subTest(case=name):
                self.assertEqual(self._found(entries, rows)[0], expected)
        self.assertEqual(self._found([milik(1), milik(2)], [row(1), row(2)])[1], 2)
        self.assertEqual(self._found([milik(1)], [], is_whole=False), ([], 0))

    def test_what_happens_meanwhile_is_no_difference(self):
        milik, row = self._milik, self._row
        sent = milik(1, version=("success",))
        for name, before, after, rows in (
            ("registered", [], [milik(1)], []),
            ("sent", [milik(1, nomor="", version=("pending",))], [sent], []),
            ("in the air", [milik(1, is_in_the_air=True)], [milik(1, is_in_the_air=True)], []),
            ("cancelled", [milik(1)], [milik(1, is_cancelled=True)], [row(1)]),
            ("deleted here", [milik(1)], [], [row(1)]),
        ):
            with self.subTest(case=name):
                self.assertEqual(settled(before, after, rows, True)[0], [])
        found, _agreed = settled([milik(1)], [milik(1)], [row(2)], True)
        self.assertEqual([each.jenis for each in found], [SANA, SINI])
