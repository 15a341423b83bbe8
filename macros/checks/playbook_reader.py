"""A whole playbook: every YAML file read and checked, and all problems told at once.

While serving, what has not changed is neither read nor checked again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from macros.checks.check import check_in
from macros.checks.configuration import Complaint, place_complaints, read_settings
from macros.checks.former_scripts import check_scripts
from macros.checks.macro_calls import calls_of, check_calls, check_shown
from macros.checks.navigation import check_navigation
from macros.checks.semantics import CheckContext, check_scale
from macros.checks.titles import check_page_titles
from macros.loading import structure
from macros.loading.facts import read_facts
from macros.loading.overlays import Plan, plan_of, read_assessment
from macros.loading.playbook import Playbook
from macros.loading.structure import SourceFile
from macros.loading.words import OUR_WORDS, OWN_WORDS, load_words
from macros.loading.worksheets import FOLDERS, read_worksheets
from macros.memory import FileState, Memory, file_state, file_states
from macros.model import Assessment, Problem, Scale

Part = TypeVar("Part")
Scales = Mapping[str, Scale]
Complaints = Callable[[Path], Iterable[Complaint]]

FACTS = "facts/*.yml"
SCALES = "assessments/scales.yml"
WORDS = (OUR_WORDS.as_posix(), OWN_WORDS.as_posix())
WORKSHEETS = tuple(f"{folder.as_posix()}/*.yml" for folder in FOLDERS)


# --- all problems --------------------------------------------------------------------------


def no_complaints(root: Path) -> Iterable[Complaint]:
    return ()


def check_all(
    root: Path,
    thorough: bool = False,
    complaints: Complaints = no_complaints,
    pictures: Collection[str] | None = None,
) -> list[Problem]:
    """Every problem of every YAML file under `root`, of what pages take from them, and of the
    site's settings, by place. `complaints` asks the site generator, and `pictures` are the names of
    drawings: neither is known here.
    """
    book = read_playbook(root, thorough) if thorough else cached_playbook(root)
    of_pages = _check_pages(root, book, {} if pictures is None else {"picture": pictures})
    return by_place([*book.problems, *of_pages, *check_settings(root, complaints)])


def _check_pages(
    root: Path, book: Playbook, drawn: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Of what pages call by name; of a file that has errors nobody knows what it would name."""
    broken = {problem.path for problem in book.problems if problem.level == "error"}
    calls = list(calls_of(root / "docs"))
    known = {**_names_of_forms(book), **_names_of_facts(book, broken), **drawn}
    yield from check_calls(calls, known)
    yield from (problem for problem in check_shown(calls, book.forms) if problem.path not in broken)
    yield from check_page_titles(root / "docs")


def _names_of_forms(book: Playbook) -> dict[str, Collection[str]]:
    """What macros that show forms can be called with."""
    return {**book.forms, "kicker": book.forms["assessment"]}


def _names_of_facts(book: Playbook, broken: set[str]) -> dict[str, Collection[str]]:
    """What macros that show facts can be called with, of files without errors."""
    facts: dict[str, tuple[str, Collection[str]]] = {
        "term": ("glossary", book.terms),
        "rule": ("rules", book.rules),
        "claim": ("claims", book.facts.claims),
        "example": ("example", book.facts.example),
    }
    return {macro: ids for macro, (name, ids) in facts.items() if f"facts/{name}.yml" not in broken}


def check_settings(root: Path, complaints: Complaints) -> Iterator[Problem]:
    """Of mkdocs.yml and what it inherits; what the site generator complains of, once it can be
    read.
    """
    files, unreadable = read_settings(root)
    yield from unreadable
    yield from check_scripts(files)
    yield from check_navigation(root, files)
    if files and not unreadable:
        yield from place_complaints(root, files, complaints(root))


def by_place(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))


# --- the files -----------------------------------------------------------------------------


def read_playbook(root: Path, thorough: bool = False) -> Playbook:
    """The whole playbook under `root`, checked."""
    return _Reader(root, thorough).playbook()


def cached_playbook(root: Path) -> Playbook:
    """The same, of which only what has changed is read anew."""
    return _reader(root).playbook()


class _Reader:
    """Reads a playbook part by part, and each part again once what it is read from is another."""

    def __init__(self, root: Path, thorough: bool = False) -> None:
        self.root = root
        self.thorough = thorough
        self.memory = Memory()

    def playbook(self) -> Playbook:
        files = file_states(self.root, "assessments/**/*.yml", FACTS)
        pages = self._pages()
        return self.memory.keep("playbook", (files, pages), lambda: self._read(pages))

    def _read(self, pages: set[str]) -> Playbook:
        of_facts = self._files(FACTS)
        scales, scales_file = self._part(_checked_scales, self._files(SCALES))
        words, words_files = self._part(load_words, self._files(*WORDS))
        terms, terms_file = self._part(structure.load_terms, of_facts)
        rules, rules_file = self._part(structure.load_rules, of_facts)
        facts, facts_files = self._part(read_facts, (of_facts, pages))
        sheets, sheet_files = self._part(read_worksheets, self._files(*WORKSHEETS))
        context = CheckContext(
            rules={id: rule.value for id, rule in rules.items()},
            is_complete=not (scales_file.broken or rules_file.broken),
            pages=pages,
            worksheets=sheets,
            thorough=self.thorough,
        )
        assessments, assessment_files = self._assessments(scales, context)
        files = [scales_file, *words_files, terms_file, rules_file]
        files += [*assessment_files, *sheet_files, *facts_files]
        return Playbook(
            assessments=assessments,
            worksheets={id: sheet for id, sheet in sheets.items() if sheet},
            words=words,
            terms=terms,
            rules=rules,
            facts=facts,
            problems=tuple(by_place(problem for file in files for problem in file.problems)),
            forms={"assessment": _names(assessment_files), "worksheet": _names(sheet_files)},
        )

    def _assessments(
        self, scales: Scales, context: CheckContext
    ) -> tuple[dict[str, Assessment], list[SourceFile]]:
        """Those without errors, by id; and the files of all."""
        plan = plan_of(self.root)
        complete, files = {}, list(plan.unused)
        for id in plan.bases:
            assessment, file = self._assessment(id, plan, scales, context)
            files.append(file)
            if assessment:
                complete[id] = assessment
        return complete, files

    def _assessment(
        self, id: str, plan: Plan, scales: Scales, context: CheckContext
    ) -> tuple[Assessment | None, SourceFile]:
        def read() -> tuple[Assessment | None, SourceFile]:
            assessment, file = read_assessment(id, plan, self.root, scales)
            return check_in(context, assessment, file) if assessment else None, file

        files = tuple(map(file_state, plan.files_of(id)))
        return self.memory.keep(("assessment", id), (files, scales, context), read)

    def _part(self, read: Callable[[Path], Part], made_of: object) -> Part:
        return self.memory.keep(read, made_of, lambda: read(self.root))

    def _files(self, *patterns: str) -> tuple[FileState, ...]:
        return file_states(self.root, *patterns)

    def _pages(self) -> set[str]:
        """Every page by its name: `read/diagnostic`."""
        docs = self.root / "docs"
        return {path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")}


@lru_cache(maxsize=1)
def _reader(root: Path) -> _Reader:
    return _Reader(root)


def _checked_scales(root: Path) -> tuple[dict[str, Scale], SourceFile]:
    scales, file = structure.load_scales(root)
    for name, scale in scales.items():
        check_scale(scale, file, (name,), marks=True)
    return scales, file


def _names(files: list[SourceFile]) -> dict[str, str]:
    return {file.path.stem: file.name for file in files}
