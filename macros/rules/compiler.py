"""Rules: text → checked tree.

A rule is a small part of Python. It is parsed by `ast`, never run: what is not listed in `Compiler`
is refused with its place, and the rest becomes nested lists that `evaluate` and the browser read
alike.

    count(red) >= 3                        ["ge", ["count", "red", ""], 3]
    a is red and b is not red              ["and", ["is", "a", "red"], ["not", ["is", "b", "red"]]]
    sum(points(q) for q in questions)      ["sum", ["each", ["applies", "a"], ["points", "a"]], …]

What a `for` goes through is known here, so it is written out; so are tags, weights and the numbers
of facts/rules.yml. A scope is "" (all questions), a section's id or a question's id.
"""

from __future__ import annotations

import ast

from macros.loading.suggest import suggest
from macros.model import Question, Tree
from macros.points import scale_of
from macros.rules.aggregates import aggregate
from macros.rules.comparisons import comparison
from macros.rules.functions import CALLS, measure_of_section
from macros.rules.literals import DECIMAL, MOST_NUMBER, NAMED, number_of_tag
from macros.rules.names import Item, Kind, Scope, Typed, kind_of
from macros.rules.source import ExpressionError
from macros.rules.visitor import KIND_IN_WORDS, Visitor
from macros.rules.vocabulary import FUNCTIONS

ARITHMETIC = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
CALL_OF_KIND = {"number": "number({})", "many": "chosen({}, …)", "text": "answered({})"}


def compile_condition(text: str, scope: Scope) -> Tree:
    """The tree of a rule that holds or not. Raises ExpressionError."""
    return Compiler(text, scope).compile("boolean")[1]


def compile_value(text: str, scope: Scope) -> Typed:
    """The kind and the tree of a rule that is a number or a condition. Raises ExpressionError."""
    return Compiler(text, scope).compile()


