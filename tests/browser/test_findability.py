"""Everything can be found: in an index, by a link in a text, in the navigation, in the glossary, by
search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from macros.checks.macro_calls import pages_of_forms
from macros.loading import structure, worksheets
from tests.support.checkout import ROOT, copy_of_checkout, playbook, share_venv

DOCS = ROOT / "docs"
PAGES = {
    path.relative_to(DOCS).with_suffix("").as_posix(): path for path in sorted(DOCS.rglob("*.md"))
}
ASSESSMENTS = [path.stem for path in structure.assessment_paths(ROOT)]
SHEETS = worksheets.read_worksheets(ROOT)[0]
TERMS = structure.load_terms(ROOT)[0]
FORMS_INDEX, SHEETS_INDEX = "tools/assessments", "tools/worksheets/index"
LEADING = {"term": "reference/glossary", "claim": "reference/evidence"}  # macros that are links


@cache
def body(page: str) -> str:
    """A page's own text, without its front matter."""
    return re.sub(r"\A---\n.*?\n---\n", "", PAGES[page].read_text(encoding="utf-8"), flags=re.S)


@cache
def links(page: str) -> frozenset[str]:
    """The pages that a page's own text leads to; what a form on it leads to is not counted."""
    found = (urlsplit(address) for address in re.findall(r"\]\(([^)\s]+)\)", body(page)))
    here = (to.path for to in found if not to.netloc and to.path.endswith(".md"))
    named = {normpath(join(dirname(page), unquote(path))).removesuffix(".md") for path in here}
    return frozenset(
        named | {to for macro, to in LEADING.items() if f"{{{{ {macro}(" in body(page)}
    )


def linking(page: str) -> list[str]:
    return [other for other in PAGES if page in links(other) and other != page]


# Indexes


def test_the_index_has_every_assessment_once() -> None:
    listed = re.findall(
        r'"([\w-]+)"', " ".join(re.findall(r"\{\{ assessments\(([^)]*)\)", body(FORMS_INDEX)))
    )
    assert sorted(listed) == sorted(ASSESSMENTS)


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_an_assessment_stands_on_a_page_that_others_lead_to(id: str) -> None:
    page = pages_of_forms(DOCS)[id]
    assert [other for other in linking(page) if other != FORMS_INDEX]


@pytest.mark.parametrize("id", SHEETS)
def test_a_worksheet_is_in_the_index_and_a_text_leads_to_it(id: str) -> None:
    sheet = SHEETS[id]
    row = re.search(
        rf"^\| \[([^\]]*)\]\({id}\.md\) \| .+ \| .+ \| (\d+) \|$", body(SHEETS_INDEX), re.M
    )
    assert sheet and row and (row[1], int(row[2])) == (sheet.title, sheet.minutes)
    assert [
        other
        for other in linking(f"tools/worksheets/{id}")
        if not other.startswith("tools/worksheets/")
    ]


# Endings


@pytest.mark.parametrize("page", PAGES)
def test_a_page_ends_with_what_to_do_next(page: str) -> None:
    assert re.findall(r"^## (.+)$", body(page), re.M)[-1] == "Do this next"


# Links


@pytest.mark.parametrize("page", [page for page in PAGES if page != "index"])
def test_no_page_is_an_orphan(page: str) -> None:
    """The navigation lists every page; a reader comes to one by a sentence."""
    assert linking(page)


def test_every_page_is_a_few_links_from_home() -> None:
    reached, edge = {"index"}, {"index"}
    for _ in range(3):
        edge = {to for page in edge for to in links(page) if to in PAGES} - reached
        reached |= edge
    assert sorted(PAGES.keys() - reached) == []


# Navigation


class Settings(yaml.SafeLoader):
    """mkdocs.yml as text: what it takes from the environment is left alone."""


Settings.add_multi_constructor("!", lambda *_: None)


def listed_pages(entry: Any) -> Iterator[str]:
    """The pages of a navigation, in its order."""
    if isinstance(entry, str):
        yield entry.removesuffix(".md")
    else:
        for one in entry.values() if isinstance(entry, dict) else entry:
            yield from listed_pages(one)


def test_the_navigation_has_every_page_once() -> None:
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Settings)  # noqa: S506
    assert sorted(listed_pages(settings["nav"])) == sorted(PAGES)


