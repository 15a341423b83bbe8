"""The form on paper: one sheet of A4 or US Letter, both sides, blank or filled in, as a printer
gets it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.support.fonts import BOTH_FONTS, Gate, pdf_of
from tests.support.reader import (
    ASSESSMENT,
    FIVE_LINES,
    LINES,
    NAMES,
    NOTES,
    QUESTIONS,
    VERDICTS,
    WORDS,
    Reader,
)
from tests.support.server import OpenPage, Server

SIZES = {"A4": (842, 595), "Letter": (792, 612)}  # landscape, in points
MILLIMETRE = 72 / 25.4
TEN_WORDS = "Nobody could name the one person who answers for it"
SCALE = 3  # pixels a point


def bare(text: str) -> str:
    """Text without what lines and columns do to it."""
    return re.sub(r"[\s\ufffe\x00\x02-]", "", text)


@dataclass
class Word:
    """Where a text begins on a page, in points from the top left corner, and how high its letters
    stand.
    """

    left: float
    top: float
    bottom: float


class Sheet:
    """One printed page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.width, self.height = page.get_size()
        words = page.get_textpage()
        signs = [
            (bare(words.get_text_range(index, 1)), index) for index in range(words.count_chars())
        ]
        self.text = "".join(sign for sign, _ in signs)
        # left, bottom, right, top
        self.boxes = [words.get_charbox(index) for sign, index in signs if sign]
        picture = page.render(scale=SCALE, rev_byteorder=True)
        self.pixels, self.stride = bytes(picture.buffer), picture.stride

    def find(self, text: str) -> Word:
        """Where a text begins."""
        assert bare(text) in self.text, text
        left, bottom, _, top = self.boxes[self.text.index(bare(text))]
        return Word(left, self.height - top, self.height - bottom)

    def darkness(self, left: float, top: float, right: float, bottom: float) -> float:
        """How much of a rectangle is ink, from 0 to 1."""
        rows = range(int(top * SCALE), int(bottom * SCALE))
        columns = range(int(left * SCALE), int(right * SCALE))
        dark = sum(self.pixels[y * self.stride + x * 3] < 128 for y in rows for x in columns)
        return dark / (len(rows) * len(columns))

    def beside(self, text: str, near: float, far: float, up: float = 2.1) -> float:
        """The ink in a square to the left of a text, `near` to `far` millimetres away."""
        word = self.find(text)
        middle = (word.top + word.bottom) / 2
        half = up * MILLIMETRE
        return self.darkness(
            word.left - far * MILLIMETRE,
            middle - half,
            word.left - near * MILLIMETRE,
            middle + half,
        )


def sheets(page: Page, size: str) -> list[Sheet]:
    with pypdfium2.PdfDocument(pdf_of(page, size)) as document:
        return [Sheet(page) for page in document]


@pytest.fixture
def reader(page: Page, server: Server) -> Reader:
    return Reader(page, server.url).open()


def is_one_sheet(printed: list[Sheet], size: str) -> None:
    assert len(printed) == 2
    for number, sheet in enumerate(printed, 1):
        assert (int(sheet.width), int(sheet.height)) == SIZES[size]
        assert (
            sheet.text.count(bare(f"{ASSESSMENT['title']} · version {ASSESSMENT['version']}")) == 1
        )
        assert f"{number}/2" in sheet.text
        nothing_is_cut(sheet)


def nothing_is_cut(sheet: Sheet) -> None:
    """Every letter stands whole on the page, with a printer's margin around it."""
    letters = sheet.boxes
    assert len(letters) > 200
    margin = 5 * MILLIMETRE
    assert min(left for left, *_ in letters) >= margin
    assert min(bottom for _, bottom, *_ in letters) >= margin
    assert max(right for *_, right, _ in letters) <= sheet.width - margin
    assert max(top for *_, top in letters) <= sheet.height - margin


def front_is_complete(front: Sheet) -> None:
    for question in QUESTIONS:
        for text in (question["name"], question["ask"], *question["answers"].values()):
            assert front.text.count(bare(text)) == 1, text
    for verdict in VERDICTS:
        assert bare(verdict["title"]) in front.text
    for heading in ("Green", "Yellow", "Red"):
        assert heading in front.text
    assert front.text.count(bare(WORDS["note"])) == len(QUESTIONS)


