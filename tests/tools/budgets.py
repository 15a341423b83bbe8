"""What pages weigh: own scripts and styles as they are served, gzipped, against their budgets.

    .venv/bin/python -m tests.tools.budgets [SITE]

Of a site that `build` made; without SITE, of the one in the project's root. kB are 1,000 bytes.
What the theme brings is not counted. Exit code: 0 all are kept, 1 one is not, 2 a wrong call.
"""

import argparse
import gzip
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from macros.publishing.page import Page, read_page
from tests.support.checkout import ROOT

THEIRS = ("assets/javascripts/", "assets/stylesheets/")
JOURNEY = (
    "index.html",
    "read/diagnostic.html",
    "tools/worksheets/reality-gap.html",
    "start/quick-screen.html",
)


@dataclass(frozen=True)
class Budget:
    name: str
    bytes: int
    limit: int

    @property
    def is_kept(self) -> bool:
        return self.bytes <= self.limit

    def __str__(self) -> str:
        over = "" if self.is_kept else "  over"
        return f"{self.name:<58}{self.bytes:>8,}{self.limit:>8,}{over}"


def files_of(page: Page, kind: str) -> set[str]:
    """The own files that a page loads: kind is `script`, `screen` or `print`."""
    return {
        normpath(join(dirname(page.name), address))
        for address, tag in page.links
        if kind_of(tag) == kind and not any(place in address for place in THEIRS)
    }


def kind_of(tag: str) -> str:
    if tag.startswith("<script"):
        return "script"
    if "stylesheet" not in tag:
        return ""
    return "print" if 'media="print"' in tag else "screen"


def budgets(site: Path) -> Iterator[Budget]:
    def weight(files: set[str]) -> int:
        return sum(len(gzip.compress((site / file).read_bytes(), 9)) for file in files)

    def heaviest(kind: str, pages: list[Page], without: str = "nothing") -> int:
        found = ({f for f in files_of(page, kind) if without not in f} for page in pages)
        return max(map(weight, found))

    pages = [read_page(site, path) for path in site.rglob("*.html") if path.name != "404.html"]
    plain = [page for page in pages if "data-module=" not in page.text]
    forms = [page for page in pages if "data-module=" in page.text]
    worksheets = [page for page in forms if 'data-module="worksheet"' in page.text]
    diagnostic = [page for page in pages if page.name == "read/diagnostic.html"]
    way = set().union(*(files_of(page, "script") for page in pages if page.name in JOURNEY))

    yield Budget("scripts of a page without a form", heaviest("script", plain), 1_500)
    yield Budget("scripts of a worksheet", heaviest("script", worksheets), 12_000)
    yield Budget("scripts of the diagnostic", heaviest("script", diagnostic), 20_000)
    yield Budget("scripts: home, diagnostic, worksheet, assessment", weight(way), 24_000)
    yield Budget("styles on a screen, without a form", heaviest("screen", plain), 3_200)
    yield Budget(
        "styles on a screen, with a form, a worksheet's apart",
        heaviest("screen", forms, without="/worksheet."),
        5_200,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="budgets", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("site", metavar="SITE", type=Path, nargs="?", default=ROOT / "site")
    site: Path = parser.parse_args(arguments).site
    lacking = [name for name in JOURNEY if not (site / name).is_file()]
    if lacking:
        parser.error(f"{site} has no {lacking[0]}: make it with `python3 playbook.py build`")
    found = list(budgets(site))
    print(f"{'bytes, gzipped':<58}{'served':>8}{'budget':>8}", *found, sep="\n")
    return 0 if all(budget.is_kept for budget in found) else 1


if __name__ == "__main__":
    sys.exit(main())
