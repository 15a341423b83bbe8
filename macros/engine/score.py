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
STATES = ("answered", "unknown", "na", "open")
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
        "warnings": list(_warnings(model, state)),
        "valueless": valueless(model, measures, state),
        "why": why(model, verdict, measures, state),
        "distance": list(distances(model, answers, verdict)) if verdict and distance else [],
        "problems": problems,
    }


def _warnings(model: ScoringModel, state: State) -> Iterator[str]:
    for warning in model.assessment.warnings:
        if values(model, warning.when.tree, state) == [TRUE]:
            yield warning.id


def counts(model: ScoringModel, state: State) -> dict[str, int]:
    """How many questions have each answer; "can't tell" is with what it counts as."""
    numbers = {answer.id: 0 for options in model.options.values() for answer in options.scale}
    for id in model.questions:
        answers = state.outcome(id).answers
        if len(answers) == 1 and answers[0]:
            numbers[answers[0]] += 1
    return numbers


def coverage(model: ScoringModel, answers: Answers, state: State) -> dict[str, Any]:
    """How many questions are answered, unknown, not applicable and open, without hidden ones."""
    total = dict.fromkeys(STATES, 0)
    sections: dict[str, dict[str, int]] = {}
    for section in model.assessment.sections:
        numbers = dict.fromkeys(STATES, 0)
        for question in section.questions:
            if state.shown(question.id) & TRUE:
                name = _state_of(answers.get(question.id))
                numbers[name] += 1
                total[name] += 1
        sections[section.id] = numbers
    return total if list(sections) in ([], [""]) else {**total, "sections": sections}


def _state_of(answer: Any) -> str:
    if answer is None:
        return "open"
    if is_unknown(answer):
        return "unknown"
    return "na" if isinstance(answer, Mapping) else "answered"


# --- what can still be ---------------------------------------------------------------------


def completions(model: ScoringModel, state: State, depends: Sequence[str]) -> float:
    return prod(model.options[id].size for id in state.open_questions(depends))


def possible_verdicts(model: ScoringModel, state: State) -> tuple[list[str], bool]:
    """The verdicts that a completion can have, in their order; and whether each really can."""
    verdicts = model.assessment.verdicts
    depends = model.verdict_questions
    if completions(model, state, depends) > MOST_COMPLETIONS:
        return bounded(model, state, depends), False
    ids = possible(lambda state: candidates(model, state, depends), model, state, depends)
    return [verdict.id for verdict in verdicts if verdict.id in ids], True


def bounded(model: ScoringModel, state: State, depends: Sequence[str]) -> list[str]:
    """The verdicts that are left without trying completions: all that can be, and maybe more."""
    return [id for id in candidates(model, state, depends) if id]


def candidates(model: ScoringModel, state: State, depends: Sequence[str]) -> list[str]:
    """The verdicts that cannot be ruled out, up to the first that surely holds; "" where nothing
    may count at all.
    """
    ids = []
    if depends and not any(state.outcome(id).counts == TRUE for id in depends):
        ids = [""]
        if all(state.outcome(id).counts == FALSE for id in depends):
            return ids
    for verdict in model.assessment.verdicts:
        value = condition(verdict.when.tree, state) if verdict.when else TRUE
        if value & TRUE:
            ids.append(verdict.id)
        if value == TRUE:
            break
    return ids


def possible(
    decide: Callable[[State], Iterable[Any]],
    model: ScoringModel,
    state: State,
    depends: Sequence[str],
) -> set[Any]:
    """All that `decide` comes to over every completion: branches on questions that are open."""
    results: set[Any] = {""}  # a completion in which nothing counts is not looked for

    def visit() -> None:
        branch = set(decide(state))
        if len(branch) == 1:
            results.update(branch)
        if branch <= results:
            return
        question = next(state.open_questions(depends))
        for _ in state.with_each_option(question, model.options[question].each):
            visit()

    visit()
    return results


def values(model: ScoringModel, tree: Tree, state: State) -> list[int]:
    """What a condition comes to over every completion: TRUE, FALSE, NONE."""
    bits = condition(tree, state)
    depends = model.depends(tree)
    if bits in LITERAL or completions(model, state, depends) > MOST_COMPLETIONS:
        return list(_single(bits))
    results = possible(lambda state: _single(condition(tree, state)), model, state, depends)
    return [bit for bit in LITERAL if bit in results]


def _single(bits: int) -> Iterator[int]:
    yield from (bit for bit in LITERAL if bits & bit)


# --- measures ------------------------------------------------------------------------------


def measured(model: ScoringModel, id: str, state: State) -> Result:
    """A measure's value, or its range, or the truth values that are possible."""
    value, tree = state.find_measure(id), model.measures[id]
    if certain := _certain(value):
        return certain
    exact = within(model, tree, state)
    if isinstance(value, int):
        literals = [LITERAL[bit] for bit in values(model, tree, state)]
        if len(literals) == 1:
            return {"value": literals[0]}
        return {"possible": literals, "exact": exact}
    value = attained(model, tree, state) if exact else value
    if certain := _certain(value):
        return certain
    low, high, none = value
    return {"range": [plain(low), plain(high)], "maybe_none": none, "exact": exact}


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

        def visit(bound: float) -> None:
            nonlocal best
            if bound >= best:
                return
            question = next(state.open_questions(depends), None)
            if question is None:
                best = bound
                return
            options = model.options[question].each
            keys = [key(_range(tree, state)) for _ in state.with_each_option(question, options)]
            # The least first, so that others are soon ruled out.
            order = sorted(range(len(options)), key=keys.__getitem__)
            in_order = state.with_each_option(question, [options[n] for n in order])
            for n, _ in zip(order, in_order, strict=True):
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
    results: Result = {}
    for name, measure in assessment.measures.items():
        if measure.per:
            sections = {section: measures[f"{name}({section})"] for section in measure.trees}
            results[name] = {"sections": sections}
        else:
            results[name] = measures[name]
    return results


