"""Assessments and readings made at random in the whole language; the same for the same seed.

text = assessment_text(seed, size)        YAML that `check` takes, but for verdicts that nothing
                                          reaches
without(text, ["verdict_1"])              the same without these
readings(form, seed, count)               complete, partial, empty, odd and impossible ones

"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from macros.loading import structure
from macros.model import Assessment, Problem
from tests.support.checkout import ROOT
from tests.support.engines import load
from tests.support.oracle import Form, Line, options

RULES = {"three": 3, "ten": 10}
LARGE = 9  # every so manieth assessment has 20 to 60 questions

ANSWERS = (
    ["green", "yellow", "red"],
    ["no", "yes"],
    ["l0", "l1", "l2", "l3"],
    ["yes", "green", "no"],
)
AREAS = ("gold", "tin", "lead")
POINTS = (-2, -0.5, 0, 0.1, 0.3, 1, 1, 2, 3, 5, 10)
LITERALS = [
    "0",
    "1",
    "2",
    "3",
    "0.1",
    "0.5",
    "2.5",
    "7",
    "100",
    "rule.three",
    "rule.ten",
    ".25",
    "999999999999999",
]
UNNAMED = ""


@dataclass
class Item:
    """What the rules may ask of a question."""

    id: str
    kind: str = "one"
    answers: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    has_points: bool = False
    has_values: bool = False
    unknown: bool = False
    na: bool = False
    tags: dict[str, Any] = field(default_factory=dict)


@dataclass
class Part:
    """What the rules may ask of a section."""

    id: str
    items: list[Item] = field(default_factory=list)
    tags: dict[str, Any] = field(default_factory=dict)


Holds = Callable[[Item], bool]


@dataclass
class Scope:
    """What a rule may name. A loop's name stands for each of several."""

    items: list[Item]
    parts: list[Part]
    everything: bool  # whether it may speak of all questions: a `show` may not
    numbers: list[str] = field(default_factory=list)  # measures, `m_1` or `m_2(section_1)`
    truths: list[str] = field(default_factory=list)
    per_section: dict[str, str] = field(default_factory=dict)  # name → number or truth
    loops: dict[str, list[Item]] = field(default_factory=dict)
    part_loops: dict[str, list[Part]] = field(default_factory=dict)

    def one(self, holds: Holds) -> list[str]:
        """Names of one question of which this holds; of a loop, of some: the others are none there,
        or false.
        """
        loops = [name for name, items in self.loops.items() if any(map(holds, items))]
        return [item.id for item in self.items if holds(item)] + loops * 4

    def items_of(self, name: str) -> list[Item]:
        return self.loops.get(name) or [item for item in self.items if item.id == name]

    def some(self, holds: Holds) -> list[str]:
        """What functions can be asked of: a question, a section or all, with a question of which
        this holds.
        """
        parts = [part.id for part in self.parts if part.id and any(map(holds, part.items))]
        loops = [
            name
            for name, parts in self.part_loops.items()
            if any(any(map(holds, p.items)) for p in parts)
        ]
        whole = [UNNAMED] * 3 if self.everything and any(map(holds, self.items)) else []
        return self.one(holds) + parts + loops * 3 + whole

    def lists(self) -> list[tuple[str, list[Item]]]:
        """What a loop over questions can go through, and which these are."""
        found = [("questions", self.items)] if self.everything else []
        found += [(f"{part.id}.questions", part.items) for part in self.parts if part.id]
        loops = self.part_loops.items()
        return (
            found
            + [
                (f"{name}.questions", [i for part in parts for i in part.items])
                for name, parts in loops
            ]
            * 2
        )


