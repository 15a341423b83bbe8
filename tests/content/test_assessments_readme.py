"""assessments/README.md shows every key in examples that pass `check`, and every part of an
expression at work.
"""

import ast
import json
import re
import shutil
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from macros.checks import reachability
from macros.checks.compile_rules import scope_of
from macros.checks.playbook_reader import cached_playbook, check_all, read_playbook
from macros.engine import score, state
from macros.loading import structure, yaml_nodes
from macros.loading.overlays import Overlay
from macros.loading.structure import is_written, key_of
from macros.loading.worksheets import Worksheet
from macros.model import Assessment, Expression
from macros.rules.comparisons import COMPARISONS, MEMBERSHIPS
from macros.rules.compiler import ARITHMETIC, compile_value
from macros.rules.literals import MOST_NUMBER, NAMED
from macros.rules.names import Scope
from macros.rules.source import MOST_TEXT, ExpressionError
from macros.rules.vocabulary import FUNCTIONS
from tests.support.checkout import ROOT

README = (ROOT / "assessments" / "README.md").read_text(encoding="utf-8")
ROOF, HOUSE, OVERLAY, WORKSHEET, OWN_WORDS = re.findall(r"```yaml\n(.*?)```", README, re.S)
[READING] = re.findall(r"```json\n(.*?)```", README, re.S)
EXPRESSIONS = README.partition("## Expressions\n")[2].partition("\n## ")[0]
TABLE = ROOT / "tests" / "data" / "examples" / "the-table-of-states.yml"
FILES = {
    "a-roof.yml": ROOF,
    "a-house.yml": HOUSE,
    "engagement/acme.yml": OVERLAY,
    "worksheets/damp-walls.yml": WORKSHEET,
    "engagement/words.yml": OWN_WORDS,
}
GIVEN = {("Assessment", "id"), ("Worksheet", "id")}  # the file's name


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A playbook with the examples in it."""
    for name in ("assessments", "facts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "mkdocs.yml").write_text("site_name: Examples\n", encoding="utf-8")
    for name, text in FILES.items():
        write(tmp_path, name, text)
    shown = ('assessment("a-roof")', 'assessment("a-house")', 'worksheet("damp-walls")')
    (tmp_path / "docs" / "examples.md").write_text(
        "".join(f"{{{{ {one} }}}}\n" for one in shown), encoding="utf-8"
    )
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / "assessments" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def said(root: Path) -> list[str]:
    return [str(problem) for problem in check_all(root)]


# The examples


def test_the_examples_pass_check_as_they_stand(root: Path) -> None:
    assert said(root) == []
    book = read_playbook(root)
    assert {"a-roof", "a-house"} <= book.assessments.keys() and "damp-walls" in book.worksheets
    changed = book.assessments["gap-reading-diagnostic"].engagement
    assert changed and len(changed.changes) == 4


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("a-roof.yml", "tiles is red", "tiles is redd", "did you mean 'red'"),
        ("a-house.yml", "value(walls, years)", "value(walls, year)", "did you mean 'years'"),
        (
            "engagement/acme.yml",
            "questions.outcome_ownership.ask",
            "questions.outcome.ask",
            "'outcome'",
        ),
        ("worksheets/damp-walls.yml", "kind: lines", "kind: line", "'lines' goes with"),
    ],
)
def test_a_mistake_in_an_example_would_be_noticed(
    name: str, old: str, new: str, told: str, root: Path
) -> None:
    assert old in FILES[name]
    write(root, name, FILES[name].replace(old, new, 1))
    assert told in "\n".join(said(root))


# Every key


def kinds_of(kind: Any) -> list[Any]:
    is_union = type(kind).__name__ in ("UnionType", "Union") or get_origin(kind) is typing.Union
    return list(get_args(kind)) if is_union else [kind]


def keys_of(record: Any) -> dict[str, Any]:
    """The keys of a record, with the kinds of their values."""
    hints = typing.get_type_hints(record)
    return {key_of(field): hints[field.name] for field in fields(record) if is_written(field)}


def known(kind: Any, seen: set[Any]) -> set[tuple[str, str]]:
    """Every key of every record that a kind is made of."""
    found: set[tuple[str, str]] = set()
    for one in kinds_of(kind):
        if is_dataclass(one) and one is not Expression and one not in seen:
            seen.add(one)
            for key, inner in keys_of(one).items():
                found |= {(getattr(one, "__name__", ""), key)} | known(inner, seen)
        elif get_origin(one) in (tuple, dict):
            found |= {pair for inner in get_args(one) for pair in known(inner, seen)}
    return found


def shown(node: yaml_nodes.Node, kind: Any) -> Iterator[tuple[str, str]]:
    """The keys in a file, each with the record that it belongs to."""
    for one in kinds_of(kind):
        if isinstance(node, yaml_nodes.Mapping) and is_dataclass(one):
            keys = keys_of(one)
            for key, value in node.items:
                yield getattr(one, "__name__", ""), key.text
                yield from shown(value, keys.get(key.text))
        elif isinstance(node, yaml_nodes.Mapping) and get_origin(one) is dict:
            for _, value in node.items:
                yield from shown(value, get_args(one)[1])
        elif isinstance(node, yaml_nodes.Sequence) and get_origin(one) is tuple:
            for item in node.items:
                yield from shown(item, get_args(one)[0])


def missing(examples: list[tuple[Any, list[str]]]) -> set[tuple[str, str]]:
    """The keys that no example shows."""
    wanted: set[tuple[str, str]] = set()
    for kind, texts in examples:
        wanted |= known(kind, set())
        wanted -= {
            pair for text in texts for pair in shown(yaml_nodes.parse(text.encode())[0], kind)
        }
    return wanted - GIVEN


def test_the_examples_show_every_key() -> None:
    assert (
        missing([(Assessment, [ROOF, HOUSE]), (Overlay, [OVERLAY]), (Worksheet, [WORKSHEET])])
        == set()
    )


def test_a_key_that_is_not_shown_would_be_noticed() -> None:
    assert missing([(Assessment, [ROOF, HOUSE.replace("none_of_these: true", "")])]) == {
        ("Question", "none_of_these")
    }
    assert ("RatingRule", "is") in missing([(Assessment, [ROOF])])
    assert ("Edit", "before") in missing([(Overlay, [OVERLAY.replace("    before: stall", "")])])


# Every part of an expression


def expressions() -> list[str]:
    """The examples in the first column of the tables."""
    rows = re.findall(r"^\| (`.*?`) \|", EXPRESSIONS, re.M)
    return [text for row in rows for text in re.findall(r"`([^`]+)`", row)]


def compiled(text: str, root: Path) -> None:
    book = cached_playbook(root)
    house = book.assessments["a-house"]
    scope = scope_of(house, {id: rule.value for id, rule in book.rules.items()})
    compile_value(text, Scope(**{**vars(scope), "section": house.sections[0]}))


def test_every_expression_compiles(root: Path) -> None:
    assert len(expressions()) > 60
    for text in expressions():
        compiled(text, root)


def test_an_expression_that_does_not_compile_would_be_noticed(root: Path) -> None:
    with pytest.raises(ExpressionError):
        compiled(expressions()[0].replace("dry", "dri"), root)


def parts(text: str) -> Iterator[Any]:
    """The functions, operators and names in an expression."""
    for node in ast.walk(ast.parse(text, mode="eval")):
        yield type(node)
        if isinstance(node, ast.Name):
            yield node.id
        if isinstance(node, ast.Attribute):
            yield f".{node.attr}"


def test_every_function_operator_and_name_is_there() -> None:
    found = {part for text in expressions() for part in parts(text)}
    operators = {*COMPARISONS, *MEMBERSHIPS, *ARITHMETIC}
    operators |= {ast.And, ast.Or, ast.Not, ast.USub, ast.IfExp, ast.GeneratorExp}
    names = {"rule", "section", "sections", "questions", ".questions", ".weight", *NAMED}
    assert ({*FUNCTIONS} | operators | names) - found == set()


# What else it says


def test_the_reading_is_scored_and_every_key_of_its_result_explained(root: Path) -> None:
    house = read_playbook(root).assessments["a-house"]
    result = score.score(house, json.loads(READING))
    assert result["problems"] == [] and result["verdict"] == "soon"
    table = README.partition("| key of the result |")[2].partition("\n\n")[0]
    assert [key for key in result if f"`{key}`" not in table] == []
    assert [
        key
        for key in ("range", "maybe_none", "exact", "possible", "sections")
        if f'"{key}"' not in table
    ] == []
    assert [key for key in result["coverage"] if f"`{key}`" not in table] == []


def test_an_old_reading_of_the_house_is_carried_over_as_it_says(root: Path) -> None:
    house = read_playbook(root).assessments["a-house"]
    result = score.score(
        house,
        {"answers": {"facade": "damp", "dangers": ["stairs"], "chimney": "yes", "attic": "no"}},
    )
    assert result["why"]["questions"] == ["walls"] and result["counts"]["wet"] == 1
    assert [(one["question"], one["code"]) for one in result["problems"]] == [
        ("chimney", "retired"),
        ("attic", "no_such_question"),
    ]


def test_every_row_of_the_table_of_states_holds(root: Path) -> None:
    write(root, TABLE.name, TABLE.read_text(encoding="utf-8"))
    (root / "docs" / "states.md").write_text(
        f'{{{{ assessment("{TABLE.stem}") }}}}', encoding="utf-8"
    )
    assert said(root) == []


def test_a_row_that_does_not_hold_would_be_noticed(root: Path) -> None:
    text = TABLE.read_text(encoding="utf-8")
    for old, new in (("points(out): none", "points(out): 0"), ("unknown: worst", "unknown: dry")):
        write(root, TABLE.name, text.replace(old, new))
        assert "fails: expected" in "\n".join(said(root))


def test_every_state_is_in_the_table() -> None:
    table = README.partition("## The state of a question")[2].partition("\n\n**None**")[0]
    for name in ("answered", "unknown", "excluded", "n/a", "hidden", "optional", "open"):
        assert re.search(rf"^\| .*\b{name}\b.* \|.*\|.*\|.*\|$", table, re.M), name


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"Up to {state.MOST_COMPLETIONS:,} the result is exact" in README
    assert (
        f"up to {state.MOST_COMPLETIONS * reachability.THOROUGH:,} with `python3 playbook.py check"
        " --thorough`" in README
    )
    assert reachability.MOST_TRIED == 8 and "`many` with more than eight choices" in README
    assert f"at most {MOST_TEXT:,} characters" in README and yaml_nodes.MOST_BYTES == 2**20
    assert f"a list {yaml_nodes.MOST_ITEMS:,} entries" in README and MOST_NUMBER == 10**15


def test_every_file_of_the_folder_is_named() -> None:
    shipped = [path.stem for path in structure.assessment_paths(ROOT)]
    names = [path.name for path in (ROOT / "assessments").glob("*.yml") if path.stem not in shipped]
    names += [f"{path.name}/" for path in (ROOT / "assessments").iterdir() if path.is_dir()]
    assert [name for name in names if f"`{name}`" not in README] == []
    assert re.search(r"playbook\.py check", README)


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = re.findall(r"^## (.+)$", README, re.M)
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors
    for link in re.findall(r"\]\(([^#)]+)\)", README):
        assert (ROOT / "assessments" / link).exists(), link
