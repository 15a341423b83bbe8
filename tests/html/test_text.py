"""What an author types in a YAML file stands on the page as typed, in all three site generators,
and never runs.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros.html.entities import entities
from macros.html.page_data import page_data
from macros.loading import yaml_nodes
from macros.loading.words import Words
from macros.model import Assessment
from tests.support.corpora import MISSING, corpus_if_here
from tests.support.engines import load
from tests.support.generators import GENERATORS, copy_to_generate, generated_by
from tests.support.server import OpenPage, ServeFolder

NASTY = [
    (
        "{{7*7}} {{ 7*7 }} {% raw %} {%- if x -%} {# comment #} {{ version() }} ${7*7} #{7*7} <%="
        " 7*7 %>"
    ),
    (
        "<b>bold</b> <!-- comment --> <img src=x onerror=owned()> <script>owned()</script>"
        " <svg/onload=owned()>"
    ),
    "</form></fieldset></details></div></textarea></script></style><h1>out</h1>",
    (
        "**x** __x__ *x* _x_ ~~x~~ ==x== ^x^ `x` ``` [a](javascript:owned()) ![a](x) [a][b]"
        " <https://example.org>"
    ),
    "&amp; &lt; &#38; &#x26; &copy &nbsp; & &&",
    '"double" \'single\' “curly” ‘curly’ «angled» \\ \\\\ \\n \\" \\* /',
    (
        "(c) (tm) --> <-- -- --- ... 1/2 +/- := :smile: :material-home: ++ctrl++ {: .class #id"
        " onclick=owned() } {:x}"
    ),
    "*[abbr]: x\n*[HTML]: y\n[ref]: https://example.org\n[^1]: note\n[TOC]",
    (
        "line one\n\n# heading\n- item\n1. item\n> quote\n| a | b |\n|---|---|\n   "
        ' code\n```\nfence\n```\n--8<-- "secret"'
    ),
    (
        "{title} {answer} {respondent} {unit} {minutes} {lines} {verdict} {0} {} %s %(x)s $1 $& \\1"
        " \\g<0>"
    ),
    "😀 👩‍👩‍👧‍👦 e\u0301 é ﬁ ① ２ İ ı ß 漢字 \u00a0 \u200b \u200d \u2011 \u2066x\u2069",
    "שלום עולם مرحبا بالعالم \u200f! (עברית) ABC אבג 123",
    (
        "javascript:owned() data:text/html,<script>owned()</script> //example.org"
        " https://example.org/?a=b&c=d#e"
    ),
    "W" * 300 + " " + "ä" * 300,
    "= + - @ =cmd|' /C calc'!A0 | ; , \t tab  two  spaces ",
    "__proto__ constructor null true 012 1e5 NaN",
]
FORM = re.compile(r'<form [^>]*id="([^"]*)".*?</form>', re.S)


# An assessment in which every text is nasty


def typed(where: str) -> str:
    """Everything nasty, behind the name of the field it stands in."""
    return f"{where}: " + " · ".join(NASTY)


def question(id: str, text: Callable[[str], str]) -> dict[str, Any]:
    def of(key: str) -> str:
        return text(f"{id}.{key}")

    keys = ("name", "ask", "why", "evidence", "signal", "move")
    return {
        "id": id,
        "answers": {answer: of(answer) for answer in ("green", "yellow", "red")},
        "example": {"answer": "red", "text": of("example.text"), "reading": of("example.reading")},
        **{key: of(key) for key in keys},
    }


def nasty_assessment() -> dict[str, Any]:
    answers = [("green", "<& ●"), ("yellow", '"{ ▲'), ("red", "*_ ■")]
    scale = [
        {"id": id, "title": typed(f"scale.{id}"), "mark": mark, "colour": id}
        for id, mark in answers
    ]
    keys = ("title", "unit", "respondent", "intro")
    return {
        **{key: typed(key) for key in keys},
        "version": "1",
        "basis": "ours",
        "minutes": "5",
        "scale": {"worst": "red", "answers": scale},
        "unknown": "yellow",
        "chairs": [typed("1st chair"), typed("2nd chair")],
        "questions": [question("first", typed), question("second", typed)],
        "verdicts": [
            {
                "id": "stall",
                "when": "count(red) >= 2",
                "title": typed("stall.title"),
                "say": typed("stall.say"),
            },
            {
                "id": "fine",
                "otherwise": "true",
                "title": typed("fine.title"),
                "say": typed("fine.say"),
            },
        ],
        "warnings": [{"id": "care", "when": "count(red) >= 1", "say": typed("care.say")}],
        "tests": [
            {
                "name": typed("test"),
                "answers": {"first": "red", "second": "red"},
                "expect": {"verdict": "stall"},
            }
        ],
    }


PLAIN = [f"string {n}, in words of its own" for n in range(60)]
# The big list of naughty strings, but for those that YAML or this language refuses.
LIST = "strings/blns.json"
NAUGHTY = [
    text
    for text in corpus_if_here(LIST) or []
    if text.strip() and not yaml_nodes.INVISIBLE.search(text)
]
needs_the_list = pytest.mark.skipif(not NAUGHTY, reason=MISSING.format(LIST))


def assessment_of(strings: list[str]) -> dict[str, Any]:
    """As many questions as it takes to show each of the strings once."""
    # but for its id and the answer of its example
    room = len(list(texts_of(question("q", str)))) - 2
    numbers = range(0, len(strings), room)
    questions = []
    for n in numbers:
        supply = itertools.cycle(strings[n : n + room] + strings[:room])
        questions.append(question(f"q{n}", lambda _, supply=supply: next(supply)))  # type: ignore[misc]
    return {
        **nasty_assessment(),
        "scale": "traffic_light",
        "questions": questions,
        "warnings": [],
        "tests": [],
    }


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for one in value.values() for text in texts_of(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts_of(one))
    else:
        yield str(value)


def shown_of(assessment: dict[str, Any]) -> Iterator[str]:
    """The texts that a form shows: all but ids, rules and tests, and what only a result will
    say.
    """
    yield from (assessment[key] for key in ("title", "intro"))
    yield from (
        answer["title"]
        for answer in (assessment["scale"]["answers"] if "worst" in assessment["scale"] else [])
    )
    yield from (verdict["title"] for verdict in assessment["verdicts"])
    for one in assessment["questions"]:
        yield from texts_of(
            {**one, "id": [], "example": [one["example"]["text"], one["example"]["reading"]]}
        )


# The three sites with it


def write_yaml(path: Path, value: Any) -> None:
    """JSON is YAML in which nothing is left to guess."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def add_page(folder: Path, name: str, assessment: dict[str, Any]) -> None:
    write_yaml(folder / "assessments" / f"{name}.yml", assessment)
    page = (
        f'# {name}\n\n{{{{ kicker("{name}") }}}}\n\n{{{{ assessment("{name}") }}}}\n\n*[HTML]: an'
        " abbreviation\n"
    )
    (folder / "docs" / "read" / f"{name}.md").write_text(page, encoding="utf-8")
    settings = folder / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    line = "      - read/using-it-well.md\n"
    assert line in text
    settings.write_text(
        text.replace(line, f"{line}      - {name}: read/{name}.md\n"), encoding="utf-8"
    )


