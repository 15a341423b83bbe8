"""What a path such as `questions.outcome_ownership.answers.green` leads to in the nodes of a file.

A path is made of keys and of the ids of what stands in lists; what has no id is found by its name
or its text. `questions.x` finds x in whichever section it is. Nodes are never changed: `edited`
returns new ones.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from typing import Any, get_args, get_origin

from macros.loading import yaml_nodes
from macros.loading.structure import is_written, key_of
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import Node, Place, Scalar, shorten
from macros.model import Assessment


class NotPossible(Exception):
    """A change that cannot be made. `key` is the one of its keys that is at fault."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


@dataclass(frozen=True)
class NodeLocation:
    """A node within a base: the positions that lead to it, and what the model has there."""

    trail: tuple[int, ...]
    node: Node
    kind: Any


def find(base: yaml_nodes.Mapping, path: str, verb: str) -> NodeLocation:
    """What stands at a path."""
    parent, name = find_parent(base, path, verb)
    return _within(parent, name)


def find_parent(
    base: yaml_nodes.Mapping, path: str, verb: str, new_field: bool = False
) -> tuple[NodeLocation, str]:
    """What holds the last part of a path, and that part's name. An id may have dots in it: a test's
    name has.

    `new_field`: the last part may also be a key that the model knows and the base does not use yet.
    Raises NotPossible, with the key `verb`, where a path does not lead anywhere.
    """
    location, parts = _start(base, path.split("."), verb)
    while True:
        steps, keys = list(names(location.node)), _fields(location.kind)
        length = _longest(steps, parts)
        name = ".".join(parts[: length or 1])
        is_key = isinstance(location.node, yaml_nodes.Mapping) and name in keys
        is_new = new_field and is_key and not length
        if length == len(parts) or (is_new and [name] == parts):
            return location, name
        if not length:
            within = ".".join(path.split(".")[: -len(parts)])
            if new_field:
                steps += keys
            raise NotPossible(verb, _not_there(location.node, name, within, steps))
        location, parts = _within(location, name), parts[length:]


def _start(base: yaml_nodes.Mapping, parts: list[str], verb: str) -> tuple[NodeLocation, list[str]]:
    """Where a path sets out: at the top, or in the list that has its question."""
    top, lists = NodeLocation((), base, Assessment), question_lists(base)
    if parts[0] != "questions" or len(parts) == 1 or not lists:
        return top, parts
    for location in lists:
        if _longest(names(location.node), parts[1:]):
            return location, parts[1:]
    remedy = suggest(parts[1], names_in(lists))
    raise NotPossible(verb, f"there is no question '{shorten(parts[1])}'{remedy}")


def _not_there(node: Node, name: str, within: str, steps: list[str]) -> str:
    where = f"'{shorten(within)}'" if within else "the assessment"
    if isinstance(node, Scalar):
        return f"{where} is text, so there is no '{shorten(name)}' in it"
    return f"there is no '{shorten(name)}' in {where}{suggest(name, dict.fromkeys(steps))}"


def question_lists(base: yaml_nodes.Mapping) -> list[NodeLocation]:
    """The lists of questions of an assessment: its own, or one a section."""
    top = NodeLocation((), base, Assessment)
    holders = [top]
    if "sections" in names(base):
        sections = _within(top, "sections")
        holders += [_within(sections, name) for name in names(sections.node)]
    lists = [
        _within(location, "questions")
        for location in holders
        if "questions" in names(location.node)
    ]
    return [location for location in lists if isinstance(location.node, yaml_nodes.Sequence)]


def _longest(steps: Iterable[str], parts: list[str]) -> int:
    """How many of the parts together are a name that there is; 0 where none are."""
    steps = set(steps)
    for length in range(len(parts), 0, -1):
        if ".".join(parts[:length]) in steps:
            return length
    return 0


def names(node: Node) -> dict[str, int]:
    """How a path can go on from a node, with the positions: by key, id, name or plain text."""
    if isinstance(node, yaml_nodes.Mapping):
        return {key.text: n for n, (key, _) in enumerate(node.items)}
    if isinstance(node, yaml_nodes.Sequence):
        return {name: n for n, item in enumerate(node.items) if (name := name_of(item))}
    return {}


def names_in(locations: Iterable[NodeLocation]) -> list[str]:
    return [name for location in locations for name in names(location.node)]


def name_of(item: Node) -> str:
    if isinstance(item, yaml_nodes.Mapping):
        item = child(item, "id") or child(item, "name") or item
    return item.text.strip() if isinstance(item, Scalar) else ""


