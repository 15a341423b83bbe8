"""What the site generator says, in plain lines: for `build` and `serve`."""

from __future__ import annotations

import logging
import re


def in_plain_words(record: logging.LogRecord) -> str:
    """A warning in a sentence. The macros plugin wraps its own in Markdown and adds a traceback."""
    text = record.getMessage()
    failed_page = re.search(r"_File_: `(.+?)`\s+_[^_]+_:? (.+?)\s*(?:```|$)", text, re.DOTALL)
    if failed_page is None:
        return f"{record.levelname.capitalize()}: {text}"
    return f"docs/{failed_page[1]}: error: {failed_page[2].strip('*')}"


def log_to(handler: logging.Handler) -> None:
    log = logging.getLogger("mkdocs")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
