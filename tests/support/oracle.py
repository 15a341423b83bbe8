"""A second opinion on what an assessment comes to: slow, small, and from the plain words of the
language.

It walks the syntax tree that Python makes of a rule's text, on one complete state at a time; what
an incomplete reading can still come to, it finds by trying every completion. It shares nothing with
macros/ but the records of `model`: no compiled trees, no sets of values, no short cuts.

    form = Form(assessment, rules)            as loaded; it need not be compiled
    state = State(form, answers)              with every question that can be shown answered
    state.value("count(red) >= 3")            True, False, None, a float
    form.completions(answers)                 every State that finishing the reading can end in
"""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, product
from typing import Any

from macros.model import NONE_OF_THESE, Assessment, NotApplicable, Question, Scale, Section, Verdict

Value = Any  # float, bool, None, or a text
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A question with what it has from its section and its file."""

    question: Question
    section: Section
    scale: Scale | None
    unknown: str  # the answer that "can't tell" counts as, or "excluded"; empty: not offered
    na: NotApplicable | None

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def answers(self) -> tuple[str, ...]:
        return self.scale.ids if self.scale else ()

    def points_of(self, answer: str) -> float | None:
        own = self.question.points.get(answer)
        shared = (
            next((one.points for one in self.scale.answers if one.id == answer), None)
            if self.scale
            else None
        )
        return own if own is not None else shared

    @cached_property
    def all_points(self) -> list[float]:
        """The points there are: of its answers, or of its choices where these are not rated."""
        if self.question.kind == "many" and not self.question.rating:
            return [choice.points for choice in self.question.choices if choice.points is not None]
        return [points for points in map(self.points_of, self.answers) if points is not None]

    @cached_property
    def most(self) -> float:
        if self.question.kind == "many" and not self.question.rating:
            return add(points for points in self.all_points if points > 0)
        return max(self.all_points, default=0.0) + 0.0


class Form:
    """An assessment with its lines by id, and the numbers that `rule.` names."""

    def __init__(self, assessment: Assessment, rules: Mapping[str, float] | None = None) -> None:
        self.assessment = assessment
        self.rules = rules or {}
        self.sections = assessment.sections or (Section("", "", assessment.questions),)
        every = [(question, section) for section in self.sections for question in section.questions]
        self.lines = {
            question.id: line_of(question, section, assessment) for question, section in every
        }

    def of(self, thing: Any) -> list[Line]:
        """The lines of a line, of a section, or of all."""
        if isinstance(thing, Line):
            return [thing]
        return [line for line in self.lines.values() if thing is None or line.section is thing]

    @cached_property
    def verdict_lines(self) -> list[Line]:
        """The lines that the verdicts depend on, through measures and `show` too."""
        rules = [verdict.when.text for verdict in self.assessment.verdicts if verdict.when]
        found = set().union(*(lines_in(self, parsed(rule), {}) for rule in rules))
        while more := set().union(*(self.shown_by(self.lines[id]) for id in found)) - found:
            found |= more
        return [line for line in self.lines.values() if line.id in found]

    def shown_by(self, line: Line) -> set[str]:
        conditions = [show.text for show in (line.section.show, line.question.show) if show]
        return set().union(
            *(lines_in(self, parsed(text), {"section": line.section}) for text in conditions)
        )

    def accepted(self, answers: Answers) -> dict[str, Any]:
        return {
            id: given
            for id, given in answers.items()
            if id in self.lines and fits(self.lines[id], given)
        }

    def open_lines(self, answers: Answers) -> list[Line]:
        return [
            line
            for line in self.lines.values()
            if line.id not in answers and line.question.required
        ]

    def completions(self, answers: Answers) -> Iterator[State]:
        """Every complete state; where an open question is a number, with some of the numbers it
        could be.
        """
        lines = self.open_lines(answers)
        for chosen in product(*map(options, lines)):
            yield State(
                self, {**answers, **dict(zip((line.id for line in lines), chosen, strict=True))}
            )

    def some_completion(self, answers: Answers, chance: random.Random) -> State:
        return State(
            self,
            {
                **answers,
                **{line.id: chance.choice(options(line)) for line in self.open_lines(answers)},
            },
        )


def line_of(question: Question, section: Section, assessment: Assessment) -> Line:
    scale = None
    if question.rating:
        scale = question.rating.scale
    elif question.kind == "one" and isinstance(question.answers, tuple):
        scale = Scale(question.worst or question.answers[-1].id, question.answers)
    elif question.kind == "one":
        scale = question.scale or section.scale or assessment.scale
    said = question.unknown or section.unknown or assessment.unknown
    unknown = said if question.kind == "one" and said != "not_offered" else ""
    na = question.na or section.na or assessment.na
    counts_as = scale.worst if scale and unknown == "worst" else unknown
    return Line(question, section, scale, counts_as, na if na and na.allowed else None)


# --- answers -------------------------------------------------------------------------------


def is_unknown(given: Any) -> bool:
    return (
        isinstance(given, Mapping) and dict(given) == {"unknown": True} and given["unknown"] is True
    )


def is_na(given: Any) -> bool:
    return isinstance(given, Mapping) and list(given) == ["na"]


def fits(line: Line, given: Any) -> bool:
    """Whether a stored answer is one that can be."""
    question = line.question
    if is_unknown(given):
        return bool(line.unknown)
    if is_na(given):
        reason = given["na"]
        return (
            line.na is not None
            and isinstance(reason, str)
            and bool(reason.strip() or line.na.reason == "optional")
        )
    if question.kind == "many":
        offered = [choice.id for choice in question.choices] + [
            NONE_OF_THESE
        ] * question.none_of_these
        once = isinstance(given, list) and all(
            isinstance(one, str) and given.count(one) == 1 for one in given
        )
        return (
            once and set(given) <= set(offered) and (NONE_OF_THESE not in given or len(given) == 1)
        )
    if question.kind == "number":
        return (
            isinstance(given, int | float)
            and not isinstance(given, bool)
            and number_fits(question, given)
        )
    return isinstance(given, str) and (question.kind == "text" or given in line.answers)


def number_fits(question: Question, given: float) -> bool:
    low = -math.inf if question.min is None else question.min
    high = math.inf if question.max is None else question.max
    return (
        abs(given) <= 1.7976931348623157e308
        and low <= given <= high
        and not (question.whole and given % 1)
    )


def options(line: Line) -> list[Any]:
    """The ways of answering a question: all of them, but only some where it asks for a number."""
    question = line.question
    found: list[Any] = list(line.answers)
    if question.kind == "many":
        ids = [choice.id for choice in question.choices]
        found = [list(some) for size in range(len(ids) + 1) for some in combinations(ids, size)]
        found += [[NONE_OF_THESE]] * question.none_of_these
    elif question.kind == "number":
        found = [number for number in some_numbers(question) if number_fits(question, number)]
    elif question.kind == "text":
        found = ["Some words."]
    return found + [{"unknown": True}] * bool(line.unknown) + [{"na": "A reason."}] * bool(line.na)


def some_numbers(question: Question) -> list[float]:
    low = -100.0 if question.min is None else question.min
    high = low + 250.0 if question.max is None else question.max
    return sorted({low, high, math.floor((low + high) / 2), 0.0, 1.0, low + (high - low) / 3})


# --- arithmetic ----------------------------------------------------------------------------


def finite(number: float) -> float | None:
    return number + 0.0 if math.isfinite(number) else None


def add(numbers: Any) -> float:
    """From left to right, as one adds by hand."""
    total = 0.0
    for number in numbers:
        total = total + number + 0.0
    return total


def divide(a: float, b: float) -> float | None:
    return finite(a / b) if b else None


def rounded(x: float, places: float) -> float | None:
    shifted = finite(x * 10.0**places)
    return None if shifted is None else finite(math.floor(shifted + 0.5) / 10.0**places)


def median(numbers: Sequence[float]) -> float | None:
    ordered = sorted(numbers)
    n = len(ordered)
    return (
        finite(ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2)
        if n
        else None
    )


AGGREGATES: dict[str, Any] = {
    "sum": lambda found: finite(add(found)),
    "mean": lambda found: finite(add(found) / len(found)) if found else None,
    "min": lambda found: min(found, default=None),
    "max": lambda found: max(found, default=None),
    "median": median,
    "any": any,
    "all": all,
    "len": lambda found: float(len(found)),
    "weighted_mean": lambda found: divide(add(v * w for v, w in found), add(w for _, w in found)),
}
OF_NUMBERS: dict[str, Any] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": lambda x: float(math.floor(x)),
    "ceil": lambda x: float(math.ceil(x)) + 0.0,
    "round": lambda x, places=0.0: rounded(x, places),
}
ARITHMETIC: dict[type, Any] = {
    ast.Add: lambda a, b: finite(a + b),
    ast.Sub: lambda a, b: finite(a - b),
    ast.Mult: lambda a, b: finite(a * b),
    ast.Div: divide,
}
COMPARISONS: dict[type, Any] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


def every(values: Sequence[bool | None]) -> bool | None:
    """`and`: false if one is, or else none if one is."""
    return False if False in values else None if None in values else True


def tag(text: str | None) -> Value:
    """A tag that looks like a number of JSON is one."""
    if text is None:
        return None
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else text


@cache
def parsed(text: str) -> ast.expr:
    return ast.parse(" ".join(text.split()), mode="eval").body


# --- one complete state --------------------------------------------------------------------


class State:
    """What each question of a form says, and what follows from it. `answers` hold only what can
    be.
    """

    def __init__(self, form: Form, answers: Answers) -> None:
        self.form = form
        self.answers = answers
        self.known: dict[tuple[str, str], Value] = {}

    def remembered(self, kind: str, id: str, compute: Any) -> Value:
        if (kind, id) not in self.known:
            self.known[kind, id] = compute()
        return self.known[kind, id]

    # questions

    def section_shown(self, section: Section) -> bool:
        return not section.show or self.value(section.show.text) is True

    def shown(self, line: Line) -> bool:
        conditions = [show for show in (line.section.show, line.question.show) if show]

        def compute() -> bool:
            return all(
                self.value(show.text, {"section": line.section}) is True for show in conditions
            )

        return bool(self.remembered("shown", line.id, compute))

    def status(self, line: Line) -> str:
        """hidden, open, unknown, na or answered."""
        if not self.shown(line):
            return "hidden"
        if line.id not in self.answers:
            return "open"
        given = self.answers[line.id]
        return "unknown" if is_unknown(given) else "na" if is_na(given) else "answered"

    def met(self, line: Line) -> bool:
        return self.status(line) in ("answered", "unknown")

    def counts(self, line: Line) -> bool:
        return self.met(line) and not (
            self.status(line) == "unknown" and line.unknown == "excluded"
        )

    def given(self, line: Line) -> Any:
        """The answer, the choices, the number or the text of a question that counts; else None."""
        if not self.counts(line):
            return None
        return line.unknown if self.status(line) == "unknown" else self.answers[line.id]

    def answer(self, line: Line) -> str | None:
        """The answer of its scale that a question has."""
        if self.given(line) is None or not line.scale:
            return None
        return self.rated(line) if line.question.rating else str(self.given(line))

    def rated(self, line: Line) -> str:
        chosen = {choice.id: choice.id in self.given(line) for choice in line.question.choices}
        chosen[NONE_OF_THESE] = NONE_OF_THESE in self.given(line)
        rules = line.question.rating.rules  # type: ignore[union-attr]
        return next(
            rule.is_
            for rule in rules
            if rule.otherwise or self.value(rule.when.text, chosen) is True
        )  # type: ignore[union-attr]

    def points(self, line: Line) -> float | None:
        given = self.given(line)
        if given is None or not line.all_points:
            return None
        if line.question.kind == "many" and not line.question.rating:
            return add(
                c.points for c in line.question.choices if c.id in given and c.points is not None
            )
        points = line.points_of(self.answer(line) or "")
        return None if points is None else points + 0.0

    def number(self, line: Line) -> float | None:
        given = self.given(line)
        return None if given is None or line.question.kind != "number" else float(given) + 0.0

    def named_value(self, line: Line, name: str) -> float | None:
        answer = self.answer(line)
        scale = line.scale.answers if line.scale else ()
        values = next((one.values for one in scale if one.id == answer), {})
        return values[name] + 0.0 if name in values else None

    # rules

    def value(self, text: str, names: Mapping[str, Any] | None = None) -> Value:
        return self.visit(parsed(text), names or {})

    def visit(self, node: ast.expr, names: Mapping[str, Any]) -> Value:
        kind = type(node).__name__
        return getattr(self, "visit_" + kind)(node, names)

    def visit_Constant(self, node: ast.Constant, names: Mapping[str, Any]) -> Value:
        return node.value if isinstance(node.value, str) else float(node.value)  # type: ignore[arg-type]

    def visit_Name(self, node: ast.Name, names: Mapping[str, Any]) -> Any:
        """Whatever a name stands for: a value, a line, a section, or the list of them."""
        constants = {"true": True, "false": False, "none": None}
        if node.id in constants:
            return constants[node.id]
        if node.id in names:
            return names[node.id]
        if node.id in ("questions", "sections"):
            return list(self.form.lines.values() if node.id == "questions" else self.form.sections)
        if node.id in self.form.lines:
            return self.form.lines[node.id]
        if node.id in self.form.assessment.measures:
            return self.measure(node.id)
        return next(section for section in self.form.sections if section.id == node.id)

    def visit_Attribute(self, node: ast.Attribute, names: Mapping[str, Any]) -> Any:
        if isinstance(node.value, ast.Name) and node.value.id == "rule":
            return float(self.form.rules[node.attr])
        thing = self.visit(node.value, names)
        if node.attr == "questions":
            return self.form.of(thing)
        record = thing.question if isinstance(thing, Line) else thing
        return (
            float(record.weight) + 0.0 if node.attr == "weight" else tag(record.tags.get(node.attr))
        )

    def visit_UnaryOp(self, node: ast.UnaryOp, names: Mapping[str, Any]) -> Value:
        value = self.visit(node.operand, names)
        if value is None:
            return None
        return not value if isinstance(node.op, ast.Not) else -value + 0.0

    def visit_BoolOp(self, node: ast.BoolOp, names: Mapping[str, Any]) -> Value:
        values = [self.visit(part, names) for part in node.values]
        if isinstance(node.op, ast.And):
            return every(values)
        found = every([None if value is None else not value for value in values])
        return None if found is None else not found

    def visit_BinOp(self, node: ast.BinOp, names: Mapping[str, Any]) -> Value:
        left, right = self.visit(node.left, names), self.visit(node.right, names)
        return None if left is None or right is None else ARITHMETIC[type(node.op)](left, right)

    def visit_IfExp(self, node: ast.IfExp, names: Mapping[str, Any]) -> Value:
        condition = self.visit(node.test, names)
        if condition is None:
            return None
        return self.visit(node.body if condition else node.orelse, names)

    def visit_Compare(self, node: ast.Compare, names: Mapping[str, Any]) -> Value:
        if isinstance(node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn):
            return self.has(node, names)
        values = [self.visit(part, names) for part in (node.left, *node.comparators)]
        if isinstance(values[0], Line):  # region == "eu" says the same as region is eu
            return (self.answer(values[0]) == values[1]) is isinstance(node.ops[0], ast.Eq)
        pairs = zip(node.ops, values, values[1:], strict=False)
        return every(
            [None if a is None or b is None else COMPARISONS[type(op)](a, b) for op, a, b in pairs]
        )

    def has(self, node: ast.Compare, names: Mapping[str, Any]) -> bool:
        """`q is red`, `q not in (red, yellow)`, `x is none`."""
        right = node.comparators[0]
        left = self.visit(node.left, names)
        words = [part.id for part in (right.elts if isinstance(right, ast.Tuple) else [right])]  # type: ignore[attr-defined]
        holds = left is None if words == ["none"] else self.answer(left) in words
        return holds if isinstance(node.ops[0], ast.Is | ast.In) else not holds

    def visit_Call(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        name = node.func.id  # type: ignore[attr-defined]
        if node.args and isinstance(node.args[0], ast.GeneratorExp):
            return AGGREGATES[name](list(self.elements(node.args[0], names)))
        if name in self.form.assessment.measures:
            return self.measure(name, self.visit(node.args[0], names))
        if name in OF_NUMBERS:
            values = [self.visit(arg, names) for arg in node.args]
            return None if None in values else OF_NUMBERS[name](*values)
        return getattr(self, "call_" + name)(node, names)

    def elements(self, node: ast.GeneratorExp, names: Mapping[str, Any]) -> Iterator[Value]:
        """What an aggregate is over: questions that are met, sections that are shown; and nothing
        that is none.
        """
        loop = node.generators[0]
        for thing in self.visit(loop.iter, names):
            inner = {**names, loop.target.id: thing}  # type: ignore[attr-defined]
            if not (self.met(thing) if isinstance(thing, Line) else self.section_shown(thing)):
                continue
            if any(self.visit(condition, inner) is not True for condition in loop.ifs):
                continue
            value = self.element(node.elt, inner)
            if value is not None:
                yield value

    def element(self, node: ast.expr, names: Mapping[str, Any]) -> Value:
        if isinstance(node, ast.Tuple):
            pair = [self.visit(part, names) for part in node.elts]
            return None if None in pair else pair
        return self.visit(node, names)

    # functions of the form

    def argument(self, node: ast.Call, names: Mapping[str, Any], place: int = 0) -> Any:
        return self.visit(node.args[place], names) if len(node.args) > place else None

    def how_many(self, node: ast.Call, names: Mapping[str, Any], status: str) -> float:
        return float(
            sum(self.status(line) == status for line in self.form.of(self.argument(node, names)))
        )

    def call_answered(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        return self.how_many(node, names, "answered")

    def call_unknown(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        return self.how_many(node, names, "unknown")

    def call_na(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        return self.how_many(node, names, "na")

    def call_count(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        answer = node.args[0].id  # type: ignore[attr-defined]
        return float(
            sum(self.answer(line) == answer for line in self.form.of(self.argument(node, names, 1)))
        )

    def call_points(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        thing = self.argument(node, names)
        if isinstance(thing, Line):
            return self.points(thing)
        return finite(add(p for p in map(self.points, self.form.of(thing)) if p is not None))

    def call_possible(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        """Of one question none where it has no points now; of several, of those that have."""
        thing = self.argument(node, names)
        counting = [line.most for line in self.form.of(thing) if self.points(line) is not None]
        return None if isinstance(thing, Line) and not counting else finite(add(counting))

    def call_most(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        thing = self.argument(node, names)
        known = [line.most for line in self.form.of(thing) if line.all_points]
        return None if isinstance(thing, Line) and not known else finite(add(known))

    def call_percent(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        points, possible = self.call_points(node, names), self.call_possible(node, names)
        return None if points is None or possible is None else divide(100.0 * points, possible)

    def call_number(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        return self.number(self.argument(node, names))

    def call_value(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        return self.named_value(self.argument(node, names), node.args[1].id)  # type: ignore[attr-defined]

    def call_chosen(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        line = self.argument(node, names)
        return line.question.kind == "many" and node.args[1].id in (self.given(line) or [])  # type: ignore[attr-defined]

    def call_lookup(self, node: ast.Call, names: Mapping[str, Any]) -> Value:
        lines = [self.argument(node, names, place) for place in (0, 1)]
        at = [
            line.answers.index(self.answer(line)) if self.answer(line) else None for line in lines
        ]
        rows = node.args[2].elts  # type: ignore[attr-defined]
        return None if None in at else self.visit(rows[at[0]].elts[at[1]], names)

    # what the assessment says

    def measure(self, name: str, section: Section | None = None) -> Value:
        text = self.form.assessment.measures[name].value.text
        names = {"section": section} if section else {}
        return self.remembered(
            "measure", f"{name}({section.id})" if section else name, lambda: self.value(text, names)
        )

    def measures(self) -> dict[tuple[str, str | None], Value]:
        """By name and, for one of each section, the section's id."""
        found: dict[tuple[str, str | None], Value] = {}
        for name, measure in self.form.assessment.measures.items():
            for section in self.form.sections if measure.per else [None]:
                found[name, section.id if section else None] = self.measure(name, section)
        return found

    def verdict(self) -> str | None:
        """None where no question that the verdicts depend on counts: nothing read is never a
        verdict.
        """
        if self.form.verdict_lines and not any(
            self.counts(line) for line in self.form.verdict_lines
        ):
            return None
        return next(verdict.id for verdict in self.form.assessment.verdicts if self.holds(verdict))

    def holds(self, verdict: Verdict) -> bool:
        return verdict.when is None or self.value(verdict.when.text) is True

    def warnings(self) -> list[str]:
        return [
            one.id for one in self.form.assessment.warnings if self.value(one.when.text) is True
        ]

    def coverage(self) -> dict[str, int]:
        found = [self.status(line) for line in self.form.lines.values()]
        return {status: found.count(status) for status in ("answered", "unknown", "na", "open")}

    def counted(self) -> dict[str, int]:
        ids = dict.fromkeys(id for line in self.form.lines.values() for id in line.answers)
        found = [self.answer(line) for line in self.form.lines.values()]
        return {id: found.count(id) for id in ids}


