"""The functions of expressions: what stands in their brackets, and the trees that they become.

Each takes the compiler that met it. What `for` goes through is known, so its elements are written
out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from macros.engine.evaluate import fold
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import Question, Section, Tree
from macros.points import has_points, most_points, scale_of

if TYPE_CHECKING:
    from macros.rules.compiler import Compiler

Kind = Literal["number", "boolean", "text", "none"]
Typed = tuple[Kind, Tree]
Thing = Question | Section

AGGREGATES = {
    "sum": "sum", "mean": "mean", "median": "median", "min": "lowest", "max": "highest",
    "any": "any", "all": "all", "len": "len", "weighted_mean": "weighted_mean",
}  # fmt: skip
SCOPED = ("points", "possible", "most", "percent", "answered", "unknown", "na")
ROUNDING = ("floor", "ceil", "abs")
FUNCTIONS = (
    "count",
    *SCOPED,
    "chosen",
    "number",
    "value",
    *AGGREGATES,
    "lookup",
    "round",
    *ROUNDING,
)
HOW_MANY = ("none", "one", "two", "three")
MOST_NUMBER = 1e15  # below, whole numbers are exact in both languages


def arguments(compiler: Compiler, node: ast.Call, least: int, most: int) -> list[ast.expr]:
    name = compiler.spelled(node.func)
    if not least <= len(node.args) <= most:
        some = (
            HOW_MANY[least]
            if least == most
            else f"{HOW_MANY[least]} or {HOW_MANY[most] if most < 4 else 'more'}"
        )
        found = HOW_MANY[len(node.args)] if len(node.args) < 4 else len(node.args)
        raise compiler.error(node, f"{name} takes {some} in its brackets, found {found}")
    return node.args


def asked_in(compiler: Compiler, node: ast.Call, place: int) -> tuple[str, list[Question]]:
    """The scope in a call's brackets, and its questions: of one, of a section, or of all."""
    arguments(compiler, node, place, place + 1)
    if len(node.args) == place:
        return "", list(compiler.scope.questions.values())
    argument = node.args[place]
    thing = compiler.thing(argument)
    if isinstance(thing, Question):
        return thing.id, [thing]
    if isinstance(thing, Section):
        return thing.id, list(thing.questions)
    known = [*compiler.bound, *compiler.scope.sections, *compiler.scope.questions]
    compiler.no_such(argument, "question or section", known)
    return "", []


