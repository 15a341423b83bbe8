"""`playbook.py score`: readings in, results out; and what is said of a file that is none."""

import base64
import csv
import io
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros.commands import reading_file
from macros.commands import score_files as score_command
from macros.commands.command import Stopped
from macros.commands.reading_file import Refused
from macros.engine import answers as engine_answers
from macros.engine import score as engine_score
from macros.engine import state as engine_state
from macros.engine.score import score
from tests.support.checkout import ROOT, playbook
from tests.support.corpora import cases

SITE_FORM = ROOT / "docs" / "assets" / "readings" / "reading.js"
SITE = """title: A site
version: 2
basis: ours
unit: one site
respondent: whoever runs it
minutes: 3
intro: Answer for today.
scale: traffic_light
unknown: yellow
na: {allowed: true}
sections:
  - id: people
    title: People
    questions:
      - {id: owner, name: Owner, ask: Is there one?, \
answers: {green: Yes., yellow: Half., red: No.}, move: Find one.}
  - id: data
    title: Data
    questions:
      - {id: feed, name: Feed, ask: Does it run?, \
answers: {green: Yes., yellow: Often., red: No.}, move: Mend it.}
      - {id: rows, name: Rows, ask: How many?, kind: number, min: 0, max: 100, whole: true}
      - {id: note, name: Note, ask: What else?, kind: text, required: false}
measures:
  fine: {per: section, value: "count(green, section)", title: Fine}
  share: {value: number(rows) / 8, title: Share}
  safe: {value: owner is green or feed is green}
verdicts:
  - {id: stop, when: count(red) >= 1, title: Stop, say: Mend it.}
  - {id: small, when: share < 2, title: Small, say: It is small.}
  - {id: go, otherwise: true, title: Go, say: Go on.}
warnings:
  - {id: quiet, when: owner is green and feed is green, say: All green.}
tests: []
"""
WHOLE = {"owner": "green", "feed": "yellow", "rows": 12}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a-site.yml").write_text(SITE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Scores readings of the site: their values, or the bytes of their files."""

    def run(
        *readings: Any, csv: bool = False, assessment: str = "a-site.yml"
    ) -> tuple[int, str, str]:
        names = [f"{n}.json" for n in range(len(readings))]
        for name, reading in zip(names, readings, strict=True):
            data = reading if isinstance(reading, bytes) else json.dumps(reading).encode()
            (folder / name).write_bytes(data)
        try:
            code = score_command.score_files(ROOT, assessment, names, csv)
        except Stopped as stopped:  # as `playbook.py` ends then
            return (stopped.code, "", f"{stopped}\n")
        return (code, *capsys.readouterr())

    return run


# Results


def test_one_reading_gives_its_result(run: Run) -> None:
    code, out, err = run({"answers": WHOLE})
    assert (code, err) == (0, "")
    assessment = score_command.find_assessment(ROOT, "a-site.yml")
    assert json.loads(out) == score(assessment, {"answers": WHOLE})
    assert json.loads(out)["verdict"] == "small" and json.loads(out)["distance"]


def test_several_give_one_line_each_with_their_files(run: Run) -> None:
    code, out, _ = run({"answers": WHOLE}, {"answers": {"owner": "red"}, "version": 1})
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and [(line["file"], line["verdict"]) for line in lines] == [
        ("0.json", "small"),
        ("1.json", "stop"),
    ]


def test_an_assessment_is_named_by_its_id_or_its_file(run: Run) -> None:
    reading = {"answers": {"outcome_ownership": "red"}}
    by_id = run(reading, assessment="gap-reading-diagnostic")
    assert by_id[0] == 0 and by_id == run(
        reading, assessment=str(ROOT / "assessments" / "gap-reading-diagnostic.yml")
    )


def test_all_fields_of_a_reading_are_fine(run: Run) -> None:
    reading = {
        "format": 1,
        "id": "x",
        "assessment": "a-site",
        "version": 2,
        "subject": "S",
        "chair": "",
        "date": "",
    }
    code, out, err = run(
        {**reading, "answers": WHOLE, "notes": {"a": "b"}, "moves": {}, "more": [1]}
    )
    assert (code, err) == (0, "") and json.loads(out)["problems"] == []


def test_a_reading_saved_by_any_editor_is_fine(run: Run) -> None:
    text = json.dumps({"answers": WHOLE}, indent=2)
    for data in (
        text.encode("utf-8-sig"),
        text.replace("\n", "\r\n").encode(),
        text.encode() + b"\n\n",
    ):
        assert run(data)[0] == 0