def add_facts(folder: Path) -> None:
    for name, entry in {
        "glossary": {"nasty": {"term": typed("term"), "means": typed("term.means")}},
        "rules": {
            "nasty": {
                "value": 3,
                "name": typed("rule"),
                "means": typed("rule.means"),
                "basis": typed("basis"),
            }
        },
    }.items():
        path = folder / "facts" / f"{name}.yml"
        values = {**yaml.safe_load(path.read_text(encoding="utf-8")), **entry}
        write_yaml(
            path, {id: {key: text for key, text in one.items()} for id, one in values.items()}
        )


@pytest.fixture(scope="module", params=GENERATORS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with the nasty pages, by one of the generators, before the policy that would stop
    scripts is put in.
    """
    folder = tmp_path_factory.mktemp(request.param) / "copy"
    copy_to_generate(folder)
    add_page(folder, "nasty", nasty_assessment())
    add_page(folder, "plain", assessment_of(PLAIN))
    if NAUGHTY:
        add_page(folder, "naughty", assessment_of(NAUGHTY))
    add_facts(folder)
    return generated_by(request.param, folder)


class Texts(HTMLParser):
    """Every run of text on a page between two tags, and every value of an attribute."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found.update(value for _, value in attributes if value)

    def handle_data(self, data: str) -> None:
        self.found.add(data)


def on_page(texts: Texts, text: str) -> bool:
    """A text may have a word of the form in front of it or behind it, in its own element."""
    return text in texts.found or any(text in found for found in texts.found)


PAGES = {
    "nasty": nasty_assessment,
    "plain": lambda: assessment_of(PLAIN),
    "naughty": lambda: assessment_of(NAUGHTY),
}


@pytest.mark.parametrize("name", ["nasty", "plain", pytest.param("naughty", marks=needs_the_list)])
def test_every_text_stands_in_the_html_as_it_was_typed(name: str, built: Path) -> None:
    assessment = PAGES[name]()
    page = Texts((built / "read" / f"{name}.html").read_text(encoding="utf-8"))
    shown = list(shown_of(assessment))
    assert [text for text in shown if not on_page(page, text)] == [] and len(shown) > 25
    for text in (assessment["unit"], assessment["respondent"], *assessment["chairs"]):
        assert on_page(page, text) or on_page(page, text[:1].upper() + text[1:]), text
    assert not page.tags & {"font", "marquee", "blink", "xss", "iframe", "object", "embed", "math"}


def test_the_page_embeds_every_text_as_it_was_typed(built: Path) -> None:
    html = (built / "read" / "nasty.html").read_text(encoding="utf-8")
    data = next(text for text in Texts(html).found if text.startswith('{"id":"nasty"'))
    assert json.loads(data) == page_data(loaded(built.parent / "assessments" / "nasty.yml"))


def loaded(path: Path) -> Assessment:
    assessment, problems = load(path)
    assert assessment, problems
    return assessment


def test_facts_stand_in_the_html_as_they_were_typed(built: Path) -> None:
    glossary = Texts((built / "reference" / "glossary.html").read_text(encoding="utf-8"))
    limits = Texts((built / "reference" / "limits.html").read_text(encoding="utf-8"))
    assert on_page(glossary, typed("term")) and on_page(glossary, typed("term.means"))
    for key in ("rule", "rule.means", "basis"):
        assert any(typed(key).strip() == found.strip() for found in limits.found), key


# Runs, and after all that the page had in it.
LAST = """() => document.body.insertAdjacentHTML(
    'beforeend', '<img src="no-such-picture" onerror="owned(1)">')"""


def test_a_browser_shows_every_text_as_it_was_typed_and_runs_none(
    built: Path, serve_folder: ServeFolder, open_page: OpenPage, problems: list[str]
) -> None:
    page = open_page()
    page.add_init_script(
        "window.ran = []; window.owned = (...a) => window.ran.push(a); window.alert = window.owned"
    )
    page.goto(serve_folder(built).url + "read/nasty.html")
    form = page.locator("form.assessment.live")
    for id in ("first", "second"):
        form.locator(f'input[name="{id}"][value="red"]').evaluate("input => input.click()")
    form.get_by_text("care.say: ").first.wait_for(state="attached")
    text = page.evaluate("document.querySelector('form.assessment').textContent")
    shown = [*shown_of(nasty_assessment()), typed("stall.say"), typed("care.say")]
    assert [one for one in shown if one not in text] == []
    values = page.evaluate(
        "[...document.querySelectorAll('[name=\"reading.chair\"] option')].map((one) => one.value)"
    )
    assert values == ["", typed("1st chair"), typed("2nd chair")]
    page.evaluate(LAST)
    page.wait_for_function("() => window.ran.length > 0")
    assert page.evaluate("window.ran") == [[1]]
    assert len(problems) == 1 and "404" in problems[0], problems
    problems.clear()
    assert page.locator("form h1, form img, form b b, form script, h1:text('out')").count() == 0


def test_a_control_page_does_run_these_texts(open_page: OpenPage) -> None:
    """The texts that must not run are ones that do where a page lets them."""
    page = open_page()
    page.evaluate("window.ran = []; window.owned = () => window.ran.push(1)")
    page.set_content("<body></body>")
    page.evaluate("window.ran = []; window.owned = () => window.ran.push(1)")
    page.evaluate(
        "text => document.body.insertAdjacentHTML('beforeend', text)",
        NASTY[1].replace("src=x", "src=data:,"),
    )
    page.wait_for_function("() => window.ran.length >= 1")


def test_a_text_that_is_not_as_typed_would_be_noticed(built: Path) -> None:
    page = Texts((built / "read" / "nasty.html").read_text(encoding="utf-8"))
    for old, new in [
        ("{{7*7}}", "49"),
        ("<b>", ""),
        ("**x**", "x"),
        ("&amp;", "&"),
        ("--", "–"),
        ("  ", " "),
    ]:
        assert old in typed("intro")
        assert not on_page(page, typed("intro").replace(old, new, 1)), old


# Phrases


def test_braces_in_what_is_filled_in_stay_as_they_are() -> None:
    words = Words("", {"kicker": "{unit} for {minutes} by {respondent}, {nothing}"}, {})
    said = words.phrase("kicker", unit="{minutes} {respondent}", minutes=5, respondent="{unit}")
    assert said == "{minutes} {respondent} for 5 by {unit}, {nothing}"


@pytest.mark.parametrize(
    "text", [*NASTY, *(NAUGHTY[::5] or [pytest.param("", marks=needs_the_list)])]
)
def test_a_text_becomes_signs_that_nothing_reads_and_comes_back(text: str) -> None:
    encoded = str(entities(text))
    assert re.fullmatch(r"([A-Za-z0-9 .,;:-]|&#[0-9]+;)*", encoded)
    parser = Texts(f"<p>{encoded}</p>")
    assert "".join(parser.found) == text
