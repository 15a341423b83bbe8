"""Canada's Algorithmic Impact Assessment: its survey (SurveyJS) in our language.

A panel whose name ends in -RS adds to the impact, one in -MS to the mitigation. The points of a
choice stand at the end of its value, `item3-2` has 2. Nothing but the phase of the project must be
answered.
"""

import re
from typing import Any

from tests.engine.parity.common import Case, Vector, assessment, identifier, read, value

AREAS = {"RS": "impact", "MS": "mitigation", "NS": "none"}
CONDITION = re.compile(r'\{([^}]+)\} (=|contains) \[?"([^"]+)"\]?')
FIGURES = {
    "rawImpact": "raw_impact",
    "mitigation": "mitigation",
    "current": "current",
    "level": "level",
}
LEVEL = (
    "1 if current <= 0.25 * most_impact else 2 if current <= 0.5 * most_impact "
    "else 3 if current <= 0.75 * most_impact else 4"
)


def case() -> Case:
    data = read("aia", "vectors.json")
    scored = [*map(vector, data["vectors"]), *map(vector, data["published"])]
    ghosts = [ghost(one, data["vectors"][one["from"]]["answers"]) for one in data["ghosts"]]
    return Case("aia", text(read("aia", "survey-enfr.json")), (*scored, *ghosts), figures)


def text(survey: Any) -> str:
    elements = {one["name"]: one for page in survey["pages"] for one in panel(page)["elements"]}
    sections = [section(page, elements) for page in survey["pages"] if page["name"] != "welcome"]
    verdicts: list[dict[str, Any]] = [
        {
            "id": f"level_{n}",
            "title": f"Level {n}",
            "say": "See the directive.",
            "when": f"level == {n}",
        }
        for n in (1, 2, 3)
    ]
    return assessment(
        "Algorithmic Impact Assessment",
        "one automated decision system",
        sections=sections,
        measures={
            name: {"value": rule, "title": name} for name, rule in measures(sections).items()
        },
        verdicts=[
            *verdicts,
            {"id": "level_4", "title": "Level 4", "say": "See the directive.", "otherwise": True},
        ],
    )


def measures(sections: list[dict[str, Any]]) -> dict[str, str]:
    def most(area: str) -> str:
        """Of all, hidden or not: a `for` would pass the hidden ones over."""
        return " + ".join(f"most({one['id']})" for one in sections if one["tags"]["area"] == area)

    return {
        "raw_impact": 'sum(points(s) for s in sections if s.area == "impact")',
        "mitigation": 'sum(points(s) for s in sections if s.area == "mitigation")',
        "most_impact": most("impact"),
        # a project is in one of two phases, each has its own half
        "most_mitigation": (f"({most('mitigation')}) / 2"),
        "current": (
            "round(0.85 * raw_impact, 0) if mitigation >= 0.8 * most_mitigation else raw_impact"
        ),
        "level": LEVEL,
    }


def panel(page: Any) -> Any:
    """The one panel that a page holds, or the page itself: the welcome."""
    first = page["elements"][0]
    return first if "elements" in first else page


def section(page: Any, elements: Any) -> dict[str, Any]:
    asked = [one for one in panel(page)["elements"] if one["type"] != "html"]
    return {
        "id": identifier(page["name"]),
        "title": words(page["title"]),
        "tags": {"area": AREAS[panel(page)["name"][-2:]]},
        **shown(page, elements),
        "questions": [question(one, elements) for one in asked],
    }


def question(element: Any, elements: Any) -> dict[str, Any]:
    choices = [
        {
            "id": identifier(choice["value"]),
            "title": words(choice["text"]),
            "points": points(choice["value"]),
        }
        for choice in element.get("choices", [])
    ]
    kind: dict[str, Any] = {"answers": choices} if choices else {"kind": "text"}
    if element["type"] == "checkbox":
        kind = {"kind": "many", "choices": choices}
    return {
        "id": identifier(element["name"]),
        "name": element["name"],
        "ask": words(element["title"]),
        **kind,
        "required": element.get("isRequired", False),
        **shown(element, elements),
    }


def words(title: Any) -> str:
    return str(title["default"] if isinstance(title, dict) else title).strip()


def points(choice: str) -> int:
    number = choice.rpartition("-")
    return int(number[2]) if number[1] else 0


def shown(element: Any, elements: Any) -> dict[str, str]:
    """Its `visibleIf` as our `show`: `and`, `or` and brackets are the same in both."""
    if "visibleIf" not in element:
        return {}
    return {
        "show": (
            CONDITION.sub(
                lambda found: condition(found[1], found[2], found[3], elements),
                element["visibleIf"],
            ).strip()
        )
    }


def condition(name: str, sign: str, wanted: str, elements: Any) -> str:
    """One comparison. `contains` looks for an element of a list, but for a part of a single
    answer's text.
    """
    id, values = identifier(name), [choice["value"] for choice in elements[name]["choices"]]
    if elements[name]["type"] == "checkbox":
        return f"chosen({id}, {identifier(wanted)})"
    (found,) = (one for one in values if (wanted in one if sign == "contains" else wanted == one))
    return f"{id} is {identifier(found)}"


def reading(answers: dict[str, Any]) -> dict[str, Any]:
    def ours(given: Any) -> Any:
        return [*map(identifier, given)] if isinstance(given, list) else identifier(given)

    return {"answers": {identifier(name): ours(given) for name, given in answers.items()}}


def vector(given: Any) -> Vector:
    name = f"{given['phase']}, bias {given['bias']}" if "phase" in given else given["where"]
    return Vector(name, reading(given["answers"]), given["expect"])


def ghost(given: Any, before: dict[str, Any]) -> Vector:
    """Answers that a later answer hides: the source still adds them up until they are cleared, we
    never do.
    """
    expected = dict(zip(FIGURES, given["peer_after_clearing_hidden"], strict=True))
    return Vector(
        f"hidden answers of vector {given['from']}",
        reading({**before, **given["change"]}),
        expected,
    )


def figures(result: Any) -> dict[str, Any]:
    return {theirs: value(result, ours) for theirs, ours in FIGURES.items()} | {
        "verdict": result["verdict"]
    }
