"""What an id is: lower-case words, once in a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from loading import File, Steps
from source import shorten

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")  # of what stands in a file
FILE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # of a file, its name


def check_ids(items: Iterable[Any], file: File, where: Steps, seen: Counter[str] | None = None) -> None:
    """Each id is words, and stands once in what was `seen` so far."""
    seen = Counter() if seen is None else seen
    for n, item in enumerate(items):
        if not item.id:  # told already
            continue
        seen[item.id] += 1
        if not ID.fullmatch(item.id):
            file.problem((*where, n, "id"), f"'{shorten(item.id)}' is not lower-case words joined by underscores")
        elif seen[item.id] == 2:
            file.problem((*where, n, "id"), f"'{item.id}' stands here a second time; an id belongs to one")


def check_file_id(id: str, file: File) -> None:
    if not FILE_ID.fullmatch(id):
        file.problem((), f"the file's name '{id}' is not lower-case words joined by dashes")
