"""assessments/words.yml holds every word of the interface, once, and none that nothing shows; a
page takes along those that its scripts say, and no others.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from typing import get_args

import pytest

from macros.checks.playbook_reader import read_playbook
from macros.engine.answers import ProblemCode
from macros.html import form
from macros.html.addresses import FormPlace
from macros.loading import structure
from macros.loading.words import Phrase, Words, load_words
from macros.model import Assessment
from tests.support.checkout import ROOT
from tests.support.engines import load

WORDS = load_words(ROOT)[0]
PAGE = ("macros/**/*.py", "macros/html/templates/**/*.*", "macros/publishing/*")
SCRIPT = ("docs/assets/forms/*.js", "docs/assets/readings/*.js")
# Names of inputs, parts and kinds in the scripts that are also the keys of phrases.
NAMES = {
    "broken", "chair", "clear", "date", "moves", "number", "reading", "readings", "row",
    "send", "subject",
}  # fmt: skip


def text_of(*patterns: str) -> str:
    paths = (path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def asked_for(text: str) -> set[str]:
    """The keys among the quoted words of code, and among those that it puts together:
    `relation_{name}`, `measure_${value}`.
    """
    quoted = set(re.findall(r"""["'](\w+)["']""", text))
    starts = tuple(re.findall(r"""["'`](\w+_)\$?\{""", text))
    return {key for key in WORDS.phrases if key in quoted or key.startswith(starts)}


def test_every_phrase_is_shown_where_it_is_said_to_be() -> None:
    assert sorted(WORDS.page.keys() - asked_for(text_of(*PAGE))) == []
    assert sorted(WORDS.script.keys() - asked_for(text_of(*SCRIPT))) == []


def phrases_not_taken_along(text: str) -> set[str]:
    """What scripts say and a page does not have for them."""
    called = set(re.findall(r"phrase\('(\w+)'", text))
    return (called | asked_for(text) - NAMES) - WORDS.for_scripts.keys()


def test_a_page_has_every_phrase_that_its_scripts_say() -> None:
    assert phrases_not_taken_along(text_of(*SCRIPT)) == set()
    assert asked_for(text_of(*SCRIPT)) - WORDS.for_scripts.keys() == NAMES


def test_phrases_in_the_wrong_place_would_be_noticed() -> None:
    assert "kept" not in asked_for("part('keep')")
    assert "measure_none" in asked_for("words.phrase(`measure_${value}`)")
    assert phrases_not_taken_along("words.phrase('kicker')") == {"kicker"}
    assert phrases_not_taken_along("words.phrase(some ? 'kicker' : 'undo')") == {"kicker"}
    assert phrases_not_taken_along("words.phrase('date')") == {"date"}
    assert phrases_not_taken_along("words.phrase('not_there')") == {"not_there"}


def test_a_page_takes_along_the_phrases_of_scripts_and_nothing_else() -> None:
    assessment = read_playbook(ROOT).assessments["gap-reading-diagnostic"]
    html = form.render_assessment(assessment, WORDS, FormPlace("site", "0"))
    [taken] = re.findall("data-words='(.*?)'", html)
    assert json.loads(unescape(taken)) == {"language": WORDS.language, **WORDS.script}
    assert len(unescape(taken).encode()) <= 5_000


# The problems of answers that a form tells, with the phrases it tells them by

NOT_TOLD = {"answers_not_a_mapping"}  # the readings that a page keeps have answers


def wrong_codes(codes: set[str], text: str) -> set[str]:
    """The codes without one phrase in the scripts of the forms, and those there that no problem
    has.
    """
    pairs = re.findall(r"^ +(\w+): '((?:problem|told)_\w+)',$", text, re.MULTILINE)
    phrases = {code: phrase for code, phrase in pairs if phrase in WORDS.phrases}
    assert len(pairs) == len({code for code, _ in pairs})
    return codes ^ phrases.keys()


def test_every_problem_of_an_answer_has_a_phrase() -> None:
    text = text_of("docs/assets/forms/*.js")
    codes = set(get_args(ProblemCode)) - NOT_TOLD
    assert wrong_codes(codes, text) == set()
    assert wrong_codes({*codes, "too_heavy"}, text) == {"too_heavy"}
    assert wrong_codes(codes, text.replace("problem_gone", "problem_lost")) == {"no_such_question"}


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


def foreign(words: Words) -> Words:
    """The words of a language in which each of them is marked."""

    def marked(phrases: Mapping[str, Phrase]) -> dict[str, Phrase]:
        return {
            key: f"‹{said}›" if isinstance(said, str) else {"other": f"‹{said['other']}›"}
            for key, said in phrases.items()
        }

    return Words(words.language, marked(words.page), marked(words.script))


def unmarked(html: str) -> Iterator[str]:
    shown = Shown()
    shown.feed(html)
    yield from (text for text in shown.found if re.search(r"[A-Za-z]{2}", text))


def assessments() -> Iterator[Assessment]:
    """The one that is shipped, and one with every kind of question."""
    yield read_playbook(ROOT).assessments["gap-reading-diagnostic"]
    every_kind, problems = load(ROOT / "tests" / "data" / "forms" / "every-kind.yml")
    assert every_kind, problems
    yield every_kind


@pytest.mark.parametrize("assessment", list(assessments()), ids=lambda one: str(one.id))
def test_a_form_in_another_language_shows_no_word_of_ours(assessment: Assessment) -> None:
    own = repr(assessment) + " ".join(f"{chair.capitalize()}" for chair in assessment.chairs)
    html = form.render_assessment(assessment, foreign(WORDS), FormPlace("‹site›", "‹0.1.0›"))
    texts = list(unmarked(html))
    assert len(texts) > 50
    assert [text for text in texts if "‹" not in text and text.strip(": ") not in own] == []


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
    book = read_playbook(ROOT)
    assert book.assessments["gap-reading-diagnostic"].minutes == book.rules["reading_minutes"].value
