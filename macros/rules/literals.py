"""Numbers as they stand in a rule, a tag or a table, and the words for what is no number."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

from macros.rules.names import Typed

MOST_NUMBER = 1e15  # below, whole numbers are exact in both languages
DECIMAL = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)")
IN_JSON = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
NAMED: Mapping[str, Typed] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "none": ("none", None),
}


def number_of_tag(text: str) -> float | None:
    """The number that a tag's text looks like; None where it looks like none."""
    if not IN_JSON.fullmatch(text):
        return None
    number = float(json.loads(text))
    return number + 0.0 if abs(number) < MOST_NUMBER else None


def rows_of_table(node: ast.expr) -> list[list[float]] | None:
    """The numbers of `[[1, 2], [3, 4]]`; None where a part of it is something else, or nothing."""
    if not isinstance(node, ast.List):
        return None
    rows = [_numbers_of_row(row) for row in node.elts]
    return rows if rows and all(rows) else None


def _numbers_of_row(node: ast.expr) -> list[float]:
    """Empty where there is something else than numbers."""
    items = node.elts if isinstance(node, ast.List) else []
    numbers = [number for item in items if (number := _number(item)) is not None]
    return numbers if len(numbers) == len(items) else []


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _plain_number(node.operand)
        return None if number is None else -number + 0.0
    return _plain_number(node)


def _plain_number(node: Any) -> float | None:
    value = getattr(node, "value", None)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) + 0.0 if abs(value) < MOST_NUMBER else None
