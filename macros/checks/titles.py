"""Titles that YAML takes for something else than text, or for nothing: a site generator stops at
them without a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from macros.checks.configuration import TEXT_TAG, SettingsFile, pair_of
from macros.model import Problem

FRONT_MATTER = re.compile(r"-{3}[ \t]*\n(?P<yaml>.*?\n)(?:-{3}|\.{3})[ \t]*\n", re.DOTALL)


def check_page_titles(docs: Path) -> Iterator[Problem]:
    """The titles in the front matter of pages. What is no YAML there is left to others."""
    for path in sorted(docs.rglob("*.md")):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        front = FRONT_MATTER.match(text)
        if front is None:
            continue
        try:
            node = yaml.compose(front["yaml"], yaml.SafeLoader)
        except yaml.YAMLError:
            continue
        title = pair_of(node, "title") if isinstance(node, yaml.MappingNode) else None
        if title and (message := what_is_wrong(title[1])):
            mark = title[1].start_mark
            name = path.relative_to(docs.parent).as_posix()
            yield Problem(name, mark.line + 2, mark.column + 1, message)


def check_navigation_titles(file: SettingsFile, nav: yaml.Node) -> Iterator[Problem]:
    for entry in nav.value if isinstance(nav, yaml.SequenceNode) else ():
        for key, value in entry.value if isinstance(entry, yaml.MappingNode) else ():
            if message := what_is_wrong(key):
                yield file.problem(key, message)
            yield from check_navigation_titles(file, value)


def what_is_wrong(title: yaml.Node) -> str:
    if not isinstance(title, yaml.ScalarNode):
        return "a title is text, and this is a list or a mapping; put it in quotes"
    if not title.value.strip():
        return "the title is empty; write one, or delete the line"
    if title.tag != TEXT_TAG:
        return f"to YAML '{title.value}' is no text: write it in quotes"
    return ""
