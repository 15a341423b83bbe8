"""The files of a bundle, joined into one: fewer requests, and smaller together.

Which page loads what is the template's to decide (overrides/partials/loads.html): its tags say by
`data-bundle` what may be joined. A bundle is one file for all pages, so a browser fetches it once.
The sources stay apart, one job each; `serve` serves them so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath, relpath, splitext

from macros.publishing.minify import MINIFIERS, ScriptError
from macros.publishing.page import Page

FOLDER = "assets/playbook"
MARK = re.compile(r"""\sdata-bundle=["']?(?P<name>[\w-]+)""")
ADDRESS = re.compile(r"url\(\s*(?P<quote>['\"]?)(?P<address>[^'\")]*)(?P=quote)\s*\)")

Bundles = dict[str, tuple[str, ...]]  # the name of each, with the files that it is made of


def bundle(
    folder: Path, pages: Collection[Page], own: Collection[str]
) -> tuple[Bundles, list[str]]:
    """Write the bundles that pages name and take away what is only in them. Returns them, and
    problems.
    """
    joined = joinable(pages, own)
    problems: list[str] = []
    for name, files in joined.items():
        problems += join_files(folder, name, files)
    for file in {file for files in joined.values() for file in files} - apart(pages, joined):
        (folder / file).unlink()
    return joined, problems


def joinable(pages: Collection[Page], own: Collection[str]) -> Bundles:
    """The bundles that are the same on every page. One that is not cannot be one file: its files
    stay apart.
    """
    on_pages = [bundles_of(page) for page in pages]
    joined: Bundles = {}
    for name in sorted({name for bundles in on_pages for name in bundles}):
        different = {bundles[name] for bundles in on_pages if name in bundles}
        files = different.pop()
        if not different and set(files) <= set(own):
            joined[name] = files
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


def join_files(folder: Path, target: str, files: Collection[str]) -> list[str]:
    """Write files as one, as small as can be. Returns problems."""
    sources, unreadable = read_files(folder, target, files)
    text, wrong = minified(sources, splitext(target)[1])
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    (folder / target).write_text(text, encoding="utf-8", newline="\n")
    return unreadable + wrong


def read_files(
    folder: Path, target: str, files: Collection[str]
) -> tuple[dict[str, str], list[str]]:
    """Each file's text as it reads at the target, and problems."""
    sources: dict[str, str] = {}
    problems: list[str] = []
    for file in files:
        try:
            sources[file] = moved((folder / file).read_text(encoding="utf-8"), file, target)
        except UnicodeDecodeError:
            problems.append(f"{file}: is not saved as UTF-8.")
    return sources, problems


def minified(sources: Mapping[str, str], ending: str) -> tuple[str, list[str]]:
    """Files as one, and problems. What is wrong in one is told with its line, and the others are
    looked over without it.
    """
    try:
        return MINIFIERS[ending](sources), []
    except ScriptError as error:
        others = {name: text for name, text in sources.items() if name != error.name}
        text, problems = minified(others, ending)
        return text, [str(error), *problems]


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
