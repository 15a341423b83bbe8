"""What was made once is made again only from something else: so while serving, where one edit
changes one file, all other forms stay as they are.

Nothing is kept on disk, and each command starts with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
FileState = tuple[Path, int, int]


class Memory:
    """What was last made under each name, and what of."""

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[Any, Any]] = {}

    def keep(self, name: Hashable, given: Any, make: Callable[[], T]) -> T:
        """What `make` makes of what is `given`; it is not called where that is equal to what was
        given before.
        """
        if name not in self._made or self._made[name][0] != given:
            self._made[name] = given, make()
        made: T = self._made[name][1]
        return made


def file_states(root: Path, *patterns: str) -> tuple[FileState, ...]:
    """By what one sees that a file of a playbook has changed, or that others are there."""
    paths = (path for pattern in patterns for path in sorted(root.glob(pattern)))
    return tuple(map(file_state, paths))


def file_state(path: Path) -> FileState:
    status = path.stat()
    return path, status.st_mtime_ns, status.st_size
