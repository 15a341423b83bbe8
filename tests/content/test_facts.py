"""Facts stand once: no figure of others is written into a page or an assessment, and what is cited
may be cited.

Only files are read here; nothing is built.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest

from macros import main
from macros.html import facts as facts_html
from macros.loading import facts, structure, yaml_nodes
from tests.support import called
from tests.support.checkout import ROOT

FACTS, FILES = facts.read_facts(ROOT)
PAGES = sorted((ROOT / "docs").rglob("*.md"))
FORMS = sorted(
    path
    for path in (ROOT / "assessments").rglob("*.yml")
    if path.name not in ("scales.yml", "words.yml")
)
PROSE_FACTS = [ROOT / "facts" / name for name in ("glossary.yml", "rules.yml", "words.yml")]

ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
NUMBER = rf"(?:\d[\d,.]*|{TENS}(?:[- ]{ONES})?|{ONES}|ten|eleven|twelve|[a-z]+teen|a hundred)"
# Those of whom a survey counts a part. “Half an hour” and “a quarter of the lines” are nobody’s
# survey.
SURVEYED = (
    r"(?:sponsors|executives|leaders|managers|directors|chiefs|C[EIT]Os|boards|respondents|companies|firms|organi[sz]ations"
    r"|enterprises|businesses|insurers|banks|pilots|projects|initiatives|programmes|employees|workers|staff|users|teams)"
)
PART = r"(?:half|(?:a|one) (?:third|quarter|fifth|sixth|eighth|tenth)|the majority)"
FIGURES = {
    "a percentage": re.compile(
        rf"\b{NUMBER}\s?%|\b{NUMBER}\s?(?:per\s?cent|percentage points?)\b", re.I
    ),
    "an amount": re.compile(
        r"[$€£]\s?\d|\b(?:USD|EUR|GBP)\s?\d|\d\s?(?:USD|EUR|GBP|k?€)"
        rf"|\b{NUMBER} (?:million|billion|trillion|dollars|euros|pounds)\b",
        re.I,
    ),
    "a share": re.compile(
        rf"\b(?:{ONES}|nineteen) (?:in|out of)"
        r" (?:four|five|six|seven|eight|nine|ten|twelve|twenty)\b"
        r"|\b\d+ (?:in|out of) (?:a hundred|\d+)\b",
        re.I,
    ),
    "a fraction": re.compile(
        rf"\b{ONES}[- ](?:thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths)\b"
        r"(?! of (?:an? |the )?(?:hour|page|day|week|month|year)\b)"
        rf"|\b{PART} (?:of )?(?:all |the |its |their |our |your )*(?:[\w-]+ )?{SURVEYED}\b(?!’)",
        re.I,
    ),
    "a year": re.compile(r"\b(?:19|20)\d\d\b"),
}
# What has a year in its name; the rest of what a text may hold comes from facts/.
NAMES = re.compile(r"ISO/IEC 42001:2023|\(EU\) 20\d\d/\d+|checked: \"?20\d\d-\d\d-\d\d")
MONTHS = list(calendar.month_name)
EVERYONE_FAILS = re.compile(
    r"(?:\b95\s?(?:%|per\s?cent|in 100|out of 100)|ninety-five|nineteen (?:in|out of) twenty)"
    r"[^.]{0,80}(?:fail|no return|zero|nothing)",
    re.I,
)


def written(text: str) -> str:
    """A page's own words: no macros, code, tags, addresses or comments."""
    text = re.sub(
        r"```.*?```|`[^`]*`|<!--.*?-->|<(?:desc|style|script)\b.*?</\w+>", " ", text, flags=re.S
    )
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\]\([^)]*\)|<[^>]*>|\{[^}\n]*\}", " ", text, flags=re.S)
    return NAMES.sub(" ", text)


def figures(text: str) -> list[str]:
    """`a percentage: 40%` for each that stands in a text."""
    return [
        f"{kind}: {found[0]}"
        for kind, pattern in FIGURES.items()
        for found in pattern.finditer(text)
    ]


def texts(node: yaml_nodes.Node, within: str = "") -> Iterator[str]:
    """Every value of a YAML file that may be prose: a question's answers are, those of the author's
    tests are not.
    """
    if isinstance(node, yaml_nodes.Mapping):
        for key, value in node.items:
            ids = ("answers", "expect") if within == "tests" else ("when", "value", "page", "url")
            if key.text not in ids:
                yield from texts(value, within or key.text)
    elif isinstance(node, yaml_nodes.Sequence):
        for item in node.items:
            yield from texts(item, within)
    else:
        yield node.text