class Rules:
    """Rules in a scope. A method gives no text where the scope lacks what it needs."""

    def __init__(self, chance: random.Random, scope: Scope) -> None:
        self.chance = chance
        self.scope = scope

    def inner(self, **loops: Any) -> Rules:
        return Rules(self.chance, replace(self.scope, **loops))

    def short(self, kind: str, depth: int) -> str:
        """A rule of fewer characters than the language allows."""
        return str(next(text for _ in range(99) if len(text := getattr(self, kind)(depth)) < 1500))

    def pick(self, ways: Iterable[Callable[[int], str]], depth: int) -> str:
        shuffled = list(ways)
        self.chance.shuffle(shuffled)
        return next(text for way in shuffled if (text := way(depth)))

    def choose(self, names: list[str]) -> str:
        return self.chance.choice(names) if names else ""

    # numbers

    def number(self, depth: int) -> str:
        flat = [
            self.literal,
            self.count,
            self.count,
            self.how_many,
            self.points,
            self.points,
            self.value,
        ]
        flat += [self.tag, self.weight, self.measure]
        deep = [
            self.arithmetic,
            self.arithmetic,
            self.conditional,
            self.aggregate,
            self.aggregate,
            self.aggregate,
        ]
        deep += [self.smallest, self.rounded, self.weighted_mean, self.lookup, self.negative]
        return self.pick(deep + flat if depth > 0 else flat, depth)

    def literal(self, depth: int) -> str:
        return self.chance.choice(LITERALS)

    def count(self, depth: int) -> str:
        answer = self.chance.choice(self.chance.choice(ANSWERS))
        over = self.scope.some(lambda item: answer in item.answers)
        return self.asked("count", over, answer) if over else ""

    def asked(self, function: str, over: list[str], *first: str) -> str:
        return f"{function}({', '.join([*first, *filter(None, [self.chance.choice(over)])])})"

    def how_many(self, depth: int) -> str:
        kinds: dict[str, Holds] = {
            "answered": lambda i: True,
            "unknown": lambda i: i.unknown,
            "na": lambda i: i.na,
        }
        name = self.chance.choice(list(kinds))
        over = self.scope.some(kinds[name])
        return self.asked(name, over) if over else ""

    def points(self, depth: int) -> str:
        over = self.scope.some(lambda item: item.has_points)
        name = self.chance.choice(["points", "points", "possible", "most", "percent"])
        return self.asked(name, over) if over else ""

    def value(self, depth: int) -> str:
        numbers = self.scope.one(lambda item: item.kind == "number")
        values = self.scope.one(lambda item: item.has_values)
        made = [f"number({self.choose(numbers)})"] * bool(numbers) + [
            f"value({self.choose(values)}, seal)"
        ] * bool(values)
        return self.choose(made)

    def tag(self, depth: int) -> str:
        if not (self.scope.loops or self.scope.part_loops) and self.chance.random() < 0.8:
            return ""
        items = self.scope.one(lambda item: True)
        parts = [part.id for part in self.scope.parts if part.id] + list(self.scope.part_loops)
        levels = [
            f"{name}.level"
            for name in items[-2:]
            if any("level" in item.tags for item in self.scope.items)
        ]
        stages = [
            f"{name}.stage"
            for name in parts[-2:]
            if any("stage" in part.tags for part in self.scope.parts)
        ]
        return self.choose(levels + stages)

    def weight(self, depth: int) -> str:
        loops = [*self.scope.loops, *self.scope.part_loops]
        return f"{self.choose(loops)}.weight" if loops else ""

    def measure(self, depth: int) -> str:
        return self.choose(self.scope.numbers + self.of_sections("number"))

    def of_sections(self, kind: str) -> list[str]:
        names = [name for name, own in self.scope.per_section.items() if own == kind]
        parts = [part.id for part in self.scope.parts if part.id] + list(self.scope.part_loops) * 2
        return [f"{name}({part})" for name in names for part in parts]

    def arithmetic(self, depth: int) -> str:
        sign = self.chance.choice(["+", "-", "*", "/", "+"])
        return f"({self.number(depth - 1)} {sign} {self.number(depth - 1)})"

    def negative(self, depth: int) -> str:
        return f"(-{self.number(depth - 1)})"

    def conditional(self, depth: int) -> str:
        other = self.chance.choice(["none", self.number(depth - 1), self.number(depth - 1)])
        return f"({self.number(depth - 1)} if {self.truth(depth - 1)} else {other})"

    def smallest(self, depth: int) -> str:
        parts = ", ".join(self.number(depth - 1) for _ in range(self.chance.randint(2, 3)))
        return f"{self.chance.choice(['min', 'max'])}({parts})"

    def rounded(self, depth: int) -> str:
        name = self.chance.choice(["round", "round", "floor", "ceil", "abs"])
        places = self.chance.choice(["", ", 0", ", 1", ", 2", ", 9"]) if name == "round" else ""
        return f"{name}({self.number(depth - 1)}{places})"

    def lookup(self, depth: int) -> str:
        rated = self.scope.one(lambda item: bool(item.answers))
        sized = [
            name
            for name in rated
            if len({len(item.answers) for item in self.scope.items_of(name)} - {0}) == 1
        ]
        sized = [name for name in sized if all(item.answers for item in self.scope.items_of(name))]
        if not sized:
            return ""
        two = [self.chance.choice(sized), self.chance.choice(sized)]
        rows, columns = (len(self.scope.items_of(name)[0].answers) for name in two)
        table = [
            [self.chance.choice(["0", "1", "2", "2.5", "4"]) for _ in range(columns)]
            for _ in range(rows)
        ]
        return (
            f"lookup({two[0]}, {two[1]},"
            f" [{', '.join('[' + ', '.join(row) + ']' for row in table)}])"
        )

    # loops

    def loop(self, depth: int) -> tuple[str, Rules] | None:
        """`for … in … if …`, and what may be said within."""
        if len(self.scope.loops) > (1 if len(self.scope.items) <= 12 else 0):
            return None
        lists = self.scope.lists()
        named = self.scope.everything and all(part.id for part in self.scope.parts)
        if named and "s" not in self.scope.part_loops and self.chance.random() < 0.3:
            inner = self.inner(part_loops={**self.scope.part_loops, "s": self.scope.parts})
            return f"for s in sections{inner.filter(depth)}", inner
        name = next(name for name in "qpr" if name not in self.scope.loops)
        over, items = self.chance.choice(lists) if lists else ("", [])
        inner = self.inner(loops={**self.scope.loops, name: items})
        return (f"for {name} in {over}{inner.filter(depth)}", inner) if items else None

    def filter(self, depth: int) -> str:
        return f" if {self.truth(depth - 1)}" if self.chance.random() < 0.4 else ""

    def aggregate(self, depth: int) -> str:
        loop = self.loop(depth)
        name = self.chance.choice(["sum", "sum", "mean", "min", "max", "median", "len"])
        if loop and name == "len" and self.chance.random() < 0.5:
            return f"len({loop[0].split()[1]} {loop[0]})"
        return f"{name}({loop[1].number(depth - 1)} {loop[0]})" if loop else ""

    def weighted_mean(self, depth: int) -> str:
        loop = self.loop(depth)
        if not loop:
            return ""
        weight = loop[1].weight(0) if self.chance.random() < 0.7 else loop[1].number(0)
        return f"weighted_mean(({loop[1].number(depth - 1)}, {weight}) {loop[0]})"

    # as the instruments of the field put it

    def typical(self, depth: int) -> str:
        """A number such as real assessments are made of: averages of averages, levels by section,
        rounded.
        """
        over = [name for name, _ in self.scope.lists()]
        levels = [name for name, kind in self.scope.per_section.items() if kind == "number"]
        named = self.scope.everything and all(part.id for part in self.scope.parts)
        ways = [self.rounded_off, self.share] + [self.average] * bool(over) * 3
        ways += [self.of_levels] * 4 if levels and named else []
        return self.pick([*ways, self.number], depth)

    def rounded_off(self, depth: int) -> str:
        return (
            f"round({self.number(0)} / {self.chance.choice(['2', '4', '8', '3', '1'])},"
            f" {self.chance.randint(0, 2)})"
        )

    def share(self, depth: int) -> str:
        over = self.scope.some(lambda item: item.has_points)
        asked = self.asked("percent", over) if over else ""
        return (
            f"(3 if {asked} >= 75 else 2 if {asked} >= 40 else 1 if {asked} > 0 else 0)"
            if over
            else ""
        )

    def average(self, depth: int) -> str:
        kinds = [item.kind for item in self.scope.items if item.kind == "number" or item.has_points]
        value = "number(q)" if kinds.count("number") > len(kinds) / 2 else "points(q)"
        over = self.chance.choice([name for name, _ in self.scope.lists()])
        name = self.chance.choice(
            ["sum", "mean", "mean", "median", "median", "min", "max", "weighted_mean"]
        )
        element = f"({value}, q.weight)" if name == "weighted_mean" else value
        where = f" if {value} > 0" if self.chance.random() < 0.2 else ""
        return f"{name}({element} for q in {over}{where})" if kinds else ""

    def of_levels(self, depth: int) -> str:
        level = self.chance.choice(
            [name for name, kind in self.scope.per_section.items() if kind == "number"]
        )
        name = self.chance.choice(["min", "max", "mean", "median", "sum", "weighted_mean"])
        element = f"({level}(s), s.weight)" if name == "weighted_mean" else f"{level}(s)"
        return f"{name}({element} for s in sections)"

    def threshold(self, depth: int) -> str:
        return f"{self.typical(depth)} {self.sign()} {self.literal(0)}"

    # what holds or not

    def truth(self, depth: int) -> str:
        flat = [self.has, self.has, self.compared, self.chosen, self.text_tag, self.truth_measure]
        deep = [
            self.joined,
            self.joined,
            self.negated,
            self.compared,
            self.chain,
            self.is_none,
            self.any_or_all,
        ]
        return self.pick([*deep, *flat, self.truth_if] if depth > 0 else flat, depth)

    def has(self, depth: int) -> str:
        name = self.choose(self.scope.one(lambda item: bool(item.answers)))
        items = self.scope.items_of(name) if name else []
        answers = list(dict.fromkeys(one for item in items for one in item.answers))
        if not answers:
            return ""
        if len(answers) > 1 and self.chance.random() < 0.3:
            two = ", ".join(self.chance.sample(answers, 2))
            return f"{name} {self.chance.choice(['in', 'not in'])} ({two})"
        if name not in self.scope.loops and self.chance.random() < 0.1:
            return f"{name} {self.chance.choice(['==', '!='])} '{self.chance.choice(answers)}'"
        return f"{name} {self.chance.choice(['is', 'is', 'is not'])} {self.chance.choice(answers)}"

    def chosen(self, depth: int) -> str:
        name = self.choose(self.scope.one(lambda item: item.kind == "many"))
        items = self.scope.items_of(name) if name else []
        items = [item for item in items if item.kind == "many"]
        choices = (
            [one for one in items[0].choices if all(one in i.choices for i in items)]
            if items
            else []
        )
        return f"chosen({name}, {self.chance.choice(choices)})" if choices else ""

    def text_tag(self, depth: int) -> str:
        """What a tag says is settled before anybody answers, so it is asked where a loop can make
        use of it.
        """
        known = any("area" in item.tags for item in self.scope.items)
        if not known or (not self.scope.loops and self.chance.random() < 0.9):
            return ""
        name = self.choose(list(self.scope.loops) or [item.id for item in self.scope.items])
        return f"{name}.area {self.chance.choice(['==', '!='])} '{self.chance.choice(AREAS)}'"

    def truth_measure(self, depth: int) -> str:
        return self.choose(self.scope.truths + self.of_sections("truth"))

    def sign(self) -> str:
        return self.chance.choice(["==", "!=", "<", "<=", ">", ">="])

    def compared(self, depth: int) -> str:
        return f"{self.number(depth - 1)} {self.sign()} {self.number(0)}"

    def chain(self, depth: int) -> str:
        return (
            f"{self.number(0)} {self.sign()} {self.number(depth - 1)} {self.sign()}"
            f" {self.number(0)}"
        )

    def is_none(self, depth: int) -> str:
        return f"{self.number(depth - 1)} {self.chance.choice(['is', 'is not'])} none"

    def joined(self, depth: int) -> str:
        word = self.chance.choice([" and ", " or "])
        return f"({word.join(self.truth(depth - 1) for _ in range(self.chance.randint(2, 3)))})"

    def negated(self, depth: int) -> str:
        return f"not ({self.truth(depth - 1)})"

    def truth_if(self, depth: int) -> str:
        other = self.chance.choice(["true", "false", self.truth(0)])
        return f"({self.truth(depth - 1)} if {self.truth(depth - 1)} else {other})"

    def any_or_all(self, depth: int) -> str:
        loop = self.loop(depth)
        return (
            f"{self.chance.choice(['any', 'all'])}({loop[1].truth(depth - 1)} {loop[0]})"
            if loop
            else ""
        )


