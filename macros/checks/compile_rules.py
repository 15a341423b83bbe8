"""Every expression of an assessment, compiled: its measures, what must hold for a question to be
shown, its rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from macros.checks.defaults import joined_show, places
from macros.loading.structure import SourceFile, Steps
from macros.model import (
    Assessment,
    Expression,
    Measure,
    Question,
    Rating,
    RatingRule,
    Section,
    Verdict,
    Warning,
)
from macros.rules.compiler import compile_condition, compile_value
from macros.rules.names import Budget, Kind, Scope
from macros.rules.source import ExpressionError

Item = TypeVar("Item", Verdict, Warning, RatingRule)


def scope_of(
    assessment: Assessment, rules: Mapping[str, float], budget: Budget | None = None
) -> Scope:
    """What an expression can name, once the measures are compiled."""
    questions = {question.id: question for question in assessment.every_question()}
    sections = {section.id: section for section in assessment.sections}
    measures = {
        name: (_kind(measure), measure.per) for name, measure in assessment.measures.items()
    }
    return Scope(questions, sections, rules, measures, budget=budget or Budget())


def _kind(measure: Measure) -> Kind:
    return measure.kind or "none"


def compile_rules(
    written: Assessment, assessment: Assessment, file: SourceFile, rules: Mapping[str, float]
) -> Assessment:
    """The assessment with each expression's tree filled in. `written`: as the file has it, for the
    places.
    """
    budget = Budget()
    bare = scope_of(replace(assessment, measures={}), rules, budget)
    measures: dict[str, Measure] = {}
    for name, measure in assessment.measures.items():
        known = {n: (_kind(m), m.per) for n, m in measures.items()}
        not_yet = assessment.measures.keys() - measures.keys()
        scope = replace(bare, measures=known, not_yet=not_yet)
        measures[name] = _compiled_measure(name, measure, file, scope)
    assessment = replace(assessment, measures=measures)
    scope = scope_of(assessment, rules, budget)

    return replace(
        assessment,
        sections=_compiled_sections(written, assessment, file, scope),
        verdicts=_compiled_rules(assessment.verdicts, file, ("verdicts",), scope),
        warnings=_compiled_rules(assessment.warnings, file, ("warnings",), scope),
    )


def _compiled_rules(
    items: tuple[Item, ...], file: SourceFile, where: Steps, scope: Scope
) -> tuple[Item, ...]:
    """The items of a list, each with its `when` compiled, if it has one."""

    def compiled(n: int, item: Item) -> Item:
        if not item.when:
            return item
        return replace(item, when=_compiled(item.when, file, (*where, n, "when"), scope))

    return tuple(compiled(n, item) for n, item in enumerate(items))


def _compiled_sections(
    written: Assessment, assessment: Assessment, file: SourceFile, scope: Scope
) -> tuple[Section, ...]:
    """The sections with what must hold for them and their questions to be shown, and with their
    ratings.
    """
    where = {question.id: place for place, _, question in places(written)}
    own = {question.id: question.show for question in written.every_question()}
    sections = []
    for section in assessment.sections:
        show = section.show
        if show:
            n = [each.id for each in written.sections].index(section.id)
            show = _compiled(show, file, ("sections", n, "show"), scope)
        questions = []
        for question in section.questions:
            place, shows = where[question.id], own[question.id]
            own_show = _compiled(shows, file, (*place, "show"), scope) if shows else None
            question = replace(
                question,
                show=joined_show(own_show, show),
                own_show=own_show,
                rating=_compiled_rating(question, file, place, scope),
            )
            questions.append(question)
        sections.append(replace(section, show=show, questions=tuple(questions)))
    return tuple(sections)


def _compiled_rating(
    question: Question, file: SourceFile, where: Steps, scope: Scope
) -> Rating | None:
    if not question.rating:
        return None
    scope = replace(scope, measures={}, choices_of=question)
    rules = _compiled_rules(question.rating.rules, file, (*where, "rating", "rules"), scope)
    return replace(question.rating, rules=rules)


def _compiled_measure(name: str, measure: Measure, file: SourceFile, scope: Scope) -> Measure:
    """One tree, or one for each section."""
    where: Steps = ("measures", name, "value")
    if file.is_full or scope.budget.left < 0:
        return measure
    try:
        if not measure.per:
            kind, tree = compile_value(measure.value.text, scope)
            _check_format(name, measure, kind, file)
            return replace(measure, kind=kind, value=Expression(measure.value.text, tree))
        of_sections = {
            section.id: compile_value(measure.value.text, replace(scope, section=section))
            for section in scope.sections.values()
        }
        kinds: Sequence[Kind] = [kind for kind, _ in of_sections.values() if kind != "none"]
        _check_format(name, measure, kinds[0] if kinds else "none", file)
        return replace(
            measure,
            kind=kinds[0] if kinds else "none",
            trees={id: tree for id, (_, tree) in of_sections.items()},
        )
    except ExpressionError as error:
        _tell(error, file, where, measure.value)
        return measure


def _check_format(name: str, measure: Measure, kind: Kind, file: SourceFile) -> None:
    if kind == "boolean" and measure.format:
        file.problem(("measures", name, "format"), "a condition has no format; numbers have")
    if kind == "none":
        file.problem(
            ("measures", name, "value"), "this is none, whatever the answers are", "warning"
        )


def _compiled(rule: Expression, file: SourceFile, where: Steps, scope: Scope) -> Expression:
    if file.is_full or scope.budget.left < 0:  # told already
        return rule
    try:
        return Expression(rule.text, compile_condition(rule.text, scope))
    except ExpressionError as error:
        _tell(error, file, where, rule)
        return rule


def _tell(error: ExpressionError, file: SourceFile, where: Steps, rule: Expression) -> None:
    if rule.text:  # an empty one is told already
        for mistake in (error, *error.others):
            file.problem(where, mistake.message, offset=mistake.offset)
