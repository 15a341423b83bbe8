"""An engagement's changes: what they make of an assessment, and what is said of those that cannot
be made.

A file of tests/data/overlays is one mistake in assessments/engagement/acme.yml, over an assessment
of tests/data/overlays/bases. Its first comments are the problems it must raise, no more and no
fewer, `# file:line:column: level: message`; the lines of acme.yml are those of the file itself.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from macros.checks import check
from macros.loading import overlays, structure
from macros.loading.structure import SourceFile
from macros.model import Assessment, Change, Problem, Scale
from tests.support.checkout import ROOT
from tests.support.corpora import bytes_of, corpus

HERE = ROOT / "tests" / "data" / "overlays"
FILES = sorted(HERE.glob("*.yml"))
EXPECTED = re.compile(r"# ((?:roof|house|acme)\.yml:\d+:\d+: (?:error|warning): .*)")
HEAD = "extends: roof\nof_version: 3\nbecause: The client's words.\n"
Read = Callable[[str], Assessment]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "assessments" / "engagement").mkdir(parents=True)
    shutil.copy(ROOT / "assessments" / "scales.yml", tmp_path / "assessments")
    for base in (HERE / "bases").glob("*.yml"):
        shutil.copy(base, tmp_path / "assessments")
    return tmp_path


def every_file(
    root: Path, scales: Mapping[str, Scale]
) -> Iterator[tuple[Assessment | None, SourceFile]]:
    plan = overlays.plan_of(root)
    yield from ((None, file) for file in plan.unused)
    yield from (overlays.read_assessment(id, plan, root, scales) for id in plan.bases)


def read_all(root: Path) -> tuple[dict[str, Assessment], list[Problem]]:
    scales, _ = structure.load_scales(root)
    found, problems = {}, []
    for assessment, file in every_file(root, scales):
        if assessment and (compiled := check.check(assessment, file, {})):
            found[assessment.id] = compiled
        problems += file.problems
    return found, sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))


def said(problems: list[Problem]) -> list[str]:
    return [re.sub(r"^assessments/(engagement/)?", "", str(problem)) for problem in problems]


def write(root: Path, text: str, name: str = "acme") -> None:
    (root / "assessments" / "engagement" / f"{name}.yml").write_text(text, encoding="utf-8")


def expected_of(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [found[1] for line in lines if (found := EXPECTED.fullmatch(line))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_overlay_has_these_problems(path: Path, root: Path) -> None:
    write(root, path.read_text(encoding="utf-8"))
    assert said(read_all(root)[1]) == expected_of(path)


def test_every_file_expects_something_but_the_sound_one() -> None:
    assert [path.stem for path in FILES if not expected_of(path)] == ["no-mistake"]


def test_without_an_overlay_the_bases_are_as_they_are(root: Path) -> None:
    found, problems = read_all(root)
    assert problems == [] and set(found) == {"roof", "house"}
    assert all(assessment.engagement is None for assessment in found.values())


# What the changes make


@pytest.fixture
def read(root: Path) -> Read:
    """The assessment that an overlay's changes make of its base, without a problem."""

    def read(text: str) -> Assessment:
        base = "house" if "extends: house" in text else "roof"
        write(root, text if "extends:" in text else HEAD + text)
        found, problems = read_all(root)
        assert said(problems) == []
        return found[base]

    return read


def change(**keys: str) -> str:
    return "".join(
        f"{'  - ' if n == 0 else '    '}{key}: {value}\n"
        for n, (key, value) in enumerate(keys.items())
    )


def changes(*each: dict[str, str]) -> str:
    return "changes:\n" + "".join(change(**one, because="The client says so.") for one in each)


@pytest.mark.parametrize(
    ("path", "to", "found"),
    [
        ("title", "Dach", lambda a: a.title),
        ("questions.tiles.ask", "Is every slate in place?", lambda a: a.question("tiles").ask),
        (
            "questions.tiles.answers.green",
            "Every slate.",
            lambda a: a.question("tiles").answers["green"],
        ),
        ("questions.tiles.help", "Take a ladder.", lambda a: a.question("tiles").help),
        ("questions.gutter.weight", "2", lambda a: f"{a.question('gutter').weight:g}"),
        ("verdicts.leak.when", "tiles is red or reds >= 1", lambda a: a.verdicts[0].when.text),
        ("measures.reds.title", "Red lines", lambda a: a.measures["reds"].title),
        ("warnings.too_good.say", "Three times.", lambda a: a.warnings[0].say),
        ("chairs.owner", "landlord", lambda a: a.chairs[0]),
        ("tests.v. good.name", "all well", lambda a: a.tests[1].name),
        ("tests.v. good.answers.tiles", "yellow", lambda a: a.tests[1].answers["tiles"]),
    ],
)
def test_a_path_leads_to_what_is_set(path: str, to: str, found: Any, read: Read) -> None:
    assert found(read(changes({"set": path, "to": to}))) == to


