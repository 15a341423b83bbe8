"""What an assessment is.

The fields are the keys of the YAML files and of the JSON in the page, in the order in which a page
shows them. A field without a default is a key that must be there; where a key is a word of Python
(`is`, `from`), its field ends in an underscore. What `Doc` says of a field is what editors show to
an author, see `macros/commands/schema.py`; `assessments/README.md` shows every key in one example.

    Assessment
    ├─ sections    Section   (or `questions` directly: one unnamed section)
    │  └─ questions   Question  (kinds: one, many, number, text)
    ├─ measures    Measure   (named expressions)
    ├─ verdicts    Verdict   (the first whose rule holds)
    ├─ warnings    Warning   (every one whose rule holds)
    └─ tests       Case      (the author's own)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

Basis = Literal["seed", "seed+", "ours"]
SHAPES = ("●", "▲", "■", "◆")
COLOURS = ("green", "yellow", "red")
# what `unknown:` says beside an answer's id
WORST, EXCLUDED, NOT_OFFERED = "worst", "excluded", "not_offered"
NONE_OF_THESE = "none_of_these"  # the id of the choice that goes with no other
# a compiled expression: ["ge", ["count", "red", ""], 3], or a number, true, false or null
Tree = Any


@dataclass(frozen=True)
class Doc:
    """What a key is, in a few words."""

    text: str


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
    mark: Annotated[str, Doc("a letter and one of SHAPES: G ●")] = ""
    colour: Annotated[
        str, Doc("one of COLOURS, tokens that differ in light and shape also in grey")
    ] = ""
    points: float | None = None
    values: Annotated[dict[str, float], Doc("more numbers by name: {seal: 3}")] = field(
        default_factory=dict
    )
    was: Annotated[str, Doc("its id in an earlier version")] = ""


@dataclass(frozen=True)
class Scale:
    """An ordered list of answers."""

    worst: Annotated[str, Doc("the id of its first or last answer")]
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
class Choice:
    """One of the choices of a question of kind `many`."""

    id: str
    title: str
    points: float | None = None
    was: str = ""


@dataclass(frozen=True)
class RatingRule:
    """With these choices, that answer. `when` or, for the last one, `otherwise`."""

    is_: Annotated[str, Doc("an answer of the rating's scale")]
    when: Expression | None = None
    otherwise: bool = False


@dataclass(frozen=True)
class Rating:
    """What a set of choices comes to: an answer of a scale."""

    rules: tuple[RatingRule, ...]
    scale: Annotated[Scale | None, Doc("that of its section or file where it is left out")] = None


@dataclass(frozen=True)
class NotApplicable:
    """Whether a question may be answered "not applicable"."""

    allowed: bool
    reason: Literal["required", "optional"] = "required"


@dataclass(frozen=True)
class Example:
    """A line filled in, so that a reader sees what an answer looks like."""

    answer: str
    text: str
    reading: Annotated[str, Doc("what it tells")]


@dataclass(frozen=True)
class Question:
    """One line of the form: a question and its answers as full sentences."""

    id: str
    name: str
    ask: str
    kind: Literal["one", "many", "number", "text"] = "one"
    help: str = ""
    scale: Annotated[Scale | None, Doc("its own; otherwise that of its section or file")] = None
    answers: Annotated[
        dict[str, str] | tuple[Answer, ...], Doc("a sentence each; or its own scale")
    ] = field(default_factory=dict)
    worst: Annotated[str, Doc("of answers of its own; the last where it is left out")] = ""
    points: Annotated[dict[str, float], Doc("by answer, instead of the scale's")] = field(
        default_factory=dict
    )
    choices: tuple[Choice, ...] = ()
    none_of_these: bool = False
    rating: Rating | None = None
    unit: str = ""
    min: float | None = None
    max: float | None = None
    step: float | None = None
    whole: bool = False
    required: bool = True
    unknown: str = ""
    na: NotApplicable | None = None
    weight: float = 1.0
    tags: dict[str, str] = field(default_factory=dict)
    show: Expression | None = None
    example: Example | None = None
    why: str = ""
    evidence: Annotated[str, Doc("what would show it")] = ""
    signal: Annotated[str, Doc("what one hears early")] = ""
    move: Annotated[str, Doc("what to do where the answer is not the best one")] = ""
    worksheet: str = ""
    page: str = ""
    was: Annotated[str, Doc("its id in an earlier version")] = ""
    basis: Annotated[
        Literal["", "seed", "seed+", "ours"], Doc("that of its file where it is left out")
    ] = ""
    ours: Annotated[
        tuple[str, ...], Doc("its answers that no source has, where the others are from one")
    ] = ()
    own_show: Annotated[
        Expression | None, Doc("`show` without that of its section, once compiled")
    ] = field(default=None, metadata={"later": True})


@dataclass(frozen=True)
class Section:
    """Questions that belong together."""

    id: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    weight: float = 1.0
    tags: dict[str, str] = field(default_factory=dict)
    show: Expression | None = None
    scale: Scale | None = None
    unknown: str = ""
    na: NotApplicable | None = None


@dataclass(frozen=True)
class Measure:
    """A named expression; `per: section` gives one value a section."""

    value: Expression
    title: Annotated[str, Doc("without one it is not shown")] = ""
    per: Literal["", "section"] = ""
    format: Literal["", "whole", "tenths", "hundredths", "percent"] = ""
    kind: Literal["", "number", "boolean", "none", "text"] = field(
        default="", metadata={"later": True}
    )
    trees: Annotated[dict[str, Tree], Doc("by section, once compiled")] = field(
        default_factory=dict, metadata={"later": True}
    )


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
    expect: Annotated[dict[str, str], Doc('{"verdict": id, "count(red)": "2"}')]


@dataclass(frozen=True)
class Split:
    """A question of an earlier version whose answer goes to several."""

    from_: str
    into: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One change that an engagement makes to an assessment."""

    because: str
    set: Annotated[str, Doc("the path of what is replaced, by `to`")] = ""
    to: Any = None
    add: Annotated[
        str, Doc("the path of the list that gets `question`, `verdict`, `warning`, ...")
    ] = ""
    after: str = ""
    remove: Annotated[str, Doc("the path of what is taken out")] = ""


