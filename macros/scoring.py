"""Answers in, result out.

    score(assessment, {"answers": {"outcome_ownership": "red", "metric_integrity": {"unknown": true}}})

A result says what every way of answering the open questions agrees on; where they differ, what is
still possible. `docs/assets/assessment/score.js` is the same in the reader's browser, and
`tests/vectors` holds both to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import Any

from expressions import FALSE, TRUE, State, condition, questions_in
from model import Assessment, Tree, Verdict

MOST_COMPLETIONS = 20_000  # above, possible verdicts are bounds and no longer exact
MOST_EVALUATIONS = 20_000  # of pairs of changes, for the distance

Given = str | Mapping[str, Any]  # an answer's id, or {"unknown": true}
Answers = dict[str, Given]
Result = dict[str, Any]


def score(assessment: Assessment, reading: Mapping[str, Any]) -> Result:
    """The result of a reading, as JSON has it.

    Answers that cannot be are listed in `problems` and their questions are open.
    """
    answers, problems = accept(assessment, reading.get("answers", {}))
    state = state_of(assessment, answers)
    possible, exact = possible_verdicts(assessment, state)
    verdict = possible[0] if len(possible) == 1 else None
    return {
        "assessment": assessment.id,
        "version": assessment.version,
        "verdict": verdict,
        "possible": possible,
        "exact": exact or verdict is not None,
        "counts": counts(assessment, state),
        "coverage": coverage(assessment, answers),
        "warnings": [warning.id for warning in assessment.warnings if _certain(assessment, warning.when.tree, state)],
        "why": {"questions": why(assessment, verdict, state)},
        "distance": list(distance(assessment, answers, verdict)) if verdict else [],
        "problems": problems,
    }


def accept(assessment: Assessment, given: Any) -> tuple[Answers, list[dict[str, str]]]:
    """The answers that can be, and a problem for each that cannot."""
    answers: Answers = {}
    problems = []
    if not isinstance(given, Mapping):
        return {}, [{"question": "", "message": "answers is not a mapping of questions to answers"}]
    known = {question.id for question in assessment.questions}
    for question, answer in sorted(given.items(), key=_place_in_a_browser):
        if question not in known:
            problems.append({"question": str(question), "message": "no such question"})
        elif answer in assessment.scale.ids or (assessment.unknown and is_unknown(answer)):
            answers[question] = answer
        else:
            problems.append({"question": question, "message": "no such answer"})
    return answers, problems


def _place_in_a_browser(item: tuple[str, Any]) -> int:
    """A browser lists keys that are whole numbers first, whatever the order in the file."""
    whole = re.fullmatch(r"0|[1-9][0-9]{0,9}", str(item[0])) and int(item[0]) < 2**32 - 1
    return int(item[0]) if whole else 2**32


def is_unknown(answer: Any) -> bool:
    return isinstance(answer, Mapping) and len(answer) == 1 and answer.get("unknown") is True


def state_of(assessment: Assessment, answers: Answers) -> State:
    """The options of every question: the one given, or all that are offered."""
    unknown = (assessment.unknown, True)
    offered = (*((id, False) for id in assessment.scale.ids), *((unknown,) if assessment.unknown else ()))

    def options(question: str) -> tuple[tuple[str, bool], ...]:
        answer = answers.get(question)
        if answer is None:
            return offered
        return ((answer, False),) if isinstance(answer, str) else (unknown,)

    return State({question.id: options(question.id) for question in assessment.questions})


def counts(assessment: Assessment, state: State) -> dict[str, int]:
    """How many questions have each answer; "can't tell" is with what it counts as."""
    settled = [options[0][0] for options in state.options.values() if len(options) == 1]
    return {id: settled.count(id) for id in assessment.scale.ids}


def coverage(assessment: Assessment, answers: Answers) -> dict[str, int]:
    unknown = sum(1 for answer in answers.values() if not isinstance(answer, str))
    return {
        "answered": len(answers) - unknown,
        "unknown": unknown,
        "open": len(assessment.questions) - len(answers),
    }


# --- what can still be ---------------------------------------------------------------------


def possible_verdicts(assessment: Assessment, state: State) -> tuple[list[str], bool]:
    """The verdicts that a completion can have, in their order; and whether each of them really can."""
    depends = verdict_questions(assessment)
    open_sizes = [len(options) for id, options in state.options.items() if id in depends]
    if prod(open_sizes) > MOST_COMPLETIONS:
        return list(candidates(assessment.verdicts, state)), False
    found = possible(lambda state: candidates(assessment.verdicts, state), state, depends)
    return [verdict.id for verdict in assessment.verdicts if verdict.id in found], True


def verdict_questions(assessment: Assessment) -> set[str]:
    every = [question.id for question in assessment.questions]
    return set().union(*(questions_in(verdict.when.tree, every) for verdict in assessment.verdicts if verdict.when))


def candidates(verdicts: Sequence[Verdict], state: State) -> Iterator[str]:
    """The verdicts that cannot be ruled out, up to the first that surely holds."""
    for verdict in verdicts:
        value = condition(verdict.when.tree, state) if verdict.when else TRUE
        if value & TRUE:
            yield verdict.id
        if value == TRUE:
            return


def possible(decide: Callable[[State], Iterable[Any]], state: State, depends: set[str]) -> set[Any]:
    """All that `decide` comes to over every completion: branch on open questions, leave out settled branches."""
    found: set[Any] = set()

    def visit(state: State) -> None:
        seen = set(decide(state))
        if len(seen) == 1:
            found.update(seen)
        if seen <= found:
            return
        question = next(id for id, options in state.options.items() if id in depends and len(options) > 1)
        for option in state.options[question]:
            visit(State({**state.options, question: (option,)}))

    visit(state)
    return found


def _certain(assessment: Assessment, tree: Tree, state: State) -> bool:
    every = list(state.options)
    depends = questions_in(tree, every)
    if prod(len(state.options[id]) for id in depends) > MOST_COMPLETIONS:
        return condition(tree, state) == TRUE
    return possible(lambda state: _values(condition(tree, state)), state, depends) == {TRUE}


def _values(value: int) -> Iterator[int]:
    yield from (one for one in (TRUE, FALSE) if value & one)


# --- why, and how far to the next ----------------------------------------------------------


def why(assessment: Assessment, verdict: str | None, state: State) -> list[str]:
    """The questions in those parts of the winning rule that are true, in their order; for `otherwise` none."""
    rule = next((v.when for v in assessment.verdicts if v.id == verdict), None)
    named = set(_reasons(rule.tree, state)) if rule else set()
    return [question.id for question in assessment.questions if question.id in named]


def _reasons(tree: Any, state: State) -> Iterator[str]:
    if not isinstance(tree, list):
        return
    name, *parts = tree
    if name in ("and", "or"):
        for part in parts:
            if condition(part, state) == TRUE:
                yield from _reasons(part, state)
    elif name == "is":
        yield parts[0]
    elif name == "count":
        yield from (id for id, options in state.options.items() if all(option[0] == parts[0] for option in options))
    elif name == "unknown":
        yield from (id for id, options in state.options.items() if all(option[1] for option in options))
    else:
        for part in parts:
            yield from _reasons(part, state)


def distance(assessment: Assessment, answers: Answers, verdict: str) -> Iterator[dict[str, Any]]:
    """The smallest changes of given answers that make another verdict certain, in the order of the questions."""
    given = [question.id for question in assessment.questions if question.id in answers]
    others = {q: [id for id in assessment.scale.ids if id != answers[q]] for q in given}
    for size in (1, 2):
        groups = list(combinations(given, size))
        if size > 1 and sum(prod(len(others[q]) for q in group) for group in groups) > MOST_EVALUATIONS:
            return
        found = False
        for group in groups:
            for change in product(*(others[q] for q in group)):
                changes = dict(zip(group, change, strict=True))
                state = state_of(assessment, {**answers, **changes})
                possible, _ = possible_verdicts(assessment, state)
                if len(possible) == 1 and possible[0] != verdict:
                    found = True
                    yield {"changes": changes, "verdict": possible[0]}
        if found:
            return
