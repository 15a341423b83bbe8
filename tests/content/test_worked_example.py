"""The worked example tells one story: its names, dates and figures are the same wherever they
stand.

`facts/example.yml` is the source. The worksheets' entries, the examples in the assessments and the
pages that tell the story are read word by word: every date must be one of its dates, every figure
one of its figures, every name one of its names. `tests/content/story.yml` says which figure stands
where, so that the right figure in the wrong place is found, too.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from macros.engine import score
from macros.engine.state import scoring_model
from macros.loading import structure, worksheets
from macros.loading.worksheets import Worksheet
from tests.support.checkout import ROOT
from tests.support.engines import load

FACTS: dict[str, str] = yaml.safe_load((ROOT / "facts/example.yml").read_text(encoding="utf-8"))
SHEETS, FILES = worksheets.read_worksheets(ROOT)
RULES = {id: int(rule.value) for id, rule in structure.load_rules(ROOT)[0].items()}
STORY = ROOT / "docs/tools/worked-example.md"
PAGES = [STORY, *sorted((ROOT / "docs/tools/worksheets").glob("*.md"))]
TELLING = [
    page
    for page in sorted((ROOT / "docs").rglob("*.md"))
    if re.search(r"Fenwright|\bexample\(", page.read_text(encoding="utf-8"))
]

MONTHS = [name for name in calendar.month_name if name]
WEEKDAYS = list(calendar.day_name)
DATE = re.compile(
    rf"(?:({'|'.join(WEEKDAYS)}),? )?\b([0-9]{{1,2}}) ({'|'.join(MONTHS)})(?: ([0-9]{{4}}))?"
)
DAYS = [id for id, text in FACTS.items() if DATE.search(text) and not id.endswith("_short")]
CLOCK = re.compile(r"\b(?:[PL]|[Dd]ay[ -])([0-9]+)\b")
FIGURE = re.compile(r"€?[0-9][0-9,]*(?:\.[0-9]+)?")
CAPITAL = re.compile(r"[^\W\d_a-z][\w]*", re.UNICODE)
# capitalised words of the language, of the calendar and of the playbook itself
ORDINARY = {*MONTHS, *WEEKDAYS, *(day + "s" for day in WEEKDAYS), "I", "AI", "KPI", "G0"}
PEOPLE = {
    "owner",
    "operator",
    "builder",
    "sponsor",
    "accountable",
    "who",
    "from",
    "signed",
    "notices",
    "acts",
}
NO_PERSON = {"Nobody"}
ELSEWHERE = {"Priya"}  # the diagnostic's examples tell of other companies, too

# What stands where: {file: {place: [fact, …]}}, and for a page what it says in words of its own.
BOUND: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests/content/story.yml").read_text(encoding="utf-8")
)
ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen"
)
TENS = "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
WORDS = dict(zip(f"{ONES} {TENS}".split(), [*range(1, 20), *range(20, 100, 10)], strict=True))
WORD = rf"(?:{'|'.join(WORDS)})"
COUNTED = r"(?:minute|hour|day|week|month|year|team|handler)"
TOKEN = re.compile(
    rf"(?P<iso>\b20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]\b)|(?P<date>{DATE.pattern})|{CLOCK.pattern}"
    # one and two are words of the language before anything but a share
    rf"|\b(?P<part>(?i:{WORD})) of (?:[A-Z]\w+[’']s (?P<whole>{WORD})\b|(?P<bare>{WORD})\b"
    rf"|the (?P<those>{WORD})(?= (?:handlers|drafts|claims|letters|users|teams)\b))"
    rf"|\b(?P<word>(?!(?i:one|two)\b)(?i:{WORD}))(?= (?:\w+ )?(?P<counted>{COUNTED})(?P<end>s?)\b)"
    rf"|(?P<figure>[€$£]?[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?%?)(?: (?P<unit>{COUNTED})s?\b)?"
)


def day(id: str) -> date:
    found = DATE.search(FACTS[id])
    assert found and found[4], f"{id} is not a whole date: {FACTS[id]}"
    return date(int(found[4]), MONTHS.index(found[3]) + 1, int(found[2]))


def number(id: str) -> int:
    return int(FIGURE.findall(FACTS[id])[0].strip("€").replace(",", ""))


def dates() -> set[date]:
    return {day(id) for id in DAYS}


def names() -> set[str]:
    return {word for text in FACTS.values() for word in re.findall(r"[A-Z]\w+", text)} | ORDINARY


# --- what is wrong with a text -------------------------------------------------------------


def wrong(text: str, who: bool = False) -> list[str]:
    """What a text says of the example that the example does not; `who` if its first word is a name,
    too.
    """
    return [*wrong_dates(text), *wrong_clocks(text), *wrong_names(text, who)]


def wrong_dates(text: str) -> Iterator[str]:
    for weekday, number, month, year in DATE.findall(text):
        there = [d for d in dates() if d.day == int(number) and MONTHS[d.month - 1] == month]
        if year:
            there = [d for d in there if d.year == int(year)]
        if not there:
            yield f"no such date: {number} {month} {year}".strip()
        elif weekday and WEEKDAYS[there[0].weekday()] != weekday:
            yield f"not a {weekday}: {number} {month}"


def wrong_clocks(text: str) -> Iterator[str]:
    clocks = {
        "0",
        FACTS["launch_age_at_portfolio"][:2],
        *(str(RULES[id]) for id in RULES if id.endswith("_day")),
    }
    yield from (
        f"no such day: {found[0]}" for found in CLOCK.finditer(text) if found[1] not in clocks
    )


def wrong_names(text: str, who: bool) -> Iterator[str]:
    text = CLOCK.sub("", text)
    known = names()
    for found in CAPITAL.finditer(text):
        first = not re.search(r"[\w,’–][ “(]*$", text[: found.start()])
        if found[0] not in known and not (first and not who) and found[0] not in NO_PERSON:
            yield f"no such name: {found[0]}"


def sheet(id: str) -> Worksheet:
    found = SHEETS[id]
    assert found, f"{id} has errors"
    return found


def entries(example: Any) -> Iterator[tuple[str, str]]:
    """Every entry of a filled field, with the column it stands in."""
    rows = example if isinstance(example, list) else example.values()
    for row in rows:
        yield from row.items()


def told(text: str) -> str:
    """What a page says, as it reads: macros filled in, links as their words, a table's cells as
    sentences.
    """
    text = re.sub(r'\{\{ example\("(\w+)"\) \}\}', lambda found: FACTS[found[1]], text)
    text = re.sub(r'\{\{ rule\("(\w+)"\) \}\}', lambda found: str(RULES[found[1]]), text)
    text = re.sub(r'\{\{ term\("\w+", "([^"]+)"\) \}\}', r"\1", text)
    text = re.sub(r"\{\{.*?\}\}|\{ [.#].*?\}|\|", ". ", text)
    return re.sub(r"\]\([^)]*\)", "", re.sub(r"[*_#\[]", " ", text)).replace("  ", " ")


def body(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8").split("---", 2)[2], flags=re.S)


def by_hand(text: str) -> str:
    """What a page says without macros and addresses, and without how a table or a form counts its
    rows.
    """
    text = re.sub(r"^\|[^|]*\|", "|", text, flags=re.M)
    text = re.sub(
        r"\{\{.*?\}\}|\]\([^)]*\)|\{ [.#].*?\}|\blines? [0-9]+ to [0-9]+|^[0-9]+\. ",
        " ",
        text,
        flags=re.M,
    )
    return CLOCK.sub(" ", text)


def story_of(text: str) -> Iterator[str]:
    """The paragraphs and rows of a page that tell of somebody or something in the example."""
    known = {*people(), FACTS["company"].split()[0], FACTS["second_team"], FACTS["pilot_team"]}
    for block in re.split(r"\n\s*\n|\n(?=\|)", text):
        if "example(" in block or known & set(re.findall(r"\w+", block)):
            yield block


def people() -> dict[str, str]:
    """First names, with the surname of each."""
    found = [
        text.split()
        for id, text in FACTS.items()
        if f"{id}_role" in FACTS or id.endswith("team_leader")
    ]
    return {first: last for first, last in found}


# --- which figures stand in a text -----------------------------------------------------------


class Figure(NamedTuple):
    value: str | date
    unit: str  # day, week, team …, where one is said
    said: str

    def is_of(self, fact: "Figure") -> bool:
        """A day may be told without its year, and a figure without its unit, but neither with
        another.
        """
        if isinstance(self.value, date) and isinstance(fact.value, date):
            return self.value in (fact.value, fact.value.replace(year=1))
        return self.value == fact.value and (
            self.unit == fact.unit or not self.unit or not fact.unit
        )


def figures_of(text: str) -> list[Figure]:
    """Every figure, amount and date of a text, in its order; words only in a share or before what
    they count.
    """
    found: list[Figure] = []
    for one in TOKEN.finditer(text):
        if one["iso"]:
            found.append(Figure(date.fromisoformat(one["iso"]), "", one[0]))
        elif one["date"]:
            found.append(Figure(a_day(one["date"]), "", one[0]))
        elif one["part"]:
            whole = one["whole"] or one["bare"] or one["those"]
            found += [Figure(str(WORDS[word.lower()]), "", one[0]) for word in (one["part"], whole)]
        elif one["word"]:
            said = text[one.start() : one.end("end")]
            found.append(Figure(str(WORDS[one["word"].lower()]), one["counted"], said))
        elif one["figure"]:
            found.append(Figure(one["figure"], one["unit"] or "", one[0]))
    return found


def a_day(text: str) -> date:
    _, number, month, year = DATE.findall(text)[0]
    return date(int(year or 1), MONTHS.index(month) + 1, int(number))


def figures_listed(entry: str | dict[str, str]) -> list[Figure]:
    """The figures of what `story.yml` lists: a fact, a rule, or a literal with its reason."""
    if isinstance(entry, dict):
        assert set(entry) == {"literal", "because"} and entry["because"], (
            f"a literal needs its reason: {entry}"
        )
        found = figures_of(entry["literal"])
    elif entry.startswith("rule."):
        found = [Figure(str(RULES[entry.removeprefix("rule.")]), "", entry)]
    else:
        assert entry in FACTS, f"no such fact in facts/example.yml: {entry}"
        assert not entry.endswith("_short"), f"list the day itself: {entry.removesuffix('_short')}"
        found = (
            [Figure(str(WORDS[FACTS[entry]]), "", entry)]
            if FACTS[entry] in WORDS
            else figures_of(FACTS[entry])
        )
    assert found, f"no figure in {entry}"
    return found


def unlike(text: str, listed: list[str | dict[str, str]]) -> str:
    """What is wrong with the figures of a text, one after the other, if they are to be those of the
    facts listed.
    """
    rest = figures_of(text)
    for entry in listed:
        wanted = figures_listed(entry)
        if not rest:
            return f"nothing stands where {named(entry)} is expected"
        if not rest[0].is_of(wanted[0]):
            return f"{rest[0].said!r} stands where {named(entry)} is expected{having(rest[0])}"
        # `31 of 90` may be told as `31`
        whole = len(rest) >= len(wanted) and all(
            one.is_of(fact) for one, fact in zip(rest, wanted, strict=False)
        )
        rest = rest[len(wanted) if whole else 1 :]
    return f"{rest[0].said!r} is not listed{having(rest[0])}" if rest else ""


def named(entry: str | dict[str, str]) -> str:
    return (
        f"the literal {entry['literal']!r}"
        if isinstance(entry, dict)
        else f"{entry} ({FACTS.get(entry, 'a rule')})"
    )


def having(figure: Figure) -> str:
    ids = [
        id
        for id in FACTS
        if not id.endswith("_short") and any(map(figure.is_of, figures_of(FACTS[id])))
    ]
    return f"; facts that have it: {', '.join(ids)}" if ids else "; no fact has it"


@cache
def places() -> dict[str, dict[str, str]]:
    """Every text of the example outside the pages, by file and place."""
    found: dict[str, dict[str, str]] = {}
    for id in sorted(SHEETS):
        found[f"worksheets/{id}"] = dict(entries_of(sheet(id)))
    for path in sorted((ROOT / "assessments").glob("*.yml")):
        texts = dict(examples(yaml.safe_load(path.read_text(encoding="utf-8"))))
        if texts:
            found[path.stem] = texts
    return found


def entries_of(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """`evidence/outcome/mark` or, where rows have no id, `actions/1/who`."""
    for field in sheet.fields:
        if field.kind == "table":
            rows = (
                field.example.items()
                if isinstance(field.example, dict)
                else enumerate(field.example, 1)
            )
            for row, cells in rows:
                yield from ((f"{field.id}/{row}/{column}", text) for column, text in cells.items())
        elif field.kind != "choice":
            yield field.id, field.example


def examples(node: Any) -> Iterator[tuple[str, str]]:
    """`outcome/text` and `outcome/reading` of each question of an assessment."""
    if isinstance(node, dict):
        if isinstance(node.get("example"), dict):
            told = {key: text for key, text in node["example"].items() if key != "answer"}
            yield from ((f"{node['id']}/{key}", text) for key, text in told.items())
        for value in node.values():
            yield from examples(value)
    elif isinstance(node, list):
        for value in node:
            yield from examples(value)


def misplaced(file: str, texts: dict[str, str]) -> list[str]:
    """Where a file does not say what `story.yml` lists for it, told so that an author knows what to
    do.
    """
    bound = BOUND.get(file, {})
    gone = [
        f"{file}, {place}: gone or moved; take it out of tests/content/story.yml"
        for place in bound
        if place not in texts
    ]
    found = {place: unlike(text, bound.get(place, [])) for place, text in texts.items()}
    return gone + [
        f"{file}, {place}: {problem}.\n  The text: {texts[place]}\n  tests/content/story.yml lists,"
        f" in this order: {', '.join(map(named, bound.get(place, []))) or 'nothing'}.\n  Correct"
        " the text, or the list."
        for place, problem in found.items()
        if problem
    ]


def unknown_in(page: str, raw: str) -> list[str]:
    """What the story's paragraphs of a page say that is not in the facts, or not through a
    macro.
    """
    allowed = [figure for entry in BOUND["pages"].get(page, []) for figure in figures_listed(entry)]
    found = [*wrong_dates(told(raw))]
    for block in story_of(raw):
        text = by_hand(block)
        found += [
            f"{one.said!r} is written by hand; take it through example(), or list it in"
            f" tests/content/story.yml, pages, {page}"
            for one in figures_of(text)
            if not any(one.is_of(other) for other in allowed)
        ]
        found += wrong_names(
            told(re.sub(r"^\|[^|]*\|", "|", block.strip())).replace("“", ". “"), False
        )
    return found


# --- the facts agree with one another ------------------------------------------------------


def test_every_fact_is_text_and_every_weekday_is_right() -> None:
    assert [id for id, text in FACTS.items() if not isinstance(text, str) or not text.strip()] == []
    assert {
        id: list(wrong_dates(text)) for id, text in FACTS.items() if list(wrong_dates(text))
    } == {}


def test_a_day_has_a_short_form_which_is_the_same_day() -> None:
    shorts = {id: text for id, text in FACTS.items() if id.endswith("_short")}
    assert shorts == {
        f"{id}_short": f"{day(id).day} {MONTHS[day(id).month - 1]}"
        for id in DAYS
        if DATE.fullmatch(FACTS[id])
    }


def test_the_clocks_are_those_of_the_rules() -> None:
    for start, rule, end in [
        ("first_pilot_day_0", "pilot_decision_day", "first_pilot_day_90"),
        ("day_0", "pilot_first_check_day", "p30"),
        ("day_0", "pilot_second_check_day", "p60"),
        ("day_0", "pilot_decision_day", "gate_day"),
        ("launch", "launch_first_read_day", "l30"),
        ("launch", "launch_second_read_day", "l60"),
        ("launch", "launch_third_read_day", "l90"),
        ("reading_1_day", "next_reading_days", "reading_3_day"),
    ]:
        assert day(start) + timedelta(RULES[rule]) == day(end), (start, rule, end)
    for start, length, end in [
        ("first_pilot_day_0", "first_pilot_age", "reading_1_day"),
        ("day_0", "steering_day_count", "steering_day"),
        ("launch", "launch_age_at_portfolio", "portfolio_day"),
    ]:
        assert day(start) + timedelta(number(length)) == day(end), (start, length, end)
    assert (
        day("letters_on_day") - day("letters_off_day") == timedelta(9)
        and FACTS["letters_off_days"] == "nine days"
    )
    assert day("reading_2_day") - day("restart_day") == timedelta(10)  # two readings ten days apart
    assert day("second_workflow_day_0") + timedelta(RULES["pilot_first_check_day"]) == day(
        "portfolio_day"
    )
    weekend = [id for id in DAYS if day(id).weekday() > 4]
    # days of a clock; the reading is on the Friday before
    assert weekend == [
        "first_pilot_day_90",
        "p60",
        "l60",
    ]


def test_the_story_runs_forward() -> None:
    story = """
        baseline_day reading_1_day defended_until restart_day shape_check_day note_sent_day
        quality_question_day rights_check_day platform_planning_day recharter_day reading_2_day
        reading_3_day feed_slice_day day_0 amnesty_start intake_day p30 amnesty_end p60_read_day
        p60 steering_day steering_actions_day risk_review_day scale_memo_day gate_day
        focus_plan_day money_day sourcing_day change_plan_day practice_day launch scan_twice_day
        l30 second_workflow_reading_day feed_all_day portfolio_day in_system_day letters_off_day
        l60_read_day l60 agent_card_day l90 next_gate_day
    """
    days = [day(id) for id in story.split()]
    assert days == sorted(days)


def test_the_sums_add_up() -> None:
    hour = number("price_an_hour")
    for minutes, hours, price in [
        (number("minutes_before"), "hours_lost_a_week", "problem_price_a_week"),
        (number("minutes_before") - number("minutes_target"), "hours_worth_a_week", "worth_a_week"),
        (
            number("minutes_before") - number("minutes_at_gate"),
            "hours_at_gate_rate",
            "worth_at_gate_a_week",
        ),
    ]:
        assert number("claims_a_week") * minutes == 60 * number(hours)
        assert number(hours) * hour == number(price)
    assert number("claims_a_team_a_week") * 6 == number("claims_a_week") and FACTS["teams"] == "six"
    assert number("handlers_a_team") * 6 == number("handlers")
    assert number("feed_full_cost") + number("scan_twice_cost") == number("scale_cost_feed")
    parts = ("scale_cost_feed", "scale_cost_running", "scale_cost_people")
    assert sum(map(number, parts)) == number("scale_cost")
    assert round(number("scale_cost") / number("worth_at_gate_a_week")) == number("payback")
    assert number("scale_released") + 4 * number("scale_a_team") == number("scale_cost")
    assert round(number("scale_released") * 3 / number("worth_at_gate_a_week")) == number(
        "payback_released"
    )
    assert number("augment_cost") + number("reskill_cost") == number("sourcing_cost")
    assert number("first_pilot_age") / 7 * number("first_pilot_files_a_week") == number(
        "first_pilot_files"
    )
    assert number("pilot_spent") <= number("pilot_cap") and number("feed_slice_cost") < number(
        "pilot_cap"
    )


def test_it_falls_short_of_the_target_and_stays_above_the_floor() -> None:
    """The gate's verdict and the modest end rest on this order."""
    days = [f"settlement_days_{at}" for at in ("target", "gate", "p60", "floor", "p30", "before")]
    assert [number(id) for id in days] == sorted({number(id) for id in days})
    assert (
        number("settlement_days_target")
        < number("settlement_days_l90")
        < number("settlement_days_before")
    )
    assert (
        number("reopened_l60")
        == number("reopened_limit")
        > number("reopened_l90")
        == number("reopened_before")
    )
    assert number("use_l30") < number("use_milestone") < number("use_l60")


