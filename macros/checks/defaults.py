"""What a question takes from its section and its file: its scale, what "can't tell" counts as, n/a,
and `show`.

`resolve` gives an assessment in which every question stands for itself, and all are in sections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from macros.loading.structure import SourceFile, Steps
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import shorten
from macros.model import (
    EXCLUDED,
    NOT_OFFERED,
    WORST,
    Assessment,
    Expression,
    Question,
    Rating,
    Scale,
    Section,
)

# The keys that only questions of some kinds have.
KEYS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "one": ("scale", "answers", "worst", "points", "unknown", "ours"),
    "many": ("choices", "none_of_these", "rating"),
    "number": ("unit", "min", "max", "step", "whole"),
    "text": (),
}


def places(assessment: Assessment) -> Iterator[tuple[Steps, Section | None, Question]]:
    """Where each question stands in the file, its section, and the question."""
    for n, question in enumerate(assessment.questions):
        yield ("questions", n), None, question
    for s, section in enumerate(assessment.sections):
        for n, question in enumerate(section.questions):
            yield ("sections", s, "questions", n), section, question


def resolve(assessment: Assessment, file: SourceFile) -> Assessment:
    """The assessment with its questions in sections, each with all that it takes from them.
    Problems go to `file`.
    """
    if bool(assessment.questions) == bool(assessment.sections):
        told = (
            "stand in 'questions' or in 'sections', not in both"
            if assessment.sections
            else "are missing"
        )
        both = [key for key in (("sections",), ("questions",)) if key in file.keys]
        last = max(both, key=lambda key: file.keys[key].place.line) if assessment.sections else ()
        file.problem(last, f"the questions {told}", key=bool(last))
    done = {
        id(question): _resolved(assessment, section, question, file, where)
        for where, section, question in places(assessment)
    }
    own = Section("", "", tuple(done[id(question)] for question in assessment.questions))
    rest = tuple(
        replace(one, questions=tuple(done[id(q)] for q in one.questions))
        for one in assessment.sections
    )
    return replace(assessment, questions=(), sections=((own,) if own.questions else ()) + rest)


def _resolved(
    assessment: Assessment,
    section: Section | None,
    question: Question,
    file: SourceFile,
    where: Steps,
) -> Question:
    _check_keys(question, file, where)
    above: list[Section | Assessment] = [section, assessment] if section else [assessment]
    na = question.na or next((one.na for one in above if one.na), None)
    show = question.show or (section.show if section else None)
    question = replace(question, na=na, show=show, basis=question.basis or assessment.basis)
    if question.kind != "one":
        rating = question.rating and _with_scale(question.rating, above, file, (*where, "rating"))
        return replace(question, unknown="", scale=None, rating=rating)
    scale = _own_scale(question, file, where) or next(
        (one.scale for one in above if one.scale), None
    )
    if not scale:
        file.problem(
            where,
            "there is no scale: name one for the file, its section or this question, or list its"
            " answers",
        )
        file.mark_missing((*where, "scale"))
        scale = Scale("", ())
    unknown = question.unknown or next((one.unknown for one in above if one.unknown), "")
    if not question.unknown and scale.answers and not _is_offered(unknown, scale):
        one = section if section and section.unknown else assessment
        if _is_offered(
            unknown, (section and section.unknown and section.scale) or assessment.scale
        ):
            above_it = "file" if one is assessment else "section"
            told = (
                f"its {above_it} counts \"can't tell\" as '{shorten(unknown)}', which is no answer"
                " of this question"
            )
            file.problem(where, f"{told}: say here what `unknown` counts as")
    sentences = (
        question.answers
        if isinstance(question.answers, dict) and question.answers
        else _titles(scale)
    )
    return replace(question, scale=scale, answers=sentences, unknown=_unknown(unknown, scale))


def _with_scale(
    rating: Rating, above: Sequence[Section | Assessment], file: SourceFile, where: Steps
) -> Rating:
    """A rating with its own scale, or that of its section or file."""
    scale = rating.scale or next((one.scale for one in above if one.scale), None)
    if not scale:
        file.problem(where, "there is no scale: name one here, or for the file")
        file.mark_missing((*where, "scale"))
    return replace(rating, scale=scale or Scale("", ()))


def _own_scale(question: Question, file: SourceFile, where: Steps) -> Scale | None:
    if not isinstance(question.answers, tuple):
        return question.scale
    ids = [answer.id for answer in question.answers]
    if question.scale:
        file.problem(
            (*where, "answers"),
            "these are answers of its own beside a 'scale'; one of the two goes",
        )
    if question.worst and question.worst not in (ids[:1] + ids[-1:]):
        message = f"'{shorten(question.worst)}' is neither the first nor the last of its answers"
        file.problem((*where, "worst"), message)
    return Scale(question.worst or (ids[-1] if ids else ""), question.answers)


def _titles(scale: Scale) -> dict[str, str]:
    return {answer.id: answer.title for answer in scale.answers}


def _is_offered(unknown: str, scale: Scale | None) -> bool:
    """Whether "can't tell" can count as that on a scale; on none, nothing is said against it."""
    return not scale or not unknown or unknown in (*scale.ids, WORST, EXCLUDED, NOT_OFFERED)


def _unknown(unknown: str, scale: Scale) -> str:
    return {WORST: scale.worst or WORST, NOT_OFFERED: ""}.get(unknown, unknown)


def _check_keys(question: Question, file: SourceFile, where: Steps) -> None:
    """Keys stand only where they do something."""
    if not file.is_complete((*where, "kind")):
        return
    for kind, keys in KEYS_OF_KIND.items():
        for key in keys:
            if kind != question.kind and (*where, key) in file.keys:
                file.problem(
                    (*where, key),
                    f"only questions of kind {kind} have '{key}'; this is of kind {question.kind}",
                    key=True,
                )
    if question.kind == "many" and not question.choices and file.is_complete((*where, "choices")):
        file.problem(where, "the key 'choices' is missing: a question of kind many has some")
    if question.worst and not isinstance(question.answers, tuple):
        file.problem((*where, "worst"), "'worst' belongs to answers of the question's own")


def check_answers(question: Question, file: SourceFile, where: Steps) -> None:
    """A question has a sentence for every answer of its scale and no other, and names no answer
    that is not there.
    """
    if question.kind != "one" or not question.scale or not question.scale.answers:
        return
    ids = question.scale.ids
    told = "not an answer of the scale{}"
    if isinstance(question.answers, dict) and (*where, "answers") in file.keys:
        if question.answers and not question.answers.keys() & set(ids):
            file.problem(
                (*where, "answers"),
                f"none of these is an answer of the scale, which has {', '.join(ids)}",
            )
            return
        for answer in question.answers:
            if answer not in ids and (*where, "answers", answer) in file.keys:
                file.problem(
                    (*where, "answers", answer),
                    f"this is {told.format(suggest(answer, ids))}",
                    key=True,
                )
        for answer in ids:
            if answer not in question.answers:
                file.problem((*where, "answers"), f"the answer '{answer}' has no sentence")
    for n, answer in enumerate(question.ours):
        if answer not in ids:
            file.problem(
                (*where, "ours", n), f"'{shorten(answer)}' is {told.format(suggest(answer, ids))}"
            )
    if question.ours and question.basis != "seed":
        file.problem(
            (*where, "ours"),
            "this marks answers of a line whose others are from a source, of basis seed",
        )
    for answer in question.points.keys() - set(ids):
        file.problem(
            (*where, "points", answer), f"this is {told.format(suggest(answer, ids))}", key=True
        )
    if question.example and question.example.answer not in ids:
        found = (
            f"'{shorten(question.example.answer)}' is"
            f" {told.format(suggest(question.example.answer, ids))}"
        )
        file.problem((*where, "example", "answer"), found)


def check_unknown(unknown: str, scale: Scale, file: SourceFile, where: Steps) -> None:
    """`unknown:` names an answer, or what else it can be."""
    known = (*scale.ids, WORST, EXCLUDED, NOT_OFFERED)
    if unknown and unknown not in known:
        message = f"'{shorten(unknown)}' is not an answer of the scale{suggest(unknown, known)}"
        file.problem((*where, "unknown"), message)


def joined_show(own: Expression | None, section: Expression | None) -> Expression | None:
    """What must hold for a question to be shown: its section's condition, and its own."""
    if not own or not section or own is section:
        return own or section
    return Expression(f"({section.text}) and ({own.text})", ["and", section.tree, own.tree])