def test_a_question_is_found_in_whichever_section_it_is(read: Read) -> None:
    head = "extends: house\nof_version: 1\nbecause: The client's words.\n"
    made = read(
        head
        + changes(
            {"set": "questions.carpet.ask", "to": "Is the carpet dry?"},
            {"set": "sections.inside.questions.carpet.name", "to": "The carpet"},
            {"set": "sections.outside.title", "to": "From outside"},
        )
    )
    assert (made.question("carpet").ask, made.question("carpet").name) == (
        "Is the carpet dry?",
        "The carpet",
    )
    assert made.sections[0].title == "From outside"


def test_a_question_goes_into_the_section_of_the_one_before_it_or_into_the_section_named(
    read: Read,
) -> None:
    def question(id: str) -> str:
        answers = "{green: Yes., yellow: Mostly., red: It is not.}"
        return (
            f"{{id: {id}, name: New, ask: Is the {id} dry?, answers: {answers}, move: Dry the"
            f" {id}.}}"
        )

    head = "extends: house\nof_version: 1\nbecause: The client's words.\n"
    made = read(
        head
        + changes(
            {"add": "questions", "after": "roof", "question": question("attic")},
            {"add": "questions", "before": "carpet", "question": question("cellar")},
            {"add": "sections.inside.questions", "question": question("kitchen")},
        )
        + "tests: []\n"
    )
    assert [[question.id for question in section.questions] for section in made.sections] == [
        ["roof", "attic", "walls"],
        ["cellar", "carpet", "kitchen"],
    ]


def test_what_is_added_stands_where_it_is_said_and_at_the_end_before_otherwise(read: Read) -> None:
    made = read(
        changes(
            {
                "add": "verdicts",
                "verdict": "{id: damp, when: gutter is yellow, title: Damp, say: Clear it.}",
            },
            {
                "add": "verdicts",
                "after": "leak",
                "verdict": "{id: wet, when: tiles is yellow, title: W, say: Mend it.}",
            },
            {
                "add": "warnings",
                "before": "too_good",
                "warning": "{id: two, when: reds == 2, say: Both.}",
            },
            {"add": "warnings", "warning": "{id: one, when: damp_lines == 1, say: One.}"},
            {
                "add": "measures",
                "measure": "{damp_lines: {value: count(yellow), title: Damp lines}}",
            },
            {"add": "measures", "before": "reds", "measure": "{greens: {value: count(green)}}"},
            {"add": "chairs", "chair": "neighbour"},
            {"add": "questions.gutter.tags", "tag": "{side: south}"},
            {
                "add": "tests",
                "test": (
                    "{name: damp, answers: {tiles: green, gutter: yellow}, expect: {verdict: damp}}"
                ),
            },
        )
    )
    assert [verdict.id for verdict in made.verdicts] == ["leak", "wet", "damp", "dry"]
    assert [warning.id for warning in made.warnings] == ["two", "too_good", "one"]
    assert list(made.measures) == ["greens", "reds", "damp_lines"]
    assert made.chairs == ("owner", "roofer", "neighbour")
    assert made.question("gutter").tags == {"side": "south"}
    assert [case.name for case in made.tests] == ["a missing tile", "v. good", "damp"]


def test_what_is_removed_is_gone(read: Read) -> None:
    made = read(
        changes(
            {"remove": "warnings.too_good"}, {"remove": "chairs.owner"}, {"remove": "tests.v. good"}
        )
    )
    assert made.warnings == () and made.chairs == ("roofer",) and len(made.tests) == 1


def test_a_change_can_build_on_the_one_before(read: Read) -> None:
    wet = "{id: wet, when: reds == 2, say: Both.}"
    made = read(
        changes({"add": "warnings", "warning": wet}, {"set": "warnings.wet.say", "to": "Swim."})
    )
    assert made.warnings[1].say == "Swim."


def test_the_tests_of_an_overlay_take_the_place_of_those_of_the_base(read: Read) -> None:
    turned = {"set": "measures.reds.value", "to": "count(yellow)"}
    made = read(
        changes(turned)
        + "tests:\n  - {name: yellow, answers: {tiles: yellow, gutter: green}, expect: {verdict:"
        " leak}}\n"
    )
    assert [case.name for case in made.tests] == ["yellow"]


