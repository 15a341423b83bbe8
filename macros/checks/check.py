"""What a whole assessment must satisfy, beyond the shape of its file.

`check_all` reads every YAML file of a playbook, what its pages call by name, and its navigation,
and tells all problems at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from macros.checks import reachability
from macros.checks.author_tests import check_cases, check_guidance
from macros.checks.compile_rules import compile_rules, scope_of
from macros.checks.configuration import Complaint, place_complaints, read_settings
from macros.checks.defaults import places, resolve
from macros.checks.former_scripts import check_scripts
from macros.checks.macro_calls import calls_of, check_calls, check_shown
from macros.checks.navigation import check_navigation
from macros.checks.nesting import MOST_LEVELS, too_deep
from macros.checks.semantics import (
    CheckContext,
    check_all_ids,
    check_figures,
    check_own_scales,
    check_questions,
    check_scale,
)
from macros.checks.titles import check_page_titles
from macros.engine.state import scoring_model
from macros.loading import structure
from macros.loading.facts import read_facts
from macros.loading.ids import check_file_id
from macros.loading.overlays import Plan, plan_of, read_assessment
from macros.loading.playbook import Playbook
from macros.loading.structure import SourceFile, Steps
from macros.loading.words import load_words
from macros.loading.worksheets import FOLDERS, read_worksheets
from macros.memory import Memory, stamp, stamps
from macros.model import Assessment, Problem, Scale, Tree

Complaints = Callable[[Path], Iterable[Complaint]]


def no_complaints(root: Path) -> Iterable[Complaint]:
    return ()


def check_all(
    root: Path, thorough: bool = False, complaints: Complaints = no_complaints
) -> list[Problem]:
    """Every problem of every YAML file under `root`, of what pages take from them, and of the
    site's settings, by place. `complaints` asks the site generator, which is not known here.
    """
    held = read_playbook(root, thorough) if thorough else cached_playbook(root)
    broken = {problem.path for problem in held.problems if problem.level == "error"}
    facts = {
        "term": ("glossary", held.terms),
        "rule": ("rules", held.rules),
        "claim": ("claims", held.facts.claims),
        "example": ("example", held.facts.example),
    }
    known: dict[str, Collection[str]] = {**held.forms, "kicker": held.forms["assessment"]}
    known |= {
        macro: ids for macro, (name, ids) in facts.items() if f"facts/{name}.yml" not in broken
    }
    calls = list(calls_of(root / "docs"))
    unseen = (problem for problem in check_shown(calls, held.forms) if problem.path not in broken)
    pages = [*check_calls(calls, known), *unseen, *check_page_titles(root / "docs")]
    settings = check_settings(root, complaints)
    return sorted((*held.problems, *pages, *settings), key=lambda p: (p.path, p.line, p.column))


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


def read_playbook(root: Path, thorough: bool = False, memory: Memory | None = None) -> Playbook:
    """The whole playbook under `root`, checked; with a `memory`, only what has changed."""
    keep = (memory or Memory()).keep
    pages = _pages(root)
    of_facts = stamps(root, "facts/*.yml")
    of_scales = stamps(root, "assessments/scales.yml")
    of_words = stamps(root, "assessments/words.yml", "assessments/engagement/words.yml")
    of_sheets = stamps(root, *(f"{folder.as_posix()}/*.yml" for folder in FOLDERS))
    scales, scales_file = keep("scales", of_scales, lambda: _checked_scales(root))
    words, words_files = keep("words", of_words, lambda: load_words(root))
    terms, terms_file = keep("terms", of_facts, lambda: structure.load_terms(root))
    rules, rules_file = keep("rules", of_facts, lambda: structure.load_rules(root))
    facts, facts_files = keep("facts", (of_facts, pages), lambda: read_facts(root))
    worksheets, sheet_files = keep("worksheets", of_sheets, lambda: read_worksheets(root))
    files = [scales_file, *words_files, terms_file, rules_file]
    context = CheckContext(
        rules={id: rule.value for id, rule in rules.items()},
        sound=not (scales_file.broken or rules_file.broken),
        pages=pages,
        worksheets=worksheets,
        thorough=thorough,
    )
    plan = plan_of(root)
    assessments, assessment_files = {}, list(plan.unused)
    for id in plan.bases:
        read = partial(_checked_assessment, id, plan, root, scales, context)
        given = (tuple(map(stamp, plan.files_of(id))), scales, context)
        assessment, file = keep(("assessment", id), given, read)
        assessment_files.append(file)
        if assessment:
            assessments[id] = assessment
    files += assessment_files
    files += sheet_files + facts_files
    problems = sorted(
        (p for file in files for p in file.problems), key=lambda p: (p.path, p.line, p.column)
    )
    sound = {id: sheet for id, sheet in worksheets.items() if sheet}
    forms = {
        "assessment": {file.path.stem: file.name for file in assessment_files},
        "worksheet": {file.path.stem: file.name for file in sheet_files},
    }
    return Playbook(assessments, sound, words, terms, rules, facts, tuple(problems), forms)


def _pages(root: Path) -> set[str]:
    """Every page by its name: `read/diagnostic`."""
    docs = root / "docs"
    return {path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")}


def _checked_scales(root: Path) -> tuple[dict[str, Scale], SourceFile]:
    scales, file = structure.load_scales(root)
    for name, scale in scales.items():
        check_scale(scale, file, (name,), marks=True)
    return scales, file


def _checked_assessment(
    id: str, plan: Plan, root: Path, scales: Mapping[str, Scale], context: CheckContext
) -> tuple[Assessment | None, SourceFile]:
    assessment, file = read_assessment(id, plan, root, scales)
    return check_in(context, assessment, file) if assessment else None, file


def cached_playbook(root: Path) -> Playbook:
    """The same, of which only what has changed is read anew."""
    memory = _memory(root)
    files = stamps(root, "assessments/**/*.yml", "facts/**/*.yml")
    return memory.keep(
        "playbook", (files, _pages(root)), lambda: read_playbook(root, memory=memory)
    )


@lru_cache(maxsize=1)
def _memory(root: Path) -> Memory:
    return Memory()


def check(
    assessment: Assessment, file: SourceFile, rules: Mapping[str, float]
) -> Assessment | None:
    """The assessment with its expressions compiled; None where that fails. Problems go to
    `file`.
    """
    return check_in(CheckContext(rules), assessment, file)


def check_in(context: CheckContext, assessment: Assessment, file: SourceFile) -> Assessment | None:
    """The same, with all that it can refer to."""
    check_file_id(assessment.id, file)
    check_own_scales(assessment, file)
    check_all_ids(assessment, file)
    check_figures(assessment, file)
    _check_order(assessment, file)
    if not (context.rules or context.sound) or (assessment.scale and not assessment.scale.answers):
        return None
    resolved = resolve(assessment, file)
    check_questions(assessment, resolved, context, file)
    compiled = compile_rules(assessment, resolved, file, context.rules)
    if file.broken or not context.sound:
        return None
    if not _is_shallow(assessment, compiled, file):
        return None
    reached = check_cases(compiled, file, scope_of(compiled, context.rules))
    _check_reach(assessment, compiled, reached, file, context.thorough)
    check_guidance(assessment, compiled, file)
    return None if file.broken else compiled


def _is_shallow(written: Assessment, assessment: Assessment, file: SourceFile) -> bool:
    """No `show` depends on itself, and nothing reaches deeper into others than can be worked
    out.
    """
    told = (
        f"with the measures and `show` that it goes through, this is nested more than {MOST_LEVELS}"
        " levels deep"
    )
    try:
        if path := reachability.find_cycle(assessment):
            file.problem(
                _place_of(written, path[0]), f"'show' depends on itself: {' → '.join(path)}"
            )
    except reachability.TooDeep as error:
        file.problem(_place_of(written, str(error)), told)
    if not file.broken:
        for where, id in too_deep(assessment):
            file.problem(where or _place_of(written, id), told)
    return not file.broken


def _place_of(assessment: Assessment, id: str) -> Steps:
    """Where it is said when a question is shown: with itself, or with its section."""
    where, own = next(
        (where, question.show) for where, _, question in places(assessment) if question.id == id
    )
    return (*(where if own else where[:2]), "show")


def _check_order(assessment: Assessment, file: SourceFile) -> None:
    """Each verdict has a rule, and `otherwise` comes last and only last."""
    last = len(assessment.verdicts) - 1
    if last < 0:
        file.problem(("verdicts",), "there is no verdict; the last one says 'otherwise: true'")
    for n, verdict in enumerate(assessment.verdicts):
        if not file.is_complete(("verdicts", n)):
            continue
        if verdict.otherwise and verdict.when:
            file.problem(("verdicts", n), "a verdict has 'when' or 'otherwise', not both")
        elif verdict.otherwise != (n == last):
            place = (
                "the last verdict says 'otherwise: true'"
                if n == last
                else "only the last verdict says 'otherwise'"
            )
            file.problem(
                ("verdicts", n), f"{place}, so that every combination of answers has a verdict"
            )
        elif not verdict.otherwise and not verdict.when:
            file.problem(("verdicts", n), "the key 'when' is missing")


def _check_reach(
    written: Assessment, assessment: Assessment, reached: set[str], file: SourceFile, thorough: bool
) -> None:
    """Each verdict can be reached, if not `reached` by the author's tests already; each warning can
    hold.
    """
    explorer = reachability.Explorer(scoring_model(assessment), thorough)
    missing = explorer.unreached(reached)
    for n, verdict in enumerate(assessment.verdicts):
        if missing.get(verdict.id):
            why = "where its rule holds, an earlier verdict holds too"
            if verdict.when and not explorer.can_hold(verdict.when.tree):
                why = "its rule never holds"
            told = why if verdict.when else "whatever the answers are, an earlier verdict holds"
            file.problem(("verdicts", n), f"'{verdict.id}' can never be reached: {told}")
        elif verdict.id in missing:
            many = (
                "there are too many combinations of answers; a test of yours that expects it"
                " proves it"
            )
            message = f"it is not proven that '{verdict.id}' can be reached: {many}"
            file.problem(("verdicts", n), message, "warning")
    for n, warning in enumerate(assessment.warnings):
        if not explorer.can_hold(warning.when.tree):
            file.problem(("warnings", n, "when"), "this can never hold", "warning")
    for where, told, tree in _shows(written, assessment):
        if not explorer.can_hold(tree):
            file.problem(
                (*where, "show"), f"this can never hold, so {told} is never shown", "warning"
            )


def _shows(written: Assessment, assessment: Assessment) -> Iterator[tuple[Steps, str, Tree]]:
    """What must hold for a section or a question to be shown, and where that is said."""
    done = {question.id: question.show for question in assessment.every_question()}
    trees = {section.id: section.show for section in assessment.sections}
    for n, section in enumerate(written.sections):
        if shown := section.show and trees[section.id]:
            yield ("sections", n), f"'{section.id}'", shown.tree
    for where, _, question in places(written):
        if shown := question.show and done[question.id]:
            yield where, f"'{question.id}'", shown.tree
