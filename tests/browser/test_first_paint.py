"""What is painted first stays where it is once the scripts run."""

import re

import pytest
from playwright.sync_api import Page

from tests.support.fonts import Gate
from tests.support.patience import PAINTED
from tests.support.server import Server

PAGES = ["index.html", "read/diagnostic.html", "tools/worksheets/reality-gap.html"]
LIVE = "form.live, html:not(:has(form[data-module]))"
SWITCH = ".md-header label:has-text('Dark'):visible"
PLACES = """() => ['.site', '.sections', '.menu', '.md-main', 'h1', '.tools'].map((part) => {
  const box = document.querySelector(part)?.getBoundingClientRect();
  return box && [part, Math.round(box.left), Math.round(box.top)];
})"""
HEAD = re.compile(r"/head\.\w+\.js$")

Places = list[tuple[str, int, int]]


def places(page: Page, address: str, *, early: bool = True) -> tuple[Places, Places]:
    """Where the parts of a page stand before its scripts have run, but for those of its head, and
    after.
    """
    gate = Gate(page, "**/*.js")
    page.route(HEAD, lambda route: route.continue_() if early else route.abort())
    page.goto(address, wait_until="commit")
    page.wait_for_function(PAINTED)
    before = page.evaluate(PLACES)
    gate.let_through()
    page.wait_for_selector(SWITCH)
    page.wait_for_selector(LIVE, state="attached")
    return before, page.evaluate(PLACES)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_scripts_move_nothing(name: str, width: int, page: Page, server: Server) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    before, after = places(page, server.url + name)
    assert before == after


def test_a_page_that_jumps_would_be_noticed(
    page: Page, server: Server, problems: list[str]
) -> None:
    """The control: a head that does not know that scripts run."""
    before, after = places(page, server.url + PAGES[0], early=False)
    assert before != after
    problems.clear()
