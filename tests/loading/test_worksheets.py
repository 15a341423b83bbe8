"""Worksheets: what a file says, and what is said of one that cannot be."""

import re
from pathlib import Path

import pytest

from macros.loading import worksheets
from macros.loading.worksheets import Heading, Worksheet

HEAD = """title: Accountability map
for: the person who answers for the outcome
minutes: 20
intro: One page. One name.
send_to: the sponsor, before the next steering meeting
fields:
"""
SOUND = """  - {id: initiative, name: Initiative, required: true, prefill: subject, \
example: Claims assistant}
  - {id: controls, name: What the owner controls, advice: "People, money", kind: lines, lines: 3, \
example: Two people.}
  - {id: by, name: Agreed by, kind: date, example: 2027-02-28}
  - {id: cost, name: Cost in euro, kind: number, example: 12000.50}
  - id: state
    name: State
    kind: choice
    choices: [{id: agreed, title: Agreed}, {id: open, title: Still open}]
    example: open
  - id: needs
    name: What it depends on
    kind: table
    columns: [{id: what, name: What is needed}, {id: who, name: Who controls it}]
    rows: 5
    example: [{what: Feed, who: Ana}, {what: Rights}]
  - id: sources
    name: Sources
    kind: table
    columns: [{id: plan, name: In the plan}, {id: now, name: Today}]
    rows: [{id: shape, name: Shape}, {id: volume, name: Volume}]
    example: {volume: {plan: "1,000 a day", now: 40 a day}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "assessments" / "worksheets"
    folder.mkdir(parents=True)
    return folder


def read(
    folder: Path, text: str, name: str = "accountability-map"
) -> tuple[Worksheet | None, list[str]]:
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    found, files = worksheets.read_worksheets(folder.parent.parent)
    said = [
        str(problem)
        for file in files
        for problem in sorted(file.problems, key=lambda p: (p.line, p.column))
    ]
    return found[name], [re.sub(r"^[\w/-]*/", "", problem) for problem in said]


def test_a_worksheet_is_what_its_file_says(folder: Path) -> None:
    worksheet, said = read(folder, HEAD + SOUND)
    assert said == [] and worksheet
    assert (worksheet.id, worksheet.for_) == (
        "accountability-map",
        "the person who answers for the outcome",
    )
    kinds = ["line", "lines", "date", "number", "choice", "table", "table"]
    assert [field.kind for field in worksheet.fields] == kinds
    assert worksheet.fields[0].required and worksheet.fields[0].prefill == "subject"
    assert worksheet.fields[3].example == "12000.50"
    assert worksheet.fields[5].rows == "5"
    assert worksheet.fields[6].rows == (Heading("shape", "Shape"), Heading("volume", "Volume"))


TABLE = "{id: t, name: T, kind: table, columns: [{id: what, name: What}], "


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            "{id: One, name: One}",
            "7:10: error: fields[1].id: 'One' is not lower-case words joined by underscores",
        ),
        ("{id: one}", "7:5: error: fields[1]: the key 'name' is missing"),
        (
            "{id: one, name: One, hint: x}",
            "7:26: error: fields[1].hint: this key is not known; known here:",
        ),
        (
            "{id: one, name: One, kind: lins}",
            (
                "7:32: error: fields[1].kind: expected one of line, lines, date, number, choice,"
                " table, found 'lins'; did you mean 'lines'?"
            ),
        ),
        (
            "{id: one, name: One, prefill: title}",
            (
                "7:35: error: fields[1].prefill: expected one of subject, owner, finding, found"
                " 'title'; known"
            ),
        ),
        (
            "{id: one, name: One, kind: date, prefill: owner}",
            (
                "7:47: error: fields[1].prefill: text cannot be filled into 'kind: date'; use"
                " 'line' or 'lines'"
            ),
        ),
        (
            "{id: one, name: One, kind: lines, lines: 0}",
            "7:46: error: fields[1].lines: expected 1 to 40 lines, found 0",
        ),
        (
            "{id: one, name: One, lines: 3}",
            "7:26: error: fields[1].lines: 'lines' goes with 'kind: lines'; this is 'line'",
        ),
        (
            "{id: one, name: One, kind: choice}",
            "7:5: error: fields[1]: the key 'choices' is missing, which 'kind: choice' needs",
        ),
        (
            "{id: one, name: One, kind: choice, choices: [{id: a, title: A}]}",
            "7:49: error: fields[1].choices: one choice is none; write two or more",
        ),
        (
            "{id: one, name: One, kind: choice, choices: [{id: a, title: A}, {id: a, title: B}]}",
            (
                "7:74: error: fields[1].choices[2].id: 'a' stands here a second time; an id belongs"
                " to one"
            ),
        ),
        (
            (
                "{id: one, name: One, kind: choice, choices: [{id: yes, title: Yes}, {id: no,"
                " title: No}], example: noo}"
            ),
            "7:104: error: fields[1].example: 'noo' is not one of the choices; did you mean 'no'?",
        ),
        (
            "{id: one, name: One, kind: date, example: 2027-02-30}",
            (
                "7:47: error: fields[1].example: expected a date such as 2027-03-31, found"
                " '2027-02-30'"
            ),
        ),
        (
            "{id: one, name: One, kind: number, example: twelve}",
            "7:49: error: fields[1].example: expected a number, found 'twelve'",
        ),
        (
            "{id: one, name: One, example: [a]}",
            "7:35: error: fields[1].example: expected text, the entry of the worked",
        ),
        (
            TABLE + "rows: many}",
            "7:76: error: fields[1].rows: expected 1 to 40, or a list of rows with id and name;",
        ),
        (TABLE + "rows: []}", "7:76: error: fields[1].rows: the list is empty"),
        (
            "{id: t, name: T, kind: table, rows: 3}",
            "7:5: error: fields[1]: the key 'columns' is missing, which 'kind: table' needs",
        ),
        (
            TABLE + "rows: 1, example: [{what: a}, {what: b}]}",
            "7:88: error: fields[1].example: the table has 1 rows, and the example 2",
        ),
        (
            TABLE + "rows: 1, example: [{waht: a}]}",
            (
                "7:90: error: fields[1].example[1].waht: this is not a column of the table; did you"
                " mean 'what'?"
            ),
        ),
        (
            TABLE + "rows: 1, example: [a]}",
            "7:89: error: fields[1].example[1]: expected columns with their entries",
        ),
        (
            TABLE + "rows: 1, example: a}",
            "7:88: error: fields[1].example: expected a list of rows, each with its colu",
        ),
        (
            TABLE + "rows: 1, example: [{what: [a]}]}",
            "7:96: error: fields[1].example[1].what: expected text",
        ),
        (
            TABLE + "rows: [{id: x, name: X}], example: {y: {what: a}}}",
            "7:106: error: fields[1].example.y: this is not a row of the table; known here: x",
        ),
        (
            TABLE + "rows: [{id: x, name: X}], example: [a]}",
            (
                "7:105: error: fields[1].example: expected the rows by their ids, each with its"
                " columns"
            ),
        ),
    ],
)
def test_a_mistake_in_a_field_is_told_where_it_is(field: str, problem: str, folder: Path) -> None:
    worksheet, [said] = read(folder, f"{HEAD}  - {field}\n")
    assert worksheet is None and said.startswith(f"accountability-map.yml:{problem}"), said


def test_mistakes_are_told_in_one_go(folder: Path) -> None:
    _, said = read(
        folder, HEAD.replace("20", "soon").replace("intro", "intor") + SOUND.replace("date", "dat")
    )
    assert len(said) == 4 and [one.split(":")[1] for one in said] == ["1", "3", "4", "9"]


def test_a_sheet_without_a_field_is_told(folder: Path) -> None:
    assert read(folder, HEAD.replace("fields:", "fields: []"))[1] == [
        "accountability-map.yml:6:9: error: fields: there is no field to fill in"
    ]


def test_a_file_that_is_not_yaml_or_badly_named_is_told(folder: Path) -> None:
    assert read(folder, "title: [")[0] is None
    assert (
        "is not lower-case words joined by dashes" in read(folder, HEAD + SOUND, "Second Map")[1][0]
    )


def test_an_engagement_has_worksheets_of_its_own_with_names_of_their_own(folder: Path) -> None:
    own = folder.parent / "engagement" / "worksheets"
    own.mkdir(parents=True)
    (own / "accountability-map.yml").write_text(HEAD + SOUND, encoding="utf-8")
    (own / "works-council.yml").write_text(HEAD + SOUND, encoding="utf-8")
    _, said = read(folder, HEAD + SOUND)
    found, _ = worksheets.read_worksheets(folder.parent.parent)
    assert set(found) == {"accountability-map", "works-council"} and found["works-council"]
    told = "assessments/worksheets/accountability-map.yml has this name too; choose another"
    assert said == [f"accountability-map.yml:1:1: error: {told}"]


def test_without_the_folder_there_are_none(tmp_path: Path) -> None:
    assert worksheets.read_worksheets(tmp_path) == ({}, [])