@cache
def yaml_texts(path: Path) -> list[str]:
    return list(texts(yaml_nodes.parse(path.read_bytes())[0]))


def days(text: str) -> set[str]:
    """`13 July 2026` → `2026-07-13`, each day that a text names."""
    found = re.findall(r"\b(\d{1,2}) ([A-Z][a-z]+) (20\d\d)\b", text)
    return {
        f"{year}-{MONTHS.index(month):02}-{int(day):02}"
        for day, month, year in found
        if month in MONTHS
    }


EXAMPLE_DAYS = {day for value in FACTS.example.values() for day in days(value)}
EXAMPLE_FIGURES = re.compile(
    "|".join(
        rf"(?<![\w.]){re.escape(one)}(?!\w)"
        for one in sorted(FACTS.example.values(), key=len)[::-1]
        if figures(one)
    )
)


def of_the_example(text: str) -> str:
    """A text without what facts/example.yml says: YAML has no macros, so a form writes the example
    out.
    """
    text = re.sub(
        r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b",
        lambda day: " " if days(day[0]) <= EXAMPLE_DAYS else day[0],
        text,
    )
    text = re.sub(
        r"\b20\d\d-\d\d-\d\d\b", lambda day: " " if day[0] in EXAMPLE_DAYS else day[0], text
    )
    return EXAMPLE_FIGURES.sub(" ", text)


def headings(text: str) -> list[str]:
    """Headings of a page, and what its front matter says of it."""
    front, _, body = (
        text.removeprefix("---\n").partition("\n---\n")
        if text.startswith("---\n")
        else ("", "", text)
    )
    return re.findall(r"^#{1,6} .*$", body, re.M) + re.findall(
        r"^(?:title|description): .*$", front, re.M
    )


def calls(text: str, macro: str) -> list[str]:
    return re.findall(rf"\b{macro}\(\s*[\"']([^\"']*)[\"']", text)


# What is found, and what is left alone


@pytest.mark.parametrize(
    "sentence",
    [
        "In one survey 46% of projects were dropped.",
        "About 40 per cent of pilots stop.",
        "Ten per cent of handlers use it.",
        "It costs $5.5 trillion.",
        "They spent €181,000 on it.",
        "It added two million to the bill.",
        "One in five had a breach.",
        "They found 4 out of 100 letters wrong.",
        "A study of 2024 found nothing.",
        "Two thirds of sponsors could not name the owner.",
        "Nearly two-thirds said so.",
        "Three quarters of them were late.",
        "A third of all companies stopped.",
        "More than half of the pilots end there.",
        "Half their managers disagreed.",
        "The majority of large firms wait.",
        "Forty-six percent of projects were dropped.",
        "Seven out of ten said no.",
    ],
)
def test_a_figure_in_prose_is_found(sentence: str) -> None:
    assert figures(of_the_example(written(sentence)))


@pytest.mark.parametrize(
    "text",
    [
        'It is {{ claim("sp_dropped") }} and {{ rule("stall_reds") }}.',
        "Use ISO/IEC 42001:2023 and Regulation (EU) 2024/1689.",
        "See [the page](https://example.org/2024/40%25).",
        "Write `count(red) / 100 * 40%`.",
        '<circle cx="40%"/>',
        "Take one in the morning and two of the others.",
        "Half an hour, half a page, half past nine, half a year.",
        "We had three quarters of an hour and a whiteboard.",
        "The third test, a third person and the second quarter running.",
        "Half of the work is done, and half of the evidence is written.",
        "Half of the commitment is missing, more than half of Coast.",
        "A quarter of the twelve lines, just under half of the seven.",
        "An hour a quarter, and most of the initiative’s functions.",
    ],
)
def test_what_comes_from_a_macro_or_is_a_name_is_left_alone(text: str) -> None:
    assert figures(written(text)) == []


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (
            (
                "questions: [{id: a, answers: {red: 'In 2024, 46% of pilots at $5 million had"
                " none.'}}]"
            ),
            3,
        ),
        ("questions: [{id: a, answers: [{id: b, title: 'Two thirds of sponsors had none.'}]}]", 1),
        ("sections: [{questions: [{id: a, example: {text: 'It cost €5.'}}]}]", 1),
        ("tests: [{name: one, answers: {a: 40%}, expect: {score: 40%}}]", 0),
        ("tests: [{name: At 40%, answers: {a: red}}]", 1),
    ],
)
def test_an_answer_is_prose_unless_it_is_a_test_case(answers: str, found: int) -> None:
    node = yaml_nodes.parse(answers.encode())[0]
    assert len([one for text in texts(node) for one in figures(text)]) == found


