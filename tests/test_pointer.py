import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import ChromeBrowser

from .common import AntreanCase

CARD = "[...document.querySelectorAll('.o_kanban_record')].find((e) => e.innerText.includes('{}'))"
READY = "document.querySelectorAll('.o_kanban_record').length > 0"


@tagged("post_install", "-at_install")
class TestPointer(AntreanCase, HttpCase):
    """What a hand does with a mouse: the browser itself is told to press, at a point."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env,
            "petugas_klik",
            "antrean_bpjs.group_antrean_petugas",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def setUp(self):
        super().setUp()
        self.entries = [
            self._daftarkan(self._pasien(nomor), penjamin_id=self.umum.id) for nomor in range(1, 5)
        ]

    @contextmanager
    def _board(self):
        """Open the board in a browser that is driven from here."""
        steps = []

        def drive(browser, code, timeout, error_checker=None):
            for step in steps:
                step(browser)

        yield steps
        with patch.object(ChromeBrowser, "_wait_code_ok", drive):
            self.browser_js("/odoo/antrean", "", ready=READY, login=self.operator.login)
        self.env.invalidate_all()

    def _evaluate(self, browser, expression):
        params = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        return browser._websocket_request("Runtime.evaluate", params=params)["result"].get("value")

    def _wait_for(self, browser, expression):
        deadline = time.monotonic() + 15
        while not self._evaluate(browser, expression):
            self.assertLess(time.monotonic(), deadline, expression)
            time.sleep(0.02)

    def _point(self, browser, patient, name):
        """Return the middle of a button on a patient's card."""
        buttons = f"[...{CARD.format(patient)}.querySelectorAll('button[name={name}]')]"
        rect = f"{buttons}.find((e) => e.offsetParent).getBoundingClientRect()"
        x, y = self._evaluate(
            browser,
            f"(() => {{ const r = {rect}; return [r.x + r.width / 2, r.y + r.height / 2] }})()",
        )
        return {"x": x, "y": y}

    def _click(self, browser, point, count=1):
        mouse = {**point, "button": "left", "clickCount": count}
        for kind in ("mousePressed", "mouseReleased"):
            browser._websocket_request("Input.dispatchMouseEvent", params={"type": kind, **mouse})

    def _click_twice(self, name, pause):
        """Click on a button of the first card, and once more at the same place."""
        first, second = (f"Peserta Contoh {nomor:02d}" for nomor in (1, 2))

        def press(browser):
            point = self._point(browser, first, name)
            self._click(browser, point)
            time.sleep(pause)
            self._click(browser, point, 2)
            waits = f"{CARD.format(first)}?.querySelector('.o_antrean_menunggu')"
            self._wait_for(browser, f"!{waits}")
            self.assertFalse(
                self._evaluate(browser, "Boolean(document.querySelector('.o_form_view'))")
            )
            self.assertTrue(self._evaluate(browser, f"Boolean({CARD.format(second)})"))
            time.sleep(1)  # in which anything else that was pressed would have come about

        with self._board() as steps:
            steps.append(press)

    def test_the_second_half_of_a_double_click_hits_nobody_else(self):
        for pause in (0, 0.06, 0.12, 0.2, 0.35, 0.5):
            for name, state in (("action_panggil", "dipanggil"), ("action_terima", "diterima")):
                with self.subTest(pause=pause, name=name):
                    self._click_twice(name, pause)
                    states = [entry.state for entry in self.entries]
                    self.assertEqual(states, [state, "menunggu", "menunggu", "menunggu"])
                    self.entries[0].with_user(self.petugas).action_kembalikan()
                    self.env.flush_all()
