from odoo.tests import tagged

from ..common import EngineCase
from .test_migrations import script


@tagged("post_install", "-at_install")
class TestCodes(EngineCase):
    """BPJS's codes are written as BPJS writes them, whoever types what along."""

    def _records(self):
        """Return (record, field, what is typed, what is kept) of each code."""
        patient = self._pasien(1)
        return [
            (self.poli, "kd_poli_pcare", " 001\t", "001"),
            (self.poli, "kd_poli_antrean", "\u00a0001 ", "001"),
            (self.dokter, "kd_dokter_pcare", " 11101\n", "11101"),
            (self.dokter, "kd_dokter_antrean", " 11101 ", 11101),
            (self.faskes, "kd_provider", " 0001r001 ", "0001R001"),
            (patient, "kd_provider_peserta", " 0001r001", "0001R001"),
        ]

    def _new(self, record, vals):
        """Return another one like a record."""
        if record == self.poli:
            return self._ruangan("Ruang Uji", f"U{len(self.poli.search([]))}", **vals)
        return record.create({"name": "Uji", **vals})

    def test_blanks_typed_along_are_dropped(self):
        for record, name, typed, kept in self._records():
            with self.subTest(field=name):
                record.write({name: typed})
                self.assertEqual(record[name], kept)
                if record != self.faskes:  # of which a company has one
                    self.assertEqual(self._new(record, {name: typed})[name], kept)

    def test_blanks_alone_are_no_code(self):
        for record, name, _typed, kept in self._records():
            if isinstance(kept, str):
                with self.subTest(field=name):
                    record.write({name: " \t"})
                    self.assertIs(record[name], False)

    def test_a_visit_is_registered_with_them(self):
        self.poli.write({"kd_poli_pcare": " 001 ", "kd_poli_antrean": " 001 "})
        self.dokter.kd_dokter_pcare = " 11101 "
        antrean = self._daftarkan(self._pasien(1, kd_provider_peserta=" 0001r001 "))
        self._run_engine()
        self.assertEqual(self._statuses(antrean), ("ok", "ok"))

    def test_those_entered_before_are_mended(self):
        records = [each for each in self._records() if isinstance(each[3], str)]
        records = [each for each in records if each[0] != self.faskes]
        self.env.flush_all()
        for record, name, typed, _kept in records:
            self.env.cr.execute(
                f"UPDATE {record._table} SET {name} = %s WHERE id = %s", (typed, record.id)
            )
        script("pre-kode").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        for record, name, _typed, kept in records:
            with self.subTest(field=name):
                self.assertEqual(record[name], kept)
