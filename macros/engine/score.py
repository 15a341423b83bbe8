"""Answers in, result out.

    score(assessment, {"answers": {"outcome_ownership": "red"}})

A result says what every way of answering the open questions agrees on; where they differ, what is
still possible. `docs/assets/engine/score.js` is the same in the reader's browser, and
`tests/data/vectors` holds both to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import inf, prod
from typing import Any

from macros.engine.answers import Answers, accept, is_unknown, outcome, settled
from macros.engine.evaluate import FALSE, NONE, NOTHING, TRUE, Range, Value, condition, evaluate
from macros.engine.state import MOST_COMPLETIONS, SCOPED, ScoringModel, State, scoring_model
from macros.model import Assessment, Tree, Verdict, Warning

MOST_EVALUATIONS = 20_000  # of changes, for the distance
LITERAL = {TRUE: True, FALSE: False, NONE: None}

Result = dict[str, Any]


def score(assessment: Assessment, reading: Mapping[str, Any], distance: bool = True) -> Result:
    """The result of a reading, as JSON has it; without `distance` where many are scored.

    Answers that cannot be are listed in `problems` and their questions are open.
    """
    model = scoring_model(assessment)
    answers, problems = accept(assessment, reading.get("answers", {}))
    state = State(model, dict(settled(model, answers)))
    possible, exact = possible_verdicts(model, state)
    verdict = possible[0] if len(possible) == 1 else None
    measures = {id: measured(model, id, state) for id in model.measures}
    return {
        "assessment": assessment.id,
        "version": assessment.version,
        "verdict": verdict,
        "possible": possible,
        "exact": exact or verdict is not None,
        "measures": _by_section(assessment, measures),
        "counts": counts(model, state),
        "coverage": coverage(model, answers, state),
        "warnings": [
            one.id for one in assessment.warnings if values(model, one.when.tree, state) == [TRUE]
        ],
        "valueless": valueless(model, measures, state),
        "why": why(model, verdict, measures, state),
        "distance": list(distances(model, answers, verdict)) if verdict and distance else [],
        "problems": problems,
    }


def counts(model: ScoringModel, state: State) -> dict[str, int]:
    """How many questions have each answer; "can't tell" is with what it counts as."""
    found = {answer.id: 0 for options in model.options.values() for answer in options.scale}
    for id in model.questions:
        answers = state.outcome(id).answers
        if len(answers) == 1 and answers[0]:
            found[answers[0]] += 1
    return found


def coverage(model: ScoringModel, answers: Answers, state: State) -> dict[str, Any]:
    """How many questions are answered, unknown, not applicable and open; hidden ones are none of
    these.
    """
    sections = model.assessment.sections
    parts = {
        section.id: _covered([q.id for q in section.questions], answers, state)
        for section in sections
    }
    total = {
        name: sum(part[name] for part in parts.values())
        for name in ("answered", "unknown", "na", "open")
    }
    return total if list(parts) in ([], [""]) else {**total, "sections": parts}


def _covered(questions: Sequence[str], answers: Answers, state: State) -> dict[str, int]:
    found = dict.fromkeys(("answered", "unknown", "na", "open"), 0)
    for id in questions:
        if state.shown(id) & TRUE:
            answer = answers.get(id)
            part = (
                "unknown"
                if is_unknown(answer)
                else "na"
                if isinstance(answer, Mapping)
                else "answered"
            )
            found["open" if answer is None else part] += 1
    return found


# --- what can still be ---------------------------------------------------------------------


def completions(model: ScoringModel, state: State, depends: Sequence[str]) -> float:
    return prod(model.options[id].size for id in state.open_questions(depends))


def possible_verdicts(model: ScoringModel, state: State) -> tuple[list[str], bool]:
    """The verdicts that a completion can have, in their order; and whether each of them really
    can.
    """
    verdicts = model.assessment.verdicts
    depends = model.verdict_questions
    if completions(model, state, depends) > MOST_COMPLETIONS:
        return bounded(model, state, depends), False
    found = possible(lambda state: candidates(model, state, depends), model, state, depends)
    return [verdict.id for verdict in verdicts if verdict.id in found], True


def bounded(model: ScoringModel, state: State, depends: Sequence[str]) -> list[str]:
    """The verdicts that are left without trying completions: all that can be, and maybe more."""
    return [id for id in candidates(model, state, depends) if id]


def candidates(model: ScoringModel, state: State, depends: Sequence[str]) -> list[str]:
    """The verdicts that cannot be ruled out, up to the first that surely holds; "" where nothing
    may count at all.
    """
    found = []
    if depends and not any(state.outcome(id).counts == TRUE for id in depends):
        found = [""]
        if all(state.outcome(id).counts == FALSE for id in depends):
            return found
    for verdict in model.assessment.verdicts:
        value = condition(verdict.when.tree, state) if verdict.when else TRUE
        if value & TRUE:
            found.append(verdict.id)
        if value == TRUE:
            break
    return found


def possible(
    decide: Callable[[State], Iterable[Any]],
    model: ScoringModel,
    state: State,
    depends: Sequence[str],
) -> set[Any]:
    """All that `decide` comes to over every completion: branch on open questions, leave out settled
    branches.
    """
    found: set[Any] = {""}  # a completion in which nothing counts is not looked for

    def visit() -> None:
        seen = set(decide(state))
        if len(seen) == 1:
            found.update(seen)
        if seen <= found:
            return
        question = next(state.open_questions(depends))
        for _ in state.with_each_option(question, model.options[question].each):
            visit()

    visit()
    return found


def values(model: ScoringModel, tree: Tree, state: State) -> list[int]:
    """What a condition comes to over every completion: TRUE, FALSE, NONE."""
    bits = condition(tree, state)
    depends = model.depends(tree)
    if bits in LITERAL or completions(model, state, depends) > MOST_COMPLETIONS:
        return list(_single(bits))
    found = possible(lambda state: _single(condition(tree, state)), model, state, depends)
    return [bit for bit in LITERAL if bit in found]


def _single(bits: int) -> Iterator[int]:
    yield from (bit for bit in LITERAL if bits & bit)


# --- measures ------------------------------------------------------------------------------


def measured(model: ScoringModel, id: str, state: State) -> Result:
    """A measure's value, or its range, or the truth values that are possible."""
    value, tree = state.find_measure(id), model.measures[id]
    if told := _certain(value):
        return told
    exact = within(model, tree, state)
    if isinstance(value, int):
        found = values(model, tree, state)
        told = {"value": LITERAL[found[0]]} if len(found) == 1 else None
        return told or {"possible": [LITERAL[bit] for bit in found], "exact": exact}
    value = attained(model, tree, state) if exact else value
    return _certain(value) or {
        "range": [plain(value[0]), plain(value[1])], "maybe_none": value[2], "exact": exact
    }  # fmt: skip


