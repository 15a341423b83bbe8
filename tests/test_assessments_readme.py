"""assessments/README.md shows every key in one example that passes `check`, and every form of a rule."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import checking
import expressions
import loading
import model
import source
from conftest import ROOT

README = (ROOT / "assessments" / "README.md").read_text(encoding="utf-8")
EXAMPLE = README.partition("```yaml\n")[2].partition("```")[0]
RECORDS = (model.Assessment, model.Question, model.Example, model.Verdict, model.Warning, model.Case)


def check_example(folder: Path, text: str) -> list[str]:
    path = folder / "a-roof.yml"
    path.write_text(text, encoding="utf-8")
    scales, _ = loading.load_scales(ROOT)
    assessment, file = loading.load_assessment(path, folder, scales)
    if assessment:
        checking.check(assessment, file, {})
    return [str(problem) for problem in file.problems]


def keys(node: source.Node) -> Iterator[str]:
    if isinstance(node, source.Mapping):
        for key, value in node.items:
            yield key.text
            yield from keys(value)
    elif isinstance(node, source.Sequence):
        for item in node.items:
            yield from keys(item)


def test_the_example_passes_check(tmp_path: Path) -> None:
    assert check_example(tmp_path, EXAMPLE) == []


def test_a_mistake_in_the_example_would_be_noticed(tmp_path: Path) -> None:
    assert "did you mean 'red'" in "".join(check_example(tmp_path, EXAMPLE.replace("tiles is red", "tiles is redd")))


def test_the_example_shows_every_key() -> None:
    shown = set(keys(source.parse(EXAMPLE.encode())[0]))
    known = {field.name for record in RECORDS for field in dataclasses.fields(record)}
    assert known - shown == set()


def test_every_function_and_comparison_is_explained() -> None:
    rules: list[Any] = [*expressions.FUNCTIONS, "is not", "not in", "rule."]
    assert [rule for rule in rules if rule not in README.partition("## Rules")[2]] == []
    signs = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
    assert set(signs) == set(expressions.COMPARISONS.values())
    assert [sign for sign in signs.values() if f"`{sign}`" not in README] == []


def test_every_file_of_the_folder_is_named() -> None:
    names = [path.name for path in (ROOT / "assessments").glob("*.yml")]
    assert [name for name in names if f"`{name}`" not in README] == []
    assert re.search(r"playbook\.py check", README)
