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


# A file that asks whether a question is of the last of the kinds.
ASKS_KIND = re.compile(r"""\.kind\b.*["']text["']""")
ASKING = (
    "macros/**/*.py",
    "macros/html/templates/*.html",
    "docs/assets/**/*.js",
    "tests/support/*",
)


def asking_for_kinds() -> Iterator[str]:
    for path in sorted(path for pattern in ASKING for path in ROOT.glob(pattern)):
        if path.is_file() and ASKS_KIND.search(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix()


def not_named(page: str) -> list[str]:
    """Files that tell kinds of question apart and are not in the recipe for one."""
    recipe = page.partition("### A kind of question")[2].partition("\n### ")[0]
    return [file for file in asking_for_kinds() if f"`{file}`" not in recipe]


def test_each_file_that_tells_kinds_of_question_apart_is_in_the_recipe_for_one() -> None:
    assert not_named(PAGE) == []


def test_a_file_that_the_recipe_for_a_kind_lacks_would_be_noticed() -> None:
    file = "docs/assets/forms/view_model.js"
    assert not_named(PAGE.replace(f"`{file}`", "")) == [file]


def test_a_file_that_has_gone_and_a_name_that_has_changed_would_be_noticed() -> None:
    page = (
        "1. `macros/gone.py`: do\n2. `macros/model.py`: `Question`, then `Qestion` and `check`.\n"
    )
    assert list(wrong_names(page)) == [
        "macros/gone.py",
        "macros/model.py: Qestion",
        "macros/model.py: check",
    ]