# Blank


@BOTH_FONTS
@pytest.mark.parametrize("size", SIZES)
def test_a_blank_form_is_one_sheet_with_everything_on_it(size: str, reader: Reader) -> None:
    printed = sheets(reader.page, size)
    is_one_sheet(printed, size)
    front_is_complete(printed[0])
    for question in QUESTIONS:
        assert printed[1].text.count(bare(question["name"])) == 1
        assert printed[1].text.count(bare(question["move"])) == 1
    assert printed[1].text.count(bare(WORDS["send"])) == len(QUESTIONS)
    for word in ("subject", "date", "chair", "reader"):
        assert bare(WORDS[word].replace("{unit}", ASSESSMENT["unit"])) in printed[0].text
    for word in ("clear", "print_blank", "nothing_yet", "bar_link"):
        assert bare(WORDS[word]) not in printed[0].text + printed[1].text


def test_nothing_on_a_blank_form_looks_chosen(reader: Reader) -> None:
    front, back = sheets(reader.page, "A4")
    for question in QUESTIONS:
        for text in question["answers"].values():
            assert 0.02 < front.beside(text, 1.3, 5.5) < 0.45, text
    for verdict in VERDICTS:
        assert front.beside(verdict["title"], 1, 4) < 0.45, verdict["title"]


# Filled in


@BOTH_FONTS
@pytest.mark.parametrize("size", SIZES)
def test_a_filled_form_is_one_sheet_with_everything_on_it(size: str, reader: Reader) -> None:
    front, back = printed = sheets(reader.fill_in().page, size)
    is_one_sheet(printed, size)
    front_is_complete(front)
    for text in (
        "Claims assistant",
        "20 November 2026",
        f"{WORDS['chair']} Sponsor",
        *NOTES.values(),
    ):
        assert front.text.count(bare(text)) == 1, text
    for line in (2, 3, 5, 4):
        assert bare(NAMES[line]) in back.text
        assert bare(QUESTIONS[line - 1]["move"]) in back.text
    assert bare("4 December 2026") in back.text
    for line in (1, 6):  # green and open: no move
        assert bare(QUESTIONS[line - 1]["move"]) not in back.text
    assert back.text.count(bare(VERDICTS[0]["say"])) == 1
    assert bare("Lines 2, 3 and 5 are red.") in back.text


def test_chosen_marks_are_dark_and_the_others_are_not(reader: Reader) -> None:
    front = sheets(reader.fill_in().page, "A4")[0]
    for question, chosen in zip(QUESTIONS, [*FIVE_LINES, ""], strict=True):
        for answer, text in question["answers"].items():
            dark = front.beside(text, 1.7, 5.2, 1.6)
            least = {"green": 0.5, "yellow": 0.35, "red": 0.6}[answer]
            assert (dark > least) == (answer == chosen), (question["id"], answer, dark)
    ticked = [
        verdict["title"]
        for verdict in VERDICTS
        if front.beside(verdict["title"], 1.5, 3.4, 0.9) > 0.6
    ]
    assert ticked == ["Stall in progress"]


def test_paper_needs_no_colour(reader: Reader) -> None:
    for sheet in sheets(reader.fill_in().page, "A4"):
        pixels = sheet.pixels
        red, green, blue = pixels[0::3], pixels[1::3], pixels[2::3]
        assert max(abs(r - g) + abs(g - b) for r, g, b in zip(red, green, blue, strict=False)) < 12


def test_from_the_dark_it_prints_as_from_the_light(open_page: OpenPage, server: Server) -> None:
    pictures = []
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        Reader(page, server.url).open().fill_in()
        expect(page.locator("body")).to_have_attribute(
            "data-md-color-scheme", {"light": "default", "dark": "slate"}[scheme]
        )
        pictures.append([sheet.pixels for sheet in sheets(page, "A4")])
    assert pictures[0] == pictures[1]
    assert pictures[0][0][:3] == b"\xff\xff\xff"


