"""Our form beside the same questions in SurveyJS, in one run: how long until it can be filled in,
and from a click to the next frame.

    .venv/bin/python -m tests.tools.beside

prints all of it, a line for the diagnostic's six questions and one for about 100; `playbook.py
bench` prints the same lines among its own. Goals: live within 1.2 s, and a frame in half the time
of SurveyJS. The processor is slowed four times. SurveyJS comes from npm into a folder that is
thrown away. Both pages lie on the same server, are opened in turn, and are given the same answers.
"""

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.long_form import long_assessment
from tests.support.server import Server
from tests.support.tryout import build_tryout

PACKAGES = ["survey-core@2.5.38", "survey-js-ui@2.5.38"]
FILES = (
    "survey-core/survey-core.fontless.min.css",
    "survey-core/survey.core.min.js",
    "survey-js-ui/survey-js-ui.min.js",
)
SECTIONS = 4  # of 25 lines
ROUNDS = 3
ANSWERED = 6
LIVE = """
new MutationObserver(() => {
    if (!window.live && document.querySelector('form.live, .sd-question input'))
        window.live = performance.now();
}).observe(document, {subtree: true, childList: true, attributeFilter: ['class']});
"""
QUESTIONS = """
() => [...document.querySelectorAll('[data-question]')].map((question) => ({
    type: 'radiogroup',
    name: question.dataset.question,
    title: question.querySelector('.ask').textContent,
    choices: [...question.querySelectorAll('.answers input[type=radio]')].map((input) => (
        { value: input.value, text: input.parentElement.textContent.trim() }
    )),
})).filter(({ choices }) => choices.length)
"""
# The question is the nth of those with radios, the answer the nth of its own. A frame is drawn once
# the task after it starts. This one is asked for before the click, since a page may have asked for
# one of its own, for work that does not keep the frame back.
CLICK = """
async ([question, answer]) => {
    const radios = [...document.querySelectorAll('[data-question], .sd-question')]
        .map((one) => one.querySelectorAll('input[type=radio]'))
        .filter((inputs) => inputs.length > 2);
    const frame = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const started = performance.now();
    radios[question][answer].click();
    await frame;
    const taken = performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return taken;
}
"""


def main() -> None:
    for text in figures():
        print(text, flush=True)


def figures() -> Iterator[str]:
    if not shutil.which("npm"):
        yield "beside SurveyJS: left out, needs npm"
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
        if subprocess.run(npm, cwd=folder, capture_output=True).returncode:
            yield "beside SurveyJS: left out, npm could not fetch it"
            return
        site = build_tryout(folder, long_assessment(SECTIONS))
        for file in FILES:
            shutil.copy(folder / "node_modules" / file, site)
        server = Server(site)
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright, chromium.find_or_install(print))
            for ours in ("read/diagnostic.html", "tryout/long.html"):
                yield compared(browser, site, server.url, ours)
            browser.close()
        server.stop()


def compared(browser: Browser, site: Path, url: str, ours: str) -> str:
    page = browser.new_page()
    page.goto(url + ours)
    questions = page.evaluate(QUESTIONS)
    page.close()
    theirs = survey(site, questions)
    live: dict[str, list[float]] = {ours: [], theirs: []}
    frames: dict[str, list[float]] = {ours: [], theirs: []}
    for _ in range(ROUNDS):
        for address in (ours, theirs):
            page = slow_page(browser)
            page.goto(url + address)
            page.wait_for_function("() => window.live")
            page.wait_for_timeout(1000)
            live[address].append(page.evaluate("() => window.live"))
            frames[address] += answer(page)
            page.context.close()
    started, started_theirs = (statistics.median(live[one]) for one in (ours, theirs))
    frame, frame_theirs = (statistics.median(frames[one]) for one in (ours, theirs))
    return (
        f"{len(questions)} questions, ours and SurveyJS: live at {started:.0f} and"
        f" {started_theirs:.0f} ms, click to frame {frame:.0f} and {frame_theirs:.0f} ms,"
        f" {frame / frame_theirs:.2f} of it"
    )


def slow_page(browser: Browser) -> Page:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(LIVE)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return page


def answer(page: Page) -> list[float]:
    steps = [(line, (line * 2 + turn) % 3) for turn in range(2) for line in range(ANSWERED)]
    return [page.evaluate(CLICK, list(step)) for step in steps]


def survey(site: Path, questions: list[Any]) -> str:
    """A page with these questions, and a verdict from how many are red."""
    reds = " + ".join(f"iif({{{one['name']}}} = 'red', 1, 0)" for one in questions)
    verdict = f"iif({reds} >= 3, 'Stall', iif({reds} >= 2, 'At risk', 'Holding'))"
    elements = [*questions, {"type": "expression", "name": "verdict", "expression": verdict}]
    model = json.dumps({"elements": elements})
    start = f"new Survey.Model({model}).render(document.getElementById('survey'));"
    name = f"survey-{len(questions)}"
    (site / f"{name}.js").write_text(start, encoding="utf-8")
    style, *scripts = (Path(file).name for file in FILES)
    tags = "".join(f'<script src="{one}" defer></script>' for one in [*scripts, f"{name}.js"])
    (site / f"{name}.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Survey</title>'
        f'<link rel="stylesheet" href="{style}">{tags}<div id="survey"></div></html>',
        encoding="utf-8",
    )
    return f"{name}.html"


if __name__ == "__main__":
    main()
