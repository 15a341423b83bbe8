"""The worked example tells one story: its names, dates and figures are the same wherever they stand.

`facts/example.yml` is the source. The worksheets' entries and the pages that tell the story are read
word by word: every date must be one of its dates, every figure one of its figures, every name one of its names.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import loading
import scoring
import worksheets
from conftest import ROOT
from engines import load
from states import form_of
from worksheets import Worksheet

FACTS: dict[str, str] = yaml.safe_load((ROOT / "facts/example.yml").read_text(encoding="utf-8"))
SHEETS, FILES = worksheets.read_worksheets(ROOT)
RULES = {id: int(rule.value) for id, rule in loading.load_rules(ROOT)[0].items()}
STORY = ROOT / "docs/tools/worked-example.md"
PAGES = [STORY, *sorted((ROOT / "docs/tools/worksheets").glob("*.md"))]

MONTHS = [name for name in calendar.month_name if name]
WEEKDAYS = list(calendar.day_name)
DATE = re.compile(rf"(?:({'|'.join(WEEKDAYS)}),? )?\b([0-9]{{1,2}}) ({'|'.join(MONTHS)})(?: ([0-9]{{4}}))?")
DAYS = [id for id, text in FACTS.items() if DATE.search(text) and not id.endswith("_short")]
CLOCK = re.compile(r"\b(?:[PL]|[Dd]ay[ -])([0-9]+)\b")
FIGURE = re.compile(r"€?[0-9][0-9,]*(?:\.[0-9]+)?")
CAPITAL = re.compile(r"[^\W\d_a-z][\w]*", re.UNICODE)
# capitalised words of the language, of the calendar and of the playbook itself
ORDINARY = {*MONTHS, *WEEKDAYS, *(day + "s" for day in WEEKDAYS), "I", "AI", "KPI", "G0"}
PEOPLE = {"owner", "operator", "builder", "sponsor", "accountable", "who", "from", "signed", "notices", "acts"}
NO_PERSON = {"Nobody"}


def day(id: str) -> date:
    found = DATE.search(FACTS[id])
    assert found and found[4], f"{id} is not a whole date: {FACTS[id]}"
    return date(int(found[4]), MONTHS.index(found[3]) + 1, int(found[2]))


def number(id: str) -> int:
    return int(FIGURE.findall(FACTS[id])[0].strip("€").replace(",", ""))


def dates() -> set[date]:
    return {day(id) for id in DAYS}


def figures(text: str) -> set[str]:
    text = DATE.sub(" ", text)
    return {one.rstrip(",") for one in FIGURE.findall(CLOCK.sub(" ", text))}


def names() -> set[str]:
    return {word for text in FACTS.values() for word in re.findall(r"[A-Z]\w+", text)} | ORDINARY


# --- what is wrong with a text -------------------------------------------------------------


def wrong(text: str, who: bool = False) -> list[str]:
    """What a text says of the example that the example does not; `who` if its first word is a name, too."""
    return [*wrong_dates(text), *wrong_figures(text), *wrong_names(text, who)]


def wrong_dates(text: str) -> Iterator[str]:
    for weekday, number, month, year in DATE.findall(text):
        there = [d for d in dates() if d.day == int(number) and MONTHS[d.month - 1] == month]
        if year:
            there = [d for d in there if d.year == int(year)]
        if not there:
            yield f"no such date: {number} {month} {year}".strip()
        elif weekday and WEEKDAYS[there[0].weekday()] != weekday:
            yield f"not a {weekday}: {number} {month}"


def wrong_figures(text: str) -> Iterator[str]:
    known = {figure for fact in FACTS.values() for figure in figures(fact)}
    yield from (f"no such figure: {figure}" for figure in sorted(figures(text) - known))
    clocks = {"0", FACTS["launch_age_at_portfolio"][:2], *(str(RULES[id]) for id in RULES if id.endswith("_day"))}
    yield from (f"no such day: {found[0]}" for found in CLOCK.finditer(text) if found[1] not in clocks)


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


def told(page: Path) -> str:
    """A page as it reads: macros filled in, links as their words."""
    text = page.read_text(encoding="utf-8").split("---", 2)[2]
    text = re.sub(r'\{\{ example\("(\w+)"\) \}\}', lambda found: FACTS[found[1]], text)
    text = re.sub(r'\{\{ term\("\w+", "([^"]+)"\) \}\}', r"\1", text)
    text = re.sub(r"\{\{.*?\}\}|\{ [.#].*?\}", "", text)
    return re.sub(r"\]\([^)]*\)", "", re.sub(r"[*_|#\[]", " ", text)).replace("  ", " ")


# --- the facts agree with one another ------------------------------------------------------


def test_every_fact_is_text_and_every_weekday_is_right() -> None:
    assert [id for id, text in FACTS.items() if not isinstance(text, str) or not text.strip()] == []
    assert {id: list(wrong_dates(text)) for id, text in FACTS.items() if list(wrong_dates(text))} == {}


def test_a_day_has_a_short_form_which_is_the_same_day() -> None:
    shorts = {id: text for id, text in FACTS.items() if id.endswith("_short")}
    assert shorts == {
        f"{id}_short": f"{day(id).day} {MONTHS[day(id).month - 1]}" for id in DAYS if DATE.fullmatch(FACTS[id])
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
    assert day("letters_on_day") - day("letters_off_day") == timedelta(9) and FACTS["letters_off_days"] == "nine days"
    assert day("reading_2_day") - day("restart_day") == timedelta(10)  # two readings ten days apart
    assert day("second_workflow_day_0") + timedelta(RULES["pilot_first_check_day"]) == day("portfolio_day")
    weekend = [id for id in DAYS if day(id).weekday() > 4]
    assert weekend == ["first_pilot_day_90", "p60", "l60"]  # days of a clock; the reading is on the Friday before


def test_the_story_runs_forward() -> None:
    story = """
        baseline_day reading_1_day defended_until restart_day shape_check_day note_sent_day quality_question_day
        rights_check_day platform_planning_day recharter_day reading_2_day reading_3_day feed_slice_day day_0
        amnesty_start intake_day p30 amnesty_end p60_read_day p60 steering_day steering_actions_day risk_review_day
        scale_memo_day gate_day focus_plan_day money_day sourcing_day change_plan_day practice_day launch
        scan_twice_day l30 second_workflow_reading_day feed_all_day portfolio_day in_system_day letters_off_day
        l60_read_day l60 agent_card_day l90 next_gate_day
    """
    days = [day(id) for id in story.split()]
    assert days == sorted(days)


def test_the_sums_add_up() -> None:
    hour = number("price_an_hour")
    for minutes, hours, price in [
        (number("minutes_before"), "hours_lost_a_week", "problem_price_a_week"),
        (number("minutes_before") - number("minutes_target"), "hours_worth_a_week", "worth_a_week"),
        (number("minutes_before") - number("minutes_at_gate"), "hours_at_gate_rate", "worth_at_gate_a_week"),
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
    assert round(number("scale_released") * 3 / number("worth_at_gate_a_week")) == number("payback_released")
    assert number("augment_cost") + number("reskill_cost") == number("sourcing_cost")
    assert number("first_pilot_age") / 7 * number("first_pilot_files_a_week") == number("first_pilot_files")
    assert number("pilot_spent") <= number("pilot_cap") and number("feed_slice_cost") < number("pilot_cap")


def test_it_falls_short_of_the_target_and_stays_above_the_floor() -> None:
    """The gate's verdict and the modest end rest on this order."""
    days = [f"settlement_days_{at}" for at in ("target", "gate", "p60", "floor", "p30", "before")]
    assert [number(id) for id in days] == sorted({number(id) for id in days})
    assert number("settlement_days_target") < number("settlement_days_l90") < number("settlement_days_before")
    assert number("reopened_l60") == number("reopened_limit") > number("reopened_l90") == number("reopened_before")
    assert number("use_l30") < number("use_milestone") < number("use_l60")


