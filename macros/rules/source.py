"""The text of a rule, as `ast` parses it, and the places of its parts."""

from __future__ import annotations

import ast
import re
import warnings

from macros.loading.yaml_nodes import shorten
from macros.rules.syntax_hints import explained, without_texts

MOST_TEXT = 2000  # characters; a rule that needs more is two rules


class ExpressionError(Exception):
    """A rule outside the language. `offset` is the place in its text, in characters from 0.

    `others` are further mistakes of the same rule.
    """

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.others: list[ExpressionError] = []


class Source:
    """A rule as its author wrote it."""

    def __init__(self, text: str) -> None:
        self.text = text
        line = re.sub(r"\s", " ", text)
        self.indent = len(line) - len(line.lstrip())
        self.line = line.strip()  # as Python reads it
        self.bytes = self.line.encode()  # ast counts columns in these

    def parse(self) -> ast.expr:
        """The rule's node. Raises ExpressionError."""
        self._check_signs()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # what Python only warns of, such as `2or x`
                return ast.parse(self.line, mode="eval").body
        except SyntaxError as error:
            raise self._explained(error) from None
        except (RecursionError, MemoryError, ValueError):
            message = "this rule is nested too deeply, or holds a sign that cannot be read"
            raise ExpressionError(0, message) from None

    def _check_signs(self) -> None:
        length = len(self.text)
        if length > MOST_TEXT:
            message = f"a rule of {length:,} characters; {MOST_TEXT:,} is the most"
            raise ExpressionError(0, message)
        hash_sign = without_texts(self.text).find("#")
        if hash_sign >= 0:
            message = "'#' has no place in a rule; a comment stands outside its quotes"
            raise ExpressionError(hash_sign, message)

    def _explained(self, error: SyntaxError) -> ExpressionError:
        if not error.offset:
            end = len(self.text.rstrip())
            return ExpressionError(end, "this is not a rule: it stops too soon")
        return ExpressionError(*explained(self.text, self.indent + error.offset - 1))

    def error(self, node: ast.expr, message: str) -> ExpressionError:
        before = self.bytes[: node.col_offset].decode()
        return ExpressionError(self.indent + len(before), message)

    def spelled(self, node: ast.expr) -> str:
        """A part of the rule as its author wrote it: `ast` reads ｒｅｄ as red."""
        return self.bytes[node.col_offset : node.end_col_offset].decode()

    def quoted(self, node: ast.expr) -> str:
        """A part of the rule as a problem quotes it."""
        return f"'{shorten(self.spelled(node))}'"
