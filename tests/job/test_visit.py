from contextlib import contextmanager

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.outcome import SUCCESS, Outcome
from ...bpjs.pcare import PCARE
from ..common import A, AntreanCase, P, knows_days
from .test_cancel import BATAL_A, BATAL_P, CancelCase


class VisitCase(CancelCase):
    """A clinic with a second poli, at whose rooms BPJS has the doctors of the simulator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.gigi = cls._ruangan("Poli Gigi", "G", kd_poli_pcare="002", kd_poli_antrean="002")
        cls.env["antrean.jadwal"].create(
            [
                {**vals, "ruangan_id": ruangan.id, "hari": str(hari)}
                for hari in range(7)
                for ruangan, vals in [
                    (cls.gigi, {"dokter_id": cls.dokter.id, "jam_mulai": 7, "jam_selesai": 14}),
                ]
            ]
        )

    def _registered_cards(self):
        """Return (card, poli) of all that PCare has."""
        return sorted(
            (row["noKartu"], row["kdPoli"]) for row in self.simulator.book()["pendaftaran"]
        )

    def _ok(self, pasien, **vals):
        antrean = self._daftarkan(pasien, **vals)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        return antrean

    def _resend(self, antrean):
        """Press Resend PCare, in the transactions of this test."""
        with self.enter_registry_test_mode():
            result = antrean.with_user(self.petugas)._resend_pcare()
        self.env.invalidate_all()
        return result


@tagged("post_install", "-at_install")
class TestOneVisit(AntreanCase):
    """BPJS books a card once a poli and day, whoever and wherever that is here."""

    @contextmanager
    def _refused(self, names):
        with self.assertRaisesRegex(ValidationError, names), self.env.cr.savepoint():
            yield

    def _twin(self, pasien):
        """Return another patient with the same card, as old data or a merge can have it."""
        twin = self._pasien(50, no_kartu_bpjs=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET no_kartu_bpjs = %s WHERE id = %s",
            (pasien.no_kartu_bpjs, twin.id),
        )
        twin.invalidate_recordset()
        return twin

    def test_a_card_is_registered_once_whoever_has_it(self):
        mother = self._pasien(1)
        first = self._daftarkan(mother)
        with self._refused(f"{mother.name}.*{first.nomor_antrean}"):
            self._daftarkan(self._twin(mother))

    def test_a_poli_is_one_whichever_room_it_is(self):
        for letter, name, codes in [
            ("X", "pcare", {"kd_poli_pcare": " 001 ", "kd_poli_antrean": "009"}),
            ("Y", "antrean", {"kd_poli_pcare": "009", "kd_poli_antrean": "001"}),
        ]:
            with self.subTest(same=name):
                room = self._ruangan(f"Poli Umum {name}", letter, **codes)
                patient = self._pasien(len(name))
                first = self._daftarkan(patient)
                with self._refused(first.nomor_antrean):
                    self._daftarkan(patient, room)
                self._batalkan(first)
                self._daftarkan(patient, room)

    def test_whatever_makes_two_of_one_is_refused(self):
        other_room = self._ruangan("Poli Lain", "L", kd_poli_pcare="003", kd_poli_antrean="003")
        patient, other = self._pasien(3), self._pasien(4)
        first, second = self._daftarkan(patient), self._daftarkan(patient, other_room)
        third = self._daftarkan(other)
        umum = self._daftarkan(self._pasien(5, no_kartu_bpjs=False), penjamin_id=self.umum.id)
        ways = {
            "room": lambda: second.write({"ruangan_id": self.poli.id}),
            "patient": lambda: third.write({"pasien_id": patient.id}),
            "code": lambda: other_room.write({"kd_poli_pcare": "001"}),
            "payer": lambda: umum.write({"pasien_id": patient.id, "penjamin_id": self.bpjs.id}),
            "batch": lambda: self.env["antrean.antrean"].create(
                [{"pasien_id": self._pasien(6).id, "ruangan_id": self.poli.id}] * 2
            ),
            "copy": lambda: first.copy(),
        }
        for name, way in ways.items():
            with self.subTest(way=name), self._refused("A-"):
                way()

    def test_other_payers_and_other_days_are_other_visits(self):
        patient = self._pasien(7)
        patient.company_id = False  # whom both clinics share
        self._daftarkan(patient)
        self._daftarkan(patient, penjamin_id=self.umum.id)
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        room = self._ruangan("Poli", "A", company_id=other.id, kd_poli_pcare="001")
        entry = self.env["antrean.antrean"].create(
            {"pasien_id": patient.id, "ruangan_id": room.id, "company_id": other.id}
        )
        self.assertTrue(entry.job_ids)

    def test_cancelling_makes_room(self):
        patient = self._pasien(8)
        first = self._daftarkan(patient)
        self._batalkan(first)
        self.assertEqual(len(self._daftarkan(patient).job_ids), 2)

    def test_no_card_number_in_a_key(self):
        jobs = self._daftarkan(self._pasien(9)).job_ids.sudo()
        for key in jobs.mapped("visit_key"):
            self.assertNotIn("0001", key)


@tagged("post_install", "-at_install")
class TestTruthAfterSuccess(VisitCase):
    """A badge says OK only while BPJS has this visit as it is entered now."""

    def test_a_late_look_that_finds_nothing_takes_back_nothing_registered_since(self):
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self._resend(antrean)
        self._run_engine()
        number = antrean.nomor_antrean_pcare
        undo = self._job(antrean, BATAL_P)
        undo._settle(undo.attempt_id, [], Outcome(SUCCESS))
        self.assertEqual(self._job(antrean, P).state, "success")
        self.assertEqual(antrean.nomor_antrean_pcare, number)

    def _edits(self):
        """Return {name: (the badges that turn red, what is changed, what BPJS must be told)}."""
        hari = str(self.company._antrean_today().weekday())
        self.env["antrean.jadwal"].create(
            {
                "ruangan_id": self.poli.id,
                "dokter_id": self.env["antrean.dokter"]
                .create({"name": "dr. Contoh Tiga", "kd_dokter_antrean": 11103})
                .id,
                "hari": hari,
                "jam_mulai": 14,
                "jam_selesai": 21,
            }
        )
        day = self.poli.jadwal_ids.filtered(lambda hours: hours.hari == hari)
        return {
            "card": (
                {P, A},
                lambda entry: entry.pasien_id.write({"no_kartu_bpjs": "0001000000040"}),
            ),
            "nik": ({A}, lambda entry: entry.pasien_id.write({"nik": "3200000000000040"})),
            "patient": ({P, A}, lambda entry: entry.write({"pasien_id": self._pasien(41).id})),
            "kind": ({P}, lambda entry: entry.write({"kunjungan_sakit": False})),
            "provider": (
                {P},
                lambda entry: entry.pasien_id.write({"kd_provider_peserta": "0002R002"}),
            ),
            "doctor": ({A}, lambda entry: entry.write({"jadwal_id": (day - entry.jadwal_id).id})),
            "poli": (
                {P, A},
                lambda entry: entry.ruangan_id.write(
                    {"kd_poli_pcare": "002", "kd_poli_antrean": "002"}
                ),
            ),
        }

    @knows_days
    def test_what_differs_is_no_longer_ok(self):
        for member, (name, (red, edit)) in enumerate(self._edits().items(), 10):
            with self.subTest(edit=name):
                antrean = self._ok(self._pasien(member))
                edit(antrean)
                statuses = dict(zip((P, A), self._statuses(antrean), strict=True))
                self.assertEqual(
                    {job for job, status in statuses.items() if status == "gagal"}, red
                )
                job = self._job(antrean, next(iter(red)))
                self.assertIn("BPJS has", job.message)
                self.assertIn("Resend PCare", job.message)
                self.assertNotRegex(job.message, r"\d{6}")
                self.assertTrue(antrean.can_resend_pcare)
                if name == "poli":
                    antrean.ruangan_id.write({"kd_poli_pcare": "001", "kd_poli_antrean": "001"})
                    self.assertEqual(self._statuses(antrean), ("ok", "ok"), "As it was told again")

    def test_the_text_names_both_cards(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self.assertIn("BPJS has card …01, entered is …40.", antrean.error_pendaftaran_pcare)

    def test_what_bpjs_cannot_be_told_does_not_count(self):
        antrean = self._ok(self._pasien(1))
        antrean.keluhan = "Batuk"
        antrean.pasien_id.write({"name": "Peserta Bernama Baru", "phone": "0812000001"})
        antrean.pasien_id.no_rekam_medis = "RM-ZETA"
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_what_the_facility_sends_otherwise_now_is_told(self):
        sick, healthy = (
            self._ok(self._pasien(member), kunjungan_sakit=is_sick)
            for member, is_sick in ((1, True), (2, False))
        )
        self.faskes.kd_tkp_sehat = "50"
        self.assertEqual(self._statuses(sick), ("ok", "ok"))
        self.assertEqual(self._statuses(healthy), ("gagal", "ok"))
        self.assertIn("BPJS has kdTkp 10, entered is 50.", healthy.error_pendaftaran_pcare)
        self.assertEqual(self._resend(healthy)["status"], "success")
        sent = self._job(healthy, P).request["body"]
        self.assertEqual((sent["kunjSakit"], sent["kdTkp"]), (False, "50"))

    def test_what_pcare_itself_tells_of_a_member_is_no_change(self):
        """Whichever clinic was sent, and whoever asks PCare for it afterwards."""
        asked = self._ok(self._pasien(1, kd_provider_peserta=False))
        self.assertEqual(asked.pasien_id.kd_provider_peserta, "0001R001")
        self.faskes.write({"kd_provider": "0001R001", "kd_provider_peserta": "faskes"})
        own = self._ok(self._pasien(2, kd_provider_peserta=False))
        own.pasien_id.kd_provider_peserta = "0002R002"  # as Cek Kepesertaan fills it in
        self.assertEqual(self._statuses(own), ("ok", "ok"))
        self.assertEqual(self._statuses(asked), ("ok", "ok"))

    def test_resend_takes_the_old_one_back_and_registers_the_new(self):
        for member, (name, (_red, edit)) in enumerate(self._edits().items(), 10):
            if name in ("doctor", "poli"):
                continue
            with self.subTest(edit=name):
                self.simulator.reset()
                antrean = self._ok(self._pasien(member))
                edit(antrean)
                self.assertEqual(self._resend(antrean)["status"], "success")
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))
                card = antrean.pasien_id.no_kartu_bpjs
                self.assertEqual(self._registered_cards(), [(card, "001")])
                [row] = [
                    row for row in self.simulator.book()["antrean"] if row["status"] != "batal"
                ]
                self.assertEqual(row["noKartu"], card)
                self.assertEqual(self._registered(antrean), [antrean.nomor_antrean_pcare])
                self._batalkan(antrean)
                self._run_engine()
                self.assertEqual(self._alive(), (0, 0))

    def test_in_the_background_too(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        antrean.job_ids.action_resend()
        self.assertEqual(self._statuses(antrean), ("processing", "processing"))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._registered_cards(), [("0001000000040", "001")])

    def test_twice(self):
        antrean = self._ok(self._pasien(1))
        for card in ("0001000000040", "0001000000041"):
            antrean.pasien_id.no_kartu_bpjs = card
            antrean.job_ids.filtered(lambda job: job._type().registers).action_resend()
            self._run_engine()
            self.assertEqual(self._registered_cards(), [(card, "001")])
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_changed_back_after_an_earlier_correction(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self._resend(antrean)
        antrean.pasien_id.no_kartu_bpjs = "0001000000041"
        self.assertEqual(self._statuses(antrean), ("gagal", "gagal"))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_by_itself_while_nobody_was_called(self):
        self.faskes.perbaiki_otomatis = True
        waiting, called = self._ok(self._pasien(1)), self._ok(self._pasien(2))
        called.with_user(self.petugas).action_panggil()
        self._run_engine()
        waiting.pasien_id.no_kartu_bpjs = "0001000000040"
        called.pasien_id.no_kartu_bpjs = "0001000000041"
        self._run_engine()
        self.assertEqual(self._statuses(waiting), ("ok", "ok"))
        self.assertEqual(self._statuses(called), ("gagal", "gagal"))

    def test_what_bpjs_does_not_take_back_stays_red(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["DELETE"])
        self._resend(antrean)
        self.assertEqual(self._statuses(antrean), ("gagal", "ok"))
        self.assertIn("Zeta", antrean.error_pendaftaran_pcare)
        self.assertEqual(self._registered_cards(), [("0001000000001", "001")])
        self._resend(antrean)
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._registered_cards(), [("0001000000040", "001")])

    def test_why_it_was_not_taken_back_stays(self):
        antrean = self._ok(self._pasien(1))
        antrean.with_user(self.petugas).action_panggil()
        self._run_engine()
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self._resend(antrean)
        for change in ({"phone": "0812000099"}, {"no_kartu_bpjs": "0001000000041"}):
            antrean.pasien_id.write(change)
            card = antrean.pasien_id.no_kartu_bpjs[-2:]
            said = self._job(antrean, A).message
            self.assertIn(f"BPJS has card …01, entered is …{card}.", said)
            self.assertIn("Sudah Dilayani", said)
        antrean.pasien_id.no_kartu_bpjs = "0001000000001"
        self.assertEqual(antrean.status_tambah_antrean_fktp, "ok")
        self.assertFalse(self._job(antrean, A).message)

    def test_changed_back_while_it_is_taken_back_in_vain(self):
        antrean = self._ok(self._pasien(1))
        card = antrean.pasien_id.no_kartu_bpjs
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["DELETE"])
        antrean.job_ids.action_resend()
        flights = self.env["bpjs.engine"]._claim(64)
        antrean.pasien_id.no_kartu_bpjs = card
        self._land(flights)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._registered_cards(), [(card, "001")])

    def test_a_lost_answer_while_replacing_doubles_nothing(self):
        for method in ("DELETE", "POST"):
            with self.subTest(method=method):
                self.simulator.reset()
                self.simulator.settings(detect_duplicates=True)
                antrean = self._ok(self._pasien(10 + len(method)))
                antrean.pasien_id.no_kartu_bpjs = f"000100000004{len(method)}"
                for service in (PCARE, ANTREAN):
                    self.simulator.fault(service, "drop_after", methods=[method])
                antrean.job_ids.filtered(lambda job: job._type().registers).action_resend()
                self._run_engine()
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))
                card = antrean.pasien_id.no_kartu_bpjs
                self.assertEqual(self._registered_cards(), [(card, "001")])

    def test_a_late_answer_to_an_undo_takes_nothing_back_that_came_after_it(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        antrean.job_ids.action_resend()
        late = []
        for flight in self.env["bpjs.engine"]._claim(64):
            job = self.env["bpjs.job"].browse(flight.job_id)
            late.append((job, job.attempt_id, flight.run(), flight.exchanges))
            job._expire_leases()
        self.assertEqual({job.job_type for job, *_answer in late}, {BATAL_P, BATAL_A})
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        number = antrean.nomor_antrean_pcare
        for job, attempt, outcome, exchanges in late:
            job._settle(attempt, exchanges, outcome)
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(antrean.nomor_antrean_pcare, number)
        self._run_engine()
        self.assertEqual(self._registered_cards(), [("0001000000040", "001")])

    def test_a_cancel_while_replacing_leaves_nothing(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        antrean.job_ids.action_resend()
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))
        self.assertEqual(antrean.status_batal, "ok")

    def test_an_outdated_visit_is_taken_back_when_cancelled(self):
        antrean = self._ok(self._pasien(1))
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._alive(), (0, 0))

    def test_what_is_edited_while_it_is_in_the_air_is_compared_too(self):
        antrean = self._daftarkan(self._pasien(1))
        flights = self.env["bpjs.engine"]._claim(64)
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        for flight in flights:
            outcome = flight.run()
            job = self.env["bpjs.job"].browse(flight.job_id)
            job._settle(job.attempt_id, flight.exchanges, outcome)
        self.assertEqual(self._statuses(antrean), ("gagal", "gagal"))

    @knows_days
    def test_visits_of_past_days_keep_what_they_sent(self):
        antrean = self._ok(self._pasien(1))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE antrean_antrean SET tanggal = tanggal - 3 WHERE id = %s", (antrean.id,)
        )
        self.env.invalidate_all()
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_an_accepted_entry_is_closed(self):
        antrean = self._ok(self._pasien(1)).with_user(self.petugas)
        antrean.action_terima()
        for vals in (
            {"pasien_id": self._pasien(2).id},
            {"penjamin_id": self.umum.id},
            {"kunjungan_sakit": False},
            {"jadwal_id": False},
            {"keluhan": "Batuk"},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "A-1"):
                antrean.write(vals)
        antrean.write({"keluhan": False})  # as it is

    def test_visits_moved_by_a_merge_are_compared(self):
        for member, bpjs_was_told in [(1, True), (2, False)]:
            with self.subTest(bpjs_was_told=bpjs_was_told):
                twin = (
                    self._pasien(member) if bpjs_was_told else self._pasien(9, no_kartu_bpjs=False)
                )
                antrean = self._daftarkan(twin, penjamin_id=self.bpjs.id)
                self._run_engine()
                kept = self._pasien(40 + member, nik=False, kd_provider_peserta=False)
                twin.write({"no_kartu_bpjs": False, "nik": False, "kd_provider_peserta": False})
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge((kept + twin).ids, kept)
                self.assertEqual(antrean.pasien_id, kept)
                self._run_engine()
                expected = "gagal" if bpjs_was_told else "ok"
                self.assertEqual(antrean.status_pendaftaran_pcare, expected)
                if bpjs_was_told:
                    self.assertIn(f"…4{member}", antrean.error_pendaftaran_pcare)

    # Two of which BPJS knows one

    def test_a_corrected_card_is_free_only_when_bpjs_has_given_it_back(self):
        mother, child = self._pasien(1), self._pasien(2)
        first = self._ok(mother)
        card = mother.no_kartu_bpjs
        mother.no_kartu_bpjs = "0001000000040"
        child.no_kartu_bpjs = card
        second = self._daftarkan(child)
        self._run_engine()
        self.assertEqual(self._statuses(second), ("gagal", "gagal"))
        self.assertIn(first.nomor_antrean, second.error_pendaftaran_pcare)
        self.assertFalse(second.nomor_antrean_pcare)
        self._resend(first)
        self._run_engine()
        self.assertEqual(self._statuses(first), ("ok", "ok"))
        self.assertEqual(self._statuses(second), ("ok", "ok"))
        self.assertNotEqual(first.nomor_antrean_pcare, second.nomor_antrean_pcare)
        self.assertEqual(self._alive(), (2, 2))

    def test_every_cancel_of_the_visit_is_waited_for(self):
        patient = self._pasien(1)
        first = self._ok(patient)
        elsewhere = self._daftarkan(patient, self.gigi)
        self._run_engine()
        self._batalkan(elsewhere)
        self._batalkan(first)
        self.simulator.fault(PCARE, "drop_after", methods=["DELETE"], times=2)
        anew = self._daftarkan(patient)
        self.assertEqual(self._job(anew, P).after_id, self._job(first, BATAL_P))
        self._run_engine()
        self.assertEqual(anew.status_pendaftaran_pcare, "ok")
        self.assertEqual(self._registered(anew), [anew.nomor_antrean_pcare])

    # One rule, in both directions

    def _payer(self):
        """Return a payer like BPJS whose visits are those of the test alone."""
        return self.bpjs.copy({"name": "BPJS Uji"})

    def test_switched_off_and_on_again_is_as_before(self):
        payer = self._payer()
        antrean = self._daftarkan(self._pasien(1), penjamin_id=payer.id)
        for record, name, off, on in [
            (payer, "is_bpjs", False, True),
            (self.poli, "jenis_kunjungan", "apotek", "1"),
            (antrean, "ruangan_id", self.apotek.id, self.poli.id),
            (antrean, "penjamin_id", self.umum.id, payer.id),
        ]:
            with self.subTest(field=name):
                record.write({name: off})
                self.assertEqual(set(antrean.job_ids.mapped("state")), {"cancelled"})
                record.write({name: on})
                self.assertEqual(set(antrean.job_ids.mapped("state")), {"pending"})
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_what_bpjs_has_cannot_be_switched_off(self):
        payer = self._payer()
        antrean = self._ok(self._pasien(1), penjamin_id=payer.id)
        for record, vals in [
            (payer, {"is_bpjs": False}),
            (self.poli, {"jenis_kunjungan": "apotek"}),
            (antrean, {"ruangan_id": self.apotek.id}),
        ]:
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, r"Contoh 01.*visits: 1"),
                self.env.cr.savepoint(),
            ):
                record.write(vals)
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_an_entry_that_becomes_an_outpatient_visit_gets_its_jobs(self):
        antrean = self._daftarkan(self._pasien(1), self.apotek)
        self.assertFalse(antrean.job_ids)
        antrean.ruangan_id = self.poli
        self.assertEqual(len(antrean.job_ids), 2)

    def test_a_cancelled_entry_that_lives_again_is_reported_again(self):
        antrean = self._ok(self._pasien(1))
        self._batalkan(antrean)
        self._run_engine()
        antrean.sudo().state = "menunggu"
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))
        self.assertEqual(self._alive(), (1, 1))

    def test_past_and_finished_entries_are_born_without_jobs(self):
        past = self.env["antrean.antrean"].create(
            {
                "pasien_id": self._pasien(1).id,
                "ruangan_id": self.poli.id,
                "tanggal": "2020-02-03",
            }
        )
        finished = self.env["antrean.antrean"].create(
            {"pasien_id": self._pasien(2).id, "ruangan_id": self.poli.id, "state": "selesai"}
        )
        self.assertFalse((past + finished).job_ids)
