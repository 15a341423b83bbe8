"""The frame that every page stands in: looks, reach, search, paper."""

import itertools
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.support.checkout import ROOT
from tests.support.fonts import BLOCKED, BOTH_FONTS, OWN, pdf_of
from tests.support.share import EVERY, share

FRAME = ROOT / "docs" / "assets" / "frame"
WIDTHS = (320, 1280)
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in WIDTHS]
WAYS = [*itertools.product(("ltr", "rtl"), (True, False), (OWN, BLOCKED))]

# Contrast on paper and on surface, by day and by night, as the direction of the looks has it.
CONTRASTS = {
    "ink": ((15.7, 14.4), (14.0, 12.3)),
    "muted": ((6.2, 5.7), (7.8, 6.8)),
    "edge": ((3.6, 3.3), (4.4, 3.8)),
    "accent": ((7.5, 6.9), (9.5, 8.3)),
    "green": ((5.1, 4.7), (8.1, 7.1)),
    "yellow": ((3.6, 3.3), (12.2, 10.7)),
    "red": ((8.6, 7.9), (6.1, 5.3)),
}

SMALL_TEXT = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement, range = document.createRange();
    range.selectNodeContents(node);
    // The letter of a mark is drawing: the word it stands for is beside it.
    if (!node.textContent.trim()) continue;
    if (element.closest('script, template, title, desc, .mark')) continue;
    if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (!range.getClientRects().length) continue;
    if (parseFloat(getComputedStyle(element).fontSize) > 13.99) continue;
    found.push(`${node.textContent.trim().slice(0, 40)}: ${getComputedStyle(element).fontSize}`);
  }
  return found;
}"""

OVERLAPS = """texts => texts.flatMap((one, i) => texts.slice(i + 1).filter(other => {
  const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
  return a.left < b.right && b.left < a.right && a.top + 4 < b.bottom && b.top + 4 < a.bottom;
}).map(other => `${one.textContent} / ${other.textContent}`))"""


@pytest.fixture(scope="session")
def names(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def tokens() -> dict[str, tuple[str, str]]:
    text = (FRAME / "tokens.css").read_text(encoding="utf-8")
    return dict(
        (name, (light, dark or light))
        for name, light, dark in re.findall(
            r"--([\w-]+): (?:light-dark\()?(#\w+)(?:, (#\w+)\))?;", text
        )
    )


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def style_of(page: Page, element: str, *properties: str) -> Any:
    return page.evaluate(
        f"names => names.map(name => getComputedStyle({element})[name])", properties
    )


# Colours and type


@pytest.mark.parametrize("token", CONTRASTS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_a_colour_keeps_the_contrast_it_was_chosen_for(token: str, scheme: int) -> None:
    colours = {name: pair[scheme] for name, pair in tokens().items()}
    found = [contrast(colours[token], colours[ground]) for ground in ("paper", "surface")]
    assert found == pytest.approx(CONTRASTS[token][scheme], abs=0.06)


@pytest.mark.parametrize("mark", ["green", "yellow", "red"])
def test_the_letter_on_a_filled_mark_can_be_read(mark: str) -> None:
    colours = tokens()
    for filled, letter in zip(
        colours[mark], colours.get(f"on-{mark}", colours["on-green"]), strict=True
    ):
        assert contrast(filled, letter) >= 4.5


@EVERY
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_is_smaller_than_fourteen_pixels(
    width: int, every: bool, names: list[str], server: Any, open_page: Any
) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    found = {}
    for name in share(names, every, WIDTHS.index(width), len(WIDTHS)):
        page.goto(server.url + name)
        if small := page.evaluate(SMALL_TEXT):
            found[name] = small
    assert found == {}


def test_small_text_would_be_found(server: Any, page: Page) -> None:
    page.goto(server.url + "index.html")
    page.evaluate("document.querySelector('.lead').style.fontSize = '13px'")
    found = page.evaluate(SMALL_TEXT)
    assert found and all(text.endswith(": 13px") for text in found)


# Reach


@EVERY
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_no_page_has_an_accessibility_fault(
    scheme: str, width: int, every: bool, names: list[str], server: Any, open_page: Any, axe: Any
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    found = {}
    for name in share(names, every, LOOKS.index((scheme, width)), len(LOOKS)):
        page.goto(server.url + name)
        if violations := axe(page):
            found[name] = violations
    assert found == {}


def test_an_accessibility_fault_would_be_found(server: Any, page: Page, axe: Any) -> None:
    page.goto(server.url + "index.html")
    page.evaluate("document.querySelector('.md-search').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.lead').style.color = 'silver'")
    assert {violation.split(":")[0] for violation in axe(page)} == {
        "aria-dialog-name",
        "color-contrast",
    }


@EVERY
@pytest.mark.parametrize(("direction", "script", "fonts"), WAYS, indirect=["fonts"])
def test_no_page_scrolls_sideways_at_400_percent(
    direction: str,
    script: bool,
    fonts: str,
    every: bool,
    names: list[str],
    server: Any,
    open_page: Any,
) -> None:
    page = open_page(java_script_enabled=script, viewport={"width": 320, "height": 700})
    page.route("**/*.html", lambda route: turn(route, direction))
    found = {}
    for name in share(names, every, WAYS.index((direction, script, fonts)), len(WAYS)):
        page.goto(server.url + name)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            found[name] = width
    assert found == {}


def turn(route: Any, direction: str) -> None:
    response = route.fetch()
    route.fulfill(
        response=response, body=response.text().replace('dir="ltr"', f'dir="{direction}"')
    )


def test_a_right_to_left_page_is_mirrored(server: Any, open_page: Any) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.route("**/*.html", lambda route: turn(route, "rtl"))
    page.goto(server.url + "reference/limits.html")
    left = {
        name: page.locator(name).first.bounding_box()["x"]
        for name in (".site", ".sections", ".pages", "h1")
    }
    assert left[".site"] > left[".sections"]
    assert left[".pages"] > left["h1"]


def test_the_first_tab_leads_past_the_head(server: Any, page: Page) -> None:
    page.goto(server.url + "reference/limits.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.md-skip')")
    ring = style_of(page, "document.activeElement", "outline", "outlineOffset")
    assert ring == ["rgb(14, 90, 107) solid 3px", "2px"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('article').contains(document.activeElement)")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_phone_reaches_every_page_by_keyboard(script: bool, server: Any, open_page: Any) -> None:
    page = open_page(java_script_enabled=script, viewport={"width": 320, "height": 700})
    page.goto(server.url + "index.html")
    page.locator(".menu > summary").press("Enter")
    page.locator(".menu summary:text-is('Read')").press("Enter")
    page.locator('.menu a[href$="using-it-well.html"]').press("Enter")
    page.wait_for_url("**/read/using-it-well.html")


def test_a_table_stacks_on_a_phone_and_says_its_headings(server: Any, open_page: Any) -> None:
    page = open_page(viewport={"width": 360, "height": 800})
    page.goto(server.url + "reference/limits.html")
    assert not page.locator("thead").first.is_visible()
    label = style_of(page, "document.querySelectorAll('td')[1], '::before'", "display", "content")
    assert label == ["block", '"Number"']
    page.set_viewport_size({"width": 768, "height": 800})
    assert page.locator("thead").first.is_visible()


# Light and dark

PAPER = {"light": "rgb(252, 251, 248)", "dark": "rgb(21, 25, 29)"}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_comes_in_the_scheme_of_the_system(
    scheme: str, script: bool, server: Any, open_page: Any
) -> None:
    page = open_page(color_scheme=scheme, java_script_enabled=script)
    page.goto(server.url + "index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER[scheme]


def test_the_switch_says_where_it_leads_and_is_remembered(server: Any, open_page: Any) -> None:
    page = open_page(color_scheme="light")
    page.goto(server.url + "index.html")
    assert page.get_by_role("radio", name="Light").is_checked()
    page.locator(".md-header label", has_text="Dark").click()
    for _ in range(2):
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER["dark"]
        assert page.get_by_role("radio", name="Dark").is_checked()
        page.reload()


# Search


@pytest.mark.parametrize("place", ["http", "sub-path", "folder"])
@pytest.mark.parametrize("width", [360, 1280])
def test_search_finds(place: str, width: int, server: Any, file_url: str, open_page: Any) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(
        {"http": server.url, "sub-path": server.sub_url, "folder": file_url}[place]
        + "reference/limits.html"
    )
    if width == 360:
        page.locator("label", has_text="Search").first.click()
    page.locator(".md-search__input").type("stall")
    page.locator(".md-search-result__item").first.wait_for()
    links = page.locator(".md-search-result__link").evaluate_all(
        "links => links.map(link => link.href)"
    )
    assert any("/read/diagnostic.html" in link for link in links), links
    page.locator('.md-search-result__link[href*="read/diagnostic.html"]').first.click()
    page.wait_for_url("**/read/diagnostic.html*")


def test_over_http_the_browser_s_own_worker_searches(server: Any, page: Page) -> None:
    page.goto(server.url + "index.html")
    assert page.evaluate("'IFrameWorker' in window") is False


# Home


@BOTH_FONTS
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_picture_can_be_read_at_any_width(width: int, server: Any, open_page: Any) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(server.url + "index.html")
    shown = page.locator(".arc > svg:visible")
    assert shown.count() == 1
    sizes = shown.locator("text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize) *"
        " text.getScreenCTM().a)"
    )
    assert len(sizes) >= 10
    assert min(sizes) >= 15
    overlaps = shown.locator("text").evaluate_all(OVERLAPS)
    assert overlaps == []


def test_the_picture_says_the_same_in_words(server: Any, page: Page) -> None:
    page.goto(server.url + "index.html")
    drawn = page.locator(".arc > .wide text").all_text_contents()
    said = " ".join(page.locator(".arc desc, .arc title").all_text_contents()).lower()
    assert [text for text in drawn if text.lower() not in said] == []


def test_home_gives_no_figures(server: Any, page: Page) -> None:
    page.goto(server.url + "index.html")
    assert re.findall(r"\d+ ?%|[$€£]|per ?cent", page.inner_text("main")) == []


# Paper


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_prints_clean(scheme: str, server: Any, open_page: Any, pdf_text: Any) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(server.url + "read/using-it-well.html")
    page.wait_for_selector("form.live")
    link = (
        "document.querySelector('article p').innerHTML += ' <a"
        ' href="https://example.org/x">elsewhere</a>\''
    )
    page.evaluate(link)
    pdf = pdf_of(page)
    text = "\n".join(pdf_text(pdf))
    assert "The AI execution gap playbook" in text
    assert "Using a reading well" in text
    assert text.count("(https://example.org/x)") == 1
    for unwanted in ("Navigation", "Search", "Made with", "Previous", "Glossary", ".html"):
        assert unwanted not in text
    with pypdfium2.PdfDocument(pdf) as document:
        pixels = bytes(document[0].render(scale=1, grayscale=True).buffer)
    assert pixels[0] == 255, "the paper is not white"
    assert min(pixels) < 40, "the ink is not black"
    assert pixels.count(255) > 0.8 * len(pixels), "something is tinted"


@EVERY
@BOTH_FONTS
def test_no_heading_is_last_on_a_printed_page(
    fonts: str, every: bool, names: list[str], server: Any, page: Page, pdf_text: Any
) -> None:
    for name in share(names, every, (OWN, BLOCKED).index(fonts), 2):
        page.goto(server.url + name)
        # the sheets of a form have their own tests
        own = page.locator(":is(h1, h2, h3):not(.assessment *)")
        headings = {heading.strip() for heading in own.all_text_contents()}
        for sheet in pdf_text(pdf_of(page)):
            lines = [
                line for line in sheet.splitlines() if line.strip() and not line.strip().isdigit()
            ]
            assert lines[-1].strip() not in headings, f"{name}: “{lines[-1]}”"
