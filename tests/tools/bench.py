"""How fast it is: `playbook.py bench`. Figures only, never a pass or fail, since they depend on the
machine.

Every figure is the median of several runs, beside the figure it should stay under on a machine with
two cores.
"""

import contextlib
import gzip
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from macros.commands import score_files
from macros.model import Assessment
from tests.browser.test_form_kinds import make_site
from tests.support import chromium, generated
from tests.support.checkout import ROOT, playbook
from tests.support.engines import SCRIPTS, load, served
from tests.support.oracle import Form, options
from tests.support.server import Server
from tests.tools import beside, budgets, readability

START = [getattr(sys, "_base_executable", sys.executable), str(ROOT / "playbook.py")]
RUNS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        line("serve, until its address", f"{median(serve_ready):.2f} s", "3 s")
        line("check", f"{median(check):.2f} s", "1.5 s")
        assessment_speed(folder)
        site = folder / "site"
        line("build and publish", f"{median(lambda: build(site)):.2f} s")
        plain, macros = macros_cost(folder)
        line("site generator without macros", f"{plain:.2f} s")
        line(
            "  with macros, same pages",
            f"{macros:.2f} s, {100 * (macros / plain - 1):+.0f} %",
            "+10 %",
        )
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
        line("  with 300 lines answered", spread(answers_of_many(make_site(folder))), "50 ms")
        beside.main()


def line(what: str, figure: str, limit: str = "") -> None:
    print(
        f"{what:<46}{figure:<28}{'(at most ' + limit + ')' if limit else ''}".rstrip(), flush=True
    )


def median(run: Callable[[], float]) -> float:
    return statistics.median(run() for _ in range(RUNS))


# The command


def check() -> float:
    started = time.perf_counter()
    subprocess.run([*START, "check"], check=True, capture_output=True)
    return time.perf_counter() - started


def assessment_speed(folder: Path) -> None:
    """Many assessments checked, and many readings scored."""
    small = checked(
        folder, "small", [generated.assessment_text(n, 6 + n * 34 // 19) for n in range(20)]
    )
    line("check of 20 assessments of 6 to 40 questions", f"{small:.2f} s", "1 s")
    large = checked(folder, "large", [generated.assessment_text(n, 100) for n in range(200)])
    line("check of 200 of 100 questions", f"{large:.1f} s", "10 s")
    for what, fewest, most, limit in (
        ("complete ones", 0, 0, "2 s"),
        ("with 5 to 10 open questions", 5, 10, ""),
    ):
        line(
            f"score --csv of 1,000 readings, {what}",
            f"{scored_table(folder, fewest, most):.2f} s",
            limit,
        )


def checked(folder: Path, name: str, texts: list[str]) -> float:
    """Seconds to check assessments, each read from its file, in one process that is warm."""
    place = folder / name
    place.mkdir()
    for n, text in enumerate(texts):
        (place / f"made-{n}.yml").write_text(text, encoding="utf-8")
    started = time.perf_counter()
    for path in sorted(place.glob("*.yml")):
        load(path, generated.RULES)
    return time.perf_counter() - started


def scored_table(folder: Path, fewest: int, most: int) -> float:
    """Seconds to score readings of an assessment of 100 questions as a table, without the start of
    the command.
    """
    assessment, form = of_hundred(folder)
    chance = random.Random(0)
    readings = [unfinished(form, chance, chance.randint(fewest, most)) for _ in range(1000)]
    started = time.perf_counter()
    with (
        open(os.devnull, "w", encoding="utf-8", newline="") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        score_files.write_table(assessment, score_files.scored(assessment, readings, as_csv=True))
    return time.perf_counter() - started


def of_hundred(folder: Path) -> tuple[Assessment, Form]:
    """The first sound one of 100 questions."""
    path = folder / "hundred.yml"
    for seed in range(1000):
        path.write_text(generated.assessment_text(seed, 100), encoding="utf-8")
        assessment, _ = load(path, generated.RULES)
        if assessment:
            return assessment, generated.form_of(path)
    raise AssertionError("no assessment made at random is sound")


def unfinished(form: Form, chance: random.Random, left_open: int) -> tuple[str, dict[str, Any]]:
    answers = {line.id: chance.choice(options(line)) for line in form.lines.values()}
    for id in chance.sample(list(answers), left_open):
        del answers[id]
    return "reading.json", {"answers": answers}


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


# What macros cost

KEEP_MARKDOWN = """
from pathlib import Path

def on_page_markdown(markdown, page, config, files):
    meta = "".join(f"{key}: {value!r}\\n" for key, value in page.meta.items())
    front = "---\\n" + meta + "---\\n"
    path = Path(config.config_file_path).parent / "rendered" / page.file.src_uri
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(front + markdown, encoding="utf-8")
"""


def macros_cost(folder: Path) -> tuple[float, float]:
    """Seconds to generate the same pages from Markdown that needs no macros, and with them."""
    with_macros = folder / "with"
    shutil.copytree(ROOT, with_macros, ignore=shutil.ignore_patterns(".*", "site*", "tests"))
    settings = (with_macros / "mkdocs.yml").read_text(encoding="utf-8")
    (with_macros / "keep.py").write_text(KEEP_MARKDOWN, encoding="utf-8")
    (with_macros / "mkdocs.yml").write_text(settings + "\nhooks: [keep.py]\n", encoding="utf-8")
    generate(with_macros)
    (with_macros / "mkdocs.yml").write_text(settings, encoding="utf-8")
    plain = folder / "without"
    shutil.copytree(with_macros, plain)
    shutil.copytree(with_macros / "rendered", plain / "docs", dirs_exist_ok=True)
    start, end = (
        settings.index("  macros:\n"),
        settings.index("\n\n", settings.index("  macros:\n")),
    )
    (plain / "mkdocs.yml").write_text(settings[:start] + settings[end:], encoding="utf-8")
    times = [(generate(plain), generate(with_macros)) for _ in range(RUNS)]
    without, using = (statistics.median(column) for column in zip(*times, strict=True))
    return without, using


def generate(folder: Path) -> float:
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--no-strict"]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, env=quiet, capture_output=True)
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
