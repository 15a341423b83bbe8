"""What an author may have meant by a word that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_TOLD = 40  # names; of more than that the nearest
NEAREST_TOLD = 3


def suggest(word: str, names: Iterable[str]) -> str:
    """`; did you mean 'red'?`, or what there is where nothing is near."""
    names = [name for name in names if name]
    matches = get_close_matches(word, names, n=1)
    if matches:
        return f"; did you mean '{matches[0]}'?"
    if len(names) <= MOST_TOLD:
        return f"; known here: {', '.join(names) or 'none'}"
    nearest = ", ".join(get_close_matches(word, names, NEAREST_TOLD, cutoff=0))
    return f"; the nearest of {len(names):,}: {nearest}"
