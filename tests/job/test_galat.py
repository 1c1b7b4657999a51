import time
from ast import literal_eval
from base64 import b64decode
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.convert import convert_file

from ...bpjs import reason
from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.outcome import REJECTED, SUCCESS, UNKNOWN, Outcome
from ...bpjs.pcare import PCARE
from ...bpjs.referensi import Praktek, Rows
from ...jobs import JOB_TYPES
from ...models.faskes import bpjs_gangguan
from ...models.job import bpjs_galat, bpjs_job_limits
from ...models.job.bpjs_job import OUTDATED
from ...words import (
    BOOKED_OTHERWISE,
    GIVEN_UP,
    GIVEN_UP_UNDO,
    HELD,
    NO_REQUEST,
    NOT_TAKEN_BACK,
    NOT_TOLD,
    TOLD_OTHERWISE,
    WORDS,
    WORKER_ENDED,
    in_words,
)
from ..common import (
    DITOLAK_ANTREAN,
    DITOLAK_PCARE,
    SKRINING,
    TIDAK_AKTIF,
    A,
    AntreanCase,
    EngineCase,
    P,
    knows_days,
)

FORM = "https://webskrining.bpjs-kesehatan.go.id/skrining"
DI_ENTRI = "Peserta sudah di-entri di poli yang sama pada hari yang sama."
NEWTONSOFT = "Cannot access child value on Newtonsoft.Json.Linq.JValue."