def test_no_text_on_paper_is_smaller_than_eight_and_a_half_points(reader: Reader) -> None:
    reader.fill_in().page.emulate_media(media="print")
    sizes = reader.form.evaluate(
        """form => [...form.querySelectorAll('*')]
             .filter((one) => !one.closest('svg, .unseen') && one.checkVisibility()
               && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
             .map((one) => [parseFloat(getComputedStyle(one).fontSize) * 72 / 96, one.className])"""
    )
    assert len(sizes) > 50
    assert [size for size in sizes if size[0] < 8.49] == []


# Stress

WIDE_SPACING = "document.body.style.letterSpacing = '.03em'"


@BOTH_FONTS
@pytest.mark.parametrize("answer", ["yellow", "red"])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_one_sheet_still(size: str, answer: str, reader: Reader) -> None:
    """The longest answers chosen, so in bold, set wide, and ten words of evidence in every line."""
    reader.field("reading.subject").fill("Claims assistant for the motor insurance branch offices")
    reader.mark_all([answer] * 6)
    for line in LINES:
        reader.note(line).fill(TEN_WORDS)
        reader.who(line).fill("Head of claims operations")
        reader.by(line).fill("2026-12-24")
    width = "document.querySelector('.anchor').getBoundingClientRect().height"
    before = reader.page.evaluate(width)
    reader.page.evaluate(WIDE_SPACING)
    assert reader.page.evaluate(width) >= before  # the control: it does something
    printed = sheets(reader.page, size)
    is_one_sheet(printed, size)
    front_is_complete(printed[0])
    assert printed[0].text.count(bare(TEN_WORDS)) == len(QUESTIONS)


NOTES_OF_TEN_THOUSAND = {
    "words": " ".join(f"w{number:04}" for number in range(1667)),
    "no space at all": "".join(f"w{number:04}" for number in range(2000)),
}


@pytest.mark.parametrize("kind", NOTES_OF_TEN_THOUSAND)
def test_a_note_of_ten_thousand_letters_flows_on_and_loses_none(kind: str, reader: Reader) -> None:
    note = NOTES_OF_TEN_THOUSAND[kind]
    reader.mark_all(["red"] * 6).note(3).fill(note)
    printed = sheets(reader.page, "A4")
    assert len(printed) > 2
    for number, sheet in enumerate(printed, 1):
        assert f"{number}/{len(printed)}" in sheet.text
        sheet.text = sheet.text.replace(f"{number}/{len(printed)}", "")
    whole = "".join(sheet.text for sheet in printed)
    lost = [f"w{number:04}" for number in range(note.count("w")) if f"w{number:04}" not in whole]
    # a page's end may fall within one
    assert len(lost) <= (len(printed) if kind == "no space at all" else 0)
    for question in QUESTIONS:
        for anchor in question["answers"].values():
            # no line split over two pages
            assert sum(sheet.text.count(bare(anchor)) for sheet in printed) == 1
    for sheet in printed:
        for left, bottom, right, top in sheet.boxes:
            assert left >= 0 and bottom >= 0 and right <= sheet.width and top <= sheet.height


# A blank form from a filled one


@contextmanager
def printing_is_watched(page: Page) -> Iterator[Callable[[], list[Any]]]:
    """window.print is a dialog that no test can answer: note what the form held when it was asked
    for.
    """
    page.add_init_script("""window.prints = [];
           window.print = () => {
             const form = document.querySelector('form.assessment');
             const typed = [...form.querySelectorAll('.typed')].map((one) => one.textContent);
             prints.push([...new FormData(form).values(), ...typed].join(''));
           };""")
    yield lambda: list(page.evaluate("prints"))


