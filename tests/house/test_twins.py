"""What is written twice, in Python and in JavaScript, has the same files, the same tables, the same
constants; and each function of the language is scored by both.

The script's own tables are read in a Chromium, out of sources that show them for this test.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from macros.engine import answers, evaluate, outcomes, score, state
from macros.model import Expression
from macros.rules.vocabulary import FUNCTIONS
from tests.support.checkout import ROOT
from tests.support.engines import SCRIPTS, Script, load

ENGINES = (ROOT / "macros" / "engine", ROOT / "docs" / "assets" / "engine")
MODULES = (evaluate, outcomes, state, answers, score)
VECTORS = sorted((ROOT / "tests" / "data" / "vectors").glob("*/assessment.yml"))

# What names of expressions lead to, by the name of the table in the script.
TABLES = {
    "aggregates": evaluate.AGGREGATES,
    "operations": evaluate.OPERATIONS,
    "special": evaluate.SPECIAL,
    "finders": state.FINDERS,
}
TABLE = re.compile(rf"^  const ({'|'.join(TABLES)}) = ", re.M)
IN_CAPITALS = re.compile(r"^  (?:const |  )([A-Z_]{3,}) = ", re.M)  # alone, or one of several
END = re.compile(r"\}\)\(\);\s*\Z")


# The files


def files_on_one_side(python: Path, script: Path) -> set[str]:
    ours = {path.stem for path in python.glob("*.py")} - {"__init__"}
    return ours ^ {path.stem for path in script.glob("*.js")}


def test_the_engines_have_files_of_the_same_names() -> None:
    assert files_on_one_side(*ENGINES) == set()
    assert {f"{module.__name__.split('.')[-1]}.js" for module in MODULES} == set(SCRIPTS)


def test_a_file_on_one_side_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "score.py").touch()
    (tmp_path / "score.js").touch()
    assert files_on_one_side(tmp_path, tmp_path) == set()
    (tmp_path / "no_such.js").touch()
    assert files_on_one_side(tmp_path, tmp_path) == {"no_such"}


# The tables and the constants


def showing(source: str) -> str:
    """A script that also shows its tables and its constants."""
    names = [*TABLE.findall(source), *IN_CAPITALS.findall(source)]
    shown = f"window.shown = {{ ...window.shown, {', '.join(names)} }};"
    text, ends = END.subn(lambda end: f"{shown}\n{end[0]}", source)
    assert ends == 1, "a script is one function that is called"
    return text


CONSTANTS = """Object.fromEntries(
    Object.entries(window.shown).filter(([name]) => name === name.toUpperCase()))"""


class ScriptEngine:
    """The tables' keys, and the constants, of the script engine."""

    def __init__(self, chromium: Browser, sources: Mapping[str, str]) -> None:
        script = Script(chromium, [showing(source) for source in sources.values()])
        self.tables: dict[str, list[str]] = {}
        for name in TABLES:
            keys = f"Object.keys(window.shown.{name} || {{}})"
            self.tables[name] = script.page.evaluate(keys)
        shown: dict[str, Any] = script.page.evaluate(CONSTANTS)
        self.constants = shown
        script.close()


def tables_that_differ(script: ScriptEngine) -> dict[str, set[str]]:
    """Of each table, the keys that stand on one side only."""
    found = {name: set(table) ^ set(script.tables[name]) for name, table in TABLES.items()}
    return {name: keys for name, keys in found.items() if keys}


