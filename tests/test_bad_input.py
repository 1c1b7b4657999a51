from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import EngineCase

TEXTS = {
    "html": "<script>alert(1)</script><b>x",
    "sql": "'; DROP TABLE antrean_antrean; --",
    "unicode": "Ünïcödé 患者 🩺 \u202etxet",
    "template": "%(name)s {0} ${x} {{x}}",
    "overlong": "x" * 20_000,
}
EVERY_WAY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


@tagged("post_install", "-at_install")
class TestBadInput(EngineCase, HttpCase):
    """Whatever is typed or sent: a clear answer, and nothing half written."""

    def test_odd_texts_are_stored_and_sent_as_they_are(self):
        for member, (kind, text) in enumerate(TEXTS.items(), 1):
            with self.subTest(kind=kind):
                antrean = self._daftarkan(self._pasien(member, name=text), keluhan=text)
                self._run_engine()
                self.assertEqual(self._statuses(antrean), ("ok", "ok"))
                self.assertEqual((antrean.pasien_id.name, antrean.keluhan), (text, text))
                [sent] = [
                    row["body"]
                    for row in self.simulator.book()["pendaftaran"]
                    if row["noKartu"] == antrean.pasien_id.no_kartu_bpjs
                ]
                self.assertEqual(sent["keluhan"], text)

    def test_odd_texts_of_bpjs_are_shown_as_text(self):
        for member, (kind, text) in enumerate(TEXTS.items(), 1):
            with self.subTest(kind=kind):
                fault = {"code": 412, "message": text, "methods": ["POST"]}
                self.simulator.fault("pcare", "say", **fault)
                antrean = self._daftarkan(self._pasien(member))
                self._run_engine()
                self.assertEqual(antrean.status_pendaftaran_pcare, "gagal")
                self.assertTrue(text.startswith(antrean.error_pendaftaran_pcare.strip()[:20]))
                self.assertLessEqual(len(antrean.error_pendaftaran_pcare), 2000)

    def test_what_bpjs_says_of_the_settings_is_told_as_text(self):
        self.simulator.fault("pcare", "say", code=403, message=TEXTS["html"], times=9)
        self._daftarkan(self._pasien(1))
        self._run_engine()
        for activity in self.faskes.activity_ids:
            self.assertIn("&lt;b&gt;x", activity.note)
            self.assertNotIn("<b>", activity.note)
        self.assertTrue(self.faskes.activity_ids)

    @mute_logger("odoo.http")
    def test_the_api_answers_in_json_whatever_it_is_sent(self):
        self.authenticate(self.petugas.login, self.petugas.login)
        before = self.env["bpjs.attempt"].search_count([])

        @EVERY_WAY
        @given(
            antrean_id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30),
            body=st.binary(max_size=200),
            content_type=st.sampled_from(
                ["application/json", "text/plain", "", "application/jsonx"]
            ),
        )
        def fuzz(antrean_id, body, content_type):
            if antrean_id.strip("./") == "" or "/" in antrean_id:
                return  # another address, which is not ours
            answer = self.url_open(
                f"/antrian_ruangan/resend-pcare/{quote(antrean_id, safe='')}",
                data=body,
                headers={"Content-Type": content_type},
                method="POST",
            )
            self.assertIn(answer.status_code, (404, 415, 422))
            self.assertEqual(answer.json()["status"], "error")
            self.assertNotIn("Traceback", answer.text)

        fuzz()
        self.assertEqual(self.env["bpjs.attempt"].search_count([]), before)
