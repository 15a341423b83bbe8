"""A test of all pages in several ways: each page in one of them, and with --all in every one."""

from typing import TypeVar

import pytest

Some = TypeVar("Some")
EVERY = pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["share", "every"]
)


def share(pages: list[Some], every: bool, way: int, ways: int) -> list[Some]:
    """The pages that a test looks at in one of its ways."""
    return pages if every else pages[way::ways]
