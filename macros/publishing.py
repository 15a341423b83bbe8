"""After the build: what turns a generated site into one that may be published.

`publish(folder, words)` works on plain HTML files, whichever site generator wrote them:

- own scripts and styles lose their comments, and every own asset gets its content's hash into its name;
- every page gets a content security policy that allows this site's files and this very page's inline scripts;
- the search index is also written as a script, because pages opened from a folder may not fetch;
- 404.html becomes a page that needs no other file, since a host shows it at any address;
- every page is looked over, and everything that is wrong is told together.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from string import Template
from typing import Any
from urllib.parse import unquote, urlsplit

import bundling
from bundling import bundle
from vendor.rjsmin import jsmin

# Material's own files carry their hash already; other pictures and downloads keep the names they are linked by.
OWN = ("assets/assessment", "assets/frame", "assets/brand.css", bundling.FOLDER)
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
    """Finish the site in `folder`, in place. Returns every problem found, a sentence each, with its page."""
    write_search_script(folder)
    pages = [read_page(folder, path) for path in sorted(folder.rglob("*.html"))]
    pages = [page for page in pages if page.name != MISSING]
    bundled = bundle_assets(folder, pages)
    problems, names = name_by_content(folder)
    names |= {file: names.get(name, "") for file, name in bundled.items()}
    pages.append(missing_page(folder, pages, words))
    for page in pages:
        write(folder / page.name, with_policy(with_names(page, names), page))
    return problems + sorted(problem for page in pages for problem in page.problems) + dead_links(folder, pages, names)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """With plain line ends on every system: a browser hashes inline scripts so, and a site is the same everywhere."""
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
        files = (normpath(join(dirname(page.name), address)) for address, text in page.links if re.match(tag, text))
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
        paths = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
        yield from (path for path in paths if path.suffix != ".txt")  # licences


def hashed_name(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return f"{path.stem}.{digest}{path.suffix}"


def without_comments(script: str) -> str:
    """rjsmin takes a template literal within a template literal for code, so a script with one is left as it is."""
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
    """No more than is safe in nested rules, where libraries took `&:not(.a) :is(.b)` for a declaration."""

    def shorter(match: re.Match[str]) -> str:
        if match.lastgroup != "space":
            return match[match.lastgroup or 0]
        return " " if re.sub(COMMENT, "", match["space"], flags=re.DOTALL) else "/**/"

    return STYLE_PARTS.sub(shorter, style).strip() + "\n"


def point_style(style: str, name: str, names: Mapping[str, str], folder: Path) -> tuple[str, list[str]]:
    """Let a style refer to the new names. It may not refer to other styles or other origins."""
    problems = [f"{name}: @import is not followed; name the style in mkdocs.yml."] if "@import" in style else []

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

    return bundling.ADDRESS.sub(renamed, style), problems


def relative(target: str, page: str) -> str:
    """The address of one file of the site as seen from another."""
    there, here = target.split("/"), page.split("/")
    while len(there) > 1 and len(here) > 1 and there[0] == here[0]:
        del there[0], here[0]
    return "../" * (len(here) - 1) + "/".join(there)


# Reading a page


@dataclass
class Page:
    name: str
    text: str
    root: dict[str, str] = field(default_factory=dict)
    title: str = ""
    home: str = ""
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    links: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def problem(self, sentence: str) -> None:
        self.problems.append(f"{self.name}: {sentence}")


# What makes a browser fetch something by itself, or send something somewhere.
LOADING = {
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("track", "src"),
    ("embed", "src"),
    ("input", "src"),
    ("object", "data"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("form", "action"),
}
LINKING = {("a", "href"), ("area", "href"), ("link", "href")}
LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect", "dns-prefetch", "manifest"}
TEMPLATE_MARKS = ("{{", "{%", "Macro Rendering Error", "Macro Syntax Error")


class Reader(HTMLParser):
    """Reads one page into `page`, noting what may not be on it."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=False)
        self.page = page
        self.inside: list[str] = []  # the elements whose text matters, outermost first
        self.text: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "title", "code", "pre"):
            self.inside.append(tag)
            self.text = []
            self.is_code = tag == "script" and "src" not in values and is_script(values.get("type", ""))
        if tag == "html":
            self.page.root = values
        if values.get("rel") == "canonical":
            self.page.home = values.get("href", "")
        if "problems" in values.get("class", "").split():
            self.page.problem("shows a box of problems in place of a form.")
        self.note_templates(self.get_starttag_text() or "")
        for name, value in values.items():
            self.note_attribute(tag, name, value, values)

    def note_attribute(self, tag: str, name: str, value: str, values: Mapping[str, str]) -> None:
        page = self.page
        if name == "id" or (tag, name) == ("a", "name"):
            page.ids.add(value)
        elif name == "style":
            page.problem(f"<{tag}> has a style attribute, which the policy forbids: use a class.")
        elif name.startswith("on"):
            page.problem(f"<{tag}> has an {name} attribute, which the policy forbids: listen from a script.")
        elif tag == "base" or (tag == "meta" and value.lower() == "refresh"):
            page.problem(f"<{tag} {name}> sends the reader elsewhere, which the policy forbids.")
        elif (tag, name) in LOADING or (tag, name) in LINKING:
            loads = (tag, name) in LOADING or bool(LOADING_LINKS & set(values.get("rel", "").split()))
            for address in addresses(name, value):
                self.note_address(address, self.get_starttag_text() or "", loads)

    def note_address(self, address: str, tag_text: str, loads: bool) -> None:
        scheme = re.match(r"([a-z][a-z0-9+.-]*):|//", address, re.IGNORECASE)
        if scheme is None:
            self.page.links.append((address, tag_text))
        elif (scheme[1] or "").lower() == "javascript":
            self.page.problem(f"{address[:60]} runs a script from an address, which the policy forbids.")
        elif loads and (scheme[1] or "").lower() != "data":
            self.page.problem(f"loads {address}, from another origin: put the file beside the page.")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text.append(data)
        self.note_templates(data)

    def handle_entityref(self, name: str) -> None:
        self.text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text.append(f"&#{name};")

    def note_templates(self, text: str) -> None:
        """A page may show a macro as code; anywhere else it is one that was not carried out."""
        if not set(self.inside) <= {"title"}:
            return
        for mark in TEMPLATE_MARKS:
            if mark in text:
                self.page.problem(f"“{mark}” was left on the page: a macro was not carried out.")

    def handle_endtag(self, tag: str) -> None:
        if not self.inside or tag != self.inside[-1]:
            return
        self.inside.pop()
        if tag == "script" and self.is_code:
            self.page.scripts.append("".join(self.text))
        elif tag == "style":
            self.page.styles.append("".join(self.text))
        elif tag == "title" and not self.page.title:
            self.page.title = "".join(self.text).strip()


