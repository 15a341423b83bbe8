"""An engagement's own wording over an assessment, in a file of its own:
assessments/engagement/<id>.yml.

An overlay says which assessment it `extends` and lists its changes. They are made on the nodes of
the base's file, so that the whole then goes through the same loading and checking as any
assessment, and each problem is told in the file it came from. A file of that folder that extends
nothing is an assessment of its own.

A change names what it touches by a path of keys and ids:
`questions.outcome_ownership.answers.green`, `verdicts.stall.when`, `tests.two reds on other lines`.
`questions.x` finds x in whichever section it is.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from macros.loading import structure, yaml_nodes
from macros.loading.node_paths import (
    NodeLocation,
    NotPossible,
    child,
    edited,
    empty,
    find,
    find_parent,
    holds_several,
    is_required,
    kind_within,
    name_of,
    names,
    names_in,
    question_lists,
    spliced,
    with_child,
    with_path,
)
from macros.loading.structure import SourceFile, Steps
from macros.loading.suggest import suggest
from macros.loading.words import OWN_WORDS
from macros.loading.yaml_nodes import Node, Place, Scalar, shorten
from macros.model import Assessment, Change, Doc, Engagement, Scale

FOLDER = Path("assessments", "engagement")
VERBS = ("set", "add", "remove")


@dataclass(frozen=True)
class Edit:
    """One change as it stands in an overlay, without what an `add` brings: that keeps its nodes."""

    because: str
    set: str = ""
    to: Any = None
    add: str = ""
    after: str = ""
    before: str = ""
    remove: str = ""


@dataclass(frozen=True)
class Overlay:
    """What an overlay says; `tests` replace those of the base."""

    extends: Annotated[str, Doc("the id of an assessment")]
    of_version: Annotated[int, Doc("the version that it was written for")]
    because: str
    changes: tuple[Edit, ...] = ()
    tests: Any = None


@dataclass
class OverlayFile:
    """An overlay's file: its nodes, and what they say."""

    file: SourceFile
    node: yaml_nodes.Mapping
    says: Overlay


# --- the assessments of a playbook ---------------------------------------------------------


@dataclass
class Plan:
    """Which files make a playbook's assessments: by id its own file, and the overlay over it."""

    bases: dict[str, Path]
    overlays: dict[str, OverlayFile]
    unused: Annotated[
        list[SourceFile],
        Doc("overlays and assessments that nothing can be made of, which their problems tell"),
    ]

    def files_of(self, id: str) -> list[Path]:
        """What an assessment is made of."""
        over = self.overlays.get(id)
        return [self.bases[id], *([over.file.path] if over else [])]


def read_assessment(
    id: str, plan: Plan, root: Path, scales: Mapping[str, Scale]
) -> tuple[Assessment | None, SourceFile]:
    """An assessment, an engagement's changes made to it, with the file that has its problems."""
    if id not in plan.overlays:
        return structure.load_assessment(plan.bases[id], root, scales)
    return load_merged(plan.bases[id], root, scales, plan.overlays[id])


def plan_of(root: Path) -> Plan:
    """Every file of an engagement's folder with what it extends, or as an assessment of its own."""
    shipped = {path.stem: path for path in structure.assessment_paths(root)}
    plan = Plan(dict(shipped), {}, [])
    for path in sorted({*(root / FOLDER).glob("*.yml")} - {root / OWN_WORDS}):
        file = SourceFile(path, root)
        node = structure.nodes(file)
        if isinstance(node, yaml_nodes.Mapping) and _is_overlay(node):
            if not _extends(OverlayFile(file, node, _read(file, node)), shipped, plan.overlays):
                plan.unused.append(file)
        elif path.stem in shipped:
            _tell_same_name(file, path.stem)
            plan.unused.append(file)
        else:
            plan.bases[path.stem] = path
    return plan


def load_merged(
    path: Path, root: Path, scales: Mapping[str, Scale], overlay: OverlayFile
) -> tuple[Assessment | None, SourceFile]:
    """The assessment of a file with an overlay's changes; the file has the problems of both."""
    file = SourceFile(path, root, by_name={Scale: scales})
    node = structure.nodes(file)
    if not isinstance(node, yaml_nodes.Mapping):
        file.problems += overlay.file.problems
        return None, file
    _check_version(overlay, node, path.stem)
    merged = merge(node, overlay)
    file.problems += overlay.file.problems
    file.changed_by = overlay.file.name
    preset = {"id": path.stem, "engagement": _engagement(overlay)}
    assessment = structure.structure(file, merged, Assessment, (), preset)
    return typing.cast(Assessment, assessment), file