# --- the parts of a file -------------------------------------------------------------------

Keys = dict[str, Any]


def rule_of(choices: list[str], chance: random.Random) -> str:
    """The rule of a rating: bare names are choices."""
    one, other = chance.choice(choices), chance.choice(choices)
    return chance.choice([one, f"{one} and not {other}", f"{one} or {other}", f"not {one}"])


class Maker:
    """One assessment. `size` is the number of its questions."""

    def __init__(self, seed: int, size: int | None = None) -> None:
        self.chance = random.Random(seed)
        self.size = size or self.chance.randint(3, 8)
        self.answers = self.chance.choice(ANSWERS)
        self.has_points = self.chance.random() < 0.6
        self.has_values = self.chance.random() < 0.3
        self.unknown = self.chance.choice(
            ["", "worst", "excluded", self.chance.choice(self.answers)]
        )
        self.na = self.chance.choice([None, None, "required", "optional"])
        # mostly numbers, some of them as great as there are
        self.numbers = self.chance.random() < 0.12
        self.parts = [Part(UNNAMED)]
        self.depth = 3 if self.size <= 10 else 2

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def assessment(self) -> Keys:
        keys: Keys = {"title": "Made at random", "version": 2, "basis": "ours", "unit": "one case"}
        keys |= {
            "respondent": "anybody",
            "minutes": 5,
            "intro": "Made by a program.",
            "scale": self.scale(self.answers),
        }
        keys |= {"unknown": self.unknown} if self.unknown else {}
        keys |= {"na": {"allowed": True, "reason": self.na}} if self.na else {}
        questions = [self.question(n) for n in range(self.size)]
        if self.maybe(0.5):
            keys["sections"] = self.sections(questions)
        else:
            self.parts[0].items = [item for item, _ in questions]
            keys["questions"] = [question for _, question in questions]
        self.shows(keys)
        self.migrations(questions, keys)
        return keys | self.conclusions()

    def scale(self, answers: list[str]) -> Keys:
        marks = {"mark": "X ●", "colour": "green"}
        return {
            "worst": self.chance.choice([answers[0], answers[-1]]),
            "answers": [a | marks for a in self.listed(answers)],
        }

    def listed(self, answers: list[str]) -> list[Keys]:
        rows: list[Keys] = [{"id": id, "title": id.title()} for id in answers]
        for row in rows:
            row |= {"points": self.chance.choice(POINTS)} if self.has_points else {}
            row |= {"values": {"seal": self.chance.choice(POINTS)}} if self.has_values else {}
        return rows

    # questions

    def question(self, n: int) -> tuple[Item, Keys]:
        id = f"line_{n}"
        kinds = ["one"] * 6 + ["own", "own", "many", "rated", "number", "number", "text"]
        if self.numbers:
            kinds = ["number"] * 9 + kinds
        if self.size > 10:
            kinds = ["one"] * 20 + kinds
        kind = self.chance.choice(kinds)
        item, keys = getattr(self, "kind_" + kind)(id)
        item.na = bool(self.na)
        if self.maybe(0.15):
            item.na = self.maybe(0.7)
            keys["na"] = {"allowed": item.na} | ({"reason": "optional"} if self.maybe(0.5) else {})
        keys |= {"required": False} if self.maybe(0.1) else {}
        keys |= {"weight": self.chance.choice([0, 0.5, 2, 3, 0.1])} if self.maybe(0.3) else {}
        item.tags = {"level": self.chance.randint(1, 3)} if self.maybe(0.7) else {}
        item.tags |= {"area": self.chance.choice(AREAS)} if self.maybe(0.5) else {}
        keys |= {"tags": item.tags} if item.tags else {}
        return item, {"id": id, "name": id, "ask": f"What of {id}?"} | keys

    def kind_one(self, id: str) -> tuple[Item, Keys]:
        item = Item(
            id, "one", self.answers, [], self.has_points, self.has_values, bool(self.unknown)
        )
        keys: Keys = (
            {"answers": {a: f"It is {a}." for a in self.answers}} if self.maybe(0.3) else {}
        )
        if self.has_points and self.maybe(0.2):
            keys["points"] = {self.chance.choice(self.answers): self.chance.choice(POINTS)}
        if self.maybe(0.15):
            keys["unknown"] = self.chance.choice(
                ["not_offered", "worst", "excluded", self.chance.choice(self.answers)]
            )
            item.unknown = keys["unknown"] != "not_offered"
        return item, keys

    def kind_own(self, id: str) -> tuple[Item, Keys]:
        answers = list(self.chance.choice(ANSWERS))
        item = Item(id, "one", answers, [], self.has_points, self.has_values, bool(self.unknown))
        keys: Keys = (
            {"scale": self.scale(answers)} if self.maybe(0.3) else {"answers": self.listed(answers)}
        )
        if "answers" in keys and self.maybe(0.4):
            keys["worst"] = answers[0]
        if self.unknown not in ("", "worst", "excluded", *answers) or self.maybe(0.2):
            keys["unknown"] = self.chance.choice(
                ["not_offered", "worst", "excluded", self.chance.choice(answers)]
            )
            item.unknown = keys["unknown"] != "not_offered"
        return item, keys

    def kind_many(self, id: str) -> tuple[Item, Keys]:
        ids = [f"c{n}" for n in range(self.chance.randint(1, 3))]
        has_points = self.maybe(0.7)
        rows: list[Keys] = [{"id": one, "title": one} for one in ids]
        for row in rows:
            row |= {"points": self.chance.choice(POINTS)} if has_points else {}
        keys: Keys = {"kind": "many", "choices": rows} | (
            {"none_of_these": True} if self.maybe(0.4) else {}
        )
        return Item(id, "many", [], ids, has_points), keys

    def kind_rated(self, id: str) -> tuple[Item, Keys]:
        item, keys = self.kind_many(id)
        for row in keys["choices"]:
            row.pop("points", None)
        answers = self.chance.choice(ANSWERS)
        rules: list[Keys] = [
            {"when": rule_of(item.choices, self.chance), "is": self.chance.choice(answers)}
            for _ in range(self.chance.randint(1, 2))
        ]
        rules.append({"otherwise": True, "is": self.chance.choice(answers)})
        item = replace(
            item, answers=answers, has_points=self.has_points, has_values=self.has_values
        )
        return item, keys | {"rating": {"scale": self.scale(answers), "rules": rules}}

    def kind_number(self, id: str) -> tuple[Item, Keys]:
        keys: Keys = {"kind": "number"}
        keys |= (
            {"min": self.chance.choice([-5, 0, 1, -0.5])}
            if self.maybe(0.2 if self.numbers else 0.7)
            else {}
        )
        keys |= (
            {"max": self.chance.choice([2, 10, 7.5, 100])}
            if self.maybe(0.2 if self.numbers else 0.7)
            else {}
        )
        keys |= {"whole": True} if self.maybe(0.4) else {}
        return Item(id, "number"), keys

    def kind_text(self, id: str) -> tuple[Item, Keys]:
        return Item(id, "text"), {"kind": "text"}

    # sections and what is shown

    def sections(self, questions: list[tuple[Item, Keys]]) -> list[Keys]:
        cuts = sorted(
            self.chance.sample(range(1, self.size), self.chance.randint(0, min(3, self.size - 1)))
        )
        groups = [questions[a:b] for a, b in zip([0, *cuts], [*cuts, self.size], strict=True)]
        self.parts, found = [], []
        for n, group in enumerate(groups):
            part = Part(f"section_{n}", [item for item, _ in group])
            part.tags = {"stage": self.chance.randint(1, 2)} if self.maybe(0.6) else {}
            self.parts.append(part)
            keys: Keys = {"id": part.id, "title": part.id} | (
                {"tags": part.tags} if part.tags else {}
            )
            keys |= {"weight": self.chance.choice([0.5, 2])} if self.maybe(0.4) else {}
            keys |= self.of_section(group)
            found.append(keys | {"questions": [question for _, question in group]})
        return found

    def of_section(self, group: list[tuple[Item, Keys]]) -> Keys:
        """A section's own scale, "can't tell" or n/a, for those of its questions that have none
        themselves.
        """
        own: Keys = {}
        shared = [
            (item, keys)
            for item, keys in group
            if item.kind == "one" and item.answers is self.answers
        ]
        if shared and self.maybe(0.2):
            answers = self.chance.choice(ANSWERS)
            own = {"scale": self.scale(answers), "unknown": "worst"}
            for item, keys in shared:
                item.answers = answers
                for key in ("answers", "points", "unknown"):
                    keys.pop(key, None)
        if own or self.maybe(0.2):
            own["unknown"] = self.chance.choice(["not_offered", "worst", "excluded"])
        if self.maybe(0.2):
            own["na"] = {"allowed": self.maybe(0.7)}
        for item, keys in group:
            item.unknown = (
                own["unknown"] != "not_offered"
                if own.get("unknown") and "unknown" not in keys and item.kind == "one"
                else item.unknown
            )
            item.na = own["na"]["allowed"] if "na" in own and "na" not in keys else item.na
        return own

    def shows(self, keys: Keys) -> None:
        """Some questions and sections are shown only where a rule over earlier ones holds."""
        items: list[Item] = []
        parts: list[Part] = []
        for part, section in zip(self.parts, keys.get("sections", [keys]), strict=True):
            if items and part.id and self.maybe(0.25):
                section["show"] = self.rule(items, parts)
            for item, question in zip(part.items, section["questions"], strict=True):
                if items and self.maybe(0.2):
                    question["show"] = self.rule(items, parts)
                items = [*items, item]
            parts = [*parts, part]

    def rule(self, items: list[Item], parts: list[Part]) -> str:
        return Rules(self.chance, Scope(items, parts, everything=False)).truth(1)

    def migrations(self, questions: list[tuple[Item, Keys]], keys: Keys) -> None:
        """What this version calls otherwise, has given up or asks in two questions."""
        if self.maybe(0.3):
            self.chance.choice(questions)[1]["was"] = "old_line"
        if self.maybe(0.2):
            keys["retired"] = ["gone_line"]
        alike = [item.id for item, _ in questions if item.answers is self.answers]
        if len(alike) > 1 and self.maybe(0.3):
            keys["split"] = [{"from": "whole_line", "into": alike[:2]}]
        keys["changes"] = {"2": "Some questions have changed."}

    # measures, verdicts, warnings

    def conclusions(self) -> Keys:
        scope = Scope(
            [item for part in self.parts for item in part.items], self.parts, everything=True
        )
        keys: Keys = {"measures": self.measures(scope)}
        rules = Rules(self.chance, scope)
        verdicts: list[Keys] = [
            {
                "id": f"verdict_{n}",
                "when": rules.short(
                    self.chance.choice(["truth", "truth", "threshold"]), self.depth
                ),
                "title": "Title",
                "say": "So it is.",
            }
            for n in range(self.chance.randint(1, 4))
        ]
        keys["verdicts"] = [
            *verdicts,
            {"id": "rest", "otherwise": True, "title": "Rest", "say": "So it is."},
        ]
        keys["warnings"] = [
            {"id": f"warning_{n}", "when": rules.short("truth", self.depth - 1), "say": "Mind."}
            for n in range(self.chance.randint(0, 3))
        ]
        return {key: value for key, value in keys.items() if value}

    def measures(self, scope: Scope) -> Keys:
        found: Keys = {}
        named = all(part.id for part in self.parts)
        for n in range(self.chance.randint(0, 4)):
            name, per = f"m_{n}", named and self.maybe(0.4)
            kind = "truth" if self.maybe(0.25) else "number"
            rules = Rules(
                self.chance, replace(scope, part_loops={"section": self.parts}) if per else scope
            )
            making = "typical" if kind == "number" and self.maybe(0.6) else kind
            found[name] = {"value": rules.short(making, self.depth)} | (
                {"per": "section"} if per else {}
            )
            found[name] |= {"title": "A measure"} if self.maybe(0.5) else {}
            if kind == "number" and self.maybe(0.4):
                found[name]["format"] = self.chance.choice(
                    ["whole", "tenths", "hundredths", "percent"]
                )
            (scope.per_section if per else {})[name] = kind
            ([] if per else scope.truths if kind == "truth" else scope.numbers).append(name)
        return found


