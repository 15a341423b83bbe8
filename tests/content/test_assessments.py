"""What holds for every assessment that the playbook ships.

No verdict gets better when an answer gets worse, "can't tell" never reaches the best one, every
verdict is tested by its author and says what to do, and every line tells why it is asked, what
would show it, and where to go.

Up to 20,000 combinations all are tried. Above, lines are counted where they can be exchanged: where
every rule stays as it is when two of them swap names, it is enough to try how many of them have
each answer. That is 286 states for ten lines in the place of 4¹⁰, and nothing is left out.
Combinations drawn by chance, with a fixed seed, are tried as they stand beside it; they would show
it if lines could not be exchanged after all.
"""

import random
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, combinations_with_replacement, pairwise, product
from math import prod

import pytest

from macros.checks.playbook_reader import read_playbook
from macros.engine import score
from macros.engine.answers import outcome
from macros.engine.state import State, scoring_model
from macros.model import Assessment, Question
from tests.support.checkout import ROOT

# The verdicts of each, from the worst to the best. The best is the last.
GOODNESS = {
    "agentic-readiness": ["assistant_only", "approval_on_every_step", "bounded_trial"],
    "alignment": ["lone_champion", "audience", "coalition_formed"],
    "arc-locator": [
        "not_placed",
        "a_quiet_death",
        "the_gap",
        "an_excitement",
        "a_pilot",
        "on_its_way",
        "arrived",
    ],
    "before-you-send": ["hold", "fix_the_gaps", "send_it"],
    "change-readiness": ["fix_the_gap_first", "not_ready", "small_group", "ready_to_launch"],
    "commit-or-kill": ["stop", "no_commitment", "commit_with_conditions", "commit"],
    "data-readiness": ["not_ready", "ready_with_named_work", "ready_for_this_use"],
    "gap-reading-diagnostic": [
        "stall",
        "stall_pair",
        "at_risk",
        "not_readable",
        "watch",
        "holding",
    ],
    "governance-readiness": ["improvised", "patchy", "enabling"],
    "last-mile": ["likely_to_bog_down", "known_risks", "integration_understood"],
    "leaders-go-first": ["approved_and_ignored", "mixed_signal", "visible"],
    "metric-integrity": ["written_for_the_deck", "partly_performative", "arguable_numbers"],
    "operating-model": ["tool_rollout", "projects", "muscle_is_forming"],
    "people-capability": ["borrowed", "gaps", "in_place"],
    "portfolio-discipline": ["proliferation", "collection", "portfolio"],
    "ready-to-build": ["ready_to_plan", "settle_first", "ready_to_build"],
    "risk-tier": ["not_allowed", "ask_first", "high", "medium", "low"],
    "shadow-ai": ["ungoverned", "leaking_at_the_edges", "governed_use"],
    "status-report-reading": [
        "rehearsed",
        "rehearsed_in_places",
        "worth_a_question",
        "live_report",
    ],
    "three-signs-screen": ["gap_present", "one_sign", "no_sign"],
}
GATES = ["ready-to-build", "commit-or-kill", "agentic-readiness"]
WITH_EXAMPLES = ["gap-reading-diagnostic", "commit-or-kill"]
ASSESSMENTS = read_playbook(ROOT).assessments
LINES = [(id, question.id) for id in ASSESSMENTS for question in ASSESSMENTS[id].every_question()]
MOST_COMBINATIONS = 20_000
DRAWN = 800
UNKNOWN, NOT_APPLICABLE = "?", "n/a"

Picks = tuple[str, ...]  # the answers of some lines, in their order


