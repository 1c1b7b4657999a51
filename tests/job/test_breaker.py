import logging
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...bpjs import pcare
from ...bpjs.answer import Answer
from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.outcome import SUCCESS, classify
from ...bpjs.pcare import PCARE
from ...bpjs.request import Request
from ...database import now
from ...jobs import JOB_TYPES, Exchange
from ..common import A, AntreanCase, EngineCase, P
from .test_cancel import BATAL_A, BATAL_P
from .test_visit import VisitCase


class TwoClinics(AntreanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Klinik Kedua"})
        cls.env.user.company_ids += cls.other
        cls.lain = cls._user("petugas", cls.other)
        cls.room = cls._ruangan("Poli", "A", company_id=cls.other.id, kd_poli_pcare="001")

    def _elsewhere(self, pasien, **vals):
        return (
            self.env["antrean.antrean"]
            .with_user(self.lain)
            .with_company(self.other)
            .with_context(allowed_company_ids=self.other.ids)
            .create({"pasien_id": pasien.id, "ruangan_id": self.room.id, **vals})
        )

    def _read_board(self, entry):
        entry.env.flush_all()
        entry.env.invalidate_all()
        names = [
            "nomor_antrean", "pasien_id", "penjamin_id", "is_bpjs", "can_resend_pcare",
            "bpjs_badges", "bpjs_problems", "jadwal_id",
        ]  # fmt: skip
        return entry.web_read({name: {} for name in names})


@tagged("post_install", "-at_install")
class TestClinics(TwoClinics):
    def test_a_payer_in_use_elsewhere_does_not_move_to_one_clinic(self):
        payer = self.bpjs.copy({"name": "BPJS Uji"})
        payer.company_id = False
        pasien = self._pasien(1)
        pasien.company_id = False
        entry = self._elsewhere(pasien, penjamin_id=payer.id)
        self._read_board(entry)
        try:
            with self.env.cr.savepoint():
                payer.company_id = self.company
        except UserError:
            return
        self.env.flush_all()
        self.env.invalidate_all()
        entry.read(["can_resend_pcare"])
        entry.write({"keluhan": "Batuk"})
        self.assertTrue(entry.penjamin_id.has_access("read"))

    def test_a_merge_takes_no_patient_from_another_clinic(self):
        shared = self._pasien(1, company_id=False, nik=False, no_kartu_bpjs=False)
        entry = self._elsewhere(shared, penjamin_id=self.bpjs.id)
        self._read_board(entry)
        ours = self._pasien(2, company_id=self.company.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        try:
            with self.env.cr.savepoint():
                wizard._merge((ours + shared).ids, ours)
        except UserError:
            return
        self.assertTrue(entry.pasien_id.has_access("read"))


@tagged("post_install", "-at_install")
class TestTyped(AntreanCase):
    def test_however_a_number_is_typed(self):
        pasien = self._pasien(2)
        partners = self.env["res.partner"].with_user(self.petugas)
        for typed in [
            "0001–0000–00002",  # en dash, as phones and Word write it
            "0001‑0000‑00002",  # no-break hyphen
            "0001\u200b0000\u200b00002",  # zero width space, as from a web page
            "\u200e0001000000002",  # left-to-right mark
            "０００１０００００００02",  # full width
            "0001/0000/00002",
            "'0001000000002",
            "0001_0000_00002",
            "0001,0000,00002",
        ]:
            with self.subTest(typed=ascii(typed), way="search"):
                found = [id_ for id_, _name in partners.name_search(typed)]
                self.assertEqual(found, pasien.ids)
            with self.subTest(typed=ascii(typed), way="name_create"):
                made = None
                try:
                    with self.env.cr.savepoint():
                        made = partners.name_create(typed)
                except UserError:
                    pass
                self.assertFalse(made)

    def test_no_complaint_in_the_log(self):
        lines = []

        class Keep(logging.Handler):
            def emit(self, record):
                lines.append(record.getMessage())

        handler = Keep()
        logging.getLogger().addHandler(handler)
        self.addCleanup(logging.getLogger().removeHandler, handler)
        for vals in (
            {"penjamin_id": False},
            {"nomor_antrean": None},
            {"ruangan_id": 999999999},
        ):
            try:
                with self.env.cr.savepoint():
                    self.env["antrean.antrean"].sudo().create(
                        {
                            "pasien_id": self._pasien(7).id,
                            "ruangan_id": self.poli.id,
                            "keluhan": "Zetakeluhan 3200000000000007",
                            **vals,
                        }
                    )
                    self.env.flush_all()
            except Exception as error:  # noqa: BLE001
                self.assertTrue(error)
        entry = self._daftarkan(self._pasien(8), keluhan="Zetakeluhan 3200000000000007")
        try:
            with self.env.cr.savepoint():
                entry.with_user(self.petugas).penjamin_id = False
                self.env.flush_all()
        except Exception as error:  # noqa: BLE001
            self.assertTrue(error)
        found = [line for line in lines if "Zetakeluhan" in line]
        self.assertFalse(found, found)


def _exchange(request, answer):
    return Exchange(request, answer, classify(request, answer), None, 0.1)


def _says(response, status=200, code=200, message="OK"):
    return lambda request: _exchange(request, Answer(status, code, message, response))


@tagged("post_install", "-at_install")
class TestOddRows(AntreanCase):
    def _verify(self, *rows, **more):
        request = pcare.pendaftaran_add(
            kd_provider_peserta="0001R001",
            tanggal=self.company._antrean_today(),
            no_kartu="0001000000001",
            kd_poli="001",
        )
        return JOB_TYPES[P].verify(_says({"count": len(rows), "list": list(rows), **more}), request)

    def _row(self, card="0001000000001", poli="001", number="A1"):
        return {"peserta": {"noKartu": card}, "poli": {"kdPoli": poli}, "noUrut": number}

    def test_padded(self):
        outcome = self._verify(self._row("0001000000001 ", "001 ", "A1 "))
        self.assertNotEqual(outcome.kind, "unsent", "it is there")

    def test_number_odd(self):
        for number in ("", " ", "A1\0"):
            outcome = self._verify(self._row(number=number))
            with self.subTest(number=number):
                kept = outcome.data.get("no_urut")
                self.assertFalse(
                    outcome.kind == SUCCESS and (not kept.strip() or "\0" in kept), outcome
                )

    def test_count_is_too_low(self):
        pages = [[self._row(f"00010000001{n:02d}") for n in range(15)], [self._row()], []]

        def call(request):
            start = int(request.path.split("/")[-2])
            rows = pages[0] if start == 0 else pages[1] if start == 15 else []
            return _says({"count": 1, "list": rows})(request)

        request = pcare.pendaftaran_add(
            kd_provider_peserta="0001R001",
            tanggal=self.company._antrean_today(),
            no_kartu="0001000000001",
            kd_poli="001",
        )
        self.assertNotEqual(JOB_TYPES[P].verify(call, request).kind, "unsent")

    def test_delete_refused_and_number_with_a_sign(self):
        request = pcare.pendaftaran_delete(
            "0001000000001", self.company._antrean_today(), "A/1", "001"
        )
        asked = []

        def call(asking):
            asked.append(asking.path)
            return _says(self._row(number="A/1"))(asking)

        JOB_TYPES[BATAL_P].verify(call, request)
        self.assertEqual(asked, [pcare.pendaftaran_get("A/1", self.company._antrean_today()).path])


@tagged("post_install", "-at_install")
class TestBreakEngine(VisitCase):
    def test_a_poli_that_is_not_found_cancels_nobody(self):
        antrean = self._ok(self._pasien(1))
        self.simulator.fault(
            ANTREAN, "say", code=201, message="Poli tidak ditemukan", path="/antrean/batal"
        )
        self._batalkan(antrean)
        self._run_engine()
        self.assertEqual(self._alive()[1], 1, "BPJS has it still")
        self.assertEqual(self._job(antrean, BATAL_A).state, "failed")

    def test_the_answer_is_about_another_member(self):
        pasien = self._pasien(1, kd_provider_peserta=False)
        antrean = self._daftarkan(pasien)
        self.simulator.fault(
            PCARE,
            "say",
            code=200,
            message="OK",
            response={"noKartu": "0001000000077", "kdProviderPst": {"kdProvider": "0002R002"}},
            encrypted=True,
            path="/peserta/*",
        )
        self._run_engine()
        self.assertNotEqual(pasien.kd_provider_peserta, "0002R002", self._job(antrean, P).state)

    def test_booked_by_phone_and_an_answer_lost(self):
        pasien = self._pasien(1)
        self.simulator.book_by_phone(
            pasien.no_kartu_bpjs, self.company._antrean_today(), "B-77", kd_poli="001"
        )
        antrean = self._daftarkan(pasien)
        self.simulator.fault(ANTREAN, "drop_before", methods=["POST"])
        self._run_engine()
        job = self._job(antrean, A)
        self.assertEqual(job.state, "success")
        self.assertIn("another queue number", job._note())

    def test_workers_that_die_end_too(self):
        antrean = self._daftarkan(self._pasien(1))
        engine = self.env["bpjs.engine"]
        for _death in range(self.layanan_pcare.max_attempts + 3):
            engine._claim(64)
            antrean.job_ids.filtered("lease_until").write(
                {"lease_until": now(self.env) - timedelta(1)}
            )
            antrean.job_ids.filtered("next_try_at").write(
                {"next_try_at": now(self.env) - timedelta(1)}
            )
        engine._claim(64)
        self.assertEqual(set(antrean.job_ids.mapped("state")), {"failed"})

    def test_a_service_with_jobs_waiting_is_not_deleted(self):
        self._daftarkan(self._pasien(1))
        self.env.flush_all()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.layanan_pcare.with_user(self.admin).unlink()

    def test_what_else_bpjs_was_told(self):
        edits = {
            "norm": lambda e: e.pasien_id.write({"no_rekam_medis": "RM-ZETA"}),
            "kdProviderPeserta": lambda e: e.pasien_id.write({"kd_provider_peserta": "0002R002"}),
        }
        for member, (name, edit) in enumerate(edits.items(), 10):
            with self.subTest(told=name):
                antrean = self._ok(self._pasien(member))
                edit(antrean)
                self.assertIn("gagal", self._statuses(antrean))
        with self.subTest(told="kdTkp"):
            antrean = self._ok(self._pasien(20), kunjungan_sakit=False)
            self.faskes.kd_tkp_sehat = "50"
            self.assertIn("gagal", self._statuses(antrean))
        with self.subTest(told="where"):
            antrean = self._ok(self._pasien(21))
            self.faskes.environment = "development"
            self.assertIn("gagal", self._statuses(antrean))

    def test_why_it_was_not_taken_back_stays(self):
        antrean = self._ok(self._pasien(1))
        antrean.with_user(self.petugas).action_panggil()
        self._run_engine()
        antrean.pasien_id.no_kartu_bpjs = "0001000000040"
        self._resend(antrean)
        self._run_engine()
        self.assertIn("Sudah Dilayani", self._job(antrean, A).message)
        antrean.pasien_id.phone = "0812000099"
        self.assertIn("Sudah Dilayani", self._job(antrean, A).message)

    def test_a_service_that_repeats_the_credentials(self):
        self.simulator.fault(
            PCARE,
            "say",
            times=None,
            code=401,
            message="Password sandi-contoh of klinik-contoh / kunci-pcare-simulator is wrong",
        )
        antrean = self._daftarkan(self._pasien(1))
        self._run_engine()
        job = self._job(antrean, P).with_user(self.petugas)
        layanan = self.layanan_pcare.with_user(self.petugas)
        texts = [job.message, layanan.down_message, *self.faskes.activity_ids.mapped("note")]
        texts += antrean.job_ids.attempt_ids.mapped("message")
        for secret in ("sandi-contoh", "kunci-pcare-simulator"):
            with self.subTest(secret=secret):
                self.assertFalse([text for text in texts if text and secret in text])
