"""How fast it is: `playbook.py bench`. Figures only, never a pass or fail, since they depend on the
machine.

    python3 playbook.py bench                  everything
    python3 playbook.py bench authors          what authors wait for, in processor time
    python3 playbook.py bench rebuild csv      some of that

Every figure stands beside the one that it should stay under on a machine with two cores.
"""

import argparse
import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.checkout import ROOT, playbook
from tests.support.engines import SCRIPTS, served
from tests.support.server import Server
from tests.support.tryout import build_tryout
from tests.tools import authors, beside, budgets, readability
from tests.tools.authors import line

START = [getattr(sys, "_base_executable", sys.executable), str(ROOT / "playbook.py")]
RUNS = 5


def main() -> None:
    names = wanted()
    authors.measure([name for name in authors.FIGURES if {name, "authors"} & names or not names])
    if not names:
        measure_the_rest()


def wanted() -> set[str]:
    parser = argparse.ArgumentParser(prog="playbook.py bench", description="Print figures.")
    parser.add_argument(
        "figures", nargs="*", choices=["authors", *authors.FIGURES], help="all, if none is named"
    )
    return set(parser.parse_args().figures)


def measure_the_rest() -> None:
    """The command, and what readers are served."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        line("serve, until its address", f"{median(serve_ready):.2f} s", "3 s")
        line("check", f"{median(check):.2f} s", "1.5 s")
        site = folder / "site"
        line("build and publish", f"{median(lambda: build(site)):.2f} s")
        for budget in budgets.budgets(site):
            line(budget.name, f"{budget.bytes / 1000:.1f} kB", f"{budget.limit / 1000:.1f} kB")
        line("the engine's scripts, gzipped", f"{engine_bytes() / 1000:.1f} kB", "6 kB")
        line("readability", readability.summary(readability.grades(site)), "median 11, highest 14")
        times = answer_to_result(site)
        line(
            "answer to updated result, CPU slowed 4 times",
            spread([one[0] for one in times]),
            "16 ms",
        )
        line("  to the way to another verdict", spread([one[1] for one in times]))
        line("  to the word that it is kept", spread([one[2] for one in times]))
        line("  with 300 lines answered", spread(answers_of_many(build_tryout(folder))), "50 ms")
        beside.main()


def median(run: Callable[[], float]) -> float:
    return statistics.median(run() for _ in range(RUNS))


# The command


def check() -> float:
    started = time.perf_counter()
    subprocess.run([*START, "check"], check=True, capture_output=True)
    return time.perf_counter() - started


def serve_ready() -> float:
    started = time.perf_counter()
    with subprocess.Popen(
        [*START, "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        for said in process.stdout:
            if "The playbook is at" in said:
                break
        seconds = time.perf_counter() - started
        process.terminate()
    return seconds


def build(site: Path) -> float:
    started = time.perf_counter()
    done = playbook("build", "--to", str(site))
    assert done.returncode == 0, done.stdout
    return time.perf_counter() - started


# What is served


def engine_bytes() -> int:
    """The scripts that work out a result, as they are served but for the bundle."""
    return len(gzip.compress(served(*SCRIPTS.values()).encode(), 9))


# The form in a browser

MEASURE = """
async ([name, value]) => {
    const form = document.querySelector('form[data-module="assessment"]');
    const input = form.querySelector(`input[name="${name}"][value="${value}"]`);
    const isStorage = (node) =>
        (node.nodeType === 1 ? node : node.parentElement)?.closest('[data-part="kept"]');
    let further = 0, kept = 0;
    const watcher = new MutationObserver((changes) => {
        if (changes.some((change) => isStorage(change.target))) kept = performance.now();
        if (changes.some((change) => !isStorage(change.target))) further = performance.now();
    });
    watcher.observe(
        document.body,
        {subtree: true, childList: true, attributes: true, characterData: true},
    );
    const started = performance.now();
    input.click();
    const result = further = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    watcher.disconnect();
    return [result - started, further - started, kept - started];
}
"""
NAMES = """
[...document.querySelectorAll(
    'form[data-module="assessment"] input[type="radio"][value="unknown"]'
)].map(i => i.name)
"""


def answer_to_result(site: Path) -> list[list[float]]:
    """Milliseconds from the event of each answer to the result, to what comes after it, and to it
    being kept.
    """
    server = Server(site)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, chromium.find_or_install(print))
        times = measure(browser, server.url + "read/diagnostic.html")
        browser.close()
    server.stop()
    return times


ANSWER_ALL = """
() => {
    const radios = [...document.querySelectorAll('.answers input[type="radio"]')];
    const names = new Set(radios.map((one) => one.name));
    for (const name of names) {
        const inputs = document.querySelectorAll(`input[name="${name}"]`);
        inputs[name.length % 3].checked = true;
        inputs[0].dispatchEvent(new Event('input', {bubbles: true}));
    }
    return [...names];
}
"""
HANDLE = """
async ([name, value]) => {
    const input = document.querySelector(`input[name="${name}"][value="${value}"]`);
    const started = performance.now();
    input.click();
    const taken = performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return taken;
}
"""


def answers_of_many(site: Path) -> list[float]:
    """Milliseconds that a form of 300 answered lines takes for another answer, with all that it
    writes.
    """
    server = Server(site)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, chromium.find_or_install(print))
        page = browser.new_page()
        page.goto(server.url + "tryout/long.html")
        page.wait_for_load_state("load")
        names = page.evaluate(ANSWER_ALL)
        slow_down(page)
        values = cycle(["red", "green", "unknown", "yellow"])
        times = [
            page.evaluate(HANDLE, [name, value])
            for name, value in zip(names[::3], values, strict=False)
        ]
        browser.close()
    server.stop()
    return times


def spread(times: list[float]) -> str:
    return (
        f"p50 {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[18]:.1f} ms"
    )


def measure(browser: Browser, address: str) -> list[list[float]]:
    page = browser.new_page()
    page.goto(address)
    page.wait_for_load_state("load")
    slow_down(page)
    names = page.evaluate(NAMES)
    rounds = ["green", "yellow", "red", "unknown"] * 3
    return [page.evaluate(MEASURE, [name, value]) for value in rounds for name in names]


def slow_down(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})


if __name__ == "__main__":
    main()
