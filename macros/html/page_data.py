"""What the page embeds for its script: the model as JSON, with expressions as trees.

The keys are those of the YAML; what is empty or the default is left out.
"""

from __future__ import annotations

from typing import Any

from macros.engine.answers import was
from macros.engine.state import scoring_model
from macros.model import (
    Answer,
    Assessment,
    Choice,
    Expression,
    Question,
    Rating,
    Scale,
    Section,
    Verdict,
    Warning,
)
from macros.points import most_points, scale_of

Data = dict[str, Any]


def page_data(assessment: Assessment) -> Data:
    """What `score.js` reads, as JSON has it."""
    scales = scales_of(assessment)
    return {
        "id": assessment.id,
        "version": assessment.version,
        "title": assessment.title,
        "chairs": list(assessment.chairs),
        "scales": [_scale(scale) for scale in scales],
        "sections": [_section(section) for section in assessment.sections],
        "questions": [_question(question, scales) for question in assessment.every_question()],
        "measures": _measures(assessment),
        "verdicts": [_verdict(verdict) for verdict in assessment.verdicts],
        "warnings": [_warning(warning) for warning in assessment.warnings],
        "was": was(assessment),
        "retired": list(assessment.retired),
    }


def _full(**values: Any) -> Data:
    """What is not empty."""
    return {
        key: value
        for key, value in values.items()
        if value not in (None, "", [], {}, ()) and value is not False
    }


def _rule(key: str, expression: Expression | None) -> Data:
    """An expression under its key, if there is one: its tree may well be null."""
    return {key: _whole(expression.tree)} if expression else {}


def _whole(tree: Any) -> Any:
    """A tree in which whole numbers have no point: 3, not 3.0."""
    if isinstance(tree, list):
        return [_whole(part) for part in tree]
    return int(tree) if isinstance(tree, float) and tree.is_integer() else tree


def scales_of(assessment: Assessment) -> list[Scale]:
    """Every scale once, in the order of the questions."""
    scales: list[Scale] = []
    for question in assessment.every_question():
        scale = scale_of(question)
        if scale and scale not in scales:
            scales.append(scale)
    return scales


def _scale(scale: Scale) -> Data:
    return {"worst": scale.worst, "answers": [_answer(answer) for answer in scale.answers]}


def _answer(answer: Answer) -> Data:
    values = {name: _whole(value) for name, value in answer.values.items()}
    return {**_choice(answer), **_full(values=values)}


def _choice(choice: Answer | Choice) -> Data:
    points = {} if choice.points is None else {"points": _whole(choice.points)}
    return {"id": choice.id, "title": choice.title, **points, **_full(was=choice.was)}


def _section(section: Section) -> Data:
    questions = [question.id for question in section.questions]
    return {
        "id": section.id,
        "title": section.title,
        "questions": questions,
        **_rule("show", section.show),
    }


def _question(question: Question, scales: list[Scale]) -> Data:
    scale = question.scale and scales.index(question.scale)
    numbers = {
        "min": question.min,
        "max": question.max,
        "step": question.step,
        "possible": most_points(question),
    }
    return {
        "id": question.id,
        "name": question.name,
        **_full(
            kind="" if question.kind == "one" else question.kind,
            scale=scale or None,
            points={id: _whole(points) for id, points in question.points.items()},
            choices=[_choice(choice) for choice in question.choices],
            none_of_these=question.none_of_these,
            rating=_rating(question.rating, scales),
            whole=question.whole,
            unknown=question.unknown,
            na=question.na.reason if question.na and question.na.allowed else "",
        ),
        **_rule("show", question.show),
        **{key: _whole(number) for key, number in numbers.items() if number is not None},
        **({} if question.required else {"required": False}),
    }


def _rating(rating: Rating | None, scales: list[Scale]) -> Data | None:
    if not rating:
        return None
    rules = [{"is": rule.is_, **_rule("when", rule.when)} for rule in rating.rules]
    return {"scale": scales.index(rating.scale) if rating.scale else 0, "rules": rules}


def _verdict(verdict: Verdict) -> Data:
    return {
        "id": verdict.id,
        "title": verdict.title,
        "say": verdict.say,
        **_rule("when", verdict.when),
    }


def _warning(warning: Warning) -> Data:
    return {"id": warning.id, **_rule("when", warning.when), "say": warning.say}


def _measures(assessment: Assessment) -> list[Data]:
    """Each measure; of one `per: section`, one for each section."""
    trees = scoring_model(assessment).measures
    measures: list[Data] = []
    for name, measure in assessment.measures.items():
        shown = _full(title=measure.title, format=measure.format)
        if not measure.per:
            measures.append({"id": name, "name": name, **shown, "value": _whole(trees[name])})
            continue
        for section in assessment.sections:
            id = f"{name}({section.id})"
            place = {"id": id, "name": name, "section": section.id}
            measures.append({**place, **shown, "value": _whole(trees[id])})
    return measures
