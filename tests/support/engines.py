"""The two engines side by side: macros/engine/score.py here, docs/assets/engine/score.js in a
Chromium.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from macros.checks import check
from macros.loading import structure
from macros.model import Assessment, Problem
from macros.publishing.minify import minify_scripts
from tests.support.checkout import ROOT

Result = dict[str, Any]
SCRIPTS = {
    name: (ROOT / "docs" / "assets" / "engine" / name).read_text(encoding="utf-8")
    for name in ("evaluate.js", "outcomes.js", "state.js", "answers.js", "score.js")
}
# JSON has no sign of zero and nothing beyond the numbers: they are told in words, so that no
# comparison misses them
SCORE_ALL = """([assessment, readings]) => JSON.stringify(
    JSON.parse(readings).map((reading) => window.playbook.score(JSON.parse(assessment), reading)),
    (_, value) => (typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value))
      ? `the number ${Object.is(value, -0) ? '-0' : value}` : value))"""


class Script:
    """The script engine as it is served, in an empty page. `sources` are its files, as text, so
    that a test can put a mistake in.
    """

    def __init__(self, chromium: Browser, sources: Sequence[str] = tuple(SCRIPTS.values())) -> None:
        self.context = chromium.new_context()
        self.page: Page = self.context.new_page()
        self.page.add_script_tag(content=served(*sources))

    def scores(self, page_data: Any, readings: Sequence[Any]) -> list[Result]:
        """The result of each reading. They travel as text, so that nothing on the way changes a
        value.
        """
        found = self.page.evaluate(SCORE_ALL, [json.dumps(page_data), json.dumps(readings)])
        results: list[Result] = json.loads(found)
        return results

    def close(self) -> None:
        self.context.close()


@cache
def served(*sources: str) -> str:
    return minify_scripts({str(n): source for n, source in enumerate(sources)})


def load(
    path: Path, rules: dict[str, int] | None = None
) -> tuple[Assessment | None, list[Problem]]:
    """An assessment anywhere on disk, checked, with the playbook's own scales."""
    scales, _ = structure.load_scales(ROOT)
    assessment, file = structure.load_assessment(path, path.parent, scales)
    checked = check.check(assessment, file, rules or {}) if assessment else None
    return checked, sorted(file.problems, key=lambda problem: (problem.line, problem.column))


def as_text(value: Any) -> str:
    """A value so that two are the same text only if they are the same: True is not 1, and no key is
    missing.

    Numbers are doubles, of which 3 and 3.0 are the same one; every bit of them shows.
    """
    return json.dumps(_doubles(value), ensure_ascii=False, sort_keys=True)


def _doubles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _doubles(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_doubles(one) for one in value]
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e308:
        return value
    return (
        int(value)
        if value % 1 == 0 and abs(value) < 2**53 and str(value) != "-0.0"
        else float(value)
    )


def first_difference(
    readings: Sequence[Any], ours: Sequence[Result], theirs: Sequence[Result]
) -> str:
    """The first reading on which two lists of results differ, and how; empty where they agree."""
    assert len(readings) == len(ours) == len(theirs)
    for reading, one, other in zip(readings, ours, theirs, strict=True):
        if as_text(one) != as_text(other):
            return "\n".join(["", f"reading {as_text(reading)}", *fields_that_differ(one, other)])
    return ""


def fields_that_differ(one: Result, other: Result) -> Iterator[str]:
    for name in sorted(one.keys() | other.keys()):
        if as_text(one.get(name)) != as_text(other.get(name)):
            yield f"  {name}: Python {as_text(one.get(name))}, script {as_text(other.get(name))}"
