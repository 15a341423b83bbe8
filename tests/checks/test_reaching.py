"""Which verdicts and warnings answers can reach: what is called unreachable is; what can be is
never called so.

Where few combinations can be, the oracle tries all of them. Where rules only count, proof does not
depend on how many questions there are.
"""

import random
from collections.abc import Iterator
from itertools import islice, product
from math import prod
from pathlib import Path

import pytest

from macros.checks import check, reachability
from macros.checks.semantics import CheckContext
from macros.engine.state import State as Reading
from macros.engine.state import scoring_model
from macros.loading import structure
from macros.model import Assessment, Problem
from tests.support import generated
from tests.support.checkout import ROOT
from tests.support.oracle import Form, State, options

pytestmark = pytest.mark.sweep

HEAD = """title: Made for reach
version: 1
basis: ours
unit: one case
respondent: anybody
minutes: 5
intro: Counted.
scale: traffic_light
"""
FEW = 3_000  # combinations that the oracle tries


def checked(
    text: str, folder: Path, thorough: bool = False
) -> tuple[Assessment | None, list[Problem]]:
    path = folder / "reach.yml"
    path.write_text(text, encoding="utf-8")
    scales, _ = structure.load_scales(ROOT)
    assessment, file = structure.load_assessment(path, folder, scales)
    context = CheckContext(generated.RULES, thorough=thorough)
    return (check.check_in(context, assessment, file) if assessment else None), file.problems


def said_of_reach(text: str, folder: Path, thorough: bool = False) -> dict[str, str]:
    """What is said of each verdict, warning or show: `never` or `not proven`."""
    _, problems = checked(text, folder, thorough)
    found = {}
    for problem in problems:
        name = problem.message.split(": ")[0]
        if "can never be reached" in problem.message or "can never hold" in problem.message:
            found[name] = "never"
        elif "not proven" in problem.message:
            found[name] = "not proven"
        else:
            assert problem.level == "warning", problem
    return found


def form(count: int, verdicts: list[str], more: str = "", head: str = HEAD) -> str:
    """An assessment of so many questions, with these rules."""
    questions = "".join(f"  - {{id: q{n}, name: Q, ask: Is it so?}}\n" for n in range(count))
    rules = "".join(
        f'  - {{id: v{n}, when: "{rule}", title: V, say: So.}}\n' for n, rule in enumerate(verdicts)
    )
    last = "  - {id: rest, otherwise: true, title: Rest, say: So.}\n"
    return f"{head}\nquestions:\n{questions}{more}\nverdicts:\n{rules}{last}"


# --- rules that only count -------------------------------------------------------------------


MORE = ["", "unknown: yellow\n", "unknown: excluded\n", "na: {allowed: true}\n"]


@pytest.mark.parametrize(
    ("count", "unknown"), [*((count, more) for count in (6, 20) for more in MORE), (100, "")]
)
def test_rules_that_only_count_are_proved_over_any_number_of_questions(
    count: int, unknown: str, tmp_path: Path
) -> None:
    rules = {
        f"count(red) == {count}": "",
        f"count(red) > {count}": "never",
        "count(red) >= 3 and count(green) >= 2": "",
        f"count(red) >= {count - 1} and count(green) >= 2": "never",
        "count(red) >= 4": "never",  # what is left of it after the next one, which is put first
        f"count(red) + count(yellow) + count(green) > {count}": "never",
    }
    text = form(count, ["count(red) >= 3 and count(green) <= 1", *rules], head=HEAD + unknown)
    said = said_of_reach(text, tmp_path)
    expected = {f"verdicts[{n}]": told for n, told in enumerate(rules.values(), 2) if told}
    assert {name for name, told in said.items() if told == "not proven"} == set()
    assert said == expected | {"verdicts[2]": "never"}  # all red is in the first one


