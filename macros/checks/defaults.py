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

NO_SCALE = (
    "there is no scale: name one for the file, its section or this question, or list its answers"
)


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
        _tell_where_questions_stand(assessment, file)
    resolved = {
        id(question): _resolved(assessment, section, question, file, where)
        for where, section, question in places(assessment)
    }

    def resolved_in(section: Section) -> Section:
        questions = tuple(resolved[id(question)] for question in section.questions)
        return replace(section, questions=questions)

    sections = assessment.sections
    if assessment.questions:
        sections = (Section("", "", assessment.questions), *sections)
    return replace(assessment, questions=(), sections=tuple(map(resolved_in, sections)))


def _tell_where_questions_stand(assessment: Assessment, file: SourceFile) -> None:
    """In both keys, told at the later one; or in none."""
    if not assessment.sections:
        file.problem((), "the questions are missing")
        return
    keys = [key for key in (("sections",), ("questions",)) if key in file.keys]
    later = max(keys, key=lambda key: file.keys[key].place.line)
    message = "the questions stand in 'questions' or in 'sections', not in both"
    file.problem(later, message, key=True)


def _resolved(
    assessment: Assessment,
    section: Section | None,
    question: Question,
    file: SourceFile,
    where: Steps,
) -> Question:
    _check_keys(question, file, where)
    above: list[Section | Assessment] = [section, assessment] if section else [assessment]
    na = question.na or next((level.na for level in above if level.na), None)
    show = question.show or (section.show if section else None)
    question = replace(question, na=na, show=show, basis=question.basis or assessment.basis)
    if question.kind != "one":
        rating = question.rating and _with_scale(question.rating, above, file, (*where, "rating"))
        return replace(question, unknown="", scale=None, rating=rating)
    scale = _own_scale(question, file, where) or _scale_of(above)
    if not scale:
        file.problem(where, NO_SCALE)
        file.mark_missing((*where, "scale"))
        scale = Scale("", ())
    unknown = question.unknown or next((level.unknown for level in above if level.unknown), "")
    if not question.unknown and scale.answers and not _is_offered(unknown, scale):
        _tell_unknown_from_above(unknown, assessment, section, file, where)
    sentences = question.answers if isinstance(question.answers, dict) else {}
    return replace(
        question,
        scale=scale,
        answers=sentences or _titles(scale),
        unknown=_unknown(unknown, scale),
    )


def _scale_of(above: Sequence[Section | Assessment]) -> Scale | None:
    """The nearest that a section or the file names."""
    return next((level.scale for level in above if level.scale), None)


def _tell_unknown_from_above(
    unknown: str, assessment: Assessment, section: Section | None, file: SourceFile, where: Steps
) -> None:
    """What "can't tell" counts as above is no answer here. Where it is none there either, that is
    told there.
    """
    is_of_section = section is not None and bool(section.unknown)
    scale = (section.scale if section and is_of_section else None) or assessment.scale
    if _is_offered(unknown, scale):
        what = f'its {"section" if is_of_section else "file"} counts "can\'t tell" as'
        message = f"{what} '{shorten(unknown)}', which is no answer of this question"
        file.problem(where, f"{message}: say here what `unknown` counts as")


def _with_scale(
    rating: Rating, above: Sequence[Section | Assessment], file: SourceFile, where: Steps
) -> Rating:
    """A rating with its own scale, or that of its section or file."""
    scale = rating.scale or _scale_of(above)
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

    def not_there(answer: str) -> str:
        return f"not an answer of the scale{suggest(answer, ids)}"

    if isinstance(question.answers, dict) and (*where, "answers") in file.keys:
        if question.answers and not question.answers.keys() & set(ids):
            file.problem(
                (*where, "answers"),
                f"none of these is an answer of the scale, which has {', '.join(ids)}",
            )
            return
        for answer in question.answers:
            place = (*where, "answers", answer)
            if answer not in ids and place in file.keys:
                file.problem(place, f"this is {not_there(answer)}", key=True)
        for answer in ids:
            if answer not in question.answers:
                file.problem((*where, "answers"), f"the answer '{answer}' has no sentence")
    for n, answer in enumerate(question.ours):
        if answer not in ids:
            file.problem((*where, "ours", n), f"'{shorten(answer)}' is {not_there(answer)}")
    if question.ours and question.basis != "seed":
        file.problem(
            (*where, "ours"),
            "this marks answers of a line whose others are from a source, of basis seed",
        )
    for answer in question.points.keys() - set(ids):
        file.problem((*where, "points", answer), f"this is {not_there(answer)}", key=True)
    if question.example and question.example.answer not in ids:
        answer = question.example.answer
        message = f"'{shorten(answer)}' is {not_there(answer)}"
        file.problem((*where, "example", "answer"), message)


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
