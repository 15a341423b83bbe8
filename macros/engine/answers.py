"""The answers of a reading that can be, and a problem for each that cannot.

The twin of docs/assets/engine/answers.js.

    "red" · ["sso", "mfa"] · 12.5 · "any text" · {"unknown": true} · {"na": "no such data"}

Answers of an earlier version are carried over by `was`, `split` and `retired`; what cannot be
carried is a problem too, so that nothing is dropped without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite
from typing import Any, Literal, NotRequired, TypedDict

from macros.engine.outcomes import GIVEN, NOT_APPLICABLE, Outcome, choice_ids, of_choices
from macros.engine.state import ScoringModel
from macros.model import NONE_OF_THESE, Answer, Assessment, Choice, Question

Answers = dict[str, Any]
ProblemCode = Literal[
    "answers_not_a_mapping",
    "no_such_question",
    "retired",
    "already_answered",
    "no_such_answer",
    "no_such_choice",
    "choice_twice",
    "none_with_others",
    "not_a_number",
    "out_of_range",
    "not_a_whole_number",
    "not_a_text",
    "unknown_not_offered",
    "na_not_offered",
    "na_needs_reason",
]


class AnswerProblem(TypedDict):
    """Why an answer cannot be. Who shows it puts it in words."""

    question: str
    code: ProblemCode
    target: NotRequired[str]  # of `already_answered`: the question of today that has an answer


def accept(assessment: Assessment, entries: Any) -> tuple[Answers, list[AnswerProblem]]:
    """The answers that can be, under today's ids; and a problem for each that cannot."""
    if not isinstance(entries, Mapping):
        return {}, [{"question": "", "code": "answers_not_a_mapping"}]
    questions = {question.id: question for question in assessment.every_question()}
    answers: Answers = {}
    problems: dict[tuple[object, ...], AnswerProblem] = {}  # by its values: each is there once
    moved = was(assessment)

    def note(problem: AnswerProblem) -> None:
        problems[tuple(problem.values())] = problem

    def is_answered(target: str, id: str) -> bool:
        """Whether a question has another answer than that of the one which it took the place of."""
        if target == id:
            return False
        return target in entries or _first(moved, target, entries) != id

    for id, answer in sorted(entries.items(), key=_place_in_a_browser):
        if id not in questions and id not in moved:
            is_retired = id in assessment.retired
            note({"question": str(id), "code": "retired" if is_retired else "no_such_question"})
            continue
        for target in [id] if id in questions else moved[id]:
            if is_answered(target, id):
                note({"question": id, "code": "already_answered", "target": target})
            elif code := _take(answers, questions[target], answer):
                note({"question": id, "code": code})
    return answers, [*problems.values()]


def was(assessment: Assessment) -> dict[str, list[str]]:
    """The ids of earlier versions and those that took their place."""
    moved: dict[str, list[str]] = {}
    for question in assessment.every_question():
        if question.was:
            moved.setdefault(question.was, []).append(question.id)
    for split in assessment.split:
        moved.setdefault(split.from_, []).extend(split.into)
    return moved


def _first(moved: Mapping[str, list[str]], target: str, entries: Mapping[str, Any]) -> str:
    """Of earlier questions that are answered, the one whose answer a question takes over."""
    return next(id for id, targets in moved.items() if target in targets and id in entries)


def _take(answers: Answers, question: Question, answer: Any) -> ProblemCode | None:
    """Takes an answer in; or says why not."""
    answer = _carried(question, answer)
    code = refusal(question, answer)
    if not code:
        answers[question.id] = answer
    return code


def _carried(question: Question, answer: Any) -> Any:
    """An answer under today's ids."""
    items: Sequence[Answer | Choice] = ()
    if question.kind == "one" and question.scale:
        items = question.scale.answers
    elif question.kind == "many":
        items = question.choices
    renamed = {item.was: item.id for item in items if item.was}

    def carried(id: Any) -> Any:
        return renamed.get(id, id) if isinstance(id, str) else id

    return [carried(id) for id in answer] if isinstance(answer, list) else carried(answer)


def refusal(question: Question, answer: Any) -> ProblemCode | None:
    """Why an answer cannot be; None if it can."""
    if isinstance(answer, Mapping):
        return _refusal_of_state(question, answer)
    return REFUSALS[question.kind](question, answer)


def is_unknown(answer: Any) -> bool:
    return isinstance(answer, Mapping) and len(answer) == 1 and answer.get("unknown") is True


def _refusal_of_state(question: Question, answer: Mapping[str, Any]) -> ProblemCode | None:
    if is_unknown(answer):
        return None if question.unknown and question.kind == "one" else "unknown_not_offered"
    if len(answer) != 1 or not isinstance(answer.get("na"), str):
        return "no_such_answer"
    if not question.na or not question.na.allowed:
        return "na_not_offered"
    has_reason = any(sign > " " for sign in answer["na"])
    return None if has_reason or question.na.reason == "optional" else "na_needs_reason"


def _refusal_of_one(question: Question, answer: Any) -> ProblemCode | None:
    ids = question.scale.ids if question.scale else ()
    return None if isinstance(answer, str) and answer in ids else "no_such_answer"


def _refusal_of_many(question: Question, answer: Any) -> ProblemCode | None:
    ids = choice_ids(question)
    if not isinstance(answer, list):
        return "no_such_choice"
    if not all(isinstance(id, str) and id in ids for id in answer):
        return "no_such_choice"
    if len(set(answer)) < len(answer):
        return "choice_twice"
    return "none_with_others" if NONE_OF_THESE in answer and len(answer) > 1 else None


def _refusal_of_number(question: Question, answer: Any) -> ProblemCode | None:
    number = as_number(answer)
    if number is None:
        return "not_a_number"
    low = -inf if question.min is None else question.min
    high = inf if question.max is None else question.max
    if not low <= number <= high:
        return "out_of_range"
    return "not_a_whole_number" if question.whole and not number.is_integer() else None


def as_number(answer: Any) -> float | None:
    """A number as a double, as the browser reads it."""
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        return None
    try:
        return float(answer) + 0.0 if isfinite(answer) else None
    except OverflowError:
        return None


def _refusal_of_text(question: Question, answer: Any) -> ProblemCode | None:
    return None if isinstance(answer, str) else "not_a_text"


REFUSALS: Mapping[str, Callable[[Question, Any], ProblemCode | None]] = {
    "one": _refusal_of_one,
    "many": _refusal_of_many,
    "number": _refusal_of_number,
    "text": _refusal_of_text,
}


def settled(model: ScoringModel, answers: Answers) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each answer."""
    for id, answer in answers.items():
        yield id, outcome(model, id, answer)


def outcome(model: ScoringModel, id: str, answer: Any) -> Outcome:
    """What an answer that can be comes to."""
    question = model.questions[id]
    if isinstance(answer, str):
        return model.options[id].by_answer.get(answer, GIVEN)
    if isinstance(answer, Mapping):
        if "na" in answer:
            return NOT_APPLICABLE
        return model.options[id].unknown
    if question.kind == "many":
        return of_choices(question, answer)
    number = as_number(answer)
    return GIVEN if number is None else replace(GIVEN, number=(number, number, False))


def _place_in_a_browser(item: tuple[str, Any]) -> int:
    """A browser lists keys that are whole numbers first, whatever the order in the file."""
    is_index = re.fullmatch(r"0|[1-9][0-9]{0,9}", str(item[0])) and int(item[0]) < 2**32 - 1
    return int(item[0]) if is_index else 2**32
