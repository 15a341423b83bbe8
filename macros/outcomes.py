"""What each question of a reading can still come to. The twin of docs/assets/assessment/outcomes.js.

An outcome is one state of a question, or several at once while it is open: its answers, points and so on,
as far as expressions ask for them. A state holds one for every question of a form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from math import inf
from typing import Any

import expressions
from compiling import has_points, most_points, points_of, scale_of
from expressions import FALSE, NOTHING, TRUE, Part, Range, Value, condition, element, evaluate, joined, ratio
from model import EXCLUDED, NONE_OF_THESE, Answer, Assessment, Question, Tree

MOST_COMPLETIONS = 20_000  # above, what is possible is bounds and no longer exact
NO_ANSWER = ("",)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question comes to. Sets of TRUE and FALSE, ranges, and answers of which "" is none at all."""

    answers: tuple[str, ...] = NO_ANSWER
    points: Range = NOTHING
    possible: Range = NOTHING
    number: Range = NOTHING
    chosen: Mapping[str, int] | None = None
    met: int = FALSE  # by `for q in questions`
    answered: int = FALSE
    unknown: int = FALSE
    na: int = FALSE
    counts: int = FALSE  # in counts, sums and denominators


ABSENT = Outcome()  # hidden, or left open where that is allowed
NOT_APPLICABLE = Outcome(na=TRUE)
LEFT_OUT = Outcome(met=TRUE, unknown=TRUE)  # "can't tell" that is excluded
GIVEN = Outcome(met=TRUE, answered=TRUE, counts=TRUE)


def either(outcomes: Sequence[Outcome]) -> Outcome:
    """One outcome for all that any of these is."""
    if len(outcomes) == 1:
        return outcomes[0]
    answers = tuple(dict.fromkeys(answer for one in outcomes for answer in one.answers))
    known = [one.chosen for one in outcomes if one.chosen is not None]
    chosen = {choice: _union(one.get(choice, FALSE) for one in known) for choice in known[0]} if known else None
    if chosen and len(known) < len(outcomes):
        chosen = {choice: bits | FALSE for choice, bits in chosen.items()}
    ranges = {name: joined([getattr(one, name) for one in outcomes]) for name in ("points", "possible", "number")}
    bits = {n: _union(getattr(one, n) for one in outcomes) for n in ("met", "answered", "unknown", "na", "counts")}
    return Outcome(answers, chosen=chosen, **ranges, **bits)  # type: ignore[arg-type]


def _union(sets: Iterator[int]) -> int:
    result = 0
    for one in sets:
        result |= one
    return result


def _point(number: float | None) -> Range:
    return NOTHING if number is None else (number + 0.0, number + 0.0, False)


