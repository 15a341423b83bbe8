"""After the build: what turns a generated site into one that may be published.

`publish(folder, words)` works on plain HTML files, whichever site generator wrote them:

- own scripts and styles are joined by bundle (bundle.py) and lose what a browser does not need
  (minify.py); every own asset gets its content's hash into its name (assets.py);
- every page gets a content security policy that allows this site's files and this very page's
  inline scripts (policy.py);
- the search index is also written as a script, because pages opened from a folder may not fetch;
- 404.html becomes a page that needs no other file, since a host shows it at any address;
- every page is looked over, and everything that is wrong is told together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from html import escape
from itertools import chain
from pathlib import Path
from posixpath import dirname, join, normpath
from string import Template
from typing import Any
from urllib.parse import unquote, urlsplit

from macros.publishing.assets import GONE, minify_assets, name_by_content, own_assets, relative
from macros.publishing.bundle import Bundles, bundle, bundles_of
from macros.publishing.page import Page, parse_page, read_page
from macros.publishing.policy import with_policy

MISSING = "404.html"
# Where search reads its index: from the JSON over http, from the script beside it in a folder.
SEARCH = {"search/search_index.json": "search/search_index.js", "search.json": "search.js"}


def publish(folder: Path, words: Mapping[str, Any]) -> list[str]:
    """Finish the site in `folder`, in place. Returns every problem found, a sentence each, with its
    page.
    """
    write_search_script(folder)
    paths = sorted(folder.rglob("*.html"))
    pages = [read_page(folder, path) for path in paths if path != folder / MISSING]
    bundles, problems = bundle(folder, pages, own_assets(folder))
    problems += minify_assets(folder, bundles)
    wrong, names = name_by_content(folder)
    pages.append(missing_page(folder, pages, words))
    for page in pages:
        text = with_names(page, names_on(page, names, bundles))
        write(folder / page.name, with_policy(text, page))
    return (
        problems
        + wrong
        + sorted(problem for page in pages for problem in page.problems)
        + dead_links(folder, pages, {*names, *chain.from_iterable(bundles.values())})
    )


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """With plain line ends on every system: a browser hashes inline scripts so, and a site is the
    same everywhere.
    """
    path.write_text(text, encoding="utf-8", newline="\n")


# Search


def write_search_script(folder: Path) -> None:
    for index, script in SEARCH.items():
        if (folder / index).exists():
            write(folder / script, f"var __index = {read(folder / index)};\n")


# Writing a page


def names_on(page: Page, names: Mapping[str, str], bundles: Bundles) -> dict[str, str]:
    """The new names as this page knows them: the first file of a bundle stands for all of it."""
    known = dict(names)
    for name, (first, *others) in bundles_of(page).items():
        if name in bundles:
            known |= {first: names[name], **dict.fromkeys(others, GONE)}
    return known


def with_names(page: Page, names: Mapping[str, str]) -> str:
    """The page with the new names of own assets: tag by tag, since the same text may stand in
    prose.
    """
    text = page.text
    for address, tag in dict.fromkeys(page.links):
        old = normpath(join(dirname(page.name), unquote(urlsplit(address).path)))
        if names.get(old) == GONE:  # empty, or in a bundle that another tag loads
            text = text.replace(tag + "</script>" if tag.startswith("<script") else tag, "")
        elif old in names:
            text = text.replace(
                tag, tag.replace(escape_like(tag, address), relative(names[old], page.name))
            )
    return text


def escape_like(tag: str, address: str) -> str:
    return address if address in tag else escape(address)


def missing_page(folder: Path, pages: Iterable[Page], words: Mapping[str, Any]) -> Page:
    """The page for addresses that do not exist, in the language and with the name of the home
    page.
    """
    index = next((page for page in pages if page.name == "index.html"), Page("index.html", ""))
    home = dirname(urlsplit(index.home).path) + "/" if index.home else ""
    attributes = [
        f'{name}="{escape(index.root[name])}"' for name in ("lang", "dir") if name in index.root
    ]
    template = Template(read(Path(__file__).parent / MISSING))
    text = template.substitute(
        attributes=" ".join(attributes),
        site=index.title,
        title=escape(words["missing"]),
        text=escape(words["missing_why"]),
        home=f'<p><a href="{escape(home)}">{escape(words["missing_home"])}</a></p>' if home else "",
    )
    page = parse_page(MISSING, text)
    page.links = []  # its one link goes to where the site will be, which is not here
    return page


# Looking over the site


def dead_links(folder: Path, pages: Iterable[Page], renamed: Set[str]) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix() for path in paths} | renamed
    ids = {page.name: page.ids for page in pages}
    linked_by: dict[str, list[str]] = {}
    for page in pages:
        for address in dict.fromkeys(address for address, _ in page.links):
            wrong = what_is_wrong(page, address, files, ids)
            if wrong:
                linked_by.setdefault(wrong, []).append(page.name)
    return [f"{list_of(names)} to {wrong}." for wrong, names in linked_by.items()]


def list_of(pages: list[str]) -> str:
    """A file missing from the frame is missing on every page; that is one problem, not seventy."""
    more = {1: "", 2: " and 1 more page"}.get(len(pages), f" and {len(pages) - 1} more pages")
    return f"{pages[0]}{more}: link{'' if more else 's'}"


def what_is_wrong(page: Page, address: str, files: set[str], ids: Mapping[str, set[str]]) -> str:
    if address.startswith("/"):
        return f"{address}, which works only where the site is at the root of its server"
    parts = urlsplit(address)
    path = unquote(parts.path)
    target = normpath(join(dirname(page.name), path)) if path else page.name
    if normpath(join(target, "index.html")) in files:
        return f"{target}, a folder: name its index.html, or a disk shows a list of files"
    if target not in files:
        return f"{target}, which does not exist"
    anchor = unquote(parts.fragment)
    if anchor and target in ids and anchor not in ids[target]:
        return f"{target}#{anchor}, but that page has no such anchor"
    return ""
