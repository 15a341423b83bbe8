"""What has not changed is not read, checked or drawn again: counted, not timed."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros.checks import playbook_reader
from macros.checks.playbook_reader import cached_playbook, check_all
from macros.html import form
from macros.html.addresses import FormPlace
from macros.loading import yaml_nodes
from macros.loading.playbook import Playbook
from tests.support.checkout import ROOT

EDITED = "risk-tier"
Count = Callable[..., Any]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("assessments", "facts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("assets"))
    return tmp_path


def counted(function: Callable[..., Any], calls: Counter[Any], key: Callable[..., Any]) -> Count:
    """The function, with each of its calls counted by what it is called with."""

    def counting(*arguments: Any) -> Any:
        calls[key(*arguments)] += 1
        return function(*arguments)

    return counting


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """How often the text of each file was parsed."""
    calls: Counter[bytes] = Counter()
    monkeypatch.setattr(yaml_nodes, "parse", counted(yaml_nodes.parse, calls, lambda data: data))
    return calls


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each assessment was checked."""
    calls: Counter[str] = Counter()
    by_id = counted(
        playbook_reader.check_in, calls, lambda context, assessment, file: assessment.id
    )
    monkeypatch.setattr(playbook_reader, "check_in", by_id)
    return calls


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the form of each assessment was drawn."""
    calls: Counter[str] = Counter()
    by_id = counted(form._form, calls, lambda assessment, *_: assessment.id)
    monkeypatch.setattr(form, "_form", by_id)
    return calls


def files(root: Path) -> list[bytes]:
    return [path.read_bytes() for path in root.rglob("*.yml")]


def edit(path: Path) -> bytes:
    path.write_bytes(path.read_bytes() + b"# another line\n")
    return path.read_bytes()


def draw(book: Playbook) -> None:
    for assessment in book.assessments.values():
        form.render_assessment(assessment, book.words, FormPlace("site", "1", depth=1))


def test_each_file_is_parsed_once(root: Path, parsed: Counter[bytes]) -> None:
    cached_playbook(root)
    assert parsed == Counter(files(root))
    check_all(root)
    assert parsed == Counter(files(root))


def test_one_edit_makes_one_assessment_be_read_and_checked_again(
    root: Path, parsed: Counter[bytes], checked: Counter[str]
) -> None:
    before = cached_playbook(root)
    assert set(checked.values()) == {1} and checked.keys() == before.assessments.keys()
    parsed.clear()
    checked.clear()
    text = edit(root / "assessments" / f"{EDITED}.yml")
    after = cached_playbook(root)
    assert (parsed, checked) == ({text: 1}, {EDITED: 1})
    same = [id for id, one in after.assessments.items() if one is before.assessments[id]]
    assert sorted(same) == sorted(before.assessments.keys() - {EDITED})


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("assessments/scales.yml", "Here and there", "In places"),
        ("facts/rules.yml", "value: 2", "value: 3"),
        ("docs/new.md", "", "# A page that an assessment may name\n"),
    ],
)
def test_what_all_assessments_may_refer_to_is_noticed(
    root: Path, checked: Counter[str], name: str, old: str, new: str
) -> None:
    """The control: each is checked against scales, rules and pages."""
    before = cached_playbook(root)
    checked.clear()
    path = root / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(text.replace(old, new), encoding="utf-8")
    cached_playbook(root)
    assert checked == Counter(before.assessments.keys())


def test_one_edit_makes_one_form_be_drawn_again(root: Path, drawn: Counter[str]) -> None:
    book = cached_playbook(root)
    draw(book)
    draw(book)
    assert drawn == Counter(book.assessments.keys())
    drawn.clear()
    edit(root / "assessments" / f"{EDITED}.yml")
    draw(cached_playbook(root))
    assert drawn == {EDITED: 1}


def test_a_form_is_drawn_for_where_its_page_stands(root: Path, drawn: Counter[str]) -> None:
    book = cached_playbook(root)
    assessment = book.assessments[EDITED]
    places = [FormPlace("site", "1", depth) for depth in (0, 1, 1)]
    texts = [form.render_assessment(assessment, book.words, place) for place in places]
    assert texts[0] != texts[1] == texts[2] and drawn == {EDITED: 2}


def test_other_words_make_every_form_be_drawn_again(root: Path, drawn: Counter[str]) -> None:
    draw(cached_playbook(root))
    drawn.clear()
    path = root / "assessments" / "words.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("en-GB", "en"), encoding="utf-8")
    book = cached_playbook(root)
    draw(book)
    assert drawn == Counter(book.assessments.keys())
