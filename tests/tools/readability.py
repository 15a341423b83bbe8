"""How hard the pages are to read: the automated readability index of each, in years of school. A
report, no gate.

    .venv/bin/python -m tests.tools.readability [SITE]

SITE is a built site (site/ unless said). What is read are the paragraphs and lists of each page as
the site's search has them, without tables, forms and what is on them.
"""

import json
import re
import statistics
import sys
from html import unescape
from pathlib import Path

import textstat

TEXT = re.compile(r"<(?:p|li)>(.*?)(?=</?(?:p|li|ul|ol)>)", re.S)
OF_A_FORM = re.compile(r"-(?:verdict|moves|section)(?:-|$)")
FEWEST_SENTENCES = 5  # of a page that has a figure: fewer say nothing


def main(site: Path) -> None:
    found = grades(site)
    for page, grade in sorted(found.items(), key=lambda item: -item[1]):
        print(f"{grade:5.1f}  {page}")
    print(summary(found))


def grades(site: Path) -> dict[str, float]:
    """The grade of each page of a built site that has some sentences."""
    texts: dict[str, list[str]] = {}
    for entry in json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))[
        "docs"
    ]:
        page, _, anchor = entry["location"].partition("#")
        if not OF_A_FORM.search(anchor):
            texts.setdefault(page, []).extend(sentences(entry["text"]))
    return {
        page: textstat.automated_readability_index(" ".join(found))
        for page, found in texts.items()
        if len(found) >= FEWEST_SENTENCES
    }


def sentences(html: str) -> list[str]:
    """The paragraphs and items that are sentences."""
    found = (
        " ".join(unescape(re.sub(r"<[^>]*>", "", text)).split()) for text in TEXT.findall(html)
    )
    return [text for text in found if text.endswith((".", "?", "!", ":"))]


def summary(found: dict[str, float]) -> str:
    page = max(found, key=lambda one: found[one])
    median = statistics.median(found.values())
    return f"{len(found)} pages: median grade {median:.1f}, highest {found[page]:.1f} ({page})"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