@pytest.mark.parametrize(
    ("heading", "verdict"),
    [("reading_1_day", "stall"), ("reading_2_day", "watch"), ("reading_3_day", "watch")],
)
def test_each_reading_on_the_page_has_the_verdict_told(heading: str, verdict: str) -> None:
    marks = iter(colours(heading))
    assert verdict_of("gap-reading-diagnostic", lambda _: next(marks)) == verdict
    assert next(marks, None) is None


def test_the_gate_has_the_verdict_that_its_colours_bring() -> None:
    fields = {field.id: field for field in sheet("decision-record").fields}
    rows = fields["evidence"].example
    assert (
        verdict_of("commit-or-kill", lambda id: rows[id]["mark"].lower())
        == fields["decision"].example
    )


def verdict_of(id: str, answer: Callable[[str], str]) -> str:
    assessment, _ = load(ROOT / f"assessments/{id}.yml", RULES)
    assert assessment
    answers = {id: answer(id) for id in scoring_model(assessment).questions}
    verdict: str = score.score(assessment, {"answers": answers})["verdict"]
    return verdict


def colours(heading: str) -> list[str]:
    """The column of a reading in the page's table."""
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in STORY.read_text("utf-8").splitlines()
    ]
    rows = [row for row in rows if row]
    head = next(row for row in rows if any(heading in cell for cell in row))
    column = next(n for n, cell in enumerate(head) if heading in cell)
    marks = [row[column].lower() for row in rows if len(row) == len(head)]
    return [mark for mark in marks if mark in ("green", "yellow", "red")]


