import json
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
    """What hands do with mouse and keyboard: the browser itself is told to press."""

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

    def _middle(self, browser, selector):
        """Return the middle of what is found, once it stands still."""
        found = f"document.querySelector('{selector}')"
        self._wait_for(browser, f"Boolean({found}?.offsetParent)")
        rect, before = f"{found}.getBoundingClientRect()", None
        middle = f"(() => {{ const r = {rect}; return [r.x + r.width / 2, r.y + r.height / 2] }})()"
        while (now := self._evaluate(browser, middle)) != before:
            before = now
            time.sleep(0.1)
        return {"x": now[0], "y": now[1]}

    def _is_form_open(self, browser):
        return self._evaluate(browser, "Boolean(document.querySelector('.o_form_view'))")

    def _fill_room(self):
        """Let more wait than a screen shows."""
        self.entries += [
            self._daftarkan(self._pasien(nomor), penjamin_id=self.umum.id) for nomor in range(5, 25)
        ]

    def _not_waiting(self):
        return [entry.pasien_id.name for entry in self.entries if entry.state != "menunggu"]

    def test_at_the_end_of_a_column_what_comes_down_is_not_hit_either(self):
        """There the cards above come down into the place of the one that left."""
        self._fill_room()
        pressed = "Peserta Contoh 23"

        def press(browser):
            column = "document.querySelector('.o_kanban_group')"
            self._evaluate(browser, f"{column}.scrollTop = {column}.scrollHeight")
            time.sleep(0.3)
            point = self._point(browser, pressed, "action_panggil")
            self._click(browser, point)
            time.sleep(0.35)
            self._click(browser, point, 2)
            waits = f"{CARD.format(pressed)}?.querySelector('.o_antrean_menunggu')"
            self._wait_for(browser, f"!{waits}")
            time.sleep(1)

        with self._board() as steps:
            steps.append(press)
        self.assertEqual(self._not_waiting(), [pressed])

    def test_what_a_dialog_has_covered_is_not_hit(self):
        self._fill_room()
        first = self.entries[0].with_user(self.petugas)
        first.action_terima()
        action = first.action_teruskan()
        action["context"] = dict(action["context"], default_ruangan_id=self.apotek.id)
        self.env.flush_all()
        do_action = "odoo.__WOWL_DEBUG__.root.env.services.action.doAction"
        button = ".modal button[name=action_teruskan]"

        def press(browser, pause):
            self._evaluate(browser, f"{do_action}({json.dumps(action)})")
            point = self._middle(browser, button)
            under = f"document.elementsFromPoint({point['x']}, {point['y']})"
            is_card = f"{under}.some((e) => e.closest('.o_kanban_record'))"
            self.assertTrue(self._evaluate(browser, is_card), "nothing can be hit")
            self._click(browser, point)
            time.sleep(pause)
            self._click(browser, point, 2)
            self._wait_for(browser, "!document.querySelector('.modal')")
            time.sleep(1)
            self.assertFalse(self._is_form_open(browser))

        for pause in (0.2, 0.35, 0.5):
            with self.subTest(pause=pause):
                with self._board() as steps:
                    steps.append(lambda browser, pause=pause: press(browser, pause))
                self.assertEqual(self._not_waiting(), ["Peserta Contoh 01"])

    def test_what_a_menu_has_covered_is_not_hit(self):
        for entry in self.entries[:3]:
            entry.with_user(self.petugas).action_panggil()
        self.env.flush_all()
        absent = ".o-dropdown--menu a[name=action_tidak_hadir]"

        def press(browser):
            toggle = f"{CARD.format('Contoh 01')}.querySelector('.o_dropdown_kanban button')"
            self._evaluate(browser, f"{toggle}.click()")
            point = self._middle(browser, absent)
            self._click(browser, point)
            time.sleep(0.12)
            self._click(browser, point, 2)
            self._wait_for(browser, f"!document.querySelector('{absent}')")
            time.sleep(1)
            self.assertFalse(self._is_form_open(browser))

        with self._board() as steps:
            steps.append(press)
        self.assertEqual([e.tidak_hadir for e in self.entries], [True, False, False, False])

    def test_on_the_form_the_next_button_is_not_hit(self):
        entry = self.entries[0]
        entry.with_user(self.petugas).action_panggil()
        self.env.flush_all()

        def press(browser):
            self._evaluate(browser, f"{CARD.format('Contoh 01')}.click()")
            point = self._middle(browser, ".o_form_view button[name=action_terima]")
            self._click(browser, point)
            time.sleep(0.5)
            self._click(browser, point, 2)
            time.sleep(1)

        with self._board() as steps:
            steps.append(press)
        self.assertEqual(entry.state, "diterima")

    def test_undo_pressed_twice_is_one(self):
        undo = ".o_notification_buttons button"

        def press(browser):
            point = self._point(browser, "Peserta Contoh 01", "action_panggil")
            self._click(browser, point)
            point = self._middle(browser, undo)
            self._click(browser, point)
            time.sleep(0.12)
            self._click(browser, point, 2)
            waits = f"{CARD.format('Contoh 01')}.querySelector('.o_antrean_menunggu')"
            self._wait_for(browser, f"Boolean({waits})")
            time.sleep(1)
            refused = "Boolean(document.querySelector('.modal, .o_notification .bg-danger'))"
            self.assertFalse(self._evaluate(browser, refused))

        with self._board() as steps:
            steps.append(press)
        self.assertFalse(self._not_waiting())

    def _press(self, browser, key, **more):
        for kind in ("keyDown", "keyUp"):
            text = more if kind == "keyDown" else {}
            params = {"type": kind, "key": key, **text}
            browser._websocket_request("Input.dispatchKeyEvent", params=params)

    def _press_enter(self, browser):
        self._press(browser, "Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")

    def test_whoever_is_in_a_full_room_is_called_by_three_acts_of_the_keyboard(self):
        """120 wait in five rooms; the focus is wherever the last act has left it."""
        rooms = [self.poli, *(self._ruangan(f"Ruang {kode}", kode) for kode in "BCDE")]
        self.entries += [
            self._daftarkan(self._pasien(nomor), rooms[nomor % 5], penjamin_id=self.umum.id)
            for nomor in range(5, 121)
        ]
        sought = {"contoh 118": 118, "0001 0000 00064": 64, "3200.0000.0000.0033": 33}

        def call(browser):
            for text, nomor in sought.items():
                for char in text:
                    self._press(browser, char, text=char)
                value = "document.querySelector('.o_searchview_input').value"
                self._wait_for(browser, f"{value} === '{text}'")
                self._press_enter(browser)
                found = CARD.format(f"Peserta Contoh {nomor}")
                focus = "document.activeElement.name === 'action_panggil'"
                self._wait_for(browser, f"{focus} && {found}?.contains(document.activeElement)")
                self._press_enter(browser)
                called = f"{found}?.querySelector('.o_antrean_dipanggil')"
                self._wait_for(browser, f"Boolean({called})")

        with self._board() as steps:
            steps.append(call)
        called = [f"Peserta Contoh {nomor}" for nomor in sorted(sought.values())]
        self.assertEqual(len(self.entries), 120)
        self.assertEqual(self._not_waiting(), called)
