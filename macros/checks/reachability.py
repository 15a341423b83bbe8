"""Which verdicts some combination of answers reaches, and which none does.

A combination is looked for by branch and prune. Questions that nothing tells apart are answered in
the order of their options, so rules that only count are proved over counts and not over all
answers. Only what has been looked through is called proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import ceil, comb, floor, inf, prod

from macros.engine.answers import outcome as outcome_of
from macros.engine.evaluate import FALSE, TRUE, condition
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


class _TooMany(Exception):
    """The search is given up."""


def find_cycle(assessment: Assessment) -> list[str]:
    """A path of questions whose `show` leads back to the first; empty where there is none."""
    model = scoring_model(assessment)
    # What shows a question and is itself only shown under some condition.
    leads = {id: model.in_order(model.shown_by(id) & model.shows.keys()) for id in model.shows}
    done: set[str] = set()

    def walk(id: str, path: list[str]) -> list[str]:
        if id in path:
            return [*path[path.index(id) :], id]
        if len(path) > MOST_PATH:
            raise TooDeep(id)
        if id in done:
            return []
        for other in leads[id]:
            between = _through(model, model.shows[id], other) or []
            if cycle := walk(other, [*path, id, *between]):
                return cycle
        done.add(id)
        return []

    return next(filter(None, (walk(id, []) for id in model.shows)), [])


def _through(model: ScoringModel, tree: Tree, question: str) -> list[str] | None:
    """The measures and counts through which a tree asks for a question; None where it does not."""
    if not isinstance(tree, list) or not isinstance(tree[0], str):
        return None
    name, *parts = tree
    if name == "measure":
        within = _through(model, model.measures[parts[0]], question)
        return None if within is None else [parts[0], *within]
    if question in model.asked(tree):
        return [f"{name}({', '.join(filter(None, parts))})"] if name in (*SCOPED, "count") else []
    paths = (_through(model, part, question) for part in parts)
    return next((path for path in paths if path is not None), None)


class Explorer:
    """Looks for combinations of answers of one assessment, in many searches.

    What a search needs to know of a question or a rule is worked out once for all of them.
    """

    def __init__(self, model: ScoringModel, thorough: bool = False) -> None:
        self.model = model
        self.factor = THOROUGH if thorough else 1
        self.rules_left = MOST_RULES * self.factor  # that are worked out, in all searches
        self._options: dict[str, list[Outcome]] = {}
        self._kinds: dict[str, object] = {}

    def unreached(self, known: set[str]) -> dict[str, bool]:
        """The verdicts for which no combination is `known` or was found, and of each whether there
        is surely none.
        """
        model, depends = self.model, self.model.verdict_questions
        search = _Search(self, depends)
        verdicts = model.assessment.verdicts
        of_states = (candidates(model, state, depends) for state in search.plain_states())
        reached = known | {ids[0] for ids in of_states if ids}
        unreached = {}
        for n, verdict in enumerate(verdicts):
            is_reached = verdict.id in reached or search.find(self._decision(n), len(verdicts))
            if not is_reached:
                unreached[verdict.id] = is_reached is False
        return unreached

    def _decision(self, n: int) -> Callable[[State], bool | None]:
        """What a search for a verdict decides by: whether it is surely the verdict of a state,
        surely not, or may be. As `candidates` says, without working out what makes no difference.
        """
        depends = self.model.verdict_questions
        *earlier, rule = [verdict.when for verdict in self.model.assessment.verdicts[: n + 1]]

        def decide(state: State) -> bool | None:
            if depends and all(state.outcome(id).counts == FALSE for id in depends):
                return False
            bits = condition(rule.tree, state) if rule else TRUE
            is_alone = bits == TRUE
            if not bits & TRUE:
                return False
            for before in earlier:
                bits = condition(before.tree, state) if before else TRUE
                if bits == TRUE:
                    return False
                is_alone = is_alone and not bits & TRUE
            return is_alone or None

        return decide

    def can_hold(self, tree: Tree) -> bool:
        """Whether a condition can hold, or it is not proven that it cannot."""

        def decide(state: State) -> bool | None:
            bits = condition(tree, state)
            return bits == TRUE or (None if bits & TRUE else False)

        return _Search(self, self.model.depends(tree)).find(decide, 1) is not False

    def options(self, id: str) -> list[Outcome]:
        """What is tried for a question."""
        if id not in self._options:
            self._options[id] = list(self._tried(self.model.questions[id]))
        return self._options[id]

    def tries_all(self, id: str) -> bool:
        """Whether all that a question can be answered is tried."""
        whole = bool(_whole_numbers(self.model.questions[id]))
        return len(self.options(id)) == self.model.options[id].size or whole

    def kind_of(self, id: str) -> object:
        """A key for a question; those with the same key are asked for together only, and offer the
        same.
        """
        if id not in self._kinds:
            self._kinds[id] = self._shared_kind(id) if self._is_alike_others(id) else id
        return self._kinds[id]

    def _is_alike_others(self, id: str) -> bool:
        is_choice = self.model.questions[id].kind == "one"
        return is_choice and id not in self._named and _adds_exactly(self.model, id)

    def _shared_kind(self, id: str) -> object:
        show = repr(self.model.shows.get(id))
        return self._sections[id], show, tuple(self.model.options[id].each)

    @cached_property
    def _sections(self) -> dict[str, str]:
        """The section of each question."""
        sections = self.model.assessment.sections
        return {question.id: section.id for section in sections for question in section.questions}

    @cached_property
    def _named(self) -> set[str]:
        """The questions that some rule asks for on their own."""
        names = {name for tree in self.model.trees() for name in _texts(tree)}
        return names & self.model.questions.keys()

    @cached_property
    def _constants(self) -> set[float]:
        """The numbers in all rules."""
        return {number for tree in self.model.trees() for number in _constants(tree)}

    def _tried(self, question: Question) -> Iterator[Outcome]:
        """The options of a question, or some of them where there are too many."""
        model, options = self.model, self.model.options[question.id]
        if options.size <= 2**MOST_TRIED:
            yield from options.each
            return
        if wholes := _whole_numbers(question):
            yield from (outcome_of(model, question.id, float(number)) for number in wholes)
        elif question.kind == "many":
            ids = [choice.id for choice in question.choices]
            yield from (of_choices(question, picked) for picked in ([], ids, *([id] for id in ids)))
        else:
            numbers = _numbers(question, self._constants)
            yield from (outcome_of(model, question.id, number) for number in numbers)
        yield from options.absences


class _Search:
    """A search for a completion of an empty reading."""

    def __init__(self, explorer: Explorer, depends: Sequence[str]) -> None:
        self.explorer = explorer
        self.model = explorer.model
        self.depends = depends
        self.options = {id: explorer.options(id) for id in depends}
        self.groups: dict[object, list[str]] = {}  # of questions that nothing tells apart
        for id in depends:
            self.groups.setdefault(explorer.kind_of(id), []).append(id)
        few = self.combinations() <= MOST_COMPLETIONS * explorer.factor
        self.most = inf if few else MOST_STEPS * explorer.factor

    def combinations(self) -> int:
        """How many there are, where those of a group differ only in how many have which option."""
        sizes = [(len(group), len(self.options[group[0]])) for group in self.groups.values()]
        return prod(comb(number + options - 1, options - 1) for number, options in sizes)

    def plain_states(self) -> Iterator[State]:
        """Completions in which every question has its first option, or its second, and so on."""
        most = max(map(len, self.options.values()), default=0)
        for n in range(most):
            settled = {
                id: options[min(n, len(options) - 1)]
                for id, options in self.options.items()
                if options
            }
            yield State(self.model, settled)

    def find(self, decide: Callable[[State], bool | None], rules: int) -> bool | None:
        """Whether a completion is found for which `decide` says True; None where the search was
        given up.

        `decide` says False of a state of which no completion can. It works out that many rules.
        """
        visits = _Visits(self, decide, rules)
        try:
            return visits.find() or (False if visits.are_whole else None)
        except (_TooMany, RecursionError):  # of hundreds of questions one after the other
            return None


class _Visits:
    """One state that is settled question by question, and each time decided anew."""

    def __init__(self, search: _Search, decide: Callable[[State], bool | None], rules: int) -> None:
        self.search = search
        self.explorer = search.explorer
        self.decide = decide
        self.cost = rules * (1 + len(search.depends) // FEW)  # of one step, in rules
        self.steps = 0
        self.are_whole = True  # nothing that could be answered was left out
        self.least: dict[object, int] = {}  # of each group the first option that is still tried
        self.state = State(search.model, {}, optional=True)

    def find(self) -> bool:
        """Whether the state as it is, or one with more questions settled, is decided to be one."""
        self._count_step()
        verdict = self.decide(self.state)
        if verdict is not None:
            return verdict
        question = next(self.state.open_questions(self.search.depends), None)
        if question is None:
            return False
        self.are_whole = self.are_whole and self.explorer.tries_all(question)
        group = self.explorer.kind_of(question)
        alike = list(self.state.open_questions(self.search.groups[group]))
        first = self.least.get(group, 0)
        options = self.search.options[question]
        if len(alike) == 1 and first == 0:
            return any(self.find() for _ in self.state.with_each_option(question, options))
        return self._find_counted(group, alike, options, first)

    def _count_step(self) -> None:
        self.steps += 1
        self.explorer.rules_left -= self.cost
        if self.steps > self.search.most or self.explorer.rules_left < 0:
            raise _TooMany

    def _find_counted(
        self, group: object, alike: Sequence[str], options: Sequence[Outcome], first: int
    ) -> bool:
        """How many of those that nothing tells apart have an option; the others have later ones."""
        settled = [self.state.with_each_option(id, [options[first]]) for id in alike]
        for setting in settled:
            next(setting)
        self.least[group] = first + 1
        while True:
            if self.find():
                return True
            if not settled or first + 1 == len(options):
                break
            next(settled.pop(), None)
        while settled:
            next(settled.pop(), None)
        self.least[group] = first
        return False


def _adds_exactly(model: ScoringModel, id: str) -> bool:
    """Whether the order of adding a question's points makes no difference: they are whole numbers,
    or none.
    """
    points = [bound for option in model.options[id].each for bound in option.points[:2]]
    return all(bound in (inf, -inf) or bound.is_integer() for bound in points)


def _texts(tree: Tree) -> Iterator[str]:
    """What the operators of a tree ask for, by name."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part[1:]
        elif isinstance(part, str):
            yield part


def _whole_numbers(question: Question) -> range:
    """All numbers that can be given, where they are few; empty where they are not."""
    if question.kind != "number" or not question.whole:
        return range(0)
    if question.min is None or question.max is None:
        return range(0)
    numbers = range(ceil(question.min), floor(question.max) + 1)
    return numbers if len(numbers) <= 2**MOST_TRIED else range(0)


def _numbers(question: Question, constants: set[float]) -> list[float]:
    """The bounds of a number, and what expressions compare with, and its neighbours."""
    compared = {0.0, *constants}
    below = {number - 1.0 for number in compared}
    above = {number + 1.0 for number in compared}
    low = -inf if question.min is None else question.min
    high = inf if question.max is None else question.max
    numbers = compared | below | above | ({low, high} - {inf, -inf})
    if question.whole:
        numbers = {float(whole(number)) for number in numbers for whole in (floor, ceil)}
    return sorted(number for number in numbers if low <= number <= high)


def _constants(tree: Tree) -> Iterator[float]:
    if isinstance(tree, list):
        for part in tree[1:]:
            yield from _constants(part)
    elif isinstance(tree, float):
        yield tree
