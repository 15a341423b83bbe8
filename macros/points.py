"""What a question can be worth: the scale by which it is counted, and its points."""

from __future__ import annotations

from macros.model import Answer, Question, Scale


def scale_of(question: Question) -> Scale | None:
    """The scale by which a question is counted: its own, or that of its rating."""
    return (
        question.rating.scale
        if question.rating
        else question.scale
        if question.kind == "one"
        else None
    )


def points_of(question: Question, answer: Answer) -> float | None:
    return question.points.get(answer.id, answer.points)


def has_points(question: Question) -> bool:
    scale = scale_of(question)
    if scale:
        return any(points_of(question, answer) is not None for answer in scale.answers)
    return any(choice.points is not None for choice in question.choices)


def most_points(question: Question) -> float | None:
    """A question's possible points: its highest answer, or all choices that add some."""
    if scale := scale_of(question):
        known = [p for answer in scale.answers if (p := points_of(question, answer)) is not None]
        return max(known, default=None)
    total = 0.0
    for choice in question.choices:
        total += max(choice.points or 0.0, 0.0)
    return total if has_points(question) else None
