"""Walks through the product in a browser and takes the pictures of README and guides.

Runs in the environment that `requirements/screenshots.txt` locks; its only argument is the plan
that `screenshots.py` makes.
"""

import json
import sys
import urllib.request
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright

CLOCK = "Asia/Jakarta"
DESK = {"width": 1366, "height": 768}
CARD = ".o_kanban_record:has-text('{}')"
FAILED_P = ".o_antrean_job_badge[data-status=gagal]"
PROCESSING = ".o_antrean_job_badge[data-status=processing]"
EVENING = {  # pages by address, and what each shows once it is there
    "laporan": ".o_antrean_grafik canvas",
    "perbandingan-harian": ".o_data_row",
    "terutang": ".o_data_row",
}


def main(plan):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=plan["chromium"], args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport=DESK, locale="id-ID", timezone_id=CLOCK)
        page.set_default_timeout(120_000)  # ms; the first entries wait for the first scheduled run
        camera = Camera(page, Path(plan["pictures"]))
        log_in(page, plan)
        page.wait_for_selector(PROCESSING, state="detached")
        camera.take("papan-antrean")
        with dialog(page, ".o-kanban-button-new", closer=".o_form_button_cancel"):
            choose_patient(page, "Peserta Contoh 01")
            camera.take("daftarkan")
        refused = page.locator(CARD.format("Peserta Contoh 92"))
        explain(refused)
        camera.take("badge-gagal")
        page.keyboard.press("Escape")
        with dialog(page, refused.locator(".o_antrean_resend_pcare")):
            camera.take("resend")
        with dialog(page, refused.locator("button[name=action_terima]").first):
            camera.take("terima")
        meet_fault(plan["simulator"], fault="refuse", seconds=20)
        page.click(".o-kanban-button-new")
        choose_patient(page, "Peserta Contoh 02")
        page.click(".modal .o_form_button_save")
        page.wait_for_selector(".o_antrean_layanan_banner")
        camera.take("gangguan")
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_selector(".o_antrean_layanan_banner", state="detached")
        camera.take("ponsel")
        page.set_viewport_size(DESK)
        page.reload()  # brings the menu of a wide screen back
        correct_card(page, "Peserta Contoh 11", "0001000000040")
        explain(page.locator(CARD.format("Peserta Contoh 11")))
        camera.take("diubah")
        page.keyboard.press("Escape")
        for name, wanted in EVENING.items():
            page.goto(f"{plan['odoo']}/odoo/{name}")
            page.wait_for_selector(wanted)
            if name == "laporan":  # today is busier here than any day before
                page.click("text=Bulan lalu")
                page.wait_for_selector(".o_antrean_grafik canvas")
            if name == "perbandingan-harian":
                page.locator(".o_data_row td[name=tanggal]").first.click()
                page.wait_for_selector(".o_antrean_harian_ringkas")
            camera.take(name)
        page.click(".o_menu_brand")
        configure(page, "ruangan")
        page.click(".o_data_row:has-text('Poli Umum')")
        page.wait_for_selector(".o_form_view .o_data_row")
        camera.take("ruangan")
        configure(page, "bpjs_faskes")
        page.wait_for_selector("button[name=action_diagnose]")
        camera.take("faskes")
        meet_fault(plan["simulator"], fault="wrong_password", methods=["GET"])
        with dialog(page, "button[name=action_diagnose]"):
            page.wait_for_selector(".o_antrean_diagnosis_step[data-state=failed]")
            camera.take("uji-koneksi")
        take_mobile_jkn(page, camera, plan["simulator"])
        configure(page, "bpjs_faskes")
        take_ways(page, camera, plan)
        chromium.close()


