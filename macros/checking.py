"""What a whole assessment must satisfy, beyond the shape of its file.

`check_all` reads every YAML file of a playbook and tells all problems at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import loading
import reaching
from authoring import check_cases, check_guidance
from compiling import RESERVED, WORDS, ExpressionError, Kind, Scope, compile_condition, compile_value
from ids import ID, check_file_id
from loading import File, Steps
from model import (
    COLOURS,
    NONE_OF_THESE,
    SHAPES,
    Assessment,
    Choice,
    Expression,
    Measure,
    Problem,
    Question,
    Rule,
    Scale,
    Section,
    Term,
)
from outcomes import form_of
from overlays import read_assessments
from resolving import check_answers, check_unknown, joined_show, places, resolve
from source import shorten
from suggest import suggest
from wording import BRACES, PHRASES
from worksheets import Worksheet, read_worksheets

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
WORDS_OF_ANSWERS = frozenset((*WORDS, "unknown", "na"))  # states of a question, never its answers
WORDS_OF_CHOICES = WORDS_OF_ANSWERS | {NONE_OF_THESE}


@dataclass(frozen=True)
class Playbook:
    """All that the YAML files of a playbook say. What could not be read is missing and told in `problems`."""

    assessments: Mapping[str, Assessment]
    worksheets: Mapping[str, Worksheet]
    words: loading.Words
    terms: Mapping[str, Term]
    rules: Mapping[str, Rule]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class House:
    """What an assessment can refer to. None where that is not known, and not checked."""

    rules: Mapping[str, float]
    sound: bool = True  # the scales and the rules have no problems of their own
    pages: Collection[str] | None = None
    worksheets: Collection[str] | None = None
    thorough: bool = False  # ten times as many combinations are tried


def check_all(root: Path, thorough: bool = False) -> list[Problem]:
    """Every problem of every YAML file under `root`, in the order of files and lines."""
    return list(read_playbook(root, thorough).problems)


def read_playbook(root: Path, thorough: bool = False) -> Playbook:
    """The whole playbook under `root`, checked."""
    scales, scales_file = loading.load_scales(root)
    words, words_file = loading.load_words(root)
    terms, terms_file = loading.load_terms(root)
    rules, rules_file = loading.load_rules(root)
    files = [scales_file, words_file, terms_file, rules_file]
    for name, scale in scales.items():
        _check_scale(scale, scales_file, (name,), marks=True)
    if not words_file.broken:
        _check_words(words, words_file)
    worksheets, sheet_files = read_worksheets(root)
    house = House(
        rules={id: rule.value for id, rule in rules.items()},
        sound=not (scales_file.broken or rules_file.broken),
        pages={path.relative_to(root / "docs").with_suffix("").as_posix() for path in (root / "docs").rglob("*.md")},
        worksheets=worksheets,
        thorough=thorough,
    )
    assessments = {}
    for assessment, file in read_assessments(root, scales):
        files.append(file)
        if assessment and (compiled := check_in(house, assessment, file)):
            assessments[assessment.id] = compiled
    files += sheet_files
    problems = sorted((p for file in files for p in file.problems), key=lambda p: (p.path, p.line, p.column))
    sound = {id: sheet for id, sheet in worksheets.items() if sheet}
    return Playbook(assessments, sound, words, terms, rules, tuple(problems))


def check(assessment: Assessment, file: File, rules: Mapping[str, float]) -> Assessment | None:
    """The assessment with its expressions compiled; None where that fails. Problems go to `file`."""
    return check_in(House(rules), assessment, file)


def check_in(house: House, assessment: Assessment, file: File) -> Assessment | None:
    """The same, with all that it can refer to."""
    check_file_id(assessment.id, file)
    _check_own_scales(assessment, file)
    _check_all_ids(assessment, file)
    _check_order(assessment, file)
    if not (house.rules or house.sound) or (assessment.scale and not assessment.scale.answers):
        return None
    resolved = resolve(assessment, file)
    _check_questions(assessment, resolved, house, file)
    compiled = compile_rules(assessment, resolved, file, house.rules)
    if file.broken or not house.sound:
        return None
    if path := reaching.circle(compiled):
        file.problem(_place_of(assessment, path[0]), f"'show' depends on itself: {' → '.join(path)}")
        return None
    _check_reach(compiled, file, house.thorough)
    check_cases(compiled, file, scope_of(compiled, house.rules))
    check_guidance(assessment, compiled, file)
    return None if file.broken else compiled


def _place_of(assessment: Assessment, id: str) -> Steps:
    return next(((*where, "show") for where, _, question in places(assessment) if question.id == id), ())


def _check_words(words: loading.Words, file: File) -> None:
    """Every phrase is there, none is unknown, and each has the {braces} that are filled in."""
    for key in words.keys() - PHRASES.keys():
        file.problem((key,), f"nothing shows '{key}'{suggest(key, PHRASES)}", key=True)
    for key, braces in PHRASES.items():
        if key not in words:
            file.problem((), f"the phrase '{key}' is missing")
            continue
        phrase = words[key]
        if isinstance(phrase, dict) and "other" not in phrase:
            file.problem((key,), "the form 'other' is missing")
        forms = phrase.values() if isinstance(phrase, dict) else [phrase]
        for found in {name for form in forms for name in BRACES.findall(form)} - set(braces.split()):
            file.problem((key,), f"{{{found}}} is not filled in here{suggest(found, braces.split())}")
    if isinstance(words.get("language"), str) and not LANGUAGE.fullmatch(str(words["language"])):
        file.problem(("language",), "this is not a language tag such as en-GB or de")


def _check_scale(scale: Scale, file: File, where: Steps, marks: bool = False) -> None:
    """`marks`: each answer must have its mark and colour, as those of the scales of the house do."""
    _check_ids(scale.answers, file, (*where, "answers"), Counter(), WORDS_OF_ANSWERS)
    if scale.worst not in (scale.ids[:1] + scale.ids[-1:]):
        file.problem((*where, "worst"), f"'{shorten(scale.worst)}' is neither the first nor the last of its answers")
    if len(scale.ids) < 2:
        file.problem((*where, "answers"), "a scale has two answers or more")
    for n, answer in enumerate(scale.answers):
        letter, _, shape = answer.mark.partition(" ")
        if (marks or answer.mark) and (len(letter) not in (1, 2) or shape not in SHAPES):
            found = f"'{shorten(answer.mark)}' is not a letter or two, a space and one of {' '.join(SHAPES)}"
            file.problem((*where, "answers", n, "mark"), found)
        if (marks or answer.colour) and answer.colour not in COLOURS:
            near = suggest(answer.colour, COLOURS)
            file.problem((*where, "answers", n, "colour"), f"'{shorten(answer.colour)}' is not a colour of marks{near}")


def _check_own_scales(assessment: Assessment, file: File) -> None:
    """The scales that are written out in the file."""
    held: list[tuple[Steps, Scale | None]] = [((), assessment.scale)]
    held += [(("sections", n), section.scale) for n, section in enumerate(assessment.sections)]
    for where, _, question in places(assessment):
        held.append((where, question.scale))
        held.append(((*where, "rating"), question.rating.scale if question.rating else None))
        if isinstance(question.answers, tuple):
            _check_ids(question.answers, file, (*where, "answers"), Counter(), WORDS_OF_ANSWERS)
        _check_ids(question.choices, file, (*where, "choices"), Counter(), WORDS_OF_CHOICES)
    for where, scale in held:
        if scale and (*where, "scale", "answers") in file.keys:
            _check_scale(scale, file, (*where, "scale"))


def _check_all_ids(assessment: Assessment, file: File) -> None:
    """One namespace: what an expression names, and what a result names."""
    seen: Counter[str] = Counter()
    _check_ids(assessment.sections, file, ("sections",), seen)
    for where, _, question in places(assessment):
        _check_id(question.id, file, (*where, "id"), seen, RESERVED)
    for name in assessment.measures:
        _check_id(name, file, ("measures", name), seen, RESERVED, key=True)
    for key in ("verdicts", "warnings"):
        _check_ids(getattr(assessment, key), file, (key,), seen)
    for where, tags in _tags(assessment):
        for name in tags:
            _check_id(name, file, (*where, "tags", name), Counter(), RESERVED, key=True)


def _tags(assessment: Assessment) -> Iterator[tuple[Steps, Mapping[str, str]]]:
    yield from ((("sections", n), section.tags) for n, section in enumerate(assessment.sections))
    yield from ((where, question.tags) for where, _, question in places(assessment))


def _check_ids(
    items: Iterable[Any], file: File, where: Steps, seen: Counter[str], reserved: frozenset[str] = RESERVED
) -> None:
    for n, item in enumerate(items):
        _check_id(item.id, file, (*where, n, "id"), seen, reserved)


def _check_id(
    id: str, file: File, where: Steps, seen: Counter[str], reserved: frozenset[str], key: bool = False
) -> None:
    """Ids are words, and stand once in what was `seen` so far."""
    seen[id] += 1
    if not ID.fullmatch(id):
        file.problem(where, f"'{shorten(id)}' is not lower-case words joined by underscores", key=key)
    elif id in reserved:
        file.problem(where, f"'{id}' is a word of the rules; choose another id", key=key)
    elif seen[id] == 2:
        file.problem(where, f"'{id}' stands here a second time; an id belongs to one", key=key)


def _check_questions(assessment: Assessment, resolved: Assessment, house: House, file: File) -> None:
    """What each question says of its answers, and what it points to."""
    done = {question.id: question for question in resolved.every_question()}
    for where, _, question in places(assessment):
        if question.id in done:
            check_answers(done[question.id], file, where)
            if done[question.id].scale and question.unknown:
                check_unknown(question.unknown, done[question.id].scale or Scale("", ()), file, where)
        for key, known in (("page", house.pages), ("worksheet", house.worksheets)):
            named = getattr(question, key)
            if named and known is not None and named.partition("#")[0] not in known:
                file.problem((*where, key), f"there is no {key} '{shorten(named)}'{suggest(named, known)}")
        _check_bounds(question, file, where)
        if question.rating:
            _check_rating(question, file, (*where, "rating"))
    if assessment.scale:
        check_unknown(assessment.unknown, assessment.scale, file, ())
    for n, section in enumerate(assessment.sections):
        if scale := section.scale or assessment.scale:
            check_unknown(section.unknown, scale, file, ("sections", n))
    _check_moved(assessment, file)


def _check_bounds(question: Question, file: File, where: Steps) -> None:
    if question.min is not None and question.max is not None and question.min > question.max:
        file.problem((*where, "max"), f"the most is less than the least, {question.min:g}")
    if question.step is not None and question.step <= 0:
        file.problem((*where, "step"), "a step is more than 0")


def _check_rating(question: Question, file: File, where: Steps) -> None:
    """A rating's rules: each names an answer of its scale; the last, and only the last, says `otherwise`."""
    assert question.rating
    rating, last = question.rating, len(question.rating.rules) - 1
    if last < 0:
        file.problem((*where, "rules"), "there is no rule; the last one says 'otherwise: true'")
    for n, rule in enumerate(rating.rules):
        if rating.scale.ids and rule.is_ not in rating.scale.ids and file.sound((*where, "rules", n, "is")):
            near = suggest(rule.is_, rating.scale.ids)
            file.problem((*where, "rules", n, "is"), f"'{shorten(rule.is_)}' is not an answer of the scale{near}")
        if rule.otherwise != (n == last) or bool(rule.when) == rule.otherwise:
            file.problem((*where, "rules", n), "each rule has 'when', and the last one 'otherwise: true' instead")


