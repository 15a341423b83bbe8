"""Everything can be found: in an index, by a link in a text, in the navigation, in the glossary, by search."""

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
from playwright.sync_api import Page

import loading
import worksheets
from calls import pages_of_forms
from conftest import ROOT, copy_of_checkout, playbook, share_venv

DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).with_suffix("").as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
ASSESSMENTS = [path.stem for path in loading.assessment_paths(ROOT)]
SHEETS = worksheets.read_worksheets(ROOT)[0]
TERMS = loading.load_terms(ROOT)[0]
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
    return frozenset(named | {to for macro, to in LEADING.items() if f"{{{{ {macro}(" in body(page)})


def linking(page: str) -> list[str]:
    return [other for other in PAGES if page in links(other) and other != page]


# Indexes


def test_the_index_has_every_assessment_once() -> None:
    listed = re.findall(r'"([\w-]+)"', " ".join(re.findall(r"\{\{ assessments\(([^)]*)\)", body(FORMS_INDEX))))
    assert sorted(listed) == sorted(ASSESSMENTS)


@pytest.mark.parametrize("id", ASSESSMENTS)
def test_an_assessment_stands_on_a_page_that_others_lead_to(id: str) -> None:
    page = pages_of_forms(DOCS)[id]
    assert [other for other in linking(page) if other != FORMS_INDEX]


@pytest.mark.parametrize("id", SHEETS)
def test_a_worksheet_is_in_the_index_and_a_text_leads_to_it(id: str) -> None:
    sheet = SHEETS[id]
    row = re.search(rf"^\| \[([^\]]*)\]\({id}\.md\) \| .+ \| .+ \| (\d+) \|$", body(SHEETS_INDEX), re.M)
    assert sheet and row and (row[1], int(row[2])) == (sheet.title, sheet.minutes)
    assert [other for other in linking(f"tools/worksheets/{id}") if not other.startswith("tools/worksheets/")]


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


def test_a_page_out_of_the_navigation_and_one_that_is_only_there_fail_the_build(tmp_path: Path) -> None:
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


def terms(page: str) -> list[str]:
    return re.findall(r'\bterm\(\s*"([^"]+)"', body(page))


def used_before_its_link(text: str) -> list[str]:
    """Terms that a running sentence uses before the one that links them. A heading, a lead, a table may come sooner."""
    sentences = "\n\n".join(
        part
        for part in re.split(r"\n{2,}", text.strip())
        if not re.match(r"#|\||\{\{ \w+\(", part) and "{ .lead }" not in part
    )
    found = []
    for id in dict.fromkeys(re.findall(r'\bterm\(\s*"([^"]+)"', sentences)):
        before = re.sub(r"\{\{.*?\}\}|\[[^\]]*\]\([^)]*\)", " ", sentences[: sentences.index(f'term("{id}"')])
        if re.search(rf"\b{re.escape(TERMS[id].term)}s?\b", before, re.I):
            found.append(id)
    return found


@pytest.mark.parametrize("id", TERMS)
def test_a_term_of_the_glossary_is_linked_from_a_page(id: str) -> None:
    assert [page for page in PAGES if id in terms(page)], "nobody can come to it by reading: link it, or drop it"


@pytest.mark.parametrize("page", PAGES)
def test_a_term_is_linked_once_and_where_it_is_first_used(page: str) -> None:
    found = terms(page)
    assert sorted({id for id in found if found.count(id) > 1}) == []
    assert used_before_its_link(body(page)) == []


def test_a_term_that_was_used_before_its_link_would_be_found() -> None:
    late = '# Operators\n\nAsk the operator.\n\nThe {{ term("operator") }} knows.'
    assert used_before_its_link(late) == ["operator"]
    assert used_before_its_link(late.replace("Ask the operator.", "The operator knows.\n{ .lead }")) == []


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
    assert found_by_search(page, (server.url if place == "http" else file_url) + "index.html", typed)[0].endswith(first)


def found_by_search(page: Page, address: str, typed: str) -> list[str]:
    """The pages that search lists, best first."""
    page.goto(address)
    page.locator(".md-search__input").type(typed)
    page.locator(".md-search-result__item").first.wait_for()
    page.wait_for_timeout(500)  # the list is filled while one types
    links = page.locator(".md-search-result__item > a").evaluate_all("links => links.map(link => link.href)")
    return [str(link).split("#")[0].split("?")[0] for link in links]