def constants_that_differ(script: ScriptEngine) -> dict[str, tuple[Any, Any]]:
    """What is named alike on both sides and is not the same."""
    ours = python_constants()
    pairs = {name: (ours[name], script.constants[name]) for name in ours & script.constants.keys()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def python_constants() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in reversed(MODULES):  # a module's own come after what others take from it
        for name, value in vars(module).items():
            if re.fullmatch("[A-Z_]{3,}", name):
                found[name] = as_script(value)
    return found


def as_script(value: Any) -> Any:
    """A value as the script has it: a list for a tuple, an object for a record or a mapping. Of a
    function only that it is there.
    """
    if callable(value):
        return None
    if isinstance(value, Mapping):
        return {name: as_script(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_script(one) for name, one in asdict(value).items()}
    return [as_script(one) for one in value] if isinstance(value, tuple) else value


@pytest.fixture(scope="module")
def script(chromium: Browser) -> ScriptEngine:
    return ScriptEngine(chromium, SCRIPTS)


def test_the_tables_of_operators_have_the_same_keys(script: ScriptEngine) -> None:
    assert all(script.tables.values())
    assert tables_that_differ(script) == {}


SHARED = {
    "TRUE", "FALSE", "NONE", "NOTHING", "OUTWARDS", "POWERS", "NONE_OF_THESE", "ABSENT", "GIVEN",
    "NOT_APPLICABLE", "LEFT_OUT", "MOST_COMPLETIONS", "MOST_EVALUATIONS", "RANGES", "SETS",
}  # fmt: skip


def test_constants_of_the_same_name_are_the_same(script: ScriptEngine) -> None:
    assert python_constants().keys() & script.constants.keys() == SHARED
    assert constants_that_differ(script) == {}


@pytest.mark.parametrize(
    ("file", "table"),
    [("evaluate.js", "operations"), ("evaluate.js", "aggregates"), ("state.js", "finders")],
)
def test_a_function_of_the_script_alone_would_be_noticed(
    file: str, table: str, chromium: Browser
) -> None:
    begins = f"const {table} = {{"
    assert SCRIPTS[file].count(begins) == 1
    changed = SCRIPTS[file].replace(begins, f"{begins}\n    no_such: () => NOTHING,")
    script = ScriptEngine(chromium, {**SCRIPTS, file: changed})
    assert tables_that_differ(script)[table] == {"no_such"}


@pytest.mark.parametrize("name", TABLES)
def test_a_function_of_python_alone_would_be_noticed(
    name: str, script: ScriptEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLES, name, {**TABLES[name], "no_such": evaluate.add})
    assert tables_that_differ(script) == {name: {"no_such"}}


def test_another_constant_would_be_noticed(
    script: ScriptEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "POWERS", (*evaluate.POWERS, 1e10))
    monkeypatch.setattr(outcomes, "GIVEN", outcomes.LEFT_OUT)
    assert constants_that_differ(script).keys() == {"POWERS", "GIVEN"}


def test_another_thing_of_the_same_name_would_be_noticed(chromium: Browser) -> None:
    """Python has a table of that name, in which other things stand."""
    changed = SCRIPTS["score.js"].replace("COUNTED_BY", "SCOPED")
    script = ScriptEngine(chromium, {**SCRIPTS, "score.js": changed})
    assert constants_that_differ(script).keys() == {"SCOPED"}


# The vectors


def expressions_in(thing: Any) -> Iterator[Expression]:
    """Every expression of an assessment."""
    if isinstance(thing, Expression):
        yield thing
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from expressions_in(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        yield from expressions_in(tuple(thing.values()))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from expressions_in(one)


def operators_in(tree: Any) -> Iterator[str]:
    if isinstance(tree, list) and tree and isinstance(tree[0], str):
        yield tree[0]
        for part in tree[1:]:
            yield from operators_in(part)


@cache
def scored() -> tuple[Expression, ...]:
    """Every expression that a vector has scored by both engines and the oracle."""
    assessments = [load(path)[0] for path in VECTORS]
    return tuple(one for assessment in assessments for one in expressions_in(assessment))


def functions_that_no_vector_scores() -> set[str]:
    called = {name for one in scored() for name in re.findall(r"\b(\w+)\(", one.text)}
    return set(FUNCTIONS) - called


def operators_that_no_vector_scores() -> set[str]:
    known = {name for table in TABLES.values() for name in table}
    return known - {name for one in scored() for name in operators_in(one.tree)}


def test_each_function_and_each_operator_occurs_in_a_vector() -> None:
    assert len(scored()) > 100
    assert functions_that_no_vector_scores() == set()
    assert operators_that_no_vector_scores() == set()


def test_one_that_no_vector_scores_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "FUNCTIONS", (*FUNCTIONS, "no_such"))
    monkeypatch.setitem(TABLES, "finders", {**state.FINDERS, "find_no_such": evaluate.add})
    assert functions_that_no_vector_scores() == {"no_such"}
    assert operators_that_no_vector_scores() == {"find_no_such"}