def _check_moved(assessment: Assessment, file: File) -> None:
    """What stands for ids of earlier versions is not an id of today, and leads somewhere."""
    today = {question.id for question in assessment.every_question()}
    for where, _, question in places(assessment):
        if question.was and question.was in today:
            file.problem((*where, "was"), f"'{question.was}' is still the id of a question")
    for n, id in enumerate(assessment.retired):
        if id in today:
            file.problem(("retired", n), f"'{shorten(id)}' is still the id of a question")
    for n, split in enumerate(assessment.split):
        for m, id in enumerate(split.into):
            if id not in today:
                file.problem(("split", n, "into", m), f"'{shorten(id)}' is not a question{suggest(id, today)}")
    for version in assessment.changes:
        if not re.fullmatch("[0-9]{1,9}", version) or int(version) > assessment.version:
            message = f"'{shorten(version)}' is not a version up to {assessment.version}"
            file.problem(("changes", version), message, key=True)


def _check_order(assessment: Assessment, file: File) -> None:
    """Each verdict has a rule, and `otherwise` comes last and only last."""
    last = len(assessment.verdicts) - 1
    if last < 0:
        file.problem(("verdicts",), "there is no verdict; the last one says 'otherwise: true'")
    for n, verdict in enumerate(assessment.verdicts):
        if not file.sound(("verdicts", n)):
            continue
        if verdict.otherwise and verdict.when:
            file.problem(("verdicts", n), "a verdict has 'when' or 'otherwise', not both")
        elif verdict.otherwise != (n == last):
            place = "the last verdict says 'otherwise: true'" if n == last else "only the last verdict says 'otherwise'"
            file.problem(("verdicts", n), f"{place}, so that every combination of answers has a verdict")
        elif not verdict.otherwise and not verdict.when:
            file.problem(("verdicts", n), "the key 'when' is missing")