def _certain(value: Value) -> Result | None:
    """The one value that is left, if there is one."""
    if isinstance(value, int):
        return {"value": LITERAL[value]} if value in LITERAL else None
    low, high, none = value
    if low > high:
        return {"value": None}
    return {"value": plain(low)} if low == high and not none else None


def within(model: ScoringModel, tree: Tree, state: State) -> bool:
    """Whether all completions of what a tree depends on are few enough to be tried."""
    return completions(model, state, model.depends(tree)) <= MOST_COMPLETIONS


def attained(model: ScoringModel, tree: Tree, state: State) -> Range:
    """The least and the highest value over every completion, and whether there can be none."""
    depends = model.depends(tree)

    def least(key: Callable[[Range], float], start: float) -> float:
        """The least that a key comes to, of a value and so of all values within it."""
        best = start

        def visit(found: float) -> None:
            nonlocal best
            if found >= best:
                return
            question = next(state.open_questions(depends), None)
            if question is None:
                best = found
                return
            options = model.options[question].each
            keys = [key(_range(tree, state)) for _ in state.with_each_option(question, options)]
            order = sorted(range(len(options)), key=keys.__getitem__)
            for n, _ in zip(
                order, state.with_each_option(question, [options[n] for n in order]), strict=True
            ):
                visit(keys[n])

        visit(key(_range(tree, state)))
        return best

    low, high = least(lambda value: value[0], inf), -least(lambda value: -value[1], inf)
    return low, high + 0.0, least(lambda value: 0 if value[2] else 1, 1) == 0


def _range(tree: Tree, state: State) -> Range:
    value = evaluate(tree, state)
    return NOTHING if isinstance(value, int) else value


def plain(number: float) -> float | int | None:
    """A number as JSON has it; an open bound is null."""
    if number in (inf, -inf):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _by_section(assessment: Assessment, measures: Mapping[str, Result]) -> Result:
    return {
        name: (
            {"sections": {section: measures[f"{name}({section})"] for section in measure.trees}}
            if measure.per
            else measures[name]
        )
        for name, measure in assessment.measures.items()
    }


