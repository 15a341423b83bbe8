"""The JSON Schemas that an editor reads: they come from the model, and take what `check` takes.

They are held against files as an editor's own YAML reads them, with numbers, booleans and all.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from macros.commands import new_assessment, schema
from macros.loading import yaml_nodes
from tests.support.checkout import ROOT

SCHEMAS = schema.schemas()
PROBLEMS = sorted((ROOT / "tests" / "data" / "problems").glob("*.yml"))
# by a schema too
SEEN = (
    r"this key is not known",
    r"the key '(title|name|id|ask)' is missing",
    r"expected one of ",
)


def of_editor(text: str) -> Any:
    """A file's value as YAML 1.1 has it, by way of JSON: keys are text."""
    return json.loads(json.dumps(yaml.load(text, Loader=yaml_nodes.Parser), default=str))


def complaints(name: str, text: str) -> list[str]:
    validator = Draft7Validator(SCHEMAS[name])
    found = (error for error in validator.iter_errors(of_editor(text)))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def kind_of(path: Path) -> str:
    if path.name == "scales.yml":
        return "scales"
    if path.parent.name == "worksheets":
        return "worksheet"
    is_overlay = "extends" in (of_editor(path.read_text(encoding="utf-8")) or {})
    return "overlay" if is_overlay else "assessment"


SHIPPED = [
    path for path in sorted((ROOT / "assessments").rglob("*.yml")) if path.name != "words.yml"
]
WRITTEN = sorted(path for path in (ROOT / "tests" / "data" / "vectors").rglob("*.yml"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_is_what_the_model_says_and_a_schema(name: str) -> None:
    """After a change to the model: `.venv/bin/python -m macros.commands.schema`."""
    Draft7Validator.check_schema(SCHEMAS[name])
    assert (schema.FOLDER / f"{name}.json").read_text(encoding="utf-8") == schema.text_of(
        SCHEMAS[name]
    )


def test_no_schema_lies_there_that_nothing_makes() -> None:
    assert {path.stem for path in schema.FOLDER.iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_file_begins_with_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (
        name != first and (path.parent / name).resolve() == schema.FOLDER / f"{kind_of(path)}.json"
    )


@pytest.mark.parametrize(
    "path", [*SHIPPED, *WRITTEN], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_an_editor_takes_what_check_takes(path: Path) -> None:
    assert complaints(kind_of(path), path.read_text(encoding="utf-8")) == []


def test_an_editor_takes_the_examples_of_the_readmes() -> None:
    for name, path in (("assessment", "README.md"), ("overlay", "engagement/README.md")):
        readme = (ROOT / "assessments" / path).read_text(encoding="utf-8")
        assert complaints(name, readme.partition("```yaml\n")[2].partition("```")[0]) == []


def told_of_keys(path: Path) -> bool:
    """Whether one of the problems in the comments that a file begins with is one that a schema sees
    too.
    """
    told = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
    return any(re.search(problem, line) for problem in SEEN for line in told)


def test_an_editor_takes_a_new_assessment() -> None:
    text = new_assessment.assessment("x", "X")
    assert complaints("assessment", text) == []
    assert text.startswith("# yaml-language-server: $schema=schemas/assessment.json\n")


@pytest.mark.parametrize(
    "path", [path for path in PROBLEMS if told_of_keys(path)], ids=lambda path: path.stem
)
def test_an_editor_refuses_keys_and_words_that_check_refuses(path: Path) -> None:
    assert complaints("assessment", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "is_fine"),
    [
        ("{because: x, set: title, to: y}", True),
        ("{because: x, add: questions, question: {id: q, name: Q, ask: Is it?}}", True),
        ("{because: x, add: measures, measure: {level: {value: count(red)}}}", True),
        ("{because: x, remove: warnings.too_good}", True),
        ("{set: title, to: y}", False),
        ("{because: x, set: title}", False),
        ("{because: x, set: title, to: y, remove: title}", False),
        ("{because: x, add: questions, question: {id: q, nome: Q, ask: Is it?}}", False),
    ],
)
def test_an_overlays_changes(change: str, is_fine: bool) -> None:
    text = f"extends: roof\nof_version: 1\nbecause: x\nchanges: [{change}]\n"
    assert (complaints("overlay", text) == []) is is_fine


def test_texts_that_yaml_takes_for_something_else_are_texts() -> None:
    for text in ("No", "12", "1.10", "2027-01-31", "0x1F", "yes"):
        value = of_editor(f"text: {text}")["text"]
        assert Draft7Validator(schema.TEXT).is_valid(value), text


def test_what_stands_behind_a_field_is_its_description() -> None:
    question = SCHEMAS["assessment"]["definitions"]["Question"]["properties"]
    assert question["evidence"]["description"] == "What would show it."
    assert (
        SCHEMAS["worksheet"]["properties"]["for"]["description"] == "Who fills it in, and for what."
    )