def valueless(model: ScoringModel, measures: Mapping[str, Result], state: State) -> list[str]:
    """The measures, verdicts and warnings whose expression is none in every completion."""
    rules: list[Verdict | Warning] = [*model.assessment.verdicts, *model.assessment.warnings]
    ids = [id for id, result in measures.items() if result == {"value": None}]
    for rule in rules:
        if rule.when and _is_none(model, rule.when.tree, state):
            ids.append(rule.id)
    return ids


def _is_none(model: ScoringModel, tree: Tree, state: State) -> bool:
    return bool(condition(tree, state) & NONE) and values(model, tree, state) == [NONE]


# --- why, and how far to the next ----------------------------------------------------------


def why(
    model: ScoringModel, verdict: str | None, measures: Mapping[str, Result], state: State
) -> Result:
    """The questions and measures in the true parts of the winning rule; none of `otherwise`."""
    rules = {verdict.id: verdict.when for verdict in model.assessment.verdicts}
    rule = rules.get(verdict) if verdict else None
    ids = set(_reasons(rule.tree, state)) if rule else set()
    reasons = {id: measures[id] for id in measures if id in ids}
    certain = {id: result["value"] for id, result in reasons.items() if "value" in result}
    return {"questions": model.in_order(ids), "measures": certain}


def _reasons(tree: Any, state: State, result: int = TRUE) -> Iterator[str]:
    """The questions and measures in the parts of a tree that are true; under `not`, false."""
    if not isinstance(tree, list):
        return
    name, *parts = tree
    if name == "not":
        yield from _reasons(parts[0], state, FALSE if result == TRUE else TRUE)
    elif name in ("and", "or"):
        for part in parts:
            if condition(part, state) == result:
                yield from _reasons(part, state, result)
    elif name == "each":
        if state.part(tree):
            for part in parts:
                yield from _reasons(part, state)
    elif name in ("any", "all"):
        for _, holds, value in _deciding(tree, state, result):
            yield from _reasons(holds, state)
            yield from _reasons(value, state, result)
    elif name == "if":
        test, then_part, else_part = parts
        is_true = condition(test, state) == TRUE
        yield from _reasons(test, state, TRUE if is_true else FALSE)
        yield from _reasons(then_part if is_true else else_part, state, result)
    elif name == "count":
        answer, scope = parts
        for id in state.model.scopes[scope]:
            if state.outcome(id).answers == (answer,):
                yield id
    elif name in SCOPED:
        bit = name if name in ("answered", "unknown", "na") else "counts"
        for id in state.model.scopes[parts[0]]:
            if getattr(state.outcome(id), bit) == TRUE:
                yield id
    elif name in ("is", "chosen", "number", "value", "measure"):
        yield parts[0]
    elif name == "lookup":
        yield from parts[:2]
    elif name != "applies":
        for part in parts:
            yield from _reasons(part, state)


def _deciding(tree: Sequence[Any], state: State, result: int) -> Iterator[Any]:
    """The elements by which an `any` or `all` comes to a result: where `all` is true, each of them;
    else those that come to it themselves.
    """
    name, *elements = tree
    for each in elements:
        if (name == "all" and result == TRUE) or _is(each, state, result):
            yield each


def _is(each: Sequence[Any], state: State, result: int) -> bool:
    """Whether an element counts, and comes to a result."""
    part = state.part(each)
    return bool(part and part[0] and part[1] == result)


def distances(model: ScoringModel, answers: Answers, verdict: str) -> Iterator[Result]:
    """The smallest changes of given answers that make another verdict certain, in the order of the
    questions.

    Where changes times completions are more than can be tried, a verdict is certain that its bounds
    leave alone.
    """
    state = State(model, dict(settled(model, answers)))
    depends = model.verdict_questions
    alternatives = {
        id: [answer.id for answer in model.options[id].scale if answer.id != answers[id]]
        for id in depends
        if id in answers and state.shown(id) == TRUE and model.questions[id].kind == "one"
    }
    open_completions = completions(model, state, depends)

    def tried(changes: Result, waiting: Sequence[str], exact: bool) -> Iterator[Result]:
        if waiting:
            id, still_waiting = waiting[0], waiting[1:]
            options = [outcome(model, id, answer) for answer in alternatives[id]]
            settled_by_each = state.with_each_option(id, options)
            for answer, _ in zip(alternatives[id], settled_by_each, strict=True):
                yield from tried({**changes, id: answer}, still_waiting, exact)
            return
        possible = possible_verdicts(model, state)[0] if exact else bounded(model, state, depends)
        if len(possible) == 1 and possible[0] != verdict:
            yield {"changes": changes, "verdict": possible[0]}

    for size in (1, 2):
        groups = list(combinations(alternatives, size))
        tries = sum(prod(len(alternatives[id]) for id in group) for group in groups)
        if size > 1 and tries > MOST_EVALUATIONS:
            return
        exact = tries * open_completions <= MOST_EVALUATIONS
        has_any = False
        for group in groups:
            for change in tried({}, group, exact):
                has_any = True
                yield change
        if has_any:
            return
