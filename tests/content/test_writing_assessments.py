"""docs/fork/writing-assessments.md, followed word by word: what it says to write is written, to run
is run.

A block of YAML goes where the page says: one with a title is a whole new file, one that extends is
an overlay, one with `was` or a key that is there takes its line's place, one line mends the line
that `check` complained of, and any other goes below the last. What a command says has to be what
stands under it, where … stands for lines left out.
"""

import html
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.checks.playbook_reader import check_all, read_playbook
from playbook import COMMANDS
from tests.support.checkout import ROOT, copy_of_checkout, playbook, share_venv
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.command

PAGE = (ROOT / "docs" / "fork" / "writing-assessments.md").read_text(encoding="utf-8")
BLOCKS = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
MOST_WORDS = 1200
MOST_SIGNS = 64  # of a line of a block, as wide as the text around it
New = Callable[[], Path]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> New:
    """A checkout as somebody has it who begins to read the page."""

    def make() -> Path:
        copy = tmp_path_factory.mktemp("reader") / "copy"
        share_venv(copy_of_checkout(copy, "tests"))
        return copy

    return make


class Follower:
    """Somebody who does what the page says, in a copy of the checkout."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self.own = copy / "assessments" / "switch-it-on.yml"
        self.told = 0  # the line of the last message
        self.differences: list[str] = []

    def follow(self, page: str) -> list[str]:
        """Does all of it; gives what was not as the page says."""
        for block in BLOCKS.finditer(page):
            language, text = block.groups()
            if language == "console":
                self.run(text)
            elif language == "json":
                (self.copy / "reading.json").write_text(text, encoding="utf-8")
            elif language == "yaml":
                self.write(text, page[: block.start()])
            else:
                self.differences.append(f"nobody knows what to do with {block[0]}")
        return self.differences

    def write(self, text: str, before: str) -> None:
        lines = self.own.read_text(encoding="utf-8").splitlines(keepends=True)
        if text.startswith("extends:"):
            path = re.findall(r"`(assessments/engagement/\w+\.yml)`", before)[-1]
            (self.copy / path).write_text(text, encoding="utf-8")
            return
        if text.startswith("title:"):
            lines = [text]
        elif (place := self.place_of(text, lines)) is not None:
            lines[place] = text
        else:
            lines.append(text)
        self.own.write_text("".join(lines), encoding="utf-8")

    def place_of(self, text: str, lines: list[str]) -> int | None:
        """The line whose place a block takes; None where it goes below the last."""
        if was := re.search(r"^ +was: (\w+)$", text, re.M):
            return next(n for n, line in enumerate(lines) if line.strip() == f"- id: {was[1]}")
        if text.count("\n") == 1:
            return self.told - 1
        key = re.match(r"\w+: ", text)
        return next((n for n, line in enumerate(lines) if key and line.startswith(key[0])), None)

    def run(self, text: str) -> None:
        line, *expected = text.splitlines()
        said = run(line, self.copy)
        if found := re.search(r":(\d+):\d+: ", "\n".join(said)):
            self.told = int(found[1])
        if not agree(expected, said):
            self.differences.append("\n".join([line, "said", *said, "and not", *expected]))


def run(line: str, copy: Path) -> list[str]:
    """What a command of the page says, run by this Python."""
    prompt, python, script, *arguments = shlex.split(line)
    assert (prompt, python, script) == ("$", "python3", "playbook.py"), line
    start = [sys.executable, "-X", "warn_default_encoding", script, *arguments]
    done = subprocess.run(
        start, cwd=copy, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
    )
    return (done.stdout + done.stderr).splitlines()


def agree(expected: list[str], said: list[str]) -> bool:
    """Whether lines are those expected, but for where they break; … stands for any number of
    them.
    """
    parts = re.split(r"(?:^|\s)…(?:\s|$)", " ".join(" ".join(expected).split()))
    return (
        re.fullmatch(".*".join(map(re.escape, parts)), " ".join(" ".join(said).split())) is not None
    )


@pytest.fixture(scope="module")
def followed(new: New) -> Follower:
    follower = Follower(new())
    follower.follow(PAGE)
    return follower


def test_everything_is_as_the_page_says(followed: Follower) -> None:
    assert not followed.differences, "\n\n".join(followed.differences)


def test_what_stands_at_the_end_passes_check_without_a_warning(followed: Follower) -> None:
    assert [str(problem) for problem in check_all(followed.copy)] == []
    made = read_playbook(followed.copy).assessments["switch-it-on"]
    assert [question.id for question in made.every_question()] == [
        "data",
        "off_switch",
        "reader",
        "log_reader",
    ]
    assert made.version == 2 and len(made.tests) == 2 and made.measures["to_mend"].per == "section"


def test_it_is_published(followed: Follower) -> None:
    done = playbook("build", root=followed.copy)
    assert done.returncode == 0, done.stdout + done.stderr
    own = html.unescape(
        (followed.copy / "site" / "tools" / "switch-it-on.html").read_text(encoding="utf-8")
    )
    assert 'name="log_reader"' in own and "Mend first" in own and "count(" not in own, (
        "a rule is not said in words"
    )
    ours = html.unescape(
        (followed.copy / "site" / "read" / "diagnostic.html").read_text(encoding="utf-8")
    )
    assert (
        "the repairs lead, who will live with the result" in ours
        and "Nobody there answers to “operator”." in ours
    )


@pytest.mark.parametrize(
    ("old", "new_text"),
    [
        ("known here: data, off_switch", "known here: date, off_switch"),
        ("expect: {verdict: not_yet}", "expect: {verdict: ready}"),
        ("        was: log\n", ""),
    ],
    ids=["a message", "a test", "a rename"],
)
def test_a_mistake_on_the_page_would_be_found(old: str, new_text: str, new: New) -> None:
    assert old in PAGE
    assert Follower(new()).follow(PAGE.replace(old, new_text)) != []


def test_lines_left_out_are_those_where_the_page_says_so() -> None:
    assert agree(["a", "…", "d"], ["a", "b", "c", "d"]) and agree(["a", "…"], ["a", "b"])
    assert agree(["a", "  b"], ["a b"]) and agree(["a"], ["a"])
    assert (
        not agree(["a", "d"], ["a", "b", "d"])
        and not agree(["a", "…"], ["b", "a"])
        and not agree(["a"], ["a", "b"])
    )


def test_every_command_it_names_is_there() -> None:
    commands = {command.NAME for command in COMMANDS}
    named = set(re.findall(r"playbook\.py ([\w-]+)", PAGE))
    assert {"new-assessment", "check", "serve", "score", "build"} <= named <= commands


def test_it_can_be_read_in_one_go_and_printed() -> None:
    assert len(PAGE.split()) <= MOST_WORDS
    assert (
        max(len(line) for _, text in BLOCKS.findall(PAGE) for line in text.splitlines())
        <= MOST_SIGNS
    )
    assert PAGE.rstrip().splitlines()[-3] == "## Do this next"
