"""Rules: text → checked tree.

A rule is a small part of Python. It is parsed by `ast`, never run: what is not listed in `_Compiler` is
refused with its place, and the rest becomes nested lists that `expressions` and the browser read alike.

    count(red) >= 3                        ["ge", ["count", "red", ""], 3]
    a is red and b is not red              ["and", ["is", "a", "red"], ["not", ["is", "b", "red"]]]
    sum(points(q) for q in questions)      ["sum", ["each", ["met", "a"], ["points", "a"]], …]

What a `for` goes through is known here, so it is written out; so are tags, weights and the numbers of
facts/rules.yml. A scope is "" (all questions), a section's id or a question's id.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from expressions import fold
from model import Answer, Question, Scale, Section, Tree
from source import shorten
from suggest import suggest

Kind = Literal["number", "boolean", "text", "none"]
Typed = tuple[Kind, Tree]
Thing = Question | Section

AGGREGATES = {
    "sum": "sum", "mean": "mean", "median": "median", "min": "lowest", "max": "highest",
    "any": "any", "all": "all", "len": "len", "weighted_mean": "weighted_mean",
}  # fmt: skip
SCOPED = ("points", "possible", "most", "percent", "answered", "unknown", "na")
ROUNDING = ("floor", "ceil", "abs")
FUNCTIONS = ("count", *SCOPED, "chosen", "number", "value", *AGGREGATES, "lookup", "round", *ROUNDING)
WORDS = ("and", "or", "not", "is", "in", "if", "else", "for", "lambda", "true", "false", "none")
RESERVED = frozenset((*WORDS, "rule", "section", "sections", "question", "questions", "weight", *FUNCTIONS))
MOST_NUMBER = 1e15  # below, whole numbers are exact in both languages
MOST_TEXT = 2000  # characters; a rule that needs more is two rules
MOST_DEPTH = 200  # operations within each other
MOST_NODES = 20_000  # of a tree, once every `for` is written out
DECIMAL = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)")
COMPARISONS = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
ARITHMETIC = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
NAMED: Mapping[str, Typed] = {"true": ("boolean", True), "false": ("boolean", False), "none": ("none", None)}
ALLOWED = "; known are comparisons, and, or, not, + - * /, 'a if c else b' and functions such as count(red)"
A_RULE = "; a rule is a comparison such as 'count(red) >= 3' or 'some_question is red', joined by and, or, not"
TOLD = {"number": "a number", "boolean": "a condition", "text": "a text", "none": "none"}


@dataclass(frozen=True)
class Scope:
    """What the names in an assessment's rules can mean."""

    questions: Mapping[str, Question]
    sections: Mapping[str, Section]
    rules: Mapping[str, float]  # facts/rules.yml
    measures: Mapping[str, tuple[Kind, str]] = field(default_factory=dict)  # those defined so far: kind, and "section"
    section: Section | None = None  # that a measure `per: section` is compiled for
    choices_of: Question | None = None  # whose choices are bare names, in a rating


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
    return _Compiler(text, scope).whole("boolean")[1]


def compile_number(text: str, scope: Scope) -> Tree:
    """The tree of a rule that is a number. Raises ExpressionError."""
    return _Compiler(text, scope).whole("number")[1]


def compile_value(text: str, scope: Scope) -> Typed:
    """The kind and the tree of a rule that is a number or a condition. Raises ExpressionError."""
    return _Compiler(text, scope).whole()


def scale_of(question: Question) -> Scale | None:
    """The scale by which a question is counted: its own, or that of its rating."""
    return question.rating.scale if question.rating else question.scale if question.kind == "one" else None


def points_of(question: Question, answer: Answer) -> float | None:
    return question.points.get(answer.id, answer.points)


def has_points(question: Question) -> bool:
    scale = scale_of(question)
    if scale:
        return any(points_of(question, answer) is not None for answer in scale.answers)
    return any(choice.points is not None for choice in question.choices)


def most_points(question: Question) -> float | None:
    """A question's possible points: its highest answer, or all choices that add some."""
    if scale := scale_of(question):
        known = [p for answer in scale.answers if (p := points_of(question, answer)) is not None]
        return max(known, default=None)
    total = 0.0
    for choice in question.choices:
        total += max(choice.points or 0.0, 0.0)
    return total if has_points(question) else None


