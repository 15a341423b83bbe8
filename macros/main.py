"""The door: the macros that pages use. The only file that knows the macros plugin.

`define_env` runs once a build in MkDocs; in Zensical this whole file does once a page, so what
pages share is held elsewhere, by `cached_playbook`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

# The one place that touches the path: modules are imported by their whole names, from the project's
# folder, and Zensical runs this file without that folder on the path.
if str(Path(__file__).parent.parent) not in sys.path:  # it does so once a page
    sys.path.insert(0, str(Path(__file__).parent.parent))

from macros.checks.macro_calls import pages_of_forms
from macros.checks.playbook_reader import cached_playbook
from macros.html.addresses import DIAGNOSTIC, GLOSSARY, FormPlace
from macros.html.entities import entities
from macros.html.facts import (
    render_claim,
    render_claims,
    render_frameworks,
    render_parts,
    render_regulation,
    render_sources,
)
from macros.html.form import render_assessment, render_kicker, render_problems, render_row
from macros.html.pictures import picture_names, render_picture
from macros.html.worksheet import render_worksheet
from macros.loading.playbook import Playbook
from macros.loading.suggest import suggest
from macros.loading.words import OUR_WORDS, OWN_WORDS
from macros.model import Assessment, Problem
from macros.release import RELEASE

ROOT = Path(__file__).parent.parent


class PageError(Exception):
    """A macro that a page called with something that is not there."""


def playbook() -> Playbook:
    return cached_playbook(ROOT)


def _find(kind: str, known: Mapping[str, Any], id: str) -> Any:
    if id not in known:
        raise PageError(f"there is no {kind} '{id}'{suggest(id, known)}")
    return known[id]


class Macros:
    """What a page may call: every method by its name, but for those that begin with `_`."""

    def __init__(self, env: Any) -> None:
        self._env = env  # its `page` is the one that is being made
        self._site = str(env.conf["site_name"])
        self._strict = bool(env.config.get("on_error_fail", True))
        self._urls_with_forms: list[str] = []

    # Held for as long as these macros are: a page calls dozens of them, and files are looked at
    # once.

    @cached_property
    def _book(self) -> Playbook:
        return playbook()

    @cached_property
    def _pages_of_forms(self) -> dict[str, str]:
        return pages_of_forms(ROOT / "docs")

    @cached_property
    def _errors(self) -> list[Problem]:
        return [problem for problem in self._book.problems if problem.level == "error"]

    @cached_property
    def _has_words(self) -> bool:
        files = (OUR_WORDS.as_posix(), OWN_WORDS.as_posix())
        return all(problem.path not in files for problem in self._errors)

    # What several macros ask for

    def _place(self, first: bool = True, alone: bool = False) -> FormPlace:
        """On the page that is being made."""
        depth = str(self._env.page.url).count("/")
        return FormPlace(self._site, RELEASE, depth, first, alone)

    def _address(self, named: str) -> str:
        """A page of the site, as seen from the one that is being made."""
        return self._place().address(named)

    def _phrase(self, key: str) -> str:
        """A phrase; its key if it is not there while serving, which is told in place of forms."""
        words = self._book.words
        return words.phrase(key) if self._has_words or key in words.phrases else key

    def _assessment(self, id: str) -> Assessment | None:
        """An assessment; None while serving, where problems keep it from being shown."""
        if self._errors and self._strict:
            raise PageError("\n" + "\n".join(map(str, self._errors)))
        known = self._book.assessments
        if self._errors and not (id in known and self._has_words):
            return None
        return cast(Assessment, _find("assessment", known, id))

    def _is_first(self) -> bool:
        """Whether a form is the first of its page: pages are made one after the other."""
        url = str(self._env.page.url)
        self._urls_with_forms.append(url)
        return self._urls_with_forms[-2:-1] != [url]

    # Forms

    def assessment(self, id: str, alone: bool = False) -> str:
        """The form of assessments/<id>.yml; `alone`, nothing else of its page is printed. Problems,
        while serving.
        """
        assessment = self._assessment(id)
        if not assessment:
            return render_problems(self._errors)
        place = self._place(self._is_first(), alone)
        return render_assessment(assessment, self._book.words, place, self._book.worksheets)

    def worksheet(self, id: str) -> str:
        """The form of assessments/worksheets/<id>.yml, and under it the worked example's."""
        sheet = _find("worksheet", self._book.worksheets, id)
        if not self._has_words:
            return render_problems(self._errors)
        return render_worksheet(sheet, self._book.words, self._place(self._is_first()))

    def assessments(self, *ids: str) -> str:
        """Rows of an index: each form with what it reads, who scores it and how long that takes."""
        rows = []
        for assessment in filter(None, map(self._assessment, ids)):
            page = _find("page with the form", self._pages_of_forms, assessment.id)
            rows.append(render_row(assessment, page, self._address))
        return "\n".join(rows)

    def kicker(self, id: str) -> str:
        """The small line over the title of a form's page."""
        assessment = self._assessment(id)
        return render_kicker(assessment, self._book.words) if assessment else ""

    # Terms, rules and pictures

    def term(self, id: str, text: str = "") -> str:
        """A link to a term of the glossary."""
        term = _find("term", self._book.terms, id)
        link = self._address(f"{GLOSSARY}#{id}")
        return f'<a class="term" href="{link}">{entities(text or term.term)}</a>'

    def glossary(self) -> str:
        """All terms, in alphabetical order, each an anchor."""
        terms = sorted(self._book.terms.items(), key=lambda item: item[1].term.lower())
        entries = (
            f'<dt id="{id}">{entities(term.term)}</dt><dd>{entities(term.means)}</dd>'
            for id, term in terms
        )
        return f'<dl class="glossary">{"".join(entries)}</dl>'

    def rule(self, id: str, form: str = "word") -> str:
        """A number that this playbook goes by, as a word, as far as there are words; or as a
        figure.
        """
        value = _find("rule", self._book.rules, id).value
        forms = {"word": self._phrase("numbers").split(", "), "figure": []}
        numbers = _find("form of a number", forms, form)
        return numbers[value] if 0 <= value < len(numbers) else str(value)

    def rules(self) -> str:
        """All numbers that this playbook goes by, with what each rests on, as a Markdown table."""
        columns = ("name", "value", "means", "basis")
        rows = [[self._phrase(f"rules_{column}") for column in columns], ["---"] * len(columns)]
        for rule in self._book.rules.values():
            rows.append([entities(getattr(rule, column)) for column in columns])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def picture(self, name: str) -> str:
        """A drawing, with the names and the numbers that it takes from elsewhere; none while these
        have problems.
        """
        _find("picture", dict.fromkeys(picture_names()), name)
        return render_picture(name, self.rule, self._book) if self._assessment(DIAGNOSTIC) else ""

    # Facts

    def claim(self, id: str) -> str:
        """What may be said of a number met elsewhere, with a link to its entry in the register."""
        facts = self._book.facts
        claim = _find("claim", facts.claims, id)
        if claim.grade == "D":
            raise PageError(f"the claim '{id}' is of grade D and cannot be cited: {claim.dropped}")
        return render_claim(id, claim, facts.words, self._address)

    def claims(self, grade: str) -> str:
        """The register of evidence: all claims of a grade, each an anchor."""
        facts = self._book.facts
        claims = {id: claim for id, claim in facts.claims.items() if claim.grade == grade}
        return render_claims(claims, facts.words)

    def example(self, id: str) -> str:
        """A name, a date or a figure of the worked example."""
        return str(entities(_find("entry of the worked example", self._book.facts.example, id)))

    def crosswalk(self, part: str = "lines") -> str:
        """Where the lines of the diagnostic, or the other parts, have counterparts in frameworks of
        others.
        """
        facts = self._book.facts
        if not _find("part of the crosswalk", {"lines": True, "parts": False}, part):
            return render_parts(facts.crosswalk, facts.words, self._address)
        diagnostic = self._assessment(DIAGNOSTIC)
        if not diagnostic:
            return ""
        lines = {question.id: question.name for question in diagnostic.every_question()}
        return render_frameworks(facts.crosswalk, lines, facts.words)

    def regulation(self) -> str:
        """Rules of law that set dates, each with the day on which it was last looked up."""
        facts = self._book.facts
        return render_regulation(facts.regulation, facts.words)

    def sources(self) -> str:
        """All that the claims, the crosswalk and the dates of law rest on."""
        return render_sources(self._book.facts)

    def version(self) -> str:
        """The release of this playbook."""
        return RELEASE


def define_env(env: Any) -> None:
    """What the macros plugin calls: hands it every macro."""
    macros = Macros(env)
    for name in vars(Macros):
        if not name.startswith("_"):
            env.macro(getattr(macros, name))