def test_a_page_out_of_the_navigation_and_one_that_is_only_there_fail_the_build(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "copy"
    share_venv(copy_of_checkout(copy))
    (copy / "docs" / "stray.md").write_text("# Stray\n", encoding="utf-8")
    with (copy / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("  - Lost: lost.md\n")
    done = playbook("build", root=copy)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "docs/stray.md:1:1: error: this page is not in the navigation" in said
    assert re.search(r"^mkdocs\.yml:\d+:11: error: there is no page 'lost\.md'", said, re.M), said
    assert said.splitlines()[:2] == playbook("check", root=copy).stdout.splitlines()[:2]


# Glossary

# Terms that a page need not link. If it does, then where it first uses them.
EVERYDAY = {
    # also used in another sense than the glossary's
    "adoption": "adoption frameworks, and the adoption of tools found in use",
    "boundary": "where one tier ends and the next begins",
    "chair": "to chair a meeting, or to sit in one",
    "line": "the front line, a budget line, a line of a sheet or of code",
    "reading": "reading a page, or our reading of a text",
    "silence": "reading in silence, and no answer to a mail",
    "verdict": "no verdict on the technology",
    # meant as everybody at work means them, and on most pages
    "gate": "a point of decision",
    "initiative": "a piece of work with its own money",
    "milestone": "a date in a plan",
    "pilot": "a trial",
}
NOT_PROSE = re.compile(
    r"""
    ^```.*?^```                 # code
    | `[^`\n]*`
    | ^\#.*?$                   # a heading
    | ^\|[^\n]*\n(?=\|[ ]*:?-)  # the heading of a table's columns
    | ^\|[^|\n]*               # and of a row
    | \[[^]]*\]\([^)]*\)        # a link leads elsewhere
    | \{\{.*?\}\}               # a macro
    | <[^>\n]*>
    """,
    re.M | re.S | re.X,
)


def blank(found: re.Match[str]) -> str:
    """As long as what it replaces, so that places stay comparable."""
    return " " * len(found[0])


def terms(page: str) -> list[str]:
    return re.findall(r'\bterm\(\s*"([^"]+)"', body(page))


def any_form(term: str) -> str:
    """A term as it stands in a sentence, in the singular or the plural; what follows a comma is an
    explanation.
    """
    name = term.partition(",")[0]
    return (
        rf"\b{re.escape(name[:-1])}(?:y|ies)\b"
        if name.endswith("y")
        else rf"\b{re.escape(name)}(?:e?s)?\b"
    )


def uses(text: str) -> dict[str, list[int]]:
    """Where a page's own prose uses each term. A pilot clock is no pilot."""
    prose, found = NOT_PROSE.sub(blank, text), {}
    for id in sorted(TERMS, key=lambda id: -len(TERMS[id].term.partition(",")[0])):
        form = re.compile(any_form(TERMS[id].term), re.I)
        found[id] = [use.start() for use in form.finditer(prose)]
        prose = form.sub(blank, prose)
    return found


def may_wait(text: str, place: int) -> bool:
    """In a lead and in a table: the first sentence of the text may have the link instead."""
    part = text[text.rfind("\n\n", 0, place) + 1 :].strip().split("\n\n", 1)[0]
    return part.startswith("|") or "{ .lead }" in part


def without_link_at_first_use(text: str) -> list[str]:
    """Terms that a page uses and never links, or links only after a running sentence has used
    them.
    """
    found = []
    for id, places in uses(text).items():
        link = re.search(rf'\bterm\(\s*"{id}"', text)
        if link:
            missing = any(place < link.start() and not may_wait(text, place) for place in places)
        else:
            missing = bool(places) and id not in EVERYDAY
        found += [id] if missing else []
    return sorted(found)


@pytest.mark.parametrize("id", TERMS)
def test_a_term_of_the_glossary_is_linked_from_a_page(id: str) -> None:
    assert [page for page in PAGES if id in terms(page)], (
        "nobody can come to it by reading: link it, or drop it"
    )


@pytest.mark.parametrize("page", [page for page in PAGES if page != LEADING["term"]])
def test_every_term_is_linked_once_where_a_page_first_uses_it(page: str) -> None:
    found = terms(page)
    assert sorted({id for id in found if found.count(id) > 1}) == []
    assert without_link_at_first_use(body(page)) == []


def test_every_everyday_word_is_a_term_that_a_page_leaves_unlinked() -> None:
    """A word that all pages link has no place in the list."""
    left = {
        id
        for page in PAGES
        for id, places in uses(body(page)).items()
        if places and id not in terms(page)
    }
    assert EVERYDAY.keys() <= TERMS.keys() & left


LINKED = 'Ask the {{ term("operator") }}. Operators know.'


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (LINKED, []),
        ("Ask the operator.", ["operator"]),
        ("Operators know.", ["operator"]),
        ("Dependencies, and a Pilot Clock", ["dependency", "pilot_clock"]),
        ("> The operator’s word\n\n- a builder", ["builder", "operator"]),
        (f"The operator knows.\n\n{LINKED}", ["operator"]),
        (f"The operator knows.\n{{ .lead }}\n\n{LINKED}", []),
        ("The operator knows.\n{ .lead }\n\nAsk.", ["operator"]),
        ("| Builder | Sponsor |\n|---|---|\n| Operator | The operator |", ["operator"]),
        ("| Builder | Sponsor |\n|---|---|\n| Operator | Who runs it |", []),
        (
            (
                '## Operators\n\n[The operator](a.md), `operator`, {{ claim("operator")'
                " }}\n\n```\noperator\n```"
            ),
            [],
        ),
        ("The line of a pilot, read in silence", []),
        ('The line, then a {{ term("line") }}', ["line"]),
    ],
)
def test_a_term_without_its_link_would_be_found(text: str, missing: list[str]) -> None:
    assert without_link_at_first_use(f"# Page\n\n{text}\n") == missing


# Search


@pytest.mark.parametrize("place", ["http", "folder"])
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("stall", "read/diagnostic.html"),
        ("data ready", "ready/data-and-infrastructure.html"),
        ("kill", "close/ninety-day-gate.html"),
    ],
)
def test_search_leads_to_the_page_that_was_meant(
    typed: str, first: str, place: str, server: Any, file_url: str, page: Page
) -> None:
    page.goto((server.url if place == "http" else file_url) + "index.html")
    address = re.compile(rf"{re.escape(first)}([?#]|$)")
    expect(found_by_search(page, typed).first).to_have_attribute("href", address)


def found_by_search(page: Page, typed: str) -> Locator:
    """Links to the pages that search lists, best first, and as many as were found by the whole of
    what is typed.
    """
    page.locator(".md-search__input").fill(typed)
    page.locator(".md-search__input").press("End")  # search looks when a key is let go
    return page.locator(".md-search-result__item > a")