def valueless(model: ScoringModel, measures: Mapping[str, Result], state: State) -> list[str]:
    """The measures, verdicts and warnings whose expression is none in every completion."""
    rules: list[Verdict | Warning] = [*model.assessment.verdicts, *model.assessment.warnings]
    empty = [one.id for one in rules if one.when and _is_none(model, one.when.tree, state)]
    return [*(id for id, one in measures.items() if one == {"value": None}), *empty]


def _is_none(model: ScoringModel, tree: Tree, state: State) -> bool:
    return bool(condition(tree, state) & NONE) and values(model, tree, state) == [NONE]


# --- why, and how far to the next ----------------------------------------------------------


def why(
    model: ScoringModel, verdict: str | None, measures: Mapping[str, Result], state: State
) -> Result:
    """The questions in those parts of the winning rule that are true, and the measures in it; for
    `otherwise` none.
    """
    rule = next((one.when for one in model.assessment.verdicts if one.id == verdict), None)
    named = set(_reasons(rule.tree, state)) if rule else set()
    known = {id: one["value"] for id, one in measures.items() if id in named and "value" in one}
    return {"questions": model.in_order(named), "measures": known}


def _reasons(tree: Any, state: State, wanted: int = TRUE) -> Iterator[str]:
    """The ids of the questions and measures in the parts of a tree that are true; under `not`, that
    are false.
    """
    if not isinstance(tree, list):
        return
    name, *parts = tree
    if name == "not":
        yield from _reasons(parts[0], state, FALSE if wanted == TRUE else TRUE)
    elif name in ("and", "or"):
        for part in parts:
            if condition(part, state) == wanted:
                yield from _reasons(part, state, wanted)
    elif name == "each":
        if state.part(tree):
            for part in parts:
                yield from _reasons(part, state)
    elif name in ("any", "all"):
        told = (
            parts
            if name == "all" and wanted == TRUE
            else [e for e in parts if _is(e, state, wanted)]
        )
        for each in told:
            yield from _reasons(each[1], state)
            yield from _reasons(each[2], state, wanted)
    elif name == "if":
        holds = condition(parts[0], state) == TRUE
        yield from _reasons(parts[0], state, TRUE if holds else FALSE)
        yield from _reasons(parts[1] if holds else parts[2], state, wanted)
    elif name == "count":
        yield from (
            id for id in state.model.scopes[parts[1]] if state.outcome(id).answers == (parts[0],)
        )
    elif name in SCOPED:
        bit = name if name in ("answered", "unknown", "na") else "counts"
        yield from (
            id for id in state.model.scopes[parts[0]] if getattr(state.outcome(id), bit) == TRUE
        )
    elif name in ("is", "chosen", "number", "value", "measure"):
        yield parts[0]
    elif name == "lookup":
        yield from parts[:2]
    elif name != "applies":
        for part in parts:
            yield from _reasons(part, state)


def _is(each: Sequence[Any], state: State, wanted: int) -> bool:
    """Whether an element counts, and comes to what is wanted."""
    part = state.part(each)
    return bool(part and part[0] and part[1] == wanted)


def distances(model: ScoringModel, answers: Answers, verdict: str) -> Iterator[Result]:
    """The smallest changes of given answers that make another verdict certain, in the order of the
    questions.

    Where changes times completions are more than can be tried, a verdict is certain that its bounds
    leave alone.
    """
    state = State(model, dict(settled(model, answers)))
    depends = model.verdict_questions
    given = [
        id
        for id in depends
        if id in answers and state.shown(id) == TRUE and model.questions[id].kind == "one"
    ]
    others = {id: [a.id for a in model.options[id].scale if a.id != answers[id]] for id in given}
    left = completions(model, state, depends)

    def tried(changes: Result, waiting: Sequence[str], exact: bool) -> Iterator[Result]:
        if waiting:
            id, rest = waiting[0], waiting[1:]
            options = [outcome(model, id, answer) for answer in others[id]]
            for answer, _ in zip(others[id], state.with_each_option(id, options), strict=True):
                yield from tried({**changes, id: answer}, rest, exact)
            return
        possible = possible_verdicts(model, state)[0] if exact else bounded(model, state, depends)
        if len(possible) == 1 and possible[0] != verdict:
            yield {"changes": changes, "verdict": possible[0]}

    for size in (1, 2):
        groups = list(combinations(others, size))
        tries = sum(prod(len(others[id]) for id in group) for group in groups)
        if size > 1 and tries > MOST_EVALUATIONS:
            return
        found = [
            change
            for group in groups
            for change in tried({}, group, tries * left <= MOST_EVALUATIONS)
        ]
        yield from found
        if found:
            return
