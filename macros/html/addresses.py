"""What code of ours links to and takes from by name, wherever that is: one table, for a fork that
moves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DIAGNOSTIC = "gap-reading-diagnostic"  # whose lines the crosswalk and pictures name
GLOSSARY = "reference/glossary"  # has an anchor for each term
EVIDENCE = "reference/evidence"  # has an anchor for each claim
BASIS = "reference/limits#basis"  # says what the basis of a wording means
WORKSHEETS = "tools/worksheets"  # the folder of their pages, each by its id

Address = Callable[[str], str]  # of any page, `reference/glossary#pilot`


@dataclass(frozen=True)
class FormPlace:
    """Where a form stands, and what it is told of that."""

    site: str  # its name
    release: str
    depth: int = 0  # folders that the page lies in
    # The first form of its page brings the words along, and links to a blank form lead to it.
    first: bool = True
    alone: bool = False  # nothing else of its page is printed

    def address(self, named: str) -> str:
        """The address of a page, as seen from this one."""
        page, mark, anchor = named.partition("#")
        return f"{'../' * self.depth}{page}.html{mark}{anchor}"
