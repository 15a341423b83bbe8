"""`playbook.py new-assessment`: what it writes works at once, and nothing is ever overwritten."""

import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.checks.playbook_reader import check_all, read_playbook
from macros.commands import new_assessment
from macros.commands.command import Stopped
from tests.support.checkout import ROOT, copy_of_checkout, playbook, share_venv

Make = Callable[..., int]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What the command reads and writes."""
    for name in ("assessments", "facts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


@pytest.fixture
def make(root: Path) -> Make:
    def make(id: str, title: str = "") -> int:
        try:
            return new_assessment.run(root, Namespace(id=id, title=title))
        except Stopped as stopped:  # as `playbook.py` ends then
            print(stopped, file=sys.stderr)
            return stopped.code

    return make


def written(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_the_starter_passes_check_without_a_warning(root: Path, make: Make) -> None:
    assert make("vendor-readiness") == 0
    assert check_all(root) == []
    made = read_playbook(root).assessments["vendor-readiness"]
    assert made.title == "Vendor readiness" and len(made.tests) == 2


def test_it_says_what_it_made_and_what_to_do_next(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    make("vendor-readiness", "Is this vendor ready?")
    said = capsys.readouterr().out
    assert "Made assessments/vendor-readiness.yml.\nMade docs/tools/vendor-readiness.md.\n" in said
    assert (
        "under 'Tools' in mkdocs.yml" in said
        and "playbook.py serve" in said
        and "playbook.py check" in said
    )


def test_every_mistake_in_the_starter_would_be_noticed(root: Path, make: Make) -> None:
    make("vendor-readiness")
    path = root / "assessments" / "vendor-readiness.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("count(red) >= 2", "count(redd) >= 2"),
        encoding="utf-8",
    )
    assert ["did you mean 'red'" in str(problem) for problem in check_all(root)] == [True]


@pytest.mark.parametrize(
    ("id", "title", "sentence"),
    [
        (
            "Vendor Readiness",
            "",
            "'Vendor Readiness' is not lower-case words joined by dashes; try 'vendor-readiness'.",
        ),
        (
            "vendor_readiness",
            "",
            "'vendor_readiness' is not lower-case words joined by dashes; try 'vendor-readiness'.",
        ),
        ("../../etc/x", "", "'../../etc/x' is not lower-case words joined by dashes; try 'etc-x'."),
        ("2nd", "", "'2nd' is not lower-case words joined by dashes; try 'nd'."),
        (
            "",
            "",
            "'' is not lower-case words joined by dashes; try 'vendor-readiness', for instance.",
        ),
        (
            "漢字",
            "",
            (
                "'漢字' is not lower-case words joined by dashes; try 'vendor-readiness', for"
                " instance."
            ),
        ),
        ("con", "", "'con' is a name that Windows keeps to itself; choose another."),
        ("x" * 61, "", f"'{'x' * 61}' is longer than 60 characters; choose another."),
        ("x", "a <b>", "A title is plain words, and there is '<' in 'a <b>'; leave it out."),
        ("x", "{{7*7}}", "A title is plain words, and there is '{' in '{{7*7}}'; leave it out."),
        (
            "x",
            "a\x1b[0m",
            "A title is plain words, and there is '\\x1b' in 'a\x1b[0m'; leave it out.",
        ),
        (
            "gap-reading-diagnostic",
            "",
            "There is assessments/gap-reading-diagnostic.yml already; choose another id.",
        ),
        ("scales", "", "There is assessments/scales.yml already; choose another id."),
    ],
)
def test_what_cannot_be_made_gets_a_sentence_and_writes_nothing(
    id: str, title: str, sentence: str, root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(root)
    assert make(id, title) == 2
    assert capsys.readouterr() == ("", sentence + "\n")
    assert written(root) == before


@pytest.mark.parametrize(
    "name", ["docs/tools/mine.md", "assessments/mine.yml", "assessments/engagement/mine.yml"]
)
def test_nothing_is_overwritten(
    name: str, root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("mine", encoding="utf-8")
    before = written(root)
    assert make("mine") == 2 and f"There is {name} already" in capsys.readouterr().err
    assert written(root) == before


def test_where_one_file_cannot_be_written_there_is_none(
    root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(root / "docs" / "tools")
    (root / "docs" / "tools").write_text("a file where a folder belongs", encoding="utf-8")
    before = written(root)
    assert make("mine") == 3 and capsys.readouterr().err.startswith("Nothing was made: ")
    assert written(root) == before


# The navigation


def navigation(root: Path) -> str:
    return (root / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]


def test_pages_stand_under_tools_in_the_order_in_which_they_were_made(
    root: Path, make: Make
) -> None:
    before = (root / "mkdocs.yml").read_text(encoding="utf-8")
    make("one")
    make("two", "Two: ‘it’s’ “here”")
    after = (root / "mkdocs.yml").read_text(encoding="utf-8")
    added = '      - One: tools/one.md\n      - "Two: ‘it’s’ “here”": tools/two.md\n'
    assert after.replace(added, "") == before and added in after


@pytest.mark.parametrize(
    ("nav", "expected"),
    [
        (
            "  - Home: index.md\n  - Tools:\n      - A: a.md\n  - B: b.md\n\nextra: {}\n",
            (
                "  - Home: index.md\n  - Tools:\n      - A: a.md\n      - One: tools/one.md\n  - B:"
                " b.md\n\nextra: {}\n"
            ),
        ),
        (
            "  - Home: index.md\n  # the last\n\nextra: {}\n",
            (
                "  - Home: index.md\n  - Tools:\n      - One: tools/one.md\n  # the last\n\nextra:"
                " {}\n"
            ),
        ),
        ("  - Home: index.md", "  - Home: index.md\n  - Tools:\n      - One: tools/one.md"),
    ],
)
def test_a_page_finds_its_place_in_any_navigation(
    nav: str, expected: str, root: Path, make: Make
) -> None:
    for end in ("\n", "\r\n"):
        (root / "mkdocs.yml").write_bytes(f"site_name: x\nnav:\n{nav}".replace("\n", end).encode())
        new_assessment.add_to_navigation(root / "mkdocs.yml", "one", "One")
        assert (root / "mkdocs.yml").read_bytes() == f"site_name: x\nnav:\n{expected}".replace(
            "\n", end
        ).encode()


@pytest.mark.parametrize(
    "text", ["site_name: x\n", "nav: [index.md]\n", "nav:\n- Home: index.md\n", "nav:\n", "é"]
)
def test_a_navigation_of_another_kind_is_left_alone_and_told(
    text: str, root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "mkdocs.yml").write_bytes(text.encode("latin-1"))
    assert make("one") == 0
    assert "Add '- One: tools/one.md' to the nav of mkdocs.yml." in capsys.readouterr().out
    assert (root / "mkdocs.yml").read_bytes() == text.encode("latin-1")


# As a person meets it


def test_the_page_of_a_new_assessment_builds_cleanly(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    share_venv(copy_of_checkout(copy, "tests"))
    title = "Is *this* vendor “ready” – [now] & then?"
    assert playbook("new-assessment", "vendor-readiness", title, root=copy).returncode == 0
    done = playbook("build", root=copy)
    assert done.returncode == 0 and done.stdout.startswith("Built "), done.stdout + done.stderr
    html = (copy / "site" / "tools" / "vendor-readiness.html").read_text(encoding="utf-8")
    assert 'name="owner"' in html and "<em>" not in html.partition("<h1")[2].partition("</h1>")[0]
    assert "tools/vendor-readiness.html" in (copy / "site" / "index.html").read_text(
        encoding="utf-8"
    )


def test_help_helps() -> None:
    done = playbook("new-assessment", "--help")
    assert done.returncode == 0 and "Nothing is ever overwritten" in re.sub(
        r"\s+", " ", done.stdout
    )