# --- what a rule depends on ----------------------------------------------------------------


def lines_in(form: Form, node: ast.AST, names: Mapping[str, Any]) -> set[str]:
    """The ids of the lines that a rule's value depends on, apart from what shows these."""
    nothing = State(form, {})
    if isinstance(node, ast.GeneratorExp):
        return lines_in_loop(form, node, names)
    if isinstance(node, ast.Name):
        return lines_named(form, node.id, names)
    if isinstance(node, ast.Compare) and isinstance(
        node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn
    ):
        return lines_with_answers(form, node, names)
    if isinstance(node, ast.Attribute):
        return set()
    if not isinstance(node, ast.Call):
        return set().union(*(lines_in(form, part, names) for part in ast.iter_child_nodes(node)))
    name = node.func.id  # type: ignore[attr-defined]
    if name in form.assessment.measures:
        section = nothing.visit(node.args[0], names)
        return lines_in(
            form, parsed(form.assessment.measures[name].value.text), {"section": section}
        )
    if name == "count":
        lines = form.of(nothing.argument(node, names, 1))
        return {line.id for line in lines if node.args[0].id in line.answers}  # type: ignore[attr-defined]
    if name in ("points", "possible", "percent"):
        return {line.id for line in form.of(nothing.argument(node, names)) if line.all_points}
    if name in ("answered", "unknown", "na", "most"):
        can: dict[str, Any] = {
            "answered": lambda line: True,
            "unknown": lambda line: line.unknown,
            "na": lambda line: line.na,
        }
        return {
            line.id
            for line in form.of(nothing.argument(node, names))
            if name in can and can[name](line)
        }
    if name in ("value", "chosen", "number"):
        asked = {"value": lambda line: line.scale, "chosen": lambda line: line.question.choices}
        asks: Any = asked.get(name, lambda line: line.question.kind == "number")
        return {line.id for line in [nothing.argument(node, names)] if asks(line)}
    return set().union(*(lines_in(form, part, names) for part in node.args))