# --- and everything else agrees with the facts ---------------------------------------------


def test_there_are_seventeen_worksheets_without_a_problem() -> None:
    assert [str(problem) for file in FILES for problem in file.problems] == []
    assert len(SHEETS) == 17


@pytest.mark.parametrize("id", sorted(SHEETS))
def test_a_worksheet_is_filled_in_from_the_example(id: str) -> None:
    assert sheet(id).send_to
    for field in sheet(id).fields:
        assert field.example, f"{field.id} is not filled in"
        if field.kind == "date":
            assert date.fromisoformat(field.example) in dates(), field.id
        elif field.kind == "table":
            for column, entry in entries(field.example):
                assert wrong(entry, column in PEOPLE) == [], (field.id, entry)
        elif field.kind != "choice":
            assert wrong(field.example, field.id in PEOPLE) == [], (field.id, field.example)


@pytest.mark.parametrize("file", places())
def test_each_figure_stands_where_it_belongs(file: str) -> None:
    found = misplaced(file, places()[file])
    assert not found, "\n" + "\n".join(found)


def test_the_list_of_figures_has_no_file_or_page_that_is_gone() -> None:
    assert set(BOUND) <= {*places(), "pages"}
    assert set(BOUND["pages"]) <= {page_id(page) for page in TELLING}
    for page in TELLING:
        said = [one for block in story_of(body(page)) for one in figures_of(by_hand(block))]
        for entry in BOUND["pages"].get(page_id(page), []):
            assert any(one.is_of(figures_listed(entry)[0]) for one in said), (
                f"{page_id(page)} does not say {entry}"
            )