# What BPJS answers to the next registration, and the entry of the dictionary that explains it:
# service, fault, what it is to say, entry, who acts, button that staff get.
SAID = [
    (PCARE, 412, "Nomor kartu tidak valid", "kartu", "Staff", "patient"),
    (PCARE, 412, "noKartu tidak boleh kosong", "kartu", "Staff", "patient"),
    (PCARE, 412, "Poli tidak ditemukan", "poli", "Administrator", ""),
    (PCARE, 412, "Provider peserta tidak ditemukan", "provider", "Staff", "patient"),
    (PCARE, 412, "Pasien tidak aktif", "tidak_aktif", "Patient", "resend"),
    (PCARE, 412, "Status peserta: NON AKTIF. PREMI", "tidak_aktif", "Patient", "resend"),
    (PCARE, 412, "Peserta tidak terdaftar di FKTP Anda", "faskes_lain", "Patient", "resend"),
    (PCARE, 412, "Peserta terdaftar di klinik lain", "faskes_lain", "Patient", "resend"),
    (
        PCARE,
        412,
        "Masa berlaku akun PCare Anda telah berakhir",
        "akun_kedaluwarsa",
        "Administrator",
        "",
    ),
    (
        PCARE,
        412,
        "Password sudah kedaluwarsa, silakan diganti",
        "akun_kedaluwarsa",
        "Administrator",
        "",
    ),
    (ANTREAN, 201, "Kuota antrean dokter sudah habis", "kuota", "Staff", "resend"),
    (ANTREAN, 201, "Pendaftaran ke poli ini sudah tutup jam 11:00", "tutup", "Staff", "resend"),
    (ANTREAN, 201, "Di luar jam pelayanan", "tutup", "Staff", "resend"),
    (ANTREAN, 201, "Sistem dalam pemeliharaan terjadwal", "pemeliharaan", "Just wait", ""),
    (PCARE, 412, "Format tanggal tidak sesuai", "tanggal", "Administrator", ""),
    (PCARE, 412, "beratBadan tidak boleh kosong", "isian", "Staff", "patient"),
    (PCARE, 412, "", "tanpa_alasan", "Staff", "resend"),
    (PCARE, 412, "PRECONDITION_FAILED", "tanpa_alasan", "Staff", "resend"),
    (PCARE, 412, DI_ENTRI, "sudah_terdaftar", "Staff", "resend"),
    (PCARE, 401, DI_ENTRI, "sudah_terdaftar", "Staff", "resend"),
    (PCARE, 428, DI_ENTRI.replace("di-entri", "dientri"), "sudah_terdaftar", "Staff", "resend"),
    (PCARE, 500, "StartIndex cannot be less than zero", "akun_hilang", "Administrator", ""),
    (PCARE, 403, "Authentication failed", "user_key", "Administrator", ""),
    (PCARE, 403, "Limits exceeded", "batas", "Just wait", ""),
    (PCARE, 408, "REQUEST_TIMEOUT", "jawaban_hilang", "Just wait", ""),
    (PCARE, 424, "FAILED_DEPENDENCY", "kode", "Administrator", ""),
    (PCARE, 500, NEWTONSOFT, "jenis_data", "Administrator", ""),
    (PCARE, 500, "Internal Server Error", "jawaban_hilang", "Just wait", ""),
    (PCARE, 204, "", "jawaban_hilang", "Just wait", ""),
    (ANTREAN, 201, "No Content", "referensi_kosong", "Administrator", ""),
    (ANTREAN, 201, "Jadwal Dokter tidak ditemukan", "jadwal", "Staff", "resend"),
    (ANTREAN, 201, "Dokter tidak ditemukan", "dokter", "Administrator", ""),
    (ANTREAN, 201, "Poli tidak ditemukan", "poli", "Administrator", ""),
    (ANTREAN, 201, "Data tidak ditemukan", "kode", "Administrator", ""),
    (ANTREAN, 201, "Data Peserta tidak ditemukan", "kartu", "Staff", "patient"),
    (ANTREAN, 201, "Nomor Kartu harus 13 digit", "kartu", "Staff", "patient"),
    (ANTREAN, 201, "NIK harus 16 digit", "nik", "Staff", "patient"),
    (ANTREAN, 201, "Tanggal Periksa tidak berlaku mundur", "tanggal", "Administrator", ""),
    (ANTREAN, 201, "Pasien Sudah Dilayani", "sudah_dilayani", "Staff", ""),
    (ANTREAN, 201, "Antrean Tidak Ditemukan", "antrean_tidak_ada", "Just wait", ""),
]
FAULTS = [
    (PCARE, "wrong_password", "akun", "Administrator", ""),
    (PCARE, "wrong_signature", "signature", "Administrator", ""),
    (ANTREAN, "wrong_signature", "signature", "Administrator", ""),
    (PCARE, "not_registered", "layanan", "Administrator", ""),
    (ANTREAN, "not_registered", "layanan", "Administrator", ""),
    (PCARE, "screening", "skrining", "Patient", "screening"),
    (ANTREAN, "screening", "skrining", "Patient", "screening"),
    (PCARE, "fields_412", "kartu", "Staff", "patient"),
    (PCARE, "limits_exceeded", "batas", "Just wait", ""),
    (PCARE, "html_404", "pengaturan", "Administrator", ""),
    (PCARE, "html_502", "jawaban_hilang", "Just wait", ""),
    (PCARE, "empty", "jawaban_hilang", "Just wait", ""),
    (PCARE, "drop_before", "jawaban_hilang", "Just wait", ""),
    (PCARE, "drop_after", "jawaban_hilang", "Just wait", ""),
    (PCARE, "wrong_encryption", "jawaban_hilang", "Just wait", ""),
]
PATIENTS = [
    (SKRINING, P, "skrining", "Patient", "screening"),
    (SKRINING, A, "skrining", "Patient", "screening"),
    (DITOLAK_PCARE, P, "kartu", "Staff", "patient"),
    (DITOLAK_ANTREAN, A, "jadwal", "Staff", "resend"),
    (TIDAK_AKTIF, P, "tidak_aktif", "Patient", "resend"),
    (TIDAK_AKTIF, A, "tidak_aktif", "Patient", "resend"),
]
OWN = {  # own words that do not mean that the answer is lost
    reason.UNREACHABLE: "tidak_terhubung",
    NOT_TOLD: "tidak_terkirim",
    reason.NO_CONNECTION_IN_TIME: "tidak_terhubung",
    reason.TLS: "tidak_terhubung",
    reason.PROXY_UNREACHABLE: "tidak_terhubung",
    reason.PROXY_REFUSAL: "tidak_terhubung",
    reason.ENGINE_UNREACHABLE: "tidak_terhubung",
    reason.ENGINE_WSDL: "tidak_terhubung",
    "no_schedule": "jadwal",
    reason.NO_PROVIDER: "kartu",
    reason.CERTIFICATE: "sertifikat",
    reason.CA_BUNDLE: "sertifikat",
    reason.ENGINE_CERTIFICATE: "sertifikat",
    reason.ADDRESS: "pengaturan",
    reason.CHARACTERS: "pengaturan",
    reason.PROXY_ACCOUNT: "pengaturan",
    reason.ENGINE_ACCOUNT: "pengaturan",
    GIVEN_UP: "tidak_ada_jawaban",
    GIVEN_UP_UNDO: "batal_tidak_dijawab",
    NOT_TAKEN_BACK: "tidak_ditarik",
    NO_REQUEST: "kiriman",
    HELD: "dipegang",
    BOOKED_OTHERWISE: "beda_dipesan",
    TOLD_OTHERWISE: "beda",
}
VALUES = {  # for the words of all of them
    "answer": "Pasien Sudah Dilayani",
    "http_status": 502,
    "job": 7,
    "label": "PCare",
    "number": "A-7",
    "patient": "Peserta Contoh",
    "told": "BPJS has NIK …01, entered is …02.",
    "tries": 12,
}
# What names a thing without saying that it is wrong: nobody knows what it means.
UNEXPLAINED = [
    "Silakan lihat jadwal pada aplikasi",
    "Kartu dan NIK sesuai",
    "Tanggal pelayanan dicatat",
    "Terlalu banyak karakter pada keluhan",
    "Dokter tidak aktif",
    "Hubungi petugas poli",
]
PROBLEMS = {  # why an entry is not even sent
    "never_said",
    "no_card",
    "no_jadwal",
    "no_kd_dokter",
    "no_kd_poli",
    "no_nik",
    "no_schedule",
    "other_day",
}
JOB_TYPE = {PCARE: P, ANTREAN: A}


