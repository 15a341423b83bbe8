"""What the names in a rule stand for, and what is told of one that stands for nothing."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from macros.engine.outcomes import choice_ids
from macros.loading.suggest import suggest
from macros.model import Question, Section, Tree
from macros.points import scale_of
from macros.rules.source import ExpressionError, Source
from macros.rules.vocabulary import FUNCTIONS

Kind = Literal["number", "boolean", "text", "none"]
Typed = tuple[Kind, Tree]
Item = Question | Section

MOST_NODES_OF_FILE = 200_000


@dataclass
class Budget:
    """How many nodes the trees of a file may still have."""

    left: int = MOST_NODES_OF_FILE


@dataclass(frozen=True)
class Scope:
    """What the names in an assessment's rules can mean."""

    questions: Mapping[str, Question]
    sections: Mapping[str, Section]
    rules: Mapping[str, float]  # facts/rules.yml
    # those defined so far: kind, and "section"
    measures: Mapping[str, tuple[Kind, str]] = field(default_factory=dict)
    not_yet: Collection[str] = ()  # measures that stand further down, and the one that is compiled
    section: Section | None = None  # that a measure `per: section` is compiled for
    choices_of: Question | None = None  # whose choices are bare names, in a rating
    budget: Budget = field(default_factory=Budget)


class Names(Source):
    """A rule with what its names can mean."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text)
        self.scope = scope
        self.bound: dict[str, Item] = {"section": scope.section} if scope.section else {}
        # gathered: an author mends them in one go
        self.unknown_names: dict[tuple[int, str], ExpressionError] = {}

    # --- what a name stands for --------------------------------------------------------------

    def item(self, node: ast.expr) -> Item | None:
        """The question or section that a name stands for."""
        name, scope = self.spelled(node), self.scope
        return self.bound.get(name) or scope.questions.get(name) or scope.sections.get(name)

    def question(self, node: ast.expr) -> Question | None:
        """The question that a name stands for; None is told, and ends what depends on it."""
        item = self.item(node)
        if isinstance(item, Question):
            return item
        self.no_such(node, "question", [*self.bound, *self.scope.questions])
        return None

    def choice(self, node: ast.expr, question: Question) -> str:
        name = self.spelled(node)
        choices = choice_ids(question)
        if name not in choices:
            problem = f"is not a choice of {question.id}{suggest(name, choices)}"
            self.not_known(node, f"{self.quoted(node)} {problem}")
        return name

    @cached_property
    def every_answer(self) -> list[str]:
        return answers_of(self.scope.questions.values())

    def is_bound(self, node: ast.expr) -> bool:
        """Whether a name goes through several items: some may not have what is asked for."""
        return self.spelled(node) in self.bound

    def is_of_several(self, *nodes: ast.expr) -> bool:
        """Whether parts of a rule stand for something else each time."""
        parts = (part for node in nodes for part in ast.walk(node))
        return any(isinstance(part, ast.Name) and part.id in self.bound for part in parts)

    # --- what is told of one that stands for nothing ----------------------------------------

    def not_known(self, node: ast.expr, message: str) -> None:
        error = self.error(node, message)
        self.unknown_names.setdefault((error.offset, message), error)

    def no_such(self, node: ast.expr, expected: str, names: Collection[str]) -> None:
        """Tells that a name is not what is expected; and what it is, or what may be meant."""
        name = self.spelled(node)
        remedy = self.meaning(name, expected) or suggest(name, names)
        self.not_known(node, f"{self.quoted(node)} is not a {expected}{remedy}")

    def meaning(self, name: str, expected: str) -> str:
        """What a name is, where it is known as something else."""
        scope = self.scope
        stands_alone = "measure" in expected  # not before a dot or within brackets
        if name == "section":
            return "; it stands for each section in a measure with 'per: section', and nowhere else"
        if name in scope.not_yet:
            return "; a measure can use those that stand above it"
        if name in scope.measures or name in scope.sections or name in scope.questions:
            return f", but a {kind_of(scope.sections.get(name) or scope.questions.get(name))}"
        if name == "rule":
            return "; a number of facts/rules.yml is rule.<its id>"
        if stands_alone and name in FUNCTIONS:
            return f", but a function: say {name}(…)"
        if stands_alone and name in self.every_answer:
            return f", but an answer: say 'some_question is {name}'"
        return ""


def kind_of(item: Item | None) -> str:
    return "question" if isinstance(item, Question) else "section" if item else "measure"


def answers_of(questions: Collection[Question]) -> list[str]:
    """The answers of the questions' scales, each once."""
    scales = [scale for question in questions if (scale := scale_of(question))]
    return list(dict.fromkeys(id for scale in scales for id in scale.ids))
