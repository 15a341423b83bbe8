"""`playbook.py new-assessment`: a small assessment that works, its page, and a place in the
navigation.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from macros.html.form import entities
from macros.loading import overlays
from macros.loading.ids import FILE_ID
from macros.loading.yaml_nodes import INVISIBLE, shorten

SECTION = "Tools"  # of the navigation
# a title that YAML takes as it stands
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,()’–-]*[A-Za-z0-9.)]")
# What Windows does not let a file be called, whatever comes behind its first dot.
TAKEN = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


class NotMade(Exception):
    """Why no assessment was made, as a sentence that says what to do."""


def run(root: Path, id: str, title: str) -> int:
    """Writes the files and says what to do next; or says why not, and writes nothing."""
    try:
        title = check(root, id, title)
        made = write(root, id, title)
    except NotMade as problem:
        print(problem, file=sys.stderr)
        return 1
    listed = add_to_navigation(root / "mkdocs.yml", id, title)
    for path in made:
        print(f"Made {path.relative_to(root).as_posix()}.")
    entry = f"{quoted(title)}: tools/{id}.md"
    print(
        f"Put its page under '{SECTION}' in mkdocs.yml."
        if listed
        else f"Add '- {entry}' to the nav of mkdocs.yml."
    )
    print(NEXT.format(id=id))
    return 0


NEXT = """
What to do next:
  1. Run `python3 playbook.py serve` and open tools/{id}.html: it shows every change that you save.
  2. Put your questions, answers and verdicts in the place of the examples in assessments/{id}.yml.
  3. Run `python3 playbook.py check`: it tells every mistake at once, with its place.
assessments/README.md explains every key."""


def check(root: Path, id: str, title: str) -> str:
    """The title. Raises NotMade unless an assessment of this id can be made."""
    if not FILE_ID.fullmatch(id):
        near = "-".join(re.findall(r"[a-z0-9]+", id.lower())).lstrip("-0123456789")
        remedy = f"'{shorten(near)}'" if near else "'vendor-readiness', for instance"
        raise NotMade(f"'{shorten(id)}' is not lower-case words joined by dashes; try {remedy}.")
    if TAKEN.fullmatch(id) or len(id) > 60:
        why = (
            "is a name that Windows keeps to itself"
            if len(id) <= 60
            else "is longer than 60 characters"
        )
        raise NotMade(f"'{shorten(id)}' {why}; choose another.")
    title = " ".join(title.split()) or id.replace("-", " ").capitalize()
    if found := INVISIBLE.search(title) or re.search(r"[<>{}]", title):
        raise NotMade(
            f"A title is plain words, and there is {found[0]!r} in '{shorten(title)}'; leave it"
            " out."
        )
    for path in (*files(root, id), root / overlays.FOLDER / f"{id}.yml"):
        if path.exists():
            raise NotMade(
                f"There is {path.relative_to(root).as_posix()} already; choose another id."
            )
    return title


def files(root: Path, id: str) -> tuple[Path, Path]:
    return root / "assessments" / f"{id}.yml", root / "docs" / "tools" / f"{id}.md"


def write(root: Path, id: str, title: str) -> list[Path]:
    """Both files, or none where one cannot be written."""
    texts = (STARTER.format(id=id, title=quoted(title)), page(id, title))
    made: list[Path] = []
    try:
        for path, text in zip(files(root, id), texts, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except OSError as problem:
        for path in made:
            path.unlink(missing_ok=True)
        raise NotMade(f"Nothing was made: {problem}.") from None
    return made


def quoted(text: str) -> str:
    """A text as YAML and so as it was typed."""
    return (
        text
        if PLAIN.fullmatch(text) and text.lower() not in WORDS
        else json.dumps(text, ensure_ascii=False)
    )


WORDS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")


def page(id: str, title: str) -> str:
    return PAGE.format(id=id, title=quoted(title), heading=entities(title))


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
        lines[at:at] = [
            *([f"  - {SECTION}:"] if is_new else []),
            f"      - {quoted(title)}: tools/{id}.md",
        ]
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
    held = [
        n for n in range(first, end) if lines[n].strip() and not lines[n].lstrip().startswith("#")
    ]
    if not held or not lines[held[0]].startswith("  - "):
        return None
    if f"  - {SECTION}:" not in lines[first:end]:
        return held[-1] + 1, True
    section = lines.index(f"  - {SECTION}:", first)
    within = [n for n in held if n > section]
    after = next((n for n in within if not lines[n].startswith("   ")), None)
    return max([n for n in within if after is None or n < after] or [section]) + 1, False


# --- what is written -----------------------------------------------------------------------

STARTER = """\
# yaml-language-server: $schema=schemas/assessment.json
# A small assessment that works: put your own words in the place of these. `python3 playbook.py check` tells every
# mistake at once; assessments/README.md explains every key. The name of this file, {id}, is the assessment's id.
title: {title}
version: 1                      # raise it when the meaning of an answer or a verdict changes
basis: ours                     # seed (from a source), seed+ (completed by us) or ours
unit: one initiative            # what one reading is about
respondent: the person who will live with the result
minutes: 5
intro: Answer each line for what you could show today.
scale: traffic_light            # green, yellow, red; other scales are in scales.yml
unknown: yellow                 # offers "can't tell", which counts as yellow; leave the line out to offer it nowhere

