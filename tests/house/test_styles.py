"""No `:has()` in a style that a screen uses: it is looked at again for every answer, and was more
than half of the work after a click.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

STYLES = sorted((ROOT / "docs" / "assets").rglob("*.css"))


def on_screen(style: str) -> Iterator[str]:
    """What stands before each bracket of a style, but for what is only printed."""
    around: list[str] = []
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    for text, bracket in re.findall(r"([^{};]*)([{};])", style):
        if bracket == "{":
            around.append(text.strip())
            if not any(one.startswith("@media print") for one in around):
                yield around[-1]
        elif bracket == "}":
            around.pop()


def with_has(style: str) -> list[str]:
    return [selector for selector in on_screen(style) if ":has(" in selector]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_rule_for_the_screen_looks_into_what_it_styles(path: Path) -> None:
    assert STYLES and with_has(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("style", "found"),
    [
        (".a:has(.b) { color: red; }", [".a:has(.b)"]),
        (".a { @media screen { & :has(b) { color: red; } } }", ["& :has(b)"]),
        ("@media print { .a:has(.b) { color: red; } }", []),
        (".a { @media print { &:has(.b) { color: red; } } } p:has(a) { margin: 0; }", ["p:has(a)"]),
        ("/* :has(.b) { */ .a { color: red; }", []),
    ],
)
def test_such_a_rule_would_be_noticed(style: str, found: list[str]) -> None:
    assert with_has(style) == found