def lines_with_answers(form: Form, node: ast.Compare, names: Mapping[str, Any]) -> set[str]:
    """The line of `q is red` if it can be; or all in `x is none`."""
    right = node.comparators[0]
    words = {part.id for part in ast.walk(right) if isinstance(part, ast.Name)}
    thing = State(form, {}).visit(node.left, names) if isinstance(node.left, ast.Name) else None
    if isinstance(thing, Line):
        return {thing.id} if words & set(thing.answers) else set()
    return lines_in(form, node.left, names)


def lines_in_loop(form: Form, node: ast.GeneratorExp, names: Mapping[str, Any]) -> set[str]:
    """Each turn of a loop, but for those that a condition on tags and weights rules out for
    good.
    """
    loop, nothing, found = node.generators[0], State(form, {}), set()
    for thing in nothing.visit(loop.iter, names):
        inner = {**names, loop.target.id: thing}  # type: ignore[attr-defined]
        conditions = [(lines_in(form, part, inner), part) for part in loop.ifs]
        if any(not on and nothing.visit(part, inner) is not True for on, part in conditions):
            continue
        found |= lines_of_presence(form, thing)
        found |= lines_in(form, node.elt, inner).union(*(on for on, _ in conditions))
    return found


def lines_of_presence(form: Form, thing: Line | Section) -> set[str]:
    """What decides whether a loop meets a question or a section."""
    if isinstance(thing, Section):
        return lines_in(form, parsed(thing.show.text), {}) if thing.show else set()
    always = (
        thing.question.required
        and not thing.na
        and not thing.question.show
        and not thing.section.show
    )
    return set() if always else {thing.id}


def lines_named(form: Form, name: str, names: Mapping[str, Any]) -> set[str]:
    thing = names.get(name, form.lines.get(name))
    if isinstance(thing, Line):
        return {thing.id}
    if name in form.assessment.measures:
        return lines_in(form, parsed(form.assessment.measures[name].value.text), {})
    return set()