class Options:
    """The outcomes that are offered on an open question: how many, all at once, and each."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.scale = scale.answers if (scale := scale_of(question)) else ()
        self.rest = [NOT_APPLICABLE] if question.na and question.na.allowed else []

    @cached_property
    def size(self) -> float:
        kind = self.question.kind
        if kind == "number":
            return inf
        own = 2 ** len(self.question.choices) + self.question.none_of_these if kind == "many" else 1
        return (len(self.each) if kind == "one" else own + len(self.rest)) + 0.0

    @cached_property
    def each(self) -> list[Outcome]:
        question = self.question
        if question.kind == "one":
            own = [of_answer(question, answer) for answer in question.scale.answers] if question.scale else []
            own += [of_unknown(question)] if question.unknown else []
        elif question.kind == "many":
            own = [of_choices(question, picked) for picked in _subsets(question)]
        else:
            own = [self.open_value()]
        return [*own, *self.rest]

    @cached_property
    def by_answer(self) -> dict[str, Outcome]:
        return {answer.id: of_answer(self.question, answer) for answer in self.scale} if self.question.scale else {}

    @cached_property
    def all(self) -> Outcome:
        """All of them at once; of many choices without trying each set of them."""
        if self.question.kind == "many":
            return either([_any_choices(self.question), *self.rest])
        return either(self.each)

    def open_value(self) -> Outcome:
        """A number somewhere between its bounds, or a text."""
        if self.question.kind == "text":
            return GIVEN
        low, high = self.question.min, self.question.max
        return replace(GIVEN, number=(-inf if low is None else low + 0.0, inf if high is None else high + 0.0, False))


def _subsets(question: Question) -> Iterator[tuple[str, ...]]:
    ids = [choice.id for choice in question.choices]
    for picked in product((False, True), repeat=len(ids)):
        yield tuple(id for id, one in zip(ids, picked, strict=True) if one)
    if question.none_of_these:
        yield (NONE_OF_THESE,)


def of_answer(question: Question, answer: Answer) -> Outcome:
    points = points_of(question, answer)
    possible = NOTHING if points is None else _point(most_points(question))
    return replace(GIVEN, answers=(answer.id,), points=_point(points), possible=possible)


def of_unknown(question: Question) -> Outcome:
    """ "Can't tell", which counts as an answer of the scale or leaves every count."""
    if question.unknown == EXCLUDED or not question.scale:
        return LEFT_OUT
    answer = next(answer for answer in question.scale.answers if answer.id == question.unknown)
    return replace(of_answer(question, answer), answered=FALSE, unknown=TRUE)


def of_choices(question: Question, picked: Sequence[str]) -> Outcome:
    """A set of choices, with the answer that its rating gives it."""
    chosen = {id: TRUE if id in picked else FALSE for id in _choice_ids(question)}
    if question.rating:
        return either([replace(one, chosen=chosen) for one in _rated(question, chosen)])
    total = 0.0
    for choice in question.choices:
        total += (choice.points or 0.0) if choice.id in picked else 0.0
    most = most_points(question)
    return replace(GIVEN, points=NOTHING if most is None else _point(total), possible=_point(most), chosen=chosen)


def _any_choices(question: Question) -> Outcome:
    """Any set of choices."""
    chosen = dict.fromkeys(_choice_ids(question), TRUE | FALSE)
    if question.rating:
        return either([replace(one, chosen=chosen) for one in _rated(question, chosen)])
    low = high = 0.0
    for choice in question.choices:
        low += min(choice.points or 0.0, 0.0)
        high += max(choice.points or 0.0, 0.0)
    most = most_points(question)
    points = NOTHING if most is None else (low, high, False)
    return replace(GIVEN, points=points, possible=_point(most), chosen=chosen)


def _choice_ids(question: Question) -> list[str]:
    return [choice.id for choice in question.choices] + ([NONE_OF_THESE] if question.none_of_these else [])


def _rated(question: Question, chosen: Mapping[str, int]) -> Iterator[Outcome]:
    """The answers that the rating's rules can give these choices: up to the first rule that surely holds."""
    assert question.rating
    state = _Chosen(chosen)
    for rule in question.rating.rules:
        holds = condition(rule.when.tree, state) if rule.when else TRUE
        if holds & TRUE:
            yield of_answer(question, next(a for a in question.rating.scale.answers if a.id == rule.is_))
        if holds == TRUE:
            return


class _Chosen(expressions.Constants):
    """All that a rating's rules can ask for."""

    def __init__(self, chosen: Mapping[str, int]) -> None:
        self.chosen = chosen

    def find(self, tree: Sequence[Any]) -> int:
        return self.chosen[tree[2]]


