"""What the pages call: each macro with the id it names, where it stands, and whether there is such
a thing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.loading.suggest import suggest
from macros.model import Problem

CALL = re.compile(r"""\{\{-?\s*(?P<macro>\w+)\(\s*(?P<quote>["'])(?P<id>[^"'\n]*)(?P=quote)""")
RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)


@dataclass(frozen=True)
class Call:
    """`{{ term("pilot") }}` in a page: lines and columns count from 1."""

    page: str  # read/diagnostic
    line: int
    column: int
    macro: str
    id: str


def calls_of(docs: Path) -> Iterator[Call]:
    """All calls of macros with an id in quotes, page by page."""
    for path in sorted(docs.rglob("*.md")):
        page = path.relative_to(docs).with_suffix("").as_posix()
        text = _without_raw(path.read_text(encoding="utf-8", errors="replace"))
        for line, content in enumerate(text.splitlines(), 1):
            for call in CALL.finditer(content):
                yield Call(page, line, call.start("id") + 1, call["macro"], call["id"])


def _without_raw(text: str) -> str:
    """Nothing is called in what stands between `raw` and `endraw`; every line stays where it is."""
    return RAW.sub(lambda raw: "\n" * raw[0].count("\n"), text)


def pages_of_forms(docs: Path) -> dict[str, str]:
    """`gap-reading-diagnostic` → `read/diagnostic`: the page on which an assessment stands."""
    pages: dict[str, str] = {}
    for call in calls_of(docs):
        if call.macro == "assessment":
            pages.setdefault(call.id, call.page)
    return pages


def check_calls(calls: Iterable[Call], known: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """Calls that name what is not there. `known` has the ids by the name of the macro that takes
    them.
    """
    for call in calls:
        if call.id not in known.get(call.macro, (call.id,)):
            suggestion = suggest(call.id, known[call.macro])
            message = f"there is no {call.macro} '{call.id}'{suggestion}"
            yield Problem(f"docs/{call.page}.md", call.line, call.column, message)


def check_shown(calls: Iterable[Call], forms: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """Forms that no page shows; `forms` has the file of each by the name of its macro and its
    id.
    """
    shown = {(call.macro, call.id) for call in calls}
    for macro, files in forms.items():
        for id, file in files.items() if shown else ():
            if (macro, id) not in shown:
                message = f'no page shows this {macro}: write {{{{ {macro}("{id}") }}}} on one'
                yield Problem(file, 1, 1, message, "warning")
