"""One file for the styles that every page loads, and one for the scripts: fewer requests, and
smaller together.

The sources stay apart, one job each; `serve` serves them so. A page's own order is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

FOLDER = "assets/playbook"
STRICT = "'use strict';\n"
ADDRESS = re.compile(r"url\(\s*(?P<quote>['\"]?)(?P<address>[^'\")]*)(?P=quote)\s*\)")

Sequences = Iterable[tuple[str, ...]]  # for each page, the own files that it loads, in its order


def bundle(folder: Path, name: str, sequences: Sequences) -> dict[str, str]:
    """Put the files of `sequences` into FOLDER/name. Returns what each file is called now: the
    first has the bundle's name, the others none. Where pages differ in what they load, or a file is
    not UTF-8, nothing is bundled.
    """
    different = {sequence for sequence in sequences if sequence}
    if len(different) != 1 or len(files := different.pop()) < 2:
        return {}
    target = f"{FOLDER}/{name}"
    try:
        texts = [moved((folder / file).read_text(encoding="utf-8"), file, target) for file in files]
    except UnicodeDecodeError:
        return {}
    texts[1:] = [text.replace(STRICT, "", 1) for text in texts[1:]]  # said once, at the top
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / target).write_text("\n".join(texts), encoding="utf-8", newline="\n")
    for file in files:
        (folder / file).unlink()
    return {file: target if file == files[0] else "" for file in files}


def moved(text: str, source: str, target: str) -> str:
    """A style's addresses as seen from where it stands now; a script has none."""
    if not source.endswith(".css"):
        return text

    def seen(match: re.Match[str]) -> str:
        address = match["address"]
        if address.startswith(("data:", "#", "/")) or ":" in address:
            return match[0]
        return f'url("{relpath(normpath(join(dirname(source), address)), dirname(target))}")'

    return ADDRESS.sub(seen, text)
