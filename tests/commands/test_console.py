"""Colour and progress are for a terminal alone: a pipe gets plain lines, whole."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from macros.commands import console, score_files, serve
from tests.support.checkout import ROOT, playbook
from tests.support.command import edit
from tests.support.patience import wait_until

ESCAPE = "\x1b["


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_a_terminal(copy: Path, **environment: str) -> str:
    """What `check` shows on a terminal."""
    pty = pytest.importorskip("pty", reason="needs a terminal of a POSIX system")
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(
        [sys.executable, str(copy / "playbook.py"), "check"],
        stdout=theirs,
        stderr=theirs,
        env={**plain, "TERM": "xterm", **environment},
    ):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    return shown.decode()


def test_a_level_has_its_colour_on_a_terminal_alone(copy: Path) -> None:
    edit(copy / "facts" / "rules.yml", "value:", "valeu:")
    assert f" {ESCAPE}31merror{ESCAPE}0m: " in on_a_terminal(copy)
    assert ESCAPE not in on_a_terminal(copy, NO_COLOR="1")
    assert ESCAPE not in on_a_terminal(copy, TERM="dumb")
    piped = playbook("check", root=copy)
    assert " error: " in piped.stdout and ESCAPE not in piped.stdout + piped.stderr


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "FIRST_WORD", 0.0)
    monkeypatch.setattr(console, "PAUSE", 0.001)
    monkeypatch.setattr(console, "shown", "")


@pytest.mark.usefixtures("at_once")
def test_progress_shows_on_a_terminal_and_erases_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with console.progress("Working"):
        wait_until(lambda: "Working … " in terminal.getvalue(), terminal.getvalue)
    assert terminal.getvalue().endswith("\r") and terminal.getvalue().split("\r")[-2].isspace()


@pytest.mark.usefixtures("at_once")
def test_a_build_while_serving_shows_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    build = serve.guarded(
        lambda: wait_until(lambda: "Building … " in terminal.getvalue(), terminal.getvalue),
        serve.ServeLog(ROOT),
    )
    build()
    assert console.shown == ""


@pytest.mark.usefixtures("at_once")
def test_reading_an_assessment_to_score_by_shows_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    def find(root: Path, which: str) -> None:
        wait_until(lambda: "Reading … " in terminal.getvalue(), terminal.getvalue)
        raise score_files.Refused

    monkeypatch.setattr(score_files, "find_assessment", find)
    with pytest.raises(score_files.Refused):
        score_files.score_files(ROOT, "x", [], as_csv=True)
    assert console.shown == ""


@pytest.mark.usefixtures("at_once")
def test_a_line_that_is_said_meanwhile_stands_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    console.show("Working … 3 s")
    console.say("a line")
    assert terminal.getvalue().split("\r")[-2:] == [" " * len("Working … 3 s"), ""]
    assert capsys.readouterr().out == "a line\n"


@pytest.mark.usefixtures("at_once")
def test_a_pipe_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with console.progress("Working"):
        pass
    assert pipe.getvalue() == "" and console.shown == ""


def test_progress_ends_with_what_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(OSError), console.progress("Working"):
        raise OSError
    assert console.shown == ""
