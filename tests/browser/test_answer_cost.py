"""What an answer costs the page until its next frame, counted and not timed: how often styles are
worked out, and for how many elements.
"""

import json
from typing import Any

from playwright.sync_api import Page

from tests.support.reader import Reader
from tests.support.server import Server

ANSWERS = ("red", "yellow", "green", "unknown")
MOST_PASSES = 2
MOST_ELEMENTS = 200  # of more than 1,000 in a form; before `:has()` went from the style, 330
# The styles in a size container are worked out while it is laid out, where nothing counts them.
COUNTABLE = ".md-typeset .assessment.assessment { container-type: normal; }"
LOOKS_INTO_OTHERS = '.question:has([value="red"]:checked) ~ * * { opacity: 1; }'
ADOPT = """(style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
}"""
ANSWER = """async (answer) => {
    const settled = () => new Promise((resolve) => requestIdleCallback(resolve));
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (const question of document.querySelectorAll('[data-question]')) {
        question.querySelector(`[value="${answer}"]`).click();
        await frame();
        await settled();
    }
}"""


def cost_of_an_answer(page: Page, style: str = "") -> tuple[float, float]:
    """How often styles are worked out for an answer, and for how many elements in all."""
    page.evaluate(ADOPT, COUNTABLE + style)
    page.evaluate(ANSWER, "red")
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=["devtools.timeline", "blink"])
    for answer in ANSWERS:
        page.evaluate(ANSWER, answer)
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    counts = [one["args"]["elementCount"] for one in events if one["name"] == "UpdateLayoutTree"]
    answers = len(ANSWERS) * page.locator("[data-question]").count()
    return len(counts) / answers, sum(counts) / answers


def test_an_answer_restyles_little(page: Page, server: Server) -> None:
    Reader(page, server.url).open()
    passes, elements = cost_of_an_answer(page)
    print(f"\nan answer: {passes:.1f} passes over styles, {elements:.0f} elements")
    assert 0 < passes <= MOST_PASSES
    assert 0 < elements <= MOST_ELEMENTS


def test_a_rule_that_looks_into_other_lines_would_be_noticed(page: Page, server: Server) -> None:
    Reader(page, server.url).open()
    _, elements = cost_of_an_answer(page, LOOKS_INTO_OTHERS)
    assert elements > MOST_ELEMENTS
