"""What each question of a reading can still come to. The twin of docs/assets/engine/outcomes.js.

An outcome is one state of a question, or several at once while it is open: its answers, points and
so on, as far as expressions ask for them. A state holds one for every question of a form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import inf
from typing import Any

from macros.engine import evaluate
from macros.engine.evaluate import FALSE, NOTHING, TRUE, Range, condition, joined
from macros.model import EXCLUDED, NONE_OF_THESE, Answer, Question
from macros.points import most_points, points_of, scale_of

NO_ANSWER = ("",)
RANGES = ("points", "possible", "number")
SETS = ("applies", "answered", "unknown", "na", "counts")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question comes to. Sets of TRUE and FALSE, ranges, and answers of which "" is none at
    all.
    """

    answers: tuple[str, ...] = NO_ANSWER
    points: Range = NOTHING
    possible: Range = NOTHING
    number: Range = NOTHING
    chosen: Mapping[str, int] | None = None
    applies: int = FALSE  # by `for q in questions`
    answered: int = FALSE
    unknown: int = FALSE
    na: int = FALSE
    counts: int = FALSE  # in counts, sums and denominators


ABSENT = Outcome()  # hidden, or left open where that is allowed
NOT_APPLICABLE = Outcome(na=TRUE)
LEFT_OUT = Outcome(applies=TRUE, unknown=TRUE)  # "can't tell" that is excluded
GIVEN = Outcome(applies=TRUE, answered=TRUE, counts=TRUE)


def either(outcomes: Sequence[Outcome]) -> Outcome:
    """One outcome for all that any of these is."""
    if len(outcomes) == 1:
        return outcomes[0]
    answers = tuple(dict.fromkeys(answer for outcome in outcomes for answer in outcome.answers))
    parts: dict[str, Any] = {}
    for name in RANGES:
        parts[name] = joined([getattr(outcome, name) for outcome in outcomes])
    for name in SETS:
        parts[name] = union(getattr(outcome, name) for outcome in outcomes)
    return Outcome(answers, chosen=_either_choices(outcomes), **parts)


def _either_choices(outcomes: Sequence[Outcome]) -> Mapping[str, int] | None:
    sets = [outcome.chosen for outcome in outcomes if outcome.chosen is not None]
    if not sets:
        return None
    missing = 0 if len(sets) == len(outcomes) else FALSE  # of an outcome without choices
    bits = {}
    for choice in sets[0]:
        bits[choice] = missing | union(chosen.get(choice, FALSE) for chosen in sets)
    return bits


def union(sets: Iterator[int]) -> int:
    result = 0
    for bits in sets:
        result |= bits
    return result


def point(number: float | None) -> Range:
    return NOTHING if number is None else (number + 0.0, number + 0.0, False)


