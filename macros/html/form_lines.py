"""A question as a form shows it: its place, its answers with their marks, and how they are laid
out.

row      up to 4 answers in columns        list     answers under each other
short    a few words each, side by side    select   more than 8 answers: a list to choose from
number, text                               something to type
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from macros.html.entities import entities
from macros.html.in_words import limits_in_words, spoken_rule
from macros.html.page_data import scales_of
from macros.loading.words import Words
from macros.model import NONE_OF_THESE, Answer, Assessment, Question, Scale, Section

Layout = Literal["row", "short", "list", "select", "number", "text"]
AnswerState = Literal["", "unknown", "na", "none"]
MOST_IN_A_ROW = 4
MOST_IN_A_LIST = 8
SHORT = 24  # characters of an answer that stands beside others
MOST_MARKS = 24  # lines in the bar; above, it counts them
DRAWN = {
    "●": '<circle cx="10" cy="10" r="8.5"/>',
    "▲": '<path d="M10 1.5 19 18H1Z"/>',
    "■": '<path d="M1.5 3.5a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2v13a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z"/>',
    "◆": '<path d="M10 .5 19.5 10 10 19.5.5 10Z"/>',
}


@dataclass(frozen=True)
class AnswerBox:
    """One box to tick. `sentence` says it; `title` names the answer where the sentence does not."""

    value: str
    sentence: str
    mark: Markup
    title: str = ""
    state: AnswerState = ""
    ours: bool = False


@dataclass(frozen=True)
class Line:
    """A question with all that the form says of it beside the author's own words."""

    number: int
    question: Question
    layout: Layout
    options: tuple[AnswerBox, ...]
    only: str  # when it applies, in words
    limits: str  # of a number
    reason: str  # of not applicable: required, optional or, where it is not offered, nothing
    ours: Literal["", "answers", "line"]  # what of it no source has


def mark(letter_and_shape: str, colour: str = "") -> Markup:
    """The mark of an answer: its shape with its letter in it. Decoration: the answer's title stands
    beside it.
    """
    letter, _, shape = letter_and_shape.partition(" ")
    base = 16 if shape == "▲" else 14
    text = f'<text x="10" y="{base}">{entities(letter)}</text>'
    return drawing(DRAWN[shape] + text, colour or "plain")


def drawing(inner: str, name: str) -> Markup:
    return Markup(
        f'<svg class="mark {entities(name)}" viewBox="0 0 20 20" aria-hidden="true">{inner}</svg>'
    )


TICK = '<path class="sign" d="m5.5 10.5 3 3 6-7"/>'
BOX = drawing(DRAWN["■"] + TICK, "plain")
DONE = drawing(DRAWN["●"] + TICK, "plain")
UNKNOWN = mark("? ●", "unknown")
NA = drawing(DRAWN["●"] + '<path class="sign" d="M6 10h8"/>', "unknown na")
OPEN = drawing(DRAWN["●"], "open")


def mark_of(scale: Scale, answer: Answer) -> Markup:
    """An answer's own mark; a letter by its place where its scale gives it none."""
    place = scale.answers.index(answer)
    return mark(answer.mark or f"{chr(ord('A') + place) if place < 26 else '·'} ●", answer.colour)


def lines_of(assessment: Assessment, section: Section, words: Words) -> Iterator[Line]:
    for question in section.questions:
        reason = question.na.reason if question.na and question.na.allowed else ""
        options = (*_options(question, words), *_states(question, reason, words))
        show = question.own_show
        only = spoken_rule((show.tree, show.text), assessment, words) if show else ""
        limits = limits_in_words(question, words) if question.kind == "number" else ""
        yield Line(
            number=assessment.number(question.id),
            question=question,
            layout=_layout(question),
            options=options,
            only=only,
            limits=limits,
            reason=reason,
            ours=_ours(question, assessment),
        )


def _ours(question: Question, assessment: Assessment) -> Literal["", "answers", "line"]:
    """What the form marks; where all of an assessment is ours, its end says so once."""
    if assessment.basis == "ours" or question.basis == "seed":
        return ""
    return "line" if question.basis == "ours" else "answers"


def _layout(question: Question) -> Layout:
    if question.kind in ("number", "text"):
        return "number" if question.kind == "number" else "text"
    if question.kind == "many" or not question.scale:
        return "list"
    sentences = _sentences(question)
    if len(sentences) > MOST_IN_A_LIST:
        return "select"
    if all(len(sentence) <= SHORT for sentence in sentences):
        return "short"
    return "row" if len(sentences) <= MOST_IN_A_ROW else "list"


def _sentences(question: Question) -> list[str]:
    """The sentence of each answer, in the order of the scale."""
    if not question.scale:
        return []
    own = question.answers if isinstance(question.answers, dict) else {}
    return [own.get(answer.id, answer.title) for answer in question.scale.answers]


def _options(question: Question, words: Words) -> Iterator[AnswerBox]:
    if question.kind == "many":
        yield from (AnswerBox(choice.id, choice.title, BOX) for choice in question.choices)
        exclusive = NONE_OF_THESE if question.none_of_these else ""
        yield AnswerBox(exclusive, words.phrase("none_of_these"), BOX, state="none")
    elif question.scale:
        for answer, sentence in zip(question.scale.answers, _sentences(question), strict=True):
            title = "" if sentence == answer.title else answer.title
            yield AnswerBox(
                answer.id,
                sentence,
                mark_of(question.scale, answer),
                title,
                ours=answer.id in question.ours,
            )


def _states(question: Question, reason: str, words: Words) -> Iterator[AnswerBox]:
    if question.unknown:
        yield AnswerBox("unknown", words.phrase("unknown"), UNKNOWN, state="unknown")
    if reason:
        yield AnswerBox("na", words.phrase("na"), NA, state="na")


def one_scale(assessment: Assessment) -> Scale | None:
    """The scale that heads the columns on paper: that of all questions, where their answers stand
    in a row.
    """
    questions = list(assessment.every_question())
    scale = questions[0].scale if questions else None
    in_columns = (
        question.scale == scale and not question.na and _layout(question) == "row"
        for question in questions
    )
    return scale if scale and all(in_columns) else None


def stamps(assessment: Assessment) -> dict[str, Markup]:
    """The marks that scripts put into the page: of every answer (`0 red`), and of what else a line
    can be.
    """
    of_answers: dict[str, Markup] = {}
    for number, scale in enumerate(scales_of(assessment)):
        if len(scale.answers) <= MOST_IN_A_LIST:
            for answer in scale.answers:
                of_answers[f"{number} {answer.id}"] = mark_of(scale, answer)
    return {**of_answers, "unknown": UNKNOWN, "na": NA, "done": DONE, "open": OPEN}
