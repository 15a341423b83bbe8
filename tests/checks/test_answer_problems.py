"""Each problem that an answer can have is put in words, in Python by one table."""

from collections.abc import Iterable
from typing import get_args

from macros.checks.answer_problems import SENTENCES, sentence
from macros.engine.answers import ProblemCode

CODES: tuple[ProblemCode, ...] = get_args(ProblemCode)


def without_words(codes: Iterable[str]) -> list[str]:
    return sorted(set(codes) - {code for code, told in SENTENCES.items() if told})


def test_every_problem_has_a_sentence_of_its_own() -> None:
    assert without_words(CODES) == [] and len(set(SENTENCES.values())) == len(CODES)
    assert all(code in CODES for code in SENTENCES)


def test_a_problem_without_a_sentence_would_be_noticed() -> None:
    assert without_words([*CODES, "too_heavy"]) == ["too_heavy"]


def test_a_sentence_names_what_its_problem_names() -> None:
    for code in CODES:
        told = sentence({"question": "sponsor", "code": code, "target": "owner"})
        assert ("owner" in told) == (code == "already_answered") and "{" not in told
