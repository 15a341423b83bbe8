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
        return RuleSpeaker(assessment, words).say(tree)
    except NoWords:
        return text


class NoWords(Exception):
    """A rule, or a part of one, that is not said in words."""


class RuleSpeaker:
    """Says the rules of an assessment. Raises NoWords for what has none."""

    def __init__(self, assessment: Assessment, words: Words) -> None:
        self.assessment = assessment
        self.phrase = words.phrase
        self.words = words

    def say(self, tree: Tree) -> str:
        if not isinstance(tree, list):
            raise NoWords(tree)
        name, *parts = tree
        if name in ("and", "or"):
            return self.phrase(f"rule_{name}").join(map(self.say, parts))
        if name == "not":
            return self._not(parts[0])
        if name == "is":
            return self._is("rule_is", "rule_or", *parts)
        if name == "chosen":
            return self._chosen(*parts)
        if name in FLIPPED:
            return self._compared(name, *parts)
        raise NoWords(tree)

    def _not(self, tree: Tree) -> str:
        if isinstance(tree, list) and tree[0] == "is":
            return self._is("rule_is_not", "rule_nor", *tree[1:])
        return self.phrase("rule_not", rule=self.say(tree))

    def _is(self, key: str, between: str, question: str, *answers: str) -> str:
        titles = (self._answer(answer, question) for answer in answers)
        number = self.assessment.number(question)
        return self.phrase(key, number=number, answer=self.phrase(between).join(titles))

    def _chosen(self, question: str, id: str) -> str:
        titles = {choice.id: choice.title for choice in self.assessment.question(question).choices}
        choice = titles.get(id) or self.phrase("none_of_these")
        number = self.assessment.number(question)
        return self.phrase("rule_chosen", number=number, choice=choice)

    def _compared(self, name: str, left: Tree, right: Tree) -> str:
        """`3 or more red` out of what is asked for and a number, whichever comes first."""
        if not isinstance(left, list):
            name, left, right = FLIPPED[name], right, left
        if not isinstance(left, list) or not isinstance(right, (int, float)):
            raise NoWords(name)
        return self._quantity(left, self.phrase(f"relation_{name}", n=f"{right:g}"))

    def _quantity(self, tree: Tree, relation: str) -> str:
        """What is counted or measured, and how much of it."""
        name, *parts = tree
        if name == "count":
            answer, scope = parts
            rule = self.phrase("rule_count", relation=relation, answer=self._answer(answer))
            return self._within(rule, scope)
        if name in ("unknown", "answered", "na"):
            return self._within(self.phrase(f"rule_{name}", relation=relation), *parts)
        return self.phrase("rule_value", what=self._measured(name, *parts), relation=relation)

    def _within(self, rule: str, scope: str) -> str:
        return self.phrase("rule_in", rule=rule, where=self._where(scope)) if scope else rule

    def _measured(self, name: str, of: str = "", *_: Any) -> str:
        if name in ("points", "percent"):
            where = self._where(of) if of else self.phrase("rule_all_lines")
            return self.phrase(f"rule_{name}", where=where)
        if name == "number":
            return self._where(of)
        if name == "measure":
            return self._measure(of)
        raise NoWords(name)

    def _measure(self, id: str) -> str:
        """A measure by its title; `level(hull)` is that of a section."""
        name, _, section = id.rstrip(")").partition("(")
        measure = self.assessment.measures[name]
        title = measure.title or name.replace("_", " ")
        if not measure.per:
            return title
        return self.phrase("measure_of", measure=title, section=self._where(section))

    def _where(self, scope: str) -> str:
        """A section by its title, a question by its number."""
        for section in self.assessment.sections:
            if section.id == scope:
                return section.title
        return self.phrase("rule_line", number=self.assessment.number(scope))

    def _answer(self, id: str, question: str = "") -> str:
        """An answer by its title, of a question's scale where answers of two scales share an id."""
        every = list(self.assessment.every_question())
        questions = [self.assessment.question(question)] if question else every
        scales = filter(None, map(scale_of, questions))
        titles = (answer.title for scale in scales for answer in scale.answers if answer.id == id)
        return title_in_speech(next(titles), self.words)


def title_in_speech(title: str, words: Words) -> str:
    """An answer within a sentence: `red`; in quotes what is more than a word with a capital. As
    messages.js says it.
    """
    rest = title[1:]
    if title[:1].isalpha() and rest.isalpha() and rest.islower():
        return title.lower()
    return words.phrase("rule_quoted", answer=title)


def limits_in_words(question: Question, words: Words) -> str:
    """What numbers can be: `from 0 to 100, whole numbers`."""
    low, high = (None if bound is None else f"{bound:g}" for bound in (question.min, question.max))
    limits = []
    if low is not None and high is not None:
        limits.append(words.phrase("limits_between", min=low, max=high))
    elif low is not None:
        limits.append(words.phrase("limits_min", min=low))
    elif high is not None:
        limits.append(words.phrase("limits_max", max=high))
    if question.whole:
        limits.append(words.phrase("limits_whole"))
    if question.step is not None:
        limits.append(words.phrase("limits_step", step=f"{question.step:g}"))
    return ", ".join(limits)


def changes_in_words(assessment: Assessment, words: Words) -> list[str]:
    """What an engagement changed, and why."""
    sentences = []
    for change in assessment.engagement.changes if assessment.engagement else ():
        kind = "set" if change.set else "add" if change.add else "remove"
        path = _path_in_words(getattr(change, kind), assessment)
        what = words.phrase(f"changed_{kind}", path=path, to=_value_in_words(change.to))
        sentences.append(words.phrase("engagement_item", what=what, because=change.because))
    return sentences


def _value_in_words(value: Any) -> str:
    """What stands there now: a text, or the name of what was added."""
    if isinstance(value, dict):
        names = (value.get(key) for key in ("name", "title", "say", "ask", "id"))
        return str(next(filter(None, names), ""))
    return "" if isinstance(value, list) else shorten(str(value))


def _path_in_words(path: str, assessment: Assessment) -> str:
    """`questions.tiles.ask` → `Tiles, ask`: by its name where the question is still there."""
    names = {question.id: question.name for question in assessment.every_question()}
    names |= {section.id: section.title for section in assessment.sections}
    names |= {verdict.id: verdict.title for verdict in assessment.verdicts}
    steps = [step for n, step in enumerate(path.split(".")) if n or "." not in path]
    return ", ".join(names.get(step, step.replace("_", " ")) for step in steps)
