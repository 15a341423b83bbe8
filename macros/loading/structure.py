"""File → model, or every problem with its place.

`structure` gives a node the type that a dataclass of `model` asks for; nothing here knows what the
keys mean. A file's problems are gathered, so that its author can mend them in one go.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from macros.loading import yaml_nodes
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import Node, Place, Scalar, SourceError, shorten
from macros.model import Assessment, Expression, Problem, Rule, Scale, Term

T = TypeVar("T")
Steps = tuple[str | int, ...]  # ("questions", 2, "name")
Level = Literal["error", "warning"]


class SourceFile:
    """A file while it is read: its nodes' places by path, and its problems.

    `by_name` are records that the file may call by name instead of writing them out: its scale.
    """

    def __init__(
        self, path: Path, root: Path, by_name: Mapping[type, Mapping[str, Any]] | None = None
    ) -> None:
        self.path = path
        self.by_name = by_name or {}
        self.name = path.relative_to(root).as_posix()
        self.places: dict[Steps, Place] = {}
        self.keys: dict[Steps, Scalar] = {}
        self.rules: dict[Steps, Scalar] = {}
        self.failed: set[Steps] = set()
        self._above: set[Steps] = set()  # of what has failed
        self.problems: list[Problem] = []
        self.changed_by = ""  # the file whose changes were made to what stands here

    def problem(
        self,
        where: Steps | Place,
        message: str,
        level: Level = "error",
        offset: int = 0,
        key: bool = False,
    ) -> None:
        """Notes a problem at a place, or at a path, which is then named: at its value or its key.

        `offset` are the characters into a rule. What is wrong in itself is not found wrong in other
        ways too.
        """
        if isinstance(where, Place):
            self._note(where, message, level)
        elif not any(where[:n] in self.failed for n in range(len(where) + 1)):
            text = (self.keys if key else self.rules).get(where)
            place = text.at(offset) if text else self.place(where)
            message = spell(where) + message
            if self.changed_by and not place.path:
                message += f" (with the changes of {self.changed_by})"
            self._note(place, message, level)

    def _note(self, place: Place, message: str, level: Level) -> None:
        # Of a file with many errors, warnings are kept, and the other way round.
        if self.is_full and self._count(level) >= yaml_nodes.MOST_PROBLEMS:
            return
        path = place.path or self.name
        self.problems.append(Problem(path, place.line, place.column, message, level))

    def _count(self, level: Level) -> int:
        return sum(problem.level == level for problem in self.problems)

    def fail(self, where: Steps, message: str, kind: Any) -> Any:
        """Notes that there is no value at a path; gives an empty one, so that reading goes on."""
        self.problem(where, message)
        self.mark_missing(where)
        return blank(kind)

    def mark_missing(self, where: Steps) -> None:
        """Notes that there is no value at a path, which is told already."""
        self.failed.add(where)
        self._above.update(where[:n] for n in range(len(where) + 1))

    def is_complete(self, where: Steps) -> bool:
        """Whether no value is missing in what stands at a path."""
        return where not in self._above

    def place(self, steps: Steps) -> Place:
        while steps not in self.places and steps:
            steps = steps[:-1]
        return self.places.get(steps, Place(1, 1))

    @property
    def is_full(self) -> bool:
        """Whether there are so many mistakes that no further ones are looked for."""
        return len(self.problems) >= yaml_nodes.MOST_PROBLEMS

    @property
    def broken(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)


def spell(steps: Steps) -> str:
    text = "".join(map(_spell_step, steps))
    return f"{text.lstrip('.')}: " if text else ""


def _spell_step(step: str | int) -> str:
    return f"[{step + 1}]" if isinstance(step, int) else f".{shorten(step)}"


def load(
    file: SourceFile, kind: type[T] | Any, preset: Mapping[str, Any] | None = None
) -> T | None:
    """The file as `kind`, a dataclass or dict of dataclasses; None where it cannot be read.

    What is missing in it is empty, and told in the file's problems.

    `preset` are fields that do not come from the file.
    """
    node = nodes(file)
    return None if node is None else typing.cast(T, structure(file, node, kind, (), preset or {}))


def nodes(file: SourceFile) -> Node | None:
    """What stands in a file; None where it cannot be read, which is told."""
    try:
        node, problems = yaml_nodes.parse(file.path.read_bytes())
    except SourceError as error:
        file.problem(error.place, error.message)
        return None
    except OSError as error:
        file.problem(Place(1, 1), f"the file cannot be read: {error.strerror}")
        return None
    for place, message in problems:
        file.problem(place, message)
    return node


def structure(
    file: SourceFile, node: Node, kind: Any, steps: Steps, preset: Mapping[str, Any]
) -> Any:
    file.places.setdefault(steps, node.place)
    if isinstance(node, Scalar) and node.cut:
        file.mark_missing(steps)
        return blank(kind)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _structure_union(file, node, args, steps, preset)
    if kind in file.by_name and isinstance(node, Scalar):
        return _structure_name(file, node, file.by_name[kind], steps)
    if is_dataclass(kind) and kind is not Expression:
        return _structure_record(file, node, kind, steps, preset)
    if origin is tuple:
        return _structure_list(file, node, args[0], steps, preset)
    if origin is dict:
        return _structure_dict(file, node, args[1], steps, preset)
    return _structure_scalar(file, node, kind, steps)


def _structure_union(
    file: SourceFile, node: Node, kinds: tuple[Any, ...], steps: Steps, preset: Mapping[str, Any]
) -> Any:
    """`X | None` is X where it stands; of several kinds, the one that fits what stands there."""
    possible = [kind for kind in kinds if kind is not type(None)]
    kind = next((kind for kind in possible if _fits(node, kind)), possible[0])
    return structure(file, node, kind, steps, preset)


def _fits(node: Node, kind: Any) -> bool:
    if get_origin(kind) is tuple:
        return isinstance(node, yaml_nodes.Sequence)
    if get_origin(kind) is dict or is_dataclass(kind):
        return isinstance(node, yaml_nodes.Mapping)
    return isinstance(node, Scalar)


def _structure_record(
    file: SourceFile, node: Node, kind: Any, steps: Steps, preset: Mapping[str, Any]
) -> Any:
    if not isinstance(node, yaml_nodes.Mapping):
        expected = f"keys such as {_required_keys(kind, preset)}"
        return file.fail(steps, f"expected {expected}, found {_in_words(node)}", kind)
    kinds = _kinds(kind)
    values: dict[str, Any] = {name: preset[name] for name in kinds if name in preset}
    open_fields = [field for field in fields(kind) if field.name not in preset]
    names = {key_of(field): field.name for field in open_fields if is_written(field)}
    for key, value in node.items:
        where = (*steps, key.text)
        file.keys[where] = key
        if key.text in names:
            name = names[key.text]
            values[name] = structure(file, value, kinds[name], where, {})
        else:
            file.problem(where, f"this key is not known{suggest(key.text, names)}", key=True)
    missing = [field for field in fields(kind) if field.name not in values and _required(field)]
    for field in missing:
        file.problem(steps, f"the key '{key_of(field)}' is missing")
        file.mark_missing((*steps, key_of(field)))
        values[field.name] = blank(kinds[field.name])
    return kind(**values)


@cache
def _kinds(kind: Any) -> dict[str, Any]:
    """The types of a record's fields."""
    return typing.get_type_hints(kind)