# --- rules ---------------------------------------------------------------------------------


def scope_of(assessment: Assessment, rules: Mapping[str, float]) -> Scope:
    """What an expression can name, once the measures are compiled."""
    questions = {question.id: question for question in assessment.every_question()}
    sections = {section.id: section for section in assessment.sections}
    return Scope(questions, sections, rules, {name: (_kind(one), one.per) for name, one in assessment.measures.items()})


def _kind(measure: Measure) -> Kind:
    return measure.kind or "none"


def compile_rules(written: Assessment, assessment: Assessment, file: File, rules: Mapping[str, float]) -> Assessment:
    """The assessment with each expression's tree filled in. `written`: as the file has it, for the places."""
    bare = replace(assessment, measures={})
    measures: dict[str, Measure] = {}
    for name, measure in assessment.measures.items():
        scope = replace(scope_of(bare, rules), measures={n: (_kind(m), m.per) for n, m in measures.items()})
        measures[name] = _compiled_measure(name, measure, file, scope)
    assessment = replace(assessment, measures=measures)
    scope = scope_of(assessment, rules)

    def compiled(items: Iterable[Any], key: str) -> tuple[Any, ...]:
        return tuple(
            replace(item, when=_compiled(item.when, file, (key, n, "when"), scope)) if item.when else item
            for n, item in enumerate(items)
        )

    return replace(
        assessment,
        sections=_compiled_sections(written, assessment, file, scope),
        verdicts=compiled(assessment.verdicts, "verdicts"),
        warnings=compiled(assessment.warnings, "warnings"),
    )