questions:
  - id: owner                   # lower-case words joined by underscores; saved readings go by it, so it stays
    name: Owner                 # a word or two, for the list of results
    ask: Who answers for the result?
    answers:                    # a full sentence for each answer, so that two people mean the same by it
      green: One named person, who can also decide.
      yellow: One named person, who has to ask others to decide.
      red: Nobody, or more than one.
    why: What nobody answers for waits for whoever has time.   # optional, like all below but the move
    evidence: A name on the page where the result is reported.
    move: Write one name next to the result, and ask that person whether it is true.
  - id: measure
    name: Measure
    ask: How will you know that it worked?
    answers:
      green: By one number that somebody outside the project reads already.
      yellow: By a number that only the project keeps.
      red: There is no number yet.
    move: Choose a number that is read today, and note what it is now.
  - id: date
    name: Date
    ask: When is it decided whether to go on?
    answers:
      green: On a date that is agreed, with what would make you stop.
      yellow: On a date, without what would make you stop.
      red: There is no date.
    move: Agree on the date, and on one result that would make you stop.

verdicts:                       # the first that holds; the last one says `otherwise`
  - id: not_ready
    when: count(red) >= 2
    title: Not ready
    say: Two red lines or more. Mend them before anything else is begun.
  - id: nearly
    when: count(red) >= 1 or count(yellow) >= 1
    title: Nearly
    say: It can begin while the lines that are not green are mended.
  - id: ready
    otherwise: true
    title: Ready
    say: Every line is green. Begin, and read it again in a month.

warnings:                       # every one that holds is shown, whatever the verdict
  - id: too_many_unknown
    when: unknown() >= 2
    say: Two lines that nobody could tell. Ask first, and answer again.

tests:                          # your own cases; `check` fails when one does
  - name: two reds are not ready, whatever the third line says
    answers: {{owner: red, measure: red}}
    expect: {{verdict: not_ready}}
  - name: one yellow is nearly ready
    answers: {{owner: green, measure: yellow, date: green}}
    expect: {{verdict: nearly, count(yellow): 1}}
"""  # noqa: E501  an author reads these comments beside what they explain

PAGE = """\
---
title: {title}
description: A few lines with a verdict, and what to do next.
hide:
  - navigation
  - toc
---

{{{{ kicker("{id}") }}}}

# {heading}

Say in one sentence what a reader will know after this, and when to use it.
{{ .lead }}

{{{{ assessment("{id}") }}}}

## Do this next

Name one page or one person to go to with the result.
"""
