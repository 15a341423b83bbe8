"""Model → HTML.

A form is one line of HTML in which every sign of the author's text is a letter, a digit or a
numeric entity: so neither Markdown nor the macro renderer behind it finds anything to read in it,
and `{{7*7}}`, `<b>` or `**x**` show as they were typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from macros.html import form_lines
from macros.html.addresses import BASIS, WORKSHEETS, Address, FormPlace
from macros.html.entities import as_entities, entities
from macros.html.in_words import (
    BASES,
    changes_in_words,
    rule_in_words,
    spoken_rule,
    title_in_speech,
)
from macros.html.page_data import page_data
from macros.loading.words import Words
from macros.loading.worksheets import Worksheet
from macros.memory import Memory
from macros.model import Assessment, Problem, Question, Section


def one_line(html: str) -> str:
    """The template's own line breaks and indentation taken out.

    Between two attributes a break is a space. Text holds no break and no < or >, it was made
    entities: so a break after which a > comes before any < is inside a tag.
    """
    spaced = re.sub(r"\s*\n\s*(?=[^\s/<>][^<>]*>)", " ", html)
    return re.sub(r"\s*\n\s*", "", spaced)


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
    autoescape=True,
    finalize=entities,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # a template is code: serving it anew takes a new start
)


def attribute(data: Any) -> Markup:
    """Data as JSON for an attribute in single quotes, in which the many quotes of JSON stand as
    they are.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(as_entities(text, but='"'))


MADE = Memory()  # forms, and the words that they bring along


def words_for_scripts(words: Words) -> Markup:
    """The same on every page."""
    return MADE.keep("words", words, lambda: attribute(words.for_scripts))


def render_assessment(
    assessment: Assessment,
    words: Words,
    place: FormPlace,
    worksheets: Mapping[str, Worksheet] = MappingProxyType({}),
) -> str:
    """The form of an assessment, as one line of HTML that works on paper and without script."""
    return MADE.keep(
        ("assessment", assessment.id, place),
        (assessment, words, worksheets),
        lambda: _form(assessment, words, place, worksheets),
    )


def _form(
    assessment: Assessment, words: Words, place: FormPlace, worksheets: Mapping[str, Worksheet]
) -> str:
    html = TEMPLATES.get_template("assessment.html").render(
        assessment=assessment,
        word=words.phrase,
        sections=[
            (
                section,
                list(form_lines.lines_of(assessment, section, words)),
                _only(section, assessment, words),
            )
            for section in assessment.sections
        ],
        one_scale=form_lines.one_scale(assessment),
        marked=sum(1 for _ in assessment.every_question()) <= form_lines.MOST_MARKS,
        has_moves=any(question.move for question in assessment.every_question()),
        mark_of=form_lines.mark_of,
        stamps=form_lines.stamps(assessment),
        fold_title=lambda question: _fold_title(question, words),
        rules={
            verdict.id: rule_in_words(assessment, verdict, words) for verdict in assessment.verdicts
        },
        bases={basis: words.phrase(key) for basis, key in BASES.items()},
        unknown_as=_unknown_as(assessment, words),
        changes=changes_in_words(assessment, words),
        page_data=attribute(page_data(assessment)),
        page_words=words_for_scripts(words) if place.first else "",
        worksheets=worksheets,
        place=place,
        basis_page=place.address(BASIS),
        sheet_page=lambda id: place.address(f"{WORKSHEETS}/{id}"),
    )
    return one_line(html)


def _only(section: Section, assessment: Assessment, words: Words) -> str:
    """When a section applies, in words."""
    if not section.show:
        return ""
    return spoken_rule((section.show.tree, section.show.text), assessment, words)


def _fold_title(question: Question, words: Words) -> str:
    """What stands folded under a line, and nothing that does not."""
    parts = (part for part in ("why", "example", "evidence", "signal") if getattr(question, part))
    return " · ".join(str(words.phrase(f"{part}_label")) for part in parts)


def _unknown_as(assessment: Assessment, words: Words) -> str:
    """The one answer that "can't tell" counts as, if it is the same for all that offer it."""
    titles = set()
    for question in assessment.every_question():
        if not question.unknown:
            continue
        answers = question.scale.answers if question.scale else ()
        titles |= {answer.title for answer in answers if answer.id == question.unknown}
        if question.scale and question.unknown not in question.scale.ids:
            return ""  # it leaves every count
    return title_in_speech(titles.pop(), words) if len(titles) == 1 else ""


def render_kicker(assessment: Assessment, words: Words) -> str:
    """The small line over a form's title: what is read, how long it takes, from which chair."""
    text = words.phrase(
        "kicker",
        unit=_capitalised(assessment.unit),
        minutes=assessment.minutes,
        respondent=assessment.respondent,
    )
    return f'<p class="kicker">{entities(text)}</p>'


def render_row(assessment: Assessment, page: str, address: Address) -> str:
    """A row of an index, a Markdown table with its headings on the page: what is read, who scores
    it, how long.
    """
    link = f'<a href="{address(page)}">{entities(assessment.title)}</a>'
    unit, respondent = map(_capitalised, (assessment.unit, assessment.respondent))
    cells = (link, entities(unit), entities(respondent), str(assessment.minutes))
    return f"| {' | '.join(cells)} |"


def _capitalised(text: str) -> str:
    """With a capital first, and the rest as it is."""
    return text[:1].upper() + text[1:]


def render_problems(problems: list[Problem]) -> str:
    """What stands on the page instead of a form that has mistakes, while its author mends it."""
    html = TEMPLATES.get_template("problems.html").render(problems=list(map(str, problems)))
    return one_line(html)