class Form:
    """A compiled assessment as readings are scored by it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.questions = {question.id: question for question in assessment.every_question()}
        self.options = {id: Options(question) for id, question in self.questions.items()}
        self.scopes = {id: [id] for id in self.questions} | {
            s.id: [q.id for q in s.questions] for s in assessment.sections
        }
        self.scopes[""] = list(self.questions)
        self.shows: dict[str, Tree] = {q.id: q.show.tree for q in self.questions.values() if q.show}
        self.section_shows: dict[str, Tree] = {s.id: s.show.tree for s in assessment.sections if s.show}
        self.measures: dict[str, Tree] = dict(_flat_measures(assessment))
        self._depends: dict[int, tuple[Tree, list[str]]] = {}  # by identity of the tree, which is held

    @cached_property
    def verdict_questions(self) -> list[str]:
        """The questions that the verdicts depend on, in the order of the form."""
        return self.depends(["and", *(one.when.tree for one in self.assessment.verdicts if one.when)])

    def depends(self, tree: Tree) -> list[str]:
        """The questions that a tree's value depends on, through measures and `show` too, in the order of the form."""
        if id(tree) not in self._depends:
            self._depends[id(tree)] = (tree, self.in_order(self._asked_by(tree)))
        return self._depends[id(tree)][1]

    def trees(self) -> Iterator[Tree]:
        """Every expression of the assessment, but for the ratings'."""
        yield from self.shows.values()
        yield from self.section_shows.values()
        yield from self.measures.values()
        yield from (verdict.when.tree for verdict in self.assessment.verdicts if verdict.when)
        yield from (warning.when.tree for warning in self.assessment.warnings)

    def shown_by(self, id: str) -> set[str]:
        """The questions that a question's `show` asks for, through measures but not through their own `show`."""
        return self._asked_by(self.shows[id], through_shows=False)

    def affected(self, question: str) -> list[str | int]:
        """What a state keeps that depends on a question: outcomes, measures, and elements of aggregates."""
        return self._affected.get(question, [])

    @cached_property
    def _affected(self) -> dict[str, list[str | int]]:
        found: dict[str, list[str | int]] = {id: [id] for id in self.questions}
        kept: list[tuple[str | int, Tree]] = [*self.shows.items(), *self.measures.items()]
        kept += [(id(each), each) for tree in self.trees() for each in _elements(tree)]
        for key, tree in kept:
            for question in self.depends(tree):
                found[question].append(key)
        return found

    def in_order(self, ids: set[str]) -> list[str]:
        return [id for id in self.questions if id in ids]

    def _asked_by(self, tree: Tree, through_shows: bool = True) -> set[str]:
        found: set[str] = set()
        waiting = [tree]
        seen = set()
        while waiting:
            part = waiting.pop()
            if not isinstance(part, list) or not isinstance(part[0], str):  # a number, or the table of a lookup
                continue
            waiting.extend(part[1:])
            if part[0] == "measure" and part[1] not in seen:
                seen.add(part[1])
                waiting.append(self.measures[part[1]])
            if part[0] == "met" and part[1] in self.section_shows:
                waiting.append(self.section_shows[part[1]])
            new = set(self.asked(part)) - found
            found |= new
            waiting.extend(self.shows[id] for id in new if through_shows and id in self.shows)
        return found

    def asked(self, tree: Sequence[Any]) -> list[str]:
        """The questions that a node itself asks for."""
        name = tree[0]
        if name == "count":
            return [id for id in self.scopes[tree[2]] if any(answer.id == tree[1] for answer in self.options[id].scale)]
        if name in SCOPED:
            return [id for id in self.scopes[tree[1]] if SCOPED[name](self.questions[id])]
        if name in ("is", "chosen", "number", "value", "lookup"):
            return list(tree[1 : 3 if name == "lookup" else 2])
        return [tree[1]] if name == "met" and tree[1] in self.questions else []


def _elements(tree: Tree) -> Iterator[Tree]:
    """The elements of the aggregates in a tree."""
    if isinstance(tree, list):
        if tree[0] == "each":
            yield tree
        for part in tree[1:]:
            yield from _elements(part)


# What is asked of several questions, and of which of them it can make a difference.
SCOPED: Mapping[str, Callable[[Question], bool]] = {
    "answered": lambda question: True,
    "unknown": lambda question: bool(question.unknown),
    "na": lambda question: bool(question.na and question.na.allowed),
    "points": has_points,
    "possible": has_points,
    "percent": has_points,
}


def _flat_measures(assessment: Assessment) -> Iterator[tuple[str, Tree]]:
    """Each measure's tree by its id; of one `per: section`, one for each section: level(data)."""
    for name, measure in assessment.measures.items():
        if measure.per:
            yield from ((f"{name}({section})", tree) for section, tree in measure.trees.items())
        else:
            yield name, measure.value.tree


@lru_cache(maxsize=64)
def form_of(assessment: Assessment) -> Form:
    return Form(assessment)


