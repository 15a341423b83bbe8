"""Trees → values. The twin of docs/assets/engine/evaluate.js.

A value stands for all that a reading with open questions can still come to:

    a number     (low, high, none)    a range, and whether it can be none; NOTHING: only none
    a condition  a set of TRUE, FALSE and NONE

With nothing open a range is one number and a set has one member, so one evaluator serves both. All
numbers are doubles, added from left to right; each operation ends in + 0.0, so there is no -0.
Bounds of sums and products are exact, as rounding keeps order. The formulas are those of the two
tables at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, inf, isfinite, isnan
from typing import Any, Protocol

from macros.model import Tree

TRUE, FALSE, NONE = 1, 2, 4
Range = tuple[float, float, bool]
Element = tuple[bool, Any]  # whether it surely counts, and its value, or its value and weight
Value = Range | int
NOTHING: Range = (inf, -inf, True)
ZERO: Range = (0.0, 0.0, False)
OUTWARDS = 1e-12  # of the size of what a mean adds, where it is unknown which numbers are in it
POWERS = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9)


class StateProtocol(Protocol):
    """What a reading says so far; `state` has it."""

    def find(self, tree: Sequence[Any]) -> Value:
        """The value of a tree that asks for questions or measures."""

    def part(self, each: Sequence[Any]) -> Element | None:
        """What `element` gives of an aggregate's element, kept until something in it changes."""


def evaluate(tree: Tree, state: StateProtocol) -> Value:
    """All that a tree can come to."""
    if not isinstance(tree, list):
        return LITERALS[tree] if tree is None or isinstance(tree, bool) else (tree, tree, False)
    if operation := OPERATIONS.get(tree[0]):
        return operation(*[evaluate(part, state) for part in tree[1:]])
    if special := SPECIAL.get(tree[0]):
        return special(tree[1:], state)
    return state.find(tree)


LITERALS: Mapping[Any, Value] = {True: TRUE, False: FALSE, None: NOTHING}


class Constants:
    """The state of constants."""

    def find(self, tree: Sequence[Any]) -> Value:
        raise LookupError(tree)

    def part(self, each: Sequence[Any]) -> Element | None:
        raise LookupError(each)


def condition(tree: Tree, state: StateProtocol) -> int:
    value = evaluate(tree, state)
    return value if isinstance(value, int) else NONE


def fold(tree: Tree) -> Tree:
    """The tree, or its value where nothing in it depends on an answer."""
    if not isinstance(tree, list) or tree[0] not in (*OPERATIONS, *SPECIAL):
        return tree
    if any(isinstance(part, list) for part in tree[1:]):
        return tree
    value = evaluate(tree, Constants())
    if isinstance(value, int):
        return {TRUE: True, FALSE: False, NONE: None}[value]
    return None if value == NOTHING else value[0]


# --- ranges --------------------------------------------------------------------------------


def tidy(low: float, high: float, none: bool) -> Range:
    """A range of numbers that are finite: beyond them is none."""
    if isfinite(low) and isfinite(high):
        return low + 0.0, high + 0.0, none
    if low == high or (isnan(low) and isnan(high)):
        return NOTHING
    return (low + 0.0 if isfinite(low) else -inf), (high + 0.0 if isfinite(high) else inf), True


def joined(values: Sequence[Value]) -> Value:
    """A value for all that any of these can be."""
    if all(isinstance(value, tuple) for value in values):
        lows, highs, nones = zip(*values, strict=True)
        return min(lows), max(highs), any(nones)
    result = 0
    for value in values:
        result |= value if isinstance(value, int) else NONE
    return result


def _arithmetic(
    bounds: Callable[[Range, Range], tuple[float, float]],
) -> Callable[[Range, Range], Range]:
    def operation(left: Range, right: Range) -> Range:
        if left[0] > left[1] or right[0] > right[1]:
            return NOTHING
        return tidy(*bounds(left, right), left[2] or right[2])

    return operation