def take_mobile_jkn(page, camera, simulator):
    """Have members book with their phones, see them on the board, and test the service."""
    page.click(".o_menu_brand")
    page.wait_for_selector(".o_kanban_record")
    app = f"{simulator}/mobile-jkn"
    for number in (41, 42, 43):
        visit = {
            "no_kartu": f"{1000000000 + number:013d}",
            "kd_poli": "001",
            "tanggal": datetime.now(ZoneInfo(CLOCK)).date().isoformat(),
            "kd_dokter": 11103,
            "jam": "14:00-21:00",
            "keluhan": "Batuk",
        }
        post(f"{app}/peserta", visit)
    page.wait_for_selector(CARD.format("Peserta Contoh 43"))
    camera.take("mobile-jkn-papan")
    phone = page.context.browser.new_page(viewport={"width": 390, "height": 844}, locale="id-ID")
    phone.goto(f"{app}?no_kartu={visit['no_kartu']}&kd_poli=001")
    Camera(phone, camera.folder).take("mobile-jkn-aplikasi")
    phone.close()
    configure(page, "bpjs_faskes")
    page.click(".o_notebook a[name=mobile_jkn]")
    camera.take("mobile-jkn-faskes")
    page.click("button[name=action_uji_mandiri]")
    page.wait_for_selector(".o_data_row:nth-of-type(20)")
    camera.take("uji-mandiri")


def take_ways(page, camera, plan):
    """Enter a proxy, then the engine, at which the test finds a fault."""
    page.click(".nav-link[name=jalur]")
    lead_through(page, "proxy", "http://10.0.0.5:3128", "odoo", "contoh")
    camera.take("jalur-proxy")
    lead_through(page, "mesin", plan["engine"], "odoo", "contoh")
    camera.take("jalur-mesin")
    meet_fault(plan["simulator"], service="engine", fault="soap_fault", methods=["POST"], times=2)
    with dialog(page, "button[name=action_diagnose]"):
        page.wait_for_selector(".o_antrean_diagnosis_step[data-state=failed]")
        camera.take("uji-koneksi-mesin")


def lead_through(page, jalur, address, user, password):
    page.check(f"[name=jalur] input[data-value={jalur}]")
    for name, text in (("alamat", address), ("username", user), ("password", password)):
        page.fill(f"[name=jalur_{name}] input", text)


class Camera:
    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, name):
        self.page.wait_for_selector(".o_loading_indicator", state="hidden")
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=self.folder / f"{name}.png", animations="disabled")


def log_in(page, plan):
    page.goto(f"{plan['odoo']}/web/login?redirect=/odoo/antrean")
    page.fill("#login", plan["login"])
    page.fill("#password", plan["password"])
    page.click("button[type=submit]")
    page.wait_for_selector(".o_kanban_record")


@contextmanager
def dialog(page, opener, closer=".btn-close"):
    """Open a dialog by pressing something, and close it again."""
    (page.locator(opener) if isinstance(opener, str) else opener).click()
    page.wait_for_selector(".modal-dialog")
    yield
    page.click(f".modal {closer}")
    page.wait_for_selector(".modal-dialog", state="detached")


def choose_patient(page, name):
    page.fill(".modal [name=pasien_id] input", name)
    page.click(f".o-autocomplete--dropdown-item:has-text('{name}')")
    page.wait_for_selector(".modal [name=penjamin_id] input:checked")


def correct_card(page, name, number):
    """Correct the card number of a patient who is in the queue."""
    page.click(f"{CARD.format(name)} .o_antrean_pasien")
    page.click("[name=pasien_id] a")
    page.fill("[name=no_kartu_bpjs] input", number)
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_saved, .o_form_button_save", state="hidden")
    page.click(".o_menu_brand")
    page.wait_for_selector(CARD.format(name))


def explain(card):
    """Open what is told of the failed registration of a card."""
    card.locator(FAILED_P).first.click()
    card.page.wait_for_selector(".o_antrean_job_message")


def configure(page, menu):
    """Open something of the configuration."""
    page.click("[data-menu-xmlid='antrean_bpjs.menu_antrean_konfigurasi']")
    page.click(f"[data-menu-xmlid='antrean_bpjs.menu_{menu}']")


def meet_fault(simulator, **fault):
    """Let the next calls meet a fault, by default PCare's."""
    post(f"{simulator}/_control/faults", {"service": "pcare", **fault})


def post(url, body):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=30).close()


main(json.loads(sys.argv[1]))
