"""Worksheets: forms of one page without a verdict, with a worked example. File → Worksheet, or
every problem.

assessments/worksheets/<id>.yml are the playbook's; assessments/engagement/worksheets/<id>.yml are
an engagement's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from macros.loading import structure, yaml_nodes
from macros.loading.ids import check_file_id, check_ids
from macros.loading.structure import SourceFile, Steps
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import Node, Place, shorten
from macros.model import Doc

FOLDERS = (Path("assessments", "worksheets"), Path("assessments", "engagement", "worksheets"))
MOST_ROWS = 40  # of a table on one page
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class FieldChoice:
    """One of the choices of a field of kind `choice`."""

    id: str
    title: str


@dataclass(frozen=True)
class Heading:
    """A column or a row of a table."""

    id: str
    name: str
    advice: str = ""


@dataclass(frozen=True)
class Field:
    """One thing to fill in."""

    id: str
    name: str
    advice: Annotated[str, Doc("how to fill it in well")] = ""
    kind: Literal["line", "lines", "date", "number", "choice", "table"] = "line"
    lines: Annotated[int, Doc("how many lines a field of kind `lines` has")] = 4
    choices: tuple[FieldChoice, ...] = ()
    columns: tuple[Heading, ...] = ()
    rows: Annotated[
        str | tuple[Heading, ...], Doc("how many empty rows a table has, or its rows by name")
    ] = ""
    required: bool = False
    prefill: Annotated[
        Literal["", "subject", "owner", "finding"],
        Doc("what the move it was opened from knows already"),
    ] = ""
    example: Annotated[Any, Doc("the entry of the worked example")] = ""


@dataclass(frozen=True)
class Worksheet:
    """A form of one page; `id` is the name of its file."""

    id: str
    title: str
    for_: Annotated[str, Doc("who fills it in, and for what")]
    minutes: int
    intro: str
    fields: tuple[Field, ...]
    send_to: Annotated[str, Doc("who gets it, and by when")] = ""


def read_worksheets(root: Path) -> tuple[dict[str, Worksheet | None], list[SourceFile]]:
    """Every worksheet by its id, None for one with errors; and their files, with all problems."""
    worksheets: dict[str, Worksheet | None] = {}
    files = []
    for path in _worksheet_paths(root):
        worksheet, file = load_worksheet(path, root)
        if path.stem in worksheets:
            shipped = f"{FOLDERS[0].as_posix()}/{path.name}"
            file.problem(Place(1, 1), f"{shipped} has this name too; choose another")
        worksheets[path.stem] = None if file.broken else worksheet
        files.append(file)
    return worksheets, files


def _worksheet_paths(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((root / folder).glob("*.yml"))


def load_worksheet(path: Path, root: Path) -> tuple[Worksheet | None, SourceFile]:
    file = SourceFile(path, root)
    node = structure.nodes(file)
    if node is None:
        return None, file
    worksheet: Worksheet = structure.structure(file, node, Worksheet, (), {"id": path.stem})
    _note_places(file, node, ())
    _check(worksheet, file)
    return worksheet, file


def _note_places(file: SourceFile, node: Node, steps: Steps) -> None:
    """Also of what stands in an example, which has the shape that its field gives it."""
    file.places.setdefault(steps, node.place)
    if isinstance(node, yaml_nodes.Mapping):
        for key, value in node.items:
            file.keys.setdefault((*steps, key.text), key)
            _note_places(file, value, (*steps, key.text))
    elif isinstance(node, yaml_nodes.Sequence):
        for n, item in enumerate(node.items):
            _note_places(file, item, (*steps, n))


def _check(worksheet: Worksheet, file: SourceFile) -> None:
    check_file_id(worksheet.id, file)
    if not worksheet.fields:
        file.problem(("fields",), "there is no field to fill in")
    check_ids(worksheet.fields, file, ("fields",))
    for n, field in enumerate(worksheet.fields):
        where = ("fields", n)
        for key in ("choices", "columns", "rows"):
            if isinstance(items := getattr(field, key), tuple):
                check_ids(items, file, (*where, key))
        _check_kind(field, file, where)
        if (*where, "example") in file.places and file.is_complete(where):
            _check_example(field, file, (*where, "example"))


# --- what belongs to a kind ----------------------------------------------------------------

KEYS = {"lines": ("lines",), "choice": ("choices",), "table": ("columns", "rows")}
REQUIRED = {"choice": ("choices",), "table": ("columns", "rows")}


def _check_kind(field: Field, file: SourceFile, where: Steps) -> None:
    """A field has the keys of its kind and no other's."""
    for kind, keys in KEYS.items():
        for key in keys:
            if kind != field.kind and (*where, key) in file.places:
                problem = f"'{key}' goes with 'kind: {kind}'; this is '{field.kind}'"
                file.problem((*where, key), problem, key=True)
    for key in REQUIRED.get(field.kind, ()):
        if (*where, key) not in file.places:
            file.problem(where, f"the key '{key}' is missing, which 'kind: {field.kind}' needs")
    if field.prefill and field.kind not in ("line", "lines"):
        problem = f"text cannot be filled into 'kind: {field.kind}'; use 'line' or 'lines'"
        file.problem((*where, "prefill"), problem)
    _check_size(field, file, where)