@pytest.mark.parametrize(
    ("reading", "question", "message"),
    [
        ({"answers": {"ownr": "red"}}, "ownr", "no such question"),
        ({"answers": {"owner": "blue"}}, "owner", "no such answer"),
        ({"answers": {"owner": 3}}, "owner", "no such answer"),
        ({"answers": {"owner": {"na": ""}}}, "owner", "not applicable needs a reason"),
        ({"answers": {"rows": "12"}}, "rows", "not a number"),
        ({"answers": {"rows": 101}}, "rows", "out of range"),
        ({"answers": {}, "subject": 5}, "", "subject is not text"),
        ({"answers": {}, "notes": []}, "", "notes is not an object"),
    ],
)
def test_what_cannot_be_is_named_in_the_result(
    reading: Any, question: str, message: str, run: Run
) -> None:
    code, out, err = run(reading)
    assert (code, err) == (1, "")
    assert json.loads(out)["problems"] == [{"question": question, "message": message}]
    assert json.loads(out)["coverage"]["answered"] == 0 and json.loads(out)["verdict"] is None


# What is not scored


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "this is not JSON: Expecting value in line 1, column 1"),
        (b'{"answers": {"owner": "red",}}', "this is not JSON: "),
        (b'{"answers": {}} x', "this is not JSON: Extra data in line 1, column 17"),
        (
            b'{"answers": {"owner": "red", "owner": "green"}}',
            "the key 'owner' stands twice in one object; a reader",
        ),
        (b'{"answers": {"rows": NaN}}', "NaN is no number in JSON"),
        (b'{"answers": {"rows": -Infinity}}', "-Infinity is no number in JSON"),
        (b'{"answers": {"rows": 1e400}}', "the number 1e400 is too large"),
        (b'{"answers": {"rows": ' + b"9" * 400 + b"}}", "the number 9999999999"),
        (b"[" * 100_000, "this is nested more than 20 levels deep"),
        (b"[" * 21 + b"]" * 21, "this is nested more than 20 levels deep"),
        (b'{"answers": {"owner": "\xff"}}', "this is not UTF-8; save the file as UTF-8"),
        ('{"answers": {}}'.encode("utf-16"), "this is not UTF-8; save the file as UTF-8"),
        (b" " * (1024 * 1024 + 1), "the file is larger than 1,048,576 bytes"),
        (b"[]", 'this is not a reading: {"answers": {…}} is what one holds'),
        (b"null", 'this is not a reading: {"answers": {…}} is what one holds'),
        (b"{}", 'this is not a reading: {"answers": {…}} is what one holds'),
        (b'{"answers": [3]}', 'this is not a reading: {"answers": {…}} is what one holds'),
        (
            b'{"answers": {}, "assessment": "another"}',
            "this is a reading of 'another', not of 'a-site'",
        ),
        (
            b'{"answers": {}, "assessment": 7}',
            "this is a reading of something else, not of 'a-site'",
        ),
        (
            b'{"answers": {}, "version": 3}',
            (
                "this reading is newer than the assessment: it is of version 3, and the assessment"
                " here is at version 2"
            ),
        ),
        (b'{"answers": {}, "version": "2"}', "'version' is not a whole number from 1"),
        (b'{"answers": {}, "version": true}', "'version' is not a whole number from 1"),
        (b'{"answers": {}, "version": 1.5}', "'version' is not a whole number from 1"),
        (
            b'{"answers": {}, "format": 2}',
            "a later release of the playbook wrote this; take that release to score it",
        ),
    ],
)
def test_what_is_no_reading_gets_a_sentence_and_nothing_is_scored(
    data: bytes, sentence: str, run: Run
) -> None:
    for as_csv in (False, True):
        code, out, err = run({"answers": WHOLE}, data, csv=as_csv)
        assert (code, out) == (2, "")
        [told, end] = err.splitlines()
        assert (
            told.startswith(f"1.json: {sentence}")
            and len(told) < 200
            and end == "Nothing is scored."
        )


def test_every_file_that_cannot_be_scored_is_named(run: Run, folder: Path) -> None:
    (folder / "3.json").mkdir()
    for name in ("missing.json", "3.json", "no*.json"):
        with pytest.raises(Refused):
            score_command.score_files(ROOT, "a-site.yml", [name], False)
    _, _, err = run(b"", {"answers": {}}, b"{}")
    assert [line.split(":")[0] for line in err.splitlines()[-3:]] == [
        "0.json",
        "2.json",
        "Nothing is scored.",
    ]


@pytest.mark.parametrize(
    ("assessment", "sentence"),
    [
        (
            "gap-reading-diagnostik",
            "There is no assessment 'gap-reading-diagnostik'; did you mean 'gap-reading-diagn",
        ),
        ("missing.yml", "There is no file missing.yml."),
        ("broken.yml", "broken.yml:27:31: error: verdicts[1].when: 'redd' is not an answer"),
        ("empty.yml", "empty.yml:1:1: error: the file is empty"),
    ],
)
def test_an_assessment_that_is_not_there_or_not_sound_is_told(
    assessment: str, sentence: str, run: Run, folder: Path
) -> None:
    (folder / "broken.yml").write_text(
        SITE.replace("count(red) >= 1", "owner is redd"), encoding="utf-8"
    )
    (folder / "empty.yml").write_text("", encoding="utf-8")
    code, out, err = run({"answers": {}}, assessment=assessment)
    assert (code, out) == (2, "") and sentence in err, err


