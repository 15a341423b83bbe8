"""The text of a YAML file → nodes that know their place; or problems.

A small part of YAML, in which every value is the text that stands there: no tags, anchors or
merge keys, no duplicate keys. So `No`, `1.10` or a date are never turned into something else
before `structure` gives them the type that the model asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import yaml

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20
MOST_ITEMS = 2000  # entries of a list or keys of a mapping
MOST_VALUES = 100_000  # keys, texts, lists and mappings of a file
MOST_PROBLEMS = 1_000  # of a file: nobody reads more in one go
MOST_QUOTED = 80  # characters of the author's text in a problem
# libyaml where the wheel has it: ten times as fast
Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Place:
    """Line and column, from 1; and the file, where it is not the one that is being read."""

    line: int
    column: int
    path: str = ""


@dataclass(frozen=True)
class Scalar:
    place: Place
    text: str
    quoted: bool
    source: str = ""  # as it stands in the file, with its quotes and line breaks
    cut: bool = False  # half of a text that a comma has cut, which is told

    def at(self, offset: int) -> Place:
        """The place in the file of a character of the text: it may be quoted, or on more lines."""
        text = self.text if self.quoted else self.text.strip()
        block = re.match(r"[|>].*", self.source)
        at = block.end() if block else int(self.quoted)
        for sign in "".join(text[:offset].split()):
            at = max(at, self.source.find(sign, at) + 1)
        if text[offset:].strip():
            at += len(self.source[at:]) - len(self.source[at:].lstrip(" \t\r\n\\"))
        end = _end(self.source[:at])
        first = self.place.column - 1 if end.line == 1 else 0
        return Place(self.place.line + end.line - 1, first + end.column, self.place.path)


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
    """The nodes of a file, and problems met on the way. Raises SourceError where reading ends."""
    reader = _Reader(decode(data))
    try:
        return reader.document(), reader.problems
    except yaml.YAMLError as error:
        raise SourceError(*explain(error, reader.text)) from None


def decode(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        problem = f"the file has {len(data):,} bytes; {MOST_BYTES:,} is the most"
        raise SourceError(Place(1, 1), problem)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        raise SourceError(_end(before), "this is not UTF-8; save the file as UTF-8") from None
    if sign := INVISIBLE.search(text):
        problem = f"{_code_point(sign[0])} stands here; delete it"
        raise SourceError(_end(text[: sign.start()]), problem)
    return text


# Control characters, line ends that YAML knows and editors do not, what turns the direction of
# other text around, and code points that are no characters.
INVISIBLE = re.compile(
    "[^\t\n\r -~\xa0-\u2027\u202f-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
COMMENT = re.compile(r"[ \t]+#(?=[^\s#!])[^\r\n]{0,20}")  # without a space behind the #


def shorten(text: str) -> str:
    """A text as a problem quotes it, on one line: it may be a megabyte instead of a word."""
    text = " ".join(text[: 2 * MOST_QUOTED].split())
    return text if len(text) <= MOST_QUOTED else text[:MOST_QUOTED] + "…"


def _code_point(sign: str) -> str:
    return f"an invisible character (U+{ord(sign):04X})"


def _end(text: str) -> Place:
    """The place behind a text."""
    lines = re.split("\r\n|\r|\n", text)
    return Place(len(lines), len(lines[-1]) + 1)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.events: Iterator[Any] = yaml.parse(text, Loader=Parser)
        self.problems: list[tuple[Place, str]] = []
        self.values = 0
        self.is_half = False  # the other half of a cut text is still to come

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
        self.values += 1
        if self.values > MOST_VALUES:
            problem = f"this file holds more than {MOST_VALUES:,} values, which is too much for one"
            raise SourceError(place, problem)
        if len(self.problems) > MOST_PROBLEMS:
            last = self.problems[-1][1]
            problem = f"there are more than {MOST_PROBLEMS:,} mistakes up to here: {last}"
            raise SourceError(place, problem)
        if depth > MOST_DEPTH:
            raise SourceError(place, f"this is nested more than {MOST_DEPTH} levels deep")
        if event.anchor:
            problem = f"anchors and aliases ('{shorten(event.anchor)}') are not used here"
            self.problems.append((place, f"{problem}; write the text out, or quote it"))
        if isinstance(event, yaml.AliasEvent):
            return Scalar(place, f"*{event.anchor}", quoted=True)
        if event.tag:
            problem = f"tags ('{shorten(event.tag)}') are not used here"
            self.problems.append((place, f"{problem}; quote the text if the ! belongs to it"))
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, place, flow)
        flow = flow or bool(event.flow_style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(place, tuple(self.sequence(depth, flow)))
        return Mapping(place, tuple(self.mapping(depth, flow)))

    def scalar(self, event: Any, place: Place, flow: bool) -> Scalar:
        quoted = event.style in ("'", '"')
        if sign := INVISIBLE.search(event.value):  # written as an escape in quotes
            problem = f"{_code_point(sign[0])} is written in this text; delete it"
            self.problems.append((place, problem))
        cut = flow and not quoted and self.is_cut(event.value, place)
        start, end = event.start_mark.index, event.end_mark.index
        if comment := COMMENT.match(self.text, end):
            problem = f"'{shorten(comment[0])}' is read as a comment"
            remedy = "put the whole text in quotes, or a space behind the #"
            self.problems.append((_mark(event.end_mark), f"{problem}: {remedy}"))
        return Scalar(place, event.value, quoted, self.text[start:end], cut)

    def is_cut(self, text: str, place: Place) -> bool:
        """In a flow mapping a comma ends plain text: `{when: count(red, x) >= 2}` loses a half."""
        opened = text.count("(") - text.count(")")
        remedy = "put the whole text in quotes"
        if opened > 0:
            problem = f"a bracket is left open in '{shorten(text)}', as a comma ends it"
            self.problems.append((place, f"{problem}: {remedy}"))
        elif opened < 0 and not self.is_half:
            problem = f"a bracket is closed in '{shorten(text)}' that was not opened"
            self.problems.append((place, f"{problem}: {remedy}"))
        self.is_half = opened > 0 or (self.is_half and opened == 0)
        return opened != 0

    def stop_at_most(self, n: int, event: Any) -> None:
        if n >= MOST_ITEMS:
            raise SourceError(_place(event), f"there are more than {MOST_ITEMS:,} entries here")

    def sequence(self, depth: int, flow: bool) -> Iterator[Node]:
        for n in count():
            if isinstance(event := next(self.events), yaml.SequenceEndEvent):
                return
            self.stop_at_most(n, event)
            yield self.node(event, depth + 1, flow)

    def mapping(self, depth: int, flow: bool) -> Iterator[tuple[Scalar, Node]]:
        first_places: dict[str, Place] = {}
        for n in count():
            if isinstance(event := next(self.events), yaml.MappingEndEvent):
                return
            self.stop_at_most(n, event)
            key = self.node(event, depth + 1, flow)
            value = self.node(next(self.events), depth + 1, flow)
            if not isinstance(key, Scalar):
                raise SourceError(key.place, "a key is one word or text, not a list or mapping")
            if key.cut:
                continue
            if not key.quoted and key.text == "<<":
                problem = "merge keys ('<<') are not used here; write the keys out"
                self.problems.append((key.place, problem))
            elif key.text in first_places:
                line = first_places[key.text].line
                problem = f"the key '{shorten(key.text)}' stands here twice, first in line {line}"
                self.problems.append((key.place, problem))
            else:
                first_places[key.text] = key.place
                yield key, value


def _place(event: Any) -> Place:
    return _mark(event.start_mark)


def explain(error: yaml.YAMLError, text: str) -> tuple[Place, str]:
    """Where a text is no YAML, and what its author can do about it."""
    end, start = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if end and re.search(r"expected (',' or)", problem) and _is_behind_quote(text[: end.index]):
        return _mark(end), BEHIND_QUOTE
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, problem):
            return _mark(start if "opened here" in sentence else end), sentence
    return _mark(end or start), f"this is not YAML: {problem}"


def _is_behind_quote(text: str) -> bool:
    return text.rstrip(" ").endswith(("'", '"'))


def _mark(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


BEHIND_QUOTE = "text stands behind a closing quote; put the whole text in quotes of the other kind"
# libyaml's and PyYAML's own words, and what an author can do about it
EXPLANATIONS = (
    (
        r"cannot start any token|tab character",
        "a tab or a sign such as @ or ` stands here; indent with spaces, quote the text",
    ),
    (
        r"mapping values are not allowed",
        "a colon stands where no key can; put the whole text in quotes, or mend the indentation",
    ),
    (
        r"could not find expected ':'|simple key",
        "the key opened here has no colon, or its text is indented too little",
    ),
    (r"expected (',' or)", "the bracket or brace opened here is not closed"),
    (
        r"end of stream|unexpected end|document (indicator|separator)",
        "the quote opened here is not closed",
    ),
    (
        r"node content",
        "a value is missing before this sign; put the text in quotes if the sign belongs to it",
    ),
    (
        r"expected (key|'-' indicator)|<block end>",
        "the indentation does not fit the lines above, or text stands behind a closing quote",
    ),
    (r"<document start>", "text stands behind the end of the document"),
    (
        r"unknown escape",
        "in double quotes \\ begins an escape, and this one is not known; use single quotes",
    ),
    (
        r"alphabetic or numeric",
        "a word that begins with * or & is read as an alias; put the text in quotes",
    ),
    (r"comment or (a )?line break", "the text of | or > begins on the next line"),
)
