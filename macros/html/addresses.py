"""What code of ours links to and takes from by name, wherever that is: one table, for a fork that
moves it.
"""

from __future__ import annotations

from collections.abc import Callable

DIAGNOSTIC = "gap-reading-diagnostic"  # whose lines the crosswalk and pictures name
GLOSSARY = "reference/glossary"  # has an anchor for each term
EVIDENCE = "reference/evidence"  # has an anchor for each claim
BASIS = "reference/limits#basis"  # says what the basis of a wording means
WORKSHEETS = "tools/worksheets"  # the folder of their pages, each by its id

Address = Callable[[str], str]


def addresses_from(url: str) -> Address:
    """The address of any page, `reference/glossary#pilot`, as seen from the one at `url`."""

    def address(named: str) -> str:
        page, mark, anchor = named.partition("#")
        return f"{'../' * url.count('/')}{page}.html{mark}{anchor}"

    return address