class GalatCase(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = cls.petugas.lang = cls.company.partner_id.lang = "en_US"

    def _details(self, antrean, job_type):
        """Return what a badge shows to staff."""
        details = antrean.with_user(self.petugas).get_bpjs_details()
        return next(job for job in details["jobs"] if job["job_type"] == job_type)

    def _refused(self, member, **vals):
        """Return an entry with what BPJS refused of it."""
        antrean = self._daftarkan(self._pasien(member, **vals), penjamin_id=self.bpjs.id)
        self._run_engine()
        return antrean


@tagged("post_install", "-at_install")
class TestRefusals(GalatCase):
    """From BPJS's answer, over HTTP and through the engine, to what staff read."""

    def _assert_explained(self, antrean, job_type, entry, who, action):
        galat = self.env.ref(f"antrean_bpjs.galat_{entry}")
        details = self._details(antrean, job_type)
        self.assertTrue(details["message"])
        self.assertEqual(details["cause"], galat.penyebab, details["message"])
        self.assertEqual(details["next_step"], galat.langkah)
        self.assertEqual((details["who"], details["action"]), (who, action))
        self.assertEqual(bool(details["url"]), action == "screening")
        return details

    def _meet(self, service, fault, **more):
        """Register a patient whose registration meets the fault, and no other entry."""
        self.simulator.fault(service, fault, methods=["POST"], **more)
        antrean = self._daftarkan(self._pasien(1, name="Pasien Contoh"))
        with (
            patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)),
            patch.object(bpjs_gangguan, "PROBE_SECONDS", (3600,)),
        ):
            self._run_engine()
        return antrean

    def _forget(self, antrean):
        antrean.job_ids.unlink()
        antrean.unlink()
        for layanan in self.faskes.layanan_ids:
            layanan._mark_up()
        self.simulator.reset()

    def test_every_text_of_the_tables(self):
        for service, code, message, *expected in SAID:
            with self.subTest(service=service, code=code, message=message):
                antrean = self._meet(service, "say", code=code, message=message)
                details = self._assert_explained(antrean, JOB_TYPE[service], *expected)
                self.assertIn(message, details["message"])
                self._forget(antrean)

    def test_a_word_alone_explains_nothing(self):
        dictionary = self.env["bpjs.galat"].search([])
        for message in UNEXPLAINED:
            for layanan in (PCARE, ANTREAN):
                with self.subTest(message=message, layanan=layanan):
                    self.assertFalse(dictionary._explaining(layanan, message).penyebab)

    def test_who_was_never_asked_for_lack_of_a_nik(self):
        newborn = self._refused(5, nik=False)
        self._assert_explained(newborn, A, "nik_kosong", "Staff", "patient")
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), 0)

    def test_every_fault(self):
        for service, fault, *expected in FAULTS:
            with self.subTest(service=service, fault=fault):
                antrean = self._meet(service, fault)
                self._assert_explained(antrean, JOB_TYPE[service], *expected)
                self._forget(antrean)

    def test_every_patient_with_a_trouble(self):
        for member, job_type, *expected in PATIENTS:
            with self.subTest(member=member, job_type=job_type):
                antrean = self._refused(member)
                self._assert_explained(antrean, job_type, *expected)
                self._forget(antrean)

    def test_answers_of_an_odd_shape_are_read_as_well(self):
        for service in (PCARE, ANTREAN):
            self.simulator.fault(service, "odd_shape", times=2, methods=["POST"])
        taken = self._refused(1)
        self.assertEqual(self._statuses(taken), ("ok", "ok"))
        self.assertEqual(self._registered(taken), [taken.nomor_antrean_pcare])
        refused = self._refused(DITOLAK_PCARE)
        details = self._assert_explained(refused, P, "kartu", "Staff", "patient")
        self.assertEqual(details["message"], "noKartu: Nomor kartu tidak valid")

    def test_an_answer_that_comes_too_late(self):
        self.layanan_pcare.read_timeout = 1
        self.simulator.fault(PCARE, "delay", seconds=2, methods=["POST"])
        with patch.object(bpjs_job_limits, "RETRY_SECONDS", (3600,)):
            antrean = self._refused(1)
        self._assert_explained(antrean, P, "jawaban_hilang", "Just wait", "")

    def test_a_wrong_user_key(self):
        self.layanan_pcare.user_key = "salah"
        self._assert_explained(self._refused(1), P, "user_key", "Administrator", "")

    def test_no_connection(self):
        self.layanan_pcare.base_url = "http://127.0.0.1:9/nothing-listens-here"
        with patch.object(bpjs_gangguan, "PROBE_SECONDS", (3600,)):
            antrean = self._refused(1)
        self._assert_explained(antrean, P, "tidak_terhubung", "Just wait", "")
        self.assertEqual(self._job(antrean, P).reason, reason.UNREACHABLE)

    def test_our_words_are_kept_in_the_clinics_language_and_by_their_reason(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.company.partner_id.lang = "id_ID"
        antrean = self._meet(PCARE, "html_502")
        words = "HTTP 502 tanpa jawaban yang dapat dibaca (bukan JSON): Bad Gateway"
        job = self._job(antrean, P)
        for kept in (job, job.attempt_id):
            self.assertEqual(kept.reason, reason.NOT_JSON)
            self.assertEqual(kept.message[: len(words)], words)
        self._assert_explained(antrean, P, "jawaban_hilang", "Just wait", "")
        taken = self._job(antrean, A)
        self.assertFalse(taken.reason or taken.message)

    def test_a_worker_that_ended_says_so_in_the_clinics_language(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.company.partner_id.lang = "id_ID"
        job = self._job(self._daftarkan(self._pasien(1)), P)
        job._claim(timedelta())
        job._expire_leases()
        self.assertEqual(job.attempt_id.reason, WORKER_ENDED)
        self.assertEqual(job.attempt_id.message, "Proses pengiriman berhenti tanpa hasil")

    def test_no_answer_many_times(self):
        self.layanan_pcare.write({"settling_seconds": 0, "max_attempts": 2})
        self.env["res.lang"]._activate_lang("id_ID")
        for member, lang in enumerate(("en_US", "id_ID"), 1):
            self.company.partner_id.lang = lang
            self.simulator.fault(PCARE, "drop_before", times=99, methods=["POST"])
            with self.subTest(lang=lang), patch.object(bpjs_job_limits, "RETRY_SECONDS", (0,)):
                antrean = self._refused(member)
                self._assert_explained(antrean, P, "tidak_ada_jawaban", "Staff", "resend")
                self._forget(antrean)

    def test_what_our_own_data_lacks(self):
        """It is said in the clinic's language."""
        self.env["res.lang"]._activate_lang("id_ID")
        for member, lang in ((1, "en_US"), (4, "id_ID")):
            with self.subTest(lang=lang):
                self.company.partner_id.lang = lang
                self.dokter.kd_dokter_antrean = 11101
                no_card = self._refused(member, no_kartu_bpjs=False)
                self._assert_explained(no_card, P, "kartu", "Staff", "patient")
                room = self._ruangan("Ruang Baru", f"B{member}")
                no_code = self._daftarkan(self._pasien(member + 1), room)
                self._run_engine()
                self._assert_explained(no_code, P, "poli", "Administrator", "")
                self._assert_explained(no_code, A, "poli", "Administrator", "")
                room.kd_poli_antrean = "001"
                self._run_engine()
                self._assert_explained(no_code, A, "jadwal", "Staff", "resend")
                self.dokter.kd_dokter_antrean = 0
                no_doctor = self._refused(member + 2)
                self._assert_explained(no_doctor, A, "dokter", "Administrator", "")

    @mute_logger("odoo.addons.antrean_bpjs.models.job.bpjs_job_claim")
    def test_what_cannot_be_put_together(self):
        with patch.object(type(JOB_TYPES[P]), "request", side_effect=ZeroDivisionError):
            antrean = self._refused(1)
        self._assert_explained(antrean, P, "kiriman", "Administrator", "resend")

    def test_what_was_changed_after_bpjs_had_it(self):
        antrean = self._refused(1)
        antrean.pasien_id.nik = "3200000000000055"
        self.assertEqual(self._job(antrean, A).reason, TOLD_OTHERWISE)
        self._assert_explained(antrean, A, "beda", "Staff", "resend")

    def test_a_job_that_went_well_has_nothing_to_explain(self):
        antrean = self._refused(1)
        details = self._details(antrean, P)
        texts = ("message", "cause", "who", "next_step", "action", "url", "qr")
        self.assertEqual([details[name] for name in texts], [""] * len(texts))

    def test_the_screening_form_is_linked_as_bpjs_says(self):
        antrean = self._refused(SKRINING)
        details = self._details(antrean, P)
        self.assertEqual(details["url"], FORM)
        kind, data = details["qr"].split(",")
        self.assertEqual(kind, "data:image/svg+xml;base64")
        self.assertIn(b"<path", b64decode(data))
        job = self._job(antrean, P)
        for link, url in [
            (
                "https://skrining.bpjs-kesehatan.go.id/form?a=1.",
                "https://skrining.bpjs-kesehatan.go.id/form?a=1",
            ),
            ("https://skrining.example.com/bpjs-kesehatan.go.id/", FORM),
            ("https://palsubpjs-kesehatan.go.id/", FORM),
            ("", FORM),
        ]:
            job.message = f"Anda belum melakukan skrining kesehatan {link}"
            self.assertEqual(self._details(antrean, P)["url"], url)

    def test_only_who_can_open_the_settings_is_sent_there(self):
        antrean = self._meet(PCARE, "wrong_password")
        self.assertEqual(self._details(antrean, P)["action"], "")
        [details, _other] = antrean.with_user(self.admin).get_bpjs_details()["jobs"]
        self.assertEqual(details["action"], "settings")


@tagged("post_install", "-at_install")
class TestDictionary(AntreanCase):
    def _galat(self, pattern, **vals):
        return self.env["bpjs.galat"].create(
            {"pattern": pattern, "penyebab": pattern, "pelaku": "admin", "langkah": "-", **vals}
        )

    def _job(self, message, member=1, job_type=P):
        antrean = self._daftarkan(self._pasien(member))
        job = antrean.job_ids.filtered(lambda job: job.job_type == job_type)
        job._finish("failed", outcome=REJECTED, message=message)
        return job

    def test_the_first_match_wins(self):
        job = self._job("Zeta: Poli tidak ditemukan")
        self.assertEqual(job.galat_id, self.env.ref("antrean_bpjs.galat_poli"))
        wide, narrow = self._galat("zeta", sequence=2), self._galat("zeta: poli", sequence=1)
        self.assertEqual(job.galat_id, narrow)
        wide.sequence = 0
        self.assertEqual(job.galat_id, wide)
        wide.layanan = ANTREAN
        self.assertEqual(job.galat_id, narrow)
        narrow.active = False
        self.assertEqual(job.galat_id, self.env.ref("antrean_bpjs.galat_poli"))
        wide.write({"layanan": PCARE, "pattern": "ZETA.*DITEMUKAN$"})
        self.assertEqual(job.galat_id, wide)
        wide.unlink()
        self.assertEqual(job.galat_id, self.env.ref("antrean_bpjs.galat_poli"))

    def test_a_change_of_the_dictionary_writes_only_the_jobs_that_it_changes(self):
        job, other = self._job("Zeta", 1), self._job("Poli tidak ditemukan", 2)
        (job + other).flush_recordset()
        (job + other)._write_multi([{"write_date": "2020-01-01"}] * 2)
        (job + other).invalidate_recordset()
        self._galat("zeta")
        self.env.flush_all()
        self.assertGreater(job.write_date.year, 2020)
        self.assertEqual(other.write_date.year, 2020)

    def test_what_is_no_regular_expression_is_refused(self):
        galat = self._galat("a")
        for pattern in (
            *("(", "*", "[", "\\", "x{1001}", "((x{30}){30}){30}"),
            *("(?=x)", "(?!x)", "(?<=x)", r"(x)\1"),  # what would take longer the longer it looks
        ):
            with self.subTest(pattern=pattern[:9]):
                with self.assertRaisesRegex(ValidationError, "is no regular expression"):
                    self._galat(pattern)
                with self.assertRaises(ValidationError):
                    galat.pattern = pattern

    def test_messages_that_nothing_explains_are_collected(self):
        job, same = self._job("Zeta+ (nomor ••••0001)", 1), self._job("Zeta+ (nomor ••••0002)", 2)
        explained = self._job("Poli tidak ditemukan", 3)
        other = self._job("Zeta (nomor ••••0003)", 4)
        views = self.env["bpjs.job"].with_user(self.admin).get_views([(False, "search")])
        search = etree.fromstring(views["views"]["search"]["arch"])
        [unexplained] = search.xpath("//filter[@name='unexplained']/@domain")
        collected = job + same + explained + other
        self.assertEqual(collected.filtered_domain(literal_eval(unexplained)), job + same + other)

        form = job.with_user(self.admin).action_explain()
        galat = self.env[form["res_model"]].with_user(self.admin).with_context(**form["context"])
        galat = galat.create({"penyebab": "Zeta", "pelaku": "admin", "langkah": "-"})
        self.assertEqual((job + same).galat_id, galat)
        self.assertEqual(collected.filtered_domain(literal_eval(unexplained)), other)

    def test_how_often_and_when_last(self):
        galat = self._galat("zeta")
        self.assertEqual((galat.job_count, galat.last_seen_at), (0, False))
        jobs = self._job("Zeta", 1) + self._job("Zeta", 2)
        for day, job in enumerate(jobs, 1):
            vals = {"job_id": job.id, "started_at": f"2026-01-0{day} 08:00:00"}
            job.attempt_id = self.env["bpjs.attempt"].create(vals)
        galat.invalidate_recordset()
        seen = galat.with_user(self.petugas)
        self.assertEqual((seen.job_count, seen.last_seen_at), (2, datetime(2026, 1, 2, 8)))

    def test_no_pattern_takes_long(self):
        """The message is as long as they get, and nearly fits each of these."""
        job = self._job(("belum " * 333)[:1999] + "?")
        began = time.perf_counter()
        for pattern in (r"^(\w+\s?)*$!", r"(b|be|bel|belu|belum| )*!", r"(.*)*(.*)*(.*)*!"):
            self._galat(pattern, sequence=0)
        self.assertLess(time.perf_counter() - began, 5)
        self.assertFalse(job.galat_id)

    def test_a_pattern_that_cannot_be_used_fits_nothing(self):
        """It is of before patterns were matched so."""
        self._galat("zeta")
        self.env.cr.execute("UPDATE bpjs_galat SET pattern = '(?=zeta)' WHERE pattern = 'zeta'")
        self.env["bpjs.galat"].invalidate_model()
        self.assertFalse(self._job("Zeta").galat_id)

    @mute_logger("odoo.addons.antrean_bpjs.models.job.bpjs_job_galat")
    def test_what_goes_wrong_while_explaining_loses_no_answer(self):
        with patch.object(bpjs_galat, "_compiled", side_effect=ZeroDivisionError):
            job = self._job("Zeta")
            self.env.flush_all()
        self.assertEqual((job.state, job.message), ("failed", "Zeta"))
        self.assertFalse(job.galat_id)

    def test_only_administrators_write_it(self):
        galat = self._galat("zeta")
        as_staff = galat.with_user(self.petugas)
        self.assertEqual(as_staff.penyebab, "zeta")
        for act in (
            lambda: as_staff.write({"penyebab": "-"}),
            as_staff.unlink,
            lambda: as_staff.copy(),
        ):
            with self.assertRaises(AccessError):
                act()
        galat.with_user(self.admin).penyebab = "-"
        self.assertEqual(galat.penyebab, "-")

    def test_all_own_words_are_explained_in_each_language(self):
        dictionary = self.env["bpjs.galat"].search([])
        self.env["res.lang"]._activate_lang("id_ID")
        for lang in ("en_US", "id_ID"):
            env = self.env(context={"lang": lang})
            for code in WORDS:
                said = in_words(env, code, **VALUES)
                entry = self.env.ref(f"antrean_bpjs.galat_{OWN.get(code, 'jawaban_hilang')}")
                self.assertEqual(dictionary._explaining(PCARE, said, code), entry, said)

    def test_there_are_words_for_every_reason(self):
        codes = {value for name, value in vars(reason).items() if name.isupper()}
        self.assertLessEqual(codes, WORDS.keys())
        for job_type in JOB_TYPES.values():
            self.assertLessEqual(job_type.words.keys(), WORDS.keys())

    def test_what_the_dictionary_explains_is_said_somewhere(self):
        """A code that is written otherwise than where it is said would explain nothing."""
        named = {
            code
            for galat in self.env["bpjs.galat"].search([])
            for code in (galat.reasons or "").split()
        }
        said = WORDS.keys() | PROBLEMS
        self.assertEqual(named, said - {reason.NO_MESSAGE})


@tagged("post_install", "-at_install")
class TestUpdate(AntreanCase):
    """What an update of the addon does with the dictionary."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin.company_ids = cls.env["res.company"].search([])  # those of one clinic may not
        cls.galat = cls.env.ref("antrean_bpjs.galat_kartu")
        cls.shipped = cls._read(cls.galat)

    @classmethod
    def _read(cls, galat):
        names = ["pattern", "reasons", "sequence", "penyebab", "langkah", "tindakan", "pelaku"]
        return [galat.with_context(lang=lang).read(names) for lang in ("en_US", "id_ID")]

    def _as_admin(self, galat, lang="id_ID"):
        return galat.with_user(self.admin).with_context(lang=lang)

    def _update(self):
        self.env.flush_all()
        convert_file(self.env, "antrean_bpjs", "data/bpjs_galat.xml", {}, mode="update")
        self.env["ir.module.module"]._get("antrean_bpjs")._update_translations()

    def test_it_mends_what_an_older_version_had(self):
        older = self.galat.with_context(install_mode=True)
        older.write({"pattern": "lama", "reasons": False, "sequence": 5, "langkah": "Old"})
        older.update_field_translations("langkah", {"id_ID": "Lama"})
        self._update()
        self.assertEqual(self._read(self.galat), self.shipped)
        self.assertFalse(self.galat.is_changed)

    def test_it_leaves_what_was_changed_here(self):
        changes = [
            {"pattern": "zeta"},
            {"sequence": 1},
            {"langkah": "Tanyakan ke loket."},
            {"pelaku": "admin", "active": False},
        ]
        for vals in changes:
            with self.subTest(**vals):
                self.galat._shipped().noupdate = False
                self._update()
                self._as_admin(self.galat).write(vals)
                kept = self._read(self.galat)
                self.assertNotEqual(kept, self.shipped)
                self._update()
                self.assertEqual(self._read(self.galat), kept)
                self.assertTrue(self.galat.is_changed)

    def test_it_leaves_a_translation_by_hand(self):
        """The web client writes it in a way of its own."""
        galat = self._as_admin(self.galat)
        galat.update_field_translations("penyebab", {"id_ID": "Nomor kartu salah ketik."})
        self._update()
        self.assertEqual(galat.penyebab, "Nomor kartu salah ketik.")
        self.assertTrue(self.galat.is_changed)

    def test_what_was_switched_off_stays_so_and_is_mended_nevertheless(self):
        self._as_admin(self.galat).active = False
        self.assertFalse(self.galat.is_changed)
        self.galat.with_context(install_mode=True).pattern = "lama"
        self._update()
        self.assertFalse(self.galat.active)
        self.assertEqual(self._read(self.galat), self.shipped)

    def test_it_leaves_the_entries_of_the_clinic(self):
        vals = {"pattern": "zeta", "penyebab": "Zeta", "pelaku": "admin", "langkah": "-"}
        own = self._as_admin(self.env["bpjs.galat"]).create(vals)
        before = self._read(own)
        self._update()
        self.assertEqual(self._read(own), before)
        self.assertFalse(own.is_changed)

    def test_it_brings_back_what_was_deleted_after_a_change(self):
        galat = self._as_admin(self.galat)
        galat.pattern = "zeta"
        galat.unlink()
        self._update()
        [[anew], _indonesian] = self._read(self.env.ref("antrean_bpjs.galat_kartu"))
        [[shipped], _indonesian] = self.shipped
        self.assertEqual(anew | {"id": 0}, shipped | {"id": 0})

    def test_one_that_changes_nothing_looks_no_message_up_again(self):
        with patch.object(type(self.env["bpjs.galat"]), "_explain_anew") as looked_up:
            self._update()
            looked_up.assert_not_called()
            self.galat.with_context(install_mode=True).pattern = "lama"
            self._update()
            self.assertEqual(looked_up.call_count, 2)


@tagged("post_install", "-at_install")
class TestReopen(GalatCase):
    """Refused data is not sent again unchanged, and once changed it is sent by itself."""

    CARD = {"no_kartu_bpjs": "0001000000055"}

    def _change(self, record, **vals):
        record.with_user(self.petugas).write(vals)

    def test_a_changed_card_is_sent_by_itself(self):
        for member in (DITOLAK_PCARE, SKRINING, TIDAK_AKTIF):
            with self.subTest(member=member):
                antrean = self._refused(member)
                self.assertEqual(antrean.status_pendaftaran_pcare, "gagal")
                self._change(antrean.pasien_id, no_kartu_bpjs=f"00010000000{member - 60}")
                self.assertEqual(antrean.status_pendaftaran_pcare, "processing")
                self._run_engine()
                is_known = member == DITOLAK_PCARE  # to Antrean FKTP, by the card before
                expected = ("ok", "gagal" if is_known else "ok")
                self.assertEqual(self._statuses(antrean), expected)

    def test_each_part_of_a_request(self):
        self.simulator.fault(PCARE, "say", code=412, message="Zeta", methods=["POST"], times=99)
        self.simulator.fault(ANTREAN, "say", code=201, message="Zeta", methods=["POST"], times=99)
        antrean = self._refused(1)
        patient, p, a = antrean.pasien_id, self._job(antrean, P), self._job(antrean, A)
        other_hours = antrean.jadwal_id.copy({"jam_mulai": 14, "jam_selesai": 21})
        hours = ["07:00-14:00", "14:00-21:00"]
        rows = Rows(Praktek(kode, "", jam, 60) for kode in (11101, 11103) for jam in hours)
        for kd_poli in ("001", "002"):
            self.env["bpjs.jadwal"]._keep(self.company, antrean.tanggal, {kd_poli: rows})
        self.simulator.reference(
            dokter={"11101": "", "11102": "", "11103": ""},
            jadwal=[
                {"kd_poli": kd_poli, "kd_dokter": row.kd_dokter, "jam": row.jam_praktek}
                for kd_poli in ("001", "002")
                for row in rows
            ],
        )
        for record, vals, jobs in [
            (patient, {**self.CARD, "kd_provider_peserta": "0001R001"}, p + a),
            (patient, {"nik": "3200000000000055"}, a),
            (patient, {"phone": "081200000055"}, a),
            (patient, {"no_rekam_medis": "RM-55"}, a),
            (patient, {"kd_provider_peserta": "0001R002"}, p),
            (self.poli, {"kd_poli_pcare": "002"}, p),
            (self.poli, {"kd_poli_antrean": "002"}, a),
            (self.poli, {"name": "Poli Lain"}, a),
            (self.dokter, {"kd_dokter_antrean": 11103}, a),
            (self.dokter, {"name": "dr. Contoh Tiga"}, a),
            (antrean, {"jadwal_id": other_hours.id}, a),
            (antrean, {"keluhan": "pusing"}, p),
            (antrean, {"kunjungan_sakit": False}, p),
        ]:
            with self.subTest(record=record, vals=vals):
                self._run_engine()
                self.assertEqual((p + a).mapped("state"), ["failed", "failed"])
                before = self.simulator.book()["calls"]
                record.write(vals)
                reopened = (p + a).filtered(lambda job: job.state == "pending")
                self.assertEqual(reopened, jobs)
                self._run_engine()
                after = self.simulator.book()["calls"]
                calls = len(jobs) + len(jobs & a)  # the schedule may be what A is refused for
                self.assertEqual(sum(after.values()) - sum(before.values()), calls)

    def test_what_is_not_sent_changes_nothing(self):
        antrean = self._refused(DITOLAK_PCARE)
        self._change(antrean.pasien_id, no_kartu_bpjs=antrean.pasien_id.no_kartu_bpjs)
        self._change(antrean.pasien_id, name="Nama Lain", email="pasien@example.com")
        self._change(antrean, keluhan=antrean.keluhan)
        antrean.with_user(self.petugas).action_panggil()
        self._run_engine()
        self.assertEqual(antrean.status_pendaftaran_pcare, "gagal")
        self.assertEqual(self._posts(), 1)

    def test_what_was_incomplete_is_sent_once_it_is_complete(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.company.partner_id.lang = "id_ID"  # whoever changes something speaks English
        antrean = self._refused(1, no_kartu_bpjs=False)
        antrean.jadwal_id = False
        self._change(antrean.pasien_id, nik="3200000000000055")
        self.assertEqual(self._statuses(antrean), ("gagal", "gagal"))
        self._change(antrean.pasien_id, **self.CARD)
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "gagal"))
        self.assertIn("Dokter dan jam praktik belum dipilih", antrean.error_tambah_antrean_fktp)

    def test_the_payer_alone_is_no_change(self):
        antrean = self._refused(DITOLAK_PCARE)
        antrean.job_ids.filtered(lambda job: job.state == "success").unlink()
        for payer in (self.umum, self.bpjs):
            self._change(antrean, penjamin_id=payer.id)
        self.assertEqual(self._job(antrean, P).state, "failed")

    def test_what_bpjs_has_or_may_have_is_not_sent_again_by_itself(self):
        antrean = self._refused(1)
        job = self._job(antrean, P)
        self._change(antrean.pasien_id, **self.CARD)
        self.assertEqual((job.state, job.outcome, job.next_try_at), ("failed", OUTDATED, False))
        for state in ("unknown", "failed"):
            with self.subTest(state=state):
                job.write({"state": state, "outcome": UNKNOWN, "next_try_at": False})
                self._change(antrean.pasien_id, no_kartu_bpjs="0001000000056")
                self.assertEqual((job.state, job.next_try_at), (state, False))

    @knows_days
    def test_entries_that_are_over_stay_as_they_are(self):
        cancelled = self._refused(DITOLAK_PCARE)
        self._batalkan(cancelled)
        jobs = self._job(cancelled, P)
        states = jobs.mapped("state")
        past = self._refused(TIDAK_AKTIF)
        past.tanggal -= timedelta(days=1)
        self._change(cancelled.pasien_id, **self.CARD)
        self._change(past.pasien_id, no_kartu_bpjs="0001000000056")
        self.assertEqual(jobs.mapped("state"), states)
        self.assertEqual(self._job(past, P).state, "failed")

    def test_the_day_is_that_of_the_facility_wherever_a_user_is(self):
        self.company.antrean_tz = "Pacific/Midway"
        self.petugas.tz = "Pacific/Kiritimati"  # 25 hours ahead: nearly two days
        with freeze_time("2026-03-02 10:30:00"):
            antrean = self._daftarkan(self._pasien(DITOLAK_PCARE))
            job = self._job(antrean, P)
            job._claim(timedelta(minutes=1))
            job._settle(job.attempt_id, [], Outcome(REJECTED, "Nomor kartu tidak valid"))
            self.assertEqual((str(antrean.tanggal), job.state), ("2026-03-01", "failed"))
            self._change(antrean.pasien_id, **self.CARD)
        self.assertEqual(job.state, "pending")

    @knows_days
    def test_an_entry_of_tomorrow_is_reopened(self):
        antrean = self._refused(DITOLAK_PCARE)
        antrean.tanggal += timedelta(days=1)
        self._change(antrean.pasien_id, **self.CARD)
        self.assertEqual(self._job(antrean, P).state, "pending")

    def test_data_that_changed_while_they_were_refused(self):
        antrean = self._daftarkan(self._pasien(DITOLAK_PCARE))
        job = self._job(antrean, P)
        job._claim(timedelta(minutes=1))
        self._change(antrean.pasien_id, **self.CARD)
        self.assertEqual(job.state, "sending")
        job._settle(job.attempt_id, [], Outcome(REJECTED, "Nomor kartu tidak valid"))
        self.assertEqual(job.state, "pending")
        job._claim(timedelta(minutes=1))
        job._settle(job.attempt_id, [], Outcome(REJECTED, "Nomor kartu tidak valid"))
        self.assertEqual(job.state, "failed", "Nothing has changed since")

    def test_a_late_refusal_leaves_what_is_in_the_air(self):
        antrean = self._refused(DITOLAK_PCARE)
        job = self._job(antrean, P)
        late = job.attempt_id
        self._change(antrean.pasien_id, **self.CARD)
        job._claim(timedelta(minutes=1))
        self._change(antrean.pasien_id, no_kartu_bpjs="0001000000056")
        job._settle(late, [], Outcome(REJECTED, "Nomor kartu tidak valid"))
        self.assertEqual(job.state, "sending")

    def test_a_success_with_the_old_data_is_outdated(self):
        antrean = self._daftarkan(self._pasien(1))
        job = self._job(antrean, P)
        job._claim(timedelta(minutes=1))
        self._change(antrean.pasien_id, **self.CARD)
        job._settle(job.attempt_id, [], Outcome(SUCCESS, "", data={"no_urut": "A7"}))
        self.assertEqual((job.state, job.outcome), ("failed", OUTDATED))
