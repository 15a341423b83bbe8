"""What an author is told of an assessment that can be scored: tests that fail, and what a reader
would miss.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from math import inf
from typing import Any

from macros.checks.answer_problems import sentence
from macros.checks.defaults import places
from macros.engine.answers import AnswerProblem, accept, settled
from macros.engine.evaluate import FALSE, NONE, TRUE, Value, evaluate
from macros.engine.score import score
from macros.engine.state import State, scoring_model
from macros.loading.structure import SourceFile, Steps
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import Place, shorten
from macros.model import Assessment, Case, Question
from macros.rules.compiler import compile_value
from macros.rules.names import Scope
from macros.rules.source import ExpressionError

TRUTH = {TRUE: "true", FALSE: "false", NONE: "none"}
LEAST_REPEATED = 25  # characters of a text that stands twice by mistake and not by nature
MOST_WARNINGS = 3  # of one kind, each on its own
PROSE = ("ask", "help", "why", "evidence", "signal", "move")


def check_cases(assessment: Assessment, file: SourceFile, scope: Scope) -> set[str]:
    """The author's own tests; gives the verdicts that they reach."""
    before = len(file.problems)
    cases = enumerate(assessment.tests)
    reached = {_check_case(assessment, file, scope, case, ("tests", n)) for n, case in cases}
    if assessment.engagement:
        _tell_at_overlay(assessment.engagement.path, file, before)
    return reached


def _tell_at_overlay(path: str, file: SourceFile, before: int) -> None:
    """Tests of the base that an overlay's changes break are told where they are to be mended: in
    the overlay.
    """
    broken = [problem for problem in file.problems[before:] if problem.path != path]
    if broken:
        file.problems[before:] = [
            problem for problem in file.problems[before:] if problem.path == path
        ]
        first = f"{broken[0].path}:{broken[0].line}: {broken[0].message}"
        remedy = "put tests of your own under 'tests:' in this file, or mend the changes"
        message = f"tests of the base fail, the first in {first}; {remedy}"
        file.problem(Place(1, 1, path), message)


def _check_case(
    assessment: Assessment, file: SourceFile, scope: Scope, case: Case, where: Steps
) -> str:
    """One of them; gives its verdict, or nothing where there is none."""
    answers = {id: _typed(scope.questions.get(id), answer) for id, answer in case.answers.items()}
    result = score(assessment, {"answers": answers}, distance=False)
    for problem in result["problems"]:
        _tell_answer(file, scope, case, problem, (*where, "answers", problem["question"]))
    if result["problems"]:
        return ""
    if not case.expect and file.is_complete((*where, "expect")):
        file.problem(
            (*where, "expect"),
            "nothing is expected here: say a verdict, or what an expression comes to",
        )
    verdicts = [verdict.id for verdict in assessment.verdicts]
    accepted, _ = accept(assessment, answers)
    state = State(scoring_model(assessment), dict(settled(scoring_model(assessment), accepted)))
    for key, expected in case.expect.items():
        place = (*where, "expect", key)
        outcome = result["verdict"] or "open"
        if key == "verdict" and expected not in (*verdicts, "open"):
            suggestion = suggest(expected, verdicts)
            file.problem(place, f"'{shorten(expected)}' is not a verdict{suggestion}")
            continue
        if key != "verdict":
            try:
                _, tree = compile_value(key, scope)
            except ExpressionError as error:
                for mistake in (error, *error.others):
                    file.problem(place, mistake.message, offset=mistake.offset, key=True)
                continue
            outcome = _in_words(evaluate(tree, state), expected)
        if outcome != expected:
            difference = f"expected {shorten(expected)}, found {outcome}"
            file.problem(place, f"the test '{shorten(case.name)}' fails: {difference}")
    return str(result["verdict"] or "")


def _typed(question: Question | None, answer: Any) -> Any:
    """An answer as a reading has it: in a file, every value is a text."""
    if isinstance(answer, bool):
        return str(answer).lower()
    if question and question.kind == "number" and isinstance(answer, str):
        return float(answer) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,17})?", answer) else answer
    return answer


