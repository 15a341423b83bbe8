"""What tests wait for is a state, never a time: a machine may be slow and busy. And what a browser
test waits for is a function: an expression is looked at again by `eval`, which the policy of our
pages refuses, so it fails only where the first look comes too soon.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

TESTS = ROOT / "tests"
# The one place that waits for a time; and what no test asserts: figures, and how they are made.
PATIENT = TESTS / "support" / "patience.py"
TOOLS = TESTS / "tools"
HERE = Path(__file__)

WAIT = re.compile(r"wait_for_function\(\s*(\S*)")
CLOCK = re.compile(
    r"wait_for_timeout\(|\bsleep\(|\bperf_counter\b|\bmonotonic\b|\bprocess_time\b|\btime\.time\("
)


def expressions_waited_for(text: str) -> list[str]:
    functions = re.compile(r"f?[\"']+(async )?\(|[A-Z_]+\b")  # one with a name is written elsewhere
    return [start for start in WAIT.findall(text) if not functions.match(start)]


def looks_at_a_clock(text: str) -> list[str]:
    return CLOCK.findall(text)


def files() -> Iterator[Path]:
    for path in TESTS.rglob("*.py"):
        if path not in (PATIENT, HERE) and not path.is_relative_to(TOOLS):
            yield path


@pytest.mark.parametrize("looks", [expressions_waited_for, looks_at_a_clock])
def test_tests_wait_for_functions_and_for_no_time(looks: Callable[[str], list[str]]) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in files()}
    assert {name: found for name, text in texts.items() if (found := looks(text))} == {}
    assert len(texts) > 50


def test_an_expression_would_be_noticed() -> None:
    text = 'page.wait_for_function("() => x")\npage.wait_for_function(\n    "held.length > 0")'
    assert expressions_waited_for(text) == ['"held.length']


def test_a_time_would_be_noticed() -> None:
    text = "page.wait_for_timeout(5)\ntime.sleep(1)\nwait_until(look)\nstarted = perf_counter()"
    assert looks_at_a_clock(text) == ["wait_for_timeout(", "sleep(", "perf_counter"]
    assert looks_at_a_clock(PATIENT.read_text(encoding="utf-8"))
