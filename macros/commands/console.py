"""What a command says while it works: lines; on a terminal also colours, and that it goes on."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count as numbers
from typing import TextIO

FIRST_WORD = 2.0  # seconds before progress is shown
PAUSE = 1.0  # seconds between two words of it
COLOURS = {"error": "31", "warning": "33"}  # red and yellow, as terminals number them


def say(sentence: str) -> None:
    erase()
    print(sentence, flush=True)


def count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def coloured(text: str, level: str) -> str:
    """A problem with its level in colour, where that is seen as one."""
    if not shows_colours(sys.stdout):
        return text
    return text.replace(f" {level}: ", f" \x1b[{COLOURS[level]}m{level}\x1b[0m: ", 1)


def shows_colours(stream: TextIO) -> bool:
    """A terminal does, unless told not to (https://no-color.org); an old Windows console shows the
    codes themselves.
    """
    is_old = os.name == "nt" and "WT_SESSION" not in os.environ
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not is_old and not is_plain


# Progress: one line of a terminal that erases itself, on stderr, and nothing in a pipe.

shown = ""


def erase() -> None:
    show("")


def show(text: str) -> None:
    global shown
    if text or shown:
        blank = " " * len(shown)
        print(f"\r{blank}\r{text}", end="", file=sys.stderr, flush=True)
        shown = text


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Shows on a terminal that the work goes on, and for how long it has: `Building … 4 s`."""
    ended = threading.Event()

    def tell() -> None:
        if ended.wait(FIRST_WORD):
            return
        for n in numbers():
            show(f"{doing} … {FIRST_WORD + n * PAUSE:.0f} s")
            if ended.wait(PAUSE):
                return

    thread = threading.Thread(target=tell, daemon=True)
    if sys.stderr.isatty():
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if thread.is_alive():
            thread.join()
        erase()
