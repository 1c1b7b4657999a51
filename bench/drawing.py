"""Opens two kanbans in a browser by turns, and tells how long each takes to draw its cards.

Runs in the environment that `dev/requirements/screenshots.txt` locks; its only argument is the plan
that `desk.py` makes. Prints {name of the kanban: [milliseconds]}: from the server's last answer to
the frame that shows all cards.
"""

import json
import sys

from playwright.sync_api import sync_playwright

DRAWN = """
    ({ path, cards }) => new Promise((resolve) => {
        performance.clearResourceTimings();
        const look = () => {
            if (document.querySelectorAll(".o_kanban_record").length < cards) {
                return requestAnimationFrame(look);
            }
            const isData = ({ name }) => /web_read_group|get_papan/.test(name);
            const answers = performance.getEntriesByType("resource").filter(isData);
            const answered = Math.max(...answers.map(({ responseEnd }) => responseEnd));
            requestAnimationFrame(() =>
                setTimeout(() => resolve(performance.now() - answered)));
        };
        odoo.__WOWL_DEBUG__.root.env.services.action.doAction(path, { clearBreadcrumbs: true });
        requestAnimationFrame(look);
    })
"""
GONE = "document.querySelectorAll('.o_kanban_record').length === 0"


def main(plan):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=plan["chromium"], args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(120_000)  # ms
        page.goto(f"{plan['odoo']}/web/login?redirect=/odoo/antrean-pasien?debug=1")
        page.fill("#login", plan["login"])
        page.fill("#password", plan["password"])
        page.click("button[type=submit]")
        page.wait_for_selector(".o_list_view")
        times = {name: [] for name in plan["actions"]}
        for _ in range(plan["times"] + 1):
            for name, action in plan["actions"].items():
                drawn = page.evaluate(DRAWN, {"path": action, "cards": plan["cards"]})
                times[name].append(drawn)
                page.evaluate(
                    "odoo.__WOWL_DEBUG__.root.env.services.action.doAction("
                    "'antrean-pasien', { clearBreadcrumbs: true })"
                )
                page.wait_for_function(GONE)
        later = {name: each[1:] for name, each in times.items()}  # the first fills caches
        print(json.dumps(later))
        chromium.close()


main(json.loads(sys.argv[1]))
