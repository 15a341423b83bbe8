"""The rows of an index: each form with what it reads, who fills it in, how long that takes, and the page it is on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from lines import entities
from model import Assessment

CALL = re.compile(r"\{\{\s*assessment\(\s*[\"']([\w-]+)[\"'][^)]*\)\s*\}\}")


def pages_of_forms(docs: Path) -> dict[str, str]:
    """`gap-reading-diagnostic` → `read/diagnostic`: the page on which a form stands."""
    found: dict[str, str] = {}
    for path in sorted(docs.rglob("*.md")):
        for id in CALL.findall(path.read_text(encoding="utf-8")):
            found.setdefault(id, path.relative_to(docs).with_suffix("").as_posix())
    return found


def render_row(assessment: Assessment, page: str, address: Callable[[str], str]) -> str:
    """A row of a Markdown table; its headings stand on the page."""
    link = f'<a href="{address(f"{page}.html")}">{entities(assessment.title)}</a>'
    told = (entities(text[:1].upper() + text[1:]) for text in (assessment.unit, assessment.respondent))
    return "| " + " | ".join((link, *told, str(assessment.minutes))) + " |"
