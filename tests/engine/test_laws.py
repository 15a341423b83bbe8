"""Laws that every result keeps, looked for by Hypothesis: it draws an assessment and a reading, and
shrinks a breach.

The draws are the same each time, so that a test that passes today passes tomorrow.
"""

import random
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from macros.engine import answers as answering
from macros.engine import score
from macros.model import Assessment
from tests.support.checkout import ROOT
from tests.support.engines import Result, as_text, load
from tests.support.generated import Made, made
from tests.support.oracle import Form, Line, options

pytestmark = pytest.mark.sweep

# it keeps notes on the code, even with no database
set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
POOL = 45  # assessments made at random to draw from
law = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=120,
    suppress_health_check=list(HealthCheck),
)
Answers = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@cache
def of_pool(n: int, folder: Path) -> Made:
    return made(7000 + n, folder, 0)


@cache
def assessment_of(text: str, folder: Path) -> Assessment:
    path = folder / "written.yml"
    path.write_text(text, encoding="utf-8")
    assessment, problems = load(path)
    assert assessment, [*map(str, problems)]
    return assessment


# --- drawing -------------------------------------------------------------------------------


def one_of_pool(data: st.DataObject, folder: Path) -> Made:
    return of_pool(data.draw(st.integers(0, POOL - 1), "assessment"), folder)


def an_answer(data: st.DataObject, line: Line) -> Any:
    question = line.question
    if question.kind == "number" and data.draw(st.booleans()):
        low, high = (
            None if bound is None else float(bound) for bound in (question.min, question.max)
        )
        number = data.draw(st.floats(low, high, allow_nan=False, allow_infinity=False))
        return float(round(number)) if question.whole else number
    return data.draw(st.sampled_from(options(line)), line.id)


def some_answers(data: st.DataObject, form: Form) -> Answers:
    """A reading in which each question may be open."""
    drawn = (
        (line.id, an_answer(data, line)) for line in form.lines.values() if data.draw(st.booleans())
    )
    return form.accepted(dict(drawn))


def finished(data: st.DataObject, form: Form, answers: Answers) -> Answers:
    rest = {
        line.id: data.draw(st.sampled_from(options(line)), line.id)
        for line in form.open_lines(answers)
    }
    return {**answers, **rest}


def result_of(made: Made, answers: Answers) -> Result:
    return score.score(made.assessment, {"answers": answers}, distance=False)


# --- what is within what -------------------------------------------------------------------


def all_measures(result: Result) -> Iterator[tuple[str, Any]]:
    for name, measure in result["measures"].items():
        sections = measure.get("sections")
        yield from (
            ((f"{name}({id})", one) for id, one in sections.items())
            if sections
            else [(name, measure)]
        )


def within(inner: Any, outer: Any) -> bool:
    """Whether all that a measure can be in one result, it can be in the other."""
    if "value" in outer:
        return as_text(inner) == as_text(outer)
    if may_be_none(inner) and not may_be_none(outer):
        return False
    if inner.get("value", 0) is None:
        return True
    if "possible" in outer:
        return set(inner.get("possible", [inner.get("value")])) <= set(outer["possible"])
    low, high = inner.get("range", [inner.get("value")] * 2)
    from_, to = outer["range"]
    return (from_ is None or low is not None and from_ <= low) and (
        to is None or high is not None and high <= to
    )


def may_be_none(measure: Any) -> bool:
    return (
        bool(measure.get("maybe_none"))
        or None in measure.get("possible", [])
        or measure.get("value", 0) is None
    )


def assert_narrower(inner: Result, outer: Result) -> None:
    """What one result says can be, the other says can be too."""
    assert set(inner["possible"]) <= set(outer["possible"])
    assert outer["verdict"] is None or inner["verdict"] in (outer["verdict"], None)
    assert set(outer["warnings"]) <= set(inner["warnings"])
    wide = dict(all_measures(outer))
    for name, measure in all_measures(inner):
        assert within(measure, wide[name]), f"{name}: {measure} is not within {wide[name]}"


# --- laws of all assessments ---------------------------------------------------------------