def is_script(type: str) -> bool:
    return type in ("", "module", "text/javascript", "application/javascript")


def addresses(name: str, value: str) -> list[str]:
    parts = value.split(",") if name == "srcset" and not value.startswith("data:") else [value]
    return [part.split()[0] if name == "srcset" else part.strip() for part in parts if part.strip()]


def read_page(folder: Path, path: Path) -> Page:
    return parse_page(path.relative_to(folder).as_posix(), read(path))


def parse_page(name: str, text: str) -> Page:
    page = Page(name, text)
    reader = Reader(page)
    reader.feed(text)
    reader.close()
    return page


# Writing a page


def with_names(page: Page, names: Mapping[str, str]) -> str:
    """The page with the new names of own assets: tag by tag, since the same text may stand in prose."""
    text = page.text
    for address, tag in dict.fromkeys(page.links):
        old = normpath(join(dirname(page.name), unquote(urlsplit(address).path)))
        if names.get(old) == "":  # in a bundle that an earlier tag loads
            text = text.replace(tag + "</script>" if tag.startswith("<script") else tag, "")
        elif old in names:
            text = text.replace(tag, tag.replace(escape_like(tag, address), relative(names[old], page.name)))
    return text


def escape_like(tag: str, address: str) -> str:
    return address if address in tag else escape(address)


def with_policy(text: str, page: Page) -> str:
    """First in the head after the encoding, so that it is in force before anything is fetched or run."""
    policy = {
        **POLICY,
        "script-src": " ".join([POLICY["script-src"], *hashes(page.scripts)]),
        "style-src": " ".join([POLICY["style-src"], *hashes(page.styles)]),
    }
    content = "; ".join(f"{name} {value}" for name, value in policy.items())
    metas = (
        f'<meta http-equiv="Content-Security-Policy" content="{content}"><meta name="referrer" content="no-referrer">'
    )
    text, done = re.subn(r"<meta charset=[^>]*>", lambda match: match[0] + metas, text, count=1, flags=re.IGNORECASE)
    if not done:
        page.problem("has no <meta charset>, after which the policy would stand.")
    return text


def hashes(texts: Iterable[str]) -> list[str]:
    return sorted({f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts})


def missing_page(folder: Path, pages: Iterable[Page], words: Mapping[str, Any]) -> Page:
    """The page for addresses that do not exist, in the language and with the name of the home page."""
    index = next((page for page in pages if page.name == "index.html"), Page("index.html", ""))
    home = dirname(urlsplit(index.home).path) + "/" if index.home else ""
    template = Template(read(Path(__file__).parent / "templates" / MISSING))
    text = template.substitute(
        attributes=" ".join(f'{name}="{escape(index.root[name])}"' for name in ("lang", "dir") if name in index.root),
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
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} | names.keys()
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