class Space:
    """All ways of filling in an assessment. Lines that can be exchanged for one another are in one
    group.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.form = scoring_model(assessment)
        self.goodness = GOODNESS[assessment.id]
        self.rules = [verdict.when.text for verdict in assessment.verdicts if verdict.when]
        words = set(re.findall(r"\w+", " ".join(self.rules)))
        # a rule that never asks for "can't tell" meets the answer it counts as, and no state of its
        # own
        self.unknown_is = {
            q.id: UNKNOWN if "unknown" in words else q.unknown for q in assessment.every_question()
        }
        self.counted_in = {
            q.id: section.id
            for section in assessment.sections
            if section.id in words
            for q in section.questions
        }
        self.combinations = prod(
            len(self.options(question)) for question in assessment.every_question()
        )
        self.groups: list[list[str]] = []
        for id in self.form.questions:
            group = next((group for group in self.groups if self.exchanged(group[0], id)), None)
            if group:
                group.append(id)
            else:
                self.groups.append([id])
        self.lines = [id for group in self.groups for id in group]
        self.each = [self.options(self.form.questions[group[0]]) for group in self.groups]
        self.worse = [self.steps(self.form.questions[group[0]]) for group in self.groups]
        self.seen: dict[tuple[Picks, ...], int] = {}

    def exchanged(self, a: str, b: str) -> bool:
        """Whether two lines offer the same, and swapping their names leaves every rule as it is."""
        if self.combinations <= MOST_COMBINATIONS or self.counted_in.get(a) != self.counted_in.get(
            b
        ):
            return False
        swapped = {a: b, b: a}
        one, other = self.form.questions[a], self.form.questions[b]
        rules = [
            re.sub(r"\w+", lambda word: swapped.get(word[0], word[0]), rule) for rule in self.rules
        ]
        same = (one.unknown, self.options(one)) == (other.unknown, self.options(other))
        return same and [*map(parts, rules)] == [*map(parts, self.rules)]

    @staticmethod
    def worst_first(question: Question) -> tuple[str, ...]:
        assert question.kind == "one" and question.scale and not question.show, (
            f"{question.id} is of a new kind"
        )
        return question.scale.worst_first

    def options(self, question: Question) -> tuple[str, ...]:
        unknown = [UNKNOWN] if self.unknown_is[question.id] == UNKNOWN and question.unknown else []
        na = [NOT_APPLICABLE] if question.na and question.na.allowed else []
        return (*self.worst_first(question), *unknown, *na)

    def steps(self, question: Question) -> dict[str, list[str]]:
        """What an answer can become when it gets worse by a step.

        The best one can become "can't tell" too. From there no step is worse: to find out is better
        than not to know, so a line that turns out red may lift a reading from *not readable yet* to
        *watch*.
        """
        worst_first = self.worst_first(question)
        steps = {better: [worse] for worse, better in pairwise(worst_first)}
        if UNKNOWN in self.options(question):
            steps[worst_first[-1]].append(UNKNOWN)
        return steps

    def states(self) -> Iterator[tuple[Picks, ...]]:
        """How many lines of each group have each answer, in every way there is."""
        pairs = zip(self.each, self.groups, strict=True)
        return product(
            *(
                combinations_with_replacement(sorted(options), len(group))
                for options, group in pairs
            )
        )

    def verdict(self, state: tuple[Picks, ...]) -> int:
        """The place of a state's verdict among all, from 0, the worst."""
        if state not in self.seen:
            self.seen[state] = self.found(
                dict(zip(self.lines, chain.from_iterable(state), strict=True))
            )
        return self.seen[state]

    def read_as(self, line: str, pick: str) -> str:
        return self.unknown_is[line] if pick == UNKNOWN else pick

    def found(self, picked: Mapping[str, str]) -> int:
        state = State(
            self.form, {id: outcome(self.form, id, given(pick)) for id, pick in picked.items()}
        )
        return self.goodness.index(
            score.candidates(self.form, state, self.form.verdict_questions)[0]
        )

    def worsened(self, state: tuple[Picks, ...]) -> Iterator[tuple[Picks, ...]]:
        """The states that are worse by one step of one answer."""
        for n, picks in enumerate(state):
            for pick in set(picks):
                at = picks.index(pick)
                for worse in self.worse[n].get(pick, []):
                    changed = tuple(sorted((*picks[:at], worse, *picks[at + 1 :])))
                    yield (*state[:n], changed, *state[n + 1 :])

    def drawn(self) -> Iterator[dict[str, str]]:
        """Some combinations as they stand, line by line."""
        chance = random.Random(6)
        options = {id: self.options(question) for id, question in self.form.questions.items()}
        for id, question in self.form.questions.items():
            if question.unknown and UNKNOWN not in options[id]:
                options[id] = (UNKNOWN, *options[id])
        for _ in range(DRAWN):
            bent = chance.random()  # from mostly bad to mostly good, so that every verdict is met
            yield {
                id: each[min(int(chance.random() ** (0.2 + 3 * bent) * len(each)), len(each) - 1)]
                for id, each in options.items()
            }