def _in_words(value: Value, expected: str) -> str:
    """A value as an author expects it, to as many decimals."""
    if isinstance(value, int):
        return " or ".join(text for bit, text in TRUTH.items() if value & bit)
    low, high, none = value
    if low > high:
        return "none"
    decimals = len(expected.partition(".")[2])
    figure = _figure(low, decimals)
    if low != high:
        figure = f"{figure} to {_figure(high, decimals)}"
    return f"{figure} or none" if none else figure


def _figure(number: float, decimals: int) -> str:
    if number in (inf, -inf):
        return "anything"
    return f"{number:.{decimals}f}" if decimals or number.is_integer() else f"{number:g}"


def _tell_answer(
    file: SourceFile, scope: Scope, case: Case, problem: AnswerProblem, where: Steps
) -> None:
    id = problem["question"]
    if id not in scope.questions:
        file.problem(where, f"this is not a question{suggest(id, scope.questions)}", key=True)
        return
    question, answer = scope.questions[id], case.answers[id]
    name = f"'{shorten(answer)}'" if isinstance(answer, str) else "this"
    if question.kind == "one" and problem["code"] == "no_such_answer":
        ids = question.scale.ids if question.scale else ()
        suggestion = suggest(answer if isinstance(answer, str) else "", ids)
        file.problem(where, f"{name} is not an answer of {id}{suggestion}")
    else:
        file.problem(where, f"{name} cannot be an answer of {id}: {sentence(problem)}")


def check_guidance(written: Assessment, assessment: Assessment, file: SourceFile) -> None:
    """What a reader would miss. `written`: as the file has it, for the places."""
    model = scoring_model(assessment)
    used = {id for tree in model.trees() for id in model.depends(tree)}
    lacks: Mapping[str, Callable[[Question], bool]] = {
        "has no 'move' for its worst answer": lambda q: q.kind == "one" and not q.move,
        "is in no verdict, warning or measure": lambda q: q.kind != "text" and q.id not in used,
        "may be left open, though a verdict depends on it": lambda q: (
            not q.required and q.id in model.verdict_questions
        ),
    }
    for what, is_so in lacks.items():
        stands = ((where, question) for where, _, question in places(written))
        _warn_of(file, what, [(where, question) for where, question in stands if is_so(question)])
    for n, verdict in enumerate(assessment.verdicts):
        if not verdict.say:
            message = f"'{verdict.id}' says nothing: the key 'say' is missing"
            file.problem(("verdicts", n), message, "warning")
    if assessment.changes and str(assessment.version) not in assessment.changes:
        message = f"'changes' does not say what changed with version {assessment.version}"
        file.problem(("version",), message, "warning")
    first: dict[str, Steps] = {}
    for where, text in _texts(written):
        if len(text) >= LEAST_REPEATED and text in first:
            line = file.place(first[text]).line
            file.problem(where, f"the same text stands in line {line} already", "warning")
        first.setdefault(text, where)


def _warn_of(file: SourceFile, what: str, questions: Sequence[tuple[Steps, Question]]) -> None:
    """Warns of each question, or of all in one sentence where they are many."""
    if len(questions) > MOST_WARNINGS:
        names = ", ".join(f"'{question.id}'" for _, question in questions[:MOST_WARNINGS])
        first, _ = questions[0]
        message = f"{len(questions)} questions, {names} and others: each {what}"
        file.problem(first, message, "warning")
        return
    for where, question in questions:
        file.problem(where, f"'{question.id}' {what}", "warning")


def _texts(assessment: Assessment) -> Iterator[tuple[Steps, str]]:
    """The sentences of an assessment, and where they stand."""
    for where, _, question in places(assessment):
        for field in fields(question):
            if field.name in PROSE:
                yield (*where, field.name), getattr(question, field.name)
        if isinstance(question.answers, dict):
            yield from (((*where, "answers", id), text) for id, text in question.answers.items())
    yield from (
        (("verdicts", n, "say"), verdict.say) for n, verdict in enumerate(assessment.verdicts)
    )
    yield from (
        (("warnings", n, "say"), warning.say) for n, warning in enumerate(assessment.warnings)
    )
