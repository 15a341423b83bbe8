"""After the build: what turns a generated site into one that may be published.

`publish(folder, words)` works on plain HTML files, whichever site generator wrote them:

- own scripts and styles lose their comments, and every own asset gets its content's hash into its
  name;
- every page gets a content security policy that allows this site's files and this very page's
  inline scripts;
- the search index is also written as a script, because pages opened from a folder may not fetch;
- 404.html becomes a page that needs no other file, since a host shows it at any address;
- every page is looked over, and everything that is wrong is told together.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from string import Template
from typing import Any
from urllib.parse import unquote, urlsplit

from macros.publishing.bundle import ADDRESS, FOLDER, bundle
from macros.publishing.page import Page, parse_page, read_page
from macros.publishing.vendor.rjsmin import jsmin

# Material's own files carry their hash already; other pictures and downloads keep the names they
# are linked by.
OWN = (
    "assets/engine",
    "assets/readings",
    "assets/forms",
    "assets/frame",
    "assets/brand.css",
    FOLDER,
)
MISSING = "404.html"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
# Where search reads its index: from the JSON over http, from the script beside it in a folder.
SEARCH = {"search/search_index.json": "search/search_index.js", "search.json": "search.js"}


def publish(folder: Path, words: Mapping[str, Any]) -> list[str]:
    """Finish the site in `folder`, in place. Returns every problem found, a sentence each, with its
    page.
    """
    write_search_script(folder)
    pages = [read_page(folder, path) for path in sorted(folder.rglob("*.html"))]
    pages = [page for page in pages if page.name != MISSING]
    bundled = bundle_assets(folder, pages)
    problems, names = name_by_content(folder)
    names |= {file: names.get(name, "") for file, name in bundled.items()}
    pages.append(missing_page(folder, pages, words))
    for page in pages:
        write(folder / page.name, with_policy(with_names(page, names), page))
    return (
        problems
        + sorted(problem for page in pages for problem in page.problems)
        + dead_links(folder, pages, names)
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


# Own assets


def bundle_assets(folder: Path, pages: Iterable[Page]) -> dict[str, str]:
    """Bundle what the pages load. Returns own files with the name of their bundle, or none."""
    own = {path.relative_to(folder).as_posix() for path in own_assets(folder)}

    def loaded(page: Page, tag: str) -> tuple[str, ...]:
        files = (
            normpath(join(dirname(page.name), address))
            for address, text in page.links
            if re.match(tag, text)
        )
        return tuple(file for file in files if file in own)

    kinds = {
        "styles.css": "<link[^>]+stylesheet",
        "head.js": "<script(?![^>]+defer)",
        "scripts.js": "<script[^>]+defer",
    }
    names: dict[str, str] = {}
    for name, tag in kinds.items():
        names |= bundle(folder, name, [loaded(page, tag) for page in pages])
    return names


def name_by_content(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Strip and rename own assets. Returns problems, and each old name with its new one."""
    assets = {str(path.relative_to(folder).as_posix()): path for path in own_assets(folder)}
    names: dict[str, str] = {}
    problems: list[str] = []
    # A style names fonts and pictures, so it can be hashed only once these have their names.
    for name in sorted(assets, key=lambda name: name.endswith(".css")):
        path = assets[name]
        try:
            problems += strip(path, name, names, folder)
        except UnicodeDecodeError:
            problems.append(f"{name}: is not saved as UTF-8.")
        names[name] = join(dirname(name), hashed_name(path))
        path.rename(folder / names[name])
    return problems, names


def strip(path: Path, name: str, names: Mapping[str, str], folder: Path) -> list[str]:
    """Rewrite a script or style in place. Returns problems."""
    problems: list[str] = []
    if name.endswith(".js"):
        write(path, without_comments(read(path)))
    elif name.endswith(".css"):
        style, problems = point_style(style_without_comments(read(path)), name, names, folder)
        write(path, style)
    return problems


def own_assets(folder: Path) -> Iterator[Path]:
    for name in OWN:
        place = folder / name
        paths = (
            [place]
            if place.is_file()
            else sorted(path for path in place.rglob("*") if path.is_file())
        )
        yield from (path for path in paths if path.suffix != ".txt")  # licences


