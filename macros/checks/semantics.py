"""What must hold between the parts of an assessment, before its expressions are looked at: ids,
scales, references.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from macros.checks.defaults import check_answers, check_unknown, places
from macros.loading.ids import check_id, check_ids
from macros.loading.structure import SourceFile, Steps
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import COLOURS, NONE_OF_THESE, SHAPES, Answer, Assessment, Question, Scale
from macros.rules.vocabulary import RESERVED, WORDS

WORDS_OF_ANSWERS = frozenset((*WORDS, "unknown", "na"))  # states of a question, never its answers
WORDS_OF_CHOICES = WORDS_OF_ANSWERS | {NONE_OF_THESE}
SPLIT_HINT = "; one that goes to several is a 'split'"


@dataclass(frozen=True)
class CheckContext:
    """What an assessment can refer to. None where that is not known, and not checked."""

    rules: Mapping[str, float]
    is_complete: bool = True  # the scales and the rules have no problems of their own
    pages: Collection[str] | None = None
    worksheets: Collection[str] | None = None
    thorough: bool = False  # ten times as many combinations are tried


def check_scale(scale: Scale, file: SourceFile, where: Steps, marks: bool = False) -> None:
    """`marks`: each answer must have its mark and colour, as those of the scales of the house
    do.
    """
    check_ids(scale.answers, file, (*where, "answers"), Counter(), WORDS_OF_ANSWERS)
    if scale.worst not in (scale.ids[:1] + scale.ids[-1:]):
        file.problem(
            (*where, "worst"),
            f"'{shorten(scale.worst)}' is neither the first nor the last of its answers",
        )
    _check_was(scale.answers, file, (*where, "answers"))
    if len(scale.ids) < 2:
        file.problem((*where, "answers"), "a scale has two answers or more")
    _check_values(scale.answers, file, (*where, "answers"))
    for n, answer in enumerate(scale.answers):
        letter, _, shape = answer.mark.partition(" ")
        if (marks or answer.mark) and (len(letter) not in (1, 2) or shape not in SHAPES):
            form = f"a letter or two, a space and one of {' '.join(SHAPES)}"
            message = f"'{shorten(answer.mark)}' is not {form}"
            file.problem((*where, "answers", n, "mark"), message)
        if answer.colour and answer.colour not in COLOURS:
            suggestion = suggest(answer.colour, COLOURS)
            message = f"'{shorten(answer.colour)}' is not a colour of marks{suggestion}"
            file.problem((*where, "answers", n, "colour"), message)


def _check_was(items: Sequence[Any], file: SourceFile, where: Steps) -> None:
    """The earlier ids of answers or choices are not ids of today, and each leads to one."""
    today = {item.id for item in items}
    seen: Counter[str] = Counter()
    for n, item in enumerate(items):
        seen[item.was] += 1
        if item.was in today:
            file.problem((*where, n, "was"), f"'{shorten(item.was)}' is still an id here")
        elif item.was and seen[item.was] == 2:
            file.problem((*where, n, "was"), f"'{shorten(item.was)}' leads to another one already")


def _check_values(answers: Iterable[Answer], file: SourceFile, where: Steps) -> None:
    """The names of the numbers that answers have beside their points."""
    for n, answer in enumerate(answers):
        for name in answer.values:
            check_id(name, file, (*where, n, "values", name), Counter(), WORDS_OF_ANSWERS, key=True)


def check_own_scales(assessment: Assessment, file: SourceFile) -> None:
    """The scales that are written out in the file."""
    scales: list[tuple[Steps, Scale | None]] = [((), assessment.scale)]
    scales += [(("sections", n), section.scale) for n, section in enumerate(assessment.sections)]
    for where, _, question in places(assessment):
        scales.append((where, question.scale))
        scales.append(((*where, "rating"), question.rating.scale if question.rating else None))
        if isinstance(question.answers, tuple):
            check_ids(question.answers, file, (*where, "answers"), Counter(), WORDS_OF_ANSWERS)
            _check_values(question.answers, file, (*where, "answers"))
            _check_was(question.answers, file, (*where, "answers"))
            if len(question.answers) < 2:
                file.problem((*where, "answers"), "a question has two answers or more")
        check_ids(question.choices, file, (*where, "choices"), Counter(), WORDS_OF_CHOICES)
        _check_was(question.choices, file, (*where, "choices"))
    for where, scale in scales:
        if scale and (*where, "scale", "answers") in file.keys:
            check_scale(scale, file, (*where, "scale"))


def check_all_ids(assessment: Assessment, file: SourceFile) -> None:
    """One namespace: what an expression names, and what a result names."""
    seen: Counter[str] = Counter()
    for where, section, question in places(assessment):
        if section and where[-1] == 0:
            check_id(section.id, file, (*where[:2], "id"), seen, RESERVED)
        check_id(question.id, file, (*where, "id"), seen, RESERVED)
    for name in assessment.measures:
        check_id(name, file, ("measures", name), seen, RESERVED, key=True)
    for key in ("verdicts", "warnings"):
        check_ids(getattr(assessment, key), file, (key,), seen, RESERVED)
    for where, tags in _tags(assessment):
        for name in tags:
            check_id(name, file, (*where, "tags", name), Counter(), RESERVED, key=True)


def _tags(assessment: Assessment) -> Iterator[tuple[Steps, Mapping[str, str]]]:
    yield from ((("sections", n), section.tags) for n, section in enumerate(assessment.sections))
    yield from ((where, question.tags) for where, _, question in places(assessment))


def check_questions(
    assessment: Assessment, resolved: Assessment, context: CheckContext, file: SourceFile
) -> None:
    """What each question says of its answers, and what it points to."""
    whole = {question.id: question for question in resolved.every_question()}
    for where, _, question in places(assessment):
        if question.id in whole:
            check_answers(whole[question.id], file, where)
            scale = whole[question.id].scale
            if scale and question.unknown:
                check_unknown(question.unknown, scale, file, where)
        for key, known in (("page", context.pages), ("worksheet", context.worksheets)):
            target = getattr(question, key)
            if target and known is not None and target.partition("#")[0] not in known:
                message = f"there is no {key} '{shorten(target)}'{suggest(target, known)}"
                file.problem((*where, key), message)
        _check_bounds(question, file, where)
        if question.rating:
            _check_rating(whole.get(question.id, question), file, (*where, "rating"))
    if assessment.scale:
        check_unknown(assessment.unknown, assessment.scale, file, ())
    for n, section in enumerate(assessment.sections):
        if scale := section.scale or assessment.scale:
            check_unknown(section.unknown, scale, file, ("sections", n))
    _check_moved(assessment, file)


def check_figures(assessment: Assessment, file: SourceFile) -> None:
    """What is counted from 1, and what stands once."""
    for key in ("version", "minutes"):
        number = getattr(assessment, key)
        if file.is_complete((key,)) and number < 1:
            file.problem((key,), f"expected a whole number from 1, found '{number}'")
    for n, chair in enumerate(assessment.chairs):
        if chair in assessment.chairs[:n]:
            file.problem(("chairs", n), f"'{shorten(chair)}' stands here a second time")
    for n, section in enumerate(assessment.sections):
        if not section.questions and file.is_complete(("sections", n, "questions")):
            file.problem(("sections", n, "questions"), "there is no question in this section")


def _check_bounds(question: Question, file: SourceFile, where: Steps) -> None:
    low, high = question.min, question.max
    if low is not None and high is not None and low > high:
        file.problem((*where, "max"), f"the most is less than the least, {low:g}")
    elif question.whole and low is not None and high is not None and ceil(low) > floor(high):
        file.problem((*where, "max"), f"there is no whole number from {low:g} to {high:g}")
    if question.step is not None and question.step <= 0:
        file.problem((*where, "step"), "a step is more than 0")


def _check_rating(question: Question, file: SourceFile, where: Steps) -> None:
    """A rating's rules: each names an answer of its scale; the last, and only the last, says
    `otherwise`.
    """
    assert question.rating
    rating, last = question.rating, len(question.rating.rules) - 1
    ids = rating.scale.ids if rating.scale else ()
    if last < 0:
        file.problem((*where, "rules"), "there is no rule; the last one says 'otherwise: true'")
    for n, rule in enumerate(rating.rules):
        if ids and rule.is_ not in ids and file.is_complete((*where, "rules", n, "is")):
            message = f"'{shorten(rule.is_)}' is not an answer of the scale{suggest(rule.is_, ids)}"
            file.problem((*where, "rules", n, "is"), message)
        if rule.otherwise != (n == last) or bool(rule.when) == rule.otherwise:
            message = "each rule has 'when', and the last one 'otherwise: true' instead"
            file.problem((*where, "rules", n), message)


def _check_moved(assessment: Assessment, file: SourceFile) -> None:
    """What stands for ids of earlier versions is not an id of today, and leads somewhere."""
    today = {question.id for question in assessment.every_question()}
    moved: set[str] = set()

    def check_old(id: str, where: Steps, hint: str = SPLIT_HINT) -> None:
        if id in today:
            file.problem(where, f"'{shorten(id)}' is still the id of a question")
        elif id in moved:
            file.problem(where, f"'{shorten(id)}' is told of above already{hint}")
        moved.add(id)

    for where, _, question in places(assessment):
        if question.was:
            check_old(question.was, (*where, "was"))
    for n, split in enumerate(assessment.split):
        if split.from_:
            check_old(split.from_, ("split", n, "from"))
        if not split.into and file.is_complete(("split", n, "into")):
            file.problem(("split", n, "into"), "there is no question that takes the answer over")
    for n, id in enumerate(assessment.retired):
        check_old(id, ("retired", n), hint="")
    for n, split in enumerate(assessment.split):
        for m, id in enumerate(split.into):
            if id not in today:
                message = f"'{shorten(id)}' is not a question{suggest(id, today)}"
                file.problem(("split", n, "into", m), message)
    for version in assessment.changes:
        if not re.fullmatch("[0-9]{1,9}", version) or int(version) > assessment.version:
            message = f"'{shorten(version)}' is not a version up to {assessment.version}"
            file.problem(("changes", version), message, key=True)