def _check_size(field: Field, file: SourceFile, where: Steps) -> None:
    if field.kind == "lines" and not 1 <= field.lines <= MOST_ROWS:
        file.problem((*where, "lines"), f"expected 1 to {MOST_ROWS} lines, found {field.lines}")
    if field.kind == "choice" and len(field.choices) == 1:
        file.problem((*where, "choices"), "one choice is none; write two or more")
    for key in ("choices", "columns", "rows"):
        if (*where, key) in file.places and getattr(field, key) == ():
            file.problem((*where, key), "the list is empty")
    if isinstance(field.rows, str) and field.rows and _count(field.rows) is None:
        expected = f"expected 1 to {MOST_ROWS}, or a list of rows with id and name"
        file.problem((*where, "rows"), f"{expected}; found '{shorten(field.rows)}'")


def _count(rows: str) -> int | None:
    if not re.fullmatch(r"[0-9]{1,2}", rows):
        return None
    return int(rows) if 1 <= int(rows) <= MOST_ROWS else None


# --- the worked example --------------------------------------------------------------------


def _check_example(field: Field, file: SourceFile, where: Steps) -> None:
    example = field.example
    if field.kind == "table":
        _check_table(field, file, where)
    elif isinstance(example, bool) or not isinstance(example, str):
        file.problem(where, "expected text, the entry of the worked example")
    elif field.kind == "choice":
        ids = [choice.id for choice in field.choices]
        if ids and example not in ids:
            problem = f"'{shorten(example)}' is not one of the choices{suggest(example, ids)}"
            file.problem(where, problem)
    elif field.kind == "date" and not _is_date(example):
        file.problem(where, f"expected a date such as 2027-03-31, found '{shorten(example)}'")
    elif field.kind == "number" and not NUMBER.fullmatch(example):
        file.problem(where, f"expected a number, found '{shorten(example)}'")


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_table(field: Field, file: SourceFile, where: Steps) -> None:
    """Rows by name have their entries by name; empty rows have a list of them, no longer."""
    example = field.example
    if isinstance(field.rows, str):
        if not isinstance(example, list):
            problem = "expected a list of rows, each with its columns, as in"
            file.problem(where, f"{problem} [{{what: Data, who: Ana}}]")
            return
        most = _count(field.rows) or MOST_ROWS
        if len(example) > most:
            file.problem(where, f"the table has {most} rows, and the example {len(example)}")
        rows: Iterable[tuple[str | int, Any]] = enumerate(example)
    elif isinstance(example, Mapping):
        _check_names(example, [row.id for row in field.rows], "row", file, where)
        rows = example.items()
    else:
        file.problem(where, "expected the rows by their ids, each with its columns")
        return
    for step, row in rows:
        _check_row(row, [column.id for column in field.columns], file, (*where, step))


def _check_row(row: Any, columns: list[str], file: SourceFile, where: Steps) -> None:
    if not isinstance(row, Mapping):
        file.problem(where, "expected columns with their entries, as in {what: Data, who: Ana}")
        return
    _check_names(row, columns, "column", file, where)
    for name, entry in row.items():
        if not isinstance(entry, str):
            file.problem((*where, name), "expected text")


def _check_names(
    entries: Mapping[str, Any], names: list[str], part: str, file: SourceFile, where: Steps
) -> None:
    for name in entries:
        if name not in names:
            problem = f"this is not a {part} of the table{suggest(name, names)}"
            file.problem((*where, name), problem, key=True)