# --- as YAML -------------------------------------------------------------------------------


def assessment_text(seed: int, size: int | None = None) -> str:
    return "\n".join(written(Maker(seed, size).assessment())) + "\n"


def written(value: Any, indent: str = "") -> Iterator[str]:
    """Keys and lists as lines of YAML."""
    entries = value.items() if isinstance(value, Mapping) else ((None, one) for one in value)
    for key, one in entries:
        before = f"{indent}{key}:" if key is not None else f"{indent}-"
        if not isinstance(one, Mapping | list | tuple):
            yield f"{before} {scalar(one)}"
        elif key is None:
            first, *rest = written(one, indent + "  ")
            yield f"{before} {first.lstrip()}"
            yield from rest
        else:
            yield before
            yield from written(one, indent + "  ")


def scalar(value: Any) -> str:
    if isinstance(value, str) and not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        return '"' + value + '"'
    return json.dumps(value) if not isinstance(value, str) else value


def verdicts_of(text: str) -> list[str]:
    """The verdicts that have a rule."""
    return re.findall(r"^  - id: (verdict_\d+)$", text, flags=re.M)


def without(text: str, verdicts: Collection[str]) -> str:
    """The same assessment without these verdicts."""
    head, found, rest = re.split(
        r"^(?=verdicts:|warnings:)", text + "warnings:\n" * ("\nwarnings:" not in text), flags=re.M
    )
    blocks = re.split(r"^(?=  - id: )", found, flags=re.M)
    kept = [
        block for block in blocks if not any(block.startswith(f"  - id: {id}\n") for id in verdicts)
    ]
    return head + "".join(kept) + (rest if rest != "warnings:\n" else "")


