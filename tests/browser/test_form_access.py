"""The form for everybody: screen readers, keyboards, small windows, large type, both colour
schemes.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.fonts import BOTH_FONTS
from tests.support.reader import ASSESSMENT, QUESTIONS, Reader
from tests.support.server import OpenPage, Server

WIDTHS = (320, 1280)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(
    scheme: str, width: int, open_page: OpenPage, server: Server, axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    reader = Reader(page, server.url).open()
    assert axe(page) == []
    reader.fill_in().kept()
    for fold in reader.form.locator("summary").all():
        fold.click()
    expect(reader.verdict()).to_be_attached()
    assert axe(page) == []
    reader.do("clear")
    expect(reader.notice("cleared")).to_be_visible()
    assert axe(page) == []


def test_answers_are_read_with_their_colour_in_words(page: Page, server: Server) -> None:
    reader = Reader(page, server.url).open()
    titles = {"green": "Green", "yellow": "Yellow", "red": "Red"}
    for question in QUESTIONS:
        line = page.get_by_role("group", name=question["name"])
        ours = {"yellow": " ours"}  # of a line that completes its source
        for answer, text in question["answers"].items():
            expect(
                line.get_by_role(
                    "radio", name=f"{titles[answer]}: {text}{ours.get(answer, '')}", exact=True
                )
            ).to_have_count(1)
        expect(line.get_by_role("radio", name="Can’t tell", exact=True)).to_have_count(1)
        expect(
            line.get_by_role("textbox", name="Evidence, in ten words", exact=True)
        ).to_have_count(1)
        assert (
            line.evaluate(
                "e => document.getElementById(e.getAttribute('aria-describedby')).textContent"
            )
            == question["ask"]
        )
    expect(reader.form.get_by_role("radio")).to_have_count(4 * len(QUESTIONS))


def test_every_field_has_a_name(page: Page, server: Server) -> None:
    Reader(page, server.url).open().fill_in()
    for role in ("textbox", "combobox", "button", "link", "radio"):
        for field in page.get_by_role(role).all():
            assert re.match(rf"- '?{role} \"", field.aria_snapshot()), field.evaluate(
                "e => e.outerHTML"
            )


COVERED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const shown = focused.closest('label.answer, label.send') || focused;
  const box = shown.getBoundingClientRect();
  const covers = [...document.querySelectorAll('.bar, .md-header')]
    .filter((one) => !one.contains(focused) && getComputedStyle(one).position !== 'static');
  const hidden = covers.filter((one) => {
    const over = one.getBoundingClientRect();
    return over.top < box.bottom && over.bottom > box.top
      && over.left < box.right && over.right > box.left;
  });
  const outside = box.bottom > innerHeight || box.top < 0;
  return { what: focused.name || focused.textContent.trim().slice(0, 40),
           hidden: hidden.map((one) => one.className),
           outside: outside && box.height < innerHeight,
           inForm: Boolean(focused.closest('form.assessment')) };
}"""


@BOTH_FONTS
@pytest.mark.parametrize("size", [(320, 640), (1280, 720)])
def test_focus_is_never_hidden(size: tuple[int, int], open_page: OpenPage, server: Server) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    Reader(page, server.url).open().fill_in()
    for key in ("Tab", "Shift+Tab"):
        stops = tab_through(page, key)
        in_form = [stop for stop in stops if stop["inForm"]]
        assert len(in_form) >= 30, [stop["what"] for stop in stops]
        assert [stop for stop in in_form if stop["hidden"] or stop["outside"]] == []


def test_a_field_under_the_bar_would_be_noticed(page: Page, server: Server) -> None:
    """The control for the test above."""
    reader = Reader(page, server.url).open()
    reader.note(1).focus()
    page.evaluate("""() => {
             const [bar, focused] = [document.querySelector('.bar'), document.activeElement];
             const by = focused.getBoundingClientRect().top - bar.getBoundingClientRect().top;
             scrollBy({ top: by, behavior: 'instant' });
           }""")
    assert page.evaluate(COVERED)["hidden"] == ["bar one-row"]


UNDER_THE_BAR = """() => {
  const bar = document.querySelector('.bar'), found = new Set();
  for (let y = 0; y < document.body.scrollHeight; y += 20) {
    scrollTo({ top: y, behavior: 'instant' });
    const over = bar.getBoundingClientRect();
    for (const one of document.querySelectorAll('.tools :is(button, select), .about .field')) {
      const box = one.getBoundingClientRect();
      if (!box.height) continue; // what only paper shows
      if (box.bottom > over.top && box.top < over.bottom) found.add(one.textContent.trim());
    }
  }
  return [...found];
}"""