@pytest.mark.parametrize("file", [file for file in places() if "/" not in file])
def test_an_example_of_an_assessment_names_who_and_when_as_the_story_does(file: str) -> None:
    found = {place: wrong(text) for place, text in places()[file].items()}
    elsewhere = {f"no such name: {name}" for name in ELSEWHERE}
    assert {place: those for place, those in found.items() if set(those) - elsewhere} == {}


def page_id(page: Path) -> str:
    return page.relative_to(ROOT / "docs").with_suffix("").as_posix()


@pytest.mark.parametrize("page", sorted({*TELLING, *PAGES}), ids=page_id)
def test_a_page_tells_the_example_as_it_is(page: Path) -> None:
    raw = page.read_text(encoding="utf-8")
    assert [id for id in re.findall(r'example\("(\w*)"\)', raw) if id not in FACTS] == []
    found = unknown_in(page_id(page), body(page))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_page_of_the_example_has_no_figure_but_through_a_macro(page: Path) -> None:
    prose = re.sub(
        r"\{\{.*?\}\}|\]\([^)]*\)|\| [0-9]+ \|$", "", page.read_text(encoding="utf-8"), flags=re.M
    )
    assert re.findall(r"[0-9]+", CLOCK.sub("", prose)) == []


def test_every_worksheet_has_its_page_and_stands_in_the_story_and_the_index() -> None:
    folder = STORY.parent / "worksheets"
    assert {page.stem for page in folder.glob("*.md")} == {*SHEETS, "index"}
    listed = re.findall(
        r"\| \[(.*?)\]\((.*?)\.md\) \|.*\| ([0-9]+) \|", (folder / "index.md").read_text("utf-8")
    )
    assert {row[1]: (row[0], row[2]) for row in listed} == {
        id: (sheet(id).title, str(sheet(id).minutes)) for id in SHEETS
    }
    story, index = STORY.read_text("utf-8"), (folder / "index.md").read_text("utf-8")
    for id in SHEETS:
        assert f'{{{{ worksheet("{id}") }}}}' in (folder / f"{id}.md").read_text("utf-8")
        assert f"](worksheets/{id}.md)" in story and f"]({id}.md)" in index, id


