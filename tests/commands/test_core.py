"""The core of the tests, by one word: `playbook.py test --core`."""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

import pytest

from macros.commands import test as test_command
from macros.commands.command import FINE
from tests.support.checkout import ROOT

# It has tests of all kinds.
FILE = "tests/html/test_text.py"
IN_A_BROWSER = "test_a_browser_shows_every_text"
OF_A_BUILT_SITE = "test_every_text_stands_in_the_html"


def collected(*options: str) -> str:
    call = (sys.executable, "-m", "pytest", "-p", "no:xdist", "--collect-only", *options, FILE)
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, encoding="utf-8").stdout


@pytest.mark.command
def test_the_core_needs_no_browser_and_no_built_site() -> None:
    core, usual = collected("--core"), collected()
    assert core.count("::") > 10
    assert IN_A_BROWSER not in core and OF_A_BUILT_SITE not in core
    assert IN_A_BROWSER in usual and OF_A_BUILT_SITE in usual


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the command has Python run, instead of running it."""
    found: list[tuple[str, ...]] = []

    def run_python(root: Any, *arguments: str) -> int:
        found.append(arguments)
        return 0

    monkeypatch.setattr(test_command, "run_python", run_python)
    return found


def options_of(words: Iterable[str]) -> Any:
    parser = ArgumentParser()
    test_command.add_options(parser)
    return parser.parse_args(words)


def test_the_command_asks_for_the_core_and_for_no_chromium(
    calls: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium: list[str] = []
    monkeypatch.setattr(test_command, "find_chromium", lambda: chromium.append("found"))
    assert test_command.run(ROOT, options_of(["--core"])) == FINE
    assert calls[-1][-1] == "--core" and chromium == []
    assert test_command.run(ROOT, options_of([])) == FINE
    assert "--core" not in calls[-1] and chromium == ["found"]


def test_the_core_of_all_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options_of(["--core", "--all"])
    assert "not allowed with" in capsys.readouterr().err
