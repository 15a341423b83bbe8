"""JSON Schemas of the YAML files, from the same dataclasses that read them: an editor then
completes and explains keys.

After a change to the model, `python -m macros.commands.schema` in .venv writes
assessments/schemas/*.json anew; a test holds them to it. A schema says less than `check`: it knows
keys and types, and nothing of rules.
"""

from __future__ import annotations

import inspect
import json
import types
import typing
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from macros.loading.node_paths import is_required
from macros.loading.overlays import Overlay
from macros.loading.structure import is_written, key_of
from macros.loading.worksheets import Worksheet
from macros.model import (
    Assessment,
    Case,
    Doc,
    Expression,
    Question,
    Scale,
    Section,
    Verdict,
    Warning,
)

FOLDER = Path(__file__).resolve().parents[2] / "assessments" / "schemas"
DRAFT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]

# What stands there is read as text. An editor's own YAML makes a number of `12` and a boolean of
# `No`.
TEXT: Schema = {"type": ["string", "number", "boolean"]}
SCALARS: dict[Any, Schema] = {
    str: TEXT,
    Expression: {**TEXT, "description": "A rule, such as count(red) >= 2."},
    int: {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^-?[0-9]+$"}]},
    float: {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}]},
    bool: {"enum": [True, False, "true", "false"]},
    Any: {},
}
NAMED = (Scale,)  # records that a file may call by name instead of writing them out
ADDED = {
    "question": Question,
    "section": Section,
    "verdict": Verdict,
    "warning": Warning,
    "test": Case,
}


def schemas() -> dict[str, Schema]:
    """The schema of each kind of file, by the name of the schema's file."""
    return {
        "assessment": _document("An assessment", Assessment, without=("id",)),
        "overlay": _overlay(),
        "scales": _document("The scales that assessments can name", dict[str, Scale]),
        "worksheet": _document("A worksheet", Worksheet, without=("id",)),
    }


def text_of(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


class _Definitions:
    """The records met while a schema is made: each is described once and referred to by its
    name.
    """

    def __init__(self) -> None:
        self.records: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of a kind of value."""
        origin, args = get_origin(kind), get_args(kind)
        if kind in SCALARS:
            return SCALARS[kind]
        if origin in (typing.Union, types.UnionType):
            schemas = [self.of(arg) for arg in args if arg is not type(None)]
            return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        if origin is Literal:
            return {"enum": [value for value in args if value != ""]}
        if origin is tuple:
            return {"type": "array", "items": self.of(args[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(args[1])}
        return {"anyOf": [TEXT, self.refer(kind)]} if kind in NAMED else self.refer(kind)

    def refer(self, kind: Any) -> Schema:
        if kind.__name__ not in self.records:
            self.records[kind.__name__] = {}  # a record that holds itself ends here
            self.records[kind.__name__] = self.record(kind)
        return {"$ref": f"#/definitions/{kind.__name__}"}

    def record(self, kind: Any, without: tuple[str, ...] = ()) -> Schema:
        """A record's keys; `without` are those that do not come from the file."""
        kinds, docs = typing.get_type_hints(kind), docs_of(kind)
        written = [
            field for field in fields(kind) if is_written(field) and field.name not in without
        ]
        required = [key_of(field) for field in written if is_required(kind, key_of(field))]
        return {
            "type": "object",
            "description": sentence(inspect.getdoc(kind) or ""),
            "properties": {
                key_of(field): _described(self.of(kinds[field.name]), docs.get(field.name))
                for field in written
            },
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }


def _document(title: str, kind: Any, without: tuple[str, ...] = ()) -> Schema:
    definitions = _Definitions()
    if is_dataclass(kind):
        body = definitions.record(kind, without)
    else:  # a mapping of records that stand written out
        body = {"type": "object", "additionalProperties": definitions.refer(get_args(kind)[1])}
    return {"$schema": DRAFT, "title": title, **body, "definitions": definitions.records}


def _overlay() -> Schema:
    """An overlay's: what a change adds stands under the name of one of its list, which is no field
    of a change.
    """
    definitions = _Definitions()
    body = definitions.record(Overlay)
    edit = definitions.records["Edit"]
    edit["properties"].update({name: definitions.of(kind) for name, kind in ADDED.items()})
    edit["additionalProperties"] = True  # one of any other list or mapping
    edit["oneOf"] = [{"required": ["set", "to"]}, {"required": ["add"]}, {"required": ["remove"]}]
    body["properties"]["tests"] = {"type": "array", "items": definitions.of(Case)}
    return {
        "$schema": DRAFT,
        "title": "Changes to an assessment",
        **body,
        "definitions": definitions.records,
    }


def _described(schema: Schema, comment: str | None) -> Schema:
    """A schema with its description. Draft 7 looks at nothing beside a `$ref`, editors do."""
    return {"description": sentence(comment), **schema} if comment else schema


def docs_of(kind: Any) -> dict[str, str]:
    """What the model says of the fields of a record."""
    return {
        name: doc.text
        for name, hint in typing.get_type_hints(kind, include_extras=True).items()
        for doc in get_args(hint)
        if isinstance(doc, Doc)
    }


def sentence(text: str) -> str:
    """The first paragraph, on one line, as a sentence."""
    text = " ".join(text.partition("\n\n")[0].split())
    if not text:
        return ""
    end = "" if text.endswith((".", "?", "!")) else "."
    return text[:1].upper() + text[1:] + end


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (folder / f"{name}.json").write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    write()
