import re

from odoo.tests import HttpCase, tagged

PASSED = "[HOOT] Test suite succeeded"


def job_id(name):
    """Return Hoot's id of a suite: the 32-bit hash of its name."""
    number = 0
    for char in name:
        number = (number * 31 + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The components of `static/src`, tested by `static/tests` in a browser."""

    def test_hoot(self):
        suite = job_id("@antrean_bpjs")
        with self.assertLogs(self._logger, "INFO") as logs:
            try:
                self.browser_js(
                    f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
                    "",
                    login="admin",
                    timeout=300,
                    success_signal=PASSED,
                    error_checker=lambda message: "[HOOT]" not in message,
                )
            except AssertionError as error:
                raise AssertionError("\n".join(logs.output)) from error
        passed = re.search(r"\[HOOT\] Passed (\d+) tests", "\n".join(logs.output))
        self.assertTrue(passed and int(passed[1]), "no Hoot test ran")