def test_nobody_of_the_example_has_another_surname_anywhere() -> None:
    texts = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "assessments").rglob("*.yml")]
    found = {path.name: other_surnames(path.read_text(encoding="utf-8")) for path in texts}
    assert {name: those for name, those in found.items() if those} == {}


def other_surnames(text: str) -> list[str]:
    return [
        f"{first} {other}, who is {first} {last}"
        for first, last in people().items()
        for other in re.findall(rf"\b{first} ([A-Z]\w+)", text)
        if other != last and other not in ORDINARY
    ]


# --- the checks above find what they look for ----------------------------------------------


@pytest.mark.parametrize(
    ("text", "who", "found"),
    [
        ("Ruth sends it to Helen Strand on Tuesday 14 April, for €60,000.", False, []),
        ("It starts on 15 April.", False, ["no such date: 15 April"]),
        ("It starts on 14 April 2027.", False, ["no such date: 14 April 2027"]),
        ("It starts on Monday 14 April.", False, ["not a Monday: 14 April"]),
        ("At L40 we look again.", False, ["no such day: L40"]),
        ("Then we tell Rita.", False, ["no such name: Rita"]),
        ("Rita Halloran", True, ["no such name: Rita"]),
        ("Nobody yet", True, []),
    ],
)
def test_a_mistake_in_a_text_is_found(text: str, who: bool, found: list[str]) -> None:
    assert wrong(text, who) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Helen Strand and Martin Oduya met Ruth on Monday; Joan Monday is no case.", []),
        ("Helen Oduya", ["Helen Oduya, who is Helen Strand"]),
        ("Helen Strang", ["Helen Strang, who is Helen Strand"]),
    ],
)
def test_a_surname_of_somebody_else_is_found(text: str, found: list[str]) -> None:
    assert other_surnames(text) == found


