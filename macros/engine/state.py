"""What a reading says so far, and what expressions find in it. The twin of
docs/assets/engine/state.js.

A state holds an outcome for every question of a form: the one that is given, or all that are
offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from macros.engine.evaluate import (
    AGGREGATES,
    FALSE,
    TRUE,
    Element,
    Range,
    Value,
    condition,
    element,
    evaluate,
    joined,
    ratio,
)
from macros.engine.outcomes import ABSENT, Options, Outcome, either, point
from macros.model import Assessment, Question, Section, Tree
from macros.points import has_points, scale_of

identity = id  # `id` is also what names a question here
MOST_COMPLETIONS = 20_000  # above, what is possible is bounds and no longer exact


class ScoringModel:
    """A compiled assessment as readings are scored by it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.questions = {question.id: question for question in assessment.every_question()}
        self.options = {id: Options(question) for id, question in self.questions.items()}
        self.scopes = {id: [id] for id in self.questions}
        for section in assessment.sections:
            self.scopes[section.id] = [question.id for question in section.questions]
        self.scopes[""] = list(self.questions)
        self.shows = _shows(self.questions.values())
        self.section_shows = _shows(assessment.sections)
        self.measures: dict[str, Tree] = dict(_flat_measures(assessment))
        # by identity of the tree, which is held
        self._depends: dict[int, tuple[Tree, list[str]]] = {}
        self._asked: dict[tuple[str, ...], list[str]] = {}  # by what asks: ("points", "data")

    @cached_property
    def verdict_questions(self) -> list[str]:
        """The questions that the verdicts depend on, in the order of the form."""
        rules = [verdict.when for verdict in self.assessment.verdicts if verdict.when]
        return self.depends(["and", *(rule.tree for rule in rules)])

    def depends(self, tree: Tree) -> list[str]:
        """The questions on which a tree depends, through measures and `show` too, in order."""
        if identity(tree) not in self._depends:
            self._depends[identity(tree)] = (tree, self.in_order(self._asked_by(tree)))
        return self._depends[identity(tree)][1]

    def trees(self) -> Iterator[Tree]:
        """Every expression of the assessment, but for the ratings'."""
        yield from self.shows.values()
        yield from self.section_shows.values()
        yield from self.measures.values()
        yield from (verdict.when.tree for verdict in self.assessment.verdicts if verdict.when)
        yield from (warning.when.tree for warning in self.assessment.warnings)

    def shown_by(self, id: str) -> set[str]:
        """The questions that a question's `show` asks for itself, or through measures."""
        return self._asked_by(self.shows[id], through_shows=False)

    def affected(self, question: str) -> list[str | int]:
        """What a state keeps that depends on a question: outcomes, measures and elements."""
        return self._affected.get(question, [])

    @cached_property
    def _affected(self) -> dict[str, list[str | int]]:
        keys: dict[str, list[str | int]] = {id: [id] for id in self.questions}
        for key, tree in self._kept_trees():
            for question in self.depends(tree):
                keys[question].append(key)
        return keys

    def _kept_trees(self) -> Iterator[tuple[str | int, Tree]]:
        """What a state keeps the value of, with its key there."""
        yield from self.shows.items()
        yield from self.measures.items()
        for tree in self.trees():
            yield from ((identity(each), each) for each in _elements(tree))
        shows = [*self.shows.values(), *self.section_shows.values()]
        yield from {identity(show): show for show in shows}.items()  # several can be one

    def in_order(self, ids: set[str]) -> list[str]:
        return [id for id in self.questions if id in ids]

    def _asked_by(self, tree: Tree, through_shows: bool = True) -> set[str]:
        """Through `show` too; or, to look into a `show`, with all questions of its sections."""
        questions: set[str] = set()
        waiting, visited = [tree], set()
        while waiting:
            part = waiting.pop()
            if not _is_node(part):
                continue
            waiting.extend(part[1:])
            if part[0] in ("measure", "applies") and part[1] not in visited:
                id = part[1]
                visited.add(id)
                if id in self.measures:
                    waiting.append(self.measures[id])
                if id in self.section_shows and through_shows:
                    waiting.append(self.section_shows[id])
                elif id in self.section_shows:
                    questions.update(self.scopes[id])
            new_questions = set(self.asked(part)) - questions
            questions |= new_questions
            if through_shows:
                waiting.extend(self.shows[id] for id in new_questions if id in self.shows)
        return questions

    def asked(self, tree: Sequence[Any]) -> list[str]:
        """The questions that a node itself asks for."""
        name = tree[0]
        if name == "count" or name in SCOPED:
            key = tuple(tree)
            if key not in self._asked:  # the same is asked for in many rules
                self._asked[key] = [id for id in self.scopes[key[-1]] if self.can_count(key, id)]
            return self._asked[key]
        if name in ("is", "chosen", "number", "value", "lookup"):
            return list(tree[1 : 3 if name == "lookup" else 2])
        return [tree[1]] if name == "applies" and tree[1] in self.questions else []

    def can_count(self, asks: Sequence[str], id: str) -> bool:
        """Whether a question can make a difference to what is asked of several."""
        if asks[0] == "count":
            return any(answer.id == asks[1] for answer in self.options[id].scale)
        return SCOPED[asks[0]](self.questions[id])


def _shows(items: Iterable[Question | Section]) -> dict[str, Tree]:
    return {item.id: item.show.tree for item in items if item.show}


def _is_node(tree: Tree) -> bool:
    """Whether a part of a tree is one itself; else it is a number or the table of a lookup."""
    return isinstance(tree, list) and isinstance(tree[0], str)


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
def scoring_model(assessment: Assessment) -> ScoringModel:
    return ScoringModel(assessment)


