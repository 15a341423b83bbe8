"""The rows of an index: each form with what it reads, who fills it in, how long that takes, and the page it is on."""

from __future__ import annotations

from collections.abc import Callable

from lines import entities
from model import Assessment


def render_row(assessment: Assessment, page: str, address: Callable[[str], str]) -> str:
    """A row of a Markdown table; its headings stand on the page."""
    link = f'<a href="{address(f"{page}.html")}">{entities(assessment.title)}</a>'
    told = (entities(text[:1].upper() + text[1:]) for text in (assessment.unit, assessment.respondent))
    return "| " + " | ".join((link, *told, str(assessment.minutes))) + " |"