def _corners(
    operation: Callable[[float, float], float], left: Range, right: Range
) -> tuple[float, float]:
    corners = [operation(a, b) for a in left[:2] for b in right[:2]]
    if left[0] != left[1] or right[0] != right[1]:
        # an open bound times 0
        corners = [0.0 if isnan(corner) else corner for corner in corners]
    return min(corners), max(corners)


add = _arithmetic(lambda left, right: (left[0] + right[0], left[1] + right[1]))
subtract = _arithmetic(lambda left, right: (left[0] - right[1], left[1] - right[0]))
multiply = _arithmetic(lambda left, right: _corners(lambda a, b: a * b, left, right))
least = _arithmetic(lambda left, right: (min(left[0], right[0]), min(left[1], right[1])))
greatest = _arithmetic(lambda left, right: (max(left[0], right[0]), max(left[1], right[1])))


def divide(left: Range, right: Range) -> Range:
    if left[0] > left[1] or right[0] > right[1] or right[0] == right[1] == 0:
        return NOTHING
    if right[0] <= 0 <= right[1]:
        return -inf, inf, True
    low, high = _corners(lambda a, b: a / b if isfinite(a) or isfinite(b) else 0.0, left, right)
    return tidy(low, high, left[2] or right[2])


def _monotone(function: Callable[..., float]) -> Callable[..., Range]:
    def operation(value: Range, *parameters: Range) -> Range:
        if value[0] > value[1]:
            return NOTHING
        numbers = [parameter[0] for parameter in parameters]
        low, high = (function(bound, *numbers) if isfinite(bound) else bound for bound in value[:2])
        return tidy(low, high, value[2])

    return operation


def _rounded(number: float, places: float) -> float:
    scaled = number * POWERS[int(places)] + 0.5
    return float(floor(scaled)) / POWERS[int(places)] if isfinite(scaled) else scaled


def _absolute(value: Range) -> Range:
    if value[0] > value[1]:
        return NOTHING
    low, high = sorted((abs(value[0]), abs(value[1])))
    return (0.0 if value[0] <= 0 <= value[1] else low), high, value[2]


# --- sets of TRUE, FALSE and NONE ----------------------------------------------------------


def _not(value: Value) -> int:
    bits = _bits(value)
    return (FALSE if bits & TRUE else 0) | (TRUE if bits & FALSE else 0) | bits & NONE


def _bits(value: Value) -> int:
    return value if isinstance(value, int) else NONE


def _both(left: int, right: int) -> int:
    """`and`, three-valued."""
    maybe = (left & NONE and right & (TRUE | NONE)) or (right & NONE and left & (TRUE | NONE))
    return left & right & TRUE | (left | right) & FALSE | (NONE if maybe else 0)


def _all_of(parts: Sequence[Any], state: StateProtocol) -> int:
    result = TRUE
    for part in parts:
        result = _both(result, condition(part, state))
        if result == FALSE:
            break
    return result


def _any_of(parts: Sequence[Any], state: StateProtocol) -> int:
    result = FALSE
    for part in parts:
        result = _not(_both(_not(result), _not(condition(part, state))))
        if result == TRUE:
            break
    return result


def _choice(parts: Sequence[Any], state: StateProtocol) -> Value:
    """`a if c else b`."""
    test, (then_part, else_part) = condition(parts[0], state), parts[1:]
    values: list[Value] = []
    if test & TRUE:
        values.append(evaluate(then_part, state))
    if test & FALSE:
        values.append(evaluate(else_part, state))
    if test & NONE:
        values.append(NOTHING)
    return joined(values)


def _is_none(value: Value) -> int:
    if isinstance(value, int):
        return (TRUE if value & NONE else 0) | (FALSE if value & ~NONE else 0)
    return (TRUE if value[2] else 0) | (FALSE if value[0] <= value[1] else 0)


