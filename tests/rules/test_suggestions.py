"""Suggested names stand in the order of the file, in each run; a set has another each time."""

import pytest

from macros.model import Answer, Question, Scale
from macros.rules.compiler import compile_value
from macros.rules.names import Scope
from macros.rules.source import ExpressionError

NAMES = (
    "stage",
    "owner",
    "cost",
    "reach",
    "delay",
    "risk",
    "trust",
    "load",
)  # one of 40,320 orders
SCALE = Scale("red", (Answer("red", "Red", values=dict.fromkeys(NAMES, 1.0)),))
QUESTION = Question("q", "q", "q", scale=SCALE, tags=dict.fromkeys(NAMES, "yes"))
SCOPE = Scope({"q": QUESTION}, {}, {})


@pytest.mark.parametrize("rule", ["value(q, xyz) > 1", "q.xyz == 'yes'"])
def test_names_are_told_in_the_order_of_the_file(rule: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_value(rule, SCOPE)
    assert caught.value.message.endswith(f"; known here: {', '.join(NAMES)}")
