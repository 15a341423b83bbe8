"""Through the parts of a rule: each becomes a kind and a tree, within what a rule may come to."""

from __future__ import annotations

import ast

from macros.engine.evaluate import fold
from macros.model import Tree
from macros.rules.names import MOST_NODES_OF_FILE, Kind, Names, Scope, Typed
from macros.rules.source import ExpressionError

MOST_DEPTH = 100  # operations within each other, through measures and `show` too
MOST_NODES = 20_000  # of a tree, once every `for` is written out

KIND_IN_WORDS = {"number": "a number", "boolean": "a condition", "text": "a text", "none": "none"}
A_RULE = (
    "; a rule is a comparison such as 'count(red) >= 3' or 'some_question is red', joined by and,"
    " or, not"
)
THE_LANGUAGE = (
    "; known are comparisons, and, or, not, + - * /, 'a if c else b' and functions such as"
    " count(red)"
)
IN_A_RATING = (ast.Name, ast.BoolOp, ast.UnaryOp, ast.IfExp)


class Visitor(Names):
    """Gives each node to the method that is named after its class: `of_Compare`."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text, scope)
        self.depth = 0
        self.nodes = 0

    def expect(self, node: ast.expr, expected: Kind) -> Tree:
        """The tree of a part that is of a kind, or none."""
        kind, tree = self.value(node)
        if kind in (expected, "none"):
            return tree
        message = (
            f"{self.quoted(node)} is {KIND_IN_WORDS[kind]},"
            f" where {KIND_IN_WORDS[expected]} is wanted"
        )
        raise self.error(node, message + (A_RULE if expected == "boolean" else ""))

    def value(self, node: ast.expr) -> Typed:
        self.depth += 1
        self.count(node)
        if self.depth > MOST_DEPTH:
            raise self.error(node, f"this is nested more than {MOST_DEPTH} levels deep")
        kind, tree = self.visit(node)
        self.depth -= 1
        return kind, fold(tree)

    def count(self, node: ast.expr) -> None:
        """One node more; not more than a rule may have, and all of a file."""
        self.nodes += 1
        self.scope.budget.left -= 1
        if self.nodes > MOST_NODES:
            steps = f"{MOST_NODES:,} steps, once every 'for' is written out"
            raise self.error(node, f"this comes to more than {steps}")
        if self.scope.budget.left < 0:
            steps = f"{MOST_NODES_OF_FILE:,} steps"
            raise self.error(node, f"with this rule, those of the file come to more than {steps}")

    def visit(self, node: ast.expr) -> Typed:
        if self.scope.choices_of and not isinstance(node, IN_A_RATING):
            problem = "has no place in a rating: its rules join choices by and, or, not"
            raise self.error(node, f"{self.quoted(node)} {problem}")
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is None or getattr(node, "keywords", None):
            raise self.outside(node)
        typed: Typed = method(node)
        return typed

    def outside(self, node: ast.expr) -> ExpressionError:
        problem = f"is not part of the language of rules{THE_LANGUAGE}"
        return self.error(node, f"{self.quoted(node)} {problem}")
