"""Assessments made at random in the whole language: the two engines give the same result, and the
oracle agrees.

Python and the script are held to each other in every field, bit for bit. The oracle, which tries
every way of finishing a reading, is held to both where there are few ways; where there are many,
what it finds in some of them must be among what the engines say can be.
"""

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from math import prod
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from macros.checks.playbook_reader import read_playbook
from macros.engine import score
from macros.html.page_data import page_data
from tests.support import generated
from tests.support.checkout import ROOT
from tests.support.engines import SCRIPTS, Result, Script, as_text, first_difference
from tests.support.generated import Made, form_of, made
from tests.support.oracle import Form, State, options

pytestmark = pytest.mark.sweep

FEW, SOME = 250, 12  # completions: all are tried up to so many; of more, so many


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


FOUR = ("answered", "unknown", "na", "open")


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


def against(
    form: Form, reading: dict[str, Any], result: Result, tried: Counter[str]
) -> Iterator[str]:
    """How a result differs from what the oracle finds."""
    given = form.accepted(reading["answers"])
    ways = prod(len(options(line)) for line in form.open_lines(given))
    numbers = any(line.question.kind == "number" for line in form.open_lines(given))
    chance = random.Random(0)
    states = (
        [*form.completions(given)]
        if ways <= FEW
        else [form.some_completion(given, chance) for _ in range(SOME)]
    )
    tried[
        "readings with all their completions" if ways <= FEW and not numbers else "with some"
    ] += 1
    tried["completions"] += len(states)
    if ways <= FEW and not numbers:
        yield from exactly(form, states, result)
    else:
        yield from at_least(form, states, result)
    if not form.open_lines(given):
        yield from complete(states[0], result)


def differ(what: str, expected: Any, found: Any) -> Iterator[str]:
    if as_text(expected) != as_text(found):
        yield f"{what}: expected {as_text(expected)}, found {as_text(found)}"


def exactly(form: Form, states: list[State], result: Result) -> Iterator[str]:
    verdicts = {state.verdict() for state in states}
    possible = [verdict.id for verdict in form.assessment.verdicts if verdict.id in verdicts]
    yield from differ("possible", possible, result["possible"])
    yield from differ("verdict", possible[0] if len(possible) == 1 else None, result["verdict"])
    yield from differ("exact", True, result["exact"])
    in_all = set.intersection(*(set(state.warnings()) for state in states))
    yield from differ(
        "warnings",
        [one.id for one in form.assessment.warnings if one.id in in_all],
        result["warnings"],
    )
    for key in states[0].measures():
        yield from differ(
            f"measure {key}",
            summary([state.measures()[key] for state in states]),
            measured(result, key),
        )


def measured(result: Result, key: tuple[str, str | None]) -> Any:
    name, section = key
    found = result["measures"][name]
    return found if section is None else found["sections"][section]


def summary(values: list[Any]) -> Any:
    """All the values of a measure as a result has them."""
    if len(set(values)) == 1:
        return {"value": values[0]}
    if any(isinstance(value, bool) for value in values):
        return {
            "possible": [value for value in (True, False, None) if value in values],
            "exact": True,
        }
    numbers = [value for value in values if value is not None]
    return {"range": [min(numbers), max(numbers)], "maybe_none": None in values, "exact": True}


def at_least(form: Form, states: list[State], result: Result) -> Iterator[str]:
    """What occurs in some completions is among what the result says can be."""
    verdicts = {verdict for state in states if (verdict := state.verdict())}
    if not verdicts <= set(result["possible"]):
        yield f"possible: {sorted(verdicts)} occur, found {result['possible']}"
    for warning in result["warnings"]:
        if not all(warning in state.warnings() for state in states):
            yield f"warnings: {warning} does not always hold"
    for state in states:
        for key, value in state.measures().items():
            if not within(value, measured(result, key)):
                yield f"measure {key}: {value} occurs, found {as_text(measured(result, key))}"


def within(value: Any, found: Any) -> bool:
    if "value" in found:
        return as_text(found["value"]) == as_text(value)
    if "possible" in found:
        return value in found["possible"]
    low, high = found["range"]
    if value is None:
        return bool(found["maybe_none"])
    return (low is None or low <= value) and (high is None or value <= high)


def complete(state: State, result: Result) -> Iterator[str]:
    """What needs no completion: counts, coverage, what is none, and how far the next verdict is."""
    yield from differ("counts", state.counted(), result["counts"])
    found = {key: result["coverage"][key] for key in FOUR}
    yield from differ("coverage", state.coverage(), found)
    if state.verdict():
        ones = sum(len(line.answers) for line in state.form.lines.values())
        found = [sorted(one["changes"]) for one in result["distance"]]
        if ones <= 12 or any(len(changes) == 1 for changes in found):
            yield from differ(
                "distance", next(filter(None, distances(state)), []), result["distance"]
            )
        else:
            yield from differ("distance of one", [], next(distances(state)))


def distances(state: State) -> Iterator[list[Any]]:
    """By changing the answers of one line with a scale to others, then of two: what makes another
    verdict certain.
    """
    verdict, form = state.verdict(), state.form
    lines = [
        line
        for line in form.lines.values()
        if line.question.kind == "one" and state.status(line) not in ("hidden", "open")
    ]
    others = {
        line.id: [one for one in line.answers if one != state.answers[line.id]] for line in lines
    }
    for size in (1, 2):
        found = []
        for group in combinations(others, size):
            for chosen in product(*(others[id] for id in group)):
                changes = dict(zip(group, chosen, strict=True))
                verdicts = {
                    one.verdict() for one in form.completions({**state.answers, **changes})
                } - {None}
                if len(verdicts) == 1 and verdicts != {verdict}:
                    found.append({"changes": changes, "verdict": verdicts.pop()})
        yield found
