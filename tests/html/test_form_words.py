"""Rules, limits and changes in words: as the paper form says them, from the trees that are
scored.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from macros.html import form, in_words
from macros.html.addresses import FormPlace
from macros.loading.words import load_words
from macros.model import Assessment
from tests.support.checkout import ROOT
from tests.support.engines import load

WORDS, _ = load_words(ROOT)
MESSAGES = (ROOT / "docs" / "assets" / "forms" / "messages.js").read_text(encoding="utf-8")
SAY = """([phrases, titles]) => {
    const words = new window.playbook.messages.Words(phrases);
    return titles.map((title) => words.answer(title));
}"""
FORM = (ROOT / "tests" / "data" / "forms" / "every-kind.yml").read_text(encoding="utf-8")
RULE = "number(length) >= 24"  # of its one warning
RULES = {
    "count(red) >= 2": "2 or more red",
    "count(red, hull) == 0": "exactly 0 red in Hull and rig",
    "planks is red": "line 1: red",
    "planks in (red, yellow) or mast is green": "line 1: red or yellow or line 3: green",
    "rating_level is level_3": "line 4: “3 Written down”",
    "chosen(aboard, vests)": "line 5 with “A life jacket for everybody”",
    "number(length) < 8": "line 2: fewer than 8",
    "8 <= number(length)": "line 2: 8 or more",
    "points(spare) >= 2": "points of line 8: 2 or more",
    "percent(safety) > 50": "percent of the points of Safety gear: more than 50",
    "score >= 3": "Points: 3 or more",
    "known(hull) >= 3": "Answered, Hull and rig: 3 or more",
    "na() >= 1": "1 or more not applicable",
    "unknown(hull) >= 1": "1 or more “can’t tell” in Hull and rig",
    "answered() < 3": "fewer than 3 answered",
    "not (planks is red)": "line 1: not red",
    # No words for these: as their author wrote them.
    "points(hull) > points(safety)": "points(hull) > points(safety)",
    "max(points(hull), points(safety)) > 3": "max(points(hull), points(safety)) > 3",
}


def with_rule(rule: str, folder: Path) -> Assessment:
    path = folder / "every-kind.yml"
    path.write_text(FORM.replace(f"when: {RULE}", f'when: "{rule}"'), encoding="utf-8")
    assessment, problems = load(path)
    assert assessment, problems
    return assessment


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_said_in_words(rule: str, tmp_path: Path) -> None:
    assessment = with_rule(rule, tmp_path)
    when = assessment.warnings[0].when
    assert in_words.spoken_rule((when.tree, when.text), assessment, WORDS) == RULES[rule]


LIMITS = {
    "min: 0\n        max: 10": "from 0 to 10",
    "min: 0.5": "0.5 or more",
    "max: 10\n        whole: true": "10 or less, whole numbers",
    "step: 5": "in steps of 5",
    "required: true": "",
}


@pytest.mark.parametrize("keys", LIMITS)
def test_the_limits_of_a_number_are_said(keys: str, tmp_path: Path) -> None:
    path = tmp_path / "every-kind.yml"
    path.write_text(
        FORM.replace("min: 2\n        max: 60\n        step: 0.1", keys), encoding="utf-8"
    )
    assessment, problems = load(path)
    assert assessment, problems
    assert in_words.limits_in_words(assessment.question("length"), WORDS) == LIMITS[keys]


# An answer within a sentence, on paper and as the script says it of a result.
SPOKEN = {
    "Red": "red",
    "red": "red",
    "Öl": "öl",
    "Ελλάς": "ελλάς",
    "A": "“A”",
    "SEAL-2": "“SEAL-2”",
    "NO": "“NO”",
    "High risk": "“High risk”",
    "Don’t": "“Don’t”",
    "Red ": "“Red ”",
    "三": "“三”",
    "$1 {answer}": "“$1 {answer}”",
    "": "“”",
}
# Paper has room for the whole of a long one; the script, whose sentence is read while one fills in
# the form, says its first words.
LONG = "Somebody outside the team has tried it on real work, and has written down what came of it"
SHORTENED = "“Somebody outside the team has tried it on real work, …”"


@pytest.mark.parametrize("title", SPOKEN)
def test_an_answer_within_a_sentence(title: str) -> None:
    assert in_words.title_in_speech(title, WORDS) == SPOKEN[title]


def said_by_the_script(chromium: Browser, titles: list[str], source: str = MESSAGES) -> list[str]:
    context = chromium.new_context()
    page = context.new_page()
    page.add_script_tag(content=f"window.playbook = {{}};\n{source}")
    said: list[str] = page.evaluate(SAY, [WORDS.for_scripts, titles])
    context.close()
    return said


def test_the_script_says_an_answer_as_paper_does(chromium: Browser) -> None:
    assert said_by_the_script(chromium, [*SPOKEN]) == [*SPOKEN.values()]


def test_the_script_shortens_a_long_one_and_paper_does_not(chromium: Browser) -> None:
    assert said_by_the_script(chromium, [LONG]) == [SHORTENED]
    assert in_words.title_in_speech(LONG, WORDS) == f"“{LONG}”"


@pytest.mark.parametrize(("rule", "another"), [(r"\p{Ll}+$", r"[a-z]+$"), ("{50}", "{10}")])
def test_another_rule_in_the_script_would_be_noticed(
    rule: str, another: str, chromium: Browser
) -> None:
    assert MESSAGES.count(rule) == 1
    said = said_by_the_script(chromium, [*SPOKEN, LONG], MESSAGES.replace(rule, another))
    assert said != [*SPOKEN.values(), SHORTENED]


MARKED = {
    # the file's basis, what the line says of its own → what is marked: after the question, and
    # behind its answers
    ("seed", ""): ("", [""] * 3),
    ("seed+", ""): ("answers ours", [""] * 3),
    ("ours", ""): ("", [""] * 3),
    ("seed", "ours: [yellow]"): ("", ["", "ours", ""]),
    ("seed+", "basis: seed\n        ours: [red, green]"): ("", ["ours", "", "ours"]),
    ("seed", "basis: seed+"): ("answers ours", [""] * 3),
    ("seed", "basis: ours"): ("ours", [""] * 3),
    ("ours", "basis: seed"): ("", [""] * 3),
}


@pytest.mark.parametrize(("of_file", "of_line"), MARKED)
def test_what_is_ours_in_a_file_from_a_source_is_marked(
    of_file: str, of_line: str, tmp_path: Path
) -> None:
    text = FORM.replace("basis: ours", f"basis: {of_file}", 1)
    text = text.replace(
        "- id: planks\n", f"- id: planks\n        {of_line}\n" if of_line else "- id: planks\n"
    )
    path = tmp_path / "every-kind.yml"
    path.write_text(text, encoding="utf-8")
    assessment, problems = load(path)
    assert assessment, problems
    html = form.render_assessment(assessment, WORDS, FormPlace("", ""))
    line = html[html.index('data-question="planks"') :].partition("</fieldset>")[0]
    asked, *answers = line.split('<span class="anchor">')
    marks = [
        re.findall('<small class="basis">([a-z ]+)</small>', part) for part in (asked, *answers[:3])
    ]
    after, behind = MARKED[of_file, of_line]
    assert marks == [[mark] if mark else [] for mark in (after, *behind)]
