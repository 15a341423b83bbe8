"""The site's settings: mkdocs.yml and the files that it INHERITs from, each mistake with its place.

Which settings there are, the site generator knows: it complains by name, and here each complaint
gets its line, in the file in which the setting stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
import yaml_env_tag

from macros.loading.yaml_nodes import SourceError, decode, explain, shorten
from macros.model import Problem

SETTINGS = "mkdocs.yml"
INHERIT = "INHERIT"
TEXT_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class SettingsFile:
    name: str  # as a problem says it: mkdocs.yml
    node: yaml.MappingNode

    def problem(self, node: yaml.Node, message: str) -> Problem:
        return problem_at(self.name, node.start_mark, message)


@dataclass(frozen=True)
class Complaint:
    """What the site generator finds wrong: the keys that lead there, from the top, and a sentence
    with what may have been meant.
    """

    keys: tuple[str, ...]
    message: str
    suggestion: str = ""
    mark: yaml.Mark | None = None  # where it is, if the generator says so


class EnvironmentLoader(yaml.SafeLoader):
    """Knows `!ENV NAME` and `!ENV [NAME, otherwise]`, as the site generators do."""


yaml_env_tag.add_env_tag(EnvironmentLoader)


def problem_at(name: str, mark: yaml.Mark, message: str) -> Problem:
    return Problem(name, mark.line + 1, mark.column + 1, message)


# Reading


def read_settings(root: Path) -> tuple[list[SettingsFile], list[Problem]]:
    """The files, the nearest first; and a problem where reading ends."""
    files: list[SettingsFile] = []
    path = (root / SETTINGS).resolve()
    if not path.exists():
        return [], [Problem(SETTINGS, 1, 1, "this file is missing")]
    seen: set[Path] = set()
    while path not in seen:
        seen.add(path)
        file = read_file(path, relative_name(path, root))
        if isinstance(file, Problem):
            return files, [file]
        files.append(file)
        inherited = pair_of(file.node, INHERIT)
        if inherited is None:
            return files, []
        value = EnvironmentLoader("").construct_object(inherited[1], deep=True)
        path = (path.parent / str(value or "")).resolve()
        if not path.is_file():
            message = "this names no file"
            if value:
                message = f"there is no file '{shorten(str(value))}'"
            return files, [file.problem(inherited[1], message)]
    return files, [files[-1].problem(files[-1].node, f"{INHERIT} goes in a circle")]


def relative_name(path: Path, root: Path) -> str:
    here = root.resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def read_file(path: Path, name: str) -> SettingsFile | Problem:
    try:
        text = decode(path.read_bytes())
        node = yaml.compose(text, yaml.SafeLoader)
    except OSError as error:
        return Problem(name, 1, 1, f"this cannot be read: {error.strerror}")
    except SourceError as error:
        return Problem(name, error.place.line, error.place.column, error.message)
    except yaml.YAMLError as error:
        place, message = explain(error, text)
        return Problem(name, place.line, place.column, message)
    if not isinstance(node, yaml.MappingNode):
        return Problem(name, 1, 1, "these are no settings; a line of them is 'site_name: A name'")
    return SettingsFile(name, node)


# Finding a place


def pair_of(node: yaml.Node, key: str) -> tuple[yaml.ScalarNode, yaml.Node] | None:
    """A key of a mapping with its value; or an entry of a list that is named so."""
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            if isinstance(entry, yaml.ScalarNode) and entry.value == key:
                return entry, entry
            if isinstance(entry, yaml.MappingNode) and (pair := pair_of(entry, key)):
                return pair
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == key:
                return name, value
    return None


def find(files: Iterable[SettingsFile], key: str) -> tuple[SettingsFile, yaml.Node] | None:
    """What the nearest file sets, and that file."""
    for file in files:
        if pair := pair_of(file.node, key):
            return file, pair[1]
    return None


# What the site generator complains of


def place_complaints(
    root: Path, files: list[SettingsFile], complaints: Iterable[Complaint]
) -> Iterator[Problem]:
    for complaint in complaints:
        if complaint.mark:
            path = Path(str(complaint.mark.name))
            yield problem_at(relative_name(path, root), complaint.mark, complaint.message)
            continue
        file, node = place_of(files, complaint.keys, complaint.message)
        yield file.problem(node, complaint.message + complaint.suggestion)


def place_of(
    files: list[SettingsFile], keys: tuple[str, ...], message: str
) -> tuple[SettingsFile, yaml.Node]:
    """The deepest key that a complaint names, in the nearest file that sets it. A sentence may name
    one more than its keys do, as "the extension 'toc' …" does.
    """
    depths = [(len(path_in(file.node, keys)), file) for file in files]
    depth, file = max(depths, key=lambda each: each[0])
    path = path_in(file.node, keys)
    if not path:
        return files[0], files[0].node
    key, value = path[-1]
    for word in re.findall(r"[\w.-]{2,}\w", message) if depth == len(keys) else ():
        if within := pair_of(value, word):
            return file, within[0]
    return file, key


def path_in(node: yaml.Node, keys: tuple[str, ...]) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """As many of the keys as there are, with their values."""
    pairs = []
    for key in keys:
        pair = pair_of(node, key)
        if pair is None:
            break
        pairs.append(pair)
        node = pair[1]
    return pairs
