"""Makes picture.png, the README's picture: the diagnostic filled in, 1280 pixels wide, from a site
built for it.

Run it with the Python of .venv once the tests have been set up; CONTRIBUTING.md says how.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support import chromium
from tests.support.checkout import ROOT, playbook
from tests.support.server import Server

SUBJECT = "Claims-handling assistant"
DATE = "2026-03-02"
ANSWERS = ["yellow", "red", "green", "yellow", "red", "green"]


def main() -> None:
    path = chromium.find_or_install(print)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        built = playbook("build", "--to", str(site))
        if built.returncode:
            sys.exit(built.stdout)
        server = Server(site)
        browser = chromium.launch(playwright, path)
        page = browser.new_page(viewport={"width": 1280, "height": 1080})
        page.goto(server.url + "read/diagnostic.html")
        fill_in(page)
        page.screenshot(path=ROOT / "picture.png")
        browser.close()
        server.stop()


def fill_in(page: Page) -> None:
    form = page.locator("form[data-module=assessment]")
    form.locator("input[name='reading.subject']").first.fill(SUBJECT)
    form.locator("input[name='reading.date']").first.fill(DATE)
    form.locator("select[name='reading.chair']").first.select_option(index=1)
    fieldsets = form.locator("fieldset:has(input[type=radio])")
    for line, answer in enumerate(ANSWERS):
        fieldsets.nth(line).locator(f"input[type=radio][value={answer}]").check(force=True)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
