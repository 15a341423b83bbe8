"""How deep an assessment's expressions reach into each other, through measures and `show`: what is
worked out by calls within calls has an end, in both engines.
"""

from __future__ import annotations

from collections.abc import Iterator

from macros.engine.state import ScoringModel, scoring_model
from macros.loading.structure import Steps
from macros.model import Assessment, Tree, Verdict, Warning

MOST_LEVELS = 150
LINK = 2  # levels that a measure or a `show` adds


def too_deep(assessment: Assessment) -> list[tuple[Steps, str]]:
    """The first measure, question or rule that reaches too deep, if there is one: its place, and
    its name.
    """
    return next(([(where, id)] for where, id in _deep(scoring_model(assessment))), [])


def _deep(model: ScoringModel) -> Iterator[tuple[Steps, str]]:
    depths = _Depths(model)
    for id, tree in model.measures.items():
        name = id.partition("(")[0]
        if depths.of(tree) > MOST_LEVELS:
            yield ("measures", name, "value"), name
    for id in model.shows:
        if depths.of_show(id) > MOST_LEVELS:
            yield (), id
    both: dict[str, tuple[Verdict | Warning, ...]] = {
        "verdicts": model.assessment.verdicts,
        "warnings": model.assessment.warnings,
    }
    for key, rules in both.items():
        for n, rule in enumerate(rules):
            if rule.when and depths.of(rule.when.tree) > MOST_LEVELS:
                yield (key, n, "when"), rule.id


class _Depths:
    def __init__(self, model: ScoringModel) -> None:
        self.model = model
        self.known: dict[str, int] = {}  # by measure, question or what asks for several

    def of(self, tree: Tree) -> int:
        if not isinstance(tree, list) or not isinstance(tree[0], str):
            return 0
        deepest = max(map(self.of, tree[1:]), default=0)
        if tree[0] == "measure":
            deepest = max(deepest, LINK + self.of_measure(tree[1]))
        elif self.model.shows:
            deepest = max(deepest, self.of_asked(tree))
        return 1 + deepest

    def of_measure(self, id: str) -> int:
        """Those above it are known: a measure uses no others."""
        if id not in self.known:
            self.known[id] = self.of(self.model.measures[id])
        return self.known[id]

    def of_asked(self, tree: Tree) -> int:
        key = "" if any(isinstance(part, list) for part in tree) else " ".join(map(str, tree))
        if key and key in self.known:
            return self.known[key]
        shown = (id for id in self.model.asked(tree) if id in self.model.shows)
        deepest = max((LINK + self.of_show(id) for id in shown), default=0)
        if key:
            self.known[key] = deepest
        return deepest

    def of_show(self, id: str) -> int:
        key = f"show {id}"
        if key not in self.known:
            self.known[key] = self.of(self.model.shows[id])
        return self.known[key]
