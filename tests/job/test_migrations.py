from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unittest.mock import patch

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
        module.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

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

    # The reasons

    def test_old_messages_get_their_reason(self):
        kartu = "noKartu: Nomor kartu tidak valid"
        for number, (message, reason, entry) in enumerate(
            [
                ("Peserta has no BPJS card number. Open the patient …", "no_card", "kartu"),
                ("Peserta belum memiliki NIK. Buka data pasien …", "no_nik", "nik"),
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