def _parse(text: str) -> ast.expr:
    if len(text) > MOST_TEXT:
        raise ExpressionError(0, f"a rule of {len(text):,} characters; {MOST_TEXT:,} is the most")
    if "#" in re.sub(r"'[^']*'|\"[^\"]*\"", lambda quoted: "_" * len(quoted[0]), text):
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
        self.bound: dict[str, Thing] = {"section": scope.section} if scope.section else {}
        self.depth = 0
        self.nodes = 0
        self.unknown_names: dict[tuple[int, str], ExpressionError] = {}  # gathered: an author mends them in one go

    def whole(self, wanted: Kind | None = None) -> Typed:
        """The tree; or the names that are not known and what stopped the compiler, raised together."""
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
        return self.bound.get(name) or self.scope.questions.get(name) or self.scope.sections.get(name)

    def question(self, node: ast.expr) -> Question | None:
        """The question that a name stands for; None is told, and what depends on it is looked at no further."""
        found = self.thing(node)
        if not isinstance(found, Question):
            name = self.spelled(node)
            near = suggest(name, [*self.bound, *self.scope.questions])
            self.not_known(node, f"'{shorten(name)}' is not a question{near}")
            return None
        return found

    def is_bound(self, node: ast.expr) -> bool:
        """Whether a name goes through several things, of which some may not have what is asked for."""
        return self.spelled(node) in self.bound

    # --- values ----------------------------------------------------------------------------

    def expect(self, node: ast.expr, wanted: Kind) -> Tree:
        kind, tree = self.value(node)
        if kind not in (wanted, "none"):
            told = f"'{shorten(self.spelled(node))}' is {TOLD[kind]}, where {TOLD[wanted]} is wanted"
            raise self.error(node, told + (A_RULE if wanted == "boolean" else ""))
        return tree

    def value(self, node: ast.expr) -> Typed:
        self.depth += 1
        self.nodes += 1
        if self.depth > MOST_DEPTH:
            raise self.error(node, f"this is nested more than {MOST_DEPTH} levels deep")
        if self.nodes > MOST_NODES:
            raise self.error(node, f"this comes to more than {MOST_NODES:,} steps, once every 'for' is written out")
        kind, tree = self.dispatch(node)
        self.depth -= 1
        return kind, fold(tree)

    def dispatch(self, node: ast.expr) -> Typed:
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is None or getattr(node, "keywords", None):
            raise self.error(node, f"'{shorten(self.spelled(node))}' is not part of the language of rules{ALLOWED}")
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
        sides = (self.expect(side, "number") for side in (node.left, node.right))
        return "number", [ARITHMETIC[type(node.op)], *sides]

    def of_IfExp(self, node: ast.IfExp) -> Typed:
        condition = self.expect(node.test, "boolean")
        kind, tree = self.value(node.body)
        other, otherwise = self.value(node.orelse)
        if other not in (kind, "none") and kind != "none":
            raise self.error(node.orelse, f"one side of this choice is {TOLD[kind]}, the other {TOLD[other]}")
        return (other if kind == "none" else kind), ["if", condition, tree, otherwise]

    def of_Constant(self, node: ast.Constant) -> Typed:
        if isinstance(node.value, str) and self.spelled(node)[0] in "'\"":
            return "text", node.value
        if isinstance(node.value, (int, float)) and DECIMAL.fullmatch(self.spelled(node)) and node.value < MOST_NUMBER:
            return "number", float(node.value)
        near = {"True": "; write true", "False": "; write false", "None": "; write none"}.get(self.spelled(node), "")
        raise self.error(node, f"'{shorten(self.spelled(node))}' is not a plain decimal number{near}")

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
        self.not_known(node, f"'{shorten(name)}' is not a question, section or measure{suggest(name, known)}")
        return "none", None

    def misplaced(self, node: ast.Name, thing: Thing | None) -> Typed:
        name = self.spelled(node)
        if isinstance(thing, Question):
            raise self.error(node, f"'{name}' is a question; say what of it: '{name} is …', points({name})")
        raise self.error(node, f"'{name}' is a section; say what of it: percent({name}), count(…, {name})")

    def measure(self, node: ast.expr, name: str) -> Typed:
        kind, per = self.scope.measures[name]
        if per:
            raise self.error(
                node, f"'{name}' has a value for each section: say {name}(section) or {name}(<section id>)"
            )
        return kind, ["measure", name]

    def of_Attribute(self, node: ast.Attribute) -> Typed:
        """`rule.stall_reds`, `q.weight`, `s.level`."""
        if not isinstance(node.value, ast.Name):
            raise self.error(node, f"'{shorten(self.spelled(node))}' is not part of the language of rules{ALLOWED}")
        if self.spelled(node.value) == "rule":
            return self.rule(node)
        thing = self.thing(node.value)
        if not thing:
            known = [*self.bound, *self.scope.questions, *self.scope.sections, "rule"]
            name = self.spelled(node.value)
            self.not_known(node, f"'{shorten(name)}' is not a question or section{suggest(name, known)}")
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
        """The text of a tag, or its number if it looks like one; none where there is no such tag."""
        text = thing.tags.get(node.attr)
        if text is None:
            same = self.scope.questions if isinstance(thing, Question) else self.scope.sections
            known = {name for one in same.values() for name in one.tags}
            scale = scale_of(thing) if isinstance(thing, Question) else None
            meant = f"; say '{self.spelled(node.value)} is {node.attr}'" if scale and node.attr in scale.ids else ""
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
                raise self.error(right, "'is' and 'in' are not chained with other comparisons; join them by 'and'")
            parts.append(self.compared(COMPARISONS[type(operator)], left, right))
            left = right
        return "boolean", parts[0] if len(parts) == 1 else ["and", *parts]

    def compared(self, name: str, left: ast.expr, right: ast.expr) -> Tree:
        if name in ("eq", "ne"):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, ast.Name) and isinstance(other, ast.Constant) and isinstance(other.value, str):
                    return self.compared_answer(name, one, other)
        (kind, tree), (other_kind, other_tree) = self.value(left), self.value(right)
        if "text" in (kind, other_kind):
            return self.compared_text(name, left, right, tree, other_tree)
        for side, found in ((left, kind), (right, other_kind)):
            if found == "boolean":
                raise self.error(side, f"'{shorten(self.spelled(side))}' is a condition; numbers are compared")
        return [name, tree, other_tree]

    def compared_text(self, name: str, left: ast.expr, right: ast.expr, one: Tree, other: Tree) -> Tree:
        if name not in ("eq", "ne"):
            raise self.error(right, "texts are compared by == or != only")
        if not any(isinstance(side, ast.Attribute) for side in (left, right)):
            raise self.error(left, "a text is compared with a tag or an answer")
        return None if one is None or other is None else (one == other) == (name == "eq")

    def compared_answer(self, name: str, node: ast.Name, text: ast.Constant) -> Tree:
        """`region == "eu"`, which says the same as `region is eu`."""
        question = self.question(node)
        if not question:
            return None
        tree = self.is_in(node, question, [(text, str(text.value))])
        return ["not", tree] if name == "ne" else tree

    def membership(self, node: ast.Compare) -> Tree:
        """`q is red`, `q is not red`, `q in (red, yellow)`, `q not in (…)`, `x is none`."""
        if len(node.ops) > 1:
            raise self.error(node, "'is' and 'in' are not chained; join them by 'and'")
        operator, right = node.ops[0], node.comparators[0]
        several = isinstance(operator, (ast.In, ast.NotIn))
        negated = isinstance(operator, (ast.IsNot, ast.NotIn))
        if several and not (isinstance(right, ast.Tuple) and right.elts):
            raise self.error(right, "'in' is followed by answers in brackets: in (red, yellow); for one, say 'is'")
        if not several and self.spelled(right) == "none":
            tree: Tree = ["none", self.value(node.left)[1]]
        else:
            question = self.question(node.left)
            names = right.elts if several and isinstance(right, ast.Tuple) else [right]
            tree = self.is_in(node.left, question, [(name, self.spelled(name)) for name in names]) if question else None
        return ["not", tree] if negated else tree

    def is_in(self, node: ast.expr, question: Question, names: Sequence[tuple[ast.expr, str]]) -> Tree:
        scale = scale_of(question)
        if not scale and not self.is_bound(node):
            hint = "; say chosen(question, choice)" if question.kind == "many" else "; say number(question)"
            raise self.error(
                node, f"'{question.id}' has no answers to compare{hint if question.kind != 'text' else ''}"
            )
        known = list(scale.ids) if scale else []
        every = self.every_answer() if self.is_bound(node) else known
        for place, name in names:
            if name not in every:
                what = f"an answer of {self.spelled(node)}"
                self.not_known(place, f"'{shorten(name)}' is not {what}{suggest(name, every)}")
        kept = [name for _, name in names if name in known]
        return ["is", question.id, *kept] if kept else False

    def every_answer(self) -> list[str]:
        scales = (scale_of(question) for question in self.scope.questions.values())
        return list(dict.fromkeys(id for scale in scales if scale for id in scale.ids))

    # --- calls -----------------------------------------------------------------------------

    def of_Call(self, node: ast.Call) -> Typed:
        if not isinstance(node.func, ast.Name):
            raise self.error(node, f"'{shorten(self.spelled(node))}' is not part of the language of rules{ALLOWED}")
        name = self.spelled(node.func)
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self.aggregate(node, name, node.args[0])
        if name in self.scope.measures:
            return self.measure_of_section(node, name)
        if name in SCOPED:
            return "number", self.scoped(node, name)
        if name not in FUNCTIONS:
            known = [*FUNCTIONS, *(measure for measure, (_, per) in self.scope.measures.items() if per)]
            raise self.error(node, f"'{shorten(name)}' is not a function{suggest(name, known)}")
        if name in ("min", "max"):
            return "number", [name, *(self.expect(one, "number") for one in self.arguments(node, 2, 99))]
        if name in AGGREGATES:
            raise self.error(node, f"{name} goes over something: {name}(… for q in questions)")
        call: Callable[[ast.Call, str], Typed] = getattr(self, f"call_{name}", self.call_rounding)
        return call(node, name)

    def arguments(self, node: ast.Call, least: int, most: int) -> list[ast.expr]:
        name = self.spelled(node.func)
        if not least <= len(node.args) <= most:
            wanted = "one" if most == 1 else "two" if most == 2 else "three" if most == 3 else f"{least} or more"
            raise self.error(node, f"{name} takes {wanted}{' at most' if least < most < 9 else ''} in its brackets")
        return node.args

    def scope_of(self, node: ast.Call, place: int) -> tuple[str, list[Question]]:
        """The scope in a call's brackets, and its questions: of one, of a section, or of all."""
        self.arguments(node, place, place + 1)
        if len(node.args) == place:
            return "", list(self.scope.questions.values())
        argument = node.args[place]
        thing = self.thing(argument)
        if isinstance(thing, Question):
            return thing.id, [thing]
        if isinstance(thing, Section):
            return thing.id, list(thing.questions)
        known = [*self.bound, *self.scope.sections, *self.scope.questions]
        name = self.spelled(argument)
        self.not_known(argument, f"'{shorten(name)}' is not a question or section{suggest(name, known)}")
        return "", []

    def scoped(self, node: ast.Call, name: str) -> Tree:
        scope, asked = self.scope_of(node, 0)
        single = len(node.args) == 1 and isinstance(self.thing(node.args[0]), Question)
        if name == "unknown" and not any(question.unknown for question in self.scope.questions.values()):
            raise self.error(node, "unknown() is of use only where the file says what `unknown:` counts as")
        if name in ("answered", "unknown", "na"):
            return [name, scope]
        if not asked:
            return None if self.unknown_names else 0.0
        if not any(map(has_points, asked)) and not (node.args and self.is_bound(node.args[0])):
            raise self.error(node, f"nothing here has points for {name}: give answers or choices `points`")
        return _most(asked, single) if name == "most" else [name, scope]

    def call_count(self, node: ast.Call, name: str) -> Typed:
        scope, asked = self.scope_of(node, 1)
        answer = self.spelled(node.args[0])
        bound = len(node.args) == 2 and self.is_bound(node.args[1])
        scales = map(scale_of, self.scope.questions.values() if bound else asked)
        known = list(dict.fromkeys(id for scale in scales if scale for id in scale.ids))
        if asked and answer not in known:
            self.not_known(node.args[0], f"'{shorten(answer)}' is not an answer of this scale{suggest(answer, known)}")
        return "number", ["count", answer, scope]

    def call_chosen(self, node: ast.Call, name: str) -> Typed:
        first, second = self.arguments(node, 2, 2)
        question = self.question(first)
        if not question:
            return "boolean", None
        if question.kind != "many":
            if self.is_bound(first):
                return "boolean", False
            raise self.error(first, f"'{question.id}' has no choices; chosen asks questions of kind many")
        return "boolean", ["chosen", question.id, self.choice(second, question)]

    def choice(self, node: ast.expr, question: Question) -> str:
        name = self.spelled(node)
        known = [choice.id for choice in question.choices]
        if name not in known:
            self.not_known(node, f"'{shorten(name)}' is not a choice of {question.id}{suggest(name, known)}")
        return name

    def call_number(self, node: ast.Call, name: str) -> Typed:
        (first,) = self.arguments(node, 1, 1)
        question = self.question(first)
        if question and question.kind != "number":
            if self.is_bound(first):
                return "number", None
            raise self.error(
                first, f"'{question.id}' is not a question of kind number; its worth is points({question.id})"
            )
        return "number", ["number", question.id] if question else None

    def call_value(self, node: ast.Call, name: str) -> Typed:
        first, second = self.arguments(node, 2, 2)
        question, wanted = self.question(first), self.spelled(second)
        if not question:
            return "number", None
        several = self.scope.questions.values() if self.is_bound(first) else [question]
        scales = [scale for one in several if (scale := scale_of(one))]
        known = {name for scale in scales for answer in scale.answers for name in answer.values}
        if wanted not in known:
            self.not_known(second, f"no answer has a value '{shorten(wanted)}'{suggest(wanted, known)}")
        return "number", ["value", question.id, wanted] if scale_of(question) else None

    def call_lookup(self, node: ast.Call, name: str) -> Typed:
        first, second, table = self.arguments(node, 3, 3)
        questions = [self.question(first), self.question(second)]
        rows: list[list[float]] = [_numbers(row) for row in table.elts] if isinstance(table, ast.List) else []
        if not rows or not all(rows):
            raise self.error(table, "the third of lookup is a table of numbers: [[1, 2], [3, 4]]")
        sizes = []
        for place, question in zip((first, second), questions, strict=True):
            scale = scale_of(question) if question else None
            if question and not scale:
                raise self.error(place, f"'{question.id}' has no scale to look up by")
            sizes.append(len(scale.ids) if scale else 0)
        if not all(questions):
            return "number", None
        if len(rows) != sizes[0] or any(len(row) != sizes[1] for row in rows):
            wanted = f"{sizes[0]} rows of {sizes[1]} numbers, one for each answer of the two"
            raise self.error(table, f"this table has not {wanted}")
        return "number", ["lookup", *(question.id for question in questions if question), rows]

    def call_round(self, node: ast.Call, name: str) -> Typed:
        first, *places = self.arguments(node, 1, 2)
        if places and not re.fullmatch("[0-9]", self.spelled(places[0])):
            raise self.error(places[0], "round takes the number of decimals as a figure from 0 to 9")
        return "number", ["round", self.expect(first, "number"), int(self.spelled(places[0])) if places else 0]

    def call_rounding(self, node: ast.Call, name: str) -> Typed:
        (first,) = self.arguments(node, 1, 1)
        return "number", [name, self.expect(first, "number")]

    def measure_of_section(self, node: ast.Call, name: str) -> Typed:
        kind, per = self.scope.measures[name]
        (first,) = self.arguments(node, 1, 1)
        if not per:
            raise self.error(node, f"'{name}' is one value for all; it takes no brackets")
        section = self.thing(first)
        if not isinstance(section, Section):
            near = suggest(self.spelled(first), [*self.bound, *self.scope.sections])
            self.not_known(first, f"'{shorten(self.spelled(first))}' is not a section{near}")
            return kind, None
        return kind, ["measure", f"{name}({section.id})"]

    # --- over several ----------------------------------------------------------------------

    def aggregate(self, node: ast.Call, name: str, loop: ast.GeneratorExp) -> Typed:
        if name not in AGGREGATES:
            raise self.error(node, f"'{shorten(name)}' does not go over something{suggest(name, AGGREGATES)}")
        logical = name in ("any", "all")
        each: list[Tree] = []
        for guards in self.walk(loop.generators):
            each.append(["each", _joined(guards), *self.element(name, loop.elt)])
        each = [one for one in each if one[1] is not False and one[1] is not None]
        return "boolean" if logical else "number", [AGGREGATES[name], *each]

    def element(self, name: str, node: ast.expr) -> list[Tree]:
        if name == "weighted_mean":
            if not (isinstance(node, ast.Tuple) and len(node.elts) == 2):
                raise self.error(node, "weighted_mean goes over pairs: weighted_mean((value, weight) for …)")
            return [self.expect(one, "number") for one in node.elts]
        if name == "len" and self.spelled(node) in self.bound:
            return [1.0]
        if name == "len":
            return [["if", ["none", self.value(node)[1]], None, 1.0]]
        return [self.expect(node, "boolean" if name in ("any", "all") else "number")]

    def walk(self, loops: Sequence[ast.comprehension]) -> Iterator[list[Tree]]:
        """Binds the names of `for … in … if …` to one thing after the other; gives what each time must hold."""
        if not loops:
            yield []
            return
        loop = loops[0]
        if not isinstance(loop.target, ast.Name) or self.is_taken(loop.target):
            raise self.error(loop.target, f"'{shorten(self.spelled(loop.target))}' is not a new name for 'for'")
        name = self.spelled(loop.target)
        for thing in self.things(loop.iter):
            self.bound[name] = thing
            conditions = [fold(["met", thing.id]) if _can_be_absent(thing) else True]
            conditions += [self.expect(one, "boolean") for one in loop.ifs]
            if any(one is False or one is None for one in conditions):
                continue
            yield from ([*conditions, *inner] for inner in self.walk(loops[1:]))
        self.bound.pop(name, None)

    def is_taken(self, node: ast.expr) -> bool:
        name = self.spelled(node)
        return name in RESERVED or name in self.scope.measures or self.thing(node) is not None

    def things(self, node: ast.expr) -> Sequence[Thing]:
        name = self.spelled(node)
        if name == "questions":
            return list(self.scope.questions.values())
        if name == "sections":
            return list(self.scope.sections.values())
        if isinstance(node, ast.Attribute) and node.attr == "questions":
            section = self.thing(node.value)
            if isinstance(section, Section):
                return section.questions
        raise self.error(node, f"'{shorten(name)}' cannot be gone through; 'for' goes over questions, sections or "
                         "<section>.questions")  # fmt: skip


