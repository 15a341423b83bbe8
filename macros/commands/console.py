"""What a command says while it works."""

from __future__ import annotations


def say(sentence: str) -> None:
    print(sentence, flush=True)


def count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