def _compared(bits: Callable[[Range, Range], int]) -> Callable[[Range, Range], int]:
    def operation(left: Range, right: Range) -> int:
        known = left[0] <= left[1] and right[0] <= right[1]
        return (bits(left, right) if known else 0) | (NONE if left[2] or right[2] else 0)

    return operation


def _less(left: Range, right: Range) -> int:
    return (TRUE if left[0] < right[1] else 0) | (FALSE if left[1] >= right[0] else 0)


def _equal(left: Range, right: Range) -> int:
    meet = left[0] <= right[1] and right[0] <= left[1]
    return (TRUE if meet else 0) | (0 if left[0] == right[1] and left[1] == right[0] else FALSE)


# --- over several --------------------------------------------------------------------------


def element(each: Sequence[Any], state: StateProtocol) -> Element | None:
    """An element of an aggregate; None where it does not hold, or is none, and so cannot count."""
    holds = condition(each[1], state)
    if not holds & TRUE:
        return None
    sure = holds == TRUE
    values = [evaluate(part, state) for part in each[2:]]
    for value in values:
        none = _is_none(value)
        if none == TRUE:
            return None
        sure = sure and none == FALSE
    return sure, values[0] if len(values) == 1 else values


def _sum(parts: Sequence[Element]) -> Range:
    low = high = 0.0
    for sure, value in parts:
        low += value[0] if sure else min(value[0], 0.0)
        high += value[1] if sure else max(value[1], 0.0)
    return tidy(low, high, False)


def _length(parts: Sequence[Element]) -> Range:
    return float(sum(sure for sure, _ in parts)), float(len(parts)), False


def _mean(parts: Sequence[Element]) -> Range:
    return ratio([(sure, value, 1.0) for sure, value in parts], 1.0)


def _weighted_mean(parts: Sequence[Element]) -> Range:
    products = [
        (sure, multiply(_number(value), _number(weight)), weight) for sure, (value, weight) in parts
    ]
    if any(product[2] for _, product, _ in products):  # beyond what is finite
        is_none = any(sure and product == NOTHING for sure, product, _ in products)
        return NOTHING if is_none else (-inf, inf, True)
    if all(weight[0] == weight[1] for _, _, weight in products):
        return ratio([(sure, product, weight[0]) for sure, product, weight in products], 1.0)
    total = _sum([(sure, product) for sure, product, _ in products])
    weights = _sum([(sure, weight) for sure, _, weight in products])
    return divide(total, weights)


def _number(value: Range) -> Range:
    """A value of an element that counts: it is not none."""
    return value[0], value[1], False


def ratio(parts: Sequence[tuple[bool, Range, float]], times: float) -> Range:
    """`times` the sum of the values over the sum of the weights of those that count.

    Raises nothing: without weight it is none. Where it is open which parts count, the bounds are
    those of the best and the worst selection, outwards by what rounding can add.
    """
    if any(weight <= 0 for _, _, weight in parts):
        total = _sum([(sure, value) for sure, value, _ in parts])
        weights = _sum([(sure, (weight, weight, False)) for sure, _, weight in parts])
        return divide(multiply((times, times, False), total), weights)
    if not parts:
        return NOTHING
    low = _bound([(sure, value[0], weight) for sure, value, weight in parts], times)
    high = -_bound([(sure, -value[1], weight) for sure, value, weight in parts], times)
    return tidy(low, high, not any(sure for sure, _, _ in parts))


def _bound(parts: Sequence[tuple[bool, float, float]], times: float) -> float:
    """The least that a ratio can be: the parts that count, and those others that make it less.

    These are added in another order than the form's, so the bound goes outwards by what rounding
    can make of all that is added, and not only of what is left of it: 0.1 + 0.2 - 0.3 is small, and
    its error is not.
    """
    total = weights = size = 0.0
    for sure, value, weight in parts:
        if sure:
            total, weights, size = total + value, weights + weight, size + abs(value)
    loose = sorted((part for part in parts if not part[0]), key=lambda part: part[1] / part[2])
    for _, value, weight in loose:
        if weights and value / weight >= total / weights:
            break
        total, weights, size = total + value, weights + weight, size + abs(value)
    bound = times * total / weights
    return bound - OUTWARDS * times * size / weights if loose else bound


