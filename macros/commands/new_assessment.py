"""`playbook.py new-assessment`: a small assessment that works, its page, and a place in the
navigation. What is written begins as the files in `starter/`.
"""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, Namespace
from itertools import takewhile
from pathlib import Path

from macros.commands.command import FINE, MissingHere, WrongCall
from macros.commands.console import say

NAME = "new-assessment"
HELP = "begin an assessment of your own, and its page"
DESCRIPTION = (
    "Write assessments/ID.yml, a small assessment that works and says in its comments how to go on,"
    " and its page docs/tools/ID.md, and put the page into the navigation of mkdocs.yml. Nothing is"
    " ever overwritten."
)
NEEDS_TESTS = False

STARTER = Path(__file__).parent / "starter"
SECTION = "Tools"  # of the navigation
# a title that YAML takes as it stands
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,()’–-]*[A-Za-z0-9.)]")
# What Windows does not let a file be called, whatever comes behind its first dot.
TAKEN = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
MOST_SIGNS = 60  # of an id
# words that YAML takes for something else than text
WORDS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "id", metavar="ID", help="its file's name: lower-case words joined by dashes"
    )
    parser.add_argument(
        "title",
        metavar="TITLE",
        nargs="?",
        default="",
        help="its title (default: the words of the ID)",
    )


def run(root: Path, options: Namespace) -> int:
    """Writes the files and says what to do next. Raises Stopped, and has written nothing."""
    id, title = options.id, checked_title(root, options.id, options.title)
    written = write(root, id, title)
    is_listed = add_to_navigation(root / "mkdocs.yml", id, title)
    for path in written:
        say(f"Made {path.relative_to(root).as_posix()}.")
    say(
        f"Put its page under '{SECTION}' in mkdocs.yml."
        if is_listed
        else f"Add '- {entry_of(id, title)}' to the nav of mkdocs.yml."
    )
    say(NEXT.format(id=id))
    return FINE


NEXT = """
What to do next:
  1. Run `python3 playbook.py serve` and open tools/{id}.html: it shows every change that you save.
  2. Put your questions, answers and verdicts in the place of the examples in assessments/{id}.yml.
  3. Run `python3 playbook.py check`: it tells every mistake at once, with its place.
assessments/README.md explains every key."""


def checked_title(root: Path, id: str, title: str) -> str:
    """The title. Raises WrongCall unless an assessment of this id and title can be made."""
    from macros.loading.overlays import FOLDER
    from macros.loading.yaml_nodes import INVISIBLE, shorten

    check_id(id)
    title = " ".join(title.split()) or id.replace("-", " ").capitalize()
    if sign := INVISIBLE.search(title) or re.search(r"[<>{}]", title):
        raise WrongCall(
            f"A title is plain words, and there is {sign[0]!r} in '{shorten(title)}'; leave it out."
        )
    for path in (*paths(root, id), root / FOLDER / f"{id}.yml"):
        if path.exists():
            name = path.relative_to(root).as_posix()
            raise WrongCall(f"There is {name} already; choose another id.")
    return title


def check_id(id: str) -> None:
    from macros.loading.ids import FILE_ID
    from macros.loading.yaml_nodes import shorten

    if not FILE_ID.fullmatch(id):
        joined = "-".join(re.findall(r"[a-z0-9]+", id.lower())).lstrip("-0123456789")
        remedy = f"'{shorten(joined)}'" if joined else "'vendor-readiness', for instance"
        raise WrongCall(f"'{shorten(id)}' is not lower-case words joined by dashes; try {remedy}.")
    if len(id) > MOST_SIGNS:
        raise WrongCall(f"'{shorten(id)}' is longer than {MOST_SIGNS} characters; choose another.")
    if TAKEN.fullmatch(id):
        raise WrongCall(f"'{id}' is a name that Windows keeps to itself; choose another.")


def paths(root: Path, id: str) -> tuple[Path, Path]:
    """Where the assessment goes, and its page."""
    return root / "assessments" / f"{id}.yml", root / "docs" / "tools" / f"{id}.md"


def write(root: Path, id: str, title: str) -> list[Path]:
    """Both files, or none where one cannot be written."""
    texts = (assessment(id, title), page(id, title))
    written: list[Path] = []
    try:
        for path, text in zip(paths(root, id), texts, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as problem:
        for path in written:
            path.unlink(missing_ok=True)
        raise MissingHere(f"Nothing was made: {problem}.") from None
    return written


def assessment(id: str, title: str) -> str:
    return filled("assessment.yml", id=id, title=quoted(title))


def page(id: str, title: str) -> str:
    from macros.html.entities import entities

    return filled("page.md", id=id, heading=entities(title), title=quoted(title))


def filled(name: str, **texts: str) -> str:
    """A file of `starter/` with each text in the place of its ‹name›. The title comes last, as it
    is the one that may say ‹id› itself.
    """
    text = (STARTER / name).read_text(encoding="utf-8")
    for key, value in texts.items():
        text = text.replace(f"‹{key}›", value)
    return text


def entry_of(id: str, title: str) -> str:
    """The page's entry in the navigation."""
    return f"{quoted(title)}: tools/{id}.md"


def quoted(text: str) -> str:
    """A text as YAML and so as it was typed."""
    is_plain = PLAIN.fullmatch(text) and text.lower() not in WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)


# --- the navigation ------------------------------------------------------------------------


def add_to_navigation(config: Path, id: str, title: str) -> bool:
    """Puts a page under SECTION, as text, so that nothing else in the file moves. False where that
    cannot be done.
    """
    try:
        text = config.read_bytes().decode("utf-8")
        end = "\r\n" if "\r\n" in text else "\n"
        lines = text.split(end)
        place = place_in_navigation(lines)
        if place is None:
            return False
        at, is_new = place
        heading = [f"  - {SECTION}:"] if is_new else []
        lines[at:at] = [*heading, f"      - {entry_of(id, title)}"]
        config.write_bytes(end.join(lines).encode("utf-8"))
    except (OSError, UnicodeDecodeError):
        return False
    return True


def place_in_navigation(lines: list[str]) -> tuple[int, bool] | None:
    """The line before which a page goes, and whether SECTION has to be begun there."""
    if "nav:" not in lines:
        return None
    first = lines.index("nav:") + 1
    end = next((n for n in range(first, len(lines)) if re.match(r"[^\s#-]", lines[n])), len(lines))
    entries = [n for n in range(first, end) if not re.match(r"\s*(#|$)", lines[n])]
    if not entries or not lines[entries[0]].startswith("  - "):
        return None
    if f"  - {SECTION}:" not in lines[first:end]:
        return entries[-1] + 1, True
    section = lines.index(f"  - {SECTION}:", first)
    behind = (n for n in entries if n > section)
    pages = takewhile(lambda n: lines[n].startswith("   "), behind)
    return max(pages, default=section) + 1, False
