"""Compare two built sites page by page: forms, data, text, links, head, search, other files.

A page is read as a browser reads it, into facts in the order of the page: each element, each
attribute, each value inside JSON, each run of text. Two pages are the same if their facts are.
What a change is meant to alter is an entry of IGNORED; it is left out only if --ignore names it.

Exit code: 0 the same, 1 they differ, 2 a wrong call.
"""

import argparse
import gzip
import hashlib
import json
import os.path
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

FILES = "Files"  # told before the pages
SHOWN = 5  # differences of a page, and pages that differ in the same
WIDTH = 90  # characters of a value


class Ignored(NamedTuple):
    name: str
    reason: str
    where: str  # a pattern for the key of a fact
    what: str  # a pattern for the part of its value that may differ
    by: str | None  # what replaces it; None: no fact


IGNORED = (
    Ignored(
        "asset-hashes",
        "An own script, style or font holds something else; its name has a hash of that.",
        where=r"^file |(script|link)$",
        what=r"\.[0-9a-f]{8}(\.(?:js|css|woff2))\b( sha256:\w+)?",
        by=r".hash\1",
    ),
    Ignored(
        "own-assets",
        "Which own scripts and styles there are, what they hold, and which a page loads.",
        where=r"^file |(script|link)$",
        what=r"\bassets/(?!javascripts/|stylesheets/)[\w./-]+\.(?:js|css)\b",
        by=None,
    ),
    Ignored(
        "policy-hashes",
        "The content security policy names inline scripts and styles by a hash of their text.",
        where=r"meta$",
        what=r" 'sha256-[\w+/=]+'",
        by="",
    ),
)
NEVER_COMPARED = (
    "the order of attributes, white space that is not shown, spaces in JSON,"
    " how a character is escaped, comments, the head of a .gz (it holds a date)"
)


# A site into facts

VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
WHOLE = re.compile("link|meta|script")  # one fact with all attributes, so that an entry can drop it
VERBATIM = re.compile("pre|script|style|textarea")
INLINE = re.compile(  # white space beside these is shown
    "a|abbr|b|bdi|bdo|button|cite|code|data|del|dfn|em|i|img|input|ins|kbd|label|mark|meter|output"
    "|q|s|samp|select|small|span|strong|sub|sup|svg|textarea|time|tspan|u|var"
)


class Fact(NamedTuple):
    key: str  # its place in names alone, which stays when something is put in before it
    value: str
    place: str  # its place as a reader finds it

    def kind(self) -> str:
        if self.key.startswith("file "):
            return "file"
        if re.search(r"\[data-|script::text|^json", self.key):
            return "data"
        if re.search(r" > form\b", self.key):
            return "form"
        return "text" if self.key.endswith("::text") else "rest"


class Element(NamedTuple):
    tag: str
    key: str
    place: str
    children: Counter[str]