@BOTH_FONTS
@pytest.mark.parametrize("name", ["read/diagnostic", "change/leaders-go-first"])
def test_the_bar_lies_over_nothing_above_the_lines(
    name: str, open_page: OpenPage, server: Server
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(f"{server.url}{name}.html")
    page.wait_for_selector("form.assessment.live")
    assert page.evaluate(UNDER_THE_BAR) == []
    # the control: were it the whole form that it goes along with
    page.evaluate("document.querySelector('form').append(document.querySelector('.bar'))")
    assert "Clear" in page.evaluate(UNDER_THE_BAR)


def test_what_is_scrolled_to_stays_clear_of_a_bar_of_many_words(page: Page, server: Server) -> None:
    Reader(page, server.url).open()
    room = """() => parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockEnd)
      - document.querySelector('.bar').offsetHeight"""
    assert page.evaluate(room) == 16
    before = page.evaluate("document.querySelector('.bar').offsetHeight")
    page.evaluate("document.querySelector('.phrase').textContent = 'word '.repeat(500)")
    assert page.evaluate("document.querySelector('.bar').offsetHeight") > 2 * before
    page.wait_for_function(f"() => ({room})() === 16")


def tab_through(page: Page, key: str) -> list[dict[str, str]]:
    page.locator("a").nth(0 if key == "Tab" else -1).focus()
    stops = []
    for _ in range(120):
        page.keyboard.press(key)
        stop = page.evaluate(COVERED)
        if stop is None:
            break
        stops.append(stop)
    return stops


SMALL = """() => [...document.querySelectorAll('form.assessment *')]
  .filter((one) => one.matches(
    'label.answer, label.field, button, summary, .send, .see, .tools select'))
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent.trim().slice(0, 30) || one.name, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([what, box]) => `${what}: ${box.width} x ${box.height}`)"""


@BOTH_FONTS
@pytest.mark.parametrize("width", WIDTHS)
def test_targets_are_44_pixels_or_more(width: int, open_page: OpenPage, server: Server) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    reader = Reader(page, server.url).open().fill_in().kept()
    assert page.evaluate(SMALL) == []
    reader.do("clear")
    expect(reader.notice("cleared")).to_be_visible()
    assert page.evaluate(SMALL) == []


TINY = """() => {
  const tiny = [];
  for (const one of document.querySelectorAll('form.assessment, form.assessment *')) {
    if (one.closest('svg, .unseen') || !one.checkVisibility()) continue;
    const texts = [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    const own = one.matches('input, select, textarea') || texts.length;
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (own && size < LEAST) tiny.push(`${one.className || one.tagName} ${size}`);
  }
  return tiny;
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_is_smaller_than_14_pixels(width: int, open_page: OpenPage, server: Server) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    reader = Reader(page, server.url).open().fill_in()
    reader.form.locator("summary").first.click()
    assert page.evaluate(TINY.replace("LEAST", "14")) == []
    assert page.evaluate(TINY.replace("LEAST", "40")) != []


WIDER = "() => document.scrollingElement.scrollWidth - innerWidth"


@BOTH_FONTS
@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("size", [(320, 640), (320, 256)])  # a phone; 1280 x 1024 at 400 %
def test_nothing_scrolls_sideways(
    size: tuple[int, int], long: bool, open_page: OpenPage, server: Server
) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=4)
    reader = Reader(page, server.url).open()
    assert page.evaluate(WIDER) <= 0
    reader.fill_in("W" * 300 if long else "Claims assistant").kept()
    if long:
        reader.note(1).fill("W" * 300)
        reader.who(2).fill("W" * 300)
    for fold in reader.form.locator("summary").all():
        fold.click()
    assert page.evaluate(WIDER) <= 0
    reader.do("clear")
    expect(reader.notice("cleared")).to_be_visible()
    assert page.evaluate(WIDER) <= 0


@BOTH_FONTS
def test_with_type_twice_as_large_everything_still_fits(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page(viewport={"width": 640, "height": 800})
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        " document.documentElement.style.fontSize = '40px'; })"
    )
    reader = Reader(page, server.url).open().fill_in()
    assert page.evaluate(WIDER) <= 0
    assert reader.form.evaluate("form => parseFloat(getComputedStyle(form).fontSize)") > 30


def test_marks_are_told_apart_without_colour(page: Page, server: Server) -> None:
    """Forced colours, as in Windows' contrast themes: the native radio shows, and letters and
    shapes stay.
    """
    page.emulate_media(forced_colors="active")
    reader = Reader(page, server.url).open().mark_all(["green", "yellow", "red"])
    for line, answer in [(1, "green"), (2, "yellow"), (3, "red")]:
        assert (
            reader.radio(line, answer).evaluate("radio => getComputedStyle(radio).opacity") == "1"
        )
    letters = [
        answer["title"][0] for answer in [{"title": "Green"}, {"title": "Yellow"}, {"title": "Red"}]
    ]
    shown = (
        reader.part("marks")
        .locator("svg")
        .evaluate_all("marks => marks.map(mark => mark.textContent)")
    )
    assert shown[:3] == letters
    assert ASSESSMENT["scale"] == "traffic_light"