def parts(rule: str) -> set[frozenset[str]]:
    """What a rule joins by `or`, and in each of those what is joined by `and`, whatever their
    order.
    """
    assert not re.search(r"\([^()]*\bor\b", rule), (
        f"an `or` in brackets is more than this reads: {rule}"
    )
    return {
        frozenset(part.strip("() ").split(" and ")) for part in " ".join(rule.split()).split(" or ")
    }


def given(pick: str) -> str | dict[str, bool] | dict[str, str]:
    return (
        {"unknown": True}
        if pick == UNKNOWN
        else {"na": "a reason"}
        if pick == NOT_APPLICABLE
        else pick
    )


@cache
def space(id: str) -> Space:
    return Space(ASSESSMENTS[id])


def question_of(id: str, line: str) -> Question:
    return ASSESSMENTS[id].question(line)


def test_there_are_twenty() -> None:
    assert sorted(ASSESSMENTS) == sorted(GOODNESS)
    assert len(GOODNESS) == 20


# Verdicts


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_verdicts_stand_from_the_worst_to_the_best(id: str) -> None:
    assert [verdict.id for verdict in ASSESSMENTS[id].verdicts] == GOODNESS[id]


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_no_verdict_improves_when_an_answer_gets_worse(id: str) -> None:
    one = space(id)
    for state in one.states():
        here = one.verdict(state)
        for worse in one.worsened(state):
            assert one.verdict(worse) <= here, f"from {state} to {worse}"


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_can_t_tell_never_reaches_the_best_verdict(id: str) -> None:
    one = space(id)
    best = len(one.goodness) - 1
    unknown_is = [one.unknown_is[group[0]] for group in one.groups]
    for state in one.states():
        if any(unknown in picks for unknown, picks in zip(unknown_is, state, strict=True)):
            assert one.verdict(state) < best, state


@pytest.mark.parametrize(
    "id", [id for id in ASSESSMENTS if space(id).combinations > MOST_COMBINATIONS]
)
def test_combinations_drawn_by_chance_say_the_same(id: str) -> None:
    one = space(id)
    met = set()
    for picked in one.drawn():
        here = one.found(picked)
        met.add(here)
        counted = tuple(
            tuple(sorted(one.read_as(line, picked[line]) for line in group)) for group in one.groups
        )
        assert one.verdict(counted) == here, f"its lines cannot be exchanged: {picked}"
        if UNKNOWN in picked.values():
            assert here < len(one.goodness) - 1, picked
        for steps, group in zip(one.worse, one.groups, strict=True):
            for line in group:
                for worse in steps.get(picked[line], []):
                    assert one.found({**picked, line: worse}) <= here, (
                        f"{picked}, {line} to {worse}"
                    )
    assert len(met) >= 2, "too few verdicts were met for this to say much"


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_every_verdict_has_a_case_of_its_author_and_something_to_do(id: str) -> None:
    tested = {case.expect.get("verdict") for case in ASSESSMENTS[id].tests}
    for verdict in ASSESSMENTS[id].verdicts:
        assert verdict.id in tested, verdict.id
        assert len(verdict.say.split()) >= 12, verdict.id


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_thresholds_come_from_the_rules(id: str) -> None:
    for rule in space(id).rules:
        assert set(re.findall(r"(?<![\w.])\d+", rule)) <= {"0", "1"}, rule


@pytest.mark.parametrize("id", GATES)
def test_a_gate_reads_can_t_tell_as_the_worst_answer(id: str) -> None:
    for question in ASSESSMENTS[id].every_question():
        assert question.scale and question.unknown == question.scale.worst, question.id


# Lines


@pytest.mark.parametrize(("id", "line"), LINES)
def test_a_line_says_why_what_would_show_it_what_to_do_and_where_to_go(id: str, line: str) -> None:
    question = question_of(id, line)
    assert question.why and question.evidence and question.move
    assert question.worksheet or question.page


@pytest.mark.parametrize(("id", "line"), LINES)
def test_an_answer_is_a_whole_sentence(id: str, line: str) -> None:
    question = question_of(id, line)
    assert question.scale and isinstance(question.answers, Mapping)
    assert set(question.answers) == set(question.scale.ids)
    for answer in question.answers.values():
        assert re.search(r"[.?!]”?$", answer) and len(answer.split()) >= 2, answer


@pytest.mark.parametrize("id", WITH_EXAMPLES)
def test_every_line_has_an_example(id: str) -> None:
    for question in ASSESSMENTS[id].every_question():
        assert question.example and question.example.text and question.example.reading, question.id
