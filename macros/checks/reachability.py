"""Which verdicts some combination of answers reaches, and which none does.

A combination is looked for by branch and prune. Questions that nothing tells apart are answered in
the order of their options, so rules that only count are proved over counts and not over all
answers. Only what has been looked through is called proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, comb, floor, inf, prod

from macros.engine.answers import outcome as outcome_of
from macros.engine.evaluate import TRUE, condition
from macros.engine.outcomes import Outcome, of_choices
from macros.engine.score import candidates
from macros.engine.state import MOST_COMPLETIONS, SCOPED, ScoringModel, State, scoring_model
from macros.model import Assessment, Question, Tree

MOST_RULES = 1_000_000  # worked out in all searches of an assessment
MOST_PATH = 100  # of questions, each shown by the next, and what is between them
FEW = 20  # questions: what depends on more of them takes longer to work out
THOROUGH = 10  # times as many combinations, with `check --thorough`
MOST_STEPS = 1_000  # of a search that cannot be ended, per verdict
MOST_TRIED = 8  # choices of which all sets are tried


class TooDeep(Exception):
    """Questions are shown by others that are shown by others, and so on. Its text is the id of one
    of them.
    """


class Effort:
    """How much is still looked through for an assessment."""

    def __init__(self, thorough: bool) -> None:
        self.factor = THOROUGH if thorough else 1
        self.rules = MOST_RULES * self.factor


class _TooMany(Exception):
    """The search is given up."""


def find_cycle(assessment: Assessment) -> list[str]:
    """A path of questions whose `show` leads back to the first; empty where there is none."""
    model = scoring_model(assessment)
    leads = {id: [one for one in model.shown_by(id) if one in model.shows] for id in model.shows}
    done: set[str] = set()

    def walk(id: str, path: list[str]) -> list[str]:
        if id in path:
            return [*path[path.index(id) :], id]
        if len(path) > MOST_PATH:
            raise TooDeep(id)
        if id in done:
            return []
        for other in leads[id]:
            if found := walk(other, [*path, id, *(_through(model, model.shows[id], other) or [])]):
                return found
        done.add(id)
        return []

    return next((found for id in model.shows if (found := walk(id, []))), [])


def _through(model: ScoringModel, tree: Tree, question: str) -> list[str] | None:
    """The measures and counts through which a tree asks for a question; None where it does not."""
    if not isinstance(tree, list) or not isinstance(tree[0], str):
        return None
    name, *parts = tree
    if name == "measure":
        found = _through(model, model.measures[parts[0]], question)
        return None if found is None else [parts[0], *found]
    if question in model.asked(tree):
        return [f"{name}({', '.join(filter(None, parts))})"] if name in (*SCOPED, "count") else []
    return next(
        (found for part in parts if (found := _through(model, part, question)) is not None), None
    )


def unreached(model: ScoringModel, known: set[str], effort: Effort) -> dict[str, bool]:
    """The verdicts for which no combination is `known` or was found, and of each whether there is
    surely none.
    """
    depends = model.verdict_questions
    search = _Search(model, depends, effort)
    reached = {
        found[0] for state in search.plain_states() if (found := candidates(model, state, depends))
    }
    missing = {}
    for verdict in model.assessment.verdicts:

        def decide(state: State, id: str = verdict.id) -> bool | None:
            found = [one for one in candidates(model, state, depends) if one]
            return found == [id] or (None if id in found else False)

        is_reached = verdict.id in reached | known or search.find(
            decide, len(model.assessment.verdicts)
        )
        if not is_reached:
            missing[verdict.id] = is_reached is False
    return missing


def can_hold(model: ScoringModel, tree: Tree, effort: Effort) -> bool:
    """Whether a condition can hold, or it is not proven that it cannot."""

    def decide(state: State) -> bool | None:
        bits = condition(tree, state)
        return bits == TRUE or (None if bits & TRUE else False)

    return _Search(model, model.depends(tree), effort).find(decide, 1) is not False


class _Search:
    """A search for a completion of an empty reading."""

    def __init__(self, model: ScoringModel, depends: Sequence[str], effort: Effort) -> None:
        self.model = model
        self.depends = depends
        self.options = {id: list(_tried(model, model.questions[id])) for id in depends}
        self.is_whole = {
            id: _are_all(model, model.questions[id], len(self.options[id])) for id in depends
        }
        self.alike = _alike(model, depends)
        sizes: dict[object, list[int]] = {}
        for id in depends:
            sizes.setdefault(self.alike[id], []).append(len(self.options[id]))
        combinations = prod(
            comb(len(group) + group[0] - 1, group[0] - 1) for group in sizes.values()
        )
        self.effort = effort
        self.most = (
            inf if combinations <= MOST_COMPLETIONS * effort.factor else MOST_STEPS * effort.factor
        )

    def plain_states(self) -> Iterator[State]:
        """Completions in which every question has its first option, or its second, and so on."""
        most = max(map(len, self.options.values()), default=0)
        for n in range(most):
            yield State(
                self.model,
                {
                    id: options[min(n, len(options) - 1)]
                    for id, options in self.options.items()
                    if options
                },
            )

    def find(self, decide: Callable[[State], bool | None], rules: int) -> bool | None:
        """Whether a completion is found for which `decide` says True; None where the search was
        given up.

        `decide` says False of a state of which no completion can. It works out that many rules.
        """
        steps = 0
        is_whole = True  # nothing that could be answered was left out
        least: dict[object, int] = {}

        state = State(self.model, {}, optional=True)

        def visit() -> bool:
            nonlocal steps, is_whole
            steps += 1
            self.effort.rules -= rules * (1 + len(self.depends) // FEW)
            if steps > self.most or self.effort.rules < 0:
                raise _TooMany
            verdict = decide(state)
            if verdict is not None:
                return verdict
            question = next(state.open_questions(self.depends), None)
            if question is None:
                return False
            is_whole = is_whole and self.is_whole[question]
            group = self.alike[question]
            alike = [id for id in state.open_questions(self.depends) if self.alike[id] == group]
            first = least.get(group, 0)
            options = self.options[question]
            if len(alike) == 1 and first == 0:
                return any(visit() for _ in state.with_each_option(question, options))
            return counted(group, alike, options, first)

        def counted(
            group: object, alike: Sequence[str], options: Sequence[Outcome], first: int
        ) -> bool:
            """How many of those that nothing tells apart have an option; the others have later
            ones.
            """
            settled = [state.with_each_option(id, [options[first]]) for id in alike]
            for one in settled:
                next(one)
            least[group] = first + 1
            while True:
                if visit():
                    return True
                if not settled or first + 1 == len(options):
                    break
                next(settled.pop(), None)
            while settled:
                next(settled.pop(), None)
            least[group] = first
            return False

        try:
            return visit() or (False if is_whole else None)
        except (_TooMany, RecursionError):  # of hundreds of questions one after the other
            return None


def _alike(model: ScoringModel, depends: Sequence[str]) -> dict[str, object]:
    """A key for each question; questions with the same key are asked for together only, and offer
    the same.
    """
    named = {id for tree in model.trees() for id in _named(model, tree)}
    sections = {
        question.id: section.id
        for section in model.assessment.sections
        for question in section.questions
    }
    keys: dict[str, object] = {}
    for id in depends:
        question = model.questions[id]
        same = id not in named and question.kind == "one" and _adds_exactly(model, id)
        keys[id] = (
            (sections[id], repr(model.shows.get(id)), tuple(model.options[id].each)) if same else id
        )
    return keys


def _adds_exactly(model: ScoringModel, id: str) -> bool:
    """Whether the order of adding a question's points makes no difference: they are whole numbers,
    or none.
    """
    points = [bound for option in model.options[id].each for bound in option.points[:2]]
    return all(bound in (inf, -inf) or bound.is_integer() for bound in points)


def _named(model: ScoringModel, tree: Tree) -> Iterator[str]:
    """The questions that a tree asks for on their own."""
    if isinstance(tree, list):
        yield from (part for part in tree[1:] if isinstance(part, str) and part in model.questions)
        for part in tree[1:]:
            yield from _named(model, part)


def _tried(model: ScoringModel, question: Question) -> Iterator[Outcome]:
    """The options of a question, or some of them where there are too many."""
    options = model.options[question.id]
    if options.size <= 2**MOST_TRIED:
        yield from options.each
    elif wholes := _whole_numbers(question):
        yield from (outcome_of(model, question.id, float(number)) for number in wholes)
        yield from options.rest
    elif question.kind == "many":
        ids = [choice.id for choice in question.choices]
        yield from (of_choices(question, picked) for picked in ([], ids, *([id] for id in ids)))
        yield from options.rest
    else:
        yield from (outcome_of(model, question.id, number) for number in _numbers(model, question))
        yield from options.rest


def _whole_numbers(question: Question) -> range:
    """All numbers that can be given, where they are few; empty where they are not."""
    if (
        question.kind != "number"
        or not question.whole
        or question.min is None
        or question.max is None
    ):
        return range(0)
    found = range(ceil(question.min), floor(question.max) + 1)
    return found if len(found) <= 2**MOST_TRIED else range(0)


def _are_all(model: ScoringModel, question: Question, tried: int) -> bool:
    return tried == model.options[question.id].size or bool(_whole_numbers(question))


def _numbers(model: ScoringModel, question: Question) -> list[float]:
    """The bounds of a number, and what expressions compare with, and its neighbours."""
    found = {0.0, *(one for tree in model.trees() for one in _constants(tree))}
    found |= {one + step for one in found for step in (-1.0, 1.0)}
    low = -inf if question.min is None else question.min
    high = inf if question.max is None else question.max
    found |= {low, high} - {inf, -inf}
    if question.whole:
        found = {float(whole(one)) for one in found for whole in (floor, ceil)}
    return sorted(one for one in found if low <= one <= high)


def _constants(tree: Tree) -> Iterator[float]:
    if isinstance(tree, list):
        for part in tree[1:]:
            yield from _constants(part)
    elif isinstance(tree, float):
        yield tree