def _within(location: NodeLocation, name: str) -> NodeLocation:
    position = names(location.node)[name]
    if isinstance(location.node, yaml_nodes.Mapping):
        node = location.node.items[position][1]
    else:
        node = typing.cast(yaml_nodes.Sequence, location.node).items[position]
    return NodeLocation((*location.trail, position), node, kind_within(location.kind, name, node))


def kind_within(kind: Any, name: str, node: Node | None) -> Any:
    """The kind of what stands in a value of a kind under a name."""
    if is_dataclass(kind):
        return _plain_kind(_fields(kind).get(name), node)
    args = get_args(kind)
    return _plain_kind(args[-1] if get_origin(kind) is dict else args[0], node) if args else None


def _plain_kind(kind: Any, node: Node | None) -> Any:
    """A kind without `None`, and of several the one that a node can be."""
    if get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    kinds = [kind for kind in get_args(kind) if kind is not type(None)]
    lists = [kind for kind in kinds if get_origin(kind) is tuple]
    return lists[0] if lists and isinstance(node, yaml_nodes.Sequence) else kinds[0]


def _fields(kind: Any) -> dict[str, Any]:
    """The keys that a record can have, with their kinds."""
    if not is_dataclass(kind):
        return {}
    kinds = typing.get_type_hints(kind)
    keys = {key_of(field): kinds[field.name] for field in fields(kind) if is_written(field)}
    if kind is Assessment:
        del keys["id"]  # the name of its file
    return keys


def is_required(kind: Any, name: str) -> bool:
    """Whether a record of a kind has to have a key."""
    if not is_dataclass(kind):
        return False
    field = next((field for field in fields(kind) if key_of(field) == name), None)
    if not field:
        return False
    return field.default is MISSING and field.default_factory is MISSING


def holds_several(kind: Any) -> bool:
    return get_origin(kind) in (tuple, dict)


# --- nodes ---------------------------------------------------------------------------------


def child(node: yaml_nodes.Mapping, name: str) -> Node | None:
    return next((value for key, value in node.items if key.text == name), None)


def with_child(node: Node, name: str, value: Node, key: Scalar | None = None) -> yaml_nodes.Mapping:
    """The mapping with another value under a key, which comes last where it is new."""
    assert isinstance(node, yaml_nodes.Mapping)
    if child(node, name) is None:
        new_key = key or Scalar(value.place, name, quoted=False)
        return replace(node, items=(*node.items, (new_key, value)))
    items = ((key, value if key.text == name else old_value) for key, old_value in node.items)
    return replace(node, items=tuple(items))


def spliced(node: Node, where: slice, items: tuple[Any, ...]) -> Node:
    """A list or mapping with other items in the place of some."""
    assert isinstance(node, yaml_nodes.Mapping | yaml_nodes.Sequence)
    all_items: list[Any] = list(node.items)
    all_items[where] = items
    return type(node)(node.place, tuple(all_items))


def edited(
    base: yaml_nodes.Mapping, trail: tuple[int, ...], change: Callable[[Node], Node]
) -> yaml_nodes.Mapping:
    """The base with what is at the end of a trail changed."""

    def at(node: Node, trail: tuple[int, ...]) -> Node:
        if not trail:
            return change(node)
        n, further = trail[0], trail[1:]
        item: Any
        if isinstance(node, yaml_nodes.Mapping):
            key, value = node.items[n]
            item = (key, at(value, further))
        else:
            assert isinstance(node, yaml_nodes.Sequence)
            item = at(node.items[n], further)
        return spliced(node, slice(n, n + 1), (item,))

    return typing.cast(yaml_nodes.Mapping, at(base, trail))


def empty(kind: Any, place: Place) -> Node:
    """A list or keys without anything in them, as a kind of the model asks for."""
    if get_origin(kind) is tuple:
        return yaml_nodes.Sequence(place, ())
    return yaml_nodes.Mapping(place, ())


def with_path(node: Any, path: str) -> Any:
    """The node and all within it, with the file that they are from."""
    place = replace(node.place, path=path)
    if isinstance(node, yaml_nodes.Mapping):
        pairs = ((with_path(key, path), with_path(value, path)) for key, value in node.items)
        return yaml_nodes.Mapping(place, tuple(pairs))
    if isinstance(node, yaml_nodes.Sequence):
        return yaml_nodes.Sequence(place, tuple(with_path(item, path) for item in node.items))
    return replace(node, place=place)
