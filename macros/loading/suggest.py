"""What an author may have meant by a word that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_TOLD = 40  # names; of more than that the nearest
NEAREST_TOLD = 3


def suggest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'red'?`, or what there is where nothing is near."""
    known = [one for one in known if one]
    near = get_close_matches(word, known, n=1)
    if near:
        return f"; did you mean '{near[0]}'?"
    if len(known) <= MOST_TOLD:
        return f"; known here: {', '.join(known) or 'none'}"
    return (
        f"; the nearest of {len(known):,}:"
        f" {', '.join(get_close_matches(word, known, NEAREST_TOLD, cutoff=0))}"
    )
