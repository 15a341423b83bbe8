"""Waiting for what will come. Nothing is judged by how long it took: a machine may be slow and
busy, and only what never comes takes the whole of PATIENCE.
"""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 600.0  # seconds
PAUSE = 0.05  # seconds between two looks
Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], explain: Callable[[], str]) -> Found:
    """What `look` gives once it gives something; `explain` says what was there instead."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, explain()
        time.sleep(PAUSE)
    return found