@pytest.mark.parametrize("count", [6, 20, 100])
def test_what_counts_reach_is_never_called_unreachable(count: int, tmp_path: Path) -> None:
    rules = [
        f"count(red) == {n} and count(yellow) == {count - n}"
        for n in range(0, count + 1, max(1, count // 3))
    ]
    assert said_of_reach(form(count, rules), tmp_path) == {}


@pytest.mark.parametrize("count", [20, 100])
def test_warnings_over_counts_are_proved_likewise(count: int, tmp_path: Path) -> None:
    warnings = (
        "warnings:\n"
        f"  - {{id: all_red, when: count(red) == {count}, say: Mind.}}\n"
        f"  - {{id: too_many, when: count(red) + count(green) > {count}, say: Mind.}}\n"
        "  - {id: odd, when: count(red) == 0.5, say: Mind.}\n"
    )
    text = form(count, ["count(red) >= 2"]) + warnings
    assert said_of_reach(text, tmp_path) == {
        "warnings[2].when": "never",
        "warnings[3].when": "never",
    }


def test_a_question_that_is_named_is_told_apart_from_those_that_are_counted(tmp_path: Path) -> None:
    rules = [
        "count(red) == 100 and q7 is green",
        "count(red) == 99 and q7 is green",
        "count(red) >= 99 and q7 is red",
    ]
    said = said_of_reach(form(100, rules), tmp_path)
    assert said == {"verdicts[1]": "never"}


# --- what cannot be proved -------------------------------------------------------------------


def test_what_is_too_much_to_be_looked_through_is_not_proven(tmp_path: Path) -> None:
    """Each question is named, so that each counts on its own: 3 to the power of 14 combinations."""
    worth = " + ".join(f"(2 if q{n} is red else 4)" for n in range(14))
    text = form(14, [f"{worth} == 41"])
    assert said_of_reach(text, tmp_path) == {"verdicts[1]": "not proven"}
    assert said_of_reach(text, tmp_path, thorough=True) == {"verdicts[1]": "not proven"}


def test_a_thorough_check_looks_through_ten_times_as_many(tmp_path: Path) -> None:
    worth = " + ".join(f"(2 if q{n} is red else 4)" for n in range(10))
    text = form(10, [f"{worth} == 31"])  # 59,049 combinations, none of them odd
    assert said_of_reach(text, tmp_path) == {"verdicts[1]": "not proven"}
    assert said_of_reach(text, tmp_path, thorough=True) == {"verdicts[1]": "never"}
    text = form(
        9, [" + ".join(f"(2 if q{n} is red else 4)" for n in range(9)) + " == 31"]
    )  # 19,683 of them
    assert said_of_reach(text, tmp_path) == {"verdicts[1]": "never"}


@pytest.mark.parametrize(
    ("more", "rule", "said"),
    [
        ("kind: number, min: 0, max: 9", "number(x) > 9", "never"),
        ("kind: number, min: 0, max: 9", "number(x) == 9", ""),
        ("kind: number, min: 0, max: 9", "number(x) * number(x) == 2.25", "not proven"),
        ("kind: number, min: 0, max: 9, whole: true", "number(x) * number(x) == 2.25", "never"),
        ("kind: number, min: 0, max: 9, whole: true", "number(x) > 8.5", ""),
        ("kind: number, max: -50.5, whole: true", "number(x) > -51", "not proven"),
        ("kind: number, max: -50.5, whole: true", "number(x) >= -51", ""),
        ("kind: number", "number(x) > 1000000", ""),
        ("kind: number", "number(x) is none", "never"),
        ("kind: number, required: false", "number(x) is none and q0 is red", ""),
        ("kind: text", "answered(x) == 0", "never"),
        ("kind: text, required: false", "answered(x) == 0 and q0 is red", ""),
        # of which nothing counts: there is no verdict,
        (
            "kind: text, required: false",
            "answered(x) == 0",
            "never",
        ),
        ("kind: text, show: q0 is red", "answered(x) == 0", ""),
        ("kind: text, show: q0 is red", "answered(x) == 1 and q0 is green", "never"),
        ("na: {allowed: true}", "na(x) == 1 and q0 is green", ""),
        ("na: {allowed: true}", "na(x) == 1 and x is green", "never"),
        ("unknown: excluded", "unknown(x) == 1 and x is not green and q0 is red", ""),
        ("unknown: worst", "unknown(x) == 1 and x is green", "never"),
        ("show: q0 is red", "x is green and q0 is green", "never"),
        ("show: q0 is red", "x is not green and q0 is green", ""),
        (
            "kind: many, choices: [{id: a, title: A}, {id: b, title: B}]",
            "chosen(x, a) and not chosen(x, b)",
            "",
        ),
        (
            "kind: many, none_of_these: true, choices: [{id: a, title: A}]",
            "chosen(x, a) and answered(x) == 0",
            "never",
        ),
        (
            "kind: many, choices: [{id: a, title: A, points: 2}, {id: b, title: B, points: 3}]",
            "points(x) == 4",
            "never",
        ),
        (
            "kind: many, choices: [{id: a, title: A, points: 2}, {id: b, title: B, points: 3}]",
            "points(x) == 5",
            "",
        ),
        (
            "kind: many, choices: ["
            + ", ".join(f"{{id: c{n}, title: C, points: 2}}" for n in range(12))
            + "]",
            "points(x) == 5",
            "not proven",
        ),
        (
            "kind: many, choices: ["
            + ", ".join(f"{{id: c{n}, title: C, points: 2}}" for n in range(12))
            + "]",
            "points(x) > 24",
            "never",
        ),
    ],
)
def test_every_kind_and_state_of_a_question_is_among_what_is_tried(
    more: str, rule: str, said: str, tmp_path: Path
) -> None:
    text = form(2, [rule], more=f"  - {{id: x, name: X, ask: X?, {more}}}\n")
    assert said_of_reach(text, tmp_path) == ({"verdicts[1]": said} if said else {})


def test_a_show_that_never_holds_is_told(tmp_path: Path) -> None:
    more = "  - {id: x, name: X, ask: X?, show: q0 is red and q0 is green}\n"
    assert said_of_reach(form(2, ["count(red) > 1"], more=more), tmp_path) == {
        "questions[3].show": "never"
    }


def test_a_search_ends_after_so_many_rules(tmp_path: Path) -> None:
    """By counting, not by the clock: nothing is called proven after that."""
    worth = " + ".join(f"(2 if q{n} is red else 4)" for n in range(14))
    assessment, _ = checked(form(14, ["count(red) >= 2", f"{worth} == 40"]), tmp_path)
    assert assessment
    explorer = reachability.Explorer(scoring_model(assessment))
    explorer.rules_left = 100
    found = explorer.unreached(set())
    assert -10 < explorer.rules_left < 0 and set(found.values()) == {False}


# --- against trying everything ---------------------------------------------------------------


def all_states(oracle: Form) -> Iterator[State] | None:
    """Every complete state, optional questions left open too; None where they are many or numbers
    are among them.
    """
    ways = [
        [*options(line), *([None] if not line.question.required else [])]
        for line in oracle.lines.values()
    ]
    if prod(map(len, ways)) > FEW or any(
        line.question.kind == "number" for line in oracle.lines.values()
    ):
        return None
    chosen = (dict(zip(oracle.lines, some, strict=True)) for some in product(*ways))
    return (
        State(oracle, {id: given for id, given in one.items() if given is not None})
        for one in chosen
    )


def reached_by(states: Iterator[State]) -> tuple[set[str], set[str]]:
    verdicts, warnings = set(), set()
    for state in states:
        verdicts.add(state.verdict() or "")
        warnings.update(state.warnings())
    return verdicts, warnings


def some_states(oracle: Form, chance: random.Random) -> Iterator[State]:
    while True:
        yield oracle.some_completion({}, chance)


def compared(seed: int, folder: Path) -> str:
    """What is said of an assessment made at random, against what the oracle finds; and how much of
    it was tried.
    """
    path = folder / "made.yml"
    path.write_text(generated.assessment_text(seed), encoding="utf-8")
    oracle = generated.form_of(path)
    said = said_of_reach(path.read_text(encoding="utf-8"), folder)
    states = all_states(oracle)
    verdicts, warnings = reached_by(states or islice(some_states(oracle, random.Random(seed)), 200))
    for kind, items, found in (
        ("verdicts[{}]", oracle.assessment.verdicts, verdicts),
        ("warnings[{}].when", oracle.assessment.warnings, warnings),
    ):
        for n, item in enumerate(items, 1):
            told = said.get(kind.format(n), "")
            assert not (told == "never" and item.id in found), (seed, item.id, "is reached")
            if states and kind.startswith("verdicts") and told == "":
                assert item.id in found, (seed, item.id, "is reached by nothing")
    return "all" if states else "some"


SHORT = pytest.param(100, id="100 assessments")
LONG = pytest.param(3000, id="3,000 assessments", marks=pytest.mark.long)


@pytest.mark.parametrize("count", [SHORT, LONG])
def test_no_reachable_verdict_or_warning_is_called_unreachable(count: int, tmp_path: Path) -> None:
    tried = [compared(seed, tmp_path) for seed in range(50_000, 50_000 + count)]
    assert tried.count("all") > count // 5


def test_a_state_of_the_search_is_one_that_a_reading_can_come_to(tmp_path: Path) -> None:
    """What is settled are outcomes of the options that are offered, optional questions among
    them.
    """
    text = form(2, ["count(red) > 1"], more="  - {id: x, name: X, ask: X?, required: false}\n")
    assessment, _ = checked(text, tmp_path)
    assert assessment
    made = scoring_model(assessment)
    assert list(Reading(made, {}, optional=True).open_questions(made.verdict_questions)) == [
        "q0",
        "q1",
        "x",
    ]
    assert list(Reading(made, {}).open_questions(made.verdict_questions)) == ["q0", "q1"]