def _lowest(parts: Sequence[Element]) -> Range:
    if not parts:
        return NOTHING
    highs = [value[1] for sure, value in parts if sure]  # of what counts in any case
    low = min(value[0] for _, value in parts)
    high = min(highs) if highs else max(value[1] for _, value in parts)
    return low, high, not highs


def _highest(parts: Sequence[Element]) -> Range:
    low, high, none = _lowest([(sure, (-value[1], -value[0], value[2])) for sure, value in parts])
    return -high + 0.0, -low + 0.0, none


def _median(parts: Sequence[Element]) -> Range:
    if not parts:
        return NOTHING
    low = _least_middle([(sure, value[0]) for sure, value in parts])
    high = -_least_middle([(sure, -value[1]) for sure, value in parts])
    return tidy(low, high, not any(sure for sure, _ in parts))


def _least_middle(parts: Sequence[tuple[bool, float]]) -> float:
    """The least that a median can be: of what counts, and of those others that are less than it."""
    numbers = sorted(number for sure, number in parts if sure)
    for number in sorted(number for sure, number in parts if not sure):
        if numbers and number >= _middle(numbers):
            break
        numbers = sorted([*numbers, number])
    return _middle(numbers)


def _middle(numbers: Sequence[float]) -> float:
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


def _any(parts: Sequence[Element]) -> int:
    if any(sure and value == TRUE for sure, value in parts):
        return TRUE
    return FALSE | (TRUE if any(value & TRUE for _, value in parts) else 0)


def _all(parts: Sequence[Element]) -> int:
    return _not(_any([(sure, _not(value)) for sure, value in parts]))


AGGREGATES: Mapping[str, Callable[[Sequence[Element]], Value]] = {
    "sum": _sum, "len": _length, "mean": _mean, "weighted_mean": _weighted_mean, "lowest": _lowest,
    "highest": _highest, "median": _median, "any": _any, "all": _all,
}  # fmt: skip


def _over(
    aggregate: Callable[[Sequence[Element]], Value],
) -> Callable[[Sequence[Any], StateProtocol], Value]:
    def over(trees: Sequence[Any], state: StateProtocol) -> Value:
        return aggregate([part for tree in trees if (part := state.part(tree))])

    return over


def _folded(operation: Callable[[Range, Range], Range]) -> Callable[..., Range]:
    def over(result: Range, *values: Range) -> Range:
        for value in values:
            result = operation(result, value)
        return result

    return over


OPERATIONS: Mapping[str, Callable[..., Value]] = {
    "not": _not,
    "none": _is_none,
    "lt": _compared(_less),
    "gt": lambda left, right: OPERATIONS["lt"](right, left),
    "le": lambda left, right: _not(OPERATIONS["lt"](right, left)),
    "ge": lambda left, right: _not(OPERATIONS["lt"](left, right)),
    "eq": _compared(_equal),
    "ne": lambda left, right: _not(OPERATIONS["eq"](left, right)),
    "add": _folded(add),
    "sub": subtract,
    "mul": multiply,
    "div": divide,
    "neg": lambda value: subtract(ZERO, value),
    "abs": _absolute,
    "floor": _monotone(lambda number: float(floor(number))),
    "ceil": _monotone(lambda number: float(ceil(number))),
    "round": _monotone(_rounded),
    "min": _folded(least),
    "max": _folded(greatest),
}
SPECIAL: Mapping[str, Callable[[Sequence[Any], StateProtocol], Value]] = {
    "and": _all_of,
    "or": _any_of,
    "if": _choice,
    **{name: _over(aggregate) for name, aggregate in AGGREGATES.items()},
}
