import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file
from odoo.tools.translate import code_translations, trans_export

from ..hooks import _is_new, post_init_hook
from ..words import WORDS

MODULE = "antrean_bpjs"
CATALOGUE = Path(__file__).parents[1] / "i18n" / "id.po"

# The manual's strings, to the letter, by where they come from.
PYTHON_WORDS = {
    "Accept the entry as usual": "Terima antrean seperti biasa",
    "Try Resend PCare first. If it still fails, contact an administrator": (
        "Coba Resend PCare terlebih dahulu. Jika tetap gagal, hubungi administrator"
    ),
    "Accept the entry with confirmation. Antrean FKTP can be handled manually": (
        "Terima antrean dengan konfirmasi. Antrean FKTP dapat di-handle manual"
    ),
    "Try Resend PCare. If it fails, consult an administrator before accepting": (
        "Coba Resend PCare. Jika gagal, konsultasikan dengan administrator sebelum menerima"
    ),
    "Wait a moment and refresh the data. The job is in the process queue": (
        "Tunggu beberapa saat dan Refresh data. Job sedang dalam antrian proses"
    ),
}
WEB_WORDS = {
    "Are you sure you want to resend the PCare data for queue #%s?": (
        "Apakah anda yakin ingin mengirim ulang data PCare untuk antrean #%s?"
    ),
    "Yes, Resend": "Ya, Kirim Ulang",
    "Discard": "Batal",
    "Resend PCare": "Resend PCare",
    "PCare data was resent": "Data PCare berhasil dikirim ulang",
    "PCare data could not be resent": "Tidak dapat mengirim ulang data PCare",
    "ANSWER FROM BPJS:": "INFO RESPON DARI BPJS:",
}
CONSEQUENCES = [
    "Klaim BPJS yang tidak dapat diproses",
    "Data kunjungan yang tidak tersinkronisasi",
    "Potensi penolakan klaim di kemudian hari",
    "Disarankan untuk melakukan Resend PCare terlebih dahulu sebelum menerima antrean",
]