class Options:
    """The outcomes that are offered on an open question: how many, all at once, and each."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.scale = scale.answers if (scale := scale_of(question)) else ()
        self.absences = []
        if question.na and question.na.allowed:
            self.absences.append(NOT_APPLICABLE)
        if not question.required:
            self.absences.append(ABSENT)

    @cached_property
    def size(self) -> float:
        kind = self.question.kind
        if kind == "number":
            return inf
        if kind == "one":
            return float(len(self.each))
        values = 1.0  # of a text: some text
        if kind == "many":
            choices = len(self.question.choices)
            subsets = 2.0**choices if choices < 1024 else inf
            values = subsets + self.question.none_of_these
        return values + len(self.absences)

    @cached_property
    def each(self) -> list[Outcome]:
        return [*self._values(), *self.absences]

    def _values(self) -> list[Outcome]:
        question = self.question
        if question.kind == "many":
            return [of_choices(question, picked) for picked in _subsets(question)]
        if question.kind != "one":
            return [self.open_value()]
        values = [of_answer(question, answer) for answer in self.scale]
        return [*values, self.unknown] if question.unknown else values

    @cached_property
    def by_answer(self) -> dict[str, Outcome]:
        if not self.question.scale:
            return {}
        return {answer.id: of_answer(self.question, answer) for answer in self.scale}

    @cached_property
    def unknown(self) -> Outcome:
        """What "can't tell" comes to."""
        return of_unknown(self.question)

    @cached_property
    def all(self) -> Outcome:
        """All of them at once; of many choices without trying each set of them."""
        if self.question.kind == "many":
            return either([_any_choices(self.question), *self.absences])
        return either(self.each)

    def open_value(self) -> Outcome:
        """A number somewhere between its bounds, or a text."""
        if self.question.kind == "text":
            return GIVEN
        least, most = self.question.min, self.question.max
        low = -inf if least is None else least + 0.0
        high = inf if most is None else most + 0.0
        return replace(GIVEN, number=(low, high, False))


def _subsets(question: Question) -> Iterator[tuple[str, ...]]:
    ids = [choice.id for choice in question.choices]
    for bits in product((False, True), repeat=len(ids)):
        yield tuple(id for id, is_picked in zip(ids, bits, strict=True) if is_picked)
    if question.none_of_these:
        yield (NONE_OF_THESE,)


def of_answer(question: Question, answer: Answer) -> Outcome:
    points = points_of(question, answer)
    possible = NOTHING if points is None else point(most_points(question))
    return replace(GIVEN, answers=(answer.id,), points=point(points), possible=possible)


def of_unknown(question: Question) -> Outcome:
    """ "Can't tell", which counts as an answer of the scale or leaves every count."""
    if question.unknown == EXCLUDED or not question.scale:
        return LEFT_OUT
    answer = next(answer for answer in question.scale.answers if answer.id == question.unknown)
    return replace(of_answer(question, answer), answered=FALSE, unknown=TRUE)


def of_choices(question: Question, picked: Sequence[str]) -> Outcome:
    """A set of choices, with the answer that its rating gives it."""
    chosen = {id: TRUE if id in picked else FALSE for id in choice_ids(question)}
    if question.rating:
        return either([replace(rated, chosen=chosen) for rated in _rated(question, chosen)])
    total = 0.0
    for choice in question.choices:
        total += (choice.points or 0.0) if choice.id in picked else 0.0
    most = most_points(question)
    points = NOTHING if most is None else point(total)
    return replace(GIVEN, points=points, possible=point(most), chosen=chosen)


def _any_choices(question: Question) -> Outcome:
    """Any set of choices."""
    chosen = dict.fromkeys(choice_ids(question), TRUE | FALSE)
    if question.rating:
        return either([replace(rated, chosen=chosen) for rated in _rated(question, chosen)])
    low = high = 0.0
    for choice in question.choices:
        low += min(choice.points or 0.0, 0.0)
        high += max(choice.points or 0.0, 0.0)
    most = most_points(question)
    points = NOTHING if most is None else (low, high, False)
    return replace(GIVEN, points=points, possible=point(most), chosen=chosen)


def choice_ids(question: Question) -> list[str]:
    ids = [choice.id for choice in question.choices]
    return [*ids, NONE_OF_THESE] if question.none_of_these else ids


def _rated(question: Question, chosen: Mapping[str, int]) -> Iterator[Outcome]:
    """The answers that a rating can give these choices: up to a rule that surely holds."""
    assert question.rating and question.rating.scale
    answers = {answer.id: answer for answer in question.rating.scale.answers}
    state = _Chosen(chosen)
    for rule in question.rating.rules:
        holds = condition(rule.when.tree, state) if rule.when else TRUE
        if holds & TRUE:
            yield of_answer(question, answers[rule.is_])
        if holds == TRUE:
            return


class _Chosen(evaluate.Constants):
    """All that a rating's rules can ask for."""

    def __init__(self, chosen: Mapping[str, int]) -> None:
        self.chosen = chosen

    def find(self, tree: Sequence[Any]) -> int:
        return self.chosen[tree[2]]
