"""The navigation in mkdocs.yml against the pages that there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from macros.loading.suggest import suggest
from macros.model import Problem

SETTINGS = "mkdocs.yml"
LEFT_TO_THE_GENERATOR = ("not_in_nav", "exclude_docs", "draft_docs")  # which pages may be missing


def check_navigation(root: Path) -> Iterator[Problem]:
    """Entries without a page, and pages without an entry. What is not YAML is left to the site
    generator.
    """
    try:
        settings = yaml.compose((root / SETTINGS).read_text(encoding="utf-8"), yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    keys = (
        {key.value: value for key, value in settings.value}
        if isinstance(settings, yaml.MappingNode)
        else {}
    )
    if "nav" not in keys:
        return
    pages = {path.relative_to(root / "docs").as_posix() for path in (root / "docs").rglob("*.md")}
    entries = {
        leaf.value: leaf.start_mark for leaf in _leaves(keys["nav"]) if leaf.value.endswith(".md")
    }
    for name, mark in entries.items():
        if name not in pages:
            told = f"there is no page '{name}'{suggest(name, pages)}"
            yield Problem(SETTINGS, mark.line + 1, mark.column + 1, told)
    if not keys.keys() & set(LEFT_TO_THE_GENERATOR):
        for name in sorted(pages - entries.keys()):
            yield Problem(
                f"docs/{name}",
                1,
                1,
                f"this page is not in the navigation: put it under 'nav' in {SETTINGS}",
            )


def _leaves(node: Any) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    for child in () if isinstance(node, yaml.ScalarNode) else node.value:
        yield from _leaves(child[1] if isinstance(child, tuple) else child)
