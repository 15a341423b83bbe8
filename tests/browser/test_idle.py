"""What a page works out while nobody waits is taken in small steps, and a slice of them ends in
time. The clock is a made one, so that no machine is too slow for it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from macros.html.page_data import page_data
from tests.support.checkout import ROOT
from tests.support.diagnostic import DIAGNOSTIC, LINES
from tests.support.engines import SCRIPTS

DISTANCE = (ROOT / "docs" / "assets" / "forms" / "distance.js").read_text(encoding="utf-8")
MOST = 16  # ms, of a slice of steps of up to 8
# Steps of so many milliseconds each, gone through with a clock that only they move: how long each
# slice took, and what came of it.
SLICES = """(lengths) => {
    let clock = 0;
    const idle = [];
    const slices = [];
    const found = [];
    performance.now = () => clock;
    window.requestIdleCallback = (work) => idle.push(work);
    window.cancelIdleCallback = () => {};
    function* steps() {
        for (const length of lengths) {
            clock += length;
            yield;
        }
        return 'done';
    }
    const pauses = [];
    window.playbook.distance.runWhenIdle((result) => found.push(result), () => pauses.push(clock))(
        steps(),
    );
    while (idle.length) {
        const started = clock;
        idle.shift()();
        slices.push(clock - started);
    }
    return { slices, found, pauses: pauses.length };
}"""
STEPS = """([assessment, answers, verdict]) => {
    const { score } = window.playbook;
    const verdicts = [...score.verdict(assessment, { answers })].length;
    return { verdicts, distance: [...score.distance(assessment, { answers }, verdict)].length };
}"""


@pytest.fixture
def empty(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    for source in [*SCRIPTS.values(), DISTANCE]:
        page.add_script_tag(content=source)
    yield page
    context.close()


def slices(page: Page, lengths: list[int]) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(SLICES, lengths)
    return found


def test_a_slice_ends_in_time_and_all_steps_are_taken(empty: Page) -> None:
    lengths = [1, 2, 3, 1, 8, 1, 1, 1, 4, 8] * 20
    found = slices(empty, lengths)
    assert sum(found["slices"]) == sum(lengths)
    assert max(found["slices"]) <= MOST
    assert found["found"] == ["done"] and found["pauses"] == 1


def test_what_takes_a_moment_is_one_slice(empty: Page) -> None:
    assert slices(empty, [1, 1, 1]) == {"slices": [3], "found": ["done"], "pauses": 0}


def test_a_step_that_is_too_long_would_be_noticed(empty: Page) -> None:
    assert max(slices(empty, [1, 40, 1])["slices"]) > MOST


def test_a_verdict_that_many_completions_decide_is_found_in_many_steps(empty: Page) -> None:
    embedded_model = page_data(DIAGNOSTIC)
    red = dict.fromkeys(LINES, "red")
    complete = empty.evaluate(STEPS, [embedded_model, red, "stall"])
    with_open_lines = empty.evaluate(
        STEPS, [embedded_model, {line: red[line] for line in LINES[:2]}, "stall"]
    )
    assert complete["verdicts"] == 0  # one look is enough
    assert with_open_lines["verdicts"] > 10
    assert complete["distance"] >= 12 and with_open_lines["distance"] > 100
