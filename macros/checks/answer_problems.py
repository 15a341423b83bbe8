"""Why an answer cannot be, in words: for an author whose test gives it, and for `score`.

The form has its own words for a reader, in assessments/words.yml.
"""

from __future__ import annotations

from collections.abc import Mapping

from macros.engine.answers import AnswerProblem, ProblemCode

SENTENCES: Mapping[ProblemCode, str] = {
    "answers_not_a_mapping": "answers is not a mapping of questions to answers",
    "no_such_question": "no such question",
    "retired": "retired",
    "already_answered": "answered as {target} too",
    "no_such_answer": "no such answer",
    "no_such_choice": "no such choice",
    "choice_twice": "a choice stands twice",
    "none_with_others": "none_of_these goes with no other choice",
    "not_a_number": "not a number",
    "out_of_range": "out of range",
    "not_a_whole_number": "not a whole number",
    "not_a_text": "not a text",
    "unknown_not_offered": "can't tell is not offered",
    "na_not_offered": "not applicable is not offered",
    "na_needs_reason": "not applicable needs a reason",
}


def sentence(problem: AnswerProblem) -> str:
    return SENTENCES[problem["code"]].format_map(problem)
