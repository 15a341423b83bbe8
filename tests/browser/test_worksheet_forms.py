"""Worksheets as forms: filled in, kept, cleared, opened from a move, printed on one side, and
without script.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from macros.loading import worksheets
from macros.loading.words import load_words
from macros.loading.worksheets import Worksheet
from tests.support.checkout import ROOT
from tests.support.fonts import BOTH_FONTS, pdf_of
from tests.support.patience import let_a_double_click_pass
from tests.support.reader import QUESTIONS, WORDS, Reader
from tests.support.server import OpenPage, Server

SHEETS: dict[str, Worksheet] = {
    id: one for id, one in worksheets.read_worksheets(ROOT)[0].items() if one
}
HOSTILE = '<img src=x onerror="throw 1">{{7*7}} **x** &amp; “ü” \\'
MAP = "accountability-map"
SIZES = ("A4", "Letter")


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def example_texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [
        text
        for one in (value.values() if isinstance(value, dict) else value)
        for text in example_texts(one)
    ]


class Sheet:
    """One reader in front of a worksheet's page."""

    def __init__(self, page: Page, site: str, id: str = MAP) -> None:
        self.page = page
        self.id = id
        self.address = f"{site}tools/worksheets/{id}.html"
        self.form = page.locator(f"form#{id}")

    def open(self, known: str = "") -> "Sheet":
        self.page.goto(self.address + known)
        return self.ready()

    def ready(self) -> "Sheet":
        expect(self.part("readings").locator("option").first).to_be_attached()
        return self

    def part(self, name: str) -> Any:
        return self.form.locator(f'[data-part="{name}"]')

    def field(self, name: str) -> Any:
        return self.form.locator(f'[name="answers.{name}"]')

    def kept(self) -> "Sheet":
        expect(self.part("kept")).to_have_text(WORDS["kept"])
        return self

    def copies(self) -> list[str]:
        return list(self.part("readings").locator("option").all_inner_texts())

    def do(self, name: str) -> None:
        self.form.locator(f'[data-do="{name}"]').click()


@pytest.fixture
def sheet(page: Page, server: Server) -> Sheet:
    page.add_init_script("window.print = () => {}")
    return Sheet(page, server.url).open()


def test_what_is_written_is_kept_over_a_reload(sheet: Sheet) -> None:
    sheet.field("initiative").fill("Claims assistant")
    sheet.field("dependencies.2.who").fill("Farid")
    sheet.kept()
    sheet.page.reload()
    sheet.ready()
    expect(sheet.field("initiative")).to_have_value("Claims assistant")
    expect(sheet.field("dependencies.2.who")).to_have_value("Farid")
    assert sheet.copies()[0].startswith("Claims assistant")
    [reading] = Reader(sheet.page, "").stored()
    assert reading["assessment"] == f"worksheets/{MAP}" and reading["subject"] == "Claims assistant"
    assert reading["answers"] == {
        "initiative": "Claims assistant",
        "dependencies": {"2": {"who": "Farid"}},
    }


def test_there_can_be_a_second_copy_and_the_first_stays(sheet: Sheet) -> None:
    sheet.field("initiative").fill("First")
    sheet.kept()
    sheet.do("new")
    expect(sheet.field("initiative")).to_have_value("")
    sheet.field("initiative").fill("Second")
    sheet.kept()
    expect(sheet.part("readings").locator("option")).to_have_count(2)
    first = next(one for one in sheet.copies() if one.startswith("First"))
    sheet.part("readings").select_option(label=first)
    expect(sheet.field("initiative")).to_have_value("First")


def test_clearing_can_be_undone(sheet: Sheet) -> None:
    sheet.field("owner").fill("Helen")
    sheet.kept()
    sheet.do("clear")
    expect(sheet.field("owner")).to_have_value("")
    expect(sheet.part("notices")).to_contain_text(WORDS["copy_cleared"])
    sheet.part("notices").get_by_text(WORDS["undo"], exact=True).click()
    expect(sheet.field("owner")).to_have_value("Helen")


def test_what_is_emptied_again_leaves_nothing(sheet: Sheet) -> None:
    sheet.field("dependencies.1.what").fill("x")
    sheet.kept()
    sheet.field("dependencies.1.what").fill("")
    expect(sheet.part("kept")).to_have_text(WORDS["kept_nothing"])


def test_a_choice_is_one_of_its_boxes_and_can_be_taken_back(page: Page, server: Server) -> None:
    sheet = Sheet(page, server.url, "decision-record").open()
    stop = sheet.form.locator('[name="answers.decision"][value="stop"]')
    stop.locator("xpath=..").click()
    expect(stop).to_be_checked()
    let_a_double_click_pass(page)
    stop.locator("xpath=..").click()
    expect(stop).not_to_be_checked()


# Opened from a move


def test_a_move_opens_its_worksheet_with_what_is_known(page: Page, server: Server) -> None:
    reader = Reader(page, server.url).open().fill_in().kept()
    move = reader.form.locator('[data-move="outcome_ownership"]')
    reader.mark(1, "red")
    reader.who(1).fill("Ruth & <b>Tomas</b>")
    reader.kept()
    move.locator("[data-worksheet]").click()
    sheet = Sheet(page, server.url).ready()
    expect(sheet.field("initiative")).to_have_value("Claims assistant")
    # whoever draws the map does not own the result by that
    expect(sheet.field("owner")).to_have_value("")
    expect(sheet.part("notices")).to_contain_text(WORDS["prefilled"])
    assert page.url == sheet.address