@dataclass(frozen=True)
class Engagement:
    """Why and how an assessment differs from the one that the playbook ships."""

    because: str
    changes: tuple[Change, ...]
    path: Annotated[str, Doc("of the file that says so")] = ""


@dataclass(frozen=True, eq=False)
class Assessment:
    """A whole assessment; `id` is the name of its file.

    Once checked, `sections` holds all questions (one section with an empty id where the file names
    none), and each question has its own scale, `unknown` and `na`.
    """

    id: str
    title: str
    version: int
    basis: Basis
    unit: str
    respondent: str
    minutes: int
    intro: str
    verdicts: tuple[Verdict, ...]
    scale: Scale | None = None
    unknown: Annotated[
        str,
        Doc('what "can\'t tell" counts as: an answer, `worst` or `excluded`; empty: not offered'),
    ] = ""
    na: NotApplicable | None = None
    chairs: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    sections: tuple[Section, ...] = ()
    measures: dict[str, Measure] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()
    tests: tuple[Case, ...] = ()
    retired: Annotated[tuple[str, ...], Doc("ids of questions of earlier versions")] = ()
    split: tuple[Split, ...] = ()
    changes: Annotated[dict[str, str], Doc("by version, what changed")] = field(
        default_factory=dict
    )
    engagement: Engagement | None = field(default=None, metadata={"later": True})

    def question(self, id: str) -> Question:
        return self._by_id[id]

    def every_question(self) -> Iterator[Question]:
        """All questions, in the order of the form."""
        yield from self.questions
        for section in self.sections:
            yield from section.questions

    def number(self, id: str) -> int:
        """The number by which the form shows a question, from 1."""
        return list(self._by_id).index(id) + 1

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.every_question()}


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