def _is_overlay(node: yaml_nodes.Mapping) -> bool:
    return any(key.text in ("extends", "of_version") for key, _ in node.items)


def _tell_same_name(file: SourceFile, id: str) -> None:
    if not file.problems:  # otherwise it may be an overlay that cannot be read
        remedy = f"write 'extends: {id}' and the changes, or give this file another name"
        file.problem(Place(1, 1), f"assessments/{id}.yml has this name too; {remedy}")


def _extends(overlay: OverlayFile, bases: Mapping[str, Path], over: dict[str, OverlayFile]) -> bool:
    """Whether there is a base for an overlay, which is then noted in `over`."""
    base = overlay.says.extends
    if not overlay.file.is_complete(("extends",)):
        return False
    if base not in bases:
        problem = f"there is no assessments/{shorten(base)}.yml{suggest(base, bases)}"
        overlay.file.problem(("extends",), problem)
    elif base in over:
        problem = f"{over[base].file.name} changes '{base}' already; put all changes into one file"
        overlay.file.problem(("extends",), problem)
    else:
        over[base] = overlay
        return True
    return False


def _check_version(overlay: OverlayFile, base: yaml_nodes.Mapping, id: str) -> None:
    node = child(base, "version")
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if not re.fullmatch(r"[0-9]{1,9}", text) or not overlay.file.is_complete(("of_version",)):
        return  # told where it is
    version, of_version = int(text), overlay.says.of_version
    if of_version > version:
        problem = f"'{id}' is at version {version}; there is no version {of_version} yet"
        overlay.file.problem(("of_version",), problem)
    elif of_version < version:
        changes = f"{_later(of_version, version)}{_changes_since(base, of_version)}"
        remedy = f"read the changes of {changes} and raise of_version to {version}"
        problem = f"'{id}' is at version {version}, and this was written for {of_version}"
        overlay.file.problem(("of_version",), f"{problem}; {remedy}")


def _later(of_version: int, version: int) -> str:
    """The versions that came after one."""
    if version == of_version + 1:
        return f"version {version}"
    joint = "and" if version == of_version + 2 else "to"
    return f"versions {of_version + 1} {joint} {version}"


def _changes_since(base: yaml_nodes.Mapping, of_version: int) -> str:
    """What the base's file says about its later versions, in brackets."""
    changes = child(base, "changes")
    if not isinstance(changes, yaml_nodes.Mapping):
        return ""
    sentences = []
    for key, value in changes.items:
        is_later = key.text.isdigit() and int(key.text) > of_version
        if is_later and isinstance(value, Scalar):
            sentences.append(f"{key.text}: {shorten(value.text.strip())}")
    return f" ({'; '.join(sentences)})" if sentences else ""


def _engagement(overlay: OverlayFile) -> Engagement:
    changes = [
        Change(edit.because, edit.set, edit.to, edit.add, edit.after, edit.remove)
        for edit in overlay.says.changes
    ]
    return Engagement(overlay.says.because, tuple(changes), overlay.file.name)


# --- reading an overlay --------------------------------------------------------------------


def _read(file: SourceFile, node: yaml_nodes.Mapping) -> Overlay:
    """The overlay, and in its file every problem that can be seen without the base."""
    changes = child(node, "changes")
    if isinstance(changes, yaml_nodes.Sequence):
        plain = replace(changes, items=tuple(_without_item(change) for change in changes.items))
        node = with_child(node, "changes", plain)
    overlay = typing.cast(Overlay, structure.structure(file, node, Overlay, (), {}))
    if isinstance(changes, yaml_nodes.Sequence):
        for n, change in enumerate(changes.items):
            if isinstance(change, yaml_nodes.Mapping):
                _check_keys(file, change, ("changes", n))
    return _with_added(overlay, changes)


def _without_item(change: Node) -> Node:
    """A change without the key that holds what is added."""
    if not isinstance(change, yaml_nodes.Mapping) or child(change, "add") is None:
        return change
    fields = typing.get_type_hints(Edit)
    return replace(change, items=tuple(item for item in change.items if item[0].text in fields))


