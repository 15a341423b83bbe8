"""Scripts and styles of ours that a fork's mkdocs.yml still names: pages load them themselves."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from macros.checks.configuration import SettingsFile, pair_of
from macros.model import Problem

# What mkdocs.yml named in 0.1.0, and before 0.2.0 last: without `.js` and `.css`.
FORMERLY_NAMED = {
    "assets": "brand",
    "assets/frame": "frame frame-print tokens",
    "assets/assessment": "answers assessment desk expressions fields further keeping measures"
    " notices outcomes print readings results score scored screen speaking states storage"
    " worksheet",
}

Deletion = tuple[int, str]  # a line; and a name in it, where the rest of the line stays
SCRIPT_LISTS = ("extra_css", "extra_javascript")


def check_scripts(files: list[SettingsFile]) -> Iterator[Problem]:
    """A problem for each file that names scripts or styles of ours, with all that is to go."""
    for file in files:
        pairs = [pair for key in SCRIPT_LISTS if (pair := pair_of(file.node, key))]
        deletions = [deletion for key, entries in pairs for deletion in deletions_in(key, entries)]
        if deletions:
            reason = "pages load the scripts and styles of the playbook by themselves"
            line = min(line for line, _ in deletions)
            yield Problem(file.name, line, 1, f"{reason}: delete {spoken(deletions)}")


def deletions_in(key: yaml.Node, entries: yaml.Node) -> Iterator[Deletion]:
    """What of a list is ours: whole lines, with the key's own where nothing else is named."""
    if not isinstance(entries, yaml.SequenceNode):
        return
    every = entries.value
    ours = [entry for entry in every if is_ours(entry)]
    if ours and len(ours) == len(every):
        lines = range(key.start_mark.line, last_line(entries) + 1)
        yield from ((line + 1, "") for line in lines)
        return
    for entry in ours:
        if entries.flow_style:  # it shares its line with what stays
            yield entry.start_mark.line + 1, file_named(entry)
        else:
            lines = range(entry.start_mark.line, last_line(entry) + 1)
            yield from ((line + 1, "") for line in lines)


def last_line(node: yaml.Node) -> int:
    """The last line of a node, from 0; a block ends for YAML only where the next one begins."""
    while node.value and isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.line)


def is_ours(entry: yaml.Node) -> bool:
    folder, _, name = file_named(entry).rpartition("/")
    stem, _, kind = name.rpartition(".")
    return kind in ("css", "js") and stem in FORMERLY_NAMED.get(folder, "").split()


def file_named(entry: yaml.Node) -> str:
    """The file that an entry names, by itself or as its `path`."""
    if isinstance(entry, yaml.ScalarNode):
        return str(entry.value)
    path = pair_of(entry, "path")
    return str(path[1].value) if path and isinstance(path[1], yaml.ScalarNode) else ""


def spoken(deletions: list[Deletion]) -> str:
    """`lines 4–6 and 9`, or `assets/frame/frame.css in line 5`."""
    lines = sorted({line for line, name in deletions if not name})
    texts = [f"{name} in line {line}" for line, name in deletions if name]
    spans = [str(first) if first == last else f"{first}–{last}" for first, last in spans_of(lines)]
    if lines:
        listed = " and ".join(filter(None, [", ".join(spans[:-1]), spans[-1]]))
        texts.insert(0, f"line{'s' if len(lines) > 1 else ''} {listed}")
    return ", ".join(texts)


def spans_of(lines: list[int]) -> list[tuple[int, int]]:
    """Lines that follow each other, as their first and last."""
    spans: list[tuple[int, int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], line)
        else:
            spans.append((line, line))
    return spans
