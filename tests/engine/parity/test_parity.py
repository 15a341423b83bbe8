"""Three instruments of others in our language come to the figures that their own code comes to, in
both engines.

Their data lies outside the repository, in ../shared/peers; where that is missing the tests are
skipped. A converter for each (aia.py, eu_csf.py, dora.py) turns the data into the YAML of an
assessment and the vectors into readings.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from macros.engine import score
from macros.html.page_data import page_data
from macros.model import Assessment
from tests.engine.parity import aia, dora, eu_csf
from tests.engine.parity.common import PEERS, Case, Vector, read
from tests.support.engines import Script, load

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(
        not PEERS.is_dir(), reason="the instruments of others (../shared/peers) are not here"
    ),
]
COUNTS = {
    "aia": 40 + 1 + 6,  # scored by their code, published, with answers that a later one hides
    "eu-csf": 2,
    "eu-csf-all-material": 1,
    "dora-2024": 1,
    "dora-2025": 2,
    "dora-units": 2,
    "dora-capabilities": 3,
    "dora-benchmarks": 1,
}
Engine = Callable[[Assessment, Sequence[Any]], list[Any]]
Of = Callable[[str], Assessment]


@cache
def cases() -> dict[str, Case]:
    return {case.name: case for case in (aia.case(), *eu_csf.cases(), *dora.cases())}


@pytest.fixture(scope="module")
def assessment_of(tmp_path_factory: pytest.TempPathFactory) -> Of:
    """An instrument by its name; each is loaded once."""
    folder = tmp_path_factory.mktemp("parity")
    return cache(lambda name: written(folder / f"{name}.yml", cases()[name].text))


def written(path: Path, text: str) -> Assessment:
    path.write_text(text, encoding="utf-8")
    assessment, problems = load(path)
    errors = [str(problem) for problem in problems if problem.level == "error"]
    assert assessment and not errors, errors
    return assessment


@pytest.fixture(scope="module")
def script(chromium: Browser) -> Iterator[Script]:
    script = Script(chromium)
    yield script
    script.close()


@pytest.fixture(scope="module", params=["Python", "script"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "Python":
        return lambda assessment, readings: [
            score.score(assessment, one, distance=False) for one in readings
        ]
    script: Script = request.getfixturevalue("script")
    return lambda assessment, readings: script.scores(page_data(assessment), readings)


def differences(case: Case, results: Sequence[Any]) -> list[str]:
    """Each vector whose figures are not those of the source, or whose reading was not taken
    whole.
    """
    found = []
    for vector, result in zip(case.vectors, results, strict=True):
        ours = case.figures(result)
        wrong = {
            name: (number, ours.get(name))
            for name, number in vector.expected.items()
            if ours.get(name) != number
        }
        if wrong or result["problems"]:
            found.append(f"{case.name}, {vector.name}: {wrong} {result['problems']}")
    return found


@pytest.mark.parametrize("name", COUNTS)
def test_every_vector_is_matched(name: str, engine: Engine, assessment_of: Of) -> None:
    case = cases()[name]
    assert (
        differences(case, engine(assessment_of(name), [vector.reading for vector in case.vectors]))
        == []
    )
    print(f"\n{name}: {len(case.vectors)} vectors matched")
    assert len(case.vectors) == COUNTS[name]


def test_no_vector_of_the_data_is_left_out() -> None:
    given = read("aia", "vectors.json")
    assert len(given["vectors"]) + len(given["published"]) + len(given["ghosts"]) == COUNTS["aia"]
    theirs = read("eu-csf", "eu-csf-calculator.compact.json")["vectors"]
    assert len(theirs) == COUNTS["eu-csf"] + COUNTS["eu-csf-all-material"]
    quick = read("dora-quickcheck", "vectors.json")["vectors"]
    assert len(quick) == sum(count for name, count in COUNTS.items() if name.startswith("dora"))
    assert set(cases()) == set(COUNTS)


def test_the_published_results_come_out(engine: Engine, assessment_of: Of) -> None:
    case = cases()["eu-csf"]
    found = map(
        case.figures, engine(assessment_of("eu-csf"), [vector.reading for vector in case.vectors])
    )
    assert [(one["score"], one["verdict"]) for one in found] == [
        (67.9159, "seal_2"),
        (97.6786, "seal_4"),
    ]


def test_the_levels_are_the_verdicts(engine: Engine, assessment_of: Of) -> None:
    case = cases()["aia"]
    found = [
        case.figures(one)
        for one in engine(assessment_of("aia"), [vector.reading for vector in case.vectors])
    ]
    assert [one["verdict"] for one in found] == [
        f"level_{vector.expected['level']}" for vector in case.vectors
    ]
    assert {one["level"] for one in found} == {1, 2, 3, 4}


def test_hidden_answers_stand_in_the_readings(engine: Engine, tmp_path: Path) -> None:
    """With nothing hidden, what comes out is what the source shows until hidden answers are
    cleared.
    """
    ghosts = read("aia", "vectors.json")["ghosts"]
    case = cases()["aia"]
    seen = written(tmp_path / "seen.yml", re.sub(r"\n +show: .*", "", case.text))
    results = engine(seen, [vector.reading for vector in case.vectors[-len(ghosts) :]])
    live = [[case.figures(one)[figure] for figure in aia.FIGURES] for one in results]
    assert live == [ghost["peer_live_with_hidden_answers"] for ghost in ghosts]
    assert not any(
        ghost["peer_live_with_hidden_answers"] == ghost["peer_after_clearing_hidden"]
        for ghost in ghosts
    )


def test_an_open_metric_is_in_no_mean(engine: Engine, assessment_of: Of) -> None:
    """By the stated rule: no vector of the data leaves a metric open."""
    scores = {
        "leadtime": 8.0,
        "deployfreq": 6.0,
        "failurerecovery": 2.0,
        "changefailure": 7.5,
        "rework": 5.0,
    }
    answers = dict(zip(scores, ("level_5", "level_4", "level_2", 25, 50), strict=True))
    readings = [
        {"answers": {name: answers[name] for name in answers if name != left_out}}
        for left_out in scores
    ]
    for left_out, result in zip(scores, engine(assessment_of("dora-2025"), readings), strict=True):
        others = [number for name, number in scores.items() if name != left_out]
        assert dora.figures(result)["overall"] == sum(others) / 4
        assert dora.figures(result)[f"{left_out}_score"] is None


@pytest.mark.parametrize("name", COUNTS)
def test_a_wrong_figure_is_noticed(name: str, engine: Engine, assessment_of: Of) -> None:
    case = cases()[name]
    vector = case.vectors[0]
    results = engine(assessment_of(name), [vector.reading])
    for figure, number in vector.expected.items():
        wrong: Vector = replace(vector, expected={**vector.expected, figure: number + 1e-4})
        assert len(differences(replace(case, vectors=(wrong,)), results)) == 1, figure


def test_another_answer_is_noticed(engine: Engine, assessment_of: Of) -> None:
    case = cases()["eu-csf"]
    answers = {**case.vectors[1].reading["answers"], "sov_8_1": "choice_1"}
    results = engine(assessment_of("eu-csf"), [{"answers": answers}])
    assert differences(replace(case, vectors=case.vectors[1:]), results) != []
