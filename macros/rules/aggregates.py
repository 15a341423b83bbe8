"""What goes over several: `sum(points(q) for q in questions if q.role == "core")`.

What a `for` goes through is known here, so its elements are written out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from macros.engine.evaluate import fold
from macros.loading.suggest import suggest
from macros.model import Section, Tree
from macros.rules.names import Item, Kind, Typed
from macros.rules.visitor import Visitor
from macros.rules.vocabulary import AGGREGATES, RESERVED


def aggregate(rule: Visitor, node: ast.Call, name: str, loop: ast.GeneratorExp) -> Typed:
    if name not in AGGREGATES:
        problem = f"does not go over something{suggest(name, AGGREGATES)}"
        raise rule.error(node, f"{rule.quoted(node.func)} {problem}")
    elements: list[Tree] = []
    for conditions in _each_time(rule, loop.generators):
        holds = _all_of(conditions)
        values = _values(rule, name, loop.elt)
        if holds is not False and holds is not None:
            elements.append(["each", holds, *values])
    kind: Kind = "boolean" if name in ("any", "all") else "number"
    return kind, [AGGREGATES[name], *elements]


def _values(rule: Visitor, name: str, node: ast.expr) -> list[Tree]:
    """An element's value, or its value and weight."""
    if name == "weighted_mean":
        if not (isinstance(node, ast.Tuple) and len(node.elts) == 2):
            message = "weighted_mean goes over pairs: weighted_mean((value, weight) for …)"
            raise rule.error(node, message)
        return [rule.expect(part, "number") for part in node.elts]
    if name == "len" and rule.is_bound(node):
        return [1.0]
    if name == "len":
        return [["if", ["none", rule.value(node)[1]], None, 1.0]]
    return [rule.expect(node, "boolean" if name in ("any", "all") else "number")]


def _each_time(rule: Visitor, loops: Sequence[ast.comprehension]) -> Iterator[list[Tree]]:
    """Binds the names of `for … in … if …` to one item after the other; gives what must hold."""
    if not loops:
        yield []
        return
    loop, inner_loops = loops[0], loops[1:]
    if not _is_new_name(rule, loop):
        message = f"{rule.quoted(loop.target)} is not a new name for 'for'"
        raise rule.error(loop.target, message)
    name = rule.spelled(loop.target)
    for item in _items(rule, loop.iter):
        rule.count(loop.target)
        rule.bound[name] = item
        conditions = [fold(["applies", item.id]) if _can_be_absent(item) else True]
        conditions += [rule.expect(condition, "boolean") for condition in loop.ifs]
        if any(condition is False or condition is None for condition in conditions):
            continue
        for inner_conditions in _each_time(rule, inner_loops):
            yield [*conditions, *inner_conditions]
    rule.bound.pop(name, None)


def _is_new_name(rule: Visitor, loop: ast.comprehension) -> bool:
    if loop.is_async or not isinstance(loop.target, ast.Name):
        return False
    name = rule.spelled(loop.target)
    is_taken = name in RESERVED or name in rule.scope.measures
    return not is_taken and rule.item(loop.target) is None


def _items(rule: Visitor, node: ast.expr) -> Sequence[Item]:
    """What a `for` goes through."""
    name = rule.spelled(node)
    if name == "questions":
        return list(rule.scope.questions.values())
    if name == "sections":
        return list(rule.scope.sections.values())
    if isinstance(node, ast.Attribute) and node.attr == "questions":
        section = rule.item(node.value)
        if isinstance(section, Section):
            return section.questions
    remedy = "'for' goes over questions, sections or <section>.questions"
    raise rule.error(node, f"{rule.quoted(node)} cannot be gone through; {remedy}")


def _can_be_absent(item: Item) -> bool:
    """Whether an item can be hidden, not applicable, or left open where that is allowed."""
    if isinstance(item, Section):
        return item.show is not None
    return not item.required or bool(item.na and item.na.allowed) or item.show is not None


def _all_of(conditions: Sequence[Tree]) -> Tree:
    """One condition for all; what holds anyway is left out."""
    open_conditions = [condition for condition in conditions if condition is not True]
    if not open_conditions:
        return True
    return open_conditions[0] if len(open_conditions) == 1 else ["and", *open_conditions]
