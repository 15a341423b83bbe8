"""`check` says every mistake at once, each with its place, and nothing of what is sound."""

import re
from pathlib import Path

import pytest

from tests.support.checkout import playbook
from tests.support.command import edit


def test_check_is_content_with_what_ships() -> None:
    done = playbook("check")
    assert (done.returncode, done.stdout) == (0, "no errors, no warnings.\n"), (
        done.stdout + done.stderr
    )


def test_check_tells_every_problem_and_counts_them(copy: Path) -> None:
    edit(copy / "assessments" / "gap-reading-diagnostic.yml", "title:", "titel:")
    edit(copy / "facts" / "glossary.yml", "means:", "meens:")
    done = playbook("check", root=copy)
    assert done.returncode == 1
    places = re.findall(r"^(\S+\.yml):\d+:\d+: error: ", done.stdout, re.MULTILINE)
    assert {"assessments/gap-reading-diagnostic.yml", "facts/glossary.yml"} <= set(places)
    assert done.stdout.splitlines()[-1] == f"{len(places)} errors, no warnings."


def test_a_picture_that_is_not_there_gets_the_nearest_name(copy: Path) -> None:
    edit(copy / "docs" / "close" / "ninety-day-gate.md", 'picture("clock")', 'picture("clok")')
    done = playbook("check", root=copy)
    [problem, number] = done.stdout.splitlines()
    assert re.fullmatch(
        r"docs/close/ninety-day-gate\.md:\d+:13: error: there is no picture 'clok'; did you mean"
        r" 'clock'\?",
        problem,
    )
    assert (done.returncode, number) == (1, "1 error, no warnings.")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_a_file_in_another_encoding_gets_a_sentence_or_is_read(encoding: str, copy: Path) -> None:
    path = copy / "facts" / "glossary.yml"
    path.write_bytes(
        (path.read_text(encoding="utf-8") + "# é\n").encode(encoding, errors="replace")
    )
    done = playbook("check", root=copy)
    assert "Traceback" not in done.stderr and done.returncode == (
        0 if encoding == "utf-8-sig" else 1
    ), done.stdout


def test_a_terminal_without_unicode_still_gets_its_sentence(copy: Path) -> None:
    edit(copy / "facts" / "glossary.yml", "means:", "méans→🙂:")
    done = playbook("check", root=copy, PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and "Traceback" not in done.stderr and "méans→🙂" in done.stdout
