"""The text of a YAML file → nodes that know their place; or problems.

A small part of YAML, in which every value is the text that stands there: no tags, anchors or
merge keys, no duplicate keys. So `No`, `1.10` or a date are never turned into something else
before `loading` gives them the type that the model asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20
Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: ten times as fast


@dataclass(frozen=True)
class Place:
    """Line and column, from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Scalar:
    place: Place
    text: str
    quoted: bool


@dataclass(frozen=True)
class Sequence:
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Mapping:
    place: Place
    items: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Mapping


class SourceError(Exception):
    """A file that cannot be read any further. `message` is a sentence for its author."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def parse(data: bytes) -> tuple[Node, list[tuple[Place, str]]]:
    """The nodes of a file's bytes and the problems met on the way. Raises SourceError where reading ends."""
    reader = _Reader(decode(data))
    try:
        return reader.document(), reader.problems
    except yaml.YAMLError as error:
        raise SourceError(*_explain(error)) from None


def decode(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise SourceError(Place(1, 1), f"the file has {len(data):,} bytes; {MOST_BYTES:,} is the most")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise SourceError(Place(line, column), "this is not UTF-8; save the file as UTF-8") from None


class _Reader:
    def __init__(self, text: str) -> None:
        self.events: Iterator[Any] = yaml.parse(text, Loader=Parser)
        self.problems: list[tuple[Place, str]] = []

    def document(self) -> Node:
        next(self.events)  # the stream's start
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise SourceError(Place(1, 1), "the file is empty")
        node = self.node(next(self.events), depth=1, flow=False)
        next(self.events)  # the document's end
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise SourceError(_place(after), "a second document begins here; a file holds one")
        return node

    def node(self, event: Any, depth: int, flow: bool) -> Node:
        place = _place(event)
        if depth > MOST_DEPTH:
            raise SourceError(place, f"this is nested more than {MOST_DEPTH} levels deep")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            found = f"anchors and aliases ('{event.anchor}') are not used here"
            raise SourceError(place, f"{found}; write the text out, or quote it")
        if event.tag:
            raise SourceError(place, f"tags ('{event.tag}') are not used here; quote the text if the ! belongs to it")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, place, flow)
        flow = flow or bool(event.flow_style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(place, tuple(self.sequence(depth, flow)))
        return Mapping(place, tuple(self.mapping(depth, flow)))

    def scalar(self, event: Any, place: Place, flow: bool) -> Scalar:
        quoted = event.style in ("'", '"')
        # In a flow mapping a comma ends plain text, so `{when: count(red, x) >= 2}` would lose its second half.
        if flow and not quoted and event.value.count("(") != event.value.count(")"):
            self.problems.append((place, f"a bracket is left open in '{event.value}': put the whole text in quotes"))
        return Scalar(place, event.value, quoted)

    def sequence(self, depth: int, flow: bool) -> Iterator[Node]:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1, flow)

    def mapping(self, depth: int, flow: bool) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1, flow)
            value = self.node(next(self.events), depth + 1, flow)
            if not isinstance(key, Scalar):
                raise SourceError(key.place, "a key is one word or text, not a list or mapping")
            if not key.quoted and key.text == "<<":
                self.problems.append((key.place, "merge keys ('<<') are not used here; write the keys out"))
            elif key.text in seen:
                first = seen[key.text].line
                self.problems.append((key.place, f"the key '{key.text}' stands here twice, first in line {first}"))
            else:
                seen[key.text] = key.place
                yield key, value


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _explain(error: yaml.YAMLError) -> tuple[Place, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, problem):
            return place, sentence
    return place, f"this is not YAML: {problem}"


# libyaml's and PyYAML's own words, and what an author can do about it
EXPLANATIONS = (
    (
        r"cannot start any token|tab character",
        "a tab or a sign such as @ or ` stands here; indent with spaces, quote the text",
    ),
    (r"mapping values are not allowed", "a colon and a space stand inside this text; put the whole text in quotes"),
    (r"could not find expected ':'|simple key", "a key without its colon, or text that is indented too little"),
    (r"did not find expected (key|'-' indicator)|<block end>", "the indentation does not fit the lines above"),
    (r"expected (',' or|node content)", "a bracket or brace of a list is not closed"),
    (r"end of stream|unexpected end", "a quote or bracket is not closed before the end of the file"),
    (r"undefined alias|unknown alias", "a word that begins with * is read as an alias; put the text in quotes"),
    (
        r"control characters|special characters are not allowed|unacceptable",
        "a control character stands here; delete it",
    ),
)