def _can_be_absent(thing: Thing) -> bool:
    """Whether a thing may not be met: hidden, not applicable, or left open where that is allowed."""
    if isinstance(thing, Section):
        return thing.show is not None
    return not thing.required or bool(thing.na and thing.na.allowed) or thing.show is not None


def _joined(conditions: Sequence[Tree]) -> Tree:
    rest = [one for one in conditions if one is not True]
    return True if not rest else rest[0] if len(rest) == 1 else ["and", *rest]


def _most(questions: Sequence[Question], single: bool) -> float | None:
    known = [most for question in questions if (most := most_points(question)) is not None]
    if single and not known:
        return None
    total = 0.0
    for most in known:
        total += most
    return total


def _numbers(node: ast.expr) -> list[float]:
    """A row of a table, as numbers; empty where it is none."""
    row: list[float] = []
    for one in node.elts if isinstance(node, ast.List) else []:
        negative = isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub)
        number: Any = one.operand if isinstance(one, ast.UnaryOp) and negative else one
        value = getattr(number, "value", None)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) >= MOST_NUMBER:
            return []
        row.append((-float(value) if negative else float(value)) + 0.0)
    return row


def _json_number(text: str) -> float | None:
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        return None
    number = float(json.loads(text))
    return number + 0.0 if abs(number) < MOST_NUMBER else None


def _kind_of(thing: Thing) -> str:
    return "question" if isinstance(thing, Question) else "section"
