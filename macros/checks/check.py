"""What a whole assessment must satisfy, beyond the shape of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from macros.checks import reachability
from macros.checks.author_tests import check_cases, check_guidance
from macros.checks.compile_rules import compile_rules, scope_of
from macros.checks.defaults import places, resolve
from macros.checks.nesting import MOST_LEVELS, too_deep
from macros.checks.semantics import (
    CheckContext,
    check_all_ids,
    check_figures,
    check_own_scales,
    check_questions,
)
from macros.engine.state import scoring_model
from macros.loading.ids import check_file_id
from macros.loading.structure import SourceFile, Steps
from macros.model import Assessment, Tree, Verdict

NESTED_TOO_DEEP = (
    f"with the measures and `show` that it goes through, this is nested more than {MOST_LEVELS}"
    " levels deep"
)
TOO_MANY = "there are too many combinations of answers; a test of yours that expects it proves it"


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
    has_answers = not assessment.scale or assessment.scale.answers
    if not (has_answers and (context.rules or context.is_complete)):
        return None
    resolved = resolve(assessment, file)
    check_questions(assessment, resolved, context, file)
    compiled = compile_rules(assessment, resolved, file, context.rules)
    if file.broken or not context.is_complete:
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
    try:
        if cycle := reachability.find_cycle(assessment):
            message = f"'show' depends on itself: {' → '.join(cycle)}"
            file.problem(_place_of_show(written, cycle[0]), message)
    except reachability.TooDeep as error:
        file.problem(_place_of_show(written, str(error)), NESTED_TOO_DEEP)
    if not file.broken:
        for where, id in too_deep(assessment):
            file.problem(where or _place_of_show(written, id), NESTED_TOO_DEEP)
    return not file.broken


def _place_of_show(assessment: Assessment, id: str) -> Steps:
    """Where it is said when a question is shown: with itself, or with its section."""
    stands = {question.id: (where, question) for where, _, question in places(assessment)}
    where, question = stands[id]
    section = where[:2]
    return (*(where if question.show else section), "show")


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
            rule = "the last verdict says 'otherwise: true'"
            if n != last:
                rule = "only the last verdict says 'otherwise'"
            message = f"{rule}, so that every combination of answers has a verdict"
            file.problem(("verdicts", n), message)
        elif not verdict.otherwise and not verdict.when:
            file.problem(("verdicts", n), "the key 'when' is missing")


def _check_reach(
    written: Assessment, assessment: Assessment, reached: set[str], file: SourceFile, thorough: bool
) -> None:
    """Each verdict can be reached, if not `reached` by the author's tests already; each warning can
    hold.
    """
    explorer = reachability.Explorer(scoring_model(assessment), thorough)
    unreached = explorer.unreached(reached)
    for n, verdict in enumerate(assessment.verdicts):
        if unreached.get(verdict.id):
            reason = _why_never(verdict, explorer)
            file.problem(("verdicts", n), f"'{verdict.id}' can never be reached: {reason}")
        elif verdict.id in unreached:
            message = f"it is not proven that '{verdict.id}' can be reached: {TOO_MANY}"
            file.problem(("verdicts", n), message, "warning")
    for n, warning in enumerate(assessment.warnings):
        if not explorer.can_hold(warning.when.tree):
            file.problem(("warnings", n, "when"), "this can never hold", "warning")
    for where, id, tree in _shows(written, assessment):
        if not explorer.can_hold(tree):
            message = f"this can never hold, so '{id}' is never shown"
            file.problem((*where, "show"), message, "warning")


def _why_never(verdict: Verdict, explorer: reachability.Explorer) -> str:
    if not verdict.when:
        return "whatever the answers are, an earlier verdict holds"
    if not explorer.can_hold(verdict.when.tree):
        return "its rule never holds"
    return "where its rule holds, an earlier verdict holds too"


def _shows(written: Assessment, assessment: Assessment) -> Iterator[tuple[Steps, str, Tree]]:
    """What must hold for a section or a question to be shown, and where that is said."""
    of_questions = {question.id: question.show for question in assessment.every_question()}
    of_sections = {section.id: section.show for section in assessment.sections}
    for n, section in enumerate(written.sections):
        if show := section.show and of_sections[section.id]:
            yield ("sections", n), section.id, show.tree
    for where, _, question in places(written):
        if show := question.show and of_questions[question.id]:
            yield where, question.id, show.tree
