from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ...models.antrean.antrean_alur import ENTERED
from ..common import AntreanCase

FORGED = {
    "state": "selesai",
    "nomor_antrean": "A-99",
    "angka_antrean": 99,
    "tanggal": "2020-02-03",
    "company_id": 1,
    "nomor_antrean_pcare": "A99",
    "dipanggil_at": "2020-02-03 01:00:00",
    "tidak_hadir": True,
    "alasan_batal": "Permintaan pasien",
    "diterima_gagal_uid": 1,
    "diterima_gagal_at": "2020-02-03 01:00:00",
    "diterima_gagal_error": "P: -",
    "job_ids": [(5, 0, 0)],
}
IMPORTABLE = {"state", "tanggal", "dipanggil_at", "tidak_hadir", "alasan_batal"}


@tagged("post_install", "-at_install")
class TestPerubahan(AntreanCase):
    """Only actions change what only actions may change, whoever calls from outside."""

    def setUp(self):
        super().setUp()
        self.antrean = self._daftarkan(self._pasien(1))
        self.vals = {"pasien_id": self._pasien(2).id, "ruangan_id": self.poli.id}

    def _ways(self, user, vals):
        entries = self.env["antrean.antrean"].with_user(user)
        entry = self.antrean.with_user(user)
        return {
            "write": lambda: entry.write(vals),
            "web_save": lambda: entry.web_save(vals, {}),
            "with other fields": lambda: entry.write({"keluhan": "Batuk", **vals}),
            "create": lambda: entries.create({**self.vals, **vals}),
            "copy": lambda: entry.copy(vals),
        }

    def test_every_way_is_refused(self):
        for name, value in FORGED.items():
            ways = self._ways(self.petugas, {name: value})
            ways |= {f"admin {way}": self._ways(self.admin, {name: value})[way] for way in ways}
            for way in ways:
                if name in IMPORTABLE and way in ("admin create", "admin copy"):
                    continue
                with (
                    self.subTest(field=name, way=way),
                    self.assertRaises(AccessError) as caught,
                    self.env.cr.savepoint(),
                ):
                    ways[way]()
                self.assertIn("Cancel Entry", str(caught.exception))

    def test_no_default_does_it_either(self):
        entries = self.env["antrean.antrean"].with_user(self.petugas)
        for name in ("state", "tanggal", "dipanggil_at", "alasan_batal", "nomor_antrean_pcare"):
            self.env["ir.default"].with_user(self.petugas).set(
                "antrean.antrean", name, FORGED[name], user_id=True
            )
        context = {f"default_{name}": value for name, value in FORGED.items()}
        for member, forged in ((3, entries), (4, entries.with_context(**context))):
            entry = forged.create({**self.vals, "pasien_id": self._pasien(member).id})
            self.assertEqual(entry.state, "menunggu")
            self.assertEqual(entry.tanggal, self.company._antrean_today())
            self.assertEqual(entry.company_id, self.company)
            self.assertFalse(entry.dipanggil_at or entry.alasan_batal or entry.nomor_antrean_pcare)
            self.assertEqual(len(entry.sudo().job_ids), 2)

    def test_a_copy_is_a_new_entry_of_today(self):
        self._batalkan(self.antrean)
        copy = self.antrean.with_user(self.petugas).copy()
        self.assertEqual((copy.state, copy.nomor_antrean), ("menunggu", "A-2"))
        self.assertFalse(copy.alasan_batal)

    def test_actions_do_it_for_who_may(self):
        antrean = self.antrean.with_user(self.petugas)
        antrean.action_panggil()
        antrean.action_tidak_hadir()
        self.assertEqual((antrean.state, antrean.tidak_hadir), ("dipanggil", True))
        self.assertEqual(antrean.write_uid, self.petugas)
        stranger = self._stranger("petugas")
        with self.assertRaises(AccessError):
            self.antrean.with_user(stranger).with_context(
                allowed_company_ids=stranger.company_ids.ids
            ).action_panggil()

    def test_what_is_closed_is_read_only_on_the_form(self):
        antrean = self.antrean.with_user(self.petugas)
        self.assertEqual(
            self._enterable(antrean), {"penjamin_id", "kunjungan_sakit", "jadwal_id", "keluhan"}
        )
        antrean._terima()
        self.assertFalse(self._enterable(antrean))
        antrean.action_selesai()
        self.assertFalse(self._enterable(antrean))
        other = self._daftarkan(self._pasien(3)).with_user(self.petugas)
        self._batalkan(other)
        self.assertFalse(self._enterable(other))

    def _enterable(self, antrean):
        """Return which of its fields the form of an entry lets staff change."""
        form = Form(antrean)
        return {name for name in ENTERED if not form._get_modifier(name, "readonly")}

    # Import

    def _load(self, user, **columns):
        columns = {
            "pasien_id/.id": str(self._pasien(5).id),
            "ruangan_id/.id": str(self.poli.id),
            **columns,
        }
        entries = self.env["antrean.antrean"].with_user(user)
        loaded = entries.load(list(columns), [list(columns.values())])
        return entries.browse(loaded["ids"] or []).sudo(), loaded["messages"]

    def test_staff_import_nothing(self):
        for columns in ({}, {"tanggal": "2020-02-03"}, {"state": "selesai"}):
            with self.subTest(columns=columns), self.assertRaises(AccessError):
                self._load(self.petugas, **columns)

    def test_what_administrators_import_of_the_past_is_not_reported(self):
        for member, columns in enumerate(
            [
                {"tanggal": "2020-02-03"},
                {"tanggal": "2020-02-03", "state": "selesai"},
                {"state": "selesai"},
                {"state": "batal", "alasan_batal": "Salah daftar"},
            ],
            71,
        ):
            with self.subTest(columns=columns):
                entry, messages = self._load(self.admin, **columns)
                self.assertFalse(messages)
                self.assertEqual(entry.state, columns.get("state", "menunggu"))
                self.assertTrue(entry.nomor_antrean.startswith("A-"))
                self.assertFalse(entry.job_ids)
                entry.pasien_id.no_kartu_bpjs = f"00010000000{member}"
                entry.penjamin_id.is_bpjs = False
                entry.penjamin_id.is_bpjs = True
                self.assertFalse(entry.job_ids)
                self.assertFalse(entry.can_resend_pcare)

    def test_what_is_of_today_is_reported(self):
        entry, messages = self._load(self.admin)
        self.assertFalse(messages)
        self.assertEqual(len(entry.job_ids), 2)

    def test_numbers_are_given_by_the_queue_also_on_import(self):
        _entry, messages = self._load(self.admin, nomor_antrean="A-99")
        self.assertIn("Queue Number", messages[0]["message"])

    def test_import_does_not_change_entries(self):
        entries = self.env["antrean.antrean"].with_user(self.admin)
        loaded = entries.load([".id", "state"], [[str(self.antrean.id), "selesai"]])
        self.assertFalse(loaded["ids"])
        self.assertIn("State", loaded["messages"][0]["message"])
        self.assertEqual(self.antrean.state, "menunggu")