def test_the_format_is_that_of_the_page() -> None:
    assert re.findall(r"const FORMAT = (\d+);", SITE_FORM.read_text(encoding="utf-8")) == [
        str(reading_file.FORMAT)
    ]
    for name in ("TEXTS", "MAPS"):
        [listed] = re.findall(rf"const {name} = (\[.*\]);", SITE_FORM.read_text(encoding="utf-8"))
        known = set(getattr(reading_file, name)) | {"assessment", "answers"}
        assert set(re.findall(r"'(\w+)'", listed)) <= known, name


# A table


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_has_one_row_a_reading(run: Run) -> None:
    reading = {
        "answers": {**WHOLE, "feed": {"na": "no feed"}},
        "subject": 'A "site", one',
        "chair": "owner",
    }
    code, out, _ = run(reading, {"answers": {"rows": 40}}, csv=True)
    whole, part = table(out)
    assert code == 0 and out.count("\r\n") == 3
    assert whole == {
        "file": "0.json",
        "subject": 'A "site", one',
        "chair": "owner",
        "date": "",
        "verdict": "small",
        "possible": "small",
        "exact": "true",
        "answered": "2",
        "unknown": "0",
        "na": "1",
        "open": "1",
        "count(green)": "1",
        "count(yellow)": "0",
        "count(red)": "0",
        "fine(people)": "1",
        "fine(data)": "0",
        "share": "1.5",
        "safe": "true",
        "warnings": "",
        "problems": "",
    }
    assert (part["verdict"], part["possible"], part["share"]) == ("", "stop go", "5")
    assert (part["fine(data)"], part["safe"]) == ("from 0 to 1", "true or false")


@pytest.mark.parametrize(
    ("measure", "cell"),
    [
        ({"value": None}, None),
        ({"value": -2.5}, -2.5),
        ({"value": False}, False),
        ({"range": [-1.0, 2.5], "maybe_none": False, "exact": True}, "from -1 to 2.5"),
        ({"range": [None, 2.0], "maybe_none": True, "exact": True}, "at most 2, or none"),
        ({"range": [2.0, None], "maybe_none": False, "exact": False}, "at least 2"),
        ({"range": [None, None], "maybe_none": False, "exact": False}, "any number"),
        ({"possible": [True, None], "exact": True}, "true or none"),
    ],
)
def test_a_measure_that_is_not_certain_is_told_in_words(measure: Any, cell: Any) -> None:
    assert score_command.measured(measure) == cell


def test_numbers_stay_numbers_and_text_never_becomes_one() -> None:
    cells = {-3.0: "-3", -2.5: "-2.5", 0: "0", 1e22: "1e+22", True: "true", None: ""}
    texts = {"-3": "'-3", "plain": "plain", "a=b": "a=b", "'=1": "''=1", "'s": "'s"}
    for cell, safe in {**cells, **texts}.items():
        assert score_command.safe(cell) == safe


CELLS = cases("csv/formula_cells.json", lambda n, case: repr(case["value"])[:40])


@pytest.mark.parametrize("case", CELLS)
def test_no_cell_is_a_formula_and_each_comes_back(case: dict[str, Any], run: Run) -> None:
    value, is_formula = case["value"], bool(case["lo_formula"])
    code, out, _ = run({"answers": WHOLE, "subject": value}, csv=True)
    [row] = table(out)
    begins = value.lstrip("\x00 \t\r\n\xa0\u200b\ufeff")[:1]
    assert code == 0 and (
        row["subject"].startswith("'") or not (is_formula or begins in tuple("=+-@＝＋－＠"))
    )
    assert row["subject"] in (value, f"'{value}") and not row["subject"].startswith(("\t", "\r"))


# Hostile files


def texts(name: str) -> list[Any]:
    found = cases(f"json/{name}", lambda n, case: str(case.get("id") or case.get("file")))
    return [one for one in found if "generate" not in (one.values[0] or {})]


@pytest.mark.parametrize("case", texts("json_test_suite.json"))
def test_any_json_is_refused_with_a_sentence(case: dict[str, Any], run: Run) -> None:
    """None of these is a reading."""
    code, out, err = run(base64.b64decode(case["b64"]))
    assert (code, out) == (2, "") and len(err.splitlines()) == 2 and len(err) < 300


