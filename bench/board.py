"""Looks at the queue board in a browser and tells when the badges of which card became green.

Runs in the environment that `dev/requirements/screenshots.txt` locks; its only argument is the plan
that `latency.py` makes. Prints "open", "ready" once a first card is green, then {queue number:
milliseconds since 1970}.
"""

import json
import sys

from playwright.sync_api import sync_playwright

WATCH = """
    window.green = {};
    const look = () => {
        for (const card of document.querySelectorAll(".o_kanban_record")) {
            const number = card.querySelector(".o_antrean_nomor")?.innerText.trim();
            const badges = [...card.querySelectorAll(".o_antrean_job_badge")];
            if (number && badges.length === 2 && badges.every((b) => b.dataset.status === "ok")) {
                requestAnimationFrame(() => (window.green[number] ??= Date.now()));
            }
        }
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(document.body, everything);
"""


def main(plan):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=plan["chromium"], args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(120_000)  # ms
        page.goto(f"{plan['odoo']}/web/login?redirect=/odoo/antrean")
        page.fill("#login", plan["login"])
        page.fill("#password", plan["password"])
        page.click("button[type=submit]")
        page.wait_for_selector(".o_antrean_board")
        page.evaluate(WATCH)
        print("open", flush=True)
        wait_for_green(page, 1)  # so it hears from the server by now
        print("ready", flush=True)
        wait_for_green(page, 1 + plan["count"])
        print(page.evaluate("JSON.stringify(window.green)"))
        chromium.close()


def wait_for_green(page, count):
    page.wait_for_function(f"Object.keys(window.green).length >= {count}")


main(json.loads(sys.argv[1]))