class PageReader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.facts: list[Fact] = []
        self.open = [Element("", "", "", Counter())]
        self.text = ""
        self.after_inline = False
        self.feed(text)
        self.close()
        self.end_text("")

    def handle_decl(self, decl: str) -> None:
        self.facts.append(Fact("<!>", decl, "<!>"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.end_text(tag)
        given = {name: value or "" for name, value in reversed(attrs)}  # of two the first counts
        element = self.child(tag, given.get("id"))
        if WHOLE.fullmatch(tag):
            whole = " ".join(f'{name}="{given[name]}"' for name in sorted(given))
            self.facts.append(Fact(element.key, whole, element.place))
        else:
            self.facts.append(Fact(element.key, f"<{tag}>", element.place))
            for name in sorted(given):
                key, place = f"{element.key}[{name}]", f"{element.place}[{name}]"
                read = data_facts if name.startswith("data-") else text_fact
                self.facts += read(given[name], key, place)
        if not VOID.fullmatch(tag):
            self.open.append(element)

    def child(self, tag: str, id: str | None) -> Element:
        parent = self.open[-1]
        parent.children[tag] += 1
        nth = f":nth-of-type({parent.children[tag]})" if parent.children[tag] > 1 else ""
        place = f"{tag}#{id}" if id else f"{parent.place} > {tag}{nth}"
        return Element(tag, f"{parent.key} > {tag}", place.removeprefix(" > "), Counter())

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.end_text(tag)
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def end_text(self, next_tag: str) -> None:
        element, text = self.open[-1], self.text
        before_inline = bool(INLINE.fullmatch(next_tag))
        if not any(VERBATIM.fullmatch(outer.tag) for outer in self.open):
            text = re.sub(r"[ \t\n\r\f]+", " ", text)
            text = text if self.after_inline else text.lstrip(" ")
            text = text if before_inline else text.rstrip(" ")
        if text:
            read = data_facts if element.tag == "script" else text_fact
            self.facts += read(text, f"{element.key}::text", f"{element.place}::text")
        self.text, self.after_inline = "", before_inline


def text_fact(text: str, key: str, place: str) -> Iterator[Fact]:
    yield Fact(key, text, place)


def data_facts(text: str, key: str, place: str) -> Iterator[Fact]:
    """One fact for each value in the JSON, or one for the text if it is none."""
    try:
        yield from json_facts(json.loads(text), key, place)
    except ValueError:
        yield from text_fact(text, key, place)


def json_facts(data: Any, key: str, place: str) -> Iterator[Fact]:
    """The kind of a list or an object comes before its values: no two structures read the same."""
    if isinstance(data, dict):
        yield Fact(key, "{}", place)
        for name, value in data.items():
            yield from json_facts(value, f"{key}.{name}", f"{place}.{name}")
    elif isinstance(data, list):
        yield Fact(key, "[]", place)
        for index, value in enumerate(data):
            named = value if isinstance(value, dict) else {}
            label = named.get("id") or named.get("location") or index
            yield from json_facts(value, f"{key}[]", f"{place}[{label}]")
    else:
        yield Fact(key, json.dumps(data, ensure_ascii=False), place)


def is_document(name: str) -> bool:
    return name.endswith((".html", ".json"))


def document_facts(path: Path) -> list[Fact]:
    text = path.read_text(encoding="utf-8")
    return PageReader(text).facts if path.suffix == ".html" else list(data_facts(text, "json", ""))


def file_facts(folder: Path) -> list[Fact]:
    """Which files there are; what they hold only if they are not compared as documents."""
    facts = []
    for path in sorted(filter(Path.is_file, folder.rglob("*"))):
        name = value = path.relative_to(folder).as_posix()
        if not is_document(name):
            content = path.read_bytes()
            content = gzip.decompress(content) if name.endswith(".gz") else content
            value += f" sha256:{hashlib.sha256(content).hexdigest()[:16]}"
        facts.append(Fact(re.sub(r"\.[0-9a-f]{8}\.", ".*.", f"file {name}"), value, name))
    return facts


# Comparing


class Difference(NamedTuple):
    fact: Fact
    old: str | None
    new: str | None


class Comparison:
    def __init__(self, old: Path, new: Path, ignored: Sequence[Ignored]) -> None:
        self.ignored = ignored
        self.hidden: Counter[str] = Counter()  # on how many pages an entry hid a difference
        self.found: dict[str, list[Difference]] = {}
        old_files, new_files = file_facts(old), file_facts(new)
        self.compare(FILES, old_files, new_files)
        both = {fact.place for fact in old_files} & {fact.place for fact in new_files}
        self.documents = sorted(filter(is_document, both))
        for name in self.documents:
            if (old / name).read_bytes() != (new / name).read_bytes():
                self.compare(name, document_facts(old / name), document_facts(new / name))

    def compare(self, name: str, old: list[Fact], new: list[Fact]) -> None:
        for entry in self.ignored:
            old, hidden_in_old = leave_out(entry, old)
            new, hidden_in_new = leave_out(entry, new)
            self.hidden[entry.name] += hidden_in_old != hidden_in_new
        if found := list(differences(old, new)):
            self.found[name] = found


def leave_out(entry: Ignored, facts: list[Fact]) -> tuple[list[Fact], list[str]]:
    """The facts without what the entry names; and what that was."""
    kept, hidden = [], []
    for fact in facts:
        parts = re.finditer(entry.what, fact.value) if re.search(entry.where, fact.key) else ()
        found = [fact.value if entry.by is None else part[0] for part in parts]
        hidden += found
        if found and entry.by is not None:
            fact = fact._replace(value=re.sub(entry.what, entry.by, fact.value))
        if not found or entry.by is not None:
            kept.append(fact)
    return kept, hidden


def differences(old: list[Fact], new: list[Fact]) -> Iterator[Difference]:
    """What has the same key on both sides is one difference with two values."""
    same = SequenceMatcher(None, [f[:2] for f in old], [f[:2] for f in new], autojunk=False)
    for kind, old_from, old_to, new_from, new_to in same.get_opcodes():
        if kind == "equal":
            continue
        alone = new[new_from:new_to]
        for fact in old[old_from:old_to]:
            twin = next((other for other in alone if other.key == fact.key), None)
            if twin:
                alone.remove(twin)
            yield Difference(fact, fact.value, twin.value if twin else None)
        yield from (Difference(fact, None, fact.value) for fact in alone)


# Telling


def tell_ignored(ignored: Sequence[Ignored]) -> None:
    print(f"Never compared: {NEVER_COMPARED}.")
    print("Ignored:" if ignored else "Ignored: nothing else.")
    for entry in ignored:
        by = "(left out)" if entry.by is None else entry.by
        print(f"  {entry.name}: {entry.reason}\n    at {entry.where}   {entry.what}  →  {by}")


def tell(names: Sequence[str], found: Sequence[Difference]) -> None:
    more = f" and {len(names) - SHOWN} more pages" if len(names) > SHOWN else ""
    print(f"\n{', '.join(names[:SHOWN])}{more}, {count(found)}{' each' if names[1:] else ''}")
    for fact, old, new in found[:SHOWN]:
        same = len(os.path.commonprefix([old, new])) if old and new else 0
        print(f"  {fact.kind()}: {fact.place}")
        print(f"    old  {excerpt(old, same)}")
        print(f"    new  {excerpt(new, same)}")
    if len(found) > SHOWN:
        print(f"  … and {len(found) - SHOWN} more")


def excerpt(value: str | None, same: int) -> str:
    """The value from shortly before the place where it parts from the other."""
    if value is None:
        return "(missing)"
    start = max(0, same - WIDTH // 3)
    end = "…" if len(value) > start + WIDTH else ""
    return f"{'…' if start else ''}{value[start : start + WIDTH]!r}{end}"


def count(found: Sequence[Difference]) -> str:
    kinds = sorted(Counter(difference.fact.kind() for difference in found).items())
    return f"differences: {len(found)} ({', '.join(f'{kind} {number}' for kind, number in kinds)})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        usage="compare_sites.py OLD NEW [--ignore NAME ...]",
        description=__doc__,
        epilog="names:\n" + "\n".join(f"  {entry.name}: {entry.reason}" for entry in IGNORED),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", metavar="OLD", type=Path, help="folder of a built site")
    parser.add_argument("new", metavar="NEW", type=Path, help="folder of another")
    parser.add_argument(
        "--ignore",
        metavar="NAME",
        nargs="+",
        action="extend",
        default=[],
        choices=[entry.name for entry in IGNORED],
        help="a difference that is meant, by its name below",
    )
    options = parser.parse_args(arguments)
    for folder in (options.old, options.new):
        if not any(folder.rglob("*.html")):
            parser.error(f"{folder} is not a built site: no page is in it")

    ignored = [entry for entry in IGNORED if entry.name in options.ignore]
    tell_ignored(ignored)
    comparison = Comparison(options.old, options.new, ignored)
    pages_of: dict[tuple[Difference, ...], list[str]] = {}
    for name, found in comparison.found.items():
        pages_of.setdefault(tuple(found), []).append(name)
    for alike, names in pages_of.items():
        tell(names, alike)
    print()
    for entry in ignored:
        hidden = comparison.hidden[entry.name]
        print(f"{entry.name}: {f'hid differences in {hidden} places' if hidden else 'not needed'}")
    everything = [difference for found in comparison.found.values() for difference in found]
    pages = len(comparison.found.keys() - {FILES})
    result = f"on {pages} of them, {count(everything)}" if everything else "the same"
    print(f"Pages and indexes compared: {len(comparison.documents)}; {result}.")
    return 1 if everything else 0


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):  # a C locale cannot say every character of a page
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