# --- as `check` takes it -------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    name: str
    assessment: Assessment
    form: Form
    readings: list[dict[str, Any]]


def made(seed: int, folder: Path, count: int) -> Made:
    """An assessment made at random, without the verdicts that nothing reaches; with readings of
    it.
    """
    size = random.Random(seed).randint(20, 60) if seed % LARGE == LARGE - 1 else None
    text = assessment_text(seed, size)
    path = folder / f"made-{seed}.yml"
    for _ in range(12):
        path.write_text(text, encoding="utf-8")
        assessment, problems = load(path, RULES)
        errors = [problem for problem in problems if problem.level == "error"]
        if not errors and assessment:
            form = form_of(path)
            return Made(f"seed {seed}", assessment, form, readings(form, seed, count))
        text = without(text, in_the_way(text, errors))
    raise AssertionError(f"seed {seed}: {[*map(str, problems)]}\n{text}")


def in_the_way(text: str, errors: list[Problem]) -> list[str]:
    """The verdicts that nothing reaches, or the one after which nothing reaches `otherwise`."""
    messages = [error.message for error in errors]
    assert all("can never be reached" in message for message in messages), f"{messages}\n{text}"
    found = [message.split("'")[1] for message in messages]
    rules = [id for id in verdicts_of(text) if id not in found]
    return rules[-1:] if found == ["rest"] else [id for id in found if id != "rest"]


