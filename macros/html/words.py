"""Rules, limits and changes in words.

A rule is said from the tree that is scored, so that paper and score cannot disagree.
"""

from __future__ import annotations

from typing import Any

from macros.loading.words import Words
from macros.loading.yaml_nodes import shorten
from macros.model import Assessment, Question, Tree, Verdict
from macros.points import scale_of

FLIPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
BASES = {"seed": "basis_seed", "seed+": "basis_seed_plus", "ours": "basis_ours"}


def rule_in_words(assessment: Assessment, verdict: Verdict, words: Words) -> str:
    """`3 or more red`, `line 1 red and line 2 red`; the rule as written where there are no words
    for it.
    """
    if not verdict.when:
        return words.phrase("otherwise")
    return spoken_rule((verdict.when.tree, verdict.when.text), assessment, words)


def spoken_rule(rule: tuple[Tree, str], assessment: Assessment, words: Words) -> str:
    """A compiled rule in words; its text where there are none."""
    tree, text = rule
    try:
        return _spoken(tree, assessment, words)
    except (TypeError, ValueError):
        return text


def _spoken(tree: Tree, assessment: Assessment, words: Words) -> str:
    name, *parts = tree
    if name in ("and", "or"):
        return words.phrase(f"rule_{name}").join(_spoken(part, assessment, words) for part in parts)
    if name == "not" and parts[0][0] == "is":
        answers = words.phrase("rule_nor").join(
            title_in_speech(_title(assessment, *pair), words) for pair in _pairs(parts[0][1:])
        )
        return words.phrase("rule_is_not", number=assessment.number(parts[0][1]), answer=answers)
    if name == "not":
        return words.phrase("rule_not", rule=_spoken(parts[0], assessment, words))
    if name == "is":
        answers = words.phrase("rule_or").join(
            title_in_speech(_title(assessment, *pair), words) for pair in _pairs(parts)
        )
        return words.phrase("rule_is", number=assessment.number(parts[0]), answer=answers)
    if name == "chosen":
        return words.phrase(
            "rule_chosen",
            number=assessment.number(parts[0]),
            choice=_choice(assessment, words, *parts),
        )
    if name not in FLIPPED:
        raise TypeError(tree)
    left, right = parts
    if not isinstance(left, list):
        name, left, right = FLIPPED[name], right, left
    if isinstance(right, list) or not isinstance(left, list):
        raise TypeError(tree)
    return _counted(left, words.phrase(f"relation_{name}", n=f"{right:g}"), assessment, words)


def _pairs(parts: list[str]) -> list[tuple[str, str]]:
    return [(answer, parts[0]) for answer in parts[1:]]


def _counted(tree: Tree, relation: str, assessment: Assessment, words: Words) -> str:
    """What is counted or measured, and how much of it."""
    name, first, *rest = tree
    if name == "count":
        answer = title_in_speech(_title(assessment, first), words)
        return _within(
            words.phrase("rule_count", relation=relation, answer=answer),
            rest[0],
            assessment,
            words,
        )
    if name in ("unknown", "answered", "na"):
        return _within(words.phrase(f"rule_{name}", relation=relation), first, assessment, words)
    if name in ("points", "percent"):
        what = words.phrase(
            f"rule_{name}",
            where=_where(first, assessment, words) or words.phrase("rule_all_lines"),
        )
    elif name == "number":
        what = _where(first, assessment, words)
    elif name == "measure":
        what = _measured(first, assessment, words)
    else:
        raise TypeError(tree)
    return words.phrase("rule_value", what=what, relation=relation)


def _within(rule: str, scope: str, assessment: Assessment, words: Words) -> str:
    return (
        words.phrase("rule_in", rule=rule, where=_where(scope, assessment, words))
        if scope
        else rule
    )


def _where(scope: str, assessment: Assessment, words: Words) -> str:
    """A section by its title, a question by its number."""
    for section in assessment.sections:
        if section.id == scope:
            return section.title
    return words.phrase("rule_line", number=assessment.number(scope))


def _measured(id: str, assessment: Assessment, words: Words) -> str:
    name, _, section = id.rstrip(")").partition("(")
    title = assessment.measures[name].title or name.replace("_", " ")
    if not assessment.measures[name].per:
        return title
    return words.phrase("measure_of", measure=title, section=_where(section, assessment, words))


def _title(assessment: Assessment, answer: str, question: str = "") -> str:
    """The title of an answer, of a question's scale where answers of two scales share an id."""
    asked = [assessment.question(question)] if question else assessment.every_question()
    scales = (scale for one in asked if (scale := scale_of(one)))
    return next(one.title for scale in scales for one in scale.answers if one.id == answer)


def _choice(assessment: Assessment, words: Words, question: str, choice: str) -> str:
    titles = {one.id: one.title for one in assessment.question(question).choices}
    return titles.get(choice) or words.phrase("none_of_these")


def title_in_speech(title: str, words: Words) -> str:
    """An answer within a sentence: `red`; in quotes what is more than a word with a capital. As
    results.js says it.
    """
    rest = title[1:]
    if title[:1].isalpha() and rest.isalpha() and rest.islower():
        return title.lower()
    return words.phrase("rule_quoted", answer=title)


def limits_in_words(question: Question, words: Words) -> str:
    """What numbers can be: `from 0 to 100, whole numbers`."""
    low, high = (None if one is None else f"{one:g}" for one in (question.min, question.max))
    found = []
    if low is not None and high is not None:
        found.append(words.phrase("limits_between", min=low, max=high))
    elif low is not None:
        found.append(words.phrase("limits_min", min=low))
    elif high is not None:
        found.append(words.phrase("limits_max", max=high))
    if question.whole:
        found.append(words.phrase("limits_whole"))
    if question.step is not None:
        found.append(words.phrase("limits_step", step=f"{question.step:g}"))
    return ", ".join(found)


def changes_in_words(assessment: Assessment, words: Words) -> list[str]:
    """What an engagement changed, and why."""
    found = []
    for change in assessment.engagement.changes if assessment.engagement else ():
        kind = "set" if change.set else "add" if change.add else "remove"
        path = _path_in_words(getattr(change, kind), assessment)
        what = words.phrase(f"changed_{kind}", path=path, to=_value_in_words(change.to))
        found.append(words.phrase("engagement_item", what=what, because=change.because))
    return found


def _value_in_words(value: Any) -> str:
    """What stands there now: a text, or the name of what was added."""
    if isinstance(value, dict):
        return str(
            next(
                (value[key] for key in ("name", "title", "say", "ask", "id") if value.get(key)), ""
            )
        )
    return "" if isinstance(value, list) else shorten(str(value))


def _path_in_words(path: str, assessment: Assessment) -> str:
    """`questions.tiles.ask` → `Tiles, ask`: by its name where the question is still there."""
    names = {question.id: question.name for question in assessment.every_question()}
    names |= {section.id: section.title for section in assessment.sections}
    names |= {verdict.id: verdict.title for verdict in assessment.verdicts}
    steps = [step for n, step in enumerate(path.split(".")) if n or "." not in path]
    return ", ".join(names.get(step, step.replace("_", " ")) for step in steps)