def key_of(field: Field[Any]) -> str:
    """The key that a field stands for: `is_` is `is`."""
    return field.name.rstrip("_")


def is_written(field: Field[Any]) -> bool:
    """Whether a field is a key of the file, and not filled in later."""
    return not field.metadata.get("later")


def _structure_name(
    file: SourceFile, node: Scalar, records: Mapping[str, Any], steps: Steps
) -> Any:
    if not records:  # told of the file that should hold them
        file.mark_missing(steps)
        return blank(Scale)
    if node.text not in records:
        problem = f"'{shorten(node.text)}' is not known{suggest(node.text, records)}"
        return file.fail(steps, problem, Scale)
    return records[node.text]


def _structure_list(
    file: SourceFile, node: Node, kind: Any, steps: Steps, preset: Mapping[str, Any]
) -> Any:
    if not isinstance(node, yaml_nodes.Sequence):
        return file.fail(steps, f"expected a list, found {_in_words(node)}", tuple)
    items = enumerate(node.items)
    return tuple(structure(file, item, kind, (*steps, n), preset) for n, item in items)


def _structure_dict(
    file: SourceFile, node: Node, kind: Any, steps: Steps, preset: Mapping[str, Any]
) -> Any:
    if not isinstance(node, yaml_nodes.Mapping):
        return file.fail(steps, f"expected keys with values, found {_in_words(node)}", dict)
    file.keys.update({(*steps, key.text): key for key, _ in node.items})
    values = {}
    for key, value in node.items:
        values[key.text] = structure(file, value, kind, (*steps, key.text), preset)
    return values


