"""How a result differs from what the oracle finds, by trying the ways of finishing its reading."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from math import prod
from typing import Any

from tests.support.engines import Result, as_text
from tests.support.oracle import Form, State, options

FEW, SOME = 250, 12  # completions: all are tried up to so many; of more, so many
FOUR = ("answered", "unknown", "na", "open")


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
