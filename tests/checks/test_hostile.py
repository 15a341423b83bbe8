"""What nobody means well by: files, texts, numbers, expressions and readings made to break
something.

Each is taken as it stands or refused with sentences; nothing raises, hangs or fills the memory.
What is asked of YAML itself stands in test_problems.py; here is what an assessment makes of it.
`hostile_yaml.json` has what is said of each case of the corpus, or "taken".
"""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from playwright.sync_api import Browser

from macros.checks.playbook_reader import read_playbook
from macros.engine import score
from macros.html import form
from macros.html.addresses import FormPlace
from macros.html.page_data import page_data
from macros.loading import structure, yaml_nodes
from macros.loading.ids import check_ids
from macros.loading.words import Words
from macros.model import Assessment, Question, Scale, Section
from macros.rules.compiler import compile_condition
from macros.rules.names import MOST_NODES_OF_FILE, Scope
from macros.rules.source import ExpressionError
from macros.rules.visitor import MOST_NODES
from tests.support.checkout import ROOT
from tests.support.corpora import corpus
from tests.support.engines import Script, as_text, first_difference, load
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.sweep

set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
PROBLEMS = ROOT / "tests" / "data" / "problems"
LARGER = (PROBLEMS / "no-mistake-in-a-larger-one.yml").read_text(encoding="utf-8")
RULES = {"stall_reds": 2, "watch_yellows": 1}
PLACE = re.compile(r".+\.yml:[0-9]+:[0-9]+: (error|warning): [^\n]+")
law = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def said_of(text: str, folder: Path) -> list[str]:
    """The sentences that an author gets; each has its place."""
    (folder / "small.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    _, problems = load(folder / "small.yml", RULES)
    said = [str(problem) for problem in problems]
    assert all(PLACE.fullmatch(one) for one in said), said
    return said


# --- YAML ----------------------------------------------------------------------------------

TABLE = ROOT / "tests" / "data" / "hostile_yaml.json"
# keys that only hold the value which is looked at
NEUTRAL = re.compile(r"[a-zA-Z]|ts|yes|country|sweden")


class OneId:
    def __init__(self, id: str) -> None:
        self.id = id


def verdict_on(text: str, folder: Path) -> Any:
    """ "taken", or what is said of a file in which only the values of neutral keys are right as
    they are.
    """
    path = folder / "small.yml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    file = structure.SourceFile(path, folder, {Scale: {}})
    node = structure.nodes(file)
    if node and not file.problems:
        keys = (
            dict((key.text, value) for key, value in node.items)
            if isinstance(node, yaml_nodes.Mapping)
            else {}
        )
        if list(keys) == ["id"] and isinstance(keys["id"], yaml_nodes.Scalar):
            check_ids([OneId(keys["id"].text)], file, ())
        elif not keys or not all(map(NEUTRAL.fullmatch, keys)):
            structure.structure(file, node, Assessment, (), {"id": "small", "engagement": None})
    found = [problem for problem in file.problems if not problem.message.endswith("is missing")]
    said = [str(problem).removeprefix("small.yml:") for problem in found]
    return said[:3] or "taken"


def test_each_hostile_file_gets_the_verdict_of_the_table(tmp_path: Path) -> None:
    cases = corpus("yaml/yaml_hostile.json")["cases"]
    found = {case["id"]: verdict_on(case["yaml"], tmp_path) for case in cases}
    assert len(found) == 90
    assert found == json.loads(TABLE.read_bytes())


def test_what_is_taken_stays_the_text_that_stands_there() -> None:
    """No date, number or truth is made of it: PyYAML's own reading would be another one in half the
    cases.
    """
    table = json.loads(TABLE.read_bytes())
    taken = [
        case for case in corpus("yaml/yaml_hostile.json")["cases"] if table[case["id"]] == "taken"
    ]
    assert len(taken) == sum(verdict == "taken" for verdict in table.values()) >= 35
    for case in taken:
        node, _ = yaml_nodes.parse(case["yaml"].encode())
        plain = yaml.load(case["yaml"], Loader=yaml.BaseLoader)
        assert isinstance(node, yaml_nodes.Mapping)
        assert {key.text: structure.plain(value) for key, value in node.items} == {
            key: {"true": True, "false": False}.get(value, value) for key, value in plain.items()
        }


# --- texts ---------------------------------------------------------------------------------


def naughty() -> list[str]:
    return [text for text in corpus("strings/blns.json") if isinstance(text, str)]


def with_texts(text: str) -> dict[str, Any]:
    """An assessment with one text wherever a text can be."""
    answers = [{"id": id, "title": text} for id in ("low", "high")]
    example = {"answer": "red", "text": text, "reading": text}
    prose = {"help": text, "why": text, "evidence": text, "signal": text, "move": text}
    lines = {answer: text for answer in ("green", "yellow", "red")}
    questions = [
        {
            "id": "one",
            "name": text,
            "ask": text,
            "answers": lines,
            "example": example,
            "tags": {"area": text},
            **prose,
        },
        {
            "id": "own",
            "name": text,
            "ask": text,
            "answers": answers,
            "move": text,
            "unknown": "worst",
        },
        {
            "id": "many",
            "name": text,
            "ask": text,
            "kind": "many",
            "choices": answers,
            "none_of_these": "true",
        },
        {"id": "amount", "name": text, "ask": text, "kind": "number", "unit": text},
        {"id": "words", "name": text, "ask": text, "kind": "text"},
    ]
    return {
        **{key: text for key in ("title", "unit", "respondent", "intro")},
        "version": "1",
        "basis": "ours",
        "minutes": "5",
        "scale": "traffic_light",
        "unknown": "yellow",
        "na": {"allowed": "true"},
        "chairs": [text],
        "sections": [
            {
                "id": "part",
                "title": text,
                "intro": text,
                "tags": {"area": text},
                "questions": questions,
            }
        ],
        "measures": {"reds": {"value": "count(red) + number(amount)", "title": text}},
        "verdicts": [
            {
                "id": "bad",
                "when": "reds > 1 or own is low or chosen(many, low)",
                "title": text,
                "say": text,
            },
            {"id": "good", "otherwise": "true", "title": text, "say": text},
        ],
        "warnings": [{"id": "care", "when": "own is high", "say": text}],
        "tests": [
            {"name": text, "answers": {"own": "low", "words": text}, "expect": {"verdict": "bad"}}
        ],
        "changes": {"1": text},
    }


class Visible(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.values: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.values += [f"{name}={value}" for name, value in attributes]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def words() -> Words:
    return read_playbook(ROOT).words


def rendered(assessment: Assessment, words: Words) -> Visible:
    html = form.render_assessment(assessment, words, FormPlace("site", "0"))
    return Visible(html)


def test_naughty_texts_are_shown_as_texts_or_refused(tmp_path: Path, words: Words) -> None:
    """In every position at once: taken and shown in full, or refused in a sentence at each
    place.
    """
    taken, plain = 0, None
    for text in ["harmless", *naughty()]:
        (tmp_path / "naughty.yml").write_text(
            json.dumps(with_texts(text), ensure_ascii=False), encoding="utf-8"
        )
        assessment, problems = load(tmp_path / "naughty.yml")
        refused = (
            not text.strip()
            or yaml_nodes.INVISIBLE.search(text)
            or re.search(r"[\ud800-\udfff\U000e0000-]", text)
        )
        errors = [str(problem) for problem in problems if problem.level == "error"]
        assert refused or not errors, (text, errors)
        assert assessment or errors, text
        if not assessment:
            continue
        page = rendered(assessment, words)
        plain = plain or page.tags
        assert page.tags == plain, text  # not one element more
        whole = re.sub(r"\s+", "", " ".join([*page.texts, *page.values]))
        assert re.sub(r"\s+", "", text) in whole, text
        taken += 1
    assert taken > 450


def test_naughty_texts_as_answers_are_scored_or_told(tmp_path: Path) -> None:
    (tmp_path / "naughty.yml").write_text(json.dumps(with_texts("harmless")), encoding="utf-8")
    assessment, _ = load(tmp_path / "naughty.yml")
    assert assessment
    for text in naughty():
        told = score.score(assessment, {"answers": {"words": text, "own": {"na": text}}})
        reason = any(sign > " " for sign in text)
        assert [one["question"] for one in told["problems"]] == ([] if reason else ["own"]), text
        given = {"one": text, "own": text, "many": [text], "amount": text, text: text}
        told = score.score(assessment, {"answers": given})
        assert {one["question"] for one in told["problems"]} == given.keys(), text
        assert told["coverage"]["open"] == 5 and not told["verdict"], text


def test_naughty_texts_as_ids_and_rules_are_refused_at_their_place(tmp_path: Path) -> None:
    sound = {
        *re.findall(r"[a-z]+", "true false none"),
        "undefined",
        "undef",
        "null",
        "nil",
        "nan",
        "hasownproperty",
    }
    for text in naughty()[::5]:
        for old in ("id: holding", "id: owner\n", "id: mfa", "id: home"):
            edited = LARGER.replace(old, f"id: {json.dumps(text)}" + old[len(old.rstrip()) :], 1)
            said = [one for one in said_of(edited, tmp_path) if ": error: " in one]
            if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text):
                line = edited[: edited.index(f"id: {json.dumps(text)}")].count("\n") + 1
                assert any(one.startswith(f"small.yml:{line}:") for one in said), (text, said)
        rule = LARGER.replace("when: reds >= 2 or region is abroad", f"when: {json.dumps(text)}", 1)
        said = [one for one in said_of(rule, tmp_path) if ": error: " in one]
        line = rule[: rule.index("verdicts:")].count("\n") + 2
        assert text in sound or any(one.startswith(f"small.yml:{line}:") for one in said), (
            text,
            said,
        )


@pytest.mark.parametrize("id", ["prototype", "valueof", "length", "name", "size"])
def test_names_that_are_something_in_a_script_are_names_like_others(
    id: str, tmp_path: Path, chromium: Browser
) -> None:
    """As a question, an answer, a choice, a section and a measure, and as what a reading names."""
    script = Script(chromium)
    for old in ("owner", "home", "mfa", "machines", "reds"):
        (tmp_path / "named.yml").write_text(re.sub(rf"\b{old}\b", id, LARGER), encoding="utf-8")
        assessment, problems = load(tmp_path / "named.yml", RULES)
        assert assessment, problems
        readings: list[Any] = [
            {
                "answers": {
                    id if old == "owner" else "owner": "red",
                    "region": id if old == "home" else "home",
                }
            },
            {
                "answers": {
                    "access": [id],
                    "models": 3,
                    "constructor": "red",
                    "toString": "red",
                    "hasOwnProperty": {},
                }
            },
            {
                "answers": json.loads(
                    '{"__proto__": "red", "region": "constructor", "access": ["toString"]}'
                )
            },
            {
                "answers": {
                    "owner": "toString",
                    "region": {"constructor": True},
                    "models": {"valueOf": 1},
                }
            },
        ]
        theirs = script.scores(page_data(assessment), readings)
        assert not first_difference(
            readings, [score.score(assessment, one) for one in readings], theirs
        )
    script.close()


# --- numbers -------------------------------------------------------------------------------


def test_numbers_on_which_the_two_languages_differ_come_out_the_same(
    tmp_path: Path, chromium: Browser
) -> None:
    """As answers, and through each function that rounds."""
    known = corpus("num/py_js_divergence.json")
    numbers = [float(case["x"]) for case in known["round"]] + [
        9007199254740993,
        2**53,
        2**63,
        1e15,
        1e16,
        1e300,
    ]
    numbers += [
        0.1 + 0.2,
        1.005,
        2.675,
        1.15,
        0.285,
        1.45,
        0.49999999999999994,
        4503599627370497.5,
        5e-324,
        -0.0,
        0.05,
    ]
    numbers += [
        sign * (n + part)
        for n in (0, 1, 2, 7, 1e6)
        for part in (0.5, 0.25, 0.125, 0.05)
        for sign in (1, -1)
    ]
    rounded = "".join(f"  r{n}: {{value: 'round(number(x), {n})'}}\n" for n in range(10))
    others = (
        "  f: {value: floor(number(x))}\n  c: {value: ceil(number(x))}\n  s: {value: number(x) * 3"
        " / 7 - 0.1}\n"
    )
    text = (
        LARGER[: LARGER.index("sections:")].replace("unknown: yellow\n", "")
        + "questions:\n  - {id: x, name: X, ask: X?, kind:"
        f" number}}\n\nmeasures:\n{rounded}{others}\nverdicts:\n  - {{id: high, when: r2 > 1,"
        " title: High}\n  - {id: low, otherwise: true, title: Low}\n"
    )
    (tmp_path / "numbers.yml").write_text(text, encoding="utf-8")
    assessment, problems = load(tmp_path / "numbers.yml")
    assert assessment, problems
    readings = [{"answers": {"x": number}} for number in numbers]
    script = Script(chromium)
    theirs = script.scores(page_data(assessment), readings)
    script.close()
    assert not first_difference(
        readings, [score.score(assessment, one) for one in readings], theirs
    )
    halves = score.score(assessment, {"answers": {"x": 2.5}})["measures"]
    assert (
        halves["r0"] == {"value": 3} and halves["f"] == {"value": 2} and halves["c"] == {"value": 3}
    )


# --- expressions ---------------------------------------------------------------------------

LIGHTS = Scale("red", structure.load_scales(ROOT)[0]["traffic_light"].answers)
HUNDREDS = [Question(f"q{n}", "Q", "Q?", scale=LIGHTS) for n in range(300)]
SCOPE = Scope(
    {one.id: one for one in HUNDREDS}, {"part": Section("part", "Part", tuple(HUNDREDS))}, RULES
)
NOT_PART = "is not part of the language of rules"
HOSTILE = {
    '__import__("os")': (0, "'__import__' is not a function"),
    '__import__("os").system("rm -rf /")': (0, NOT_PART),
    "q0.__class__": (0, "no question has a tag '__class__'"),
    "q0.__class__.__mro__": (0, NOT_PART),
    "().__class__.__bases__[0]": (0, NOT_PART),
    "eval('1')": (0, "'eval' is not a function"),
    "open('/etc/passwd')": (0, "'open' is not a function"),
    "lambda: 1": (0, NOT_PART),
    "(lambda q: q)(q0)": (0, NOT_PART),
    "f'{q0}'": (0, NOT_PART),
    "f\"{__import__('os')}\"": (0, NOT_PART),
    "9 ** 9 ** 9 ** 9 > 1": (0, "only + - * / are known"),
    "2 ** 100000000 > 1": (0, "only + - * / are known"),
    "1 << 9999999999 > 1": (0, "only + - * / are known"),
    "'a' * 99999999999 == 'b'": (0, "is a text, where a number is wanted"),
    "9" * 1900 + " > 1": (0, "is too large"),
    "1e400 > 1": (0, "is not a plain decimal number"),
    "0x7fffffffffffffff > 1": (0, "is not a plain decimal number"),
    "2j > 1": (0, "is not a plain decimal number"),
    "count(red) > 1_000": (13, "is not a plain decimal number"),
    "q0 is b'red'": (6, "is not an answer of q0"),
    "number(b'x') > 1": (7, "is not a question"),
    "(x := count(red)) > 1": (1, NOT_PART),
    "min(*questions) > 1": (0, "takes two or more"),
    "max(*[1], *[2]) > 1": (4, NOT_PART),
    "round(**{}) > 1": (0, NOT_PART),
    "{'a': 1}": (0, NOT_PART),
    "{1, 2}": (0, NOT_PART),
    "[1, 2] == [1, 2]": (0, NOT_PART),
    "[q for q in questions]": (0, NOT_PART),
    "{q for q in questions}": (0, NOT_PART),
    "{q: 1 for q in questions}": (0, NOT_PART),
    "(q for q in questions)": (0, NOT_PART),
    "await q0": (0, NOT_PART),
    "(yield q0)": (1, NOT_PART),
    "(yield from questions)": (1, NOT_PART),
    "sum(1 async for q in questions) > 1": (0, ""),
    "q0[0] is red": (0, "is not a question"),
    "q0[::1] is red": (0, "is not a question"),
    "... > 1": (0, "is not a plain decimal number"),
    "True": (0, "write true"),
    "__debug__": (0, "is not a question"),
    "print(q0)": (0, "'print' is not a function"),
    "q0 is ｒｅｄ": (6, "is not an answer of q0"),
    "ｑ０ is red": (0, "is not a question"),
    "сount(red) > 1": (0, "is not a function"),
    "q0 is red\u200b": (9, "cannot be read"),
    "q0 is red; q1 is red": (9, "cannot be read"),
    "q0 is red\nimport os": (10, "cannot be read"),
    "q0 is red # or": (10, "'#' has no place"),
    "(" * 900 + "q0 is red" + ")" * 900: (0, "brackets"),
    "(" * 10_000 + "q0 is red" + ")" * 10_000: (0, "a rule of 20,009 characters"),
    "not " * 490 + "q0 is red": (0, "nested"),
    "not " * 10_000 + "q0 is red": (0, "a rule of 40,009 characters"),
    "-" * 1900 + "1 > 1": (0, "nested"),
    "-".join(["1"] * 990) + " > 1": (0, "nested"),
    "+".join(["count(red)"] * 2000) + " > 1": (0, "characters; 2,000 is the most"),
    "1 if q0 is red else " * 90 + "2 > 1": (0, ""),
    "1 if " * 300 + "q0 is red" + " else 0" * 50: (0, ""),
    "any(q is red for q in questions for p in questions)": (0, "more than 20,000 steps"),
    "any(q is red for q in questions for p in questions if false)": (0, "more than 20,000 steps"),
    "sum(1 for a in questions for b in questions for c in questions for d in questions) > 1": (
        0,
        "20,000 steps",
    ),
    "sum(sum(sum(1 for c in questions) for b in questions) for a in questions) > 1": (
        0,
        "20,000 steps",
    ),
    "any(a is red for a in questions if any(b is red for b in questions"
    " if any(c is red for c in questions)))": (
        0,
        "20,000 steps",
    ),
    "lookup(q0, q1, [" + ", ".join(["[" + ", ".join(["1"] * 30) + "]"] * 18) + "]) > 1": (
        15,
        "expected 3 rows",
    ),
}


@pytest.mark.parametrize("rule", HOSTILE, ids=lambda rule: rule[:40])
def test_a_hostile_rule_is_refused_at_its_place_and_with_a_reason(rule: str) -> None:
    place, reason = HOSTILE[rule]
    with pytest.raises(ExpressionError) as caught:
        compile_condition(rule, SCOPE)
    assert reason in caught.value.message and 0 <= caught.value.offset <= len(rule)
    assert len(caught.value.message) < 600
    if place:
        assert caught.value.offset == place


def test_no_rule_takes_more_steps_than_it_may() -> None:
    """By counting, not by the clock: the compiler looks at so many parts, whatever is written."""
    for rule in HOSTILE:
        scope = Scope(SCOPE.questions, SCOPE.sections, RULES)
        with pytest.raises(ExpressionError):
            compile_condition(rule, scope)
        assert MOST_NODES_OF_FILE - scope.budget.left <= MOST_NODES + 1


# --- whole files: time and memory ------------------------------------------------------------

HEAD = LARGER[: LARGER.index("sections:")]
TAIL = (
    "verdicts:\n  - {id: stall, when: count(red) >= 2, title: Stall, say: Stop.}\n"
    "  - {id: holding, otherwise: true, title: Holding, say: Go on.}\n"
)


def questions_of(count: int, more: str = "") -> str:
    lines = [
        f"  - {{id: q{n}, name: a, ask: b{more.format(n=n, after=(n + 1) % count)}}}\n"
        for n in range(count)
    ]
    return "questions:\n" + "".join(lines)


def bombs() -> Iterator[tuple[str, str]]:
    """Files of up to a megabyte that are much work if nobody counts."""
    rule = " + ".join(["len(q for q in questions if q is red)"] * 16)
    nested = "sum(points(q) for q in questions for p in questions)"
    choices = ", ".join(f"{{id: c{n}, title: a}}" for n in range(1900))
    yield "aliases", HEAD + "questions:\n" + ("  - [" + "*a," * 1900 + "]\n") * 170 + TAIL
    yield "tags", HEAD + "questions:\n" + ("  - [" + "!a ," * 1900 + "]\n") * 130 + TAIL
    yield "values", HEAD + "questions:\n" + ("  - [" + "{a: }," * 1900 + "]\n") * 75 + TAIL
    yield "a long text", HEAD.replace("Some lines.", "x" * 1_000_000) + questions_of(2) + TAIL
    yield "shown by the one before", HEAD + questions_of(1900, ", show: q{after} is red") + TAIL
    yield (
        "measures of measures",
        HEAD
        + questions_of(3)
        + "measures:\n  m0: {value: count(red)}\n"
        + "".join(f"  m{n}: {{value: m{n - 1} + m{n - 1}}}\n" for n in range(1, 1900))
        + TAIL,
    )
    yield (
        "choices",
        HEAD
        + f"questions:\n  - {{id: m, name: a, ask: b, kind: many, choices: [{choices}]}}\n"
        + (TAIL.replace("count(red) >= 2", '"chosen(m, c1) and chosen(m, c7)"')),
    )
    yield (
        "loops",
        HEAD
        + questions_of(300)
        + "measures:\n"
        + "".join(f"  m{n}: {{value: {nested}}}\n" for n in range(1900))
        + TAIL,
    )
    yield (
        "sums",
        HEAD
        + questions_of(300)
        + "measures:\n"
        + "".join(f"  m{n}: {{value: {rule}}}\n" for n in range(1500))
        + TAIL,
    )
    yield (
        "unknown names",
        HEAD
        + questions_of(1900)
        + TAIL
        + "warnings:\n"
        + "".join(
            f"  - {{id: w{n}, when: '{' or '.join(f'x{m} is red' for m in range(140))}', say: a}}\n"
            for n in range(400)
        ),
    )
    yield (
        "verdicts",
        HEAD
        + questions_of(300)
        + "verdicts:\n"
        + "".join(
            f"  - {{id: v{n}, when: count(red) == {n % 290} and count(yellow) == {n // 290}, title:"
            " S}\n"
            for n in range(1500)
        )
        + TAIL.splitlines(keepends=True)[-1],
    )


QUICK = (
    "aliases",
    "tags",
    "a long text",
    "shown by the one before",
    "measures of measures",
    "choices",
)
MEASURE = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.support.engines import load
_, problems = load(Path(sys.argv[1]), {})
print(len(problems), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measured(path: Path) -> tuple[int, float]:
    """How many problems a file has, and the most memory in MiB, in a process of its own."""
    command = [sys.executable, "-c", MEASURE, str(path), str(ROOT)]
    limit = (2**30, 2**30)
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    problems, kilobytes = map(int, done.stdout.split())
    return problems, kilobytes / (1 if sys.platform == "darwin" else 1024) / (
        1024 if sys.platform == "darwin" else 1
    )


LONG_ONES = [
    pytest.param(name, marks=[] if name in QUICK else [pytest.mark.long]) for name, _ in bombs()
]


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by means of Unix")
@pytest.mark.parametrize("name", LONG_ONES)
def test_no_file_fills_the_memory_or_is_never_done(name: str, tmp_path: Path) -> None:
    text = dict(bombs())[name]
    assert len(text) <= yaml_nodes.MOST_BYTES
    (tmp_path / "small.yml").write_text(text, encoding="utf-8")
    problems, memory = measured(tmp_path / "small.yml")
    assert problems <= 2 * yaml_nodes.MOST_PROBLEMS
    assert memory < 256


# --- at random ------------------------------------------------------------------------------

SHIPPED = (ROOT / "assessments" / "gap-reading-diagnostic.yml").read_text(encoding="utf-8")
SCRAPS = [
    "", " ", "\n", "  ", "\t", "- ", ":", ": ", "{", "}", "[", "]", ",", "'", '"', "#",
    "&a", "*a", "!x", "|", ">", "%", "@", "`", "?", "<<: ", "---\n", "...",
    "null", "true", "1e999", "-1", "0", "9" * 20, "é", "\u202e", "\x00", "😀",
    "is", "not", "and", "or", "for q in questions", "count(", ")",
    "red", "none", "rule.x", "section", "questions", "if",
    "otherwise: true", "kind: many", "kind: number", "show: owner is red", "per: section",
    "was: owner", "min: 9", "unknown: worst", "answers: []", "questions: []", "sections: []",
    "choices: []", "scale: yes_no", "weight: -1",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """A text with up to four things in it gone, doubled, moved or put in."""
    lines = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        way = draw(
            st.sampled_from(["gone", "double", "move", "scrap", "scrap", "scrap", "cut", "indent"])
        )
        line = lines[at]
        column = draw(st.integers(0, len(line)))
        scrap = draw(st.sampled_from(SCRAPS))
        lines[at] = {
            "gone": "",
            "double": line + line,
            "move": lines[draw(st.integers(0, len(lines) - 1))],
            "scrap": line[:column] + scrap + line[column:],
            "cut": line[:column] + line[column + draw(st.integers(1, 9)) :],
            "indent": "  " + line,
        }[way]
    return "".join(lines)


def check_of(text: str, folder: Path) -> None:
    """Sentences, whatever stands there; and what is sound can be scored, and shown."""
    said = said_of(text, folder)
    assessment, _ = load(
        folder / "small.yml", {**RULES, "at_risk_reds": 2, "not_readable_unknown": 2}
    )
    assert assessment or said
    if assessment:
        score.score(assessment, {"answers": {}})
        as_text(page_data(assessment))


@pytest.mark.parametrize("text", [LARGER, SHIPPED], ids=["the larger one", "the diagnostic"])
def test_check_says_sentences_whatever_stands_in_a_file(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mutated")

    @settings(law, max_examples=100)
    @given(mutated(text))
    def run(changed: str) -> None:
        check_of(changed, folder)

    run()


@pytest.mark.long
@pytest.mark.parametrize("text", [LARGER, SHIPPED], ids=["the larger one", "the diagnostic"])
def test_check_says_sentences_for_a_long_time(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mutated")

    @settings(law, max_examples=10_000)
    @given(mutated(text))
    def run(changed: str) -> None:
        check_of(changed, folder)

    run()


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["red", "green", "home", "mfa", "sso", "abroad"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["unknown", "na", "x"]), inner, max_size=2),
    ),
    max_leaves=5,
)
IDS = st.sampled_from(
    ["owner", "region", "access", "models", "", "gone", "__proto__", "10", "2", "ownr"]
)


def test_readings_of_any_shape_are_scored_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    """Every answer is taken or named in a problem; the question of one that is not taken is
    open.
    """
    (tmp_path / "larger.yml").write_text(LARGER, encoding="utf-8")
    assessment, _ = load(tmp_path / "larger.yml", RULES)
    assert assessment
    ids = {question.id for question in assessment.every_question()}

    @settings(law, max_examples=300)
    @given(st.dictionaries(IDS, VALUES, max_size=6))
    def run(answers: dict[str, Any]) -> None:
        result = score.score(assessment, {"answers": answers})
        told = [one["question"] for one in result["problems"]]
        assert len(told) == len(set(told)) and set(told) <= answers.keys()
        assert answers.keys() - ids <= set(told)
        assert result["coverage"]["open"] == len(ids - (answers.keys() - set(told)))
        json.dumps(result, allow_nan=False)

    run()


@pytest.mark.parametrize("answers", [None, [], "red", 3, {"owner": {"na": ""}}, {3: "red"}])
def test_a_reading_whose_answers_are_no_mapping_is_told(answers: Any, tmp_path: Path) -> None:
    (tmp_path / "larger.yml").write_text(LARGER, encoding="utf-8")
    assessment, _ = load(tmp_path / "larger.yml", RULES)
    assert assessment
    result = score.score(assessment, {"answers": answers})
    assert result["problems"] and result["verdict"] is None and result["coverage"]["open"] == 4
