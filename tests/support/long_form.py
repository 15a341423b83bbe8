"""A form of 300 lines of every kind, for what must not break or get slow with size."""

from typing import Any

import yaml

SECTIONS, EACH = 12, 25
ANSWERS = ("green", "yellow", "red")


def long_assessment() -> str:
    """The YAML of an assessment of SECTIONS times EACH questions, with measures and a `show` in
    each section.
    """
    sections = [_section(number) for number in range(SECTIONS)]
    whole: dict[str, Any] = {
        "title": "The long form", "version": 1, "basis": "ours", "unit": "one fleet",
        "respondent": "its owner", "minutes": 90, "intro": "All boats, one after the other.",
        "scale": "traffic_light", "unknown": "yellow",
        "sections": sections,
        "measures": {
            "points_of": {
                "per": "section", "value": "sum(points(q) for q in section.questions)",
                "title": "Points",
            },
            "share": {
                "per": "section", "value": "percent(section)", "title": "Share",
                "format": "percent",
            },
            "all_points": {"value": "sum(points_of(s) for s in sections)", "title": "All points"},
            "least": {
                "value": "min(share(s) for s in sections)", "title": "Weakest section",
                "format": "tenths",
            },
        },
        "verdicts": [
            {"id": "stay", "when": "count(red) >= 60", "title": "Stay", "say": "Too much is red."},
            {
                "id": "mend", "when": "count(red) >= 20 or least < 40", "title": "Mend first",
                "say": "Begin now.",
            },
            {"id": "go", "otherwise": True, "title": "Go", "say": "All is well."},
        ],
    }  # fmt: skip
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def _section(number: int) -> dict[str, Any]:
    questions = [_question(number, place) for place in range(EACH)]
    return {
        "id": f"fleet_{number}",
        "title": f"Fleet {number + 1}",
        "intro": "Twenty-five boats.",
        "questions": questions,
    }


def _question(section: int, place: int) -> dict[str, Any]:
    id = f"q_{section}_{place}"
    question: dict[str, Any] = {
        "id": id,
        "name": f"Boat {section + 1}.{place + 1}",
        "ask": "How is she?",
    }
    if place % 25 == 23:
        return {**question, "kind": "number", "unit": "metres", "min": 0, "max": 100}
    if place % 25 == 24:
        choices = [{"id": f"c_{n}", "title": f"Part {n}", "points": n} for n in range(1, 6)]
        return {**question, "kind": "many", "choices": choices, "show": f"q_{section}_0 is not red"}
    sentences = {
        answer: (
            f"Boat {section + 1}.{place + 1} is {answer} in every way that counts here, and"
            " somebody looked."
        )
        for answer in ANSWERS
    }
    points = {answer: 2 - n for n, answer in enumerate(ANSWERS)}
    return {
        **question,
        "answers": sentences,
        "points": points,
        "move": f"Mend boat {section + 1}.{place + 1} before she sails again.",
    }
