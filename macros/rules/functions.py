"""The functions of rules: what stands in their brackets, and the trees that they become.

Each takes the rule that calls it, the call and the name by which it is called. Those that go over
several are in `aggregates`.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Mapping, Sequence

from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import Question, Section
from macros.points import has_points, most_points, scale_of
from macros.rules.literals import rows_of_table
from macros.rules.names import Typed, answers_of
from macros.rules.visitor import Visitor
from macros.rules.vocabulary import ROUNDING, SCOPED

IN_WORDS = ("none", "one", "two", "three")


# --- what stands in the brackets -----------------------------------------------------------


def arguments(rule: Visitor, node: ast.Call, least: int, most: int) -> list[ast.expr]:
    if least <= len(node.args) <= most:
        return node.args
    expected = _in_words(least)
    if most > least:
        expected += f" or {_in_words(most) if most < len(IN_WORDS) else 'more'}"
    counts = f"{expected} in its brackets, found {_in_words(len(node.args))}"
    raise rule.error(node, f"{rule.spelled(node.func)} takes {counts}")


def _in_words(count: int) -> str:
    return IN_WORDS[count] if count < len(IN_WORDS) else str(count)


def questions_in(rule: Visitor, node: ast.Call, place: int) -> tuple[str, list[Question]]:
    """The scope in a call's brackets, and its questions: of one, of a section, or of all."""
    arguments(rule, node, place, place + 1)
    if len(node.args) == place:
        return "", list(rule.scope.questions.values())
    argument = node.args[place]
    item = rule.item(argument)
    if isinstance(item, Question):
        return item.id, [item]
    if isinstance(item, Section):
        return item.id, list(item.questions)
    names = [*rule.bound, *rule.scope.sections, *rule.scope.questions]
    rule.no_such(argument, "question or section", names)
    return "", []


# --- of a question, a section, or all ------------------------------------------------------


def of_scope(rule: Visitor, node: ast.Call, name: str) -> Typed:
    """How many, or how much."""
    scope, questions = questions_in(rule, node, 0)
    if name in ("answered", "unknown", "na"):
        _check_offered(rule, node, name)
        return "number", [name, scope]
    if not questions:
        return "number", None
    is_bound = bool(node.args) and rule.is_bound(node.args[0])
    if not is_bound and not any(map(has_points, questions)):
        problem = "asks for points, which nothing here has: give answers or choices some"
        raise rule.error(node, f"{name}() {problem}")
    if name == "most":
        is_one = bool(node.args) and isinstance(rule.item(node.args[0]), Question)
        return "number", _most(questions, is_one)
    return "number", [name, scope]


def _check_offered(rule: Visitor, node: ast.Call, name: str) -> None:
    """That some question can be answered by "can't tell", or by "not applicable"."""
    questions = rule.scope.questions.values()
    if name == "unknown" and not any(question.unknown for question in questions):
        message = "unknown() is of use only where the file says what `unknown:` counts as"
        raise rule.error(node, message)
    if name == "na" and not any(question.na and question.na.allowed for question in questions):
        message = "na() is of use only where `na:` allows a question to be not applicable"
        raise rule.error(node, message)


def _most(questions: Sequence[Question], is_one: bool) -> float | None:
    points = [most for question in questions if (most := most_points(question)) is not None]
    if is_one and not points:
        return None
    total = 0.0
    for most in points:  # from left to right, as the engines add
        total += most
    return total


def of_count(rule: Visitor, node: ast.Call, name: str) -> Typed:
    scope, questions = questions_in(rule, node, 1)
    place = node.args[0]
    answer = rule.spelled(place)
    is_bound = len(node.args) == 2 and rule.is_bound(node.args[1])
    answers = rule.every_answer if is_bound else answers_of(questions)
    scales = [scale for question in questions if (scale := scale_of(question))]
    has_failed = not all(scale.answers for scale in scales)  # then one of them is told
    if questions and answer not in answers and not has_failed:
        problem = f"is not an answer of this scale{suggest(answer, answers)}"
        rule.not_known(place, f"{rule.quoted(place)} {problem}")
    return "number", ["count", answer, scope]


# --- of one question -----------------------------------------------------------------------


def of_chosen(rule: Visitor, node: ast.Call, name: str) -> Typed:
    first, second = arguments(rule, node, 2, 2)
    question = rule.question(first)
    if not question:
        return "boolean", None
    if question.kind == "many":
        return "boolean", ["chosen", question.id, rule.choice(second, question)]
    if rule.is_bound(first):
        return "boolean", False
    message = f"'{question.id}' has no choices; chosen asks questions of kind many"
    raise rule.error(first, message)