@tagged("post_install", "-at_install")
class TestInstallation(TransactionCase):
    """A new database speaks Indonesian; in a lived-in one each keeps the language they have."""

    def setUp(self):
        super().setUp()
        self.people = self.env["res.partner"].with_context(active_test=False)
        self.people.search([]).lang = "en_US"
        self.indonesian = self.env["res.lang"].search([("code", "=", "id_ID")])
        self.indonesian.active = False
        self.env["ir.default"].search([("field_id.name", "=", "lang")]).unlink()

    def test_a_new_database_speaks_indonesian(self):
        post_init_hook(self.env)
        self.assertTrue(self.indonesian.active)
        self.assertEqual(set(self.people.search([]).mapped("lang")), {"id_ID"})
        self.assertEqual(self.people.create({"name": "Baru"}).lang, "id_ID")
        menu = self.env.ref("antrean_bpjs.menu_antrean").with_context(lang="id_ID")
        self.assertEqual(menu.name, "Antrean")

    def test_in_a_lived_in_database_nobody_speaks_otherwise(self):
        self.people.create({"name": "Contoh", "lang": "en_US"})
        post_init_hook(self.env)
        self.assertTrue(self.indonesian.active)
        self.assertEqual(set(self.people.search([]).mapped("lang")), {"en_US"})
        self.assertFalse(self.people.create({"name": "Baru"}).lang, "Odoo's own default")
        menu = self.env.ref("antrean_bpjs.menu_antrean").with_context(lang="id_ID")
        self.assertEqual(menu.name, "Antrean")

    def test_nobody_has_settled_where_only_modules_brought_anything(self):
        self.assertTrue(_is_new(self.env))

    def test_who_added_a_contact_has_settled(self):
        self.people.create({"name": "Contoh", "active": False})
        self.assertFalse(_is_new(self.env))

    def test_who_imported_a_contact_has_settled(self):
        self.env["res.partner"].load(["id", "name"], [["contoh", "Contoh"]])
        self.assertTrue(self.env.ref("__import__.contoh"))
        self.assertFalse(_is_new(self.env))

    def test_who_made_a_user_of_a_contact_has_settled(self):
        partner = self.env.ref("base.main_partner")
        self.env["res.users"].create({"login": "contoh", "partner_id": partner.id})
        self.assertFalse(_is_new(self.env))

    def test_who_added_a_language_has_settled(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertFalse(_is_new(self.env))

    def test_an_update_gives_nobody_a_group_back(self):
        admin = self.env.ref("base.user_admin")
        group = self.env.ref("antrean_bpjs.group_antrean_admin")
        group.user_ids -= admin
        convert_file(self.env, MODULE, "security/antrean_groups.xml", {}, "update")
        self.assertNotIn(admin, group.user_ids)


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    def test_the_catalogue_is_complete(self):
        exported = self._exported()
        translated = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if entry.msgstr}
        own = {entry.msgid for entry in exported if self._is_own(entry)}
        self.assertFalse(own - translated, "Not in Indonesian yet")
        self.assertFalse(translated - {entry.msgid for entry in exported}, "No longer here")

    def test_the_catalogue_knows_where_each_text_stands(self):
        """Texts of views and records are translated only where the catalogue says they stand."""
        exported = self._exported()
        own = [entry for entry in exported if self._is_own(entry)]
        self.assertFalse(self._places(own) - self._places(polib.pofile(str(CATALOGUE))))

    def _exported(self):
        file = io.BytesIO()
        trans_export(False, [MODULE], file, "po", self.env)
        return polib.pofile(file.getvalue().decode())

    @staticmethod
    def _places(entries):
        return {
            (source, entry.msgid)
            for entry in entries
            for source, _line in entry.occurrences
            if source.startswith("model")
        }

    def _is_own(self, entry):
        """Whether a term comes from somewhere else than fields that other modules give to ours."""
        sources = [source for source, _line in entry.occurrences]
        names = [re.search(rf"{MODULE}\.field_\w+", source) for source in sources]
        fields = [self.env.ref(name.group()) for name in names if name]
        own = [self.env[field.model]._fields[field.name]._module == MODULE for field in fields]
        return len(fields) < len(sources) or any(own)

    def test_a_new_database_speaks_indonesian(self):
        self.assertEqual(self.env.ref("base.user_admin").lang, "id_ID")
        self.assertEqual(self.env["res.partner"].create({"name": "Baru"}).lang, "id_ID")
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        self.assertIn("en_US", languages, "English works, too")

    def test_the_words_of_the_manual(self):
        python = code_translations.get_python_translations(MODULE, "id_ID")
        for source, words in PYTHON_WORDS.items():
            self.assertEqual(python.get(source), words)
        web = code_translations.get_web_translations(MODULE, "id_ID")["messages"]
        web = {message["id"]: message["string"] for message in web}
        for source, words in WEB_WORDS.items():
            self.assertEqual(web.get(source), words)

    def test_a_status_stands_first_in_our_own_words(self):
        """There the error dictionary looks for it, whatever the language."""
        self.env["res.lang"]._activate_lang("id_ID")
        for env in (self.env(context={"lang": lang}) for lang in ("en_US", "id_ID")):
            for words in (words for words in WORDS.values() if "%(http_status)s" in str(words)):
                self.assertTrue(env._(words).startswith("HTTP %(http_status)s"), env._(words))

    def test_the_words_of_badges_and_wizard(self):
        env = self.env(context={"lang": "id_ID"})
        status = env["antrean.antrean"]._fields["status_pendaftaran_pcare"]
        self.assertEqual(
            dict(status._description_selection(env)),
            {"processing": "processing", "ok": "OK", "gagal": "Gagal", "na": "N/A"},
        )
        wizard = env.ref("antrean_bpjs.antrean_terima_view_form").arch
        for words in CONSEQUENCES:
            self.assertIn(words, wizard)
        board = env.ref("antrean_bpjs.antrean_view_kanban").arch
        for words in ("Panggil", "Terima", "Batalkan"):
            self.assertIn(words, board)