def test_the_merged_assessment_keeps_its_id_and_carries_what_was_changed_and_why(
    read: Read,
) -> None:
    warning = "{id: wet, when: reds == 2, say: Both.}"
    made = read(
        changes(
            {"set": "title", "to": "Dach"},
            {"add": "warnings", "after": "too_good", "warning": warning},
        )
    )
    assert made.id == "roof" and made.version == 3 and made.engagement
    assert made.engagement.because == "The client's words."
    assert made.engagement.changes == (
        Change("The client says so.", set="title", to="Dach"),
        Change(
            "The client says so.",
            add="warnings",
            after="too_good",
            to={"id": "wet", "when": "reds == 2", "say": "Both."},
        ),
    )


# Several files


def test_the_base_tells_its_own_problems_at_its_own_place(root: Path) -> None:
    write(
        root,
        HEAD
        + changes(
            {"set": "titel", "to": "Dach"}, {"set": "verdicts.leak.when", "to": "reds >= 1 or x"}
        ),
    )
    base = root / "assessments" / "roof.yml"
    base.write_text(
        base.read_text(encoding="utf-8").replace("minutes: 2", "minutes: soon"), encoding="utf-8"
    )
    told = said(read_all(root)[1])
    assert [one.split(": ")[0] for one in told] == [
        "acme.yml:5:10",
        "acme.yml:9:22",
        "roof.yml:6:10",
    ]


def test_one_assessment_is_changed_by_one_file(root: Path) -> None:
    for name in ("acme", "bravo"):
        write(root, HEAD, name)
    told = "'roof' already; put all changes into one file"
    assert said(read_all(root)[1]) == [
        f"bravo.yml:1:10: error: extends: assessments/engagement/acme.yml changes {told}"
    ]


def test_a_file_that_extends_nothing_is_an_assessment_of_its_own(root: Path) -> None:
    write(root, (HERE / "bases" / "roof.yml").read_text(encoding="utf-8"), "shed")
    found, problems = read_all(root)
    assert problems == [] and found["shed"].title == found["roof"].title


def test_an_assessment_of_ones_own_has_a_name_of_its_own(root: Path) -> None:
    write(root, (HERE / "bases" / "roof.yml").read_text(encoding="utf-8"), "roof")
    remedy = "write 'extends: roof' and the changes, or give this file another name"
    assert said(read_all(root)[1]) == [
        f"roof.yml:1:1: error: assessments/roof.yml has this name too; {remedy}"
    ]


def test_a_base_that_cannot_be_read_is_told_with_the_overlays_mistakes(root: Path) -> None:
    (root / "assessments" / "roof.yml").write_text("a: [", encoding="utf-8")
    write(root, HEAD + "titel: Dach\n")
    assert [one.split(": ")[0] for one in said(read_all(root)[1])] == [
        "acme.yml:4:1",
        "roof.yml:2:1",
    ]


def test_the_readme_of_the_folder_shows_an_overlay_that_passes(root: Path) -> None:
    """Over the assessment that ships, whose numbers are in facts/rules.yml."""
    readme = (ROOT / "assessments" / "engagement" / "README.md").read_text(encoding="utf-8")
    write(root, readme.partition("```yaml\n")[2].partition("```")[0])
    shutil.copy(ROOT / "assessments" / "gap-reading-diagnostic.yml", root / "assessments")
    scales, _ = structure.load_scales(root)
    rules, _ = structure.load_rules(ROOT)
    values = {id: rule.value for id, rule in rules.items()}
    for assessment, file in every_file(root, scales):
        if assessment and assessment.engagement:
            assert check.check(assessment, file, values) and said(file.problems) == []
            return
    raise AssertionError("no assessment was changed")


# Hostile files


@pytest.mark.parametrize("name", ["yaml/yaml_hostile.json", "yaml/yaml_test_suite.json"])
def test_any_yaml_is_taken_or_refused_with_sentences(name: str, root: Path) -> None:
    """As a whole file, and as what a change sets."""
    place = re.compile(r"(roof|house|acme)\.yml:[0-9]+:[0-9]+: (error|warning): .+")
    scales, _ = structure.load_scales(root)
    into = HEAD.encode() + b"changes:\n  - set: title\n    because: Why not.\n    to: "
    for data in map(bytes_of, corpus(name)["cases"]):
        for whole in (data, into + data.replace(b"\n", b"\n      ")):
            (root / "assessments" / "engagement" / "acme.yml").write_bytes(whole)
            problems = [
                problem for _, file in every_file(root, scales) for problem in file.problems
            ]
            assert all(place.fullmatch(one) for one in said(problems)), whole
