"""Rules: text → checked tree → value.

A rule is a small part of Python. It is parsed by `ast`, never run: what is not listed in `_Compiler` is
refused with its place, and the rest becomes nested lists that Python and the browser read alike.

    count(red) >= 3             ["ge", ["count", "red"], 3]
    a is red and b is not red   ["and", ["is", "a", "red"], ["not", ["is", "b", "red"]]]

A value stands for all that a reading with open questions can still come to: a number is a range
(low, high), a condition a set of TRUE and FALSE. With nothing open a range is one number and a set one value.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from model import Assessment, Question, Tree
from source import shorten
from suggest import suggest

TRUE, FALSE = 1, 2
T = TypeVar("T")
Range = tuple[float, float]
Value = Range | int

FUNCTIONS = ("count", "unknown")
RESERVED = frozenset(
    ["and", "or", "not", "is", "in", "if", "else", "for", "lambda", "true", "false", "none"]
    + ["rule", "section", "sections", "question", "questions", *FUNCTIONS]
)
MOST_NUMBER = 1e15  # below, whole numbers are exact in both languages
MOST_TEXT = 2000  # characters; a rule that needs more is two rules
MOST_DEPTH = 50  # brackets and nots within each other
DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
COMPARISONS = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


@dataclass(frozen=True)
class Scope:
    """What the names in an assessment's rules can mean."""

    questions: Mapping[str, Question]
    answers: Sequence[str]
    unknown: bool
    rules: Mapping[str, int]  # facts/rules.yml


class ExpressionError(Exception):
    """A rule outside the language. `offset` is the place in its text, in characters from 0.

    `others` are further mistakes of the same rule.
    """

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.others: list[ExpressionError] = []


def scope_of(assessment: Assessment, rules: Mapping[str, int]) -> Scope:
    questions = {question.id: question for question in assessment.questions}
    return Scope(questions, assessment.scale.ids, bool(assessment.unknown), rules)


# --- text → tree ---------------------------------------------------------------------------


def compile_condition(text: str, scope: Scope) -> Tree:
    """The tree of a rule that holds or not. Raises ExpressionError."""
    compiler = _Compiler(text, scope)
    return compiler.all_told(compiler.condition)


def compile_number(text: str, scope: Scope) -> Tree | float:
    """The tree of a rule that is a number. Raises ExpressionError."""
    compiler = _Compiler(text, scope)
    return compiler.all_told(compiler.number)