# The playbook as it stands


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_a_page_takes_its_figures_from_the_facts(path: Path) -> None:
    assert figures(written(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "path", FORMS + PROSE_FACTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_form_has_no_figures_but_those_of_the_example(path: Path) -> None:
    found = {text: figures(of_the_example(NAMES.sub(" ", text))) for text in yaml_texts(path)}
    assert {text: those for text, those in found.items() if those} == {}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_no_figure_of_a_survey_stands_in_a_heading(path: Path) -> None:
    for heading in headings(path.read_text(encoding="utf-8")):
        assert "claim(" not in heading, heading
        assert not any(figures(FACTS.example.get(id, "")) for id in calls(heading, "example")), (
            heading
        )
        assert figures(written(heading)) == [], heading


def test_the_home_page_has_no_figure_of_a_survey() -> None:
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert "claim(" not in text
    assert not any(figures(FACTS.example.get(id, "")) for id in calls(text, "example"))


def test_nothing_says_that_nearly_all_fail() -> None:
    assert EVERYONE_FAILS.search("According to MIT, 95% of AI pilots fail.")
    found = [path.name for path in PAGES if EVERYONE_FAILS.search(path.read_text(encoding="utf-8"))]
    found += [
        path.name
        for path in FORMS + PROSE_FACTS
        if any(map(EVERYONE_FAILS.search, yaml_texts(path)))
    ]
    for id, claim in FACTS.claims.items():
        said = [claim.say, claim.finding, claim.name, claim.dropped]
        found += [id for text in said if EVERYONE_FAILS.search(text)]
    assert found == []


def test_what_the_pages_cite_is_there_and_may_be_cited() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for id in calls(text, "claim"):
            assert id in FACTS.claims and FACTS.claims[id].grade != "D", f"{path.name}: {id}"
        for id in calls(text, "example"):
            assert id in FACTS.example, f"{path.name}: {id}"


def test_each_sentence_stands_once() -> None:
    """No page repeats in its own words what a claim says, and no two claims say the same."""
    said = [claim.say for claim in FACTS.claims.values() if claim.say]
    assert len(said) == len(set(said))
    pages = {path: " ".join(path.read_text(encoding="utf-8").split()) for path in PAGES}
    found = [(path.name, one) for one in said for path, text in pages.items() if one[:60] in text]
    assert found == []


def test_the_crosswalk_has_the_lines_of_the_diagnostic() -> None:
    scales, _ = structure.load_scales(ROOT)
    diagnostic, _ = structure.load_assessment(
        ROOT / "assessments" / "gap-reading-diagnostic.yml", ROOT, scales
    )
    assert diagnostic
    lines = [question.id for question in diagnostic.every_question()]
    for framework in FACTS.crosswalk.frameworks.values():
        assert set(framework.lines) <= set(lines), framework.name


def test_every_claim_is_of_a_grade_that_the_register_shows() -> None:
    text = (ROOT / "docs" / "reference" / "evidence.md").read_text(encoding="utf-8")
    assert sorted(calls(text, "claims")) == sorted({claim.grade for claim in FACTS.claims.values()})


def test_the_facts_have_no_problems() -> None:
    assert [str(problem) for file in FILES for problem in file.problems] == []
    assert {file.path.name for file in FILES} == {
        f"{name}.yml" for name in ("claims", "crosswalk", "regulation", "example", "words")
    }


# Macros called with something that is not there


@pytest.fixture
def macros(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., str]]:
    """The macros as a page at the top of the site calls them, with the facts alone."""
    monkeypatch.setattr(main, "playbook", lambda: SimpleNamespace(facts=FACTS))
    return called.macros()


def test_a_claim_is_its_sentence_and_a_link(macros: dict[str, Callable[..., str]]) -> None:
    shown = macros["claim"]("sp_dropped")
    assert "respondents said that on average 46&#37; of AI projects" in shown
    assert (
        '<a class="claim" href="reference/evidence.html#sp_dropped">evidence, grade B</a>' in shown
    )
    assert 'id="sp_dropped"' in macros["claims"]("B")


def test_a_text_is_shown_as_it_was_typed() -> None:
    nasty = "<b>{{7*7}}</b> **x** &amp; [a](b) `c` | d"
    source = facts.Source(nasty, nasty, "https://example.org/?a=1&b=2")
    claim = facts.Claim(
        nasty, "B", (source,), nasty, nasty, "", nasty, nasty, nasty, nasty, nasty, nasty, nasty
    )
    law = facts.Law(nasty, nasty, nasty, (source,), nasty)
    for html in (
        facts_html.render_claims({"x": claim}, FACTS.words),
        facts_html.render_claim("x", claim, FACTS.words, str),
        facts_html.render_regulation({"x": law}, FACTS.words),
    ):
        assert not re.search(r"[{}*`\[|]|<b>", html)
        assert nasty in unescape(html)


def test_a_claim_of_grade_d_cannot_be_cited(macros: dict[str, Callable[..., str]]) -> None:
    dropped = [id for id, claim in FACTS.claims.items() if claim.grade == "D"]
    assert len(dropped) >= 5
    for id in dropped:
        with pytest.raises(
            main.PageError, match=f"'{id}' is of grade D and cannot be cited: .{{20,}}"
        ):
            macros["claim"](id)


@pytest.mark.parametrize(
    ("macro", "id", "sentence"),
    [
        ("claim", "sp_droped", "there is no claim 'sp_droped'; did you mean 'sp_dropped'?"),
        ("example", "settlement_days_befor", "did you mean 'settlement_days_before'?"),
        ("crosswalk", "line", "there is no part of the crosswalk 'line'; did you mean 'lines'?"),
    ],
)
def test_a_wrong_id_is_told_with_the_nearest(
    macro: str, id: str, sentence: str, macros: dict[str, Callable[..., str]]
) -> None:
    with pytest.raises(main.PageError, match=re.escape(sentence)):
        macros[macro](id)


# Problems of the files

CLAIM = """\
one:
  name: One
  grade: B
  say: Some do.
  finding: Some.
  unit: People.
  sample: Ten.
  date: Then.
  funder: Somebody.
  seen: It.
  sources:
    - {title: T, publisher: P, url: "https://example.org/"}
  checked: "2026-11-20"
"""


@pytest.mark.parametrize(
    ("mend", "told"),
    [
        (
            ("  unit: People.\n", ""),
            "facts/claims.yml:2:3: error: one: the key 'unit' is missing, which a claim",
        ),
        (
            ("grade: B", "grade: E"),
            "facts/claims.yml:3:10: error: one.grade: expected one of A, B, C, D, N",
        ),
        (("grade: B", "grade: D"), "one.say: a claim of grade D cannot be cited"),
        (
            ("  seen: It.", "  seen: It.\n  dropped: No source."),
            "one.dropped: only a claim of grade D is dropped",
        ),
        (
            ("2026-11-20", "20 November"),
            "one.checked: '20 November' is not a date such as 2026-11-20",
        ),
        (
            ("https://example.org/", "example.org"),
            "'example.org' is not an address that begins with https://",
        ),
        (("one:", "One:"), "'One' is not lower-case words joined by underscores"),
        (("  name: One", "  name: One\n  name: Two"), "facts/claims.yml:3:3: error: "),
        (("  say: Some do.", "  sya: Some do."), "this key is not known; did you mean 'say'?"),
    ],
)
def test_a_mistake_in_a_claim_is_told_with_its_place(
    mend: tuple[str, str], told: str, tmp_path: Path
) -> None:
    assert problems(tmp_path, CLAIM) == ""
    assert told in problems(tmp_path, CLAIM.replace(*mend, 1))


def problems(folder: Path, text: str) -> str:
    path = folder / "facts" / "claims.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    _, files = facts.read_facts(folder)
    return "\n".join(str(problem) for file in files for problem in file.problems)


def test_several_mistakes_are_told_in_one_go(tmp_path: Path) -> None:
    text = (
        CLAIM.replace("  unit: People.\n", "")
        .replace("2026-11-20", "soon")
        .replace("grade: B", "grade: C")
    )
    assert len(problems(tmp_path, text).splitlines()) == 2


def test_a_word_that_is_missing_or_unknown_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    text = (ROOT / "facts" / "words.yml").read_text(encoding="utf-8")
    (tmp_path / "facts" / "words.yml").write_text(
        text.replace("funder:", "fundr:"), encoding="utf-8"
    )
    _, [file] = facts.read_facts(tmp_path)
    told = "\n".join(map(str, file.problems))
    assert (
        "the word 'funder' is missing" in told
        and "nothing shows 'fundr'; did you mean 'funder'?" in told
    )


def test_a_playbook_without_these_files_has_no_such_facts(tmp_path: Path) -> None:
    found, files = facts.read_facts(tmp_path)
    assert (dict(found.claims), dict(found.example), files) == ({}, {}, [])
