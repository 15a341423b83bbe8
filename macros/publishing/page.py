"""A page of the built site as it is read once: its links, its inline scripts, and what may not be
on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


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
        if (told := f"{self.name}: {sentence}") not in self.problems:
            self.problems.append(told)


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
LOADING_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "modulepreload",
    "preconnect",
    "dns-prefetch",
    "manifest",
}
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
        if tag in ("script", "style", "title", "code", "pre", "nav", "footer"):
            self.inside.append(tag)
            self.text = []
            self.is_code = (
                tag == "script" and "src" not in values and is_script(values.get("type", ""))
            )
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
            page.problem(
                f"<{tag}> has an {name} attribute, which the policy forbids: listen from a script."
            )
        elif tag == "base" or (tag == "meta" and value.lower() == "refresh"):
            page.problem(f"<{tag} {name}> sends the reader elsewhere, which the policy forbids.")
        elif (tag, name) in LOADING or (tag, name) in LINKING:
            loads = (tag, name) in LOADING or bool(
                LOADING_LINKS & set(values.get("rel", "").split())
            )
            for address in addresses(name, value):
                self.note_address(address, self.get_starttag_text() or "", loads)

    def note_address(self, address: str, tag_text: str, loads: bool) -> None:
        scheme = re.match(r"([a-z][a-z0-9+.-]*):|//", address, re.IGNORECASE)
        if scheme is None:
            self.page.links.append((address, tag_text))
        elif (scheme[1] or "").lower() == "javascript":
            self.page.problem(
                f"{address[:60]} runs a script from an address, which the policy forbids."
            )
        elif loads and (scheme[1] or "").lower() != "data":
            self.page.problem(
                f"loads {address}, from another origin: put the file beside the page."
            )

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text.append(data)
        self.note_templates(data)

    def handle_entityref(self, name: str) -> None:
        self.text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text.append(f"&#{name};")

    def note_templates(self, text: str) -> None:
        """A page may show a macro as code; anywhere else it is one that was not carried out. In a
        menu it is the title of another page, which tells of it itself.
        """
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
    return parse_page(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))


def parse_page(name: str, text: str) -> Page:
    page = Page(name, text)
    reader = Reader(page)
    reader.feed(text)
    reader.close()
    return page