class Compiler(Visitor):
    def compile(self, expected: Kind | None = None) -> Typed:
        """The tree; or all that is not known and what stopped the compiler, raised as one."""
        stopped: list[ExpressionError] = []
        typed: Typed = ("none", None)
        try:
            typed = self._compile(expected)
        except ExpressionError as error:
            stopped = [error]
        errors = [*self.unknown_names.values(), *stopped]
        if errors:
            first, *first.others = sorted(errors, key=lambda error: error.offset)
            raise first
        return typed

    def _compile(self, expected: Kind | None) -> Typed:
        node = self.parse()
        if expected:
            return expected, self.expect(node, expected)
        kind, tree = self.value(node)
        if kind == "text":
            raise self.error(node, "a text is of use only in a comparison by == or !=")
        return kind, tree

    # --- operators -------------------------------------------------------------------------

    def of_BoolOp(self, node: ast.BoolOp) -> Typed:
        name = "and" if isinstance(node.op, ast.And) else "or"
        return "boolean", [name, *(self.expect(part, "boolean") for part in node.values)]

    def of_UnaryOp(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            return "boolean", ["not", self.expect(node.operand, "boolean")]
        if isinstance(node.op, ast.USub):
            return "number", ["neg", self.expect(node.operand, "number")]
        raise self.error(node, f"'{self.spelled(node)[:1]}' has no place before a number")

    def of_BinOp(self, node: ast.BinOp) -> Typed:
        name = ARITHMETIC.get(type(node.op))
        if not name:
            raise self.error(node, f"in {self.quoted(node)} only + - * / are known")
        parts = _terms(node) if name == "add" else [node.left, node.right]
        return "number", [name, *(self.expect(part, "number") for part in parts)]

    def of_IfExp(self, node: ast.IfExp) -> Typed:
        condition = self.expect(node.test, "boolean")
        kind, tree = self.value(node.body)
        else_kind, else_tree = self.value(node.orelse)
        if else_kind not in (kind, "none") and kind != "none":
            sides = f"{KIND_IN_WORDS[kind]}, the other {KIND_IN_WORDS[else_kind]}"
            raise self.error(node.orelse, f"one side of this choice is {sides}")
        return (else_kind if kind == "none" else kind), ["if", condition, tree, else_tree]

    def of_Compare(self, node: ast.Compare) -> Typed:
        return "boolean", comparison(self, node)

    # --- constants and names ---------------------------------------------------------------

    def of_Constant(self, node: ast.Constant) -> Typed:
        spelled = self.spelled(node)
        if isinstance(node.value, str) and spelled[0] in "'\"":
            return "text", node.value
        if not DECIMAL.fullmatch(spelled):
            remedy = f"; write {spelled.lower()}" if spelled in ("True", "False", "None") else ""
            message = f"{self.quoted(node)} is not a plain decimal number{remedy}"
            raise self.error(node, message)
        number = float(spelled)
        if number >= MOST_NUMBER:
            message = f"{self.quoted(node)} is too large: a number has 15 digits at most"
            raise self.error(node, message)
        return "number", number

    def of_Name(self, node: ast.Name) -> Typed:
        name, scope = self.spelled(node), self.scope
        if name in NAMED:
            return NAMED[name]
        if scope.choices_of:
            return "boolean", ["chosen", scope.choices_of.id, self.choice(node, scope.choices_of)]
        if name in scope.measures:
            return self.measure(node, name)
        if item := self.item(node):
            raise self.error(node, _misplaced(name, item))
        names = [*scope.measures, *scope.questions, *scope.sections, *self.bound]
        self.no_such(node, "question, section or measure", names)
        return "none", None

    def measure(self, node: ast.expr, name: str) -> Typed:
        kind, per = self.scope.measures[name]
        if per:
            remedy = f"say {name}(section) or {name}(<section id>)"
            raise self.error(node, f"'{name}' has a value for each section: {remedy}")
        return kind, ["measure", name]

    # --- what stands behind a dot ----------------------------------------------------------

    def of_Attribute(self, node: ast.Attribute) -> Typed:
        """`rule.stall_reds`, `q.weight`, `s.level`."""
        if not isinstance(node.value, ast.Name):
            raise self.outside(node)
        if self.spelled(node.value) == "rule":
            return self.rule(node)
        item = self.item(node.value)
        if not item:
            names = [*self.bound, *self.scope.questions, *self.scope.sections, "rule"]
            self.no_such(node.value, "question or section", names)
            return "none", None
        if node.attr == "weight":
            return "number", float(item.weight)
        return self.tag(node, item)

    def rule(self, node: ast.Attribute) -> Typed:
        rules = self.scope.rules
        if node.attr not in rules:
            message = f"'{node.attr}' is not a rule of facts/rules.yml{suggest(node.attr, rules)}"
            self.not_known(node, message)
        return "number", float(rules.get(node.attr, 0))

    def tag(self, node: ast.Attribute, item: Item) -> Typed:
        """A tag's text, or its number if it looks like one; none where there is no such tag."""
        text = item.tags.get(node.attr)
        if text is None:
            self.check_tag(node, item)
            return "none", None
        number = number_of_tag(text)
        return ("text", text) if number is None else ("number", number)

    def check_tag(self, node: ast.Attribute, item: Item) -> None:
        """That at least another of the same kind has a tag."""
        is_question = isinstance(item, Question)
        items = self.scope.questions if is_question else self.scope.sections
        # in the order of the file, and each once
        tags = dict.fromkeys(tag for same_kind in items.values() for tag in same_kind.tags)
        if node.attr in tags:
            return
        scale = scale_of(item) if isinstance(item, Question) else None
        remedy = suggest(node.attr, tags)
        if scale and node.attr in scale.ids:
            remedy = f"; say '{self.spelled(node.value)} is {node.attr}'"
        self.not_known(node, f"no {kind_of(item)} has a tag '{node.attr}'{remedy}")

    # --- calls -----------------------------------------------------------------------------

    def of_Call(self, node: ast.Call) -> Typed:
        if not isinstance(node.func, ast.Name):
            raise self.outside(node)
        name = self.spelled(node.func)
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return aggregate(self, node, name, node.args[0])
        if name in FUNCTIONS:
            if name not in CALLS:
                message = f"{name} goes over something: {name}(… for q in questions)"
                raise self.error(node, message)
            return CALLS[name](self, node, name)
        if name in self.scope.measures:
            return measure_of_section(self, node, name)
        of_sections = [measure for measure, (_, per) in self.scope.measures.items() if per]
        remedy = self.meaning(name, "function") or suggest(name, [*FUNCTIONS, *of_sections])
        raise self.error(node, f"{self.quoted(node.func)} is not a function{remedy}")


def _terms(node: ast.expr) -> list[ast.expr]:
    """What a sum adds, from left to right: a long one is not a deep one."""
    terms = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        terms.append(node.right)
        node = node.left
    return [node, *reversed(terms)]


def _misplaced(name: str, item: Item) -> str:
    """What is told of a question or section that stands alone."""
    if isinstance(item, Question):
        call = CALL_OF_KIND.get(item.kind, "'{} is …'").format(name)
        return f"'{name}' is a question; say what of it: {call}"
    return f"'{name}' is a section; say what of it: percent({name}), count(…, {name})"
