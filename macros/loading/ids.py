"""What an id is: lower-case words, once in a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from macros.loading.structure import SourceFile, Steps
from macros.loading.yaml_nodes import shorten

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")  # of what stands in a file
FILE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # of a file, its name


def check_id(
    id: str,
    file: SourceFile,
    where: Steps,
    counts: Counter[str],
    reserved: frozenset[str] = frozenset(),
    key: bool = False,
) -> None:
    """An id is words, none of them `reserved`, and stands once among those that are in `counts`
    so far. `key`: it stands as a key.
    """
    counts[id] += 1
    if not ID.fullmatch(id):
        problem = "is not lower-case words joined by underscores"
        file.problem(where, f"'{shorten(id)}' {problem}", key=key)
    elif id in reserved:
        file.problem(where, f"'{id}' is a word of the rules; choose another id", key=key)
    elif counts[id] == 2:
        file.problem(where, f"'{id}' stands here a second time; an id belongs to one", key=key)


def check_ids(
    items: Iterable[Any],
    file: SourceFile,
    where: Steps,
    counts: Counter[str] | None = None,
    reserved: frozenset[str] = frozenset(),
) -> None:
    """The same of each item of a list."""
    counts = Counter() if counts is None else counts
    for n, item in enumerate(items):
        if item.id:  # one that is missing is told already
            check_id(item.id, file, (*where, n, "id"), counts, reserved)


def check_file_id(id: str, file: SourceFile) -> None:
    if not FILE_ID.fullmatch(id):
        file.problem((), f"the file's name '{id}' is not lower-case words joined by dashes")
