"""Rules: text → checked tree.

A rule is a small part of Python. It is parsed by `ast`, never run: what is not listed in `Compiler`
is refused with its place, and the rest becomes nested lists that `expressions` and the browser read
alike.

    count(red) >= 3                        ["ge", ["count", "red", ""], 3]
    a is red and b is not red              ["and", ["is", "a", "red"], ["not", ["is", "b", "red"]]]
    sum(points(q) for q in questions)      ["sum", ["each", ["applies", "a"], ["points", "a"]], …]

What a `for` goes through is known here, so it is written out; so are tags, weights and the numbers
of facts/rules.yml. A scope is "" (all questions), a section's id or a question's id.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from macros.engine.evaluate import fold
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import NONE_OF_THESE, Question, Section, Tree
from macros.points import scale_of
from macros.rules import functions
from macros.rules.functions import CALLS, FUNCTIONS, MOST_NUMBER, Kind, Thing, Typed
from macros.rules.syntax_hints import explained, without_texts

# `constructor` is a word of every object in a browser.
WORDS = (
    "and",
    "or",
    "not",
    "is",
    "in",
    "if",
    "else",
    "for",
    "lambda",
    "true",
    "false",
    "none",
    "constructor",
)
RESERVED = frozenset(
    (*WORDS, "rule", "section", "sections", "question", "questions", "weight", *FUNCTIONS)
)
MOST_TEXT = 2000  # characters; a rule that needs more is two rules
MOST_DEPTH = 100  # operations within each other, through measures and `show` too
MOST_NODES = 20_000  # of a tree, once every `for` is written out
MOST_NODES_OF_FILE = 200_000
DECIMAL = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)")
COMPARISONS = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
ARITHMETIC = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
NAMED: Mapping[str, Typed] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "none": ("none", None),
}
ALLOWED = (
    "; known are comparisons, and, or, not, + - * /, 'a if c else b' and functions such as"
    " count(red)"
)
A_RULE = (
    "; a rule is a comparison such as 'count(red) >= 3' or 'some_question is red', joined by and,"
    " or, not"
)
TOLD = {"number": "a number", "boolean": "a condition", "text": "a text", "none": "none"}


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


class ExpressionError(Exception):
    """A rule outside the language. `offset` is the place in its text, in characters from 0.

    `others` are further mistakes of the same rule.
    """

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.others: list[ExpressionError] = []


def compile_condition(text: str, scope: Scope) -> Tree:
    """The tree of a rule that holds or not. Raises ExpressionError."""
    return Compiler(text, scope).whole("boolean")[1]


def compile_value(text: str, scope: Scope) -> Typed:
    """The kind and the tree of a rule that is a number or a condition. Raises ExpressionError."""
    return Compiler(text, scope).whole()


def _parse(text: str) -> ast.expr:
    if len(text) > MOST_TEXT:
        raise ExpressionError(0, f"a rule of {len(text):,} characters; {MOST_TEXT:,} is the most")
    if "#" in (bare := without_texts(text)):
        raise ExpressionError(
            bare.index("#"), "'#' has no place in a rule; a comment stands outside its quotes"
        )
    line, indent = _one_line(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python only warns of, such as `2or x`, is refused
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        if not error.offset:
            raise ExpressionError(
                len(text.rstrip()), "this is not a rule: it stops too soon"
            ) from None
        raise ExpressionError(*explained(text, indent + error.offset - 1)) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError(
            0, "this rule is nested too deeply, or holds a sign that cannot be read"
        ) from None


def _one_line(text: str) -> tuple[str, int]:
    """A rule as Python reads it, without the line breaks and the space in front of it; and how much
    that was.
    """
    line = re.sub(r"\s", " ", text)
    return line.strip(), len(line) - len(line.lstrip())


class Compiler:
    reserved = RESERVED

    def __init__(self, text: str, scope: Scope) -> None:
        self.given = text
        self.text, self.indent = _one_line(text)
        self.bytes = self.text.encode()  # ast counts columns in these
        self.scope = scope
        self.bound: dict[str, Thing] = {"section": scope.section} if scope.section else {}
        self.depth = 0
        self.nodes = 0
        self.unknown_names: dict[
            tuple[int, str], ExpressionError
        ] = {}  # gathered: an author mends them in one go

    def whole(self, wanted: Kind | None = None) -> Typed:
        """The tree; or the names that are not known and what stopped the compiler, raised
        together.
        """
        faults = []
        found: Typed = ("none", None)
        try:
            node = _parse(self.given)
            found = (wanted, self.expect(node, wanted)) if wanted else self.value(node)
            if found[0] == "text":
                raise self.error(node, "a text is of use only in a comparison by == or !=")
        except ExpressionError as error:
            faults = [error]
        faults = [*self.unknown_names.values(), *faults]
        if faults:
            first, *first.others = sorted(faults, key=lambda fault: fault.offset)
            raise first
        return found

    # --- places and names ------------------------------------------------------------------

    def error(self, node: ast.expr, message: str) -> ExpressionError:
        return ExpressionError(self.indent + len(self.bytes[: node.col_offset].decode()), message)

    def not_known(self, node: ast.expr, message: str) -> None:
        error = self.error(node, message)
        self.unknown_names.setdefault((error.offset, message), error)

    def spelled(self, node: ast.expr) -> str:
        """A part of the rule as its author wrote it: `ast` reads ｒｅｄ as red."""
        return self.bytes[node.col_offset : node.end_col_offset].decode()

    def thing(self, node: ast.expr) -> Thing | None:
        """The question or section that a name stands for."""
        name = self.spelled(node)
        return (
            self.bound.get(name) or self.scope.questions.get(name) or self.scope.sections.get(name)
        )

    def question(self, node: ast.expr) -> Question | None:
        """The question that a name stands for; None is told, and what depends on it is looked at no
        further.
        """
        found = self.thing(node)
        if not isinstance(found, Question):
            self.no_such(node, "question", [*self.bound, *self.scope.questions])
            return None
        return found

    def no_such(self, node: ast.expr, wanted: str, known: Collection[str]) -> None:
        """Tells that a name is not what is wanted; and what it is, or what may be meant."""
        name = self.spelled(node)
        self.not_known(
            node,
            f"'{shorten(name)}' is not a"
            f" {wanted}{self.meant(name, wanted) or suggest(name, known)}",
        )

    def meant(self, name: str, wanted: str) -> str:
        """What a name is, where it is known as something else."""
        scope, alone = self.scope, "measure" in wanted
        if name == "section":
            return "; it stands for each section in a measure with 'per: section', and nowhere else"
        if name in scope.not_yet:
            return "; a measure can use those that stand above it"
        if name in scope.measures or name in scope.sections or name in scope.questions:
            return (
                ", but a"
                f" {_kind_of(self.scope.sections.get(name) or self.scope.questions.get(name))}"
            )
        if name == "rule":
            return "; a number of facts/rules.yml is rule.<its id>"
        if alone and name in FUNCTIONS:
            return f", but a function: say {name}(…)"
        return (
            f", but an answer: say 'some_question is {name}'"
            if alone and name in self.every_answer
            else ""
        )

    def is_of_several(self, *nodes: ast.expr) -> bool:
        """Whether parts of a rule stand for something else each time."""
        return any(
            isinstance(one, ast.Name) and one.id in self.bound
            for node in nodes
            for one in ast.walk(node)
        )

    def is_bound(self, node: ast.expr) -> bool:
        """Whether a name goes through several things, of which some may not have what is asked
        for.
        """
        return self.spelled(node) in self.bound

    # --- values ----------------------------------------------------------------------------

    def expect(self, node: ast.expr, wanted: Kind) -> Tree:
        kind, tree = self.value(node)
        if kind not in (wanted, "none"):
            told = (
                f"'{shorten(self.spelled(node))}' is {TOLD[kind]}, where {TOLD[wanted]} is wanted"
            )
            raise self.error(node, told + (A_RULE if wanted == "boolean" else ""))
        return tree

    def value(self, node: ast.expr) -> Typed:
        self.depth += 1
        self.count(node)
        if self.depth > MOST_DEPTH:
            raise self.error(node, f"this is nested more than {MOST_DEPTH} levels deep")
        kind, tree = self.dispatch(node)
        self.depth -= 1
        return kind, fold(tree)

    def count(self, node: ast.expr) -> None:
        """One node more; not more than a rule may have, and all of a file."""
        self.nodes += 1
        self.scope.budget.left -= 1
        if self.nodes > MOST_NODES:
            raise self.error(
                node,
                f"this comes to more than {MOST_NODES:,} steps, once every 'for' is written out",
            )
        if self.scope.budget.left < 0:
            raise self.error(
                node,
                f"with this rule, those of the file come to more than {MOST_NODES_OF_FILE:,} steps",
            )

    def dispatch(self, node: ast.expr) -> Typed:
        if self.scope.choices_of and not isinstance(
            node, (ast.Name, ast.BoolOp, ast.UnaryOp, ast.IfExp)
        ):
            told = shorten(self.spelled(node))
            raise self.error(
                node, f"'{told}' has no place in a rating: its rules join choices by and, or, not"
            )
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is None or getattr(node, "keywords", None):
            raise self.error(
                node,
                f"'{shorten(self.spelled(node))}' is not part of the language of rules{ALLOWED}",
            )
        found: Typed = method(node)
        return found

    def of_BoolOp(self, node: ast.BoolOp) -> Typed:
        name = "and" if isinstance(node.op, ast.And) else "or"
        return "boolean", [name, *(self.expect(value, "boolean") for value in node.values)]

    def of_UnaryOp(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            return "boolean", ["not", self.expect(node.operand, "boolean")]
        if isinstance(node.op, ast.USub):
            return "number", ["neg", self.expect(node.operand, "number")]
        raise self.error(node, f"'{self.spelled(node)[:1]}' has no place before a number")

    def of_BinOp(self, node: ast.BinOp) -> Typed:
        if type(node.op) not in ARITHMETIC:
            raise self.error(node, f"in '{shorten(self.spelled(node))}' only + - * / are known")
        sides = _terms(node) if isinstance(node.op, ast.Add) else [node.left, node.right]
        return "number", [
            ARITHMETIC[type(node.op)],
            *(self.expect(side, "number") for side in sides),
        ]

    def of_IfExp(self, node: ast.IfExp) -> Typed:
        condition = self.expect(node.test, "boolean")
        kind, tree = self.value(node.body)
        other, otherwise = self.value(node.orelse)
        if other not in (kind, "none") and kind != "none":
            raise self.error(
                node.orelse, f"one side of this choice is {TOLD[kind]}, the other {TOLD[other]}"
            )
        return (other if kind == "none" else kind), ["if", condition, tree, otherwise]

    def of_Constant(self, node: ast.Constant) -> Typed:
        if isinstance(node.value, str) and self.spelled(node)[0] in "'\"":
            return "text", node.value
        if (
            isinstance(node.value, (int, float))
            and DECIMAL.fullmatch(self.spelled(node))
            and node.value < MOST_NUMBER
        ):
            return "number", float(node.value)
        if DECIMAL.fullmatch(self.spelled(node)):
            raise self.error(
                node,
                f"'{shorten(self.spelled(node))}' is too large: a number has 15 digits at most",
            )
        near = {"True": "; write true", "False": "; write false", "None": "; write none"}.get(
            self.spelled(node), ""
        )
        raise self.error(
            node, f"'{shorten(self.spelled(node))}' is not a plain decimal number{near}"
        )

    def of_Name(self, node: ast.Name) -> Typed:
        name = self.spelled(node)
        if name in NAMED:
            return NAMED[name]
        choices_of = self.scope.choices_of
        if choices_of:
            return "boolean", ["chosen", choices_of.id, self.choice(node, choices_of)]
        if name in self.scope.measures:
            return self.measure(node, name)
        if self.thing(node):
            return self.misplaced(node, self.thing(node))
        known = [*self.scope.measures, *self.scope.questions, *self.scope.sections, *self.bound]
        self.no_such(node, "question, section or measure", known)
        return "none", None

    def misplaced(self, node: ast.Name, thing: Thing | None) -> Typed:
        name = self.spelled(node)
        if isinstance(thing, Question):
            meant = {"number": "number({})", "many": "chosen({}, …)", "text": "answered({})"}.get(
                thing.kind, "'{} is …'"
            )
            raise self.error(node, f"'{name}' is a question; say what of it: {meant.format(name)}")
        raise self.error(
            node, f"'{name}' is a section; say what of it: percent({name}), count(…, {name})"
        )

    def measure(self, node: ast.expr, name: str) -> Typed:
        kind, per = self.scope.measures[name]
        if per:
            raise self.error(
                node,
                f"'{name}' has a value for each section: say {name}(section) or {name}(<section"
                " id>)",
            )
        return kind, ["measure", name]

    def of_Attribute(self, node: ast.Attribute) -> Typed:
        """`rule.stall_reds`, `q.weight`, `s.level`."""
        if not isinstance(node.value, ast.Name):
            raise self.error(
                node,
                f"'{shorten(self.spelled(node))}' is not part of the language of rules{ALLOWED}",
            )
        if self.spelled(node.value) == "rule":
            return self.rule(node)
        thing = self.thing(node.value)
        if not thing:
            known = [*self.bound, *self.scope.questions, *self.scope.sections, "rule"]
            self.no_such(node.value, "question or section", known)
            return "none", None
        if node.attr == "weight":
            return "number", float(thing.weight)
        return self.tag(node, thing)

    def rule(self, node: ast.Attribute) -> Typed:
        if node.attr not in self.scope.rules:
            near = suggest(node.attr, self.scope.rules)
            self.not_known(node, f"'{node.attr}' is not a rule of facts/rules.yml{near}")
        return "number", float(self.scope.rules.get(node.attr, 0))

    def tag(self, node: ast.Attribute, thing: Thing) -> Typed:
        """The text of a tag, or its number if it looks like one; none where there is no such
        tag.
        """
        text = thing.tags.get(node.attr)
        if text is None:
            same = self.scope.questions if isinstance(thing, Question) else self.scope.sections
            known = {name for one in same.values() for name in one.tags}
            scale = scale_of(thing) if isinstance(thing, Question) else None
            meant = (
                f"; say '{self.spelled(node.value)} is {node.attr}'"
                if scale and node.attr in scale.ids
                else ""
            )
            if node.attr not in known:
                near = meant or suggest(node.attr, known)
                self.not_known(node, f"no {_kind_of(thing)} has a tag '{node.attr}'{near}")
            return "none", None
        number = _json_number(text)
        return ("text", text) if number is None else ("number", number)

    # --- comparisons -----------------------------------------------------------------------

    def of_Compare(self, node: ast.Compare) -> Typed:
        if isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            return "boolean", self.membership(node)
        left, parts = node.left, []
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if type(operator) not in COMPARISONS:
                raise self.error(
                    right,
                    "'is' and 'in' are not chained with other comparisons; join them by 'and'",
                )
            parts.append(self.compared(COMPARISONS[type(operator)], left, right))
            left = right
        return "boolean", parts[0] if len(parts) == 1 else ["and", *parts]

    def compared(self, name: str, left: ast.expr, right: ast.expr) -> Tree:
        if name in ("eq", "ne"):
            for one, other in ((left, right), (right, left)):
                is_text = isinstance(other, ast.Constant) and isinstance(other.value, str)
                if (
                    is_text
                    and isinstance(one, ast.Name)
                    and self.spelled(one) not in self.scope.measures
                ):
                    return self.compared_answer(name, one, other)
        (kind, tree), (other_kind, other_tree) = self.value(left), self.value(right)
        if "text" in (kind, other_kind):
            return self.compared_text(name, left, right, tree, other_tree)
        for side, found in ((left, kind), (right, other_kind)):
            if found == "boolean":
                raise self.error(
                    side, f"'{shorten(self.spelled(side))}' is a condition; numbers are compared"
                )
        return [name, tree, other_tree]

    def compared_text(
        self, name: str, left: ast.expr, right: ast.expr, one: Tree, other: Tree
    ) -> Tree:
        if name not in ("eq", "ne"):
            raise self.error(right, "texts are compared by == or != only")
        if not any(isinstance(side, ast.Attribute) for side in (left, right)):
            raise self.error(left, "a text is compared with a tag or an answer")
        for side, tree in ((left, one), (right, other)):
            if (
                tree is not None
                and not isinstance(tree, str)
                and not self.is_of_several(left, right)
            ):
                told = (
                    f"'{shorten(self.spelled(side))}' is not a text, and what it is compared with"
                    " is one"
                )
                raise self.error(side, told)
        return None if one is None or other is None else (one == other) == (name == "eq")

    def compared_answer(self, name: str, node: ast.Name, text: ast.expr) -> Tree:
        """`region == "eu"`, which says the same as `region is eu`."""
        question = self.question(node)
        if not question:
            return None
        tree = self.is_in(node, question, [(text, str(ast.literal_eval(text)))])
        return ["not", tree] if name == "ne" else tree

    def membership(self, node: ast.Compare) -> Tree:
        """`q is red`, `q is not red`, `q in (red, yellow)`, `q not in (…)`, `x is none`."""
        if len(node.ops) > 1:
            raise self.error(node, "'is' and 'in' are not chained; join them by 'and'")
        operator, right = node.ops[0], node.comparators[0]
        several = isinstance(operator, (ast.In, ast.NotIn))
        negated = isinstance(operator, (ast.IsNot, ast.NotIn))
        if several and not (isinstance(right, ast.Tuple) and right.elts):
            raise self.error(
                right,
                "'in' is followed by answers in brackets: in (red, yellow); for one, say 'is'",
            )
        if not several and self.spelled(right) in ("true", "false"):
            raise self.error(
                right,
                "a condition holds by itself: leave 'is true' out, and for 'is false' say 'not'",
            )
        if not several and self.spelled(right) == "none":
            if isinstance(self.thing(node.left), Question):
                name = self.spelled(node.left)
                raise self.error(
                    node, f"'{name}' is a question, which is never none; say answered({name}) == 0"
                )
            tree: Tree = ["none", self.value(node.left)[1]]
        else:
            question = self.question(node.left)
            names = right.elts if several and isinstance(right, ast.Tuple) else [right]
            tree = (
                self.is_in(node.left, question, [(name, self.spelled(name)) for name in names])
                if question
                else None
            )
        return ["not", tree] if negated else tree

    def is_in(
        self, node: ast.expr, question: Question, names: Sequence[tuple[ast.expr, str]]
    ) -> Tree:
        scale = scale_of(question)
        if not scale and not self.is_bound(node):
            hint = (
                "; say chosen(question, choice)"
                if question.kind == "many"
                else "; say number(question)"
            )
            raise self.error(
                node,
                f"'{question.id}' has no answers to"
                f" compare{hint if question.kind != 'text' else ''}",
            )
        known = list(scale.ids) if scale else []
        every = self.every_answer if self.is_bound(node) else known
        for place, name in names:
            if name not in every:
                is_choice = name in (choice.id for choice in question.choices)
                near = f"; say chosen({question.id}, {name})" if is_choice else suggest(name, every)
                if every or not scale:  # a scale that has failed is told
                    self.not_known(
                        place, f"'{shorten(name)}' is not an answer of {self.spelled(node)}{near}"
                    )
        kept = [name for _, name in names if name in known]
        return ["is", question.id, *kept] if kept else False

    @cached_property
    def every_answer(self) -> list[str]:
        scales = (scale_of(question) for question in self.scope.questions.values())
        return list(dict.fromkeys(id for scale in scales if scale for id in scale.ids))

    # --- calls -----------------------------------------------------------------------------

    def of_Call(self, node: ast.Call) -> Typed:
        if not isinstance(node.func, ast.Name):
            raise self.error(
                node,
                f"'{shorten(self.spelled(node))}' is not part of the language of rules{ALLOWED}",
            )
        name = self.spelled(node.func)
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return functions.aggregate(self, node, name, node.args[0])
        if name in self.scope.measures and name not in FUNCTIONS:
            return functions.measure_of_section(self, node, name)
        if name not in FUNCTIONS:
            known = [
                *FUNCTIONS,
                *(measure for measure, (_, per) in self.scope.measures.items() if per),
            ]
            near = self.meant(name, "function") or suggest(name, known)
            raise self.error(node, f"'{shorten(name)}' is not a function{near}")
        if name not in CALLS:
            raise self.error(node, f"{name} goes over something: {name}(… for q in questions)")
        return CALLS[name](self, node, name)

    def choice(self, node: ast.expr, question: Question) -> str:
        name = self.spelled(node)
        known = [choice.id for choice in question.choices] + (
            [NONE_OF_THESE] if question.none_of_these else []
        )
        if name not in known:
            self.not_known(
                node, f"'{shorten(name)}' is not a choice of {question.id}{suggest(name, known)}"
            )
        return name


def _terms(node: ast.expr) -> list[ast.expr]:
    """What a sum adds, from left to right: a long one is not a deep one."""
    terms = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        terms.append(node.right)
        node = node.left
    return [node, *reversed(terms)]


def _json_number(text: str) -> float | None:
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        return None
    number = float(json.loads(text))
    return number + 0.0 if abs(number) < MOST_NUMBER else None


def _kind_of(thing: Thing | None) -> str:
    return "question" if isinstance(thing, Question) else "section" if thing else "measure"