def test_a_finding_says_the_line_its_answer_and_its_note(page: Page, server: Server) -> None:
    reader = Reader(page, server.url).open().mark(4, "red")
    reader.note(4).fill("Two clocks")
    link = reader.move(4).locator("[data-worksheet]")
    link.evaluate("one => one.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    question = reader_question(4)
    finding = link.evaluate("one => new URLSearchParams(one.hash.slice(1)).get('finding')")
    assert finding.startswith(f"{question['name']}. Red: ") and finding.endswith(". Two clocks.")
    assert question["answers"]["red"].rstrip(".") in finding


def reader_question(line: int) -> dict[str, Any]:
    return QUESTIONS[line - 1]


def test_who_takes_the_move_is_prefilled_where_the_sheet_says_so(
    page: Page, server: Server
) -> None:
    card = Sheet(page, server.url, "agent-boundary-card").open(
        "#" + urlencode({"owner": "Ana & <b>Ruth</b>"})
    )
    expect(card.field("accountable")).to_have_value("Ana & <b>Ruth</b>")


def test_what_an_address_brings_is_text_in_a_copy_of_its_own(sheet: Sheet) -> None:
    sheet.field("initiative").fill("Mine")
    sheet.kept()
    sheet.page.goto("about:blank")
    sheet.open("#" + urlencode({"subject": HOSTILE, "owner": "Ana"}))
    expect(sheet.field("initiative")).to_have_value(HOSTILE)
    sheet.kept()
    expect(sheet.part("readings").locator("option")).to_have_count(2)
    assert any(one.startswith("Mine") for one in sheet.copies())
    assert sheet.form.locator("img").count() == 0
    assert sheet.page.url == sheet.address


# Paper


def printed(page: Page, size: str) -> list[tuple[float, float, str]]:
    with pypdfium2.PdfDocument(pdf_of(page, size)) as document:
        return [(*one.get_size(), one.get_textpage().get_text_range()) for one in document]


@BOTH_FONTS
@pytest.mark.parametrize("id", SHEETS)
def test_a_worksheet_is_one_side_blank_and_filled_in(id: str, page: Page, server: Server) -> None:
    page.add_init_script("window.prints = 0; window.print = () => { prints += 1; }")
    Sheet(page, server.url, id).open()
    for size in SIZES:
        for button in (f"form#{id} [data-do=blank]", f"#{id}-example [data-do=example]"):
            before = page.evaluate("prints")
            page.locator(button).click()
            page.wait_for_function(f"() => prints > {before}")
            sides = printed(page, size)
            assert len(sides) == 1, (size, button)
            text = bare(sides[0][2])
            assert bare(SHEETS[id].title) in text and bare(SHEETS[id].send_to) in text
            for field in SHEETS[id].fields:
                assert bare(field.name) in text, field.name
                if "example" in button and field.kind not in ("date", "choice"):
                    for entry in example_texts(field.example):
                        assert bare(entry) in text, entry


def test_a_blank_print_shows_nothing_of_a_copy_and_gives_it_back(sheet: Sheet) -> None:
    sheet.field("owner").fill("Somebody")
    sheet.kept()
    sheet.do("blank")
    assert "Somebody" not in printed(sheet.page, "A4")[0][2]
    expect(sheet.field("owner")).to_have_value("Somebody")
    sheet.do("print")
    assert "Somebody" in printed(sheet.page, "A4")[0][2]


def test_the_page_prints_whole_and_the_sheets_on_pages_of_their_own(sheet: Sheet) -> None:
    sides = [text for *_, text in printed(sheet.page, "A4")]
    assert len(sides) >= 3 and "Begin with the metric" in sides[0]


@pytest.mark.parametrize("id", SHEETS)
def test_it_works_on_paper_without_script(id: str, open_page: OpenPage, server: Server) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{server.url}tools/worksheets/{id}.html")
    assert page.locator(f"form#{id} [name]").first.is_visible()
    assert not page.locator(f"form#{id} .tools").is_visible()
    texts = [bare(text) for *_, text in printed(page, "A4")]
    # Each stands on a side of its own: the blank one and the filled one.
    assert sum(bare(SHEETS[id].send_to) in text for text in texts) == 2


# Everybody


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("id", [MAP, "reality-gap", "decision-record"])
def test_it_is_accessible_and_as_wide_as_the_screen(
    id: str, width: int, page: Page, server: Server, axe: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    Sheet(page, server.url, id).open()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_text_in_a_file_stays_text(tmp_path: Path) -> None:
    from macros.html.addresses import FormPlace
    from macros.html.worksheet import render_worksheet

    hostile = worksheets.Field(id="a", name=HOSTILE, advice=HOSTILE, example=HOSTILE, required=True)
    one = Worksheet("a-sheet", HOSTILE, HOSTILE, 5, HOSTILE, (hostile,), HOSTILE)
    html = render_worksheet(one, load_words(ROOT)[0], FormPlace("site", "0"))
    assert "\n" not in html and "<img" not in html and "{{" not in html and "**" not in html


def test_a_page_of_two_forms_has_one_set_of_words_and_no_page_is_heavy(site: Path) -> None:
    text = (site / "run" / "governance.html").read_text("utf-8")
    assert text.count("data-module=") == 2
    assert text.count("data-words=") == text.count('id="print-blank"') == 1
    heavy = {
        str(path): path.stat().st_size
        for path in site.rglob("*.html")
        if path.stat().st_size > 120_000
    }
    assert heavy == {}