def of_scope(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    """How many, or how much, of a question, a section, or all."""
    scope, asked = asked_in(compiler, node, 0)
    single = len(node.args) == 1 and isinstance(compiler.thing(node.args[0]), Question)
    if name == "unknown" and not any(
        question.unknown for question in compiler.scope.questions.values()
    ):
        raise compiler.error(
            node, "unknown() is of use only where the file says what `unknown:` counts as"
        )
    if name == "na" and not any(
        one.na and one.na.allowed for one in compiler.scope.questions.values()
    ):
        raise compiler.error(
            node, "na() is of use only where `na:` allows a question to be not applicable"
        )
    if name in ("answered", "unknown", "na"):
        return "number", [name, scope]
    if not asked:
        return "number", None
    if not any(map(has_points, asked)) and not (node.args and compiler.is_bound(node.args[0])):
        raise compiler.error(
            node, f"{name}() asks for points, which nothing here has: give answers or choices some"
        )
    return "number", _most(asked, single) if name == "most" else [name, scope]


def of_count(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    scope, asked = asked_in(compiler, node, 1)
    answer = compiler.spelled(node.args[0])
    bound = len(node.args) == 2 and compiler.is_bound(node.args[1])
    scales = [scale for one in asked if (scale := scale_of(one))]
    known = (
        compiler.every_answer
        if bound
        else list(dict.fromkeys(id for scale in scales for id in scale.ids))
    )
    if (
        asked and answer not in known and all(scale.answers for scale in scales)
    ):  # one that has failed is told
        compiler.not_known(
            node.args[0],
            f"'{shorten(answer)}' is not an answer of this scale{suggest(answer, known)}",
        )
    return "number", ["count", answer, scope]


def of_chosen(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    first, second = arguments(compiler, node, 2, 2)
    question = compiler.question(first)
    if not question:
        return "boolean", None
    if question.kind != "many":
        if compiler.is_bound(first):
            return "boolean", False
        raise compiler.error(
            first, f"'{question.id}' has no choices; chosen asks questions of kind many"
        )
    return "boolean", ["chosen", question.id, compiler.choice(second, question)]


def of_number(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    (first,) = arguments(compiler, node, 1, 1)
    question = compiler.question(first)
    if question and question.kind != "number":
        if compiler.is_bound(first):
            return "number", None
        raise compiler.error(
            first,
            f"'{question.id}' is not a question of kind number; its worth is points({question.id})",
        )
    return "number", ["number", question.id] if question else None


def of_value(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    first, second = arguments(compiler, node, 2, 2)
    question, wanted = compiler.question(first), compiler.spelled(second)
    if not question:
        return "number", None
    several = compiler.scope.questions.values() if compiler.is_bound(first) else [question]
    scales = [scale for one in several if (scale := scale_of(one))]
    known = {name for scale in scales for answer in scale.answers for name in answer.values}
    if wanted not in known:
        compiler.not_known(
            second, f"no answer has a value '{shorten(wanted)}'{suggest(wanted, known)}"
        )
    return "number", ["value", question.id, wanted] if scale_of(question) else None


def of_lookup(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    first, second, table = arguments(compiler, node, 3, 3)
    questions = [compiler.question(first), compiler.question(second)]
    rows: list[list[float]] = (
        [_numbers(row) for row in table.elts] if isinstance(table, ast.List) else []
    )
    if not rows or not all(rows):
        raise compiler.error(table, "the third of lookup is a table of numbers: [[1, 2], [3, 4]]")
    sizes = []
    for place, question in zip((first, second), questions, strict=True):
        scale = scale_of(question) if question else None
        if question and not scale:
            raise compiler.error(place, f"'{question.id}' has no scale to look up by")
        sizes.append(len(scale.ids) if scale else 0)
    if not all(questions):
        return "number", None
    if len(rows) != sizes[0] or any(len(row) != sizes[1] for row in rows):
        one, other = compiler.spelled(first), compiler.spelled(second)
        wanted = (
            f"{sizes[0]} rows, one for each answer of {one}, of {sizes[1]} numbers, one for each of"
            f" {other}"
        )
        found = f"{len(rows)} of {' and '.join(sorted({str(len(row)) for row in rows}))}"
        raise compiler.error(table, f"expected {wanted}; found {found}")
    return "number", ["lookup", *(question.id for question in questions if question), rows]


def of_round(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    first, *places = arguments(compiler, node, 1, 2)
    if places and not re.fullmatch("[0-9]", compiler.spelled(places[0])):
        raise compiler.error(
            places[0], "round takes the number of decimals as a figure from 0 to 9"
        )
    return "number", [
        "round",
        compiler.expect(first, "number"),
        int(compiler.spelled(places[0])) if places else 0,
    ]


def of_rounding(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    (first,) = arguments(compiler, node, 1, 1)
    return "number", [name, compiler.expect(first, "number")]


def of_several(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    return "number", [
        name,
        *(compiler.expect(one, "number") for one in arguments(compiler, node, 2, 99)),
    ]


def measure_of_section(compiler: Compiler, node: ast.Call, name: str) -> Typed:
    kind, per = compiler.scope.measures[name]
    (first,) = arguments(compiler, node, 1, 1)
    if not per:
        raise compiler.error(node, f"'{name}' is one value for all; it takes no brackets")
    section = compiler.thing(first)
    if not isinstance(section, Section):
        compiler.no_such(first, "section", [*compiler.bound, *compiler.scope.sections])
        return kind, None
    return kind, ["measure", f"{name}({section.id})"]


def aggregate(compiler: Compiler, node: ast.Call, name: str, loop: ast.GeneratorExp) -> Typed:
    if name not in AGGREGATES:
        raise compiler.error(
            node, f"'{shorten(name)}' does not go over something{suggest(name, AGGREGATES)}"
        )
    logical = name in ("any", "all")
    each: list[Tree] = []
    for guards in walk(compiler, loop.generators):
        each.append(["each", _joined(guards), *element(compiler, name, loop.elt)])
    each = [one for one in each if one[1] is not False and one[1] is not None]
    return "boolean" if logical else "number", [AGGREGATES[name], *each]


def element(compiler: Compiler, name: str, node: ast.expr) -> list[Tree]:
    if name == "weighted_mean":
        if not (isinstance(node, ast.Tuple) and len(node.elts) == 2):
            raise compiler.error(
                node, "weighted_mean goes over pairs: weighted_mean((value, weight) for …)"
            )
        return [compiler.expect(one, "number") for one in node.elts]
    if name == "len" and compiler.spelled(node) in compiler.bound:
        return [1.0]
    if name == "len":
        return [["if", ["none", compiler.value(node)[1]], None, 1.0]]
    return [compiler.expect(node, "boolean" if name in ("any", "all") else "number")]


def walk(compiler: Compiler, loops: Sequence[ast.comprehension]) -> Iterator[list[Tree]]:
    """Binds the names of `for … in … if …` to one thing after the other; gives what each time must
    hold.
    """
    if not loops:
        yield []
        return
    loop = loops[0]
    if loop.is_async or not isinstance(loop.target, ast.Name) or is_taken(compiler, loop.target):
        raise compiler.error(
            loop.target, f"'{shorten(compiler.spelled(loop.target))}' is not a new name for 'for'"
        )
    name = compiler.spelled(loop.target)
    for thing in things(compiler, loop.iter):
        compiler.count(loop.target)
        compiler.bound[name] = thing
        conditions = [fold(["applies", thing.id]) if _can_be_absent(thing) else True]
        conditions += [compiler.expect(one, "boolean") for one in loop.ifs]
        if any(one is False or one is None for one in conditions):
            continue
        yield from ([*conditions, *inner] for inner in walk(compiler, loops[1:]))
    compiler.bound.pop(name, None)


def is_taken(compiler: Compiler, node: ast.expr) -> bool:
    name = compiler.spelled(node)
    return (
        name in compiler.reserved
        or name in compiler.scope.measures
        or compiler.thing(node) is not None
    )


def things(compiler: Compiler, node: ast.expr) -> Sequence[Thing]:
    name = compiler.spelled(node)
    if name == "questions":
        return list(compiler.scope.questions.values())
    if name == "sections":
        return list(compiler.scope.sections.values())
    if isinstance(node, ast.Attribute) and node.attr == "questions":
        section = compiler.thing(node.value)
        if isinstance(section, Section):
            return section.questions
    raise compiler.error(
        node,
        f"'{shorten(name)}' cannot be gone through; 'for' goes over questions, sections or"
        " <section>.questions",
    )


def _can_be_absent(thing: Thing) -> bool:
    """Whether a thing may not be met: hidden, not applicable, or left open where that is
    allowed.
    """
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
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or abs(value) >= MOST_NUMBER
        ):
            return []
        row.append((-float(value) if negative else float(value)) + 0.0)
    return row


Call = Callable[["Compiler", ast.Call, str], Typed]
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