@pytest.mark.parametrize(
    ("text", "listed", "found"),
    [
        ("27 days, target 26, before 31", "gate target before", ""),
        (
            "28 days, target 26, before 31",
            "gate target before",
            "'28 days' stands where settlement_days_gate (27 days)",
        ),
        (
            "26 days, target 27, before 31",
            "gate target before",
            "'26 days' stands where settlement_days_gate (27 days)",
        ),
        (
            "27 weeks, target 26, before 31",
            "gate target before",
            "'27 weeks' stands where settlement_days_gate",
        ),
        (
            "27 days, before 31",
            "gate target before",
            "'31' stands where settlement_days_target (26 days) is expected",
        ),
        (
            "27 days",
            "gate before",
            "nothing stands where settlement_days_before (31 days) is expected",
        ),
        (
            "27 days, and 29",
            "gate",
            "'29' is not listed; facts that have it: settlement_days_floor, ",
        ),
        ("€61,000, 27 days", "", "'€61,000' is not listed; no fact has it"),
        ("It fell by 46%", "", "'46%' is not listed; no fact has it"),
        ("Done in 2024, of 1,150", "", "'2024' is not listed"),
        ("The four teams", "", "'four teams' is not listed"),
        ("Two of the ideas, one a day, half past nine, at L30 and on day 90", "", ""),
    ],
)
def test_a_figure_in_the_wrong_place_is_found(text: str, listed: str, found: str) -> None:
    told = unlike(text, [f"settlement_days_{at}" for at in listed.split()])
    assert told.startswith(found) and bool(told) == bool(found)


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("13 July", ["gate_day"], ""),
        ("Monday 13 July 2026", ["gate_day"], ""),
        ("2026-07-13", ["gate_day"], ""),
        (
            "13 July 2027",
            ["gate_day"],
            "'13 July 2027' stands where gate_day (Monday 13 July 2026) is expected",
        ),
        ("14 July", ["gate_day"], "'14 July' stands where gate_day"),
        ("9 of 12 use it", ["use_gate"], ""),
        ("Nine of twelve use it", ["use_gate"], ""),
        ("Nine of East’s twelve handlers use it", ["use_gate"], ""),
        ("9 of 15 use it", ["use_gate"], "'15' is not listed"),
        ("14 of 90, then 31", ["overruled_gate", "overruled_first_week"], ""),
        ("all six teams", ["teams"], ""),
        ("by day 90, in 90 days", ["rule.pilot_decision_day"], ""),
        (
            "within 80 days",
            ["rule.pilot_decision_day"],
            "'80 days' stands where rule.pilot_decision_day (a rule)",
        ),
    ],
)
def test_a_day_a_share_and_a_rule_are_told_in_more_than_one_way(
    text: str, facts: list[Any], found: str
) -> None:
    told = unlike(text, facts)
    assert told.startswith(found) and bool(told) == bool(found)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("gate_dya", "no such fact"),
        ("gate_day_short", "list the day itself: gate_day"),
        ("ruth", "no figure in ruth"),
        ({"literal": "four weeks", "because": ""}, "a literal needs its reason"),
        ({"literal": "some weeks", "because": "why not"}, "no figure in"),
    ],
)
def test_a_mistake_in_the_list_is_told(entry: str | dict[str, str], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        figures_listed(entry)


@pytest.mark.parametrize(
    ("file", "place", "text"),
    [
        (
            "worksheets/decision-record",
            "evidence/outcome/evidence",
            "28 days, target 27, before 30; others still 31.",
        ),
        ("worksheets/decision-record", "if_commit", "Helen. Martin and Ines release €150,000."),
        ("worksheets/weekly-steering", "numbers/outcome/week", "26 days to settlement"),
        ("worksheets/weekly-steering", "numbers/outcome/last", "27 days"),
        (
            "commit-or-kill",
            "outcome/text",
            "It fell from 33 to 25. The charter asked for 24, with a floor of 28.",
        ),
        ("commit-or-kill", "money/text", "Approval by her and Martin is due on 27 July."),
        ("commit-or-kill", "risk/text", "Joan and Callum passed it on 3 July as medium tier."),
        ("commit-or-kill", "users/text", "Seven of East’s fifteen handlers use it."),
        ("shadow-ai", "know/text", "Joan counted 15 of them."),
    ],
)
def test_another_figure_in_a_text_of_the_story_is_told_with_its_place(
    file: str, place: str, text: str
) -> None:
    assert place in places()[file]
    [told] = misplaced(file, {**places()[file], place: text})
    assert told.startswith(f"{file}, {place}: ") and text in told


def test_a_place_that_is_gone_is_told() -> None:
    texts = {
        place: text for place, text in places()["commit-or-kill"].items() if place != "risk/text"
    }
    assert misplaced("commit-or-kill", texts) == [
        "commit-or-kill, risk/text: gone or moved; take it out of tests/content/story.yml"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Ruth took {{ example("reopened_limit") }} on {{ example("gate_day") }}.', ""),
        ("| Day 1 | Ask five users | Lorna asked them |", ""),
        ("Settle lines 1 to 4 with Ruth at P30.", ""),
        ("Nobody waits for 3 things.", ""),  # does not tell the story
        (
            "It came down from 33 to 25 days in East.",
            "'33' is written by hand; take it through example(), or list it in",
        ),
        ("Nobody waits until 3 July.", "no such date: 3 July"),
        ("Ruth waits until 13 July.", "'13 July' is written by hand"),
        ("Martin released €236,000.", "'€236,000' is written by hand"),
        ("Seven of East’s fifteen use it.", "'Seven of East’s fifteen' is written by hand"),
        ("Lorna asked five handlers.", "'five handlers' is written by hand"),
        ("Then Ruth tells Rita.", "no such name: Rita"),
        ('{{ example("sponsor") }} asks Rita.', "no such name: Rita"),
    ],
)
def test_what_a_page_says_by_hand_of_the_story_is_found(text: str, found: str) -> None:
    told = unknown_in("a/page", text)
    assert bool(told) == bool(found)
    assert not told or told[0].startswith(found)