def _compiled_sections(written: Assessment, assessment: Assessment, file: File, scope: Scope) -> tuple[Section, ...]:
    """The sections with what must hold for them and their questions to be shown, and with their ratings."""
    where = {question.id: place for place, _, question in places(written)}
    own = {question.id: question.show for question in written.every_question()}
    sections = []
    for section in assessment.sections:
        show = section.show
        if show:
            n = next(n for n, one in enumerate(written.sections) if one.id == section.id)
            show = _compiled(show, file, ("sections", n, "show"), scope)
        questions = []
        for question in section.questions:
            place, shows = where[question.id], own[question.id]
            mine = _compiled(shows, file, (*place, "show"), scope) if shows else None
            question = replace(
                question, show=joined_show(mine, show), rating=_compiled_rating(question, file, place, scope)
            )
            questions.append(question)
        sections.append(replace(section, show=show, questions=tuple(questions)))
    return tuple(sections)


def _compiled_rating(question: Question, file: File, where: Steps, scope: Scope) -> Any:
    if not question.rating:
        return None
    scope = replace(scope, measures={}, choices_of=_with_none_of_these(question))
    rules = tuple(
        replace(rule, when=_compiled(rule.when, file, (*where, "rating", "rules", n, "when"), scope))
        if rule.when
        else rule
        for n, rule in enumerate(question.rating.rules)
    )
    return replace(question.rating, rules=rules)


def _with_none_of_these(question: Question) -> Question:
    more = (Choice(NONE_OF_THESE, ""),) if question.none_of_these else ()
    return replace(question, choices=(*question.choices, *more))


def _compiled_measure(name: str, measure: Measure, file: File, scope: Scope) -> Measure:
    """One tree, or one for each section."""
    where: Steps = ("measures", name, "value")
    try:
        if not measure.per:
            kind, tree = compile_value(measure.value.text, scope)
            return replace(measure, kind=kind, value=Expression(measure.value.text, tree))
        found = {
            one.id: compile_value(measure.value.text, replace(scope, section=one)) for one in scope.sections.values()
        }
        kinds: Sequence[Kind] = [kind for kind, _ in found.values() if kind != "none"]
        return replace(measure, kind=kinds[0] if kinds else "none", trees={id: tree for id, (_, tree) in found.items()})
    except ExpressionError as error:
        _tell(error, file, where, measure.value)
        return measure


def _compiled(rule: Expression, file: File, where: Steps, scope: Scope) -> Expression:
    try:
        return Expression(rule.text, compile_condition(rule.text, scope))
    except ExpressionError as error:
        _tell(error, file, where, rule)
        return rule


def _tell(error: ExpressionError, file: File, where: Steps, rule: Expression) -> None:
    if rule.text:  # an empty one is told already
        for one in (error, *error.others):
            file.problem(where, one.message, offset=one.offset)


def _check_reach(assessment: Assessment, file: File, thorough: bool) -> None:
    """Each verdict can be reached; each warning can hold."""
    form = form_of(assessment)
    missing, proven = reaching.unreached(form, thorough)
    for n, verdict in enumerate(assessment.verdicts):
        if verdict.id not in missing:
            continue
        if proven:
            why = "an earlier verdict always holds, or its own rule never does"
            file.problem(("verdicts", n), f"'{verdict.id}' can never be reached: {why}")
        else:
            message = f"it is not proven that '{verdict.id}' can be reached: there are too many combinations of answers"
            file.problem(("verdicts", n), message, "warning")
    for n, warning in enumerate(assessment.warnings):
        if not reaching.can_hold(form, warning.when.tree, thorough):
            file.problem(("warnings", n, "when"), "this can never hold", "warning")