def hashed_name(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return f"{path.stem}.{digest}{path.suffix}"


def without_comments(script: str) -> str:
    """rjsmin takes a template literal within a template literal for code, so a script with one is
    left as it is.
    """
    nested = re.search(r"`[^`]*\$\{[^`}]*`", script)
    return script if nested else str(jsmin(script)) + "\n"


COMMENT = r"(?>/\*.*?\*/)"
STYLE_PARTS = re.compile(
    rf"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?:\s|{COMMENT})*(?P<mark>[{{}};,])(?:\s|{COMMENT})*
      | (?P<colon>:)(?:\s|{COMMENT})+
      | (?P<space>(?:\s|{COMMENT})+)""",
    re.DOTALL | re.VERBOSE,
)


def style_without_comments(style: str) -> str:
    """No more than is safe in nested rules, where libraries took `&:not(.a) :is(.b)` for a
    declaration.
    """

    def shorter(match: re.Match[str]) -> str:
        if match.lastgroup != "space":
            return match[match.lastgroup or 0]
        return " " if re.sub(COMMENT, "", match["space"], flags=re.DOTALL) else "/**/"

    return STYLE_PARTS.sub(shorter, style).strip() + "\n"


def point_style(
    style: str, name: str, names: Mapping[str, str], folder: Path
) -> tuple[str, list[str]]:
    """Let a style refer to the new names. It may not refer to other styles or other origins."""
    problems = (
        [f"{name}: @import is not followed; name the style in mkdocs.yml."]
        if "@import" in style
        else []
    )

    def renamed(match: re.Match[str]) -> str:
        address = match["address"]
        if address.startswith(("data:", "#")):
            return match[0]
        target = normpath(join(dirname(name), address))
        if target in names:
            return f"url({relative(names[target], name)})"
        if not (folder / target).is_file():
            problems.append(f"{name}: refers to {address}, which is not a file of this site.")
        return match[0]

    return ADDRESS.sub(renamed, style), problems


def relative(target: str, page: str) -> str:
    """The address of one file of the site as seen from another."""
    there, here = target.split("/"), page.split("/")
    while len(there) > 1 and len(here) > 1 and there[0] == here[0]:
        del there[0], here[0]
    return "../" * (len(here) - 1) + "/".join(there)


# Writing a page


def with_names(page: Page, names: Mapping[str, str]) -> str:
    """The page with the new names of own assets: tag by tag, since the same text may stand in
    prose.
    """
    text = page.text
    for address, tag in dict.fromkeys(page.links):
        old = normpath(join(dirname(page.name), unquote(urlsplit(address).path)))
        if names.get(old) == "":  # in a bundle that an earlier tag loads
            text = text.replace(tag + "</script>" if tag.startswith("<script") else tag, "")
        elif old in names:
            text = text.replace(
                tag, tag.replace(escape_like(tag, address), relative(names[old], page.name))
            )
    return text


def escape_like(tag: str, address: str) -> str:
    return address if address in tag else escape(address)


def with_policy(text: str, page: Page) -> str:
    """First in the head after the encoding, so that it is in force before anything is fetched or
    run.
    """
    policy = {
        **POLICY,
        "script-src": " ".join([POLICY["script-src"], *hashes(page.scripts)]),
        "style-src": " ".join([POLICY["style-src"], *hashes(page.styles)]),
    }
    content = "; ".join(f"{name} {value}" for name, value in policy.items())
    metas = (
        f'<meta http-equiv="Content-Security-Policy" content="{content}"><meta name="referrer"'
        ' content="no-referrer">'
    )
    text, done = re.subn(
        r"<meta charset=[^>]*>", lambda match: match[0] + metas, text, count=1, flags=re.IGNORECASE
    )
    if not done:
        page.problem("has no <meta charset>, after which the policy would stand.")
    return text


def hashes(texts: Iterable[str]) -> list[str]:
    return sorted(
        {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in texts
        }
    )


def missing_page(folder: Path, pages: Iterable[Page], words: Mapping[str, Any]) -> Page:
    """The page for addresses that do not exist, in the language and with the name of the home
    page.
    """
    index = next((page for page in pages if page.name == "index.html"), Page("index.html", ""))
    home = dirname(urlsplit(index.home).path) + "/" if index.home else ""
    template = Template(read(Path(__file__).parent / MISSING))
    text = template.substitute(
        attributes=" ".join(
            f'{name}="{escape(index.root[name])}"' for name in ("lang", "dir") if name in index.root
        ),
        site=index.title,
        title=escape(words["missing"]),
        text=escape(words["missing_why"]),
        home=f'<p><a href="{escape(home)}">{escape(words["missing_home"])}</a></p>' if home else "",
    )
    page = parse_page(MISSING, text)
    page.links = []  # its one link goes to where the site will be, which is not here
    return page


# Looking over the site


def dead_links(folder: Path, pages: Iterable[Page], names: Mapping[str, str]) -> list[str]:
    files = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } | names.keys()
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
