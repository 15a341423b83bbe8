"""What the converters share: where the data of others lies, ids, YAML, and what a vector is."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from tests.support.checkout import ROOT

# outside the repository: these texts are not ours to publish
PEERS = ROOT.parent / "shared" / "peers"


@dataclass(frozen=True)
class Vector:
    """A reading, and the figures that the source's own code or documents give for it."""

    name: str
    reading: dict[str, Any]
    expected: dict[str, float]


@dataclass(frozen=True)
class Case:
    """An instrument in our language, its vectors, and how their figures are found in a result."""

    name: str
    text: str  # the YAML
    vectors: tuple[Vector, ...]
    figures: Callable[[Any], dict[str, Any]]


def read(*path: str) -> Any:
    return json.loads(PEERS.joinpath(*path).read_text(encoding="utf-8"))


def identifier(text: str) -> str:
    """`impact19IY` → `impact19_iy`, `item3-2` → `item3_2`, `001` → `n001`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text).lower()
    joined = re.sub(r"[^a-z0-9]+", "_", words).strip("_")
    return joined if joined[:1].isalpha() else f"n{joined}"


def value(result: Any, measure: str, section: str = "") -> Any:
    """The certain value of a measure, or of one section's; None where it is a range or there is
    none.
    """
    found = result["measures"][measure]
    return (found["sections"][section] if section else found).get("value")


class Dumper(yaml.SafeDumper):
    """Writes everything out: anchors are no part of our YAML."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def assessment(title: str, unit: str, **rest: Any) -> str:
    """The YAML of an assessment, with the keys that each must have and no vector depends on."""
    head = {
        "title": title,
        "version": 1,
        "basis": "ours",
        "unit": unit,
        "respondent": "whoever answers for it",
    }
    intro = "Converted from the data that its makers publish."
    whole = {**head, "minutes": 30, "intro": intro, **rest}
    return str(yaml.dump(whole, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000))