@pytest.mark.parametrize(
    ("heading", "verdict"), [("reading_1_day", "stall"), ("reading_2_day", "watch"), ("reading_3_day", "watch")]
)
def test_each_reading_on_the_page_has_the_verdict_told(heading: str, verdict: str) -> None:
    marks = iter(colours(heading))
    assert verdict_of("gap-reading-diagnostic", lambda _: next(marks)) == verdict
    assert next(marks, None) is None


def test_the_gate_has_the_verdict_that_its_colours_bring() -> None:
    fields = {field.id: field for field in sheet("decision-record").fields}
    rows = fields["evidence"].example
    assert verdict_of("commit-or-kill", lambda id: rows[id]["mark"].lower()) == fields["decision"].example


def verdict_of(id: str, answer: Callable[[str], str]) -> str:
    assessment, _ = load(ROOT / f"assessments/{id}.yml", RULES)
    assert assessment
    answers = {id: answer(id) for id in form_of(assessment).questions}
    verdict: str = scoring.score(assessment, {"answers": answers})["verdict"]
    return verdict


def colours(heading: str) -> list[str]:
    """The column of a reading in the page's table."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in STORY.read_text("utf-8").splitlines()]
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_the_example_as_it_is(page: Path) -> None:
    raw = page.read_text(encoding="utf-8")
    assert [id for id in re.findall(r'example\("(\w*)"\)', raw) if id not in FACTS] == []
    assert [*wrong_dates(told(page))] == []
    prose = re.sub(r"\{\{.*?\}\}|\]\([^)]*\)|\| [0-9]+ \|$", "", raw, flags=re.M)
    assert re.findall(r"[0-9]+", CLOCK.sub("", prose)) == []  # figures come through the macro


def test_every_worksheet_has_its_page_and_stands_in_the_story_and_the_index() -> None:
    folder = STORY.parent / "worksheets"
    assert {page.stem for page in folder.glob("*.md")} == {*SHEETS, "index"}
    listed = re.findall(r"\| \[(.*?)\]\((.*?)\.md\) \|.*\| ([0-9]+) \|", (folder / "index.md").read_text("utf-8"))
    assert {row[1]: (row[0], row[2]) for row in listed} == {
        id: (sheet(id).title, str(sheet(id).minutes)) for id in SHEETS
    }
    story, index = STORY.read_text("utf-8"), (folder / "index.md").read_text("utf-8")
    for id in SHEETS:
        assert f'{{{{ worksheet("{id}") }}}}' in (folder / f"{id}.md").read_text("utf-8")
        assert f"](worksheets/{id}.md)" in story and f"]({id}.md)" in index, id


def test_nobody_of_the_example_has_another_surname_anywhere() -> None:
    people = {id: text.split() for id, text in FACTS.items() if f"{id}_role" in FACTS or id.endswith("team_leader")}
    surnames = {first: last for first, last in people.values()}
    texts = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "assessments").rglob("*.yml")]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        for first, last in surnames.items():
            other = set(re.findall(rf"\b{first} ([A-Z]\w+)", text)) - {last}
            assert not other - names(), f"{path.name}: {first} {other}"


# --- the checks above find what they look for ----------------------------------------------


@pytest.mark.parametrize(
    ("text", "who", "found"),
    [
        ("Ruth sends it to Helen Strand on Tuesday 14 April, for €60,000.", False, []),
        ("It starts on 15 April.", False, ["no such date: 15 April"]),
        ("It starts on 14 April 2027.", False, ["no such date: 14 April 2027"]),
        ("It starts on Monday 14 April.", False, ["not a Monday: 14 April"]),
        ("It takes 25 days.", False, ["no such figure: 25"]),
        ("It costs €61,000.", False, ["no such figure: €61,000"]),
        ("At L40 we look again.", False, ["no such day: L40"]),
        ("Then we tell Rita.", False, ["no such name: Rita"]),
        ("Rita Halloran", True, ["no such name: Rita"]),
        ("Nobody yet", True, []),
    ],
)
def test_a_mistake_in_a_text_is_found(text: str, who: bool, found: list[str]) -> None:
    assert wrong(text, who) == found
