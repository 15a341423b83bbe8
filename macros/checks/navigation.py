"""The navigation against the pages that there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from macros.checks.configuration import SETTINGS, SettingsFile, find
from macros.checks.titles import check_navigation_titles
from macros.loading.suggest import suggest
from macros.model import Problem

LEFT_TO_THE_GENERATOR = ("not_in_nav", "exclude_docs", "draft_docs")  # which pages may be missing


def check_navigation(root: Path, files: list[SettingsFile]) -> Iterator[Problem]:
    """Entries without a page, pages without an entry, and names that are no text."""
    setting = find(files, "nav")
    if setting is None:
        return
    file, nav = setting
    if not isinstance(nav, yaml.SequenceNode):
        return  # the generator makes its own, or says what is wrong
    yield from check_navigation_titles(file, nav)
    docs = root / "docs"
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    entries = {leaf.value: leaf for leaf in leaves(nav) if leaf.value.endswith(".md")}
    for name, leaf in entries.items():
        if name not in pages:
            yield file.problem(leaf, f"there is no page '{name}'{suggest(name, pages)}")
    if not any(find(files, key) for key in LEFT_TO_THE_GENERATOR):
        for name in sorted(pages - entries.keys()):
            message = f"this page is not in the navigation: put it under 'nav' in {SETTINGS}"
            yield Problem(f"docs/{name}", 1, 1, message)


def leaves(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """All pages that are named, at any depth."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from leaves(entry)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from leaves(value)
