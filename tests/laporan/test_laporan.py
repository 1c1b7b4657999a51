from datetime import datetime, timedelta
from statistics import mean, median

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ...bpjs.outcome import UNSENT, Outcome
from ...bpjs.pcare import PCARE
from ..common import AntreanCase, EngineCase, knows_days

JOBS = ("pendaftaran_pcare", "tambah_antrean_fktp")
WIB = timedelta(hours=7)


class LaporanCase(AntreanCase):
    """A clinic whose past was made by SQL: what happened when is known to the minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.today = cls.company._antrean_today()
        cls.faskes = cls.env["bpjs.faskes"].create(
            {
                "company_id": cls.company.id,
                "cons_id": "10001",
                "secret": "rahasia-simulator",
                "kd_provider": "0001R001",
                "jumlah_peserta": 400,
            }
        )
        cls.gigi = cls._ruangan("Poli Gigi", "G", kd_poli_pcare="002", kd_poli_antrean="002")
        cls.manajemen = cls._user("manajemen", cls.company)

    def _visit(
        self,
        patient,
        day,
        *,
        at=8,
        arrived=0,
        called=None,
        accepted=None,
        done=None,
        jobs=("success", "success"),
        minutes=(1, 1),
        tries=0,
        **vals,
    ):
        """Make a visit that was registered at an hour of the clinic and went so many minutes on."""
        created = datetime.combine(day, datetime.min.time()) + timedelta(hours=at) - WIB
        entry = self.env["antrean.antrean"].create(
            {"pasien_id": patient.id, "ruangan_id": self.poli.id, "tanggal": day, **vals}
        )
        self.env.flush_all()
        after = {
            "create_date": created,
            "menunggu_at": created + timedelta(minutes=arrived),
            "dipanggil_at": called and created + timedelta(minutes=called),
            "diterima_at": accepted and created + timedelta(minutes=accepted),
            "selesai_at": done and created + timedelta(minutes=done),
        }
        self.env.cr.execute(
            "UPDATE antrean_antrean SET create_date = %(create_date)s,"
            " menunggu_at = %(menunggu_at)s, dipanggil_at = %(dipanggil_at)s,"
            " diterima_at = %(diterima_at)s, selesai_at = %(selesai_at)s WHERE id = %(id)s",
            after | {"id": entry.id},
        )
        self.env.cr.execute("DELETE FROM bpjs_job WHERE antrean_id = %s", (entry.id,))
        for job_type, state, count in zip(JOBS, jobs, minutes, strict=True):
            if state:
                self.env.cr.execute(
                    "INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state,"
                    " attempt_count, message, done_at)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                    (
                        entry.id,
                        self.company.id,
                        job_type,
                        "pcare" if job_type == JOBS[0] else "antrean_fktp",
                        state,
                        tries,
                        "Zeta" if state == "failed" else None,
                        created + timedelta(minutes=count) if state == "success" else None,
                    ),
                )
        self.env.invalidate_all()
        return entry

    def _laporan(self, dari=None, sampai=None, tingkat="day", user=None):
        laporan = self.env["antrean.laporan"].with_user(user or self.manajemen)
        begin, end = dari or self.today - timedelta(days=10), sampai or self.today
        return laporan.with_context(lang="en_US").get_laporan(
            fields.Date.to_string(begin), fields.Date.to_string(end), tingkat
        )

    def _count(self, statement, *values):
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        return self.env.cr.fetchone()[0]


@tagged("post_install", "-at_install")
class TestFigures(LaporanCase):
    """The page's figures are those of a plain count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.today - timedelta(days=2)

    def _week(self):
        """Make some days of different visits."""
        for number in range(1, 31):
            self._visit(
                self._pasien(number),
                self.day - timedelta(days=number % 3),
                at=7 + number % 4,
                called=5 + number if number % 5 else None,
                accepted=7 + number,
                done=10 + 2 * number,
                jobs=(
                    "failed" if number % 6 == 0 else "success",
                    None if number % 10 == 0 else "success",
                ),
                minutes=(number, 2 * number),
                tries=int(number % 4 == 0),
                state="batal" if number % 7 == 0 else "selesai",
                alasan_batal="Permintaan pasien" if number % 7 == 0 else False,
                sumber=["loket", "mobile_jkn", "kiosk"][number % 3],
                penjamin_id=self.umum.id if number % 11 == 0 else self.bpjs.id,
            )

    def _sum(self, name, data):
        return sum(row[name] for row in data["seri"])

    def test_against_plain_counts(self):
        self._week()
        data = self._laporan()
        mine = "FROM antrean_antrean e WHERE e.company_id = %s AND "
        told = (
            f"SELECT count(*) {mine} state != 'batal'"
            " AND penjamin_id IN (SELECT id FROM antrean_penjamin WHERE is_bpjs)"
        )
        has = "EXISTS (SELECT FROM bpjs_job j WHERE j.antrean_id = e.id AND j.job_type = '{}' {})"
        expected = {
            "kunjungan": self._count(f"SELECT count(*) {mine} true", self.company.id),
            "bpjs": self._count(told, self.company.id),
        }
        for letter, job_type in zip("pa", JOBS, strict=True):
            for name, more in (
                ("dikirim", ""),
                ("ok", "AND j.state = 'success'"),
                ("sekali", "AND j.state = 'success' AND j.attempt_count = 0"),
            ):
                sent = "true" if letter == "p" else "sumber != 'mobile_jkn'"
                expected[f"{name}_{letter}"] = self._count(
                    f"{told} AND {sent} AND {has.format(job_type, more)}", self.company.id
                )
        expected["di_pcare"] = expected["ok_p"]
        for name, count in expected.items():
            self.assertGreater(count, 0)
            self.assertEqual(data["semua"][name], count, name)
            self.assertEqual(self._sum(name, data), count, name)
        self.assertFalse(data["fasilitas"], "there is one only")
        for source in data["sumber"]:
            plain = f"SELECT count(*) {mine} state != 'batal' AND sumber = %s"
            values = self.company.id, source["sumber"]
            self.assertEqual(source["kunjungan"], self._count(plain, *values))
            self.assertEqual(
                source["dipanggil"], self._count(f"{plain} AND dipanggil_at IS NOT NULL", *values)
            )
        self.assertEqual({row["label"] for row in data["sumber"]}, {"Desk", "Mobile JKN", "Kiosk"})

    def test_by_facility(self):
        self._week()
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        self.manajemen.company_ids += other
        both = self.env["antrean.laporan"].with_context(
            allowed_company_ids=self.manajemen.company_ids.ids
        )
        data = both.with_user(self.manajemen).get_laporan(
            str(self.today - timedelta(days=9)), str(self.today), "month"
        )
        [facility] = data["fasilitas"]
        self.assertEqual((facility["nama"], facility["kunjungan"]), ("Klinik Uji", 30))

    def test_minutes_until_ok(self):
        for number in range(1, 22):
            self._visit(
                self._pasien(number),
                self.day,
                minutes=(number, 0),
                jobs=("success", "failed"),
                state="selesai",
            )
        pcare, antrean = self._laporan()["layanan"]
        self.assertEqual((pcare["label"], pcare["median"], pcare["p95"]), ("PCare", 11, 20))
        self.assertEqual((pcare["sekali"], pcare["dikirim"]), (21, 21))
        self.assertEqual((antrean["median"], antrean["ok"], antrean["dikirim"]), (None, 0, 21))

    def test_what_bpjs_booked_itself_was_not_sent_and_is_owed_to_pcare_from_being_there(self):
        booked = self._visit(self._pasien(1), self.day, at=-10, minutes=(1080, 0),
                             sumber="mobile_jkn", state="selesai")  # fmt: skip
        self.env.cr.execute(
            "UPDATE bpjs_job SET create_date = done_at - interval '2 minutes'"
            " WHERE antrean_id = %s AND job_type = %s",
            (booked.id, JOBS[0]),
        )
        self._visit(self._pasien(2), self.day, minutes=(4, 6), state="selesai")
        by_hand = self._visit(self._pasien(3), self.day, jobs=("success", None), state="selesai")
        self.env.cr.execute(
            "UPDATE bpjs_job SET outcome = 'duplicate' WHERE antrean_id = %s", (by_hand.id,)
        )
        pcare, antrean = self._laporan()["layanan"]
        self.assertEqual((pcare["dikirim"], pcare["sekali"], pcare["median"]), (3, 2, 2))
        self.assertEqual((antrean["dikirim"], antrean["sekali"], antrean["median"]), (1, 1, 6))

    def test_waiting_and_serving(self):
        waits = (10, 20, 60)
        for number, minutes in enumerate(waits, 1):
            self._visit(
                self._pasien(number),
                self.day,
                at=9,
                called=minutes,
                accepted=minutes + 2,
                done=minutes + 2 + 5 * number,
                state="selesai",
            )
        self._visit(self._pasien(4), self.day, at=9, called=300, state="batal",
                    alasan_batal="Permintaan pasien")  # fmt: skip
        data = self._laporan()
        [room] = data["ruangan"]
        self.assertAlmostEqual(room["tunggu"], mean(waits))
        self.assertAlmostEqual(room["layan"], 10)
        self.assertEqual((room["nama"], room["kunjungan"]), ("Poli Umum", 3))
        [hour] = data["jam"]
        self.assertEqual((hour["jam"], hour["dipanggil"]), ("09:00", 3))

    @knows_days
    def test_who_still_waits_today_counts(self):
        """Averages over finished waits alone look best on the worst days."""
        now = fields.Datetime.now()
        midnight = datetime.combine(self.today, datetime.min.time()) - WIB
        since = min(now - midnight, timedelta(minutes=50))
        quick, waiting = (
            self._visit(self._pasien(n), self.today, state="menunggu") for n in (1, 2)
        )
        quick.sudo().write(
            {"state": "dipanggil", "menunggu_at": now - since, "dipanggil_at": now - since}
        )
        waiting.sudo().menunggu_at = now - since
        [room] = self._laporan()["ruangan"]
        self.assertEqual(room["masih_menunggu"], 1)
        self.assertAlmostEqual(room["tunggu"], since.total_seconds() / 60 / 2, delta=1)

    def test_who_booked_waits_from_being_there(self):
        self._visit(self._pasien(1), self.day, at=5, arrived=120, called=150, sumber="mobile_jkn",
                    state="selesai")  # fmt: skip
        self._visit(self._pasien(2), self.day, at=-10, called=60 * 17 + 15, state="selesai")
        mine = [("company_id", "=", self.company.id)]
        waits = self.env["antrean.laporan"].search(mine, order="id").mapped("menit_tunggu")
        self.assertEqual(waits, [30, 15], "registered the day before: from 7 o'clock")
        self.assertEqual(self._laporan()["ruangan"][0]["tunggu"], mean(waits))

    def test_where_nobody_knows_since_when_there_is_no_figure(self):
        closed = self._ruangan("Poli Tutup", "T", kd_poli_pcare="003", kd_poli_antrean="003")
        self._visit(self._pasien(1), self.day, called=30, state="selesai")
        early = self._visit(self._pasien(2), self.day, at=-10, called=60 * 17 + 15, state="selesai",
                            ruangan_id=closed.id)  # fmt: skip
        self.assertFalse(early.jadwal_id)
        self.env.cr.execute(
            "UPDATE antrean_antrean SET menunggu_at = NULL, ruangan_id = %s WHERE id = %s",
            (self.poli.id, self._visit(self._pasien(3), self.day, called=9, state="selesai").id),
        )
        tunggu = {row["nama"]: row["tunggu"] for row in self._laporan()["ruangan"]}
        self.assertEqual(tunggu, {"Poli Umum": 30, "Poli Tutup": None})

    def test_who_booked_and_is_not_here_is_not_owed_to_pcare(self):
        for number, jobs in ((1, (None, "success")), (2, ("success", "success"))):
            self._visit(self._pasien(number), self.day, jobs=jobs, sumber="mobile_jkn")
        data = self._laporan()["semua"]
        self.assertEqual((data["kunjungan"], data["bpjs"], data["di_pcare"]), (2, 1, 1))

    def test_by_week_and_month(self):
        self._week()
        days = self._laporan()["seri"]
        for step in ("week", "month"):
            data = self._laporan(tingkat=step)
            self.assertEqual(self._sum("kunjungan", data), 30)
            self.assertLess(len(data["seri"]), len(days))
            self.assertGreaterEqual(data["seri"][0]["mulai"], data["periode"]["dari"])
            self.assertLessEqual(data["seri"][-1]["sampai"], data["periode"]["sampai"])

    # Contacts

    def _month(self, data, day):
        [row] = [row for row in data["kontak"] if row["bulan"] == str(day.replace(day=1))]
        return row

    def test_a_member_is_one_contact_a_month(self):
        day = self.day.replace(day=3)
        if day > self.day:
            day = (day - timedelta(days=10)).replace(day=3)
        seen, elsewhere, owed, refused, umum = (
            self._pasien(1),
            self._pasien(2, kd_provider_peserta="0002R002"),
            self._pasien(3),
            self._pasien(4),
            self._pasien(5),
        )
        for offset in range(3):
            self._visit(seen, day + timedelta(days=offset), state="selesai")
        self._visit(seen, day, ruangan_id=self.gigi.id, state="selesai")
        self._visit(elsewhere, day, state="selesai")
        self._visit(umum, day, penjamin_id=self.umum.id, jobs=(None, None), state="selesai")
        self._visit(refused, day, state="batal", alasan_batal="Permintaan pasien")
        self._visit(owed, day, jobs=("failed", "success"), state="selesai")
        self._visit(seen, day, ruangan_id=self.gigi.id, jobs=("failed", "success"), state="selesai")
        self.faskes.terutang_hari = 366
        row = self._month(self._laporan(day, self.today), day)
        self.assertEqual((row["kontak"], row["dengan_terutang"]), (1, 2))
        self.assertEqual((row["permil"], row["permil_terutang"]), (2.5, 5.0))
        self.assertEqual(self._laporan()["target"], 150)
        self.faskes.jumlah_peserta = 0
        row = self._month(self._laporan(day, self.today), day)
        self.assertIsNone(row["permil"])

    def test_two_records_of_a_member_are_one_contact(self):
        first, twin = self._pasien(1), self._pasien(1)
        self._visit(first, self.day, state="selesai")
        self._visit(twin, self.day - timedelta(days=1), state="selesai")
        data = self._laporan(self.day, self.day)
        self.assertEqual(sum(row["kontak"] for row in data["kontak"]), 1 + (self.day.day == 1))

    def test_an_imported_visit_counts_by_its_number(self):
        for number, pcare in enumerate(("A7", "0", False), 1):
            self._visit(
                self._pasien(number),
                self.day,
                jobs=(None, None),
                nomor_antrean_pcare=pcare,
                state="selesai",
            )
        self.assertEqual(self._laporan()["semua"]["di_pcare"], 1)

    # Causes

    def test_causes_lead_to_their_jobs(self):
        galat = self.env["bpjs.galat"].create(
            {
                "pattern": "Zeta",
                "penyebab": "Zeta cause",
                "langkah": "Wait",
                "pelaku": "petugas",
                "company_id": self.company.id,
            }
        )
        for number in range(1, 4):
            self._visit(self._pasien(number), self.day, jobs=("failed", "success"), state="selesai")
        self._visit(self._pasien(9), self.today - timedelta(days=30), jobs=("failed", "success"))
        self.env["bpjs.galat"]._explain_anew()
        [cause] = self._laporan()["sebab"]
        self.assertEqual(
            (cause["galat_id"], cause["sebab"], cause["jumlah"]), (galat.id, "Zeta cause", 3)
        )
        jobs = self.env["bpjs.job"].with_user(self.manajemen)
        self.assertEqual(jobs.search_count([("galat_id", "=", galat.id)]), 4)

    # Outages

    def test_minutes_of_outage_by_hour(self):
        morning = datetime.combine(self.day, datetime.min.time()) + timedelta(hours=9) - WIB
        for begin, end in ((40, 75), (130, 140)):
            self.env["bpjs.gangguan"].create(
                {
                    "company_id": self.company.id,
                    "layanan": PCARE,
                    "mulai_at": morning + timedelta(minutes=begin),
                    "selesai_at": morning + timedelta(minutes=end),
                }
            )
        pcare, antrean = self._laporan()["gangguan"]
        self.assertEqual({h: m for h, m in enumerate(pcare["menit"]) if m}, {9: 20, 10: 15, 11: 10})
        self.assertFalse(any(antrean["menit"]))
        pcare, _antrean = self._laporan(self.today, self.today)["gangguan"]
        self.assertFalse(any(pcare["menit"]))

    def test_an_outage_ends_with_its_service(self):
        company = self.company.id
        layanan = self.faskes.layanan_ids.filtered(lambda layanan: layanan.kode == PCARE)
        layanan._mark_down(Outcome(UNSENT, "Zeta", "service"))
        layanan.unlink()
        [outage] = self.env["bpjs.gangguan"].search([("company_id", "=", company)])
        self.assertTrue(outage.selesai_at)

    # The model behind

    def test_graph_and_pivot_say_the_same(self):
        self._week()
        laporan = self.env["antrean.laporan"].with_user(self.manajemen)
        groups = laporan.formatted_read_group([], ["sumber"], ["jumlah:sum", "menit_p:avg"])
        self.assertEqual(sum(group["jumlah:sum"] for group in groups), 30)
        rows = laporan.search([])
        self.assertAlmostEqual(
            median(row.menit_p for row in rows if row.status_p == "ok" and row.state != "batal"),
            self._laporan()["layanan"][0]["median"] or 0,
            delta=1,
        )

    def test_what_is_owed_is_a_list(self):
        owed = self._visit(self._pasien(1), self.day, jobs=("failed", "success"), state="selesai")
        laporan = self.env["antrean.laporan"].with_user(self.manajemen)
        self.assertEqual(laporan.search([("antrean_id.terutang", "=", True)]).antrean_id, owed)
        self.assertEqual(self._laporan()["terutang"], 1)


