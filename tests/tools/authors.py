"""What authors wait for, in seconds of processor time, and beside it what a clock on the wall says.

    python3 playbook.py bench authors          all of it
    python3 playbook.py bench rebuild csv      some of it

Processor time is that of the process and of all that it has started. A busy machine makes it longer
too, if by much less than what the clock says.
"""

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from macros.commands import score_files
from macros.commands.serve import DONE
from macros.model import Assessment
from tests.support import generated
from tests.support.checkout import copy_of_checkout, share_venv
from tests.support.command import Serving, free_port
from tests.support.engines import load
from tests.support.generators import QUIET
from tests.support.long_form import scored_assessment
from tests.support.oracle import Form, options
from tests.support.patience import wait_until

RUNS = 3
EDITS = 4
READINGS = 1_000
Answers = dict[str, Any]


@dataclass(frozen=True)
class Time:
    processor: float
    wall: float

    def __str__(self) -> str:
        return f"{self.processor:.2f} s ({self.wall:.2f} s on the wall)"


def time_of(work: Callable[[], object]) -> Time:
    """What a piece of work takes, with the processes that it starts and waits for."""
    processor, wall = processor_time(), time.perf_counter()
    work()
    return Time(processor_time() - processor, time.perf_counter() - wall)


def processor_time() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def median_of(times: list[Time]) -> Time:
    return Time(median(one.processor for one in times), median(one.wall for one in times))


def line(what: str, figure: object, limit: str = "") -> None:
    told = f"(at most {limit})" if limit else ""
    print(f"{what:<58}{figure!s:<30}{told}".rstrip(), flush=True)


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


def macros(folder: Path) -> None:
    """The same pages generated with macros, and from Markdown in which all that these make stands
    already.
    """
    using, plain = with_macros(folder), folder / "plain"
    shutil.copytree(using, plain)
    shutil.copytree(using / "rendered", plain / "docs", dirs_exist_ok=True)
    settings = (plain / "mkdocs.yml").read_text(encoding="utf-8")
    start = settings.index("  macros:\n")
    end = settings.index("\n\n", start)
    (plain / "mkdocs.yml").write_text(settings[:start] + settings[end:], encoding="utf-8")
    # In turn, so that what else the machine does falls on both.
    times = [(time_of(generation(plain)), time_of(generation(using))) for _ in range(RUNS)]
    without, whole = (median_of(list(column)) for column in zip(*times, strict=True))
    share = 1 - without.processor / whole.processor
    line("pages with forms, generated", whole)
    line("  without macros, the same pages", without)
    line("  macros' share", f"{100 * share:.0f} %", "10 %")


def with_macros(folder: Path) -> Path:
    """A copy of the checkout, and in it, as `rendered`, each page as its macros leave it."""
    copy = copy_of_checkout(folder / "using", "tests")
    settings = (copy / "mkdocs.yml").read_text(encoding="utf-8")
    (copy / "keep.py").write_text(KEEP_MARKDOWN, encoding="utf-8")
    (copy / "mkdocs.yml").write_text(settings + "\nhooks: [keep.py]\n", encoding="utf-8")
    generation(copy)()
    (copy / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return copy


def generation(folder: Path) -> Callable[[], object]:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--no-strict"]
    return lambda: subprocess.run(command, cwd=folder, check=True, env=QUIET, capture_output=True)


# One edit while serving


def rebuild(folder: Path) -> None:
    """From an edit of the largest form until pages can be loaded anew: what a `serve` takes that
    sees some edits, less what one takes that sees none.
    """
    copy = share_venv(copy_of_checkout(folder / "served", "tests"))
    idle, busy = (time_of(lambda edits=edits: serve(copy, edits)) for edits in (0, EDITS))
    each = Time(
        (busy.processor - idle.processor) / EDITS,
        (busy.wall - idle.wall) / EDITS,
    )
    line("serve, until it can be stopped", idle)
    line("  one edit of an assessment", each, "2.5 s")


def serve(copy: Path, edits: int) -> None:
    source = copy / "assessments" / "gap-reading-diagnostic.yml"
    start = [sys.executable, str(copy / "playbook.py"), "serve", "--port", str(free_port())]
    with Serving(start, copy.parent) as serving:
        serving.wait_for("(Ctrl-C stops it)")
        for edit in range(edits):
            source.write_text(source.read_text(encoding="utf-8") + "# Edited\n", encoding="utf-8")
            wait_until(lambda made=edit + 1: serving.said().count(DONE) >= made, serving.said)
        serving.stop()


# Assessments checked


def checks(folder: Path) -> None:
    """Assessments read and checked, in one process that is warm."""
    for number, fewest, most, limit in ((20, 6, 40, "1 s"), (200, 100, 100, "10 s")):
        sizes = [fewest + n * (most - fewest) // (number - 1) for n in range(number)]
        texts = [generated.assessment_text(n, size) for n, size in enumerate(sizes)]
        size = f"{fewest} to {most}" if fewest < most else f"{most}"
        line(
            f"check of {number} assessments of {size} questions",
            time_of(lambda texts=texts: check_all(folder, texts)),
            limit,
        )


def check_all(folder: Path, texts: list[str]) -> None:
    for n, text in enumerate(texts):
        path = folder / f"made-{n}.yml"
        path.write_text(text, encoding="utf-8")
        load(path, generated.RULES)


def large_form(folder: Path) -> None:
    """One of 440 questions with points, and measures of each section."""
    path = folder / "great.yml"
    path.write_text(scored_assessment(), encoding="utf-8")
    taken = median_of([time_of(lambda: load(path, generated.RULES)) for _ in range(RUNS)])
    line("load and check of a form of 440 questions", taken, "1.5 s")


# Readings scored


def csv(folder: Path) -> None:
    """Readings of an assessment of 100 questions as a table, without the start of the command."""
    assessment, form = of_hundred(folder)
    for what, fewest, most in (("complete", 0, 0), ("5 to 10 questions open", 5, 10)):
        chance = random.Random(0)
        readings = [unfinished(form, chance, chance.randint(fewest, most)) for _ in range(READINGS)]
        taken = time_of(lambda readings=readings: write_table(assessment, readings))
        line(f"score --csv of {READINGS:,} readings, {what}", taken, "2 s")


def write_table(assessment: Assessment, readings: list[tuple[str, Answers]]) -> None:
    with (
        open(os.devnull, "w", encoding="utf-8", newline="") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        score_files.write_table(assessment, score_files.scored(assessment, readings, as_csv=True))


def of_hundred(folder: Path) -> tuple[Assessment, Form]:
    """The first sound one of 100 questions."""
    path = folder / "hundred.yml"
    for seed in range(1000):
        path.write_text(generated.assessment_text(seed, 100), encoding="utf-8")
        assessment, _ = load(path, generated.RULES)
        if assessment:
            return assessment, generated.form_of(path)
    raise AssertionError("no assessment made at random is sound")


def unfinished(form: Form, chance: random.Random, left_open: int) -> tuple[str, Answers]:
    answers = {line.id: chance.choice(options(line)) for line in form.lines.values()}
    for id in chance.sample(list(answers), left_open):
        del answers[id]
    return "reading.json", {"answers": answers}


FIGURES: Mapping[str, Callable[[Path], None]] = {
    "macros": macros,
    "rebuild": rebuild,
    "check": checks,
    "large-form": large_form,
    "csv": csv,
}


def measure(names: list[str]) -> None:
    """Print some of the figures."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            FIGURES[name](Path(folder))
