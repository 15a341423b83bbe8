"""Assessments made at random in the whole language: the two engines give the same result, and the
oracle agrees.

Python and the script are held to each other in every field, bit for bit. The oracle, which tries
every way of finishing a reading, is held to both where there are few ways; where there are many,
what it finds in some of them must be among what the engines say can be.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from macros.checks.playbook_reader import read_playbook
from macros.engine import score
from macros.html.page_data import page_data
from tests.support import generated
from tests.support.checkout import ROOT
from tests.support.comparison import FOUR, against
from tests.support.engines import SCRIPTS, Result, Script, first_difference
from tests.support.generated import Made, form_of, made
from tests.support.oracle import Form

pytestmark = pytest.mark.sweep


def shipped(count: int) -> Iterator[Made]:
    values = {id: float(rule.value) for id, rule in read_playbook(ROOT).rules.items()}
    for id, assessment in read_playbook(ROOT).assessments.items():
        form = Form(form_of(ROOT / "assessments" / f"{id}.yml").assessment, values)
        yield Made(id, assessment, form, generated.readings(form, 0, count))


@cache
def all_made(folder: Path, assessments: int, each: int) -> list[Made]:
    return [*shipped(5 * each), *(made(seed, folder, each) for seed in range(assessments))]


@cache
def scored(one: int, folder: Path, assessments: int, each: int) -> list[Result]:
    made = all_made(folder, assessments, each)[one]
    return [score.score(made.assessment, reading) for reading in made.readings]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


SHORT = pytest.param(60, 34, id="60 assessments")
LONG = pytest.param(210, 50, id="210 assessments", marks=pytest.mark.long)


@pytest.mark.parametrize(("assessments", "each"), [SHORT, LONG])
def test_both_engines_agree_in_every_field(
    assessments: int, each: int, folder: Path, chromium: Browser
) -> None:
    script = Script(chromium)
    found, seen = [], Counter[str]()
    for n, one in enumerate(all_made(folder, assessments, each)):
        ours = scored(n, folder, assessments, each)
        difference = first_difference(
            one.readings, ours, script.scores(page_data(one.assessment), one.readings)
        )
        found += [f"{one.name}: {difference}"] * bool(difference)
        for result in ours:
            seen.update(kinds_of(result, len(one.form.lines)))
    script.close()
    assert found == [], "\n".join(found)
    print(
        f"\n{seen.pop('readings'):,} readings of {assessments} assessments made at random and those"
        " shipped,",
        end=" ",
    )
    print("0 differences:", ", ".join(f"{count:,} with {what}" for what, count in seen.items()))
    assert min(seen.values()) > assessments / 4, "too few readings of some sort to show anything"


def kinds_of(result: Result, questions: int) -> Iterator[str]:
    """What a result has in it, to show that the readings are of every sort."""
    yield "readings"
    yield (
        "one verdict" if result["verdict"] else "several verdicts" if result["possible"] else "none"
    )
    yield from ("bounds",) * (not result["exact"])
    yield from (
        field for field in ("warnings", "valueless", "distance", "problems") if result[field]
    )
    yield from ("hidden questions",) * (sum(result["coverage"][one] for one in FOUR) < questions)


@pytest.mark.parametrize(("assessments", "each"), [SHORT, LONG])
def test_both_engines_agree_on_bounds(
    assessments: int, each: int, folder: Path, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same once more with no completion tried, so that every open question goes by the table of
    formulas.
    """
    monkeypatch.setattr(score, "MOST_COMPLETIONS", 0)
    right = "MOST_COMPLETIONS = 20000"
    assert SCRIPTS["score.js"].count(right) == 1
    script = Script(
        chromium, [source.replace(right, "MOST_COMPLETIONS = 0") for source in SCRIPTS.values()]
    )
    found, count = [], 0
    for one in all_made(folder, assessments, each):
        readings = one.readings[: each // 2]
        count += len(readings)
        ours = [score.score(one.assessment, reading) for reading in readings]
        difference = first_difference(
            readings, ours, script.scores(page_data(one.assessment), readings)
        )
        found += [f"{one.name}: {difference}"] * bool(difference)
    script.close()
    assert found == [], "\n".join(found)
    print(f"\n{count:,} of the readings by bounds alone, 0 differences")


MISTAKES = [
    ("evaluate.js", "low + 0, high + 0, none]", "low, high, none]"),
    ("evaluate.js", "const NOTHING = [Infinity, -Infinity, true]", "const NOTHING = [0, 0, true]"),
    ("evaluate.js", "number * POWERS[places] + 0.5", "number * POWERS[places] + 0.49"),
    ("evaluate.js", "(none ? NONE : 0)", "0"),
    ("evaluate.js", "numbers.length % 2 ?", "numbers.length % 3 ?"),
    ("evaluate.js", "b[0] === 0 && b[1] === 0", "false"),
    (
        "outcomes.js",
        "LEFT_OUT = { ...ABSENT, applies: TRUE",
        "LEFT_OUT = { ...ABSENT, applies: FALSE",
    ),
    ("state.js", "set === FALSE ? ABSENT : set", "set"),
    ("state.js", "required === false ? ABSENT", "required === true ? ABSENT"),
    ("outcomes.js", "question.points?.[answer.id] ?? answer.points", "answer.points"),
    ("outcomes.js", "high + Math.max(points, 0)", "high + points"),
    ("outcomes.js", "if (holds === TRUE) break", "if (holds & FALSE) break"),
    ("state.js", "weight: possible[0],", "weight: possible[0] * 10,"),
    ("answers.js", "answer.includes(NONE_OF_THESE) && answer.length > 1", "false"),
    ("answers.js", "whole && !Number.isInteger(answer)", "false"),
    ("score.js", "low > high ? { value: null } : ", ""),
]


@pytest.mark.parametrize(("file", "right", "wrong"), MISTAKES)
def test_a_mistake_in_the_script_is_noticed(
    file: str, right: str, wrong: str, folder: Path, chromium: Browser
) -> None:
    assert SCRIPTS[file].count(right) == 1, (
        "the script has changed: choose another place for the mistake"
    )
    sources = {**SCRIPTS, file: SCRIPTS[file].replace(right, wrong)}
    assert next(differences(chromium, list(sources.values()), folder), "") != ""


def differences(chromium: Browser, sources: list[str], folder: Path) -> Iterator[str]:
    script = Script(chromium, sources)
    for n, one in enumerate(all_made(folder, 60, 34)):
        try:
            theirs = script.scores(page_data(one.assessment), one.readings)
        except Error as error:  # it stops rather than give a result
            yield str(error)
            break
        if difference := first_difference(one.readings, scored(n, folder, 60, 34), theirs):
            yield difference
            break
    script.close()


# The oracle


@pytest.mark.parametrize(("assessments", "each"), [SHORT, LONG])
def test_the_oracle_agrees(assessments: int, each: int, folder: Path) -> None:
    found, tried = [], Counter[str]()
    for n, one in enumerate(all_made(folder, assessments, each)):
        results = scored(n, folder, assessments, each)
        for reading, result in list(zip(one.readings, results, strict=True))[: each // 2]:
            if set(generated.FORMER) & reading["answers"].keys():
                continue  # the oracle knows no earlier versions
            faults = list(against(one.form, reading, result, tried))
            found += [f"{one.name}: reading {reading}\n  " + "\n  ".join(faults)] * bool(faults)
    assert found == [], "\n".join(found)
    print("\nthe oracle agrees: " + ", ".join(f"{count:,} {what}" for what, count in tried.items()))
