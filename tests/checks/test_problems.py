"""What an author gets wrong, and what is said about it: each problem in a sentence, at its place,
all in one go.

A file of tests/data/problems is one mistake. Its first comments are the problems it must raise, no
more and no fewer, `# line:column: level: message`; the lines are those of the file itself.
"""

import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros.checks.playbook_reader import check_all, read_playbook
from macros.loading import yaml_nodes
from macros.model import Answer, Question, Scale
from macros.rules.compiler import compile_condition
from macros.rules.names import Scope
from macros.rules.source import ExpressionError
from tests.support.checkout import ROOT
from tests.support.corpora import bytes_of, cases
from tests.support.engines import load

FILES = sorted((ROOT / "tests" / "data" / "problems").glob("*.yml"))
RULES = {"stall_reds": 2, "watch_yellows": 1}
EXPECTED = re.compile(r"# (\d+:\d+: (?:error|warning): .*)")
PLACE = re.compile(r".+\.yml:[0-9]+:[0-9]+: (error|warning): .+")


def problems_of(path: Path) -> list[str]:
    """The problems of a file as an author reads them, without its name."""
    _, problems = load(path, RULES)
    return [str(problem).removeprefix(f"{path.name}:") for problem in problems]


def expected_of(path: Path) -> list[str]:
    """The comments that the file begins with."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [found[1] for line in lines if (found := EXPECTED.fullmatch(line))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_has_these_problems(path: Path) -> None:
    assert problems_of(path) == expected_of(path)


def test_every_file_expects_something_but_the_sound_ones() -> None:
    sound = ["no-mistake-in-a-larger-one", "no-mistake"]
    assert [path.stem for path in FILES if not expected_of(path)] == sound


# Files that are not even text


def said_of(data: bytes, tmp_path: Path) -> list[str]:
    (tmp_path / "small.yml").write_bytes(data)
    return problems_of(tmp_path / "small.yml")


SOUND = (ROOT / "tests" / "data" / "problems" / "no-mistake.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [
        SOUND.encode("utf-8-sig"),
        SOUND.replace("\n", "\r\n").encode(),
        SOUND.replace("\n", "\r").encode(),
        SOUND.rstrip().encode(),
        b"---\n" + SOUND.encode() + b"...\n",
    ],
    ids=[
        "a byte order mark",
        "Windows line ends",
        "old Mac line ends",
        "no last line end",
        "document marks",
    ],
)
def test_a_file_saved_by_any_editor_is_fine(data: bytes, tmp_path: Path) -> None:
    assert said_of(data, tmp_path) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "1:1: error: the file is empty"),
        (b"\n# nothing but a comment\n", "1:1: error: the file is empty"),
        (b"title: \xe9t\xe9\n", "1:8: error: this is not UTF-8; save the file as UTF-8"),
        (
            "a: é\r\nb: \udcff".encode(errors="surrogateescape"),
            "2:4: error: this is not UTF-8; save the file as UTF-8",
        ),
        ("title: x".encode("utf-16"), "1:1: error: this is not UTF-8; save the file as UTF-8"),
        (b"a: b\x00", "1:5: error: an invisible character (U+0000) stands here; delete it"),
        (
            b"a: b\r\nc: \x1b[0m",
            "2:4: error: an invisible character (U+001B) stands here; delete it",
        ),
        (
            "a: é\x85b".encode(),
            "1:5: error: an invisible character (U+0085) stands here; delete it",
        ),
        (
            "a: one\u2028two".encode(),
            "1:7: error: an invisible character (U+2028) stands here; delete it",
        ),
        (
            "a: one\ufefftwo".encode(),
            "1:7: error: an invisible character (U+FEFF) stands here; delete it",
        ),
        (
            b"a" * (yaml_nodes.MOST_BYTES + 1),
            "1:1: error: the file has 1,048,577 bytes; 1,048,576 is the most",
        ),
    ],
)
def test_a_file_that_is_no_text_gets_one_sentence(
    data: bytes, problem: str, tmp_path: Path
) -> None:
    assert said_of(data, tmp_path) == [problem]


def test_a_file_that_cannot_be_read_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "small.yml").mkdir()
    [said] = problems_of(tmp_path / "small.yml")
    assert said.startswith("1:1: error: the file cannot be read: ")


@pytest.mark.parametrize(
    "bytes_", [b"[", b"{", b"- ", b"? ", b"{a: ", b"[a, ", b"&a ", b"!a ", b"[a]: "], ids=repr
)
def test_a_megabyte_of_nested_brackets_is_refused_at_the_depth_limit(
    bytes_: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By counting, not by the clock: the parser is asked for a handful of events, whatever
    follows.
    """
    asked = []
    parse = yaml.parse

    def counted(*arguments: Any, **options: Any) -> Any:
        for event in parse(*arguments, **options):
            asked.append(event)
            yield event

    monkeypatch.setattr(yaml, "parse", counted)
    with pytest.raises(yaml_nodes.SourceError):
        yaml_nodes.parse((bytes_ * yaml_nodes.MOST_BYTES)[: yaml_nodes.MOST_BYTES])
    assert len(asked) < 4 * yaml_nodes.MOST_DEPTH


