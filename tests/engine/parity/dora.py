"""DORA's quick check: five metrics in two editions, three capabilities, and the benchmarks of
industries.

A metric left open is in no mean. The source shows some figures by `toFixed(1)`: what is compared is
the number before it, worked out here by the rule that the vectors state, and the test sees to it
that this number is shown so.
"""

import re
from typing import Any

from tests.engine.parity.common import Case, Vector, assessment, read, value

DATA = ("dora-quickcheck", "svelte", "quick-check", "src", "lib", "data")
# in which the source adds up
ORDER = (
    "leadtime",
    "deployfreq",
    "failurerecovery",
    "changefailure",
    "rework",
)
VERDICTS = [
    {
        "id": "read",
        "title": "Read the figures",
        "say": "There is no verdict in it.",
        "otherwise": True,
    }
]
AGREEMENT = ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree")


def categorical(number: str) -> str:
    return f"(max(1, min(6, {number})) - 1) / 5 * 10"


def percentage(number: str) -> str:
    return f"10 - max(0, min(100, {number})) / 100 * 10"


def cases() -> tuple[Case, ...]:
    data = read("dora-quickcheck", "vectors.json")["vectors"]

    def vectors(key: str, wanted: str = "") -> list[Any]:
        return [one for one in data if key in one and wanted in ("", one.get("edition"))]

    editions = [
        Case(
            f"dora-{edition}",
            metrics(edition),
            tuple(map(of_metrics, vectors("metrics", edition))),
            figures,
        )
        for edition in ("2024", "2025")
    ]
    return (
        *editions,
        Case("dora-units", units(), tuple(map(of_unit, vectors("unit"))), figures),
        Case(
            "dora-capabilities",
            capabilities(),
            tuple(map(of_capability, vectors("capability"))),
            figures,
        ),
        Case(
            "dora-benchmarks", benchmarks(), tuple(map(of_benchmark, vectors("benchmark"))), figures
        ),
    )


def figures(result: Any) -> dict[str, Any]:
    """Every certain measure by its name, those of a section by the section's."""
    found = {}
    for name, measure in result["measures"].items():
        found.update({id: value(result, name, id) for id in measure.get("sections", {})})
        found[name] = measure.get("value")
    return found


# The five metrics


def metrics(edition: str) -> str:
    details, responses = (
        read(*DATA, "metrics_details.json"),
        read(*DATA, "metrics_question_responses.json"),
    )
    known = read(*DATA, "editions", edition, "industry_metrics.json")["all"]
    asked = [metric(name, details[name], responses.get(name)) for name in ORDER if name in known]
    graded = [one for one in asked if "answers" in one]
    measured = [one for one in asked if "answers" not in one]
    return assessment(
        f"Quick check {edition}",
        "one application or service",
        sections=[
            {"id": "throughput_metrics", "title": "Throughput", "questions": graded},
            {"id": "stability_metrics", "title": "Stability", "questions": measured},
        ],
        measures={
            **{
                f"{one['id']}_score": {"value": categorical(f"points({one['id']})")}
                for one in graded
            },
            **{
                f"{one['id']}_score": {"value": percentage(f"number({one['id']})")}
                for one in measured
            },
            "throughput": {
                "value": f"mean({categorical('points(q)')} for q in throughput_metrics.questions)"
            },
            "stability": {
                "value": f"mean({percentage('number(q)')} for q in stability_metrics.questions)"
            },
            "overall": {"value": OVERALL},
        },
        verdicts=VERDICTS,
    )


OVERALL = (
    f'mean({categorical("points(q)")} if q.unit == "categorical" else {percentage("number(q)")} for'
    " q in questions)"
)


def metric(name: str, details: Any, responses: dict[str, str] | None) -> dict[str, Any]:
    ask = re.sub("<[^>]+>", "", details["description"])
    common = {"id": name, "name": details["friendly_name"], "ask": ask, "required": False}
    if responses is None:
        return {
            **common,
            "kind": "number",
            "unit": "%",
            "min": 0,
            "max": 100,
            "tags": {"unit": "percentage"},
        }
    answers = [
        {"id": f"level_{n}", "title": title, "points": int(n)} for n, title in responses.items()
    ]
    return {**common, "tags": {"unit": "categorical"}, "answers": answers, "worst": "level_1"}


def of_metrics(given: Any) -> Vector:
    answers = {
        name: number if name in ("changefailure", "rework") else f"level_{number}"
        for name, number in given["metrics"].items()
    }
    expected = {
        name: number for name, number in given["expect"].items() if not name.endswith("_display")
    }
    for name in given["expect"].keys() - expected.keys():
        metric = name.removesuffix("_display")
        expected[f"{metric}_score"] = before(
            given["expect"][name], 10 - given["metrics"][metric] / 100 * 10
        )
    return Vector(
        f"metrics of {given['edition']}: {given['metrics']}", {"answers": answers}, expected
    )