def form_of(path: Path) -> Form:
    """For the oracle: the file as it is loaded, with nothing compiled."""
    scales, _ = structure.load_scales(ROOT)
    assessment, _ = structure.load_assessment(path, path.parent, scales)
    assert assessment
    return Form(assessment, RULES)


# --- readings ------------------------------------------------------------------------------

GREAT = [1e308, -1e308, 1.7e308, 1e200, 1e-320, -1e160, 2.0, 3.0, 0.0]
NUMBERS = [
    0.1,
    0.2,
    0.30000000000000004,
    1e15,
    1e15 + 0.5,
    -1,
    -0.0,
    0,
    2.5,
    1e-7,
    1e300,
    2**53 + 1,
    0.5,
    1.5,
    3,
    7,
]
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    "",
    "none",
    "nonsense",
    [],
    {},
    [[]],
    ["c0", "c0"],
    ["c0", "none_of_these"],
]
ODD += [
    {"unknown": True},
    {"unknown": False},
    {"unknown": True, "na": "x"},
    {"na": ""},
    {"na": "  "},
    {"na": 1},
    {"na": "x"},
]
ODD += [1e308, 10**400, "1", "green", ["green"], "é\u2028", {"c0": True}, -(10**20)]
FORMER = ["old_line", "gone_line", "whole_line"]
STRANGERS = ["no_such", "7", "12", "__proto__", "constructor", "", "toString", "verdict_0"]