def _parse(text: str) -> ast.expr:
    if len(text) > MOST_TEXT:
        raise ExpressionError(0, f"a rule of {len(text):,} characters; {MOST_TEXT:,} is the most")
    if "#" in text:
        raise ExpressionError(text.index("#"), "'#' has no place in a rule; a comment stands outside its quotes")
    line, indent = _one_line(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python only warns of, such as `2or x`, is refused
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        if not error.offset:
            raise ExpressionError(len(text.rstrip()), "this is not a rule: it stops too soon") from None
        raise ExpressionError(indent + error.offset - 1, f"this is not a rule: {error.msg}") from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError(0, "this rule is nested too deeply, or holds a sign that cannot be read") from None


def _one_line(text: str) -> tuple[str, int]:
    """A rule as Python reads it, without the line breaks and the space in front of it; and how much that was."""
    line = re.sub(r"\s", " ", text)
    return line.strip(), len(line) - len(line.lstrip())


class _Compiler:
    def __init__(self, text: str, scope: Scope) -> None:
        self.given = text
        self.text, self.indent = _one_line(text)
        self.bytes = self.text.encode()  # ast counts columns in these
        self.scope = scope
        self.depth = 0
        self.unknown_names: list[ExpressionError] = []  # gathered, so that an author mends them in one go

    def all_told(self, compiled: Callable[[ast.expr], T]) -> T:
        """The tree; or the names that are not known and what stopped the compiler, raised together."""
        faults = self.unknown_names
        try:
            tree = compiled(_parse(self.given))
        except ExpressionError as error:
            faults.append(error)
        if faults:
            first, *first.others = sorted(faults, key=lambda fault: fault.offset)
            raise first
        return tree

    def error(self, node: ast.expr, message: str) -> ExpressionError:
        return ExpressionError(self.indent + len(self.bytes[: node.col_offset].decode()), message)

    def spelled(self, node: ast.expr) -> str:
        """A part of the rule as its author wrote it: `ast` reads ｒｅｄ as red."""
        return self.bytes[node.col_offset : node.end_col_offset].decode()

    def condition(self, node: ast.expr) -> Tree:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.error(node, f"this is nested more than {MOST_DEPTH} levels deep")
        tree = self.joined(node)
        self.depth -= 1
        return tree

    def joined(self, node: ast.expr) -> Tree:
        if isinstance(node, ast.BoolOp):
            name = "and" if isinstance(node.op, ast.And) else "or"
            return [name, *(self.condition(value) for value in node.values)]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ["not", self.condition(node.operand)]
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        raise self.error(
            node,
            f"'{shorten(self.spelled(node))}' does not hold or fail; a rule is a comparison such as "
            "'count(red) >= 3' or 'some_question is red', joined by and, or, not",
        )

    def comparison(self, node: ast.Compare) -> Tree:
        if isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            return self.membership(node)
        left, parts = node.left, []
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if type(operator) not in COMPARISONS:
                raise self.error(right, "'is' and 'in' are not chained with other comparisons; join them by 'and'")
            parts.append([COMPARISONS[type(operator)], self.number(left), self.number(right)])
            left = right
        return parts[0] if len(parts) == 1 else ["and", *parts]

    def membership(self, node: ast.Compare) -> Tree:
        """`q is red`, `q is not red`, `q in (red, yellow)`, `q not in (…)`."""
        if len(node.ops) > 1:
            raise self.error(node, "'is' and 'in' are not chained; join them by 'and'")
        operator, right = node.ops[0], node.comparators[0]
        question = self.question(node.left)
        several = isinstance(operator, (ast.In, ast.NotIn))
        if several and not (isinstance(right, ast.Tuple) and right.elts):
            raise self.error(right, "'in' is followed by answers in brackets: in (red, yellow); for one, say 'is'")
        names = right.elts if several and isinstance(right, ast.Tuple) else [right]
        tree = ["is", question, *(self.answer(name, f"an answer of {question}") for name in names)]
        return ["not", tree] if isinstance(operator, (ast.IsNot, ast.NotIn)) else tree

    def number(self, node: ast.expr) -> Tree | float:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, (int, float)) and DECIMAL.fullmatch(self.spelled(node)) and value < MOST_NUMBER:
            return value
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rule":
            return self.rule(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self.call(node, self.spelled(node.func))
        raise self.error(
            node,
            f"'{shorten(self.spelled(node))}' is not a number; a number is 3, rule.<id>, count(<answer>) or unknown()",
        )

    def call(self, node: ast.Call, name: str) -> Tree:
        if name not in FUNCTIONS:
            raise self.error(node, f"'{shorten(name)}' is not a function{suggest(name, FUNCTIONS)}")
        if name == "unknown":
            if node.args:
                raise self.error(node.args[0], "unknown() takes nothing in its brackets")
            if not self.scope.unknown:
                raise self.error(node, "unknown() is of use only where the file says what `unknown:` counts as")
            return ["unknown"]
        if len(node.args) != 1:
            raise self.error(node, "count takes one answer: count(red)")
        return ["count", self.answer(node.args[0], "an answer of this scale")]

    def rule(self, node: ast.Attribute) -> int:
        if node.attr not in self.scope.rules:
            near = suggest(node.attr, self.scope.rules)
            self.unknown_names.append(self.error(node, f"'{node.attr}' is not a rule of facts/rules.yml{near}"))
        return self.scope.rules.get(node.attr, 0)

    def question(self, node: ast.expr) -> str:
        name = self.spelled(node)
        if name not in self.scope.questions:
            near = suggest(name, self.scope.questions)
            self.unknown_names.append(self.error(node, f"'{shorten(name)}' is not a question{near}"))
        return name

    def answer(self, node: ast.expr, what: str) -> str:
        name = self.spelled(node)
        if name not in self.scope.answers:
            near = suggest(name, self.scope.answers)
            self.unknown_names.append(self.error(node, f"'{shorten(name)}' is not {what}{near}"))
        return name


# --- tree → value --------------------------------------------------------------------------


class State:
    """What a reading says so far: the answers that each question can still come to.

    `options[q]` holds (answer it counts as, whether it was "can't tell"): one where the question is
    answered, several while it is open.
    """

    def __init__(self, options: Mapping[str, tuple[tuple[str, bool], ...]]) -> None:
        self.options = options

    def counted(self, holds: Callable[[tuple[str, bool]], bool]) -> Range:
        """How many questions hold, at least and at most."""
        low = high = 0
        for options in self.options.values():
            fitting = sum(1 for option in options if holds(option))
            low += fitting == len(options)
            high += fitting > 0
        return float(low), float(high)

    def within(self, question: str, answers: Sequence[str]) -> int:
        found = {option[0] in answers for option in self.options[question]}
        return (TRUE if True in found else 0) | (FALSE if False in found else 0)


def number(tree: Any, state: State) -> Range:
    if not isinstance(tree, list):
        return float(tree), float(tree)
    if tree[0] == "count":
        return state.counted(lambda option: option[0] == tree[1])
    return state.counted(lambda option: option[1])  # "unknown"


def condition(tree: Tree, state: State) -> int:
    """The set of TRUE and FALSE that a rule can come to."""
    name, *parts = tree
    if name == "is":
        return state.within(parts[0], parts[1:])
    if name == "not":
        return _not(condition(parts[0], state))
    if name in ("and", "or"):
        return _joined(name, (condition(part, state) for part in parts))
    return COMPARED[name](number(parts[0], state), number(parts[1], state))


def _not(value: int) -> int:
    return (FALSE if value & TRUE else 0) | (TRUE if value & FALSE else 0)


def _joined(name: str, values: Iterator[int]) -> int:
    """`and` of sets; `or` is the same with TRUE and FALSE changing places."""
    settles, goes_on = (FALSE, TRUE) if name == "and" else (TRUE, FALSE)
    result = goes_on
    for value in values:
        if value == settles:
            return settles
        result |= value & settles
    return result


def _less(left: Range, right: Range) -> int:
    return (TRUE if left[0] < right[1] else 0) | (FALSE if left[1] >= right[0] else 0)


def _equal(left: Range, right: Range) -> int:
    meet = left[0] <= right[1] and right[0] <= left[1]
    return (TRUE if meet else 0) | (0 if left[0] == right[1] and left[1] == right[0] else FALSE)


COMPARED: Mapping[str, Callable[[Range, Range], int]] = {
    "lt": _less,
    "gt": lambda left, right: _less(right, left),
    "le": lambda left, right: _not(_less(right, left)),
    "ge": lambda left, right: _not(_less(left, right)),
    "eq": _equal,
    "ne": lambda left, right: _not(_equal(left, right)),
}


def questions_in(tree: Any, every: Sequence[str]) -> set[str]:
    """The questions that a rule's value depends on."""
    if not isinstance(tree, list):
        return set()
    if tree[0] == "is":
        return {tree[1]}
    if tree[0] in ("count", "unknown"):
        return set(every)
    return set().union(*(questions_in(part, every) for part in tree[1:]))
