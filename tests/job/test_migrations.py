from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...bpjs.outcome import REJECTED
from ..common import AntreanCase, P

FOLDER = Path(__file__).parents[2] / "migrations" / "19.0.1.1.0"


def script(name):
    spec = spec_from_file_location(name, FOLDER / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestMigrations(AntreanCase):
    def _migrate(self, module):
        self.env.flush_all()
        self.env.invalidate_all()
        module.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_what_was_there_was_registered_at_the_desk(self):
        entry = self._daftarkan(self._pasien(1))
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE antrean_antrean DROP COLUMN sumber")
        self._migrate(script("pre-sumber"))
        self.assertEqual(entry.sumber, "loket")

    # The dictionary

    def _shipped(self):
        """Return the dictionary as this version ships it, in the way of `SHIPPED`."""
        self.env.cr.execute(
            """
            SELECT name, sequence,
                   md5(concat_ws('|', pattern, layanan, pelaku, tindakan, penyebab, langkah))
              FROM bpjs_galat
              JOIN ir_model_data data ON model = 'bpjs.galat' AND res_id = bpjs_galat.id
            """
        )
        return {name: (sequence, digest) for name, sequence, digest in self.env.cr.fetchall()}

    def _galat(self, name):
        return self.env.ref(f"antrean_bpjs.galat_{name}").with_user(self.admin)

    def _migrate_dictionary(self):
        """Migrate, and return the names of the entries that do not follow the addon."""
        module = script("pre-galat")
        with patch.object(module, "SHIPPED", self.was):
            self._migrate(module)
        kept = self.env["ir.model.data"].search(
            [("model", "=", "bpjs.galat"), ("noupdate", "=", True)]
        )
        return {name.removeprefix("galat_") for name in kept.mapped("name")}

    def setUp(self):
        super().setUp()
        self.admin.company_ids = self.env["res.company"].search([])  # those of one clinic may not
        self.was = self._shipped()
        self.env["ir.model.data"].search([("model", "=", "bpjs.galat")]).noupdate = True

    def test_what_nobody_touched_follows(self):
        self.assertEqual(self._migrate_dictionary(), set())
        self.assertEqual(self._shipped(), self.was)

    def test_what_was_changed_stays_and_what_was_switched_off_follows(self):
        self._galat("kartu").with_context(lang="id_ID").langkah = "Tanyakan ke loket."
        self._galat("nik").active = False
        self._galat("tanggal").write({"pattern": "tanggalan", "active": False})
        self.assertEqual(self._migrate_dictionary(), {"kartu", "tanggal"})
        self.assertFalse(self._galat("nik").active)

    def test_what_was_deleted_is_off(self):
        self._galat("batas").unlink()
        self.assertEqual(self._migrate_dictionary(), set())
        self.assertFalse(self._galat("batas").active)

    def test_what_was_dragged_stays_where_it_was(self):
        vals = {"penyebab": "-", "pelaku": "admin", "langkah": "-"}
        own = self.env["bpjs.galat"].with_user(self.admin)
        last, first = own.create([vals | {"pattern": text} for text in ("zeta", "yota")])
        rest = self.env["bpjs.galat"].search([("id", "not in", [first.id, last.id])])
        moved = self._galat("skrining").sudo()
        order = [first, *(rest - moved), moved, last]
        for number, galat in enumerate(order):  # as the web client renumbers a list
            galat.with_user(self.admin).sequence = number
        self.assertEqual(self._migrate_dictionary(), {"skrining"})
        for name, (sequence, _digest) in self.was.items():  # as the update does
            galat = self._galat(name.removeprefix("galat_")).sudo()
            if galat != moved:
                galat.sequence = sequence
        dictionary = self.env["bpjs.galat"].search([])
        self.assertEqual(dictionary.ids, [galat.id for galat in order])

    def test_patterns_that_are_not_understood_any_more_are_archived_and_named(self):
        faskes = self.env["bpjs.faskes"].create({"cons_id": "10001", "secret": "rahasia"})
        vals = {"pelaku": "admin", "langkah": "-"}
        good, bad = self.env["bpjs.galat"].create(
            [{**vals, "pattern": name, "penyebab": name.title()} for name in ("yota", "zeta")]
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE bpjs_galat SET pattern = '(?=<b>)' WHERE id = %s", [bad.id])
        self._migrate(script("end-pola"))
        self.assertEqual((good.active, bad.active), (True, False))
        self.assertEqual(faskes.activity_ids.user_id, faskes._admins())
        note = faskes.activity_ids[:1].note
        self.assertIn("(?=&lt;b&gt;): Zeta", note)
        self.assertNotIn("Yota", note)
        with self.assertRaises(ValidationError):
            bad.active = True
        bad.write({"pattern": "zeta", "active": True})
        self._migrate(script("end-pola"))
        self.assertTrue(bad.active)

    # The reasons

    def test_old_messages_get_their_reason(self):
        kartu = "noKartu: Nomor kartu tidak valid"
        for number, (message, reason, entry) in enumerate(
            [
                ("Peserta has no BPJS card number. Open the patient …", "no_card", "kartu"),
                ("Peserta belum memiliki NIK. Buka data pasien …", "no_nik", "nik_kosong"),
                ("Sambungan ke BPJS terputus", "connection_lost", "jawaban_hilang"),
                (
                    "PCare gave no answer in 12 tries, so it is not known whether this visit "
                    "arrived. Resend it: what BPJS has is looked up first.",
                    "given_up",
                    "tidak_ada_jawaban",
                ),
                (
                    "PCare tidak menjawab dalam 12 percobaan, jadi belum diketahui apakah BPJS "
                    "sudah membatalkan kunjungan ini. Kirim ulang pembatalan: …",
                    "given_up_undo",
                    "batal_tidak_dijawab",
                ),
                ("HTTP 400 without a readable answer (empty)", "empty", "jawaban_hilang"),
                ("HTTP 403 without a readable answer (no code): {}", "no_code", "user_key"),
                (kartu, False, "kartu"),
            ],
            1,
        ):
            with self.subTest(message=message):
                antrean = self._daftarkan(self._pasien(number))
                job = antrean.job_ids.filtered(lambda job: job.job_type == P)
                job._finish("failed", outcome=REJECTED, message=message)
                self._migrate(script("post-reason"))
                self.assertEqual(job.reason, reason)
                self.assertEqual(job.galat_id, self.env.ref(f"antrean_bpjs.galat_{entry}"))


@tagged("post_install", "-at_install")
class TestDoubles(AntreanCase):
    """What an older database has twice stays as it is, and its administrators are told."""

    def setUp(self):
        super().setUp()
        self.faskes = self.env["bpjs.faskes"].create(
            {"company_id": self.company.id, "cons_id": "1", "secret": "x"}
        )

    def _migrate(self, name):
        self.env.flush_all()
        self.env.invalidate_all()
        script(name).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_zeros_are_forgotten(self):
        zeros, other = self._pasien(1), self._pasien(2)
        self.env.cr.execute(
            "UPDATE res_partner SET nik = repeat('0', 16), no_kartu_bpjs = repeat('9', 13)"
            " WHERE id = %s",
            (zeros.id,),
        )
        self._migrate("pre-nomor")
        self.assertFalse(zeros.nik or zeros.no_kartu_bpjs)
        self.assertEqual((other.nik, other.no_kartu_bpjs), ("3200000000000002", "0001000000002"))

    def test_administrators_are_told(self):
        one, two = (self._pasien(1, name=f"<b>Kembar {n}") for n in ("Satu", "Dua"))
        self._pasien(2, name="Sendiri")
        self._ruangan("Poli Lama", "Z")
        twin_room = self._ruangan("Poli Baru", "Y")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE antrean_ruangan SET kode_antrean = 'z' WHERE id = %s", (twin_room.id,)
        )
        self._migrate("end-ganda")
        activity = self.faskes.activity_ids
        self.assertEqual(activity.user_id, self.admin)
        for words in ("&lt;b&gt;Kembar Satu", "Kembar Dua", "Z (Poli Lama)", "z (Poli Baru)"):
            self.assertIn(words, activity.note)
        for words in ("Sendiri", one.no_kartu_bpjs, two.nik):
            self.assertNotIn(words, activity.note)
        twin_room.with_user(self.admin).name = "Poli Baru Sekali"  # its letter is as it was
        activity.unlink()
        two.write({"nik": False, "no_kartu_bpjs": False})
        twin_room.kode_antrean = "Y"
        self._migrate("end-ganda")
        self.assertFalse(self.faskes.activity_ids)

    def test_two_entries_of_one_visit_stop_nobody(self):
        first, second = self._daftarkan(self._pasien(1)), self._daftarkan(self._pasien(2))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET no_kartu_bpjs = %s WHERE id = %s",
            (first.pasien_id.no_kartu_bpjs, second.pasien_id.id),
        )
        self.env.cr.execute("UPDATE bpjs_job SET visit_key = NULL")
        self.env.invalidate_all()
        with patch.object(self.env.registry, "ready", False):  # as while it is updated
            self.poli.name = "Poli Umum 1"
        self._migrate("post-visit")
        self.poli.name = "Poli Umum 2"
        second.with_user(self.petugas).action_panggil()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._daftarkan(first.pasien_id)
        self.assertTrue(first.job_ids.filtered("visit_key"))
