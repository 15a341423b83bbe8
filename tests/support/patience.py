"""Waiting for what will come. Nothing is judged by how long it took: a machine may be slow and
busy, and only what never comes takes the whole of PATIENCE.

No test waits in any other way, or looks at a clock: tests/house/test_waits.py.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

PATIENCE = 600.0  # seconds
PAUSE = 0.05  # seconds between two looks
MORE_THAN_A_DOUBLE_CLICK = 700  # ms: form.js takes two clicks within 600 for one
Found = TypeVar("Found")

# What a page can be asked to wait for
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


def wait_until(look: Callable[[], Found], explain: Callable[[], str]) -> Found:
    """What `look` gives once it gives something; `explain` says what was there instead."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, explain()
        time.sleep(PAUSE)
    return found


def wait_until_told(page: Page, problems: list[str], text: str, count: int = 1) -> None:
    """Until so many of a page's problems have a text in them."""

    def is_told() -> bool:
        page.title()  # what the page tells comes in while it is asked something
        return sum(text in problem for problem in problems) >= count

    wait_until(is_told, lambda: f"not {count} of '{text}' in {problems}")


def let_a_double_click_pass(page: Page) -> None:
    """The next click is one of its own. However much longer it takes, it stays one."""
    page.wait_for_timeout(MORE_THAN_A_DOUBLE_CLICK)