class State:
    """What a reading says so far: an outcome for every question that is settled, all options for
    the others.

    What is worked out is kept until `with_each_option` settles a question that it depends on.
    """

    def __init__(
        self, model: ScoringModel, settled: dict[str, Outcome], optional: bool = False
    ) -> None:
        """`optional`: what may be left open counts as open too, and not as absent."""
        self.model = model
        self.settled = settled
        self.optional = optional
        self.kept: dict[str | int, Any] = {}  # by question, by measure, by identity of an element

    def with_each_option(self, question: str, options: Iterable[Outcome]) -> Iterator[Outcome]:
        """Settles a question by one option after the other; gives each while it is."""
        keys = self.model.affected(question)
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

    def part(self, each: Sequence[Any]) -> Element | None:
        entry = self.kept.get(identity(each))
        if entry is None:
            # the element is held, so that its identity is its own
            entry = self.kept[identity(each)] = (each, element(each, self))
        return entry[1]

    def shown(self, question: str) -> int:
        """Whether a question is shown: a set of TRUE and FALSE."""
        return self.holds(self.model.shows.get(question, True))

    def holds(self, show: Tree) -> int:
        """The same of a condition, which the questions of a section have in common."""
        if show is True:
            return TRUE
        if identity(show) not in self.kept:
            bits = condition(show, self)
            self.kept[identity(show)] = (bits & TRUE) | (FALSE if bits & ~TRUE else 0)
        return self.kept[identity(show)]  # type: ignore[no-any-return]

    def outcome(self, id: str) -> Outcome:
        outcome: Outcome | None = self.kept.get(id)
        if outcome is None:
            shown = self.shown(id)
            outcomes = [self.unhidden(id)] if shown & TRUE else []
            if shown & FALSE:
                outcomes.append(ABSENT)
            outcome = self.kept[id] = either(outcomes)
        return outcome

    def unhidden(self, id: str) -> Outcome:
        if id in self.settled:
            return self.settled[id]
        return self.model.options[id].all if self.asks(id) else ABSENT

    def asks(self, id: str) -> bool:
        return self.optional or self.model.questions[id].required

    def open_questions(self, depends: Sequence[str]) -> Iterator[str]:
        """Those that a completion still has to answer, as far as they can be shown."""
        for id in depends:
            if id not in self.settled and self.asks(id) and self.shown(id) & TRUE:
                yield id

    def find(self, tree: Sequence[Any]) -> Value:
        return FINDERS[tree[0]](self, *tree[1:])

    def outcomes(self, scope: str) -> list[Outcome]:
        return [self.outcome(id) for id in self.model.scopes[scope]]

    def find_measure(self, id: str) -> Value:
        if id not in self.kept:
            self.kept[id] = evaluate(self.model.measures[id], self)
        return self.kept[id]  # type: ignore[no-any-return]

    def find_is(self, question: str, *answers: str) -> int:
        bits = 0
        for answer in self.outcome(question).answers:
            bits |= TRUE if answer in answers else FALSE
        return bits

    def find_applies(self, id: str) -> int:
        if id in self.model.questions:
            return self.outcome(id).applies
        return self.holds(self.model.section_shows.get(id, True))

    def find_chosen(self, question: str, choice: str) -> int:
        chosen = self.outcome(question).chosen
        return chosen[choice] if chosen else FALSE

    def find_number(self, question: str) -> Range:
        return self.outcome(question).number

    def find_value(self, question: str, name: str) -> Value:
        scale = scale_of(self.model.questions[question])
        values = {answer.id: answer.values.get(name) for answer in scale.answers} if scale else {}
        return joined([point(values.get(answer)) for answer in self.outcome(question).answers])

    def find_lookup(self, row: str, column: str, table: Sequence[Sequence[float]]) -> Value:
        values = []
        for r in self.positions(row):
            for c in self.positions(column):
                values.append(None if r is None or c is None else table[r][c])
        return joined([point(value) for value in values])

    def positions(self, question: str) -> list[int | None]:
        scale = scale_of(self.model.questions[question])
        ids = scale.ids if scale else ()
        answers = self.outcome(question).answers
        return [ids.index(answer) if answer in ids else None for answer in answers]

    def find_count(self, answer: str, scope: str) -> Range:
        answers = [outcome.answers for outcome in self.outcomes(scope)]
        sizes = [len(possible) for possible in answers if answer in possible]
        return float(sizes.count(1)), float(len(sizes)), False

    def how_many(self, name: str, scope: str) -> Range:
        bits = [getattr(outcome, name) for outcome in self.outcomes(scope)]
        surely, maybe = bits.count(TRUE), bits.count(TRUE | FALSE)
        return float(surely), float(surely + maybe), False

    def total(self, name: str, scope: str) -> Value:
        if scope in self.model.questions:
            return getattr(self.outcome(scope), name)  # type: ignore[no-any-return]
        ranges: list[Range] = [getattr(outcome, name) for outcome in self.outcomes(scope)]
        parts = [(not value[2], value) for value in ranges if value[0] <= value[1]]
        return AGGREGATES["sum"](parts)

    def find_percent(self, scope: str) -> Range:
        parts = []
        for outcome in self.outcomes(scope):
            low, high, none = outcome.points
            if low <= high:
                parts.append((not none, outcome.points, outcome.possible[0]))
        return ratio(parts, 100.0)


FINDERS: Mapping[str, Callable[..., Value]] = {
    "measure": State.find_measure,
    "is": State.find_is,
    "applies": State.find_applies,
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
