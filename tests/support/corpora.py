"""Texts and files of others, as JSON. They lie outside the repository, in ../shared/corpora; where
one is missing, the tests that ask for it are skipped and say so.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.checkout import ROOT

CORPORA = ROOT.parent / "shared" / "corpora"
MISSING = "{} is not beside this checkout"


def corpus(name: str) -> Any:
    """What a file holds. The test that asks for it is skipped where it is missing."""
    found = corpus_if_here(name)
    return found if found is not None else pytest.skip(MISSING.format(name))


def corpus_if_here(name: str) -> Any:
    path = CORPORA / name
    return json.loads(path.read_bytes()) if path.exists() else None


def cases(name: str, id_of: Callable[[int, Any], str]) -> list[Any]:
    """The cases of a file as the parameters of a test; if it is missing, one that is skipped."""
    found = corpus_if_here(name)
    if found is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=MISSING.format(name)))]
    return [pytest.param(case, id=id_of(n, case)) for n, case in enumerate(found["cases"])]


def bytes_of(case: dict[str, Any]) -> bytes:
    """The YAML of a case, which need not be text."""
    text = case.get("yaml", "")
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
