"""The two engines agree on every state of the diagnostic, and with a third that knows nothing of
rules.

A state gives each of the six lines green, yellow, red or "can't tell", or leaves it open: 5^6 =
15,625 states.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser

from macros.engine import score
from macros.html.page_data import page_data
from tests.support.diagnostic import DIAGNOSTIC, LINES
from tests.support.engines import SCRIPTS, Result, Script, first_difference

pytestmark = pytest.mark.sweep

OPTIONS = (  # in a state, as one letter a line: green, yellow, red, "can't tell"; and . for open
    "gyr?"
)
GIVEN: dict[str, Any] = {"g": "green", "y": "yellow", "r": "red", "?": {"unknown": True}}
COMPLETE = ["".join(state) for state in product(OPTIONS, repeat=len(LINES))]
STATES = ["".join(state) for state in product(OPTIONS + ".", repeat=len(LINES))]
ORDER = ["stall", "stall_pair", "at_risk", "not_readable", "watch", "holding"]  # from the worst


def reading(state: str) -> dict[str, Any]:
    return {
        "answers": {
            line: GIVEN[letter]
            for line, letter in zip(LINES, state, strict=True)
            if letter in GIVEN
        }
    }


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """Every state with the result that Python comes to."""
    return {state: score.score(DIAGNOSTIC, reading(state)) for state in STATES}


def chunks(items: Sequence[str], size: int = 1000) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def script_results(
    chromium: Browser, states: Sequence[str], sources: Sequence[str], embedded_model: Any
) -> list[Result]:
    script = Script(chromium, sources)
    found = [
        result
        for chunk in chunks(states)
        for result in script.scores(embedded_model, [*map(reading, chunk)])
    ]
    script.close()
    return found


def differs(
    chromium: Browser, ours: dict[str, Result], sources: Sequence[str], embedded_model: Any
) -> str:
    theirs = script_results(chromium, list(ours), sources, embedded_model)
    return first_difference([*map(reading, ours)], list(ours.values()), theirs)


# The two engines


def test_both_engines_agree_on_every_state_in_every_field(
    chromium: Browser, results: dict[str, Result]
) -> None:
    assert differs(chromium, results, list(SCRIPTS.values()), page_data(DIAGNOSTIC)) == ""
    with_distance = sum(1 for result in results.values() if result["distance"])
    print(f"\n{len(results):,} states, {with_distance:,} of them with a distance, 0 differences")
    assert len(results) == 15_625 and with_distance > 4_000


MISTAKES = [
    ("evaluate.js", "ge: (a, b) => not(less(a, b))", "ge: (a, b) => less(b, a)"),
    ("evaluate.js", "a[1] >= b[0] ? FALSE", "a[1] > b[0] ? FALSE"),
    ("evaluate.js", "((a | b) & FALSE)", "((a & b) & FALSE)"),
    (
        "state.js",
        "(answers.includes(answer) ? TRUE : FALSE)",
        "(answers.includes(answer) ? TRUE : 0)",
    ),
    ("outcomes.js", "answered: FALSE, unknown: TRUE }", "answered: FALSE, unknown: FALSE }"),
    ("answers.js", "question.unknown ? ''", "question.known ? ''"),
    ("score.js", "if (value === TRUE) break", "if (value & TRUE) break"),
    ("score.js", "? 'unknown'", "? 'answered'"),
    ("score.js", "verdicts[0] !== verdict ? verdicts[0] : null", "true ? verdicts[0] : null"),
    ("score.js", "if (hasAny || pairs > MOST_EVALUATIONS)", "if (true)"),
    (
        "score.js",
        "(one) => one[COUNTED_BY[name]] === TRUE",
        "(one) => one[COUNTED_BY[name]] & TRUE",
    ),
]


@pytest.mark.parametrize(("file", "right", "wrong"), MISTAKES)
def test_a_mistake_in_the_script_is_noticed(
    file: str, right: str, wrong: str, chromium: Browser, results: dict[str, Result]
) -> None:
    assert SCRIPTS[file].count(right) == 1, (
        "the script has changed: choose another place for the mistake"
    )
    sources = {**SCRIPTS, file: SCRIPTS[file].replace(right, wrong)}
    some = {state: results[state] for state in STATES[::37]}
    assert differs(chromium, some, list(sources.values()), page_data(DIAGNOSTIC)) != ""


def test_a_changed_rule_in_the_page_is_noticed(
    chromium: Browser, results: dict[str, Result]
) -> None:
    embedded_model = page_data(DIAGNOSTIC)
    stall = embedded_model["verdicts"][0]
    assert stall["when"][0] == "ge"
    stall["when"] = ["gt", *stall["when"][1:]]
    some = {state: results[state] for state in STATES[::37]}
    assert differs(chromium, some, list(SCRIPTS.values()), embedded_model) != ""


# A third engine: the bands of the diagnostic in so many words, by trying everything


def banded(state: str) -> str:
    reds, unknown = state.count("r"), state.count("?")
    yellows = state.count("y") + unknown  # "can't tell" counts as yellow, and is counted apart
    if reds >= 3:
        return "stall"
    if state[0] == "r" and state[1] == "r":
        return "stall_pair"
    if reds == 2:
        return "at_risk"
    if unknown >= 2:
        return "not_readable"
    if reds == 1 or yellows >= 3 or unknown >= 1:
        return "watch"
    return "holding"


@cache
def bands(state: str) -> frozenset[str]:
    """The bands of every completion."""
    if "." not in state:
        return frozenset([banded(state)])
    return frozenset().union(*(bands(state.replace(".", letter, 1)) for letter in OPTIONS))


@cache
def completions(state: str) -> tuple[str, ...]:
    if "." not in state:
        return (state,)
    return tuple(more for letter in OPTIONS for more in completions(state.replace(".", letter, 1)))


def test_verdicts_are_those_of_all_completions(results: dict[str, Result]) -> None:
    for state, result in results.items():
        assert set(result["possible"]) == bands(state), state
        assert result["possible"] == [verdict for verdict in ORDER if verdict in bands(state)], (
            state
        )
        assert result["verdict"] == (
            next(iter(bands(state))) if len(bands(state)) == 1 else None
        ), state
        assert result["exact"] is True
    certain = sum(1 for result in results.values() if result["verdict"])
    tried = sum(len(OPTIONS) ** state.count(".") for state in results)
    print(f"\n{len(results):,} states against their {tried:,} completions; {certain:,} are certain")


def test_counts_and_coverage_are_those_of_the_letters(results: dict[str, Result]) -> None:
    for state, result in results.items():
        unknown, open_lines = state.count("?"), state.count(".")
        counts = {
            "green": state.count("g"),
            "yellow": state.count("y") + unknown,
            "red": state.count("r"),
        }
        coverage = {
            "answered": len(LINES) - unknown - open_lines,
            "unknown": unknown,
            "na": 0,
            "open": open_lines,
        }
        assert (result["counts"], result["coverage"], result["problems"]) == (
            counts,
            coverage,
            [],
        ), state
        assert result["warnings"] == (["all_green"] if state == "gggggg" else []), state


def changed(state: str, lines: Sequence[int], letters: Sequence[str]) -> str:
    """The state with other letters on these lines."""
    put = dict(zip(lines, letters, strict=True))
    return "".join(put.get(n, letter) for n, letter in enumerate(state))


def ways(state: str, size: int) -> Iterator[tuple[dict[str, str], str]]:
    """Every change of `size` answered lines that makes another verdict certain, by trying all."""
    given = [n for n, letter in enumerate(state) if letter != "."]
    for lines in product(given, repeat=size):
        if list(lines) != sorted(set(lines)):
            continue
        for letters in product("gyr", repeat=size):
            if any(state[n] == letter for n, letter in zip(lines, letters, strict=True)):
                continue
            found = bands(changed(state, lines, letters))
            if len(found) == 1 and found != bands(state):
                yield (
                    {LINES[n]: GIVEN[c] for n, c in zip(lines, letters, strict=True)},
                    next(iter(found)),
                )


def test_distance_is_the_smallest_change_that_trying_everything_finds(
    results: dict[str, Result],
) -> None:
    certain = [state for state, result in results.items() if result["verdict"]][::5]
    for state in certain:
        expected = list(ways(state, 1)) or list(ways(state, 2))
        assert [
            (way["changes"], way["verdict"]) for way in results[state]["distance"]
        ] == expected, state
    print(f"\ndistance tried out for {len(certain):,} certain states")


def reasons(state: str, verdict: str | None) -> list[str]:
    if verdict == "stall_pair":
        return LINES[:2]
    three_yellows = state.count("y") + state.count("?") >= 3
    letters = {
        "stall": "r",
        "at_risk": "r",
        "not_readable": "?",
        "watch": "r?y" if three_yellows else "r?",
    }
    shown = letters.get(verdict or "", "")
    return [line for line, letter in zip(LINES, state, strict=True) if letter in shown]


def test_why_names_the_lines_that_make_the_verdict(results: dict[str, Result]) -> None:
    for state, result in results.items():
        assert result["why"] == {
            "questions": reasons(state, result["verdict"]),
            "measures": {},
        }, state


# Laws


def answered_once_more(state: str) -> Iterator[str]:
    for n, letter in enumerate(state):
        if letter == ".":
            yield from (changed(state, [n], [option]) for option in OPTIONS)


def test_possible_verdicts_only_shrink_as_answers_arrive(results: dict[str, Result]) -> None:
    steps = 0
    for state, result in results.items():
        for more in answered_once_more(state):
            steps += 1
            assert set(results[more]["possible"]) <= set(result["possible"]), f"{state} → {more}"
            assert set(result["warnings"]) <= set(results[more]["warnings"]), f"{state} → {more}"
    print(f"\n{steps:,} steps of answering one more line")


def test_a_verdict_is_certain_when_all_completions_have_it_and_only_then(
    results: dict[str, Result],
) -> None:
    for state, result in results.items():
        if state.count(".") > 3:
            continue
        found = {results[complete]["verdict"] for complete in completions(state)}
        assert result["verdict"] == (found.pop() if len(found) == 1 else None), state


def test_the_order_of_answering_changes_nothing(results: dict[str, Result]) -> None:
    for state in STATES[::7]:
        backwards = {"answers": dict(reversed(reading(state)["answers"].items()))}
        assert score.score(DIAGNOSTIC, backwards) == results[state], state


WORSE = {"g": "y?r", "y": "?r", "r": "", "?": ""}


def test_no_verdict_improves_when_an_answer_gets_worse(results: dict[str, Result]) -> None:
    for state in COMPLETE:
        for n, letter in enumerate(state):
            for other in (changed(state, [n], [option]) for option in WORSE[letter]):
                before, after = (
                    ORDER.index(results[state]["verdict"]),
                    ORDER.index(results[other]["verdict"]),
                )
                assert after <= before, f"{state} → {other}"


def test_finding_out_that_a_line_is_red_improves_a_verdict_only_by_making_it_readable(
    results: dict[str, Result],
) -> None:
    for state in COMPLETE:
        for n in (n for n, letter in enumerate(state) if letter == "?"):
            before, after = results[state]["verdict"], results[changed(state, [n], "r")]["verdict"]
            better = ORDER.index(after) > ORDER.index(before)
            assert not better or (before, after) == ("not_readable", "watch"), state


def test_one_line_nobody_can_tell_about_never_holds(results: dict[str, Result]) -> None:
    for state in STATES:
        if "?" in state:
            assert "holding" not in results[state]["possible"], state