OTHERWISE = "  - {id: fine, otherwise: true, title: Fine, say: Go on.}\n"
DEMO = SITE.partition("sections:")[0] + (
    "questions:\n  - {id: q1, name: Q, ask: How far?, kind: number, min: 0, max: 5, whole: true}\n"
    "verdicts:\n  - {id: low, when: number(q1) < 3, title: L, say: x.}\n" + OTHERWISE
)
# This project's readings may leave out their assessment and version, and carry other fields of any
# kind.
OURS = {
    "noversion": (0,),
    "noassess": (0,),
    "newer": (2,),
    "otherformat": (2,),
    "dup-key": (2,),
    "otherassess": (2,),
}


@pytest.mark.parametrize("case", texts("import_attacks.json"))
def test_an_attack_is_taken_as_what_it_is(case: dict[str, Any], run: Run, folder: Path) -> None:
    (folder / "demo.yml").write_text(DEMO, encoding="utf-8")
    data = (
        base64.b64decode(case["b64"])
        if "b64" in case
        else case["text"].encode("utf-8", "surrogatepass")
    )
    code, out, err = run(re.sub(rb'"format": ?"agp-answers",', b"", data), assessment="demo.yml")
    by_verdict = {"accept": (0, 1), "accept_text": (0,), "accept_keep": (0, 1), "reject": (2,)}
    assert code in OURS.get(case["id"], by_verdict.get(case["verdict"], (0, 1, 2))), (
        case["why"],
        out,
        err,
    )
    assert bool(out) == (code != 2) and bool(err) == (code == 2)


# Many, and as a person meets it


COSTLY = [
    (engine_state, "ScoringModel"),
    (engine_answers, "outcome"),
    (engine_score, "condition"),
    (engine_score, "distances"),
]


def test_a_thousand_readings_of_a_hundred_questions(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer is looked up once, each rule worked out for the verdict and for why; the model
    that the check made serves all, and no distance is sought.
    """
    answers = "answers: {green: Yes {n}., yellow: Half {n}., red: No {n}.}, move: Do {n}."
    line = f"  - {{id: q{{n}}, name: Q{{n}}, ask: Is it {{n}}?, {answers}}}\n"
    questions = "".join(line.replace("{n}", str(n)) for n in range(100))
    verdicts = "verdicts:\n  - {id: bad, when: count(red) >= 30, title: B, say: x.}\n" + OTHERWISE
    head = SITE.partition("na:")[0]
    (folder / "big.yml").write_text(f"{head}questions:\n{questions}{verdicts}", encoding="utf-8")
    chance = random.Random(1)
    for n in range(1000):
        reading = {f"q{q}": chance.choice(["green", "yellow", "red"]) for q in range(100)}
        (folder / f"r{n}.json").write_text(json.dumps({"answers": reading}), encoding="utf-8")
    assessment = score_command.find_assessment(ROOT, "big.yml")
    calls: Counter[str] = Counter()
    for module, name in COSTLY:
        monkeypatch.setattr(module, name, counted(getattr(module, name), calls))
    readings = score_command.read_all(["r*.json"], assessment)
    results = score_command.scored(assessment, readings, as_csv=True)
    code = score_command.write_table(assessment, results)
    assert code == 0 and len(table(capsys.readouterr().out)) == 1000
    assert calls == {"outcome": 100_000, "condition": 2000}


def counted(function: Callable[..., Any], calls: Counter[str]) -> Callable[..., Any]:
    def counting(*arguments: Any) -> Any:
        calls[function.__name__] += 1
        return function(*arguments)

    return counting


def test_the_command(folder: Path) -> None:
    (folder / "r.json").write_text(
        json.dumps({"answers": {**WHOLE, "note": "ünï 漢字 \ud800"}}), encoding="utf-8"
    )
    site, reading = str(folder / "a-site.yml"), str(folder / "r.json")
    done = playbook("score", site, reading)
    assert done.returncode == 0 and json.loads(done.stdout)["verdict"] == "small", done.stderr
    done = playbook("score", site, reading, str(folder / "*.json"), "--csv")
    assert done.returncode == 0 and [row["verdict"] for row in table(done.stdout)] == [
        "small",
        "small",
    ]
    done = playbook("score", site, str(folder / "none.json"))
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    help = re.sub(r"\s+", " ", playbook("score", "--help").stdout)
    assert "Exit with 1 where a result names problems, and with 2" in help


@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_stops_reading_is_no_mistake(lines: int, folder: Path) -> None:
    """It has had what it wanted: also where all would have been written at the end."""
    (folder / "r.json").write_text(json.dumps({"answers": WHOLE}), encoding="utf-8")
    readings = ["r.json"] * (300 if lines else 1)
    command = [sys.executable, str(ROOT / "playbook.py"), "score", "a-site.yml", *readings]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        for _ in range(lines):
            process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
