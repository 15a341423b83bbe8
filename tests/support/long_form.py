"""A form of 300 lines of every kind, for what must not break or get slow with size."""

from typing import Any

import yaml

SECTIONS, EACH = 12, 25
ANSWERS = ("green", "yellow", "red")


def long_assessment(sections: int = SECTIONS) -> str:
    """The YAML of an assessment of so many sections of EACH questions, with measures and a `show`
    in each section.
    """
    whole: dict[str, Any] = {
        "title": "The long form", "version": 1, "basis": "ours", "unit": "one fleet",
        "respondent": "its owner", "minutes": 90, "intro": "All boats, one after the other.",
        "scale": "traffic_light", "unknown": "yellow",
        "sections": [_section(number) for number in range(sections)],
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


def scored_assessment(sections: int = 20, each: int = 22) -> str:
    """The YAML of an assessment in which every question has four answers with points, and every
    section measures of them.
    """
    answers = [{"id": f"level_{n}", "title": f"Level {n}", "points": n} for n in range(4)]
    whole: dict[str, Any] = {
        "title": "The great form", "version": 1, "basis": "ours", "unit": "one fleet",
        "respondent": "its owner", "minutes": 120, "intro": "All ports, one after the other.",
        "scale": {"worst": "level_0", "answers": answers}, "unknown": "worst",
        "sections": [_port(number, each) for number in range(sections)],
        "measures": {
            "share": {"per": "section", "value": "percent(section)", "title": "Share"},
            "mean_level": {
                "per": "section", "value": "mean(points(q) for q in section.questions)",
                "title": "Mean level",
            },
            "level": {
                "per": "section", "title": "Level",
                "value": "floor(share(section) / 25) if count(level_0, section) == 0 else 0",
            },
            "least": {"value": "min(level(s) for s in sections)", "title": "Least level"},
            "whole": {"value": "mean(share(s) for s in sections)", "title": "Whole"},
        },
        "verdicts": [
            {"id": "stay", "when": "count(level_0) >= 40", "title": "Stay", "say": "Stay in port."},
            {"id": "mend", "when": "least < 2 or whole < 50", "title": "Mend", "say": "Mend it."},
            {"id": "go", "otherwise": True, "title": "Go", "say": "All is well."},
        ],
        "warnings": [{"id": "uneven", "when": "whole - least * 25 > 30", "say": "It is uneven."}],
    }  # fmt: skip
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def _port(number: int, each: int) -> dict[str, Any]:
    questions = [
        {
            "id": f"port_{number}_{place}",
            "name": f"Pier {number + 1}.{place + 1}",
            "ask": f"How well does pier {number + 1}.{place + 1} stand?",
            "answers": {
                f"level_{n}": f"Pier {number + 1}.{place + 1} stands at level {n}, as seen by two."
                for n in range(4)
            },
            "move": f"Mend pier {number + 1}.{place + 1} before the next storm.",
        }
        for place in range(each)
    ]
    return {"id": f"port_{number}", "title": f"Port {number + 1}", "questions": questions}
