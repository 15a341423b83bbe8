"""The words of the language of rules, which can name no question, section or measure."""

from __future__ import annotations

# `constructor` is a word of every object in a browser.
WORDS = (
    "and", "or", "not", "is", "in", "if", "else", "for", "lambda", "true", "false", "none",
    "constructor",
)  # fmt: skip
# Those that go over several, by the operator that each becomes.
AGGREGATES = {
    "sum": "sum", "mean": "mean", "median": "median", "min": "lowest", "max": "highest",
    "any": "any", "all": "all", "len": "len", "weighted_mean": "weighted_mean",
}  # fmt: skip
SCOPED = ("points", "possible", "most", "percent", "answered", "unknown", "na")
ROUNDING = ("floor", "ceil", "abs")
FUNCTIONS = (
    "count", *SCOPED, "chosen", "number", "value", *AGGREGATES, "lookup", "round", *ROUNDING,
)  # fmt: skip
RESERVED = frozenset(
    (*WORDS, "rule", "section", "sections", "question", "questions", "weight", *FUNCTIONS)
)
