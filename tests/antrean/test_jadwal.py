from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import AntreanCase

MONDAY, TUESDAY = "0", "1"


@tagged("post_install", "-at_install")
class TestJadwal(AntreanCase):
    """Practice hours, also those over midnight."""

    def _hours(self, mulai, selesai, hari=MONDAY):
        return self.env["antrean.jadwal"].create(
            {
                "ruangan_id": self.poli.id,
                "dokter_id": self.dokter.id,
                "hari": hari,
                "jam_mulai": mulai,
                "jam_selesai": selesai,
            }
        )

    def test_an_end_before_the_begin_is_the_next_days(self):
        for mulai, selesai, shown, ends in (
            (7, 14, "07:00-14:00", 14),
            (21, 7, "21:00-07:00", 31),
            (16, 0, "16:00-00:00", 24),
            (16, 24, "16:00-24:00", 24),
            (0, 24, "00:00-24:00", 24),
            (20.5, 4.25, "20:30-04:15", 28.25),
        ):
            with self.subTest(shown=shown):
                hours = self._hours(mulai, selesai)
                self.assertEqual((hours.jam_praktek, hours._ends()), (shown, ends))
                self.assertEqual(hours.display_name, f"dr. Contoh Satu {shown}")

    def test_what_are_no_hours_is_refused(self):
        for mulai, selesai in ((7, 7), (0, 0), (-1, 7), (24, 7), (7, 24.5), (7, -1)):
            with (
                self.subTest(mulai=mulai, selesai=selesai),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._hours(mulai, selesai)

    def test_the_hours_of_the_moment_are_proposed(self):
        """At 02:00 those that began the evening before, as the day of the visit has them."""
        night = {hari: self._hours(21, 7, hari) for hari in (MONDAY, TUESDAY)}
        for utc, hari, proposed in (
            ("2026-03-02 13:00", MONDAY, "21:00-07:00"),  # 20:00 at the facility: they come next
            ("2026-03-02 16:30", MONDAY, "21:00-07:00"),  # 23:30
            ("2026-03-02 17:00", TUESDAY, "21:00-07:00"),  # 00:00
            ("2026-03-02 19:00", TUESDAY, "21:00-07:00"),  # 02:00
            ("2026-03-03 00:00", TUESDAY, "07:00-14:00"),  # 07:00
            ("2026-03-03 06:59", TUESDAY, "07:00-14:00"),  # 13:59
            ("2026-03-03 07:00", TUESDAY, "21:00-07:00"),  # 14:00
        ):
            with self.subTest(utc=utc), freeze_time(utc):
                antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
                self.assertEqual(antrean._weekday(), hari)
                self.assertEqual(antrean.jadwal_id.hari, hari)
                self.assertEqual(antrean.jadwal_id.jam_praktek, proposed)
        self.assertEqual(antrean.jadwal_id, night[TUESDAY])

    def test_where_no_hours_run_the_next_or_the_last_are_proposed(self):
        self._hours(15, 20)
        for utc, proposed in (
            ("2026-03-01 19:00", "07:00-14:00"),  # 02:00
            ("2026-03-02 07:30", "15:00-20:00"),  # 14:30
            ("2026-03-02 14:00", "15:00-20:00"),  # 21:00
        ):
            with self.subTest(utc=utc), freeze_time(utc):
                antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
                self.assertEqual(antrean.jadwal_id.jam_praktek, proposed)

    @freeze_time("2026-03-02 19:00")  # Tuesday, 02:00 at the facility
    def test_of_a_coming_day_the_first_hours_are_proposed(self):
        self._hours(21, 7, "2")
        antrean = self.env["antrean.antrean"].create(
            {
                "pasien_id": self._pasien(1).id,
                "ruangan_id": self.poli.id,
                "penjamin_id": self.umum.id,
                "tanggal": "2026-03-04",
            }
        )
        self.assertEqual(antrean.jadwal_id.jam_praktek, "07:00-14:00")
