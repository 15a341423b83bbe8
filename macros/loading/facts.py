"""What the playbook states, once: what may be said of each number met elsewhere, where its parts
have counterparts in frameworks of others, which rules of law set dates, and the figures of the
worked example.

facts/claims.yml, crosswalk.yml, regulation.yml, example.yml and words.yml → `Facts`, or every
problem with its place. A playbook without one of these files has none of those facts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from macros.loading import structure
from macros.loading.ids import check_id
from macros.loading.structure import SourceFile, Steps
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten

Grade = Literal["A", "B", "C", "D", "N"]
DAY = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
WEB = re.compile(r"(https://|http://web\.archive\.org/)[^\s<>\"']+")

# What a claim of each grade says of itself.
CITED = ("say", "finding", "unit", "sample", "date", "funder", "seen", "sources", "checked")
NEEDED = {"A": CITED, "B": CITED, "C": CITED, "D": ("dropped", "checked"), "N": ("say",)}

# The small words of the registers: facts/words.yml has each of them.
LABELS = (
    "say", "do_not_say", "dropped", "finding", "unit", "sample", "date", "funder", "seen",
    "sources", "checked", "link", "framework", "grade", "no_counterpart", "part", "counterparts",
    "law", "applies", "means", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where something can be read; `url` may be that of somebody who tells of it."""

    title: str
    publisher: str
    url: str = ""


@dataclass(frozen=True)
class Claim:
    """A number or a finding of somebody else, and what may be said of it.

    Grades: A the publisher's text was seen, B several accounts agree on it, C one account or a
    transcription, D no source was found: it cannot be cited, N a rule of thumb or a forecast of one
    author, no finding.
    """

    name: str
    grade: Grade
    sources: tuple[Source, ...] = ()
    say: str = ""  # the sentence that may be said
    do_not_say: str = ""
    dropped: str = ""  # of grade D: why it cannot be cited
    finding: str = ""
    unit: str = ""  # what is counted: organisations, pilots, respondents
    sample: str = ""
    date: str = ""  # of the fieldwork, and of what was published
    funder: str = ""
    seen: str = ""  # what was opened of it
    checked: str = ""  # the day on which this entry was last gone through


@dataclass(frozen=True)
class Framework:
    """A framework of others and where it speaks of the diagnostic's lines, by a line's id."""

    name: str
    lines: dict[str, str]
    sources: tuple[Source, ...] = ()
    grade: Literal["A", "B", "C"] = "B"
    note: str = ""


@dataclass(frozen=True)
class CrosswalkPart:
    """Some other part of the playbook and its counterparts."""

    name: str
    page: str  # where it is: close/ninety-day-gate
    counterparts: str


@dataclass(frozen=True)
class Crosswalk:
    """Where the playbook's parts have counterparts."""

    frameworks: dict[str, Framework]
    parts: dict[str, CrosswalkPart]
    further: tuple[Source, ...] = ()  # what else was read


@dataclass(frozen=True)
class Law:
    """A rule of law or a standard, and the date that it sets."""

    name: str
    applies: str  # from when
    means: str
    sources: tuple[Source, ...]
    checked: str


@dataclass(frozen=True)
class Facts:
    """All of them, each by its id."""

    claims: Mapping[str, Claim]
    crosswalk: Crosswalk
    regulation: Mapping[str, Law]
    example: Mapping[str, str]
    words: Mapping[str, str]


KINDS: dict[str, Any] = {
    "claims": dict[str, Claim],
    "crosswalk": Crosswalk,
    "regulation": dict[str, Law],
    "example": dict[str, str],
    "words": dict[str, str],
}