@law
@given(st.data())
def test_possible_verdicts_shrink_as_answers_arrive(folder: Path, data: st.DataObject) -> None:
    made = one_of_pool(data, folder)
    answers = some_answers(data, made.form)
    before = result_of(made, answers)
    while lines := made.form.open_lines(answers):
        line = data.draw(st.sampled_from(lines), "next")
        answers = {**answers, line.id: data.draw(st.sampled_from(options(line)), line.id)}
        after = result_of(made, answers)
        assert_narrower(after, before)
        before = after


@law
@given(st.data())
def test_what_is_certain_is_so_in_every_completion(folder: Path, data: st.DataObject) -> None:
    """The engine's word for an incomplete reading against its own word for each way of finishing
    it.
    """
    made = one_of_pool(data, folder)
    answers = some_answers(data, made.form)
    result = result_of(made, answers)
    full = result_of(made, finished(data, made.form, answers))
    assert_narrower(full, result)
    assert full["verdict"] or not full["possible"]
    assert all("value" in measure for _, measure in all_measures(full))


@law
@given(st.data())
def test_every_possible_verdict_has_a_completion(folder: Path, data: st.DataObject) -> None:
    made = one_of_pool(data, folder)
    answers = some_answers(data, made.form)
    result = result_of(made, answers)
    lines = made.form.open_lines(answers)
    if any(line.question.kind == "number" for line in lines):
        return
    ways = list(islice(made.form.completions(answers), 81))
    if len(ways) > 80:
        return
    full = [result_of(made, dict(state.answers)) for state in ways]
    assert set(result["possible"]) == {one["verdict"] for one in full} - {None}
    held = set.intersection(*(set(one["warnings"]) for one in full))
    assert set(result["warnings"]) == held


@law
@given(st.data())
def test_results_by_intervals_contain_the_exact_ones(folder: Path, data: st.DataObject) -> None:
    made = one_of_pool(data, folder)
    answers = some_answers(data, made.form)
    exact = result_of(made, answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "MOST_COMPLETIONS", 0)
        bounds = result_of(made, answers)
    assert_narrower(exact, bounds)
    assert not bounds["exact"] or bounds["verdict"]


@law
@given(st.data())
def test_the_order_of_answering_changes_nothing(folder: Path, data: st.DataObject) -> None:
    made = one_of_pool(data, folder)
    answers = some_answers(data, made.form)
    shuffled = {
        id: (
            data.draw(st.permutations(answers[id]))
            if isinstance(answers[id], list)
            else answers[id]
        )
        for id in data.draw(st.permutations(list(answers)))
    }
    assert as_text(result_of(made, shuffled)) == as_text(result_of(made, answers))


@law
@given(st.data())
def test_an_answer_that_cannot_be_is_an_open_question(folder: Path, data: st.DataObject) -> None:
    made = one_of_pool(data, folder)
    answers = some_answers(data, made.form)
    odd = data.draw(
        st.dictionaries(
            st.sampled_from([line.id for line in made.form.open_lines(answers)] or ["x"]), ODD
        )
    )
    result = result_of(made, {**answers, **odd})
    assert [problem["question"] for problem in result["problems"]] == list(odd)
    assert as_text({**result, "problems": []}) == as_text(result_of(made, answers))


SOME_ODD: list[Any] = [
    None,
    True,
    {},
    {"unknown": 1},
    {"na": 1},
    ["no_such"],
    {"na": "x", "unknown": True},
    [[]],
]
ODD = st.sampled_from(SOME_ODD)


# --- n/a is neutral ------------------------------------------------------------------------

KINDS = {
    "one": "",
    "own": (
        ", answers: [{id: high, title: High, points: 0.3}, {id: green, title: Green, points: 2}]"
    ),
    "many": (
        ", kind: many, choices: [{id: c0, title: A, points: 0.1}, {id: c1, title: B, points: 0.7}]"
    ),
    "number": ", kind: number",
}
MEASURES = """\
measures:
  reds: {value: count(red)}
  greens: {value: "count(green, part)"}
  total: {value: sum(points(q) for q in questions)}
  points_of_all: {value: points()}
  at_most: {value: possible(part)}
  share: {value: percent()}
  average: {value: mean(points(q) for q in questions)}
  middle: {value: median(points(q) for q in part.questions)}
  least: {value: min(points(q) for q in questions)}
  highest: {value: max(points(q) for q in questions if points(q) < 2)}
  weighted: {value: "weighted_mean((points(q), q.weight) for q in questions)"}
  how_many: {value: len(q for q in questions)}
  with_points: {value: len(points(q) for q in questions)}
  some: {value: any(points(q) >= 2 for q in questions)}
  each: {value: all(points(q) >= 0.3 for q in questions)}
  numbers: {value: sum(number(q) for q in questions)}
  told: {value: answered() + 10 * unknown(part)}
  level: {value: percent(section), per: section}
"""


