from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ...bpjs.referensi import Praktek, Rows
from ...models.mobile_jkn.akun import Akun
from ..common import A, P
from .common import FAILED, NEW, OK, MobileJknCase

KETERANGAN = "Mohon lapor ke loket pendaftaran saat tiba, paling lambat sebelum praktik berakhir."
DATE_FORMAT = "Format Tanggal tidak sesuai, format yang benar adalah yyyy-mm-dd"
TWICE = "Nomor Antrean hanya dapat diambil 1 kali pada Tanggal, Dokter dan Poli yang sama"
NOT_OPEN = "Pendaftaran ke Poli ini tidak tersedia"
PESERTA = {
    "nomorkartu": "0001000000777",
    "nik": "3299000000000777",
    "nomorkk": "3299000000000778",
    "nama": "Peserta Baru",
    "jeniskelamin": "P",
    "tanggallahir": "1990-02-28",
    "alamat": "Jalan Contoh 1",
    "kodeprop": "32",
    "namaprop": "JAWA BARAT",
    "kodedati2": "3299",
    "namadati2": "Kota Contoh",
    "kodekec": "329901",
    "namakec": "Kecamatan Contoh",
    "kodekel": "3299011001",
    "namakel": "Kelurahan Contoh",
    "rw": "002",
    "rt": "001",
    "nohp": "081200000777",
}


