"""Every system of the five texts that this playbook grew from is on the site, with its numbers and
its parts.

The ids stand here, the places and the words in coverage.yml: whoever takes a row out has to do it
twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape

import jinja2
import markdown  # type: ignore[import-untyped]
import pytest
import yaml

from tests.support import called
from tests.support.checkout import ROOT

Places = dict[str, list[str]]  # a page, or page#anchor, with the words that stand there
TABLE: dict[str, dict[str, Places]] = yaml.safe_load(
    (ROOT / "tests/content/coverage.yml").read_text(encoding="utf-8")
)
PARTS = ("systems", "questions", "numbers", "recast")
# said in a form is not said on the page
LEFT_AWAY = (
    "assessment",
    "worksheet",
    "kicker",
    "picture",
)

SYSTEMS = re.findall(
    r"\S+",
    """
execution-gap-definition translation-thesis dependency-system four-phase-arc
tool-rollout-vs-operating-model
strategy-meeting-vignette commoditisation-thesis execution-gap-vs-change-management gap-reopens
four-org-causes five-stall-causes three-signs three-barriers accuracy-without-adoption
early-signal-phrase early-signals-set quiet-kill-test
fp-ownership fp-data-reality fp-metrics fp-incentives fp-pilot-destination fp-slow-feedback
gap-reading-diagnostic reading-altitude framework-breakdowns three-positioning-moves
accountability-map reality-gap metric-pairing success-paragraph scale-memo
five-moves problem-statement-formula definition-of-done design-for-execution builder-operator
ninety-day-gate build-the-muscle focus-plan unglamorous-first mvp-vs-enterprise
operating-model-components weekly-steering investment-sequencing portfolio-gate outcome-metrics
governance-functions ai-risk-is-different tiered-governance
stakeholder-alignment coalition-not-champion capability-profiles capability-mix ai-literacy
leadership-behaviour change-questions adoption-characteristics change-as-workstream
pitfall-poc-as-readiness pitfall-proliferation pitfall-last-mile
data-readiness-table readiness-frameworks shadow-ai pilot-vs-agentic engagement-models
talent-on-demand ai-powered-engineering-teams
""",
)
QUESTIONS, NUMBERS = 13, 15  # asked and answered in the texts; rules of thumb in them


# A page as a reader sees it, without its forms and pictures


@cache
def macros() -> dict[str, Callable[..., str]]:
    return called.macros() | dict.fromkeys(LEFT_AWAY, lambda *_, **__: "")


def rendered(text: str) -> str:
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text).render(macros())
    return str(markdown.markdown(text, extensions=["attr_list", "md_in_html", "tables", "toc"]))


def sections(html: str) -> Iterator[tuple[str, str]]:
    """The text under each heading with its anchor, down to the next heading of its height; at last
    the whole page.
    """
    headings = list(re.finditer(r'<h([1-6])[^>]* id="([^"]+)"', html))
    for n, heading in enumerate(headings):
        higher = (other.start() for other in headings[n + 1 :] if other[1] <= heading[1])
        yield heading[2], plain(html[heading.start() : next(higher, len(html))])
    yield "", plain(html)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split()).lower()


@cache
def page(name: str) -> dict[str, str]:
    path = ROOT / "docs" / f"{name}.md"
    return dict(sections(rendered(path.read_text(encoding="utf-8")))) if path.is_file() else {}


def missing(place: str, words: list[str]) -> list[str]:
    """What of a row is not to be found at its place."""
    name, _, anchor = place.partition("#")
    if not page(name):
        return [f"docs/{name}.md is not there"]
    if anchor not in page(name):
        return [f"{place}: no such heading; there are {', '.join(filter(None, page(name)))}"]
    return [
        f"{place}: “{one}” does not stand there"
        for one in words
        if one.lower() not in page(name)[anchor]
    ]


# The table


def test_every_system_has_its_row() -> None:
    assert sorted(TABLE["systems"]) == sorted(SYSTEMS)
    assert (len(TABLE["questions"]), len(TABLE["numbers"])) == (QUESTIONS, NUMBERS)


@pytest.mark.parametrize(("part", "id"), [(part, id) for part in PARTS for id in TABLE[part]])
def test_what_a_row_promises_stands_on_the_page(part: str, id: str) -> None:
    places = TABLE[part][id]
    assert places and all(places.values()), "a row names a place and the words to look for"
    assert [problem for place, words in places.items() for problem in missing(place, words)] == []


def test_what_is_left_out_has_a_reason() -> None:
    assert TABLE["left_out"]
    assert [what for what, why in TABLE["left_out"].items() if len(str(why).split()) < 4] == []


# A row that promises too much is found


@pytest.mark.parametrize(
    ("place", "words", "said"),
    [
        ("gap/no-such-page", ["a"], "is not there"),
        ("read/diagnostic#no-such-heading", ["a"], "no such heading"),
        ("read/diagnostic", ["At ninety reds it is a stall"], "does not stand there"),
        (
            "close/ninety-day-gate#one-clock",
            ["No form of contract guarantees"],
            "does not stand there",
        ),
        ("read/diagnostic", ["as opposed to the milestones?"], "does not stand there"),
    ],
    ids=["page", "heading", "number", "another section", "only in the form"],
)
def test_what_is_missing_is_found(place: str, words: list[str], said: str) -> None:
    assert [problem for problem in missing(place, words) if said in problem]
