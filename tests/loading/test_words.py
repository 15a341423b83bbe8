"""A fork says single phrases differently in assessments/engagement/words.yml; every mistake in the
words is told with its place, and the phrase is said as we say it.
"""

import shutil
from pathlib import Path

import pytest

from macros.checks.playbook_reader import read_playbook
from macros.loading.words import OWN_WORDS, Words, load_words
from tests.support.checkout import ROOT

OURS = Path("assessments", "words.yml")
FORK = """\
# Ours.
language: de
date: Datum
undo: Zurück
bar_open: {one: "{count} offene", few: 2, other: "{count} offen"}
why: "Zeilen {lines}: {answer}"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A playbook with nothing but our words."""
    (tmp_path / OWN_WORDS).parent.mkdir(parents=True)
    shutil.copy(ROOT / OURS, tmp_path / OURS)
    return tmp_path


def read(root: Path, own: str = "") -> tuple[Words, list[str]]:
    """The words with a fork's own, and all problems as `check` tells them."""
    if own:
        (root / OWN_WORDS).write_text(own, encoding="utf-8")
    words, files = load_words(root)
    return words, [str(problem) for file in files for problem in file.problems]


def test_words_as_shipped_have_no_problem(root: Path) -> None:
    words, problems = read(root)
    assert problems == [] and len(words.phrases) > 150
    assert not words.page.keys() & words.script.keys()


def test_a_fork_says_single_phrases_differently(root: Path) -> None:
    ours, _ = read(root)
    words, problems = read(root, FORK)
    assert problems == []
    assert (words.language, words.phrase("date"), words.phrase("undo")) == ("de", "Datum", "Zurück")
    assert words.phrase("bar_open", count=5) == "5 offen"
    changed = {key for key, phrase in words.phrases.items() if phrase != ours.phrases[key]}
    assert changed == {"language", "date", "undo", "bar_open", "why"}
    assert words.for_scripts.keys() == ours.for_scripts.keys()


def test_words_of_a_fork_are_no_assessment(tmp_path: Path) -> None:
    for folder in ("assessments", "facts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / OWN_WORDS).write_text(FORK, encoding="utf-8")
    book = read_playbook(tmp_path)
    assert "words" not in book.forms["assessment"]
    assert [str(one) for one in book.problems if OWN_WORDS.as_posix() in one.path] == []
    assert book.words.phrase("date") == "Datum"


MISTAKES = {
    "kpet: x": "1:1: error: kpet: nothing shows 'kpet'; did you mean 'kept'?",
    "tip_more: One {anwser} more": (
        "1:11: error: tip_more: {anwser} is not filled in here; did you mean 'answer'?"
    ),
    "undo: '{count}'": "1:7: error: undo: {count} is not filled in here; known here: none",
    "why: {one: x, few: y}": "1:6: error: why: the form 'other' is missing",
    "why: {oen: x, other: y}": (
        "1:7: error: why.oen: 'oen' is not a plural form; did you mean 'one'?"
    ),
    "language: de_DE": "1:11: error: language: this is not a language tag such as en-GB or de",
    "date:": "1:6: error: date: expected text, found nothing",
    "date: [x]": "1:7: error: date: expected text, found a list",
    "months: Januar, Februar": (
        "1:9: error: months: expected 12 names with a comma between them, found 2"
    ),
    "page: {date: x}": "1:1: error: page: phrases stand here without 'page:' over them",
    "- date": "1:1: error: expected keys with values, found a list",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_ours_is_said(mistake: str, root: Path) -> None:
    ours, _ = read(root)
    words, problems = read(root, f"{mistake}\n")
    assert problems == [f"{OWN_WORDS.as_posix()}:{MISTAKES[mistake]}"]
    assert words == ours


def test_all_mistakes_are_told_and_what_is_sound_is_said(root: Path) -> None:
    words, problems = read(root, "kpet: x\ndate: Datum\nundo: '{x}'\n")
    assert len(problems) == 2 and words.phrase("date") == "Datum"


# Our file, where a fork writes into it all the same


def edited(root: Path, old: str, new: str) -> list[str]:
    text = (root / OURS).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (root / OURS).write_text(text.replace(old, new), encoding="utf-8")
    return read(root)[1]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("language: en-GB", "language: de_DE", "language: this is not a language tag"),
        ("language: en-GB", "language: [en]", "language: expected text, found a list"),
        ("bar_open: {one:", "bar_open: {oen:", "script.bar_open.oen: 'oen' is not a plural form"),
        ("\nscript:", "\nscripts:", "scripts: this key is not known; did you mean 'script'?"),
    ],
)
def test_a_mistake_in_our_file_is_told(old: str, new: str, told: str, root: Path) -> None:
    assert told in edited(root, old, new)[0]


def test_a_file_of_an_earlier_release_gets_one_sentence(root: Path) -> None:
    (root / OURS).write_text("language: en-GB\ndate: Datum\nundo: Back\n", encoding="utf-8")
    _, problems = read(root, "date: Tag\n")
    [told] = problems
    assert told.startswith("assessments/words.yml:1:1: error: this file has no 'page' and 'script'")
    assert told.endswith("write the phrases that you changed into assessments/engagement/words.yml")


def test_a_phrase_that_is_gone_gets_a_sentence(root: Path) -> None:
    edited(root, "  kicker:", "  kikcer:")
    words, _ = read(root)
    with pytest.raises(LookupError, match="assessments/words.yml has no 'kicker'; a phrase of"):
        words.phrase("kicker")
