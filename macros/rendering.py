"""Model → HTML.

A form is one line of HTML in which every sign of the author's text is a letter, a digit or a numeric
entity: so neither Markdown nor the macro renderer behind it finds anything to read in it, and
`{{7*7}}`, `<b>` or `**x**` show as they were typed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from embedding import page_data
from loading import Words
from model import Assessment, Problem
from wording import BASES, rule_in_words, say

DRAWN = {
    "●": '<circle cx="10" cy="10" r="8.5"/>',
    "▲": '<path d="M10 1.5 19 18H1Z"/>',
    "■": '<path d="M1.5 3.5a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2v13a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z"/>',
    "◆": '<path d="M10 .5 19.5 10 10 19.5.5 10Z"/>',
}


def entities(value: Any) -> Markup:
    """Text as HTML that nothing after us reads as anything else. Markup stays as it is."""
    if isinstance(value, Markup):
        return value
    return Markup(re.sub(r"[^A-Za-z0-9 .,;:-]", lambda sign: f"&#{ord(sign[0])};", str(value)))


def mark(letter_and_shape: str, colour: str) -> Markup:
    """The mark of an answer: its shape with its letter in it. Decoration: the answer's title stands beside it."""
    letter, _, shape = letter_and_shape.partition(" ")
    base = 16 if shape == "▲" else 14
    return Markup(
        f'<svg class="mark {entities(colour)}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        f'{DRAWN[shape]}<text x="10" y="{base}" text-anchor="middle">{entities(letter)}</text></svg>'
    )


def one_line(html: str) -> str:
    """The template's own line breaks and indentation taken out; text holds none, it was made entities."""
    return re.sub(r"\s*\n\s*", "", html)


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
    autoescape=True,
    finalize=entities,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_assessment(assessment: Assessment, words: Words, site: str, release: str, basis_page: str) -> str:
    """The form of an assessment, as one line of HTML that works on paper and without script."""

    def word(key: str, **values: Any) -> str:
        return say(words, key, **values)

    html = TEMPLATES.get_template("assessment.html").render(
        assessment=assessment,
        word=word,
        mark=mark,
        unknown_mark=mark("? ●", "unknown"),
        rules={verdict.id: rule_in_words(assessment, verdict, words) for verdict in assessment.verdicts},
        bases={basis: say(words, key) for basis, key in BASES.items()},
        titles={answer.id: answer for answer in assessment.scale.answers},
        page_data=json.dumps(page_data(assessment), ensure_ascii=False, separators=(",", ":")),
        page_words=json.dumps(words, ensure_ascii=False, separators=(",", ":")),
        site=site,
        release=release,
        basis_page=basis_page,
    )
    return one_line(html)


def render_kicker(assessment: Assessment, words: Words) -> str:
    """The small line over a form's title: what is read, how long it takes, from which chair."""
    unit = assessment.unit[:1].upper() + assessment.unit[1:]
    text = say(words, "kicker", unit=unit, minutes=assessment.minutes, respondent=assessment.respondent)
    return f'<p class="kicker">{entities(text)}</p>'


def render_problems(problems: list[Problem]) -> str:
    """What stands on the page instead of a form that has mistakes, while its author mends it."""
    return one_line(TEMPLATES.get_template("problems.html").render(problems=[str(problem) for problem in problems]))