def _check_keys(file: SourceFile, change: yaml_nodes.Mapping, where: Steps) -> None:
    """A change sets, adds or removes, and has the keys that belong to it."""
    keys = [key.text for key, _ in change.items]
    verbs = [key for key in keys if key in VERBS]
    if len(verbs) != 1:
        finding = f"found '{verbs[0]}' and '{verbs[1]}'" if verbs else "found none of them"
        file.problem(where, f"a change has one of the keys 'set', 'add' and 'remove'; {finding}")
        file.mark_missing(where)
        return
    [verb] = verbs
    companions = {"set": ("to",), "add": ("after", "before"), "remove": ()}[verb]
    for key in keys:
        if key in ("to", "after", "before") and key not in companions:
            file.problem((*where, key), f"'{key}' does not go with '{verb}'", key=True)
    if verb == "set" and "to" not in keys:
        file.problem(where, "the key 'to' is missing: what stands there from now on")
        file.mark_missing(where)
    if verb == "add":
        _check_added(file, change, where)


def _check_added(file: SourceFile, change: yaml_nodes.Mapping, where: Steps) -> None:
    fields = typing.get_type_hints(Edit)
    keys = {key.text: key for key, _ in change.items if key.text not in fields}
    path = child(change, "add")
    expected = item_key(path.text) if isinstance(path, Scalar) else ""
    file.keys.update({(*where, text): key for text, key in keys.items()})
    for key in keys:
        if key != expected:
            problem = f"this key is not known{suggest(key, [expected])}"
            file.problem((*where, key), problem, key=True)
    if not keys:
        file.problem(where, f"the key '{expected}' is missing: what is added")
    if expected not in keys:
        file.mark_missing(where)
    if {"after", "before"} <= {key.text for key, _ in change.items}:
        file.problem((*where, "before"), "'after' says already where it goes", key=True)


def _with_added(overlay: Overlay, changes: Node | None) -> Overlay:
    """The overlay with what its changes add as their `to`, for the list that a reader sees."""
    if not isinstance(changes, yaml_nodes.Sequence) or len(changes.items) != len(overlay.changes):
        return overlay
    pairs = zip(changes.items, overlay.changes, strict=True)
    return replace(overlay, changes=tuple(_edit_with_item(node, edit) for node, edit in pairs))


def _edit_with_item(change: Node, edit: Edit) -> Edit:
    if not isinstance(change, yaml_nodes.Mapping) or not edit.add:
        return edit
    item = child(change, item_key(edit.add))
    return replace(edit, to=structure.plain(item)) if item else edit


def item_key(path: str) -> str:
    """The key that holds what is added to a list: `question` for `sections.data.questions`."""
    name = path.rpartition(".")[2]
    return name[:-1] if name.endswith("s") else name


# --- making the changes --------------------------------------------------------------------


def merge(base: yaml_nodes.Mapping, overlay: OverlayFile) -> yaml_nodes.Mapping:
    """The base's nodes with each change that can be made; others are told where they stand."""
    changes, file = child(overlay.node, "changes"), overlay.file
    items = changes.items if isinstance(changes, yaml_nodes.Sequence) else ()
    for n, (item, edit) in enumerate(zip(items, overlay.says.changes, strict=False)):
        if not isinstance(item, yaml_nodes.Mapping) or ("changes", n) in file.failed:
            continue
        try:
            base = _made(base, with_path(item, file.name), edit)
        except NotPossible as error:
            file.problem(("changes", n, error.key), error.message)
    tests = child(overlay.node, "tests")
    return base if tests is None else with_child(base, "tests", with_path(tests, file.name))


def _made(base: yaml_nodes.Mapping, change: yaml_nodes.Mapping, edit: Edit) -> yaml_nodes.Mapping:
    """The base with one change made."""
    if edit.set:
        return _set(base, edit.set, change.items)
    if edit.add:
        return _add(base, edit, child(change, item_key(edit.add)))
    return _remove(base, edit.remove) if edit.remove else base


