"""The contract between the two engines: every folder of tests/data/vectors is run by both, and by
what the page embeds.

A folder holds `assessment.yml`, `readings.json` (why a reading is there, its answers, its whole
result) and `page.json` (what the page embeds). It stands alone but for the scales of
assessments/scales.yml.
"""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Browser

from macros.engine import score
from macros.engine.answers import ProblemCode
from macros.html.page_data import page_data
from macros.model import Assessment
from tests.support.checkout import ROOT
from tests.support.comparison import against
from tests.support.engines import Script, as_text, load
from tests.support.generated import form_of

FOLDERS = sorted(path for path in (ROOT / "tests" / "data" / "vectors").iterdir() if path.is_dir())
VECTORS = [
    (folder, vector)
    for folder in FOLDERS
    for vector in json.loads((folder / "readings.json").read_bytes())
]
RESULT = [
    "assessment",
    "version",
    "verdict",
    "possible",
    "exact",
    "measures",
    "counts",
    "coverage",
    "warnings",
]
RESULT += ["valueless", "why", "distance"]


@pytest.fixture(scope="module")
def script(chromium: Browser) -> Iterator[Script]:
    script = Script(chromium)
    yield script
    script.close()


@cache
def assessment_of(folder: Path) -> Assessment:
    assessment, problems = load(folder / "assessment.yml")
    assert assessment and not [problem for problem in problems if problem.level == "error"], (
        problems
    )
    return assessment


def name(value: Any) -> str:
    return value.name if isinstance(value, Path) else str(value["why"])[:50]


@pytest.mark.parametrize(("folder", "vector"), VECTORS, ids=name)
def test_python_comes_to_the_result(folder: Path, vector: Any) -> None:
    assert score.score(assessment_of(folder), vector["reading"]) == vector["result"], vector["why"]


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_script_comes_to_the_result(folder: Path, script: Script) -> None:
    vectors = json.loads((folder / "readings.json").read_bytes())
    page_data = json.loads((folder / "page.json").read_bytes())
    found = script.scores(page_data, [vector["reading"] for vector in vectors])
    for vector, result in zip(vectors, found, strict=True):
        assert as_text(result) == as_text(vector["result"]), vector["why"]


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_oracle_comes_to_the_result(folder: Path) -> None:
    """The third opinion of tests/support/oracle.py, but for answers of earlier versions, of which
    it knows nothing.
    """
    form = form_of(folder / "assessment.yml")
    for vector in json.loads((folder / "readings.json").read_bytes()):
        answers = vector["reading"].get("answers", {})
        answers = answers if isinstance(answers, dict) else {}
        if not EARLIER & {
            *answers,
            *(choice for one in answers.values() if isinstance(one, list) for choice in one),
        }:
            assert list(against(form, {"answers": answers}, vector["result"], Counter())) == [], (
                vector["why"]
            )


EARLIER = {"sponsor", "quality", "budget", "bot"}  # the old names in an-assessment-that-has-changed


def test_there_are_hundreds_of_readings() -> None:
    print(f"\n{len(VECTORS)} readings in {len(FOLDERS)} folders")
    assert len(VECTORS) >= 300


def codes_in(vectors: list[tuple[Path, Any]]) -> set[str]:
    return {problem["code"] for _, vector in vectors for problem in vector["result"]["problems"]}


def test_every_problem_that_an_answer_can_have_is_in_a_reading() -> None:
    assert codes_in(VECTORS) == set(get_args(ProblemCode))


def test_a_problem_that_is_in_no_reading_would_be_noticed() -> None:
    some = [(folder, one) for folder, one in VECTORS if folder.name != "text-is-never-scored"]
    assert set(get_args(ProblemCode)) - codes_in(some) == {"not_a_text"}


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_page_embeds_what_the_folder_says(folder: Path) -> None:
    embedded = json.loads((folder / "page.json").read_bytes())
    assert as_text(page_data(assessment_of(folder))) == as_text(embedded)


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_folder_shows_enough(folder: Path) -> None:
    """Whole results, a sentence for each reading, and every verdict of the assessment found at
    least once.
    """
    vectors = json.loads((folder / "readings.json").read_bytes())
    assert all(
        list(vector["result"]) == [*RESULT, "problems"] and vector["why"] for vector in vectors
    )
    reached = {verdict for vector in vectors for verdict in vector["result"]["possible"]}
    assert reached == {verdict.id for verdict in assessment_of(folder).verdicts}
    assert len({as_text(vector["reading"]) for vector in vectors}) == len(vectors)


@pytest.mark.parametrize(("folder", "vector"), VECTORS[:1], ids=name)
def test_a_wrong_result_is_noticed(folder: Path, vector: Any) -> None:
    result = score.score(assessment_of(folder), vector["reading"])
    for key in vector["result"]:
        assert as_text({**vector["result"], key: "something else"}) != as_text(result), key
    assert as_text({"exact": 1}) != as_text({"exact": True})