def test_a_blank_print_shows_nothing_of_what_was_typed_and_gives_it_back(
    page: Page, server: Server
) -> None:
    with printing_is_watched(page) as prints:
        reader = Reader(page, server.url).open().fill_in().kept()
        before = reader.values()
        reader.do("blank")
        page.wait_for_function("() => prints.length > 0")
        assert prints() == [""]
        printed = sheets(page, "A4")  # the browser's own afterprint follows
    is_one_sheet(printed, "A4")
    text = "".join(sheet.text for sheet in printed)
    for typed in (
        "Claims assistant",
        "November",
        f"{WORDS['chair']} Sponsor",
        "Person",
        VERDICTS[0]["say"],
        *NOTES.values(),
    ):
        assert bare(typed) not in text
    for question in QUESTIONS:
        assert bare(question["move"]) in text
    expect(reader.field("reading.subject")).to_have_value("Claims assistant")
    assert reader.values() == before
    expect(reader.verdict()).to_have_text("Stall in progress")
    assert reader.kept().reload().values() == before


def test_the_filled_print_does_show_it(page: Page, server: Server) -> None:
    """The control for the test above."""
    with printing_is_watched(page) as prints:
        Reader(page, server.url).open().fill_in().do("print")
        page.wait_for_function("() => prints.length > 0")
        assert "Claims assistant" in prints()[0]


@pytest.mark.parametrize("where", ["another page", "the page itself", "an address"])
def test_a_link_to_the_blank_form_prints_it_once(where: str, page: Page, server: Server) -> None:
    with printing_is_watched(page) as prints:
        reader = Reader(page, server.url).open().fill_in().kept()
        before = reader.values()
        if where == "the page itself":
            page.evaluate("() => { location.hash = '#print-blank'; }")
        else:
            page.goto(server.url if where == "another page" else "about:blank")
            page.goto(f"{reader.address}#print-blank")
        page.wait_for_function("() => prints.length > 0")
        reader.ready()
        assert prints() == [""]
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(reader.field("reading.subject")).to_have_value("Claims assistant")
        assert reader.values() == before
        assert page.url == reader.address  # so that a reload does not print again
        reader.reload()
        assert prints() == []


def test_the_home_page_leads_to_the_blank_form(page: Page, server: Server) -> None:
    with printing_is_watched(page) as prints:
        page.goto(server.url)
        page.locator('a[href$="#print-blank"]').first.click()
        page.wait_for_function("() => window.prints && prints.length > 0")
        assert prints() == [""]


# A sheet waits for its fonts, and not for ever


def with_fonts_to_come(page: Page, server: Server) -> tuple[Gate, Reader]:
    """The form by a clock that stands still, before any font has come."""
    gate = Gate(page)
    page.clock.install()
    reader = Reader(page, server.url)
    page.goto(reader.address, wait_until="commit")
    reader.ready()
    page.clock.pause_at("2100-01-01")
    assert gate.held
    return gate, reader


@pytest.mark.parametrize("deed", ["print", "blank"])
def test_a_sheet_is_printed_as_soon_as_its_fonts_are_there(
    deed: str, page: Page, server: Server
) -> None:
    with printing_is_watched(page) as prints:
        gate, reader = with_fonts_to_come(page, server)
        reader.field("reading.subject").fill("Claims assistant")
        reader.do(deed)
        assert prints() == []
        expect(reader.field("reading.subject")).to_have_value("Claims assistant")
        gate.let_through()
        page.wait_for_function("() => prints.length > 0")
        assert [("Claims assistant" in text) for text in prints()] == [deed == "print"]


def test_a_sheet_whose_fonts_do_not_come_is_printed_after_a_second(
    page: Page, server: Server
) -> None:
    with printing_is_watched(page) as prints:
        _, reader = with_fonts_to_come(page, server)
        reader.do("blank")
        page.clock.run_for(999)
        assert prints() == []
        page.clock.run_for(1)
        assert prints() == [""]


def test_a_sheet_whose_fonts_are_blocked_does_not_wait(
    page: Page, server: Server, problems: list[str]
) -> None:
    with printing_is_watched(page) as prints:
        page.route("**/*.woff2", lambda route: route.abort())
        page.clock.install()
        reader = Reader(page, server.url).open()
        page.clock.pause_at("2100-01-01")
        reader.do("blank")
        page.wait_for_function("() => prints.length > 0")
        assert prints() == [""]
    assert problems and all("Failed to load resource" in problem for problem in problems)
    problems.clear()