def of_number(rule: Visitor, node: ast.Call, name: str) -> Typed:
    (first,) = arguments(rule, node, 1, 1)
    question = rule.question(first)
    if not question:
        return "number", None
    if question.kind == "number":
        return "number", ["number", question.id]
    if rule.is_bound(first):
        return "number", None
    id = question.id
    message = f"'{id}' is not a question of kind number; its worth is points({id})"
    raise rule.error(first, message)


def of_value(rule: Visitor, node: ast.Call, name: str) -> Typed:
    first, second = arguments(rule, node, 2, 2)
    question = rule.question(first)
    if not question:
        return "number", None
    questions = rule.scope.questions.values() if rule.is_bound(first) else [question]
    scales = [scale for question in questions if (scale := scale_of(question))]
    answers = itertools.chain.from_iterable(scale.answers for scale in scales)
    # in the order of the file, and each once
    names = dict.fromkeys(name for answer in answers for name in answer.values)
    value = rule.spelled(second)
    if value not in names:
        message = f"no answer has a value '{shorten(value)}'{suggest(value, names)}"
        rule.not_known(second, message)
    return "number", ["value", question.id, value] if scale_of(question) else None


def of_lookup(rule: Visitor, node: ast.Call, name: str) -> Typed:
    first, second, table = arguments(rule, node, 3, 3)
    questions = [rule.question(first), rule.question(second)]
    rows = rows_of_table(table)
    if rows is None:
        message = "the third of lookup is a table of numbers: [[1, 2], [3, 4]]"
        raise rule.error(table, message)
    sizes = [_size_of_scale(rule, first, questions[0]), _size_of_scale(rule, second, questions[1])]
    if not all(questions):
        return "number", None
    if len(rows) != sizes[0] or any(len(row) != sizes[1] for row in rows):
        expected = (
            f"{sizes[0]} rows, one for each answer of {rule.spelled(first)},"
            f" of {sizes[1]} numbers, one for each of {rule.spelled(second)}"
        )
        lengths = " and ".join(sorted({str(len(row)) for row in rows}))
        raise rule.error(table, f"expected {expected}; found {len(rows)} of {lengths}")
    return "number", ["lookup", *(question.id for question in questions if question), rows]


def _size_of_scale(rule: Visitor, node: ast.expr, question: Question | None) -> int:
    scale = scale_of(question) if question else None
    if question and not scale:
        raise rule.error(node, f"'{question.id}' has no scale to look up by")
    return len(scale.ids) if scale else 0


# --- of numbers ----------------------------------------------------------------------------


def of_round(rule: Visitor, node: ast.Call, name: str) -> Typed:
    first, *places = arguments(rule, node, 1, 2)
    if places and not re.fullmatch("[0-9]", rule.spelled(places[0])):
        message = "round takes the number of decimals as a figure from 0 to 9"
        raise rule.error(places[0], message)
    decimals = int(rule.spelled(places[0])) if places else 0
    return "number", ["round", rule.expect(first, "number"), decimals]


def of_rounding(rule: Visitor, node: ast.Call, name: str) -> Typed:
    (first,) = arguments(rule, node, 1, 1)
    return "number", [name, rule.expect(first, "number")]


def of_several(rule: Visitor, node: ast.Call, name: str) -> Typed:
    numbers = arguments(rule, node, 2, 99)
    return "number", [name, *(rule.expect(number, "number") for number in numbers)]


# --- of an author's own --------------------------------------------------------------------


def measure_of_section(rule: Visitor, node: ast.Call, name: str) -> Typed:
    kind, per = rule.scope.measures[name]
    (first,) = arguments(rule, node, 1, 1)
    if not per:
        raise rule.error(node, f"'{name}' is one value for all; it takes no brackets")
    section = rule.item(first)
    if not isinstance(section, Section):
        rule.no_such(first, "section", [*rule.bound, *rule.scope.sections])
        return kind, None
    return kind, ["measure", f"{name}({section.id})"]


Call = Callable[[Visitor, ast.Call, str], Typed]
CALLS: Mapping[str, Call] = {
    "count": of_count,
    **dict.fromkeys(SCOPED, of_scope),
    "chosen": of_chosen,
    "number": of_number,
    "value": of_value,
    "lookup": of_lookup,
    "round": of_round,
    **dict.fromkeys(ROUNDING, of_rounding),
    "min": of_several,
    "max": of_several,
}
