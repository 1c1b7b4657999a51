import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import EngineCase

# How many cards of those who wait are seen whole, and what does not fit.
LOOK = """
    const column = document.querySelector(".o_kanban_group:has(.o_antrean_menunggu)");
    const bottom = Math.min(innerHeight, column.getBoundingClientRect().bottom);
    const cards = [...column.querySelectorAll(".o_kanban_record")];
    const heights = new Set(cards.map((card) => Math.round(card.offsetHeight)));
    const whole = cards.filter((card) => card.getBoundingClientRect().bottom <= bottom).length;
    const lines = ["siapa", "pasien", "tempat", "status", "actions"];
    const boxes = lines.map((line) => `.o_antrean_${line}`).join();
    const cut = [...document.querySelectorAll(boxes)].filter(
        (box) => box.scrollWidth > box.clientWidth + 1
    );
    const outside = [...column.querySelectorAll(".o_antrean_pcare_badge")].filter((badge) => {
        const card = badge.closest(".o_kanban_record").getBoundingClientRect();
        const { top, right } = badge.getBoundingClientRect();
        return top - card.top > 16 || card.right - right > 16;
    });
    const targets = ".o_antrean_actions .btn, .o_dropdown_kanban .btn, .o_antrean_bar .btn";
    const sizes = [...document.querySelectorAll(targets)]
        .map((target) => target.getBoundingClientRect())
        .filter(({ width }) => width)
        .map(({ width, height }) => Math.round(Math.min(width, height)));
    const heading = column.querySelector(".o_kanban_header");
    const before = heading.getBoundingClientRect().top;
    column.scrollTop = 1000;
    const fixed = heading.getBoundingClientRect().top === before && column.scrollTop > 0;
    const problems = [
        innerWidth === %(width)s || `the window is ${innerWidth} wide`,
        whole >= %(cards)s || `only ${whole} cards are seen whole`,
        heights.size === 1 || `heights of cards: ${[...heights]}`,
        cut.length === 0 || `cut off: ${cut.map((box) => `${box.className} ${box.textContent}`)}`,
        !%(wide)s || outside.length === 0 || `not in the corner: ${outside[0].textContent}`,
        Math.min(...sizes) >= %(target)s || `a target of ${Math.min(...sizes)} px`,
        document.documentElement.scrollWidth <= innerWidth || "the page is wider than the window",
        fixed || "the heading scrolls along",
    ].filter((problem) => problem !== true);
    console.log(problems.length ? `problems: ${problems.join("; ")}` : "test successful");
    if (problems.length) {
        console.error(problems.join("; "));
    }
"""
READY = "document.querySelectorAll('.o_kanban_record').length >= 30"


class BoardSize(EngineCase, HttpCase):
    """A full waiting room in a window of one size; the day has every kind of card."""

    def _fill(self):
        now = fields.Datetime.now()
        for nomor in range(1, 31):
            antrean = self._daftarkan(self._pasien(nomor))
            antrean.menunggu_at = now - timedelta(minutes=3 * (31 - nomor))
            if nomor % 5 == 0:
                antrean.prioritas = "difabel"
            if nomor % 3 == 0:
                for job in antrean.job_ids:
                    job._finish("failed", outcome="rejected", message="Pasien tidak aktif")
            if nomor > 28:
                antrean.with_user(self.petugas).action_panggil()
                antrean.with_user(self.petugas).action_tidak_hadir()
        self._daftarkan(self._pasien(31)).state = "dipesan"

    def _look(self, cards, target=36, wide=True):
        """:param bool wide: whether the cards have a corner beside the name"""
        self._fill()
        [width, _height] = self.browser_size.split("x")
        values = {"cards": cards, "target": target, "width": width, "wide": json.dumps(wide)}
        self.browser_js("/odoo/antrean", LOOK % values, READY, login=self.petugas.login)


@tagged("post_install", "-at_install")
class TestLaptop(BoardSize):
    browser_size = "1366x768"

    def test_eight_cards_a_column(self):
        self._look(cards=8)


@tagged("post_install", "-at_install")
class TestWideScreen(BoardSize):
    browser_size = "1920x1080"

    def test_twelve_cards_a_column(self):
        self._look(cards=12)


@tagged("post_install", "-at_install")
class TestTablet(BoardSize):
    browser_size = "1024x768"
    touch_enabled = True

    def test_four_cards_a_column_and_targets_for_fingers(self):
        self._look(cards=4, target=44, wide=False)


@tagged("post_install", "-at_install")
class TestPhone(BoardSize):
    browser_size = "360x740"
    touch_enabled = True

    def test_badges_fit(self):
        self._look(cards=2, target=44, wide=False)
