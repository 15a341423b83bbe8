"""The files of a bundle, joined into one: fewer requests, and smaller together.

Which page loads what is the template's to decide (overrides/partials/loads.html): its tags say by
`data-bundle` what may be joined. A bundle is one file for all pages, so a browser fetches it once.
The sources stay apart, one job each; `serve` serves them so. They are minified before, so that what
is wrong in one is told with its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath, relpath, splitext

from macros.publishing.page import Page

FOLDER = "assets/playbook"
STRICT = '"use strict";'
MARK = re.compile(r"""\sdata-bundle=["']?(?P<name>[\w-]+)""")
ADDRESS = re.compile(r"url\(\s*(?P<quote>['\"]?)(?P<address>[^'\")]*)(?P=quote)\s*\)")

Bundles = dict[str, tuple[str, ...]]  # the name of each, with the files that it is made of


def bundle(folder: Path, pages: Collection[Page], own: Collection[str]) -> Bundles:
    """Write the bundles that pages name and take away what is only in them. A bundle that is not
    the same on every page cannot be one file: its files stay apart.
    """
    on_pages = [bundles_of(page) for page in pages]
    joined: Bundles = {}
    for name in sorted({name for bundles in on_pages for name in bundles}):
        different = {bundles[name] for bundles in on_pages if name in bundles}
        files = different.pop()
        if not different and set(files) <= set(own):
            join_files(folder, name, files)
            joined[name] = files
    for file in {file for files in joined.values() for file in files} - apart(pages, joined):
        (folder / file).unlink()
    return joined


def bundles_of(page: Page) -> Bundles:
    """The bundles of a page, each with the files that stand there for it, in the page's order."""
    bundles: Bundles = {}
    for address, tag in page.links:
        if name := bundle_name(address, tag):
            bundles[name] = (*bundles.get(name, ()), file_of(page, address))
    return bundles


def bundle_name(address: str, tag: str) -> str:
    mark = MARK.search(tag)
    return f"{FOLDER}/{mark['name']}{splitext(address)[1]}" if mark else ""


def file_of(page: Page, address: str) -> str:
    return normpath(join(dirname(page.name), address))


def apart(pages: Collection[Page], joined: Mapping[str, object]) -> set[str]:
    """The files that a page loads by themselves."""
    return {
        file_of(page, address)
        for page in pages
        for address, tag in page.links
        if bundle_name(address, tag) not in joined
    }


def join_files(folder: Path, target: str, files: tuple[str, ...]) -> None:
    texts = [moved(read(folder / file), file, target) for file in files]
    texts[1:] = [text.removeprefix(STRICT) for text in texts[1:]]  # said once, at the top
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / target).write_text("".join(texts), encoding="utf-8", newline="\n")


def read(path: Path) -> str:
    """What is no UTF-8 was told of when the file was minified."""
    return path.read_text(encoding="utf-8", errors="replace")


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