def before(shown: str, number: float) -> float:
    """The number that the source shows as this text."""
    assert f"{number:.1f}" == shown
    return number


# One number on its own: the source's scales take any, also one between two answers or outside the
# scale


def units() -> str:
    questions = [
        {
            "id": unit,
            "name": unit,
            "ask": f"Which number ({unit})?",
            "kind": "number",
            "required": False,
        }
        for unit in ("by_category", "by_percentage")
    ]
    return assessment(
        "Scales of the quick check",
        "one number",
        questions=questions,
        measures={
            "categorical": {"value": categorical("number(by_category)")},
            "percentage": {"value": percentage("number(by_percentage)")},
        },
        verdicts=VERDICTS,
    )


def of_unit(given: Any) -> Vector:
    question = {"categorical": "by_category", "percentage": "by_percentage"}[given["unit"]]
    return Vector(
        f"{given['unit']} {given['v']}",
        {"answers": {question: given["v"]}},
        {given["unit"]: given["expect"]},
    )


# The three capabilities


def capabilities() -> str:
    answers = [
        {"id": f"level_{n}", "title": title, "points": n} for n, title in enumerate(AGREEMENT, 1)
    ]
    return assessment(
        "Capabilities",
        "one team",
        scale={"worst": "level_1", "answers": answers},
        sections=[
            capability(one) for one in read(*DATA, "capability_prioritization_questions.json")
        ],
        measures={
            "capability": {
                "per": "section",
                "value": "mean((points(q) - 1) / 4 * 10 for q in section.questions)",
            }
        },
        verdicts=VERDICTS,
    )


def capability(given: Any) -> dict[str, Any]:
    questions = [
        {
            "id": f"{given['shortname']}_{one['number']}",
            "name": f"Line {one['number']}",
            "ask": one["question_text"],
        }
        for one in given["questions"]
    ]
    return {"id": given["shortname"], "title": given["capability_name"], "questions": questions}


def of_capability(given: Any) -> Vector:
    name, numbers = given["capability"], given["answers"]
    answers = {f"{name}_{n}": f"level_{number}" for n, number in enumerate(numbers, 1)}
    mean = sum((number - 1) / 4 * 10 for number in numbers) / len(numbers)
    return Vector(f"capability {name}", {"answers": answers}, {name: before(given["expect"], mean)})


# The benchmarks: what the source makes of the figures it ships, for an industry or a size


PERFORMANCE = (
    'mean(10 - number(q) if q.good == "low" else number(q) for q in questions if q.role =='
    ' "metric")'
)


def benchmarks() -> str:
    return assessment(
        "Benchmarks",
        "one industry or size",
        questions=[
            *(
                benchmark(name, "metric", "low" if name in ("changefailure", "rework") else "high")
                for name in ORDER
            ),
            benchmark("software_delivery_instability", "summary", "low"),
        ],
        measures={
            "changefailure_good": {"value": "10 - number(changefailure)"},
            "rework_good": {"value": "10 - number(rework)"},
            "stability": {"value": "10 - number(software_delivery_instability)"},
            "performance_average": {"value": PERFORMANCE},
        },
        verdicts=VERDICTS,
    )


def benchmark(name: str, role: str, good: str) -> dict[str, Any]:
    tags = {"role": role, "good": good}
    ask = f"What is the mean of {name}?"
    return {
        "id": name,
        "name": name,
        "ask": ask,
        "kind": "number",
        "min": 0,
        "max": 10,
        "required": False,
        "tags": tags,
    }


def of_benchmark(given: Any) -> Vector:
    """The source's own test holds these figures to two decimals: the number before is the sum in
    the source's order.
    """
    edition, industry = given["benchmark"].split("/")
    entry = read(*DATA, "editions", edition, "industry_metrics.json")[industry]
    answers = {
        name: entry[name]["mean"]
        for name in (*ORDER, "software_delivery_instability")
        if name in entry
    }
    expected: dict[str, float] = dict(given["expect"])
    good = [
        10 - answers[name] if name in ("changefailure", "rework") else answers[name]
        for name in ORDER
    ]
    mean = (((good[0] + good[1]) + good[2]) + good[3] + good[4]) / len(good)
    assert round(mean, 2) == expected["performance_average"]
    names: dict[str, str] = {"changefailure": "changefailure_good", "rework": "rework_good"}
    ours = {names.get(name, name): number for name, number in expected.items()}
    return Vector(
        f"benchmark {given['benchmark']}",
        {"answers": answers},
        {**ours, "performance_average": mean},
    )
