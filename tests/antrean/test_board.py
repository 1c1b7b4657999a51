from lxml import etree

from odoo.tests import tagged

from ..common import AntreanCase


@tagged("post_install", "-at_install")
class TestBoard(AntreanCase):
    def _card_fields(self):
        """Return what the web client reads of a card, as `web_search_read` takes it."""
        entries = self.env["antrean.antrean"]
        view = self.env.ref("antrean_bpjs.antrean_view_kanban")
        arch = etree.fromstring(entries.get_view(view.id, "kanban")["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        display_name = {"fields": {"display_name": {}}}
        return {
            name: display_name if entries._fields[name].type == "many2one" else {} for name in names
        }

    def test_a_card_reads_no_field_of_a_job_type(self):
        own = {"status_pendaftaran_pcare", "status_tambah_antrean_fktp", "status_batal"}
        names = self._card_fields().keys()
        self.assertIn("bpjs_badges", names)
        self.assertFalse(names & own)

    def _count_queries(self):
        board, spec = self.env["antrean.antrean"].with_user(self.petugas), self._card_fields()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        cards = board.web_search_read([("hari_ini", "=", True)], spec)["length"]
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
        antrean.job_ids[:1]._finish("failed", outcome="rejected", message="Pasien tidak aktif")
        self.env.cr.precommit.run()
        messages = bus.search([("message", "like", "antrean_bpjs.board")])
        self.assertTrue(messages)
        self.assertEqual(set(messages.mapped("message")), {messages[0].message})
        self.assertIn(str(antrean.id), messages[0].message)
        self.assertIn(str(self.company.id), messages[0].channel)
