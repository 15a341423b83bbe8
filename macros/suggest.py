"""What an author may have meant by a word that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_TOLD = 40  # names
FIRST_TOLD = 10  # of more than that


def suggest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'red'?`, or what there is where nothing is near."""
    known = [one for one in known if one]
    near = get_close_matches(word, known, n=1)
    told = known if len(known) <= MOST_TOLD else [*known[:FIRST_TOLD], f"and {len(known) - FIRST_TOLD:,} others"]
    return f"; did you mean '{near[0]}'?" if near else f"; known here: {', '.join(told) or 'none'}"