def readings(form: Form, seed: int, count: int) -> list[dict[str, Any]]:
    """Of every sort: complete, almost, half, empty, and such as no page would store."""
    chance = random.Random(seed)
    return [reading(form, chance, chance.choice(SORTS)) for _ in range(count)]


# shares: of the questions that have an answer, of the answers that are odd, of those that are
# "can't tell" or n/a
SORTS: list[tuple[float, float, float]] = [
    (1, 0, 0.2),
    (1, 0, 0.4),
    (1, 0, 1),
    (0.85, 0, 0.2),
    (0.7, 0, 0.2),
    (0.5, 0, 0.3),
    (0.2, 0, 0.2),
    (0, 0, 0),
]
SORTS += [(0.8, 0.15, 0.2)]


def reading(form: Form, chance: random.Random, sort: tuple[float, float, float]) -> dict[str, Any]:
    answered, odd, states = sort
    answers: dict[str, Any] = {}
    for line in form.lines.values():
        if chance.random() < answered:
            answers[line.id] = (
                odd_answer(line, chance) if chance.random() < odd else answer(line, chance, states)
            )
    if odd and chance.random() < 0.5:
        answers[chance.choice(FORMER)] = chance.choice(
            ["green", "yes", "l1", 1, {"unknown": True}, ["c0"]]
        )
    if odd and chance.random() < 0.5:
        answers[chance.choice(STRANGERS)] = chance.choice(["green", 1, {"unknown": True}])
    if chance.random() < 0.2:
        answers = dict(reversed(answers.items()))
    return {"answers": answers}


def odd_answer(line: Line, chance: random.Random) -> Any:
    if line.question.kind == "many" and chance.random() < 0.6:
        return chance.choice(
            [
                ["c0", "none_of_these"],
                ["none_of_these", "none_of_these"],
                ["c0", "c0"],
                ["c0", "c9"],
            ]
        )
    return chance.choice(ODD)


def answer(line: Line, chance: random.Random, states: float) -> Any:
    ways = options(line)
    given = [one for one in ways if not isinstance(one, dict)]
    if len(given) < len(ways) and chance.random() < states:
        return chance.choice(ways[len(given) :])
    if line.question.kind == "number" and chance.random() < 0.7:
        return chance.choice(
            GREAT if chance.random() < 0.4 and line.question.max is None else NUMBERS
        )
    one = chance.choice(given) if given else "nothing fits"
    return chance.sample(one, len(one)) if isinstance(one, list) else one