def counting(kinds: dict[str, str]) -> str:
    """An assessment that asks nothing by name, so that a question can be left out."""
    lines = "\n".join(
        f"      - {{id: {id}, name: {id}, ask: What?, weight: {int(id[5:]) + 1}{KINDS[kind]}}}"
        for id, kind in kinds.items()
    )
    return f"""\
title: Counting
version: 1
basis: ours
unit: one case
respondent: anybody
minutes: 5
intro: Counted.
scale:
  worst: red
  answers:
    - {{id: green, title: Green, mark: G ●, colour: green, points: 3}}
    - {{id: yellow, title: Yellow, mark: Y ▲, colour: yellow, points: 0.1}}
    - {{id: red, title: Red, mark: R ■, colour: red, points: -0.2}}
unknown: excluded
na: {{allowed: true, reason: optional}}
sections:
  - id: part
    title: Part
    questions:
      - {{id: first, name: first, ask: What?, weight: 9}}
      - {{id: amount, name: amount, ask: What?, kind: number}}
{lines}
{MEASURES}
verdicts:
  - {{id: high, when: percent() >= 50, title: High, say: So.}}
  - {{id: low, when: percent() < 0, title: Low, say: So.}}
  - {{id: middling, otherwise: true, title: Middling, say: So.}}
warnings:
  - {{id: few, when: len(points(q) for q in questions) < 2, say: Few.}}
"""


@law
@given(st.data())
def test_not_applicable_is_neutral(folder: Path, data: st.DataObject) -> None:
    """A question that is n/a is as one that is not there, in every count, sum and denominator."""
    kinds = {
        f"line_{n}": data.draw(st.sampled_from(list(KINDS)[:4]))
        for n in range(data.draw(st.integers(1, 4)))
    }
    whole = assessment_of(counting(kinds), folder)
    answers = {line.id: an_answer(data, line) for line in Form(whole).lines.values()}
    answers = {
        id: {"na": ""} if data.draw(st.booleans()) and id in kinds else one
        for id, one in answers.items()
    }
    gone = {id for id in kinds if answers[id] == {"na": ""}}
    without = assessment_of(
        counting({id: kind for id, kind in kinds.items() if id not in gone}), folder
    )
    with_it = score.score(whole, {"answers": answers}, distance=False)
    rest = score.score(
        without, {"answers": {id: answers[id] for id in answers.keys() - gone}}, distance=False
    )
    for field in ("verdict", "possible", "measures", "warnings"):
        assert as_text(with_it[field]) == as_text(rest[field]), field
    counted = {id: n for id, n in with_it["counts"].items() if id in rest["counts"]}
    assert counted == rest["counts"] and sum(with_it["counts"].values()) == sum(counted.values())
    assert with_it["coverage"]["na"] == rest["coverage"]["na"] + len(gone)


# --- an assessment that changes ------------------------------------------------------------

FATES = ("kept", "renamed", "retired", "split", "an answer renamed", "an answer gone")
OLD = ("high", "mid", "low")


def version(number: int, lines: list[str], more: str = "") -> str:
    return f"""\
title: Changing
version: {number}
basis: ours
unit: one case
respondent: anybody
minutes: 5
intro: It changes.
unknown: worst
na: {{allowed: true, reason: optional}}
{more}
questions:
{chr(10).join(lines)}
  - {{id: last_line, name: Last, ask: What?, {of_answers(list(OLD))}}}
verdicts:
  - {{id: bad, when: count(low) >= 1, title: Bad, say: So.}}
  - {{id: good, otherwise: true, title: Good, say: So.}}
"""


def of_answers(ids: list[str], was: str = "") -> str:
    return (
        "answers: ["
        + ", ".join(
            f"{{id: {id}, title: T{', was: ' + was if id == 'middle' else ''}}}" for id in ids
        )
        + "]"
    )


