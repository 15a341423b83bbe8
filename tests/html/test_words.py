"""assessments/words.yml holds every word of the interface, once, and none that nothing shows."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from macros.checks import check
from macros.html import form
from macros.loading import structure
from macros.model import Assessment
from tests.support.checkout import ROOT
from tests.support.engines import load

WORDS, _ = structure.load_words(ROOT)
SOURCES = [
    path
    for pattern in ("macros/**/*.py", "macros/html/templates/**/*.*", "docs/assets/*/*.js")
    for path in ROOT.glob(pattern)
    if path.name != "phrases.py"  # which lists them all
]


def asked_for() -> set[str]:
    """Every quoted word of the code, and every pair that code puts together: `relation_{name}`,
    `measure_${value}`.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    whole = set(re.findall(r"""["'](\w+)["']""", text)) | set(re.findall(r"words\.(\w+)", text))
    starts = set(re.findall(r"""["'`](\w+_)\$?\{""", text))
    return whole | {word for word in WORDS if any(word.startswith(start) for start in starts)}


def test_every_word_is_shown_somewhere() -> None:
    assert sorted(set(WORDS) - asked_for()) == []


def test_a_word_that_nothing_shows_would_be_noticed() -> None:
    assert "a_word_that_nothing_shows" not in asked_for()


class Shown(HTMLParser):
    """The text and the spoken names of a form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [
            value or ""
            for name, value in attributes
            if name in ("aria-label", "title", "placeholder", "alt")
        ]


def foreign(words: structure.Words) -> structure.Words:
    """The words of a language in which each of them is marked."""
    return {
        key: f"‹{word}›" if isinstance(word, str) else {"other": f"‹{word['other']}›"}
        for key, word in words.items()
    }


def unmarked(html: str) -> Iterator[str]:
    shown = Shown()
    shown.feed(html)
    yield from (text for text in shown.found if re.search(r"[A-Za-z]{2}", text))


def assessments() -> Iterator[Assessment]:
    """The one that is shipped, and one with every kind of question."""
    yield check.read_playbook(ROOT).assessments["gap-reading-diagnostic"]
    every_kind, problems = load(ROOT / "tests" / "data" / "forms" / "every-kind.yml")
    assert every_kind, problems
    yield every_kind


@pytest.mark.parametrize("assessment", list(assessments()), ids=lambda one: str(one.id))
def test_a_form_in_another_language_shows_no_word_of_ours(assessment: Assessment) -> None:
    own = repr(assessment) + " ".join(f"{chair.capitalize()}" for chair in assessment.chairs)
    html = form.render_assessment(
        assessment, foreign(WORDS), "‹site›", "‹0.1.0›", lambda page: page
    )
    texts = list(unmarked(html))
    assert len(texts) > 50
    assert [text for text in texts if "‹" not in text and text.strip(": ") not in own] == []


def problems_of(folder: Path, old: str, new: str) -> list[str]:
    """What `check` says of words.yml with one thing changed."""
    (folder / "assessments").mkdir()
    text = (ROOT / "assessments" / "words.yml").read_text(encoding="utf-8")
    assert old in text
    (folder / "assessments" / "words.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    words, file = structure.load_words(folder)
    check._check_words(words, file)
    return [problem.message for problem in file.problems]


def test_words_as_shipped_have_no_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "kept:", "kept:") == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("kept: ", "kpet: ", "nothing shows 'kpet'; did you mean 'kept'?"),
        ("kept: ", "kpet: ", "the phrase 'kept' is missing"),
        (
            "{answer} makes",
            "{anwser} makes",
            "{anwser} is not filled in here; did you mean 'answer'?",
        ),
        ("language: en-GB", "language: de_DE", "this is not a language tag such as en-GB or de"),
        ("bar_open: {one: ", "bar_open: {few: 1, one: ", ""),
    ],
)
def test_a_mistake_in_the_words_is_told(old: str, new: str, problem: str, tmp_path: Path) -> None:
    told = "\n".join(problems_of(tmp_path, old, new))
    assert (problem in told) if problem else (told == "")


def test_every_rule_is_used_by_a_page_or_an_assessment() -> None:
    rules, _ = structure.load_rules(ROOT)
    texts = [
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("assessments/*.yml"),
        *ROOT.glob("macros/html/templates/pictures/*"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in texts)
    assert [id for id in rules if f'rule("{id}"' not in text and f"rule.{id}" not in text] == []


def test_a_form_takes_as_long_as_the_pages_say() -> None:
    book = check.read_playbook(ROOT)
    assert book.assessments["gap-reading-diagnostic"].minutes == book.rules["reading_minutes"].value
