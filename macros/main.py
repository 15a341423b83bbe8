"""The door: the macros that pages use. The only file that knows the macros plugin.

`define_env` runs once a build in MkDocs; in Zensical this whole file does once a page, and keeps
nothing of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

# The one place that touches the path: modules are imported by their whole names, from the project's
# folder, and Zensical runs this file without that folder on the path.
sys.path.insert(0, str(Path(__file__).parent.parent))

from macros.checks.check import cached_playbook
from macros.checks.macro_calls import pages_of_forms
from macros.html.facts import (
    render_claim,
    render_claims,
    render_frameworks,
    render_parts,
    render_regulation,
    render_sources,
)
from macros.html.form import entities, render_assessment, render_kicker, render_problems, render_row
from macros.html.pictures import picture_names, render_picture
from macros.html.worksheet import render_worksheet
from macros.loading.playbook import Playbook
from macros.loading.suggest import suggest
from macros.model import Assessment, Problem
from macros.release import RELEASE

ROOT = Path(__file__).parent.parent
NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


class PageError(Exception):
    """A macro that a page called with something that is not there."""


def playbook() -> Playbook:
    return cached_playbook(ROOT)


def _find(kind: str, known: Mapping[str, Any], id: str) -> Any:
    if id not in known:
        raise PageError(f"there is no {kind} '{id}'{suggest(id, known)}")
    return known[id]


def define_env(env: Any) -> None:
    site = str(env.conf["site_name"])
    strict = bool(env.config.get("on_error_fail", True))
    book = cache(playbook)  # a page calls dozens of macros, and the files are looked at once
    pages = cache(lambda: pages_of_forms(ROOT / "docs"))

    def address(page: str) -> str:
        """A page of the site, as seen from the one that is being made."""
        return "../" * str(env.page.url).count("/") + page

    def find_assessment(id: str) -> Assessment | list[Problem]:
        """The assessment; or, while serving, the problems for which it is not there."""
        held = book()
        errors = [problem for problem in held.problems if problem.level == "error"]
        if errors and strict:
            raise PageError("\n" + "\n".join(map(str, errors)))
        return (
            errors
            if errors and id not in held.assessments
            else _find("assessment", held.assessments, id)
        )

    pages_with_forms: list[Any] = []

    def is_first() -> bool:
        """Whether a form is the first of its page: pages are made one after the other."""
        url = str(env.page.url)
        pages_with_forms.append(url)
        return pages_with_forms[-2:-1] != [url]

    @env.macro
    def assessment(id: str, alone: bool = False) -> str:
        """The form of assessments/<id>.yml; `alone`, nothing else of its page is printed. Problems,
        while serving.
        """
        found = find_assessment(id)
        if isinstance(found, list):
            return render_problems(found)
        held = book()
        return render_assessment(
            found, held.words, site, RELEASE, address, held.worksheets, is_first(), alone
        )

    @env.macro
    def worksheet(id: str) -> str:
        """The form of assessments/worksheets/<id>.yml, and under it the worked example's."""
        held = book()
        return render_worksheet(
            _find("worksheet", held.worksheets, id), held.words, site, RELEASE, is_first()
        )

    @env.macro
    def assessments(*ids: str) -> str:
        """Rows of an index: each form with what it reads, who scores it and how long that takes."""
        found = [one for id in ids if not isinstance(one := find_assessment(id), list)]
        return "\n".join(
            render_row(one, _find("page with the form", pages(), one.id), address) for one in found
        )

    @env.macro
    def kicker(id: str) -> str:
        """The small line over the title of a form's page."""
        found = find_assessment(id)
        return "" if isinstance(found, list) else render_kicker(found, book().words)

    @env.macro
    def term(id: str, text: str = "") -> str:
        """A link to a term of the glossary."""
        found = _find("term", book().terms, id)
        return (
            '<a class="term"'
            f' href="{address("reference/glossary.html")}#{id}">{entities(text or found.term)}</a>'
        )

    @env.macro
    def rule(id: str, form: str = "word") -> str:
        """A number that this playbook goes by, as a word up to twelve; or as a figure."""
        value = _find("rule", book().rules, id).value
        words = _find("form of a number", {"word": NUMBERS, "figure": []}, form)
        return words[value] if 0 <= value < len(words) else str(value)

    @env.macro
    def picture(name: str) -> str:
        """A drawing, with the names and the numbers that it takes from elsewhere; none while these
        have problems.
        """
        _find("picture", dict.fromkeys(picture_names()), name)
        if isinstance(find_assessment("gap-reading-diagnostic"), list):
            return ""
        return render_picture(name, rule, book())

    @env.macro
    def glossary() -> str:
        """All terms, in alphabetical order, each an anchor."""
        terms = sorted(book().terms.items(), key=lambda item: item[1].term.lower())
        entries = (
            f'<dt id="{id}">{entities(t.term)}</dt><dd>{entities(t.means)}</dd>' for id, t in terms
        )
        return f'<dl class="glossary">{"".join(entries)}</dl>'

    @env.macro
    def rules() -> str:
        """All numbers that this playbook goes by, with what each rests on, as a Markdown table."""
        rows = (map(entities, (r.name, r.value, r.means, r.basis)) for r in book().rules.values())
        columns = (
            book().words.phrase(f"rules_{column}") for column in ("name", "value", "means", "basis")
        )
        return "\n".join("| " + " | ".join(row) + " |" for row in (columns, ["---"] * 4, *rows))

    @env.macro
    def claim(id: str) -> str:
        """What may be said of a number met elsewhere, with a link to its entry in the register."""
        facts = book().facts
        found = _find("claim", facts.claims, id)
        if found.grade == "D":
            raise PageError(f"the claim '{id}' is of grade D and cannot be cited: {found.dropped}")
        return render_claim(id, found, facts.words, address)

    @env.macro
    def example(id: str) -> str:
        """A name, a date or a figure of the worked example."""
        return str(entities(_find("entry of the worked example", book().facts.example, id)))

    @env.macro
    def claims(grade: str) -> str:
        """The register of evidence: all claims of a grade, each an anchor."""
        found = {id: one for id, one in book().facts.claims.items() if one.grade == grade}
        return render_claims(found, book().facts.words)

    @env.macro
    def crosswalk(part: str = "lines") -> str:
        """Where the lines of the diagnostic, or the other parts, have counterparts in frameworks of
        others.
        """
        facts = book().facts
        if _find("part of the crosswalk", {"lines": True, "parts": False}, part):
            found = find_assessment("gap-reading-diagnostic")
            if isinstance(found, list):
                return ""
            lines = {question.id: question.name for question in found.every_question()}
            return render_frameworks(facts.crosswalk, lines, facts.words)
        return render_parts(facts.crosswalk, facts.words, address)

    @env.macro
    def regulation() -> str:
        """Rules of law that set dates, each with the day on which it was last looked up."""
        return render_regulation(book().facts.regulation, book().facts.words)

    @env.macro
    def sources() -> str:
        """All that the claims, the crosswalk and the dates of law rest on."""
        return render_sources(book().facts)

    @env.macro
    def version() -> str:
        """The release of this playbook."""
        return RELEASE