def _structure_scalar(file: SourceFile, node: Node, kind: Any, steps: Steps) -> Any:
    if kind is Any:
        return plain(node)
    if not isinstance(node, Scalar):
        return file.fail(steps, f"expected {_expected(kind)}, found {_in_words(node)}", kind)
    text = node.text if node.quoted else node.text.strip()
    if not text.strip():
        return file.fail(steps, f"expected {_expected(kind)}, found nothing", kind)
    if kind is str:
        return text
    if kind is Expression:
        file.rules[steps] = node
        return Expression(text, [])
    if kind is int and re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    if kind is float and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,17})?", text):
        return float(text) + 0.0
    if kind is bool and text in ("true", "false"):
        return text == "true"
    if get_origin(kind) is Literal and text in get_args(kind):
        return text
    options = get_args(kind) if get_origin(kind) is Literal else ()
    remedy = suggest(text, options) if options else ""
    value = file.fail(steps, f"expected {_expected(kind)}, found '{shorten(text)}'{remedy}", kind)
    # What is meant is read as if it stood there, so that nothing else is told because of it.
    return next((option for option in options if remedy == f"; did you mean '{option}'?"), value)


def blank(kind: Any) -> Any:
    """An empty value of a kind."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return args[0]
    if origin in (typing.Union, types.UnionType):
        return None if type(None) in args else blank(args[0])
    if kind is Expression:
        return Expression("", [])
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: blank(field_kind) for name, field_kind in _kinds(kind).items()})
    return "" if kind is Any else (origin or kind)()


def plain(node: Node) -> Any:
    """A node as JSON has it; `true` and `false` are what they say, all else is text."""
    if isinstance(node, yaml_nodes.Mapping):
        return {key.text: plain(value) for key, value in node.items}
    if isinstance(node, yaml_nodes.Sequence):
        return [plain(item) for item in node.items]
    if node.quoted:
        return node.text
    return {"true": True, "false": False}.get(node.text, node.text)


def _required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _required_keys(kind: Any, preset: Mapping[str, Any]) -> str:
    keys = [
        key_of(field) for field in fields(kind) if _required(field) and field.name not in preset
    ]
    return ", ".join(f"'{key}'" for key in keys)


def _in_words(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"'{shorten(node.text)}'" if node.text else "nothing"
    return "a list" if isinstance(node, yaml_nodes.Sequence) else "keys with values"


def _expected(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(option for option in get_args(kind) if option)
    return {
        int: "a whole number",
        float: "a number such as 3 or 12.5",
        bool: "true or false",
        Expression: "a rule",
    }.get(kind, "text")


# --- the files of a playbook ---------------------------------------------------------------


def load_scales(root: Path) -> tuple[dict[str, Scale], SourceFile]:
    file = SourceFile(root / "assessments" / "scales.yml", root)
    return load(file, dict[str, Scale]) or {}, file


def load_terms(root: Path) -> tuple[dict[str, Term], SourceFile]:
    file = SourceFile(root / "facts" / "glossary.yml", root)
    return load(file, dict[str, Term]) or {}, file


def load_rules(root: Path) -> tuple[dict[str, Rule], SourceFile]:
    file = SourceFile(root / "facts" / "rules.yml", root)
    return load(file, dict[str, Rule]) or {}, file


def assessment_paths(root: Path) -> Iterator[Path]:
    for path in sorted((root / "assessments").glob("*.yml")):
        if path.name not in ("scales.yml", "words.yml"):
            yield path


def load_assessment(
    path: Path, root: Path, scales: Mapping[str, Scale]
) -> tuple[Assessment | None, SourceFile]:
    """An assessment with its rules still as text: `compile_rules` compiles them."""
    file = SourceFile(path, root, by_name={Scale: scales})
    return load(file, Assessment, {"id": path.stem, "engagement": None}), file
