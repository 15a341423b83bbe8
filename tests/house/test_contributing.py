"""CONTRIBUTING.md leads to what there is: its files stand there and hold the names beside them."""

import re
from collections.abc import Iterator

from tests.support.checkout import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MARKED = re.compile(r"`([^`]+)`")
STEP = re.compile(r"^\d+\. `([^`]+)`(.*)$", re.MULTILINE)
FILE = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
NAME = re.compile(r"[A-Za-z_]\w*")
FOLDERS = {path.name for path in ROOT.iterdir()}


def is_file(text: str) -> bool:
    """Whether a text in code marks names a file or folder of the checkout."""
    return bool(FILE.fullmatch(text)) and (text.split("/")[0] in FOLDERS)


def wrong_names(page: str) -> Iterator[str]:
    """Files that are not there, and names that do not stand in the file of their step."""
    for text in MARKED.findall(page):
        if is_file(text) and not (ROOT / text).exists():
            yield text
    for file, rest in STEP.findall(page):
        place = file
        for text in MARKED.findall(rest):
            if is_file(text) and "/" in text:
                place = text
            elif NAME.fullmatch(text) and (ROOT / place).is_file():
                source = (ROOT / place).read_text(encoding="utf-8")
                if not re.search(rf"\b{text}\b", source):
                    yield f"{place}: {text}"


def test_each_file_is_there_and_holds_the_names_beside_it() -> None:
    assert list(wrong_names(PAGE)) == []


def test_there_are_ten_recipes_each_with_steps() -> None:
    recipes = PAGE.partition("## Ten recipes")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(recipes) == 10
    assert [recipe.splitlines()[0] for recipe in recipes if not STEP.search(recipe)] == []


def test_a_file_that_has_gone_and_a_name_that_has_changed_would_be_noticed() -> None:
    page = (
        "1. `macros/gone.py`: do\n2. `macros/model.py`: `Question`, then `Qestion` and `check`.\n"
    )
    assert list(wrong_names(page)) == [
        "macros/gone.py",
        "macros/model.py: Qestion",
        "macros/model.py: check",
    ]