def test_twenty_levels_are_read_and_one_more_is_not() -> None:
    yaml_nodes.parse(b"[" * 20 + b"]" * 20)
    with pytest.raises(yaml_nodes.SourceError, match="nested more than 20 levels"):
        yaml_nodes.parse(b"[" * 21 + b"]" * 21)


@pytest.mark.parametrize("entry", ["- {{}}\n", "k{}: 1\n"])
def test_two_thousand_entries_are_read_and_one_more_is_not(entry: str) -> None:
    yaml_nodes.parse("".join(entry.format(n) for n in range(2000)).encode())
    with pytest.raises(yaml_nodes.SourceError, match="more than 2,000 entries") as caught:
        yaml_nodes.parse(
            "".join(entry.format(n) for n in range(200_000)).encode()[: yaml_nodes.MOST_BYTES]
        )
    assert caught.value.place.line == 2001


def test_a_problem_quotes_little_of_a_long_text(tmp_path: Path) -> None:
    for data in (
        b"x" * 100_000,
        b"!" + b"x" * 100_000,
        b"&" + b"x" * 100_000,
        b"{(" + b"x" * 100_000 + b": y}",
    ):
        said = said_of(data, tmp_path)
        assert said and all(len(problem) < 600 for problem in said)


# Several files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The YAML files of the playbook, to be broken."""
    for name in ("assessments", "facts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "mkdocs.yml").write_text("site_name: A copy\n", encoding="utf-8")
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_playbook_has_no_problems(root: Path) -> None:
    assert check_all(root) == []


def test_problems_of_all_files_are_told_together_in_their_order(root: Path) -> None:
    edit(root / "facts" / "glossary.yml", "means:", "meens:")
    edit(root / "assessments" / "words.yml", "language: en-GB", "language: [en-GB]")
    edit(root / "assessments" / "gap-reading-diagnostic.yml", "minutes: 15", "minutes: soon")
    (root / "assessments" / "Second One.yml").write_text(SOUND, encoding="utf-8")
    said = [str(problem) for problem in check_all(root)]
    assert [one.split(":")[0] for one in said] == [
        "assessments/Second One.yml",
        "assessments/gap-reading-diagnostic.yml",
        "assessments/words.yml",
        "facts/glossary.yml",
        "facts/glossary.yml",
    ]
    assert "'Second One' is not lower-case words joined by dashes" in said[0]


@pytest.mark.parametrize(
    ("key", "named", "said"),
    [
        ("page", "gap/no-such-page", "there is no page 'gap/no-such-page'"),
        ("page", "gap/no-such-page#here", "there is no page 'gap/no-such-page#here'"),
        ("page", "read/diagnostik", "did you mean 'read/diagnostic'?"),
        ("page", "../secret", "there is no page '../secret'"),
        ("page", "https://example.org", "there is no page 'https://example.org'"),
        ("worksheet", "no-such-sheet", "there is no worksheet 'no-such-sheet'"),
    ],
)
def test_a_page_or_worksheet_that_is_not_there_is_told_at_its_name(
    key: str, named: str, said: str, root: Path
) -> None:
    (root / "docs" / "read").mkdir(parents=True, exist_ok=True)
    (root / "docs" / "read" / "diagnostic.md").touch()
    text = SOUND.replace("    move: Ask for it.", f"    move: Ask for it.\n    {key}: {named}")
    (root / "assessments" / "small.yml").write_text(text, encoding="utf-8")
    told = [problem for problem in check_all(root) if problem.path == "assessments/small.yml"]
    [problem] = [one for one in told if one.message.startswith(f"questions[2].{key}: ")]
    line = text.splitlines()[problem.line - 1]
    assert said in problem.message and line[problem.column - 1 :] == named


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("assessments/scales.yml", "worst: red", "worst: yellow"),
        ("assessments/scales.yml", "worst: red", "wurst: red"),
        ("assessments/scales.yml", "answers:", "answers: ]"),
        ("facts/rules.yml", "value: 3", "value: three"),
        ("facts/rules.yml", "value: 3", "value: [3"),
    ],
)
def test_a_mistake_in_what_assessments_refer_to_is_told_once_and_where_it_is(
    name: str, old: str, new: str, root: Path
) -> None:
    edit(root / name, old, new)
    assert {problem.path for problem in check_all(root)} == {name}
    assert read_playbook(root).assessments == {}


