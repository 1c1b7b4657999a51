from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.daftar import Terdaftar
from ...bpjs.pcare import PCARE
from ...models.harian.selisih import BATAL, GANDA, LAIN, NOMOR, SANA, Selisih
from ..common import P
from .test_harian import BATAL_P, HarianCase


@tagged("post_install", "-at_install")
class TestBasi(HarianCase):
    """Lines pressed after the day has gone on, or twice."""

    def _refused(self, baris, action, text):
        before = self.simulator.book()
        with self.assertRaisesRegex(UserError, text):
            self._press(baris, action)
        self.assertFalse(baris.ditangani_at)
        after = self.simulator.book()
        self.assertEqual(before["pendaftaran"], after["pendaftaran"])

    def _line(self, jenis, day=None):
        [baris] = self._compare(day).baris_ids.filtered(lambda baris: baris.jenis == jenis)
        return baris

    # Adopting a number

    def _typed_in(self, member=2, no_urut="A50"):
        """Return an entry that waits here and was typed into PCare by hand."""
        entry = self._daftarkan(self._pasien(member))
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, no_urut=no_urut)
        return entry

    def test_who_was_cancelled_since_adopts_nothing(self):
        entry = self._typed_in()
        baris = self._line(NOMOR)
        self._batalkan(entry)
        self._refused(baris, "action_pakai_nomor", "changed since")
        self.assertFalse(entry.nomor_antrean_pcare)
        self.assertEqual(self._job(entry, P).state, "cancelled")

    def test_who_has_another_card_since_adopts_nothing(self):
        entry = self._typed_in()
        baris = self._line(NOMOR)
        entry.pasien_id.no_kartu_bpjs = self._pasien(7).no_kartu_bpjs.replace("0007", "0057")
        self._refused(baris, "action_pakai_nomor", "changed since")
        self.assertNotEqual(self._job(entry, P).state, "success")

    def test_what_was_adopted_since_is_not_adopted_again(self):
        entry = self._typed_in()
        baris = self._line(NOMOR)
        self._run_engine()
        self.assertEqual(entry.nomor_antrean_pcare, "A50")
        self._refused(baris, "action_pakai_nomor", "changed since")

    def test_adopted_is_the_visit_that_has_the_number(self):
        self.faskes.perbaiki_otomatis = False
        entry = self._registered_entries(1)
        old_card = entry.pasien_id.no_kartu_bpjs
        new_card = "0001000000057"
        entry.pasien_id.no_kartu_bpjs = new_card
        self.assertEqual(self._job(entry, P).outcome, "outdated")
        self.simulator.type_in(new_card, self.today, no_urut="A50")
        lines = self._compare().baris_ids.grouped("jenis")
        self.assertEqual(set(lines), {NOMOR, SANA})
        self._press(lines[NOMOR], "action_pakai_nomor")
        self.assertEqual((entry.nomor_antrean_pcare, self._job(entry, P).state), ("A50", "success"))
        self.assertEqual(lines[SANA].no_kartu, old_card)
        told = self._press(lines[SANA], "action_tarik")["params"]
        self.assertEqual(told["type"], "success")
        [row] = self.simulator.book()["pendaftaran"]
        self.assertEqual((row["noKartu"], row["noUrut"]), (new_card, "A50"))
        self._batalkan(entry)
        self._run_engine()
        self.assertEqual(self.simulator.book()["pendaftaran"], [])

    # Taking back

    def test_what_a_living_entry_took_over_is_not_deleted(self):
        patient = self._pasien(40)
        self.simulator.type_in(patient.no_kartu_bpjs, self.today, no_urut="A7")
        baris = self._line(SANA)
        entry = self._daftarkan(patient)
        self._refused(baris, "action_tarik", entry.nomor_antrean)
        self._run_engine()
        self.assertEqual(entry.nomor_antrean_pcare, "A7")
        self._refused(baris, "action_tarik", entry.nomor_antrean)
        self.faskes.perbaiki_otomatis = False
        patient.no_kartu_bpjs = "0001000000057"
        self._refused(baris, "action_tarik", entry.nomor_antrean)
        self._move_to_yesterday(entry)
        self.assertEqual(len(self.simulator.book()["pendaftaran"]), 1)

    def test_what_a_new_entry_took_over_is_not_taken_back_from_the_cancelled_one(self):
        entry = self._registered_entries(1)
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["DELETE"])
        self._batalkan(entry)
        self._run_engine()
        baris = self._line(BATAL)
        again = self._daftarkan(entry.pasien_id)
        self._refused(baris, "action_tarik", again.nomor_antrean)
        self._run_engine()
        self.assertEqual(again.status_pendaftaran_pcare, "ok")
        self._refused(baris, "action_tarik", again.nomor_antrean)
        self._run_engine()
        self.assertEqual(self._registered(again), [again.nomor_antrean_pcare])

    def _cancelled_and_twice(self):
        entry = self._registered_entries(1)
        self.simulator.settings(detect_duplicates=False)
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, no_urut="A7")
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["DELETE"])
        self._batalkan(entry)
        self._run_engine()
        self.assertEqual(entry.status_batal, "gagal")
        return entry

    def test_two_of_one_cancelled_entry_are_taken_back_one_after_the_other(self):
        entry = self._cancelled_and_twice()
        first, second = self._compare().baris_ids
        self._press(first, "action_tarik")
        self._refused(second, "action_tarik", "changed since")
        self._run_engine()
        self.assertEqual(self._registered(entry), [second.nomor_di_bpjs])
        self._press(second, "action_tarik")
        self._run_engine()
        self.assertEqual(self._registered(entry), [])

    def test_the_setting_takes_back_one_of_them_at_a_time(self):
        entry = self._cancelled_and_twice()
        self.faskes.tarik_otomatis = True
        harian = self._compare()
        [asked] = harian.baris_ids.filtered("ditangani_at")
        left = harian.baris_ids - asked
        self._run_engine()
        self.assertEqual(self._registered(entry), [left.nomor_di_bpjs])
        self.assertEqual(left.nomor_di_bpjs, "A7", "which was typed in by hand")
        self._compare()
        self._run_engine()
        self.assertEqual(self._registered(entry), ["A7"])

    def test_the_setting_takes_back_nothing_that_was_not_registered_from_here(self):
        self.faskes.tarik_otomatis = True
        never_sent = self._daftarkan(self._pasien(1))
        self._batalkan(never_sent)
        taken_back = self._registered_entries(2)
        self._batalkan(taken_back)
        self._run_engine()
        for entry in (never_sent, taken_back):
            self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today)
        harian = self._compare()
        self.assertEqual(self._kinds(harian), {BATAL: 2})
        self._run_engine()
        self.assertEqual(len(self.simulator.book()["pendaftaran"]), 2)
        self.assertFalse(any(harian.baris_ids.mapped("ditangani_at")))

    def test_management_reads_the_whole_page(self):
        entry = self._registered_entries(1)
        entry.nomor_antrean_pcare = "A99"
        harian = self._compare().with_user(self.manajemen)
        view = harian.get_view(view_type="form")
        names = view["models"]["bpjs.harian.baris"]
        spec = {name: {} for name in names} | {"antrean_id": {"fields": {"display_name": {}}}}
        self.env.invalidate_all()
        [read] = harian.web_read({"baris_ids": {"fields": spec}, "message": {}, "state": {}})
        [line] = read["baris_ids"]
        self.assertIn("A99", line["arti"])
        shown = [name for name in spec if name.startswith("bisa_") and line[name]]
        self.assertEqual(shown, [])

    def test_what_was_cancelled_under_another_card_is_taken_back_under_it(self):
        entry = self._registered_entries(1)
        self._batalkan(entry)
        self._run_engine()
        self.assertEqual(self._registered(entry), [])
        entry.pasien_id.no_kartu_bpjs = "0001000000057"
        self.simulator.type_in("0001000000057", self.today, no_urut="A9")
        self._press(self._line(BATAL), "action_tarik")
        self._run_engine()
        self.assertEqual(self.simulator.book()["pendaftaran"], [])

    def test_by_itself_nothing_is_taken_back(self):
        self._cancelled_and_twice()
        self.assertFalse(self.faskes.tarik_otomatis)
        before = self.simulator.book()["pendaftaran"]
        self._compare()
        self._run_engine()
        self.assertEqual(self.simulator.book()["pendaftaran"], before)

    # Registering

    def test_who_is_registered_already_is_not_sent_again(self):
        entry = self._registered_entries(1)
        self.simulator.settings(detect_duplicates=False)
        told = self._press(entry, "action_susulkan", self.petugas)["params"]
        self.assertEqual(told["type"], "success")
        self.assertEqual(self._posts(), 1)
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])

    def test_what_was_registered_since_is_not_sent_again(self):
        entry = self._registered_entries(1)
        self._delete_at_pcare(entry)
        [baris] = self._compare().baris_ids
        self._press(baris, "action_daftarkan")
        self.simulator.settings(detect_duplicates=False)
        baris.ditangani_at = False  # another administrator's screen
        self._press(baris, "action_daftarkan")
        self.assertEqual(self._posts(), 2)
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])
        self.assertEqual(self._compare().jumlah_beda, 0)

    def test_a_visit_of_an_earlier_day_is_entered_once(self):
        yesterday = self.today - timedelta(days=1)
        patient = self._pasien(40)
        self.simulator.type_in(patient.no_kartu_bpjs, yesterday, no_urut="A12")
        baris = self._line(SANA, yesterday)
        entry = self._daftarkan(patient)
        self._job(entry, P).unlink()
        self._move_to_yesterday(entry)
        self._refused(baris, "action_daftarkan", entry.nomor_antrean)
        visits = self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)])
        self.assertEqual(visits, entry)

    def test_an_earlier_day_is_not_corrected(self):
        """PCare would take the visit back, and not have it anew."""
        entry = self._registered_entries(1)
        self._delete_at_pcare(entry)
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, kd_poli="002")
        self._move_to_yesterday(entry)
        baris = self.env["bpjs.harian.baris"].create(
            {
                "harian_id": self.env["bpjs.harian"]._of(self.company, [entry.tanggal]).id,
                "jenis": LAIN,
                "antrean_id": entry.id,
                "no_kartu": entry.pasien_id.no_kartu_bpjs,
                "kd_poli": "002",
            }
        )
        self.assertFalse(baris.with_user(self.admin).bisa_perbaiki)
        self._refused(baris, "action_perbaiki", "changed since")

    def test_a_late_visit_that_met_an_outage_is_not_sent_by_itself(self):
        entry = self._registered_entries(1)
        self._delete_at_pcare(entry)
        self._move_to_yesterday(entry)
        [baris] = self._compare(entry.tanggal).baris_ids
        self.simulator.fault(PCARE, "html_502", times=None, methods=["POST"])
        self._press(baris, "action_daftarkan")
        self.simulator._control("DELETE", "faults")
        posts = self._posts()
        self.layanan_pcare._mark_up()
        self._run_engine()
        self.assertEqual(self._posts(), posts)
        self.assertEqual(self._registered(entry), [])

    def test_what_is_there_twice_is_taken_back_beside_ours(self):
        entry = self._registered_entries(1)
        self.simulator.settings(detect_duplicates=False)
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, no_urut="A7")
        baris = self._line(GANDA)
        told = self._press(baris, "action_tarik")["params"]
        self.assertEqual(told["type"], "success")
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])

    # Who

    def test_management_has_nothing_sent(self):
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["POST"])
        entry = self._daftarkan(self._pasien(1))
        self._run_engine()
        job = self._job(entry, P)
        self.assertEqual(job.state, "failed")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            job.with_user(self.manajemen).action_resend()
        self.assertEqual(job.state, "failed")

    def test_nobody_has_another_clinic_compared(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        stranger = self._user("manajemen", other)
        wizard = self.env["bpjs.harian.rentang"].with_user(stranger)
        wizard = wizard.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            wizard.create({"company_id": self.company.id}).action_bandingkan()
        self.assertFalse(self.env["bpjs.harian"].search([("company_id", "=", self.company.id)]))

    # Facilities

    def test_it_is_due_by_each_clinic_s_own_clock(self):
        east = self.env["res.company"].create({"name": "Klinik Timur"})
        east.antrean_tz = "Asia/Jayapura"  # two hours ahead
        with self._at(19):
            days = {clinic: clinic._harian_due() for clinic in (self.company, east)}
        yesterday = self.today - timedelta(days=1)
        self.assertEqual([day for day, _since in days[self.company]], [yesterday])
        self.assertEqual([day for day, _since in days[east]], [self.today, yesterday])
        evening, midnight = (since for _day, since in days[east])
        self.assertEqual((evening - midnight, midnight.hour), (timedelta(hours=20), 15))

    def test_a_branch_knows_the_patients_of_the_company_above_it(self):
        above = self.env["res.company"].create({"name": "Yayasan"})
        branch = self.env["res.company"].create({"name": "Cabang", "parent_id": above.id})
        patient = self._pasien(40, company_id=above.id)
        day = self.env["bpjs.harian"].create({"company_id": branch.id, "tanggal": self.today})
        row = Terdaftar(patient.no_kartu_bpjs, "001", "A1")
        line = self.env["bpjs.harian.baris"]._keep(day, [Selisih(SANA, None, row)])
        self.assertEqual(line.pasien_id, patient)

    def test_one_clinic_that_cannot_be_asked_does_not_stop_another(self):
        broken = self.env["res.company"].create({"name": "Klinik Rusak"})
        faskes = self.env["bpjs.faskes"].create(
            {"company_id": broken.id, "cons_id": "10002", "secret": "rahasia-simulator"}
        )
        layanan = faskes.layanan_ids.filtered(lambda layanan: layanan.kode == PCARE)
        harian = self.env["bpjs.harian"]
        theirs = harian._of(broken, [self.today])
        theirs._ask()
        client = type(layanan)._client

        def no_client(service):
            if service == layanan:
                raise ValueError("Zeta")
            return client(service)

        with (
            patch.object(type(layanan), "_client", no_client),
            self.assertLogs("odoo.addons.antrean_bpjs", "ERROR"),
        ):
            ours = self._compare()
        self.assertEqual(ours.state, "selesai")
        self.assertEqual(theirs.state, "terputus")

    def test_an_outage_since_the_evening_is_told_at_nine(self):
        self.layanan_pcare.write(
            {"down_since": fields.Datetime.now(), "down_message": "Zeta", "down_kind": "outage"}
        )
        harian = self.env["bpjs.harian"]
        with self._at(9):
            harian._ask_due()
            self.faskes._tell_of_days()
            self.faskes._tell_of_days()
        [message] = self.env["mail.message"].search(
            [("model", "=", "bpjs.harian"), ("message_type", "=", "user_notification")]
        )
        self.assertIn("could not be compared", message.body)
        self.assertEqual(harian.browse(message.res_id).tanggal, self.today - timedelta(days=1))

    def test_a_clinic_without_an_account_is_told_nothing(self):
        self.layanan_pcare.unlink()
        with self._at(9):
            self.faskes._tell_of_days()
        self.assertFalse(self.env["bpjs.harian"].search([("company_id", "=", self.company.id)]))

    def test_an_undo_in_the_air_is_not_overtaken(self):
        self._cancelled_and_twice()
        baris = self._compare().baris_ids[:1]
        self._job(baris.antrean_id, BATAL_P).state = "sending"
        self._refused(baris, "action_tarik", "changed since")

    def test_who_is_in_one_poli_does_not_hold_what_pcare_has_in_another(self):
        entry = self._registered_entries(1)
        self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, kd_poli="002")
        baris = self._line(SANA)
        self._press(baris, "action_tarik")
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])
        self.assertEqual(self._compare().jumlah_beda, 0)

    def test_a_number_that_waits_is_adopted_before_its_double_is_taken_back(self):
        entry = self._daftarkan(self._pasien(1))
        self.simulator.settings(detect_duplicates=False)
        for number in ("A50", "A51"):
            self.simulator.type_in(entry.pasien_id.no_kartu_bpjs, self.today, no_urut=number)
        lines = self._compare().baris_ids.grouped("jenis")
        self._refused(lines[GANDA], "action_tarik", entry.nomor_antrean)
        self._press(lines[NOMOR], "action_pakai_nomor")
        self._press(lines[GANDA], "action_tarik")
        self.assertEqual(self._registered(entry), [entry.nomor_antrean_pcare])

    def test_antrean_fktp_that_refuses_again_is_told(self):
        self.simulator.fault(ANTREAN, "say", code=201, message="Zeta", times=2, methods=["POST"])
        entry = self._daftarkan(self._pasien(1))
        self._run_engine()
        entry.with_user(self.petugas)._accept_despite_bpjs("Gangguan")
        told = self._press(entry, "action_susulkan", self.petugas)["params"]
        self.assertEqual((told["type"], told["message"]), ("danger", "Zeta"))
        told = self._press(entry, "action_susulkan", self.petugas)["params"]
        self.assertEqual(told["type"], "success")
        self.assertEqual(self._posts(), 1)

    def test_merged_patients_agree_with_pcare(self):
        entry = self._registered_entries(1)
        twin = self._pasien(2, no_kartu_bpjs=False, nik=False, phone=False,
                            kd_provider_peserta=False)  # fmt: skip
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (entry.pasien_id | twin).ids, twin, extra_checks=False
        )
        self.env.invalidate_all()
        self.assertEqual(entry.pasien_id, twin)
        harian = self._compare()
        self.assertEqual((harian.jumlah_sama, harian.jumlah_beda), (1, 0))
