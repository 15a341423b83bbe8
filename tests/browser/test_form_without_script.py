"""The form where its scripts do not run, or not all of them: a paper form that says how it is
scored.
"""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.fonts import BOTH_FONTS, pdf_of
from tests.support.reader import FORM, QUESTIONS, VERDICTS, WORDS, Reader
from tests.support.server import OpenPage, Server

RULES = {
    "Stall in progress": "3 or more red",
    "Stall pair": "line 1: red and line 2: red",
    "At risk": "2 or more red",
    "Not readable yet": "2 or more “can’t tell”",
    "Watch": "1 or more red or 3 or more yellow or 1 or more “can’t tell”",
    "Holding": "anything else",
}
SCRIPTED = '.tools, .bar, [data-part="found"], .columns'


@pytest.fixture
def paper(open_page: OpenPage, server: Server) -> Reader:
    reader = Reader(open_page(java_script_enabled=False), server.url)
    reader.page.goto(reader.address)
    return reader


def is_a_paper_form(reader: Reader) -> None:
    for question in QUESTIONS:
        line = reader.form.locator(f'[data-question="{question["id"]}"]')
        expect(line.get_by_role("heading", name=question["name"])).to_be_visible()
        for answer in question["answers"].values():
            expect(line.locator(".anchor", has_text=answer)).to_be_visible()
        expect(
            reader.move(QUESTIONS.index(question) + 1).get_by_text(question["move"])
        ).to_be_visible()
    rules = reader.form.locator("[data-verdict]").all()
    told = {rule.locator("b").inner_text(): rule.locator(".rule").inner_text() for rule in rules}
    assert told == RULES
    assert list(RULES) == [verdict["title"] for verdict in VERDICTS]
    assert reader.form.locator(".move:visible").count() == len(QUESTIONS)
    assert reader.form.locator(SCRIPTED).filter(visible=True).count() == 0
    assert reader.form.locator(".verdicts .is, .verdicts .out").count() == 0


def test_without_script_it_is_a_paper_form_with_its_rules_in_words(paper: Reader) -> None:
    is_a_paper_form(paper)
    expect(paper.form.get_by_text(WORDS["paper_hint"])).to_be_visible()
    assert paper.form.locator("button:visible").count() == 0


def test_the_parts_that_need_script_are_there_with_script(page: Page, server: Server) -> None:
    """The control for what the test above does not find."""
    reader = Reader(page, server.url).open().mark_all(["red"] * 6)
    assert reader.form.locator(SCRIPTED).filter(visible=True).count() == 3


def test_without_script_lines_can_still_be_marked_on_the_screen(paper: Reader) -> None:
    paper.mark(2, "red").mark(2, "yellow").mark(3, "unknown")
    expect(paper.radio(2, "red")).not_to_be_checked()
    expect(paper.radio(2, "yellow")).to_be_checked()
    expect(paper.radio(3, "unknown")).to_be_checked()


@BOTH_FONTS
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_without_script_it_prints_on_one_sheet(
    size: str, paper: Reader, pdf_text: Callable[[bytes], list[str]]
) -> None:
    pages = pdf_text(pdf_of(paper.page, size))
    assert len(pages) == 2
    assert "1 / 2" in pages[0]
    assert "2 / 2" in pages[1]
    assert "Choose" not in pages[0] and "yyyy" not in pages[0]


def test_without_script_what_was_typed_is_printed(
    paper: Reader, pdf_text: Callable[[bytes], list[str]]
) -> None:
    paper.field("reading.subject").fill("Claims assistant")
    paper.field("reading.date").fill("20 November")
    paper.field("reading.chair").select_option("sponsor")
    paper.note(1).fill("No name on the scorecard")
    text = pdf_text(pdf_of(paper.page))[0]
    for typed in ("Claims assistant", "20 November", "Sponsor", "No name on the scorecard"):
        assert typed in text


def own_scripts(site: Path) -> list[str]:
    """The scripts that the form needs. The frame's is none of them."""
    page = (site / FORM).read_text(encoding="utf-8")
    bundles = r'<script src="([^"]+)" defer data-bundle="(?:forms|assessment)"'
    return [name.removeprefix("../") for name in re.findall(bundles, page)]


def test_with_any_script_blocked_it_stays_a_paper_form(
    open_page: OpenPage, site: Path, server: Server, problems: list[str]
) -> None:
    scripts = own_scripts(site)
    assert len(scripts) == 2
    for script in scripts:
        reader = Reader(open_page(), server.url)
        reader.page.route(f"**/{script}", lambda route: route.abort())
        reader.page.goto(reader.address, wait_until="load")
        reader.mark_all(["red"] * 6)
        is_a_paper_form(reader)
        assert any("ERR_FAILED" in problem for problem in problems), script
        problems.clear()


MISSING = {
    "the names of lists": "delete Intl.ListFormat",
    "the plural rules": "delete Intl.PluralRules",
    "the drawing of results": "without('result')",
    "the scoring": "without('score')",
    "the storage": "without('storage')",
}
WITHOUT = """
  const parts = new Proxy({}, {
    set(all, name, value) { if (!MISSING.includes(name)) all[name] = value; return true; },
  });
  const without = () => Object.defineProperty(window, 'playbook', { get: () => parts, set() {} });
"""


@pytest.mark.parametrize("missing", MISSING)
def test_with_a_part_missing_it_stays_a_paper_form_and_says_so(
    missing: str, page: Page, server: Server, problems: list[str]
) -> None:
    page.add_init_script(
        f"{{ const MISSING = `{MISSING[missing]}`; {WITHOUT} {MISSING[missing]} }}"
    )
    reader = Reader(page, server.url)
    page.goto(reader.address, wait_until="load")
    expect(reader.form.locator(".broken")).to_have_text(WORDS["broken"])
    reader.mark_all(["red"] * 6)
    is_a_paper_form(reader)
    the_rest_still_works(page)
    assert problems
    problems.clear()


def the_rest_still_works(page: Page) -> None:
    """Material's own script runs: the colours of the page can be changed by keyboard."""
    page.get_by_role("radio", name="Light").or_(
        page.get_by_role("radio", name="Dark")
    ).first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.parametrize("part", ["data-assessment", "data-words"])
def test_with_its_data_broken_it_stays_a_paper_form_and_says_so(
    part: str, page: Page, site: Path, server: Server, problems: list[str]
) -> None:
    text = (site / FORM).read_text(encoding="utf-8")
    broken, count = re.subn(rf"({part}=')&#123;", r"\1", text)
    assert count == 1

    def answer(route: Route) -> None:
        route.fulfill(body=broken, content_type="text/html; charset=utf-8")

    page.route(f"**/{FORM}", answer)
    reader = Reader(page, server.url)
    page.goto(reader.address)
    expect(reader.form.locator(".broken")).to_have_text(html.unescape(WORDS["broken"]))
    reader.mark_all(["red"] * 6)
    is_a_paper_form(reader)
    the_rest_still_works(page)
    assert len(problems) == 1 and "JSON" in problems[0]
    problems.clear()
