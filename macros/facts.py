"""What the playbook states, once: what may be said of each number met elsewhere, where its parts have
counterparts in frameworks of others, which rules of law set dates, and the figures of the worked example.

facts/claims.yml, crosswalk.yml, regulation.yml, example.yml and words.yml → `Facts`, or every problem with its
place. A playbook without one of these files has none of those facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import loading
from ids import ID
from loading import File, Steps
from source import shorten

T = TypeVar("T")
Grade = Literal["A", "B", "C", "D", "N"]
DAY = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
WEB = re.compile(r"https://[^\s<>\"']+")

# The small words of the registers: facts/words.yml has each of them.
LABELS = (
    "say", "do_not_say", "dropped", "finding", "unit", "sample", "date", "funder", "seen", "sources", "checked", "link",
    "framework", "grade", "no_counterpart", "part", "counterparts", "law", "applies", "means", "source",
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

    Grades: A the publisher's text was seen, B several accounts agree on it, C one account or a transcription,
    D no source was found: it cannot be cited, N a rule of thumb or a forecast of one author, no finding.
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
    """A framework of others and where it speaks of each line of the diagnostic, by the line's id."""

    name: str
    lines: dict[str, str]
    sources: tuple[Source, ...] = ()
    grade: Literal["A", "B", "C"] = "B"
    note: str = ""


@dataclass(frozen=True)
class Part:
    """Some other part of the playbook and its counterparts."""

    name: str
    page: str  # where it is: close/ninety-day-gate
    counterparts: str


@dataclass(frozen=True)
class Crosswalk:
    """Where the playbook's parts have counterparts."""

    frameworks: dict[str, Framework]
    parts: dict[str, Part]
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


def read_facts(root: Path) -> tuple[Facts, list[File]]:
    """The facts under `root`, and their files with all problems."""
    files: list[File] = []

    def read(name: str, kind: Any, otherwise: T) -> tuple[T, File]:
        file = File(root / "facts" / f"{name}.yml", root)
        if not file.path.exists():
            return otherwise, file
        files.append(file)
        return loading.load(file, kind) or otherwise, file

    no_claims: dict[str, Claim] = {}
    no_laws: dict[str, Law] = {}
    no_text: dict[str, str] = {}
    claims, claims_file = read("claims", dict[str, Claim], no_claims)
    crosswalk, crosswalk_file = read("crosswalk", Crosswalk, Crosswalk({}, {}))
    regulation, regulation_file = read("regulation", dict[str, Law], no_laws)
    example, example_file = read("example", dict[str, str], no_text)
    words, words_file = read("words", dict[str, str], no_text)
    for id, claim in claims.items():
        _check_claim(claim, claims_file, (id,))
    for id, law in regulation.items():
        _check_day(law.checked, regulation_file, (id, "checked"))
        _check_sources(law.sources, regulation_file, (id, "sources"))
    for id, framework in crosswalk.frameworks.items():
        _check_sources(framework.sources, crosswalk_file, ("frameworks", id, "sources"))
    _check_sources(crosswalk.further, crosswalk_file, ("further",))
    _check_ids(crosswalk.frameworks, crosswalk_file, ("frameworks",))
    _check_ids(crosswalk.parts, crosswalk_file, ("parts",))
    for found, file in ((claims, claims_file), (regulation, regulation_file), (example, example_file)):
        _check_ids(found, file, ())
    if words_file in files:
        _check_words(words, words_file)
    return Facts(claims, crosswalk, regulation, example, words), files


def _check_ids(ids: Iterable[str], file: File, where: Steps) -> None:
    """Each id is words; that it stands once is told where the file is read."""
    for id in ids:
        if not ID.fullmatch(id):
            file.problem((*where, id), f"'{shorten(id)}' is not lower-case words joined by underscores", key=True)


def _check_claim(claim: Claim, file: File, where: Steps) -> None:
    """A claim that can be cited says how far it can be trusted; one that cannot says why."""
    if not file.sound(where):
        return
    cited = ["say"] if claim.grade == "N" else ["say", "finding", "unit", "sample", "date", "funder", "seen", "checked"]
    needed = ["dropped", "checked"] if claim.grade == "D" else cited
    for key in needed:
        if not getattr(claim, key):
            file.problem(where, f"the key '{key}' is missing, which a claim of grade {claim.grade} has")
    if claim.grade == "D" and claim.say:
        file.problem(
            (*where, "say"), "a claim of grade D cannot be cited; 'do_not_say' and 'dropped' are its sentences"
        )
    elif claim.grade != "D" and claim.dropped:
        file.problem((*where, "dropped"), f"only a claim of grade D is dropped, and this one is of grade {claim.grade}")
    if claim.grade in ("A", "B", "C") and not claim.sources:
        file.problem(where, "the key 'sources' is missing: where can this be read?")
    if claim.checked:
        _check_day(claim.checked, file, (*where, "checked"))
    _check_sources(claim.sources, file, (*where, "sources"))


def _check_day(day: str, file: File, where: Steps) -> None:
    if not DAY.fullmatch(day):
        file.problem(where, f"'{shorten(day)}' is not a date such as 2026-11-20")


def _check_sources(sources: tuple[Source, ...], file: File, where: Steps) -> None:
    for n, source in enumerate(sources):
        if source.url and not WEB.fullmatch(source.url) and not source.url.startswith("http://web.archive.org/"):
            file.problem((*where, n, "url"), f"'{shorten(source.url)}' is not an address that begins with https://")


def _check_words(words: Mapping[str, str], file: File) -> None:
    for label in LABELS:
        if label not in words:
            file.problem((), f"the word '{label}' is missing")
    for key in words:
        if key not in LABELS:
            file.problem((key,), f"nothing shows '{shorten(key)}'", key=True)