@tagged("post_install", "-at_install")
class TestLayanan(MobileJknCase):
    """The six services, in both versions, to the letter of the catalogue."""

    # Booking

    def test_a_member_books(self):
        patient = self._pasien(1)
        code, message, response = self._ambil(patient, kodedokter=11101, jampraktek="00:00-24:00")
        self.assertEqual((code, message), (OK, "Ok"))
        self.assertEqual(
            response,
            {
                "nomorantrean": "A-1",
                "angkaantrean": 1,
                "namapoli": "Poli Umum",
                "sisaantrean": "0",
                "antreanpanggil": "",
                "keterangan": KETERANGAN,
            },
        )
        entry = self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)])
        self.assertEqual((entry.state, entry.sumber), ("dipesan", "mobile_jkn"))
        self.assertEqual((entry.keluhan, entry.penjamin_id), ("Batuk", self.bpjs))

    def test_version_1_has_texts_for_numbers(self):
        _code, _message, response = self._ambil(self._pasien(1), version="")
        self.assertEqual(response["angkaantrean"], "1")

    def test_what_is_refused(self):
        patient = self._pasien(1)
        cases = [
            ({"nomorkartu": ""}, "Nomor Kartu tidak boleh kosong"),
            ({"nomorkartu": None}, "Nomor Kartu tidak boleh kosong"),
            ({"nomorkartu": "000100000001"}, "Nomor Kartu harus 13 digit"),
            ({"nomorkartu": "000100000000A"}, "Format Nomor Kartu tidak sesuai"),
            ({"nik": ""}, "NIK tidak boleh kosong"),
            ({"nik": "32"}, "NIK harus 16 digit"),
            ({"nik": "320000000000000X"}, "Format NIK tidak sesuai"),
            ({"kodepoli": ""}, "Kode Poli tidak boleh kosong"),
            ({"kodepoli": "999"}, "Poli tidak ditemukan"),
            ({"tanggalperiksa": ""}, "Tanggal tidak boleh kosong"),
            ({"tanggalperiksa": "27-11-2026"}, DATE_FORMAT),
            ({"tanggalperiksa": "2026-02-30"}, DATE_FORMAT),
            ({"tanggalperiksa": "2020-01-01"}, "Tanggal Periksa tidak berlaku mundur"),
            ({"tanggalperiksa": str(self.today + timedelta(days=31))}, NOT_OPEN),
            ({"tanggalperiksa": "9999-12-31"}, NOT_OPEN),
            ({"keluhan": " "}, "Keluhan tidak boleh kosong"),
            ({"kodedokter": 99999}, "Dokter tidak ditemukan"),
            ({"kodedokter": "dua"}, "Dokter tidak ditemukan"),
            ({"jampraktek": "01:00-02:00"}, NOT_OPEN),
        ]
        for change, expected in cases:
            for version in ("", "v2/"):
                with self.subTest(change=change, version=version):
                    answer = self._ambil(patient, version=version, **change)
                    self.assertEqual(answer, (FAILED, expected, None))
        self.assertFalse(self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)]))

    def test_the_horizon_is_a_setting(self):
        self.faskes.mobile_jkn_hari = 1
        later = {"tanggalperiksa": str(self.tomorrow + timedelta(days=1))}
        self.assertEqual(self._ambil(self._pasien(1), **later)[1], NOT_OPEN)
        self.assertEqual(
            self._booked(self._pasien(2), tanggalperiksa=str(self.tomorrow)).state, "dipesan"
        )

    def test_once_a_patient_and_poli(self):
        self._booked(self._pasien(1))
        self.assertEqual(self._ambil(self._pasien(2))[0], OK)
        patient = self.env["res.partner"].search([("nik", "=", "3200000000000001")])
        self.assertEqual(self._ambil(patient), (FAILED, TWICE, None))
        self.assertEqual(self._ambil(patient, tanggalperiksa=str(self.tomorrow))[0], OK)

    def test_who_stands_in_the_queue_already(self):
        patient = self._pasien(1)
        self._daftarkan(patient, penjamin_id=self.umum.id)
        self.assertEqual(self._ambil(patient)[1], TWICE)

    def test_places_end(self):
        self.poli.jadwal_ids.kapasitas = 2
        self._booked(self._pasien(1))
        self._daftarkan(self._pasien(2))
        self.assertEqual(self._ambil(self._pasien(3)), (FAILED, "Kuota penuh", None))
        self._batalkan(self.env["antrean.antrean"].search([], limit=1, order="id desc"))
        self.assertEqual(self._ambil(self._pasien(3))[0], OK)

    def test_version_1_gets_the_next_doctor_with_a_place(self):
        other = self.env["antrean.dokter"].create(
            {"name": "dr. Contoh Tiga", "kd_dokter_antrean": 11103}
        )
        hours = {"jam_mulai": 1, "jam_selesai": 24, "dokter_id": other.id, "kapasitas": 1}
        for jadwal in self.poli.jadwal_ids:
            jadwal.copy(hours)
        self.poli.jadwal_ids.filtered(lambda each: each.dokter_id == self.dokter).kapasitas = 1
        doctors = [self._booked(self._pasien(n), version="").dokter_id for n in (1, 2)]
        self.assertEqual(doctors, [self.dokter, other])
        self.assertEqual(self._ambil(self._pasien(3), version="")[1], "Kuota penuh")

    def test_the_end_of_practice_closes(self):
        self.poli.jadwal_ids.write({"jam_mulai": 7, "jam_selesai": 14})
        self._call("GET", "antrean/status/001/2099-01-01")  # has a token that outlives the clock
        self.faskes.mobile_jkn_menit = 24 * 60
        for moment, expected in (("06:59", OK), ("00:00", OK), ("07:00", FAILED)):
            with freeze_time(f"{self.today} {moment}:00"), self.subTest(moment=moment):
                self.token = None
                code, message, _response = self._ambil(self._pasien(1))
                self.assertEqual(code, expected, message)
                if code == FAILED:
                    self.assertEqual(message, "Pendaftaran ke Poli ini sudah tutup")
                else:
                    self._call("PUT", "antrean/batal", self._visit(self._pasien_of(1)))

    def _pasien_of(self, nomor):
        return self.env["res.partner"].search(
            [("nik", "=", str(3200000000000000 + nomor))], limit=1
        )

    def test_what_bpjs_knows_of_the_schedule_counts(self):
        rows = Rows([Praktek(11101, "dr. Contoh Satu", "00:00-23:59", 1)])
        self.env["bpjs.jadwal"]._keep(self.company, self.today, {"001": rows})
        entry = self._booked(self._pasien(1), kodedokter=11101, jampraktek="00:00-23:59")
        self.assertEqual(entry.dokter_id, self.dokter)
        self.assertEqual(self._ambil(self._pasien(2))[1], "Kuota penuh")
        others = Rows([Praktek(11199, "dr. Lain", "00:00-23:59", 60)])
        self.env["bpjs.jadwal"]._keep(self.company, self.today, {"001": others})
        self.assertEqual(self._ambil(self._pasien(2))[1], NOT_OPEN)

    # Patients

    def test_an_unknown_patient_registers_and_books(self):
        visit = {**self._visit(self._pasien(1)), "nomorkartu": "0001000000777"}
        visit["nik"] = PESERTA["nik"]
        text = "Data pasien ini tidak ditemukan, silahkan melakukan registrasi pasien baru"
        self.assertEqual(self._call("POST", "v2/antrean", visit), (NEW, text, None))
        code, message, response = self._call("POST", "peserta", PESERTA)
        self.assertEqual((code, message), (OK, "Ok"))
        patient = self.env["res.partner"].search([("nik", "=", PESERTA["nik"])])
        self.assertEqual(response, {"norm": patient.no_rekam_medis})
        self.assertTrue(patient.no_rekam_medis)
        self.assertEqual(
            (patient.name, patient.no_kartu_bpjs, patient.no_kk, patient.jenis_kelamin),
            ("Peserta Baru", "0001000000777", "3299000000000778", "P"),
        )
        self.assertEqual(
            (str(patient.tanggal_lahir), patient.phone, patient.street, patient.street2),
            (
                "1990-02-28",
                "081200000777",
                "Jalan Contoh 1",
                "RT 001, RW 002, Kel. Kelurahan Contoh, Kec. Kecamatan Contoh",
            ),
        )
        self.assertEqual((patient.city, patient.state_id.code), ("Kota Contoh", "JB"))
        self.assertEqual(self._call("POST", "v2/antrean", visit)[0], OK)

    def test_a_known_patient_is_not_made_again(self):
        text = "Data pasien ini sudah terdaftar"
        patient = self._pasien(1)
        for known in (
            {"nomorkartu": patient.no_kartu_bpjs},
            {"nik": patient.nik},
        ):
            with self.subTest(known=known):
                answer = self._call("POST", "peserta", {**PESERTA, **known})
                self.assertEqual(answer, (FAILED, text, None))
        patient.active = False
        again = {**PESERTA, "nik": patient.nik}
        self.assertEqual(self._call("POST", "peserta", again), (FAILED, text, None))

    def test_a_patient_is_found_by_nik_and_completed(self):
        patient = self._pasien(1, no_kartu_bpjs=False, phone=False)
        visit = {**self._visit(patient), "nomorkartu": "0001000000001", "nohp": "081200009999"}
        self.assertEqual(self._call("POST", "v2/antrean", visit)[0], OK)
        self.assertEqual((patient.no_kartu_bpjs, patient.phone), ("0001000000001", "081200009999"))
        self.assertEqual(self._call("PUT", "antrean/batal", visit)[0], OK)

    def test_a_patient_who_has_another_card_by_now(self):
        """The clinic's record stays as it is; BPJS's card finds the booking, and tells of it."""
        patient = self._pasien(1)
        visit = {**self._visit(patient), "nomorkartu": "0001000000059"}
        self.assertEqual(self._call("POST", "v2/antrean", visit)[0], OK)
        self.assertEqual(patient.no_kartu_bpjs, "0001000000001")
        entry = self.env["antrean.antrean"].search([("pasien_id", "=", patient.id)])
        where = f"antrean/sisapeserta/0001000000059/001/{self.today}"
        self.assertEqual(self._call("GET", where)[2]["nomorantrean"], entry.nomor_antrean)
        entry.with_user(self.petugas).action_hadir()
        self._run_engine()
        self.assertEqual(entry.state, "menunggu")
        self.assertEqual(self._posts("antrean_fktp", "/antrean/add"), 0)
        self.assertEqual(self._call("PUT", "antrean/batal", visit)[0], OK)
        self._run_engine()
        self.assertEqual(self._registered(entry), [])

    def test_an_archived_patient_comes_back(self):
        patient = self._pasien(1, active=False)
        self.assertEqual(self._ambil(patient)[0], OK)
        self.assertTrue(patient.active)

    def test_what_is_refused_of_a_new_patient(self):
        cases = [
            ({"nomorkartu": ""}, "Nomor Kartu tidak boleh kosong"),
            ({"nik": "1"}, "NIK harus 16 digit"),
            ({"nomorkk": ""}, "Nomor KK tidak boleh kosong"),
            ({"nomorkk": "1"}, "Nomor KK harus 16 digit"),
            ({"nomorkk": "329900000000077X"}, "Format Nomor KK tidak sesuai"),
            ({"nama": ""}, "Nama tidak boleh kosong"),
            ({"jeniskelamin": "X"}, "Jenis Kelamin tidak ditemukan"),
            ({"tanggallahir": ""}, "Tanggal tidak boleh kosong"),
            ({"tanggallahir": "28/02/1990"}, DATE_FORMAT),
        ]
        for change, expected in cases:
            with self.subTest(change=change):
                answer = self._call("POST", "peserta", {**PESERTA, **change})
                self.assertEqual(answer, (FAILED, expected, None))
        self.assertFalse(self.env["res.partner"].search([("nik", "=", PESERTA["nik"])]))

    # The queue as members see it

    def test_the_numbers_are_those_of_the_board(self):
        first = self._daftarkan(self._pasien(1))
        self._daftarkan(self._pasien(2))
        third = self._booked(self._pasien(3))
        self._booked(self._pasien(4))
        cancelled = self._daftarkan(self._pasien(5))
        self._batalkan(cancelled)
        first.action_panggil()
        day = f"001/{self.today}"
        code, message, response = self._call("GET", f"antrean/status/{day}")
        self.assertEqual((code, message), (OK, "Ok"))
        numbers = {"totalantrean": "4", "sisaantrean": "3", "antreanpanggil": "A-1"}
        there = {"namapoli": "Poli Umum", "keterangan": KETERANGAN}
        self.assertEqual(response, {**there, **numbers})
        _code, _message, rows = self._call("GET", f"v2/antrean/status/{day}")
        doctor = {"kodedokter": 11101, "namadokter": "dr. Contoh Satu", "jampraktek": "00:00-24:00"}
        self.assertEqual(rows, [{**there, **numbers, "sisaantrean": 3, **doctor}])
        card = third.pasien_id.no_kartu_bpjs
        answer = self._call("GET", f"antrean/sisapeserta/{card}/{day}")
        self.assertEqual(
            answer[2],
            {
                **there,
                "nomorantrean": "A-3",
                "sisaantrean": "1",
                "antreanpanggil": "A-1",
            },
        )

    def test_status_of_each_doctor(self):
        other = self.env["antrean.dokter"].create(
            {"name": "dr. Contoh Tiga", "kd_dokter_antrean": 11103}
        )
        for jadwal in self.poli.jadwal_ids:
            jadwal.copy({"jam_mulai": 1, "jam_selesai": 24, "dokter_id": other.id})
        self._booked(self._pasien(1), kodedokter=11103)
        self._booked(self._pasien(2), kodedokter=11101)
        self._booked(self._pasien(3), kodedokter=11103)
        _code, _message, rows = self._call("GET", f"v2/antrean/status/001/{self.today}")
        totals = {row["kodedokter"]: row["totalantrean"] for row in rows}
        self.assertEqual(totals, {11101: "1", 11103: "2"})
        place = self._call("GET", f"antrean/sisapeserta/0001000000003/001/{self.today}")[2]
        self.assertEqual(place["sisaantrean"], "1")

    def test_status_that_is_refused(self):
        cases = [
            (f"999/{self.today}", "Poli tidak ditemukan"),
            (f"/{self.today}", "Kode Poli tidak boleh kosong"),
            ("001", "Tanggal tidak boleh kosong"),
            ("001/kemarin", DATE_FORMAT),
            ("001/2020-01-01", "Tanggal Periksa tidak berlaku mundur"),
            ("001/2099-01-01", NOT_OPEN),
        ]
        for where, expected in cases:
            for version in ("", "v2/"):
                with self.subTest(where=where, version=version):
                    answer = self._call("GET", f"{version}antrean/status/{where}")
                    self.assertEqual(answer, (FAILED, expected, None))

    def test_places_that_are_not_there(self):
        day = f"001/{self.today}"
        cases = [
            (f"0001000000001/{day}", "Antrean Tidak Ditemukan"),
            (f"/{day}", "Nomor Kartu tidak boleh kosong"),
            (f"1/{day}", "Nomor Kartu harus 13 digit"),
            (f"0001000000001/999/{self.today}", "Poli tidak ditemukan"),
            ("0001000000001/001/x", DATE_FORMAT),
        ]
        for where, expected in cases:
            with self.subTest(where=where):
                answer = self._call("GET", f"antrean/sisapeserta/{where}")
                self.assertEqual(answer, (FAILED, expected, None))

    def test_a_number_of_the_desk_is_known_once_bpjs_has_it(self):
        entry = self._daftarkan(self._pasien(1))
        where = f"antrean/sisapeserta/0001000000001/001/{self.today}"
        self.assertEqual(self._call("GET", where)[1], "Antrean Tidak Ditemukan")
        self._run_engine()
        self.assertEqual(self._call("GET", where)[2]["nomorantrean"], entry.nomor_antrean)

    # Cancelling

    def test_a_member_cancels(self):
        entry = self._booked(self._pasien(1))
        visit = {**self._visit(entry.pasien_id), "keterangan": "Berhalangan hadir"}
        self.assertEqual(self._call("PUT", "v2/antrean/batal", visit), (OK, "Ok", None))
        self.assertEqual((entry.state, entry.alasan_batal), ("batal", "Berhalangan hadir"))
        self.assertEqual(
            self._call("PUT", "antrean/batal", visit), (FAILED, "Antrean sudah dibatalkan", None)
        )
        again = self._booked(entry.pasien_id)
        self.assertEqual(again.nomor_antrean, "A-2")

    def test_version_1_gives_no_reason(self):
        entry = self._booked(self._pasien(1))
        visit = self._visit(entry.pasien_id)
        self._call("PUT", "antrean/batal", visit)
        self.assertEqual(entry.alasan_batal, "Dibatalkan peserta di Mobile JKN")

    def test_cancels_that_are_refused(self):
        entry = self._booked(self._pasien(1))
        visit = self._visit(entry.pasien_id)
        entry.with_user(self.petugas).action_hadir()
        entry.with_user(self.petugas).action_panggil()
        cases = [
            ({}, "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan"),
            ({"nomorkartu": "0001000000002"}, "Antrean Tidak Ditemukan"),
            ({"kodepoli": ""}, "Kode Poli tidak boleh kosong"),
            ({"tanggalperiksa": "x"}, DATE_FORMAT),
            ({"tanggalperiksa": "2020-01-01"}, "Tanggal Periksa tidak berlaku mundur"),
        ]
        for change, expected in cases:
            with self.subTest(change=change):
                answer = self._call("PUT", "antrean/batal", {**visit, **change})
                self.assertEqual(answer, (FAILED, expected, None))
        self.assertEqual(entry.state, "dipanggil")

    # BPJS's side

    def test_bpjs_is_told_of_nothing_it_knows(self):
        entry = self._booked(self._pasien(1))
        self._run_engine()
        self.assertEqual(self._statuses(entry), ("na", "ok"))
        self.assertFalse(entry.can_resend_pcare)
        self.assertEqual(self._posts("antrean_fktp", "/antrean/add"), 0)
        self.assertEqual(self._posts(), 0)
        [job] = entry.get_bpjs_details()["jobs"]
        self.assertIn("booked with Mobile JKN", job["note"])
        self._book_at_bpjs(entry)
        entry.with_user(self.petugas).action_hadir()
        self._run_engine()
        self.assertEqual(self._statuses(entry), ("ok", "ok"))
        self.assertEqual(entry.state, "menunggu")
        entry.with_user(self.petugas).action_panggil()
        self._run_engine()
        [there] = self.simulator.book()["antrean"]
        self.assertEqual(there["status"], "dipanggil")
        self.assertEqual(self._posts("antrean_fktp", "/antrean/add"), 0)
        self.assertEqual(self._posts(), 1)

    def _book_at_bpjs(self, entry):
        self.simulator.book_by_phone(
            entry.pasien_id.no_kartu_bpjs,
            entry.tanggal,
            entry.nomor_antrean,
            kd_poli="001",
            kd_dokter=11101,
            jam="07:00-14:00",
        )

    def test_pcare_at_the_start_of_the_day(self):
        self.faskes.mobile_jkn_pcare = "awal_hari"
        entry = self._booked(self._pasien(1), tanggalperiksa=str(self.tomorrow))
        self.assertFalse(self._job(entry, P))
        with freeze_time(f"{self.tomorrow} 02:00:00"):
            self._run_dipesan()
            self.assertEqual(self._job(entry, P).state, "pending")
        self.assertEqual(entry.state, "dipesan")

    def _run_dipesan(self):
        with self.enter_registry_test_mode():
            self.env.ref("antrean_bpjs.ir_cron_mobile_jkn").method_direct_trigger()

    def test_staff_cancel_and_bpjs_is_told(self):
        entry = self._booked(self._pasien(1))
        self._book_at_bpjs(entry)
        self._batalkan(entry)
        self._run_engine()
        [there] = self.simulator.book()["antrean"]
        self.assertEqual(there["status"], "batal")

    def test_what_mobile_jkn_cancelled_is_not_told_back(self):
        entry = self._booked(self._pasien(1))
        entry.with_user(self.petugas).action_hadir()
        self._run_engine()
        self.assertEqual(len(self._registered(entry)), 1)
        self._call("PUT", "antrean/batal", self._visit(entry.pasien_id))
        self._run_engine()
        self.assertEqual(entry.state, "batal")
        self.assertEqual(self._registered(entry), [])
        self.assertEqual(self._posts("antrean_fktp", "/antrean/batal"), 0)
        self.assertEqual(self._job(entry, A).state, "cancelled")

    def test_who_did_not_come_is_absent_and_bpjs_is_told(self):
        self.poli.jadwal_ids.write({"jam_mulai": 0, "jam_selesai": 23})
        entry = self._booked(self._pasien(1), tanggalperiksa=str(self.tomorrow))
        late = self._booked(self._pasien(2), tanggalperiksa=str(self.tomorrow + timedelta(days=1)))
        self._book_at_bpjs(entry)
        self._run_dipesan()
        self.assertEqual(entry.state, "dipesan")
        with freeze_time(f"{self.tomorrow} 16:01:00"):  # 23:01 in Jakarta
            self._run_dipesan()
        self.assertEqual((entry.state, entry.tidak_hadir), ("dipanggil", True))
        self.assertEqual(late.state, "dipesan")
        self.dokter.name = "dr. Contoh Lain"  # has each entry look what it owes
        self.assertFalse(self._job(entry, P))
        self._job(entry, "panggil_antrean_fktp").next_try_at = self.env.cr.now()
        self._run_engine()
        [there] = self.simulator.book()["antrean"]
        self.assertEqual(there["status"], "tidak hadir")

    def test_who_was_absent_and_comes_after_all(self):
        absent = [self._booked(self._pasien(n)) for n in (1, 2)]
        for entry in absent:
            entry._absent_from_booking()
        absent[0].with_user(self.petugas).action_kembalikan()
        absent[1].with_user(self.petugas).action_panggil()
        self.assertEqual([entry.state for entry in absent], ["menunggu", "dipanggil"])
        self.assertEqual([self._job(entry, P).state for entry in absent], ["pending"] * 2)

    def test_absence_by_itself_is_a_setting(self):
        self.faskes.mobile_jkn_tidak_hadir = False
        entry = self._booked(self._pasien(1))
        with freeze_time(f"{self.tomorrow} 02:00:00"):
            self._run_dipesan()
        self.assertEqual(entry.state, "dipesan")

    def test_present_on_another_day_is_refused(self):
        entry = self._booked(self._pasien(1), tanggalperiksa=str(self.tomorrow))
        with self.assertRaisesRegex(Exception, "is booked for"):
            entry.with_user(self.petugas).action_hadir()
        self.assertEqual(entry.state, "dipesan")

    # Cost

    def test_the_number_of_queries_does_not_grow(self):
        self._booked(self._pasien(1))
        where = (
            f"antrean/status/001/{self.today}",
            f"v2/antrean/status/001/{self.today}",
            f"antrean/sisapeserta/0001000000001/001/{self.today}",
        )
        few = [self._queries(path) for path in where]
        for n in range(2, 40):
            self._daftarkan(self._pasien(n))
        self.assertEqual([self._queries(path) for path in where], few)
        self.assertLess(max(few), 12)

    def _queries(self, path):
        """Return how many queries a call takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        akun = Akun.of(self.env, self.faskes.kd_provider)
        service = self.env["mobile.jkn"]._at(akun)
        steps = path.split("/")
        version = 2 if steps[0] == "v2" else 1
        method = f"_{steps[version]}"
        values = steps[version + 1 :]
        before = self.env.cr.sql_log_count
        getattr(service, method)(akun, version, *values)
        return self.env.cr.sql_log_count - before
