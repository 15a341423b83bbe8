"""Words that are filled in, and rules said in words.

A rule is said from the tree that is scored, so that paper and score cannot disagree.
"""

from __future__ import annotations

import re
from typing import Any

from compiling import scale_of
from loading import Words
from model import Assessment, Tree, Verdict

BRACES = re.compile(r"\{(\w+)\}")
# Every phrase of assessments/words.yml, with the {braces} that are filled in.
PHRASES = {
    "language": "",
    "kicker": "unit minutes respondent",
    "subject": "",
    "date": "",
    "chair": "",
    "reader": "",
    "paper_hint": "",
    "unknown": "",
    "note": "",
    "fold": "",
    "why_label": "",
    "example_label": "",
    "evidence_label": "",
    "signal_label": "",
    "verdict": "",
    "verdict_hint": "",
    "verdict_unknown": "answer",
    "otherwise": "",
    "basis_title": "basis",
    "basis_seed": "",
    "basis_seed_plus": "",
    "basis_ours": "",
    "rule_count": "relation answer",
    "rule_unknown": "relation",
    "rule_is": "number answer",
    "rule_not": "rule",
    "rule_and": "",
    "rule_or": "",
    "relation_ge": "n",
    "relation_gt": "n",
    "relation_le": "n",
    "relation_lt": "n",
    "relation_eq": "n",
    "relation_ne": "n",
    "why": "lines answer count",
    "why_unknown": "lines count",
    "tip_more": "answer verdict",
    "tip_first": "answer verdict",
    "tip": "lines answers verdict count",
    "tip_pair": "lines answers verdict",
    "tip_two": "lines answers verdict",
    "tip_two_of": "lines answers verdict",
    "still_possible": "",
    "possible_many": "",
    "possible_few": "verdicts",
    "nothing_yet": "",
    "bar": "",
    "bar_open": "count",
    "bar_count": "count answer",
    "bar_more": "answer verdict",
    "bar_first": "answer verdict",
    "bar_link": "",
    "mark_open": "",
    "mark_line": "line answer",
    "moves": "",
    "moves_hint": "",
    "moves_none": "",
    "who": "",
    "by": "",
    "send": "",
    "readings": "",
    "reading": "",
    "reading_new": "",
    "reading_unnamed": "",
    "clear": "",
    "cleared": "",
    "undo": "",
    "print_filled": "",
    "print_blank": "",
    "kept": "",
    "keeping": "",
    "kept_nothing": "",
    "not_kept": "",
    "not_kept_why": "reason",
    "no_storage": "",
    "weak_storage": "",
    "folder": "",
    "folder_keep": "",
    "set_aside": "count",
    "newer": "count",
    "set_aside_save": "",
    "broken": "",
    "rules_name": "",
    "rules_value": "",
    "rules_means": "",
    "rules_basis": "",
    "sheet": "title version",
    "sheet_foot": "site release",
    "missing": "",
    "missing_why": "",
    "missing_home": "",
}
FLIPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
BASES = {"seed": "basis_seed", "seed+": "basis_seed_plus", "ours": "basis_ours"}


def say(words: Words, key: str, **values: Any) -> str:
    """A phrase of `assessments/words.yml` with its {braces} filled in. Raises LookupError for one that is not there."""
    if key not in words:
        raise LookupError(f"assessments/words.yml has no '{key}'")
    phrase = words[key]
    text = phrase if isinstance(phrase, str) else phrase["other"]
    # In one pass, so that braces in what is filled in stay as they are.
    return BRACES.sub(lambda found: str(values.get(found[1], found[0])), text)


def rule_in_words(assessment: Assessment, verdict: Verdict, words: Words) -> str:
    """`3 or more red`, `line 1 red and line 2 red`; the rule as written where there are no words for it."""
    if not verdict.when:
        return say(words, "otherwise")
    try:
        return _spoken(verdict.when.tree, assessment, words)
    except TypeError:  # two counts compared with each other
        return verdict.when.text


def _spoken(tree: Tree, assessment: Assessment, words: Words) -> str:
    name, *parts = tree
    if name in ("and", "or"):
        return say(words, f"rule_{name}").join(_spoken(part, assessment, words) for part in parts)
    if name == "not":
        return say(words, "rule_not", rule=_spoken(parts[0], assessment, words))
    if name == "is":
        answers = say(words, "rule_or").join(_title(assessment, answer, parts[0]) for answer in parts[1:])
        return say(words, "rule_is", number=assessment.number(parts[0]), answer=answers)
    if name not in FLIPPED:
        raise TypeError(tree)
    left, right = parts
    if not isinstance(left, list):
        name, left, right = FLIPPED[name], right, left
    if isinstance(right, list) or not isinstance(left, list):
        raise TypeError(tree)
    return _counted(left, say(words, f"relation_{name}", n=f"{right:g}"), assessment, words)


def _counted(tree: Tree, relation: str, assessment: Assessment, words: Words) -> str:
    """What is counted over all lines; of a part of them there are no words yet."""
    if tree[0] == "count" and tree[2] == "":
        return say(words, "rule_count", relation=relation, answer=_title(assessment, tree[1]))
    if tree == ["unknown", ""]:
        return say(words, "rule_unknown", relation=relation)
    raise TypeError(tree)


def _title(assessment: Assessment, answer: str, question: str = "") -> str:
    """The title of an answer, of a question's scale where answers of two scales share an id."""
    asked = [assessment.question(question)] if question else assessment.every_question()
    scales = (scale for one in asked if (scale := scale_of(one)))
    return next(one.title for scale in scales for one in scale.answers if one.id == answer).lower()
