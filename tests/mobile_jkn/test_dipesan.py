from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...words import BOOKED_OTHERWISE
from ..common import ANTREAN
from .common import OK, MobileJknCase


@tagged("post_install", "-at_install")
class TestDipesan(MobileJknCase):
    """Bookings on the board."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env,
            "petugas_jkn",
            "antrean_bpjs.group_antrean_admin,base.group_system",  # who lets the engine run
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _columns(self, *domain):
        """Return whether each column of the board is folded, by state."""
        entries = self.env["antrean.antrean"].with_user(self.operator)
        groups = entries.formatted_read_group([*domain], ["state"], ["__count"])
        return {group["state"]: bool(group.get("__fold")) for group in groups}

    def test_the_column_of_the_booked_is_there_when_needed(self):
        self.assertNotIn("dipesan", self._columns(("company_id", "=", self.company.id)))
        self._booked(self._pasien(1), tanggalperiksa=str(self.tomorrow))
        self.assertTrue(self._columns()["dipesan"])
        self.assertNotIn("dipesan", self._columns(("hari_ini", "=", True)))

    def test_it_is_open_on_the_day(self):
        self._booked(self._pasien(1))
        self.assertEqual(self._columns(("hari_ini", "=", True))["dipesan"], False)
        self.assertFalse(any(self._columns().values()))

    def test_the_patient_is_present(self):
        self._booked(self._pasien(1))
        self.start_tour("/odoo/antrean", "antrean_bpjs_hadir", login="petugas_jkn")

    def test_the_sheet_for_bpjs(self):
        self._auth()
        uji = self.env["mobile.jkn.uji"].create(
            {
                "company_id": self.company.id,
                "alamat": "https://klinik.example/mobile-jkn/0001U001",
                "langkah_ids": [
                    Command.create(
                        {
                            "sequence": 1,
                            "layanan": "Auth",
                            "skenario": "Password salah",
                            "harapan": "201 Username atau Password Tidak Sesuai",
                            "jawaban": '{"metadata": {}}',
                            "lulus": True,
                        }
                    )
                ],
            }
        )
        report = "antrean_bpjs.mobile_jkn_uji_report"
        sheet, kind = self.env["ir.actions.report"]._render_qweb_html(report, uji.ids)
        self.assertEqual(kind, "html")
        for text in ("Password salah", "Klinik Uji", "https://klinik.example", "Lulus"):
            self.assertIn(text, sheet.decode())
        self.assertEqual((uji.jumlah_lulus, uji.lulus), (1, True))

    def test_a_booking_that_is_changed(self):
        """Another card is another booking to BPJS: the badge says so until it is as it was, and
        nothing takes the member's booking back by itself.
        """
        self.faskes.perbaiki_otomatis = True
        entry = self._booked(self._pasien(1))
        self.assertEqual(self._statuses(entry), ("na", "ok"))
        card = entry.pasien_id.no_kartu_bpjs
        entry.pasien_id.no_kartu_bpjs = "0001000000059"
        self.assertEqual(entry.status_tambah_antrean_fktp, "gagal")
        job = self._job(entry, "tambah_antrean_fktp")
        self.assertEqual(job.reason, BOOKED_OTHERWISE)
        self.assertEqual(job.galat_id, self.env.ref("antrean_bpjs.galat_beda_dipesan"))
        self.assertTrue(entry.can_resend_pcare)
        self._run_engine()
        self.assertEqual(self._posts(ANTREAN, "/antrean/batal"), 0)
        self.assertEqual(self._posts(ANTREAN, "/antrean/add"), 0)
        entry.pasien_id.no_kartu_bpjs = card
        self.assertEqual(entry.status_tambah_antrean_fktp, "ok")

    def test_what_only_actions_do(self):
        entry = self._booked(self._pasien(1)).with_user(self.operator)
        for action in (entry.action_panggil, entry.action_terima):
            with self.subTest(action=action.__name__), self.assertRaisesRegex(Exception, "Booked"):
                action()
        self.assertEqual(entry.state, "dipesan")
        with self.assertRaisesRegex(Exception, "cannot be entered"):
            entry.sumber = "loket"
        self.assertEqual(self._call("PUT", "antrean/batal", self._visit(entry.pasien_id))[0], OK)