def test_a_file_that_is_missing_is_told_once(root: Path) -> None:
    for name in (
        "assessments/scales.yml",
        "assessments/words.yml",
        "facts/glossary.yml",
        "facts/rules.yml",
    ):
        (root / name).unlink()
    said = [str(problem) for problem in check_all(root)]
    assert len(said) == 4 and all("cannot be read: No such file" in one for one in said), said


# Places in rules


LETTERS = Scale("red", (Answer("gelb", "Gelb"), Answer("red", "Red")))
SCOPE = Scope({id: Question(id, id, id, scale=LETTERS) for id in ("größe", "owner")}, {}, {})


@pytest.mark.parametrize(
    "rule",
    [
        "größe is red and ⟦redd is red",
        "größe in (red, gelb) or owner is ⟦geld",
        "größe is red and ⟦'漢字 😀' == 1",
        "größe is red or count(red) ⟦=> 2",
    ],
)
def test_columns_count_characters_and_not_bytes(rule: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(rule.replace("⟦", ""), SCOPE)
    assert caught.value.offset == rule.index("⟦")


def test_a_warning_of_pythons_own_parser_does_not_leak(recwarn: pytest.WarningsRecorder) -> None:
    warnings.simplefilter("always")
    for rule in ("count(red) >= 2or owner is red", r"count(red) == '\d'", "0x1for x in y"):
        with pytest.raises(ExpressionError):
            compile_condition(rule, SCOPE)
    assert list(recwarn) == []


# The corpora: hostile files written for this project, and the suite of YAML itself


def yaml_cases(name: str) -> list[Any]:
    return cases(f"yaml/{name}.json", lambda n, case: f"{case['id']}-{n}")


@pytest.mark.parametrize("case", yaml_cases("yaml_hostile") + yaml_cases("yaml_test_suite"))
def test_any_yaml_is_taken_or_refused_with_sentences(case: dict[str, Any], tmp_path: Path) -> None:
    """None of these is an assessment, so at the least its missing keys are told; never a
    traceback.
    """
    said = said_of(bytes_of(case), tmp_path)
    assert said and all(PLACE.fullmatch(f"small.yml:{problem}") for problem in said), said
    lines = re.split("\r\n|\r|\n", bytes_of(case).decode("utf-8", "replace"))
    for problem in said:
        line, column = (int(part) for part in problem.split(":")[:2])
        assert 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1, problem
