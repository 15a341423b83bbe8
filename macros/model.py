"""What an assessment is.

The fields are the keys of the YAML files and of the JSON in the page, in the order in which a
page shows them. A field without a default is a key that must be there. The first line behind a
field says what an author writes; `assessments/README.md` shows every key in one example.

    Assessment
    ├─ questions   Question  (answers: a sentence for each answer of the scale)
    ├─ verdicts    Verdict   (the first whose rule holds)
    ├─ warnings    Warning   (every one whose rule holds)
    └─ tests       Case      (the author's own)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Basis = Literal["seed", "seed+", "ours"]
SHAPES = ("●", "▲", "■", "◆")
COLOURS = ("green", "yellow", "red")
Tree = list[Any]  # a compiled expression: ["ge", ["count", "red"], 3]


@dataclass(frozen=True)
class Expression:
    """A rule as its author wrote it, and what it was compiled to (empty until then)."""

    text: str
    tree: Tree


@dataclass(frozen=True)
class Answer:
    """One answer of a scale, never shown by its colour alone."""

    id: str
    title: str
    mark: str  # a letter and one of SHAPES: G ●
    colour: str  # one of COLOURS, tokens that differ in light and shape also in grey


@dataclass(frozen=True)
class Scale:
    """An ordered list of answers."""

    worst: str  # the id of its first or last answer
    answers: tuple[Answer, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(answer.id for answer in self.answers)

    @property
    def best(self) -> str:
        return self.ids[0] if self.worst == self.ids[-1] else self.ids[-1]

    @property
    def worst_first(self) -> tuple[str, ...]:
        return self.ids if self.worst == self.ids[0] else self.ids[::-1]


@dataclass(frozen=True)
class Example:
    """A line filled in, so that a reader sees what an answer looks like."""

    answer: str
    text: str
    reading: str  # what it tells


@dataclass(frozen=True)
class Question:
    """One line of the form: a question and its answers as full sentences."""

    id: str
    name: str
    ask: str
    answers: dict[str, str]
    example: Example | None = None
    why: str = ""
    evidence: str = ""  # what would show it
    signal: str = ""  # what one hears early
    move: str = ""  # what to do where the answer is not the best one


@dataclass(frozen=True)
class Verdict:
    """What the answers come to. `when` or, for the last one, `otherwise`."""

    id: str
    title: str
    say: str = ""
    when: Expression | None = None
    otherwise: bool = False
    basis: Basis = "ours"


@dataclass(frozen=True)
class Warning:
    """A remark that is shown whenever its rule holds."""

    id: str
    when: Expression
    say: str


@dataclass(frozen=True)
class Case:
    """An author's own test: with these answers, that is expected."""

    name: str
    answers: dict[str, Any]
    expect: dict[str, str]  # {"verdict": id, "count(red)": "2"}


@dataclass(frozen=True)
class Assessment:
    """A whole assessment; `id` is the name of its file."""

    id: str
    title: str
    version: int
    basis: Basis
    unit: str
    respondent: str
    minutes: int
    intro: str
    scale: Scale
    questions: tuple[Question, ...]
    verdicts: tuple[Verdict, ...]
    unknown: str = ""  # what "can't tell" counts as: an answer of the scale; empty: not offered
    chairs: tuple[str, ...] = ()
    warnings: tuple[Warning, ...] = ()
    tests: tuple[Case, ...] = ()

    def question(self, id: str) -> Question:
        return next(question for question in self.questions if question.id == id)

    def number(self, id: str) -> int:
        """The number by which the form shows a question, from 1."""
        return [question.id for question in self.questions].index(id) + 1


@dataclass(frozen=True)
class Term:
    """An entry of the glossary."""

    term: str
    means: str


@dataclass(frozen=True)
class Rule:
    """A number that this playbook goes by, and how far it can be trusted."""

    value: int
    name: str
    means: str
    basis: str


@dataclass(frozen=True)
class Problem:
    """A mistake in a file, where it is, and what to do about it. Lines and columns count from 1."""

    path: str
    line: int
    column: int
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.level}: {self.message}"
