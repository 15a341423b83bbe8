"""What lies outside the repository may be missing: then its tests are skipped, with a reason."""

from pathlib import Path

import pytest

from tests.support import corpora
from tests.support.checkout import ROOT


@pytest.fixture
def nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "CORPORA", tmp_path)


@pytest.mark.usefixtures("nothing_here")
def test_where_a_corpus_is_missing_its_tests_are_skipped() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"strings/x\.json is not beside"):
        corpora.corpus("strings/x.json")
    [one] = corpora.cases("strings/x.json", lambda n, case: str(n))
    assert [mark.kwargs["reason"] for mark in one.marks] == [
        "strings/x.json is not beside this checkout"
    ]


def test_where_it_is_there_each_case_is_a_test(nothing_here: None, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"cases": ["a", "b"]}', encoding="utf-8")
    assert corpora.corpus("x.json") == {"cases": ["a", "b"]}
    tests = corpora.cases("x.json", lambda n, case: f"{case}-{n}")
    assert [(one.id, one.values, list(one.marks)) for one in tests] == [
        ("a-0", ("a",), []),
        ("b-1", ("b",), []),
    ]


def test_no_test_looks_for_one_itself() -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "tests").rglob("*.py")
        if path not in (Path(corpora.__file__), Path(__file__))
    }
    assert [name for name, text in texts.items() if '"corpora"' in text] == []
    assert '"corpora"' in Path(corpora.__file__).read_text(encoding="utf-8")