class State:
    """What a reading says so far: an outcome for every question that is settled, all options for the others.

    What is worked out is kept until `trying` settles a question that it depends on.
    """

    def __init__(self, form: Form, settled: dict[str, Outcome]) -> None:
        self.form = form
        self.settled = settled
        self.kept: dict[str | int, Any] = {}  # by question, by measure, by identity of an element

    def trying(self, question: str, options: Iterable[Outcome]) -> Iterator[Outcome]:
        """Settles a question by one option after the other; gives each while it is."""
        keys = self.form.affected(question)
        before = [(key, self.kept.pop(key)) for key in keys if key in self.kept]
        settled = self.settled.get(question)
        for option in options:
            self.settled[question] = option
            yield option
            for key in keys:
                self.kept.pop(key, None)
        if settled:
            self.settled[question] = settled
        else:
            del self.settled[question]
        self.kept.update(before)

    def part(self, each: Sequence[Any]) -> Part | None:
        if id(each) not in self.kept:
            self.kept[id(each)] = (each, element(each, self))  # the element is held, so that its identity is its own
        return self.kept[id(each)][1]  # type: ignore[no-any-return]

    def shown(self, question: str) -> int:
        """Whether a question is shown: a set of TRUE and FALSE."""
        if question not in self.form.shows:
            return TRUE
        holds = condition(self.form.shows[question], self)
        return (holds & TRUE) | (FALSE if holds & ~TRUE else 0)

    def outcome(self, id: str) -> Outcome:
        if id not in self.kept:
            shown = self.shown(id)
            own = [] if shown == FALSE else [self.unhidden(id)]
            self.kept[id] = either([*own, ABSENT] if shown & FALSE else own)
        return self.kept[id]  # type: ignore[no-any-return]

    def unhidden(self, id: str) -> Outcome:
        if id in self.settled:
            return self.settled[id]
        return self.form.options[id].all if self.form.questions[id].required else ABSENT

    def open_questions(self, depends: Sequence[str]) -> Iterator[str]:
        """Those that a completion still has to answer, as far as they can be shown."""
        for id in depends:
            if id not in self.settled and self.form.questions[id].required and self.shown(id) & TRUE:
                yield id

    def find(self, tree: Sequence[Any]) -> Value:
        return FINDERS[tree[0]](self, *tree[1:])

    def outcomes(self, scope: str) -> list[Outcome]:
        return [self.outcome(id) for id in self.form.scopes[scope]]

    def find_measure(self, id: str) -> Value:
        if id not in self.kept:
            self.kept[id] = evaluate(self.form.measures[id], self)
        return self.kept[id]  # type: ignore[no-any-return]

    def find_is(self, question: str, *answers: str) -> int:
        found = self.outcome(question).answers
        return (TRUE if any(a in answers for a in found) else 0) | (
            FALSE if any(a not in answers for a in found) else 0
        )

    def find_met(self, id: str) -> int:
        if id in self.form.questions:
            return self.outcome(id).met
        holds = condition(self.form.section_shows.get(id, True), self)
        return (holds & TRUE) | (FALSE if holds & ~TRUE else 0)

    def find_chosen(self, question: str, choice: str) -> int:
        chosen = self.outcome(question).chosen
        return chosen[choice] if chosen else FALSE

    def find_number(self, question: str) -> Range:
        return self.outcome(question).number

    def find_value(self, question: str, name: str) -> Value:
        scale = scale_of(self.form.questions[question])
        values = {answer.id: answer.values.get(name) for answer in scale.answers} if scale else {}
        return joined([_point(values.get(answer)) for answer in self.outcome(question).answers])

    def find_lookup(self, row: str, column: str, table: Sequence[Sequence[float]]) -> Value:
        rows, columns = self.positions(row), self.positions(column)
        return joined([_point(None if r is None or c is None else table[r][c]) for r in rows for c in columns])

    def positions(self, question: str) -> list[int | None]:
        scale = scale_of(self.form.questions[question])
        ids = scale.ids if scale else ()
        return [ids.index(answer) if answer in ids else None for answer in self.outcome(question).answers]

    def find_count(self, answer: str, scope: str) -> Range:
        found = [one.answers for one in self.outcomes(scope) if answer in one.answers]
        return float(sum(len(answers) == 1 for answers in found)), float(len(found)), False

    def how_many(self, name: str, scope: str) -> Range:
        found = [getattr(one, name) for one in self.outcomes(scope)]
        return float(sum(bits == TRUE for bits in found)), float(sum(bits & TRUE for bits in found)), False

    def total(self, name: str, scope: str) -> Value:
        if scope in self.form.questions:
            return getattr(self.outcome(scope), name)  # type: ignore[no-any-return]
        found: list[Range] = [getattr(one, name) for one in self.outcomes(scope)]
        return expressions.AGGREGATES["sum"]([(not one[2], one) for one in found if one[0] <= one[1]])

    def find_percent(self, scope: str) -> Range:
        found = [one for one in self.outcomes(scope) if one.points[0] <= one.points[1]]
        return ratio([(not one.points[2], one.points, one.possible[0]) for one in found], 100.0)


FINDERS: Mapping[str, Callable[..., Value]] = {
    "measure": State.find_measure,
    "is": State.find_is,
    "met": State.find_met,
    "chosen": State.find_chosen,
    "number": State.find_number,
    "value": State.find_value,
    "lookup": State.find_lookup,
    "count": State.find_count,
    "answered": lambda state, scope: state.how_many("answered", scope),
    "unknown": lambda state, scope: state.how_many("unknown", scope),
    "na": lambda state, scope: state.how_many("na", scope),
    "points": lambda state, scope: state.total("points", scope),
    "possible": lambda state, scope: state.total("possible", scope),
    "percent": State.find_percent,
}
