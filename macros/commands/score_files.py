"""Files of readings → their results, as JSON or as a table for a spreadsheet."""

from __future__ import annotations

import csv
import glob
import json
import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from macros.checks import check
from macros.checks.answer_problems import sentence
from macros.checks.playbook_reader import by_place
from macros.commands.command import FINE, FOUND
from macros.commands.console import progress
from macros.commands.reading_file import Reading, Refused, misshapen, read_reading
from macros.engine.score import Result, score
from macros.loading import overlays, structure
from macros.loading.structure import SourceFile
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import Assessment


def score_files(root: Path, which: str, names: list[str], as_csv: bool) -> int:
    """Scores the readings of some files. Raises Refused with a sentence for each that cannot be
    scored, and scores none then.
    """
    with progress("Reading"):
        assessment = find_assessment(root, which)
        readings = read_all(names, assessment)
    results = scored(assessment, readings, as_csv)
    # On a terminal the results themselves show that it goes on.
    is_seen = sys.stdout.isatty()
    with nullcontext() if is_seen else progress(f"Scoring {len(readings)} readings"):
        return write_table(assessment, results) if as_csv else write_json(results, len(readings))


# --- the assessment ------------------------------------------------------------------------


def find_assessment(root: Path, which: str) -> Assessment:
    """The assessment of a file or of an id, an engagement's changes made to it. Raises Refused."""
    scales, scales_file = structure.load_scales(root)
    rules, rules_file = structure.load_rules(root)
    assessment, file = load(root, which, scales)
    compiled = None
    if assessment and not (scales_file.broken or rules_file.broken):
        compiled = check.check(assessment, file, {id: rule.value for id, rule in rules.items()})
    if compiled:
        return compiled
    problems = [*scales_file.problems, *rules_file.problems, *file.problems]
    errors = by_place(problem for problem in problems if problem.level == "error")
    lines = [*map(str, errors), "Nothing is scored before that is mended."]
    raise Refused("\n".join(lines))


def load(root: Path, which: str, scales: Any) -> tuple[Assessment | None, SourceFile]:
    plan = overlays.plan_of(root)
    path = Path(which)
    if which in plan.bases:
        return overlays.read_assessment(which, plan, root, scales)
    if path.suffix not in (".yml", ".yaml"):
        raise Refused(f"There is no assessment '{shorten(which)}'{suggest(which, plan.bases)}")
    if not path.is_file():
        raise Refused(f"There is no file {shorten(which)}.")
    for id in plan.bases:
        if any(path.samefile(file) for file in plan.files_of(id)):
            return overlays.read_assessment(id, plan, root, scales)
    return structure.load_assessment(path, path.parent, scales)


# --- the readings --------------------------------------------------------------------------


def read_all(names: list[str], assessment: Assessment) -> list[tuple[str, Reading]]:
    """The readings of all files. Raises Refused with a sentence for each that cannot be read."""
    readings, refusals = [], []
    for name in chain.from_iterable(map(expanded, names)):
        try:
            readings.append((name, read_reading(Path(name), assessment)))
        except Refused as refused:
            refusals.append(f"{name}: {refused}")
    if refusals:
        raise Refused("\n".join([*refusals, "Nothing is scored."]))
    return readings


def expanded(name: str) -> list[str]:
    """The files that a name with * or ? stands for, where no shell has put them there, as on
    Windows.
    """
    is_pattern = any(sign in name for sign in "*?") and not Path(name).exists()
    return (sorted(glob.glob(name)) if is_pattern else []) or [name]


def scored(
    assessment: Assessment, readings: list[tuple[str, Reading]], as_csv: bool
) -> Iterator[tuple[str, Reading, Result]]:
    """Each reading with its result. A table has no distance, which takes longer than all the
    rest.
    """
    for name, reading in readings:
        result = score(assessment, reading, distance=not as_csv)
        problems = [
            {"question": problem["question"], "message": sentence(problem)}
            for problem in result["problems"]
        ]
        yield name, reading, {**result, "problems": [*misshapen(reading), *problems]}


def write_json(results: Iterator[tuple[str, Reading, Result]], number: int) -> int:
    """One result as an object on many lines; of several each on a line of its own, with its
    file.
    """
    code = FINE
    for name, _, result in results:
        whole = result if number == 1 else {"file": name, **result}
        print(json.dumps(whole, ensure_ascii=False, indent=2 if number == 1 else None))
        code = FOUND if result["problems"] else code
    return code


# --- a table -------------------------------------------------------------------------------

Cell = str | int | float | bool | None
# What a spreadsheet may take for a formula, also behind signs that it leaves out; and what begins
# with an apostrophe and then so, which would otherwise not be told apart from what we have put one
# before.
FORMULA = re.compile(r"'*[\s\x00-\x1f\u200b\ufeff]*[=+@＝＋－＠-]|'*[\t\r\n\x00]")


def write_table(assessment: Assessment, results: Iterator[tuple[str, Reading, Result]]) -> int:
    """One row a reading, quoted as RFC 4180 says."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(newline="")  # the table has its own line ends
    table = csv.writer(sys.stdout)
    code = FINE
    for n, (name, reading, result) in enumerate(results):
        columns, cells = zip(*row_of(name, reading, result), strict=True)
        if n == 0:
            table.writerow(map(safe, columns))
        table.writerow(map(safe, cells))
        code = FOUND if result["problems"] else code
    return code


def row_of(name: str, reading: Reading, result: Result) -> Iterator[tuple[str, Cell]]:
    """A reading and its result by column. What an expression calls `count(red)` or `level(data)` is
    so called here.
    """
    yield "file", name
    for key in ("subject", "chair", "date"):
        value = reading.get(key, "")
        yield key, value if isinstance(value, str) else ""
    yield "verdict", result["verdict"]
    yield "possible", " ".join(result["possible"])
    yield "exact", result["exact"]
    yield from ((key, value) for key, value in result["coverage"].items() if key != "sections")
    yield from ((f"count({answer})", number) for answer, number in result["counts"].items())
    yield from measure_cells(result["measures"])
    yield "warnings", " ".join(result["warnings"])
    yield "problems", "; ".join(map(problem_cell, result["problems"]))


def problem_cell(problem: dict[str, str]) -> str:
    """With its question, if it is one of a question."""
    return f"{problem['question']}: {problem['message']}".removeprefix(": ")


def measure_cells(measures: dict[str, Result]) -> Iterator[tuple[str, Cell]]:
    for name, measure in measures.items():
        if "sections" in measure:
            for section, of_section in measure["sections"].items():
                yield f"{name}({section})", measured(of_section)
        else:
            yield name, measured(measure)


def measured(measure: Result) -> Cell:
    """A certain value as it is, nothing where there is none; otherwise what it can be, in words."""
    if "value" in measure:
        value: Cell = measure["value"]
        return value
    if "possible" in measure:
        return " or ".join(worded(value) for value in measure["possible"])
    low, high = measure["range"]
    words = {
        (False, False): f"from {worded(low)} to {worded(high)}",
        (True, False): f"at most {worded(high)}",
        (False, True): f"at least {worded(low)}",
        (True, True): "any number",
    }[low is None, high is None]
    return f"{words}, or none" if measure["maybe_none"] else words


def worded(value: Cell) -> str:
    """A value in words; a whole number without a point, as a browser writes it."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if is_whole else str(value)


def safe(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula. A number stays one."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return worded(cell)
    return f"'{cell}" if FORMULA.match(cell) else cell
