"""The EU cloud sovereignty calculator: eight objectives, points for a score, a level (SEAL) for a
floor.

The score is the weighted mean of each objective's points as a share of the most it can have: a
question left open has no points and stays in the denominator. The floor is the lowest level that
any answer to a `material` question has.
"""

from typing import Any

from tests.engine.parity.common import Case, Vector, assessment, identifier, read, value

MEASURES = {
    "share": {"per": "section", "value": "100 * points(section) / most(section)"},
    "seal": {
        "per": "section",
        "value": 'min(value(q, seal) for q in section.questions if q.materiality == "material")',
    },
    "score": {"value": "weighted_mean((share(s), s.weight) for s in sections)", "title": "Score"},
    "floor_level": {"value": "min(seal(s) for s in sections)", "title": "SEAL", "format": "whole"},
}


def cases() -> tuple[Case, Case]:
    data = read("eu-csf", "eu-csf-calculator.compact.json")
    plain = [one for one in data["vectors"] if "mutate" not in one]
    (changed,) = (one for one in data["vectors"] if "mutate" in one)
    choices = {one["id"]: one["choices"] for one in plain}
    return (
        Case(
            "eu-csf",
            text(data["objectives"]),
            tuple(vector(one, one["choices"]) for one in plain),
            figures,
        ),
        Case(
            "eu-csf-all-material",
            text(data["objectives"], all_material=True),
            (vector(changed, choices[changed["choices_ref"]]),),
            figures,
        ),
    )


def text(objectives: Any, all_material: bool = False) -> str:
    levels: list[dict[str, Any]] = [
        {
            "id": f"seal_{n}",
            "title": f"SEAL-{n}",
            "say": "See the framework.",
            "when": f"floor_level == {n}",
        }
        for n in (4, 3, 2, 1)
    ]
    return assessment(
        "Cloud sovereignty",
        "one cloud service",
        sections=[section(id, objective, all_material) for id, objective in objectives.items()],
        measures=MEASURES,
        verdicts=[
            *levels,
            {"id": "seal_0", "title": "SEAL-0", "say": "See the framework.", "otherwise": True},
        ],
    )


def section(id: str, objective: Any, all_material: bool) -> dict[str, Any]:
    return {
        "id": identifier(id),
        "title": id,
        "weight": objective["weight"],
        "questions": [
            question(one, "material" if all_material else materiality, rungs)
            for one, (materiality, rungs) in objective["questions"].items()
        ],
    }


def question(id: str, materiality: str, rungs: list[tuple[float, int]]) -> dict[str, Any]:
    answers = [
        {"id": choice_id(n), "title": f"Choice {n}", "points": points, "values": {"seal": seal}}
        for n, (points, seal) in enumerate(rungs, 1)
    ]
    tags = {"materiality": materiality}
    common = {"id": identifier(id), "name": id, "ask": f"Which of these is the case ({id})?"}
    return {**common, "required": False, "tags": tags, "answers": answers, "worst": choice_id(1)}


def choice_id(n: int) -> str:
    return f"choice_{n}"


def vector(given: Any, choices: dict[str, list[int | None]]) -> Vector:
    answers = {
        identifier(f"{objective}.{number}"): choice_id(choice)
        for objective, given in choices.items()
        for number, choice in enumerate(given, 1)
        if choice is not None
    }
    return Vector(given["id"], {"answers": answers}, given["expect"])


def figures(result: Any) -> dict[str, Any]:
    coverage = result["coverage"]
    return {
        "score": round(value(result, "score"), 4),  # the source gives four decimals
        "floor": value(result, "floor_level"),
        "answered": coverage["answered"],
        "unanswered": coverage["open"],
        "total": sum(coverage[state] for state in ("answered", "unknown", "na", "open")),
        "verdict": result["verdict"],
    }