def read_facts(root: Path) -> tuple[Facts, list[SourceFile]]:
    """The facts under `root`, and their files with all problems."""
    paths = {name: root / "facts" / f"{name}.yml" for name in KINDS}
    files = {name: SourceFile(path, root) for name, path in paths.items() if path.exists()}
    entries = {name: structure.load(file, KINDS[name]) for name, file in files.items()}
    facts = Facts(
        claims=entries.get("claims") or {},
        crosswalk=entries.get("crosswalk") or Crosswalk({}, {}),
        regulation=entries.get("regulation") or {},
        example=entries.get("example") or {},
        words={label: label for label in LABELS} | (entries.get("words") or {}),
    )
    checks = {
        "claims": _check_claims,
        "crosswalk": _check_crosswalk,
        "regulation": _check_laws,
        "words": _check_words,
    }
    for name, file in files.items():
        if name in checks:
            checks[name](facts, file)
        else:
            _check_ids(facts.example, file, ())
    return facts, list(files.values())


def _check_ids(ids: Iterable[str], file: SourceFile, where: Steps) -> None:
    """Each id is words; that it stands once is told where the file is read."""
    for id in ids:
        check_id(id, file, (*where, id), Counter(), key=True)


def _check_claims(facts: Facts, file: SourceFile) -> None:
    _check_ids(facts.claims, file, ())
    for id, claim in facts.claims.items():
        if file.is_complete((id,)):
            _check_grade(claim, file, (id,))
        _check_day(claim.checked, file, (id, "checked"))
        _check_sources(claim.sources, file, (id, "sources"))


def _check_grade(claim: Claim, file: SourceFile, where: Steps) -> None:
    """A claim that can be cited says how far it can be trusted; one that cannot says why."""
    for key in NEEDED[claim.grade]:
        if not getattr(claim, key):
            problem = f"the key '{key}' is missing, which a claim of grade {claim.grade} has"
            file.problem(where, problem)
    if claim.grade == "D" and claim.say:
        problem = "a claim of grade D cannot be cited; 'do_not_say' and 'dropped' are its sentences"
        file.problem((*where, "say"), problem)
    elif claim.grade != "D" and claim.dropped:
        problem = f"only a claim of grade D is dropped, and this one is of grade {claim.grade}"
        file.problem((*where, "dropped"), problem)


def _check_crosswalk(facts: Facts, file: SourceFile) -> None:
    """Its ids and addresses, and that the pages it names are there."""
    docs = file.path.parent.parent / "docs"
    pages = [path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")]
    _check_ids(facts.crosswalk.frameworks, file, ("frameworks",))
    _check_ids(facts.crosswalk.parts, file, ("parts",))
    for id, framework in facts.crosswalk.frameworks.items():
        _check_sources(framework.sources, file, ("frameworks", id, "sources"))
    for id, part in facts.crosswalk.parts.items():
        if part.page not in pages:
            problem = f"there is no page '{shorten(part.page)}'{suggest(part.page, pages)}"
            file.problem(("parts", id, "page"), problem)
    _check_sources(facts.crosswalk.further, file, ("further",))


def _check_laws(facts: Facts, file: SourceFile) -> None:
    _check_ids(facts.regulation, file, ())
    for id, law in facts.regulation.items():
        _check_day(law.checked, file, (id, "checked"))
        _check_sources(law.sources, file, (id, "sources"))


def _check_words(facts: Facts, file: SourceFile) -> None:
    for label in LABELS:
        if (label,) not in file.keys:
            file.problem((), f"the word '{label}' is missing")
    for key in facts.words:
        if key not in LABELS:
            problem = f"nothing shows '{shorten(key)}'{suggest(key, LABELS)}"
            file.problem((key,), problem, key=True)


def _check_day(day: str, file: SourceFile, where: Steps) -> None:
    if day and not DAY.fullmatch(day):
        file.problem(where, f"'{shorten(day)}' is not a date such as 2026-11-20")


def _check_sources(sources: tuple[Source, ...], file: SourceFile, where: Steps) -> None:
    for n, source in enumerate(sources):
        if source.url and not WEB.fullmatch(source.url):
            problem = f"'{shorten(source.url)}' is not an address that begins with https://"
            file.problem((*where, n, "url"), problem)
