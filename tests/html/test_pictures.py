"""The pictures: readable at any width and on paper, and said in words as well."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import markdown  # type: ignore[import-untyped]
import pypdfium2
import pytest

from macros import main
from macros.html.pictures import picture_names
from tests.support.called import macros
from tests.support.checkout import ROOT
from tests.support.fonts import BOTH_FONTS, pdf_of

PAGES = {
    name: path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
    for path in sorted((ROOT / "docs").rglob("*.md"))
    for name in re.findall(r'\{\{ picture\("([\w-]+)"\) \}\}', path.read_text(encoding="utf-8"))
}
SIZES = (
    "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize) *"
    " text.getScreenCTM().a)"
)
OVERLAPS = """texts => texts.flatMap((one, i) => texts.slice(i + 1).filter(other => {
  const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
  return a.left < b.right && b.left < a.right && a.top + 4 < b.bottom && b.top + 4 < a.bottom;
}).map(other => `${one.textContent} / ${other.textContent}`))"""
OUTSIDE = """texts => texts.filter(text => {
  const a = text.getBoundingClientRect(), b = text.closest('figure').getBoundingClientRect();
  return a.left < b.left - 1 || a.right > innerWidth
    || a.top < b.top - 3 || a.bottom > b.bottom + 3;
}).map(text => text.textContent)"""


def test_every_picture_is_on_a_page() -> None:
    assert sorted(PAGES) == picture_names()


@pytest.mark.parametrize("name", picture_names())
def test_a_picture_is_one_line_that_markdown_leaves_alone(name: str) -> None:
    drawn = macros()["picture"](name)
    assert "\n" not in drawn
    assert (
        markdown.markdown(drawn, extensions=["attr_list", "md_in_html", "tables"]).strip() == drawn
    )
    assert not re.search(r"#[0-9a-f]{3,6}\b(?!;)| style=|\brgb", drawn), (
        "colours are the site's tokens"
    )


def test_a_picture_that_is_not_there_is_told_with_the_nearest_name() -> None:
    with pytest.raises(main.PageError, match="there is no picture 'clok'; did you mean 'clock'?"):
        macros()["picture"]("clok")


def test_the_days_of_a_picture_are_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    book = main.playbook()
    rules = {id: SimpleNamespace(value=rule.value) for id, rule in book.rules.items()}
    rules["pilot_decision_day"].value = 75
    changed = SimpleNamespace(
        rules=rules,
        problems=(),
        assessments=book.assessments,
        worksheets=book.worksheets,
        words=book.words,
    )
    monkeypatch.setattr(main, "playbook", lambda: changed)
    found = macros()
    assert [name for name in ("arc", "clock") if "ay 75" not in found["picture"](name)] == []


@BOTH_FONTS
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_picture_can_be_read_at_any_width(
    name: str, width: int, server: Any, open_page: Any
) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(server.url + PAGES[name])
    shown = page.locator(f"figure.picture:has(#picture-{name}) > svg:visible")
    assert shown.count() == 1
    texts = shown.locator("text")
    assert texts.count() >= 7
    assert min(texts.evaluate_all(SIZES)) >= 15
    assert texts.evaluate_all(OVERLAPS) == []
    assert texts.evaluate_all(OUTSIDE) == []


@pytest.mark.parametrize("name", picture_names())
def test_a_picture_says_the_same_in_words(name: str) -> None:
    drawn = unescape(macros()["picture"](name))
    said = " ".join(re.findall(r"<(?:title|desc)\b[^>]*>([^<]*)", drawn)).lower()
    texts = [text.strip(" ,.").lower() for text in re.findall(r"<text\b[^>]*>([^<]*)", drawn)]
    assert len(texts) >= 14
    assert [text for text in texts if text not in said] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_is_black_on_white_on_paper(name: str, server: Any, open_page: Any) -> None:
    page = open_page(color_scheme="dark")
    page.goto(server.url + PAGES[name])
    page.evaluate(
        "name =>"
        " document.body.replaceChildren("
        "document.querySelector(`#picture-${name}`).closest('figure'))",
        name,
    )
    page.evaluate("document.body.classList.add('md-typeset')")
    with pypdfium2.PdfDocument(pdf_of(page)) as document:
        pixels = bytes(document[0].render(scale=1, rev_byteorder=True).buffer)
    red, green, blue = pixels[0::3], pixels[1::3], pixels[2::3]
    assert max(abs(r - b) + abs(r - g) for r, g, b in zip(red, green, blue, strict=True)) < 12, (
        "something is coloured"
    )
    assert red.count(255) > 0.8 * len(red) and min(red) < 40
