from odoo.tests import tagged

from ..common import AntreanCase

CARD_FIELDS = {
    name: {}
    for name in (
        "nomor_antrean",
        "state",
        "nomor_antrean_pcare",
        "status_pendaftaran_pcare",
        "error_pendaftaran_pcare",
        "status_tambah_antrean_fktp",
        "error_tambah_antrean_fktp",
        "status_batal",
        "is_bpjs",
    )
} | {
    name: {"fields": {"display_name": {}}}
    for name in ("pasien_id", "ruangan_id", "dokter_id", "penjamin_id")
}


@tagged("post_install", "-at_install")
class TestBoard(AntreanCase):
    def _count_queries(self):
        board = self.env["antrean.antrean"].with_user(self.petugas)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        cards = board.web_search_read([("hari_ini", "=", True)], CARD_FIELDS)["length"]
        return cards, self.env.cr.sql_log_count - before

    def test_query_count_does_not_grow_with_the_cards(self):
        for member in range(1, 4):
            self._daftarkan(self._pasien(member))
        self._count_queries()  # warms the caches of the registry
        few, queries_few = self._count_queries()
        for member in range(4, 61):
            self._daftarkan(self._pasien(member))
        many, queries_many = self._count_queries()
        self.assertEqual((few, many), (3, 60))
        self.assertEqual(queries_many, queries_few)

    def test_every_change_is_told_to_the_company_without_patient_data(self):
        self.env.cr.precommit.run()
        bus = self.env["bus.bus"].sudo()
        bus.search([]).unlink()
        antrean = self._daftarkan(self._pasien(1))
        antrean.action_panggil()
        antrean.job_ids[:1]._finish("failed", "rejected", "Pasien tidak aktif")
        self.env.cr.precommit.run()
        messages = bus.search([("message", "like", "antrean_bpjs.board")])
        self.assertTrue(messages)
        self.assertEqual(set(messages.mapped("message")), {messages[0].message})
        self.assertIn(str(antrean.id), messages[0].message)
        self.assertIn(str(self.company.id), messages[0].channel)