def line(id: str, was: str = "", ids: tuple[str, ...] = OLD) -> str:
    return (
        f"  - {{id: {id}, name: N, ask: What?,"
        f" {f'was: {was}, ' if was else ''}{of_answers(list(ids), 'mid')}}}"
    )


def changed(fates: dict[str, str]) -> str:
    lines: list[str] = []
    for id, fate in fates.items():
        lines += {
            "kept": [line(id)],
            "renamed": [line(f"new_{id}", id)],
            "retired": [],
            "split": [line(f"a_{id}"), line(f"b_{id}")],
            "an answer renamed": [line(id, ids=("high", "middle", "low"))],
            "an answer gone": [line(id, ids=("high", "low"))],
        }[fate]
    split = ", ".join(
        f"{{from: {id}, into: [a_{id}, b_{id}]}}" for id in fates if fates[id] == "split"
    )
    gone = ", ".join(id for id in fates if fates[id] == "retired")
    return version(
        2, lines, f"retired: [{gone}]\nsplit: [{split}]\nchanges: {{2: It has changed.}}"
    )


@law
@given(st.data())
def test_a_migration_loses_nothing_that_it_does_not_list(folder: Path, data: st.DataObject) -> None:
    fates = {
        f"line_{n}": data.draw(st.sampled_from(FATES)) for n in range(data.draw(st.integers(1, 5)))
    }
    before = assessment_of(version(1, [line(id) for id in fates]), folder)
    after = assessment_of(changed(fates), folder)
    given = some_answers(data, Form(before))
    carried, problems = answering.accept(after, given)
    listed = {problem["question"] for problem in problems}
    for id, one in given.items():
        fate = fates.get(id, "kept")
        places = {"renamed": [f"new_{id}"], "retired": [], "split": [f"a_{id}", f"b_{id}"]}.get(
            fate, [id]
        )
        expected = "middle" if one == "mid" and fate == "an answer renamed" else one
        found = [carried[place] for place in places if place in carried]
        assert found == [expected] * len(places) and found or id in listed, (id, fate)
        assert (id in listed) == (
            fate == "retired" or (fate == "an answer gone" and one == "mid")
        ), (id, fate)
    assert len(carried) <= sum(2 if fates.get(id) == "split" else 1 for id in given)


@law
@given(st.data())
def test_a_name_changed_and_changed_back_gives_the_same_answers(
    folder: Path, data: st.DataObject
) -> None:
    ids = [f"line_{n}" for n in range(data.draw(st.integers(1, 4)))]
    first = assessment_of(version(1, [line(id) for id in ids]), folder)
    second = assessment_of(
        version(2, [line(f"new_{id}", id) for id in ids], "changes: {2: Renamed.}"), folder
    )
    third = assessment_of(
        version(3, [line(id, f"new_{id}") for id in ids], "changes: {3: And back.}"), folder
    )
    given = some_answers(data, Form(first))
    carried, problems = answering.accept(second, given)
    back, more = answering.accept(third, carried)
    assert back == given and not problems and not more
    results = [score.score(one, {"answers": some}) for one, some in ((first, given), (third, back))]
    assert as_text({**results[0], "version": 0}) == as_text({**results[1], "version": 0})


# --- a control -----------------------------------------------------------------------------


def test_a_breach_would_be_found(folder: Path) -> None:
    """The measure of what is within what, on results that are not."""
    made = of_pool(0, folder)
    chance = random.Random(1)
    full = result_of(made, dict(made.form.some_completion({}, chance).answers))
    wrong = {**full, "possible": [*full["possible"], "another"]}
    with pytest.raises(AssertionError):
        assert_narrower(wrong, full)
    assert within({"value": 1}, {"range": [0, 1], "maybe_none": False, "exact": True})
    assert not within({"value": 1.5}, {"range": [0, 1], "maybe_none": False, "exact": True})
    assert not within({"value": None}, {"range": [0, 1], "maybe_none": False, "exact": True})
    assert not within(
        {"range": [None, 1], "maybe_none": False},
        {"range": [0, 1], "maybe_none": False, "exact": True},
    )
    assert not within({"possible": [True, False]}, {"value": True})