def _set(
    base: yaml_nodes.Mapping, path: str, change: tuple[tuple[Scalar, Node], ...]
) -> yaml_nodes.Mapping:
    values = {key.text: node for key, node in change}
    to = values["to"]
    parent, name = find_parent(base, path, "set", new_field=True)
    if name == "id" or (name == "version" and not parent.trail):
        reason = "saved readings go by it" if name == "id" else "it counts the changes of the base"
        raise NotPossible("set", f"'{shorten(path)}' stays as it is: {reason}")
    if isinstance(parent.node, yaml_nodes.Mapping):
        key = Scalar(values["set"].place, name, quoted=False)
        return edited(base, parent.trail, lambda node: with_child(node, name, to, key))
    location = find(base, path, "set")
    if not isinstance(location.node, Scalar) and name_of(to) != name:
        remedy = "remove it and add another instead"
        raise NotPossible("to", f"what stands here keeps its id '{shorten(name)}'; {remedy}")
    return edited(base, location.trail, lambda _: to)


def _remove(base: yaml_nodes.Mapping, path: str) -> yaml_nodes.Mapping:
    parent, name = find_parent(base, path, "remove")
    if is_required(parent.kind, name):
        raise NotPossible("remove", f"'{shorten(path)}' has to be there; 'set' changes it")
    position = names(parent.node)[name]
    return edited(base, parent.trail, lambda node: spliced(node, slice(position, position + 1), ()))


def _add(base: yaml_nodes.Mapping, edit: Edit, item: Node | None) -> yaml_nodes.Mapping:
    key, beside = ("before", edit.before) if edit.before else ("after", edit.after)
    base, location = _list_for(base, edit.add, key, beside)
    positions = names(location.node)
    items = _items_of(location.node, edit.add, item)
    for new_item in items:
        name = name_of(new_item[0] if isinstance(new_item, tuple) else new_item)
        if name in positions:
            problem = f"'{shorten(name)}' is in '{edit.add}' already; 'set' changes it"
            raise NotPossible("add", problem)
    if beside and beside not in positions:
        problem = f"'{shorten(beside)}' is not in '{edit.add}'{suggest(beside, positions)}"
        raise NotPossible(key, problem)
    position = positions[beside] + (key == "after") if beside else _end(location.node)
    return edited(
        base, location.trail, lambda node: spliced(node, slice(position, position), items)
    )


def _items_of(target: Node, path: str, item: Node | None) -> tuple[Any, ...]:
    """What an `add` puts into a list or among keys."""
    if isinstance(target, yaml_nodes.Sequence):
        return (item,)
    if not isinstance(item, yaml_nodes.Mapping):
        problem = f"'{item_key(path)}' has a name and its value, as they stand in '{path}'"
        raise NotPossible("add", problem)
    return item.items


def _end(node: Node) -> int:
    """Where something is added at the end: before a last one that says `otherwise`."""
    items = () if isinstance(node, Scalar) else node.items
    last = items[-1] if items else None
    return len(items) - bool(isinstance(last, yaml_nodes.Mapping) and child(last, "otherwise"))


def _list_for(
    base: yaml_nodes.Mapping, path: str, key: str, beside: str
) -> tuple[yaml_nodes.Mapping, NodeLocation]:
    """The list or the keys that an `add` adds to, made where they can be there and are not."""
    if path == "questions" and child(base, "sections") is not None:
        return base, _section_of(base, key, beside)
    parent, name = find_parent(base, path, "add", new_field=True)
    if name not in names(parent.node):
        kind = kind_within(parent.kind, name, None)
        if not holds_several(kind):
            raise NotPossible("add", f"'{path}' is one value; 'set' gives it")
        new_list = empty(kind, base.place)
        base = edited(base, parent.trail, lambda node: with_child(node, name, new_list))
    location = find(base, path, "add")
    if isinstance(location.node, Scalar) or not holds_several(location.kind):
        raise NotPossible("add", f"'{path}' is one value; 'set' changes it")
    return base, location


def _section_of(base: yaml_nodes.Mapping, key: str, beside: str) -> NodeLocation:
    """The list with the question beside which another is to stand."""
    lists = question_lists(base)
    if not beside:
        remedy = "name one, as in 'sections.data.questions', or a question with 'after'"
        raise NotPossible("add", f"the questions are in sections; {remedy}")
    for location in lists:
        if beside in names(location.node):
            return location
    remedy = suggest(beside, names_in(lists))
    raise NotPossible(key, f"'{shorten(beside)}' is not in 'questions'{remedy}")