@tagged("post_install", "-at_install")
class TestRights(LaporanCase):
    def test_who_sees_the_report(self):
        self.assertIn("semua", self._laporan(user=self.admin))
        for user in (self.petugas, new_test_user(self.env, "orang_lain", "base.group_user")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._laporan(user=user)

    def test_management_reads_no_credentials_and_changes_nothing(self):
        for model in ("bpjs.faskes", "bpjs.layanan", "bpjs.attempt", "antrean.antrean"):
            self.assertFalse(self.env[model].with_user(self.manajemen).has_access("read"), model)
        for model in ("antrean.laporan", "bpjs.harian", "bpjs.harian.baris", "bpjs.job"):
            records = self.env[model].with_user(self.manajemen)
            self.assertTrue(records.has_access("read"), model)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))

    def test_another_clinic_is_another_report(self):
        self._visit(self._pasien(1), self.today, state="selesai")
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        stranger = self._user("admin", other)
        laporan = self.env["antrean.laporan"].with_user(stranger)
        laporan = laporan.with_context(allowed_company_ids=other.ids)
        today = str(self.today)
        self.assertEqual(laporan.get_laporan(today, today, "day")["semua"]["kunjungan"], 0)
        self.assertFalse(laporan.search([]))
        curious = laporan.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):
            curious.get_laporan(today, today, "day")

    def test_bad_periods_are_refused(self):
        laporan = self.env["antrean.laporan"].with_user(self.manajemen)
        today = str(self.today)
        for dari, sampai, tingkat in (
            (today, "2020-01-01", "day"),
            ("2020-01-01", today, "day"),
            (today, today, "year"),
            ("", today, "day"),
            ("besok", today, "day"),
        ):
            with self.assertRaises(UserError):
                laporan.get_laporan(dari, sampai, tingkat)

    def test_members_are_not_less_than_none(self):
        with self.assertRaises(ValidationError):
            self.faskes.jumlah_peserta = -1


@tagged("post_install", "-at_install")
class TestTimes(EngineCase):
    def test_when_a_patient_was_accepted_and_done(self):
        entry = self._daftarkan(self._pasien(1)).with_user(self.petugas)
        entry._terima()
        self.assertTrue(entry.diterima_at)
        self.assertFalse(entry.selesai_at)
        entry.action_selesai()
        self.assertGreaterEqual(entry.selesai_at, entry.diterima_at)

    @knows_days
    def test_an_outage_is_noted_from_its_begin_to_its_end(self):
        self.layanan_pcare._mark_down(Outcome(UNSENT, "Zeta", "service"))
        self.layanan_pcare._mark_down(Outcome(UNSENT, "Zeta", "service"))
        outages = self.env["bpjs.gangguan"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            (len(outages), outages.layanan, outages.selesai_at, outages.message),
            (1, PCARE, False, "Zeta"),
        )
        self.layanan_pcare._mark_up()
        self.layanan_pcare._mark_up()
        self.assertGreaterEqual(outages.selesai_at, outages.mulai_at)
