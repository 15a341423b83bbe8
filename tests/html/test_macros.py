"""Macros used wrongly on a page: `build` says so with the nearest name; `serve` shows a box and
goes on.
"""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from macros.loading.words import OUR_WORDS, OWN_WORDS
from tests.support.called import macros
from tests.support.checkout import ROOT, copy_of_checkout, playbook, share_venv

pytestmark = pytest.mark.command

PAGE = Path("docs", "read", "using-it-well.md")
OLD_SITE = ("index.html", "404.html")
DIAGNOSTIC = Path("assessments", "gap-reading-diagnostic.yml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The checkout with an old site, sharing this checkout's .venv."""
    folder = tmp_path / "copy"
    share_venv(copy_of_checkout(folder))
    (folder / "site").mkdir()
    for name in OLD_SITE:
        (folder / "site" / name).write_text("the old site", encoding="utf-8")
    return folder


def add(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n\n{text}\n")


def refused(copy: Path) -> str:
    """What `build` says, which must be sentences; the old site is as it was."""
    done = playbook("build", root=copy)
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "Traceback" not in said and "```" not in said, said
    old = {path.name: path.read_text(encoding="utf-8") for path in (copy / "site").iterdir()}
    assert old == dict.fromkeys(OLD_SITE, "the old site")
    assert not list(copy.glob("site.*"))
    return said


def test_every_wrong_name_is_told_with_its_place_and_the_nearest_one(copy: Path) -> None:
    """By `check` as well as by `build`, all of a page at once, whatever the page would have
    shown.
    """
    wrong = {
        'term("opertor")': "there is no term 'opertor'; did you mean 'operator'?",
        "rule( 'stall_red' )": "there is no rule 'stall_red'; did you mean 'stall_reds'?",
        'claim("breached_policies", 3)': (
            "there is no claim 'breached_policies'; did you mean 'breached_policy'?"
        ),
        'kicker("gap-reading")': "there is no kicker 'gap-reading'; did you mean ",
        'assessment("gap-reading-diagnostik")': (
            "there is no assessment 'gap-reading-diagnostik'; did you mean "
        ),
        'worksheet("reality")': "there is no worksheet 'reality'; did you mean 'reality-gap'?",
        'example("zzz")': "there is no example 'zzz'; the nearest of ",
    }
    add(copy / PAGE, "\n".join(f"x {{{{ {macro} }}}} {{{{ {macro} }}}}" for macro in wrong))
    add(copy / PAGE, '{% raw %}\n{{ term("shown as it is") }}\n{% endraw %}')
    lines = (copy / PAGE).read_text(encoding="utf-8").splitlines()
    told = refused(copy).splitlines()
    assert told[:-2] == playbook("check", root=copy).stdout.splitlines()[:-1]
    places = [(macro, start) for macro in wrong for start in (5, 5 + len(f"{{{{ {macro} }}}} "))]
    assert len(told) == len(places) + 2
    for problem, (macro, start) in zip(told, places, strict=False):
        line = lines.index(f"x {{{{ {macro} }}}} {{{{ {macro} }}}}") + 1
        column = start + len(re.split("[\"']", macro)[0]) + 2
        assert problem.startswith(f"{PAGE.as_posix()}:{line}:{column}: error: {wrong[macro]}"), (
            problem
        )


def test_a_form_that_no_page_shows_is_told(copy: Path) -> None:
    for page in ("tools/worksheets/reality-gap", "ready/integration"):
        (copy / "docs" / f"{page}.md").write_text("# Nothing\n", encoding="utf-8")
    assert playbook("check", root=copy).stdout.splitlines() == [
        (
            "assessments/last-mile.yml:1:1: warning: no page shows this assessment: "
            'write {{ assessment("last-mile") }} on one'
        ),
        (
            "assessments/worksheets/reality-gap.yml:1:1: warning: no page shows this worksheet: "
            'write {{ worksheet("reality-gap") }} on one'
        ),
        "no errors, 2 warnings.",
    ]


def test_a_macro_that_is_not_there_is_told_by_its_page(copy: Path) -> None:
    add(copy / PAGE, '{{ trem("operator") }}')
    assert (
        f"{PAGE.as_posix()}: error: " in (said := refused(copy)) and "'trem' is undefined" in said
    )


@pytest.mark.parametrize(
    "text", ['{{ term("operator" }}', "{% if %}", "{{ term() }}", "{{ rule(1, 2, 3) }}"]
)
def test_a_macro_written_wrongly_gets_a_sentence(text: str, copy: Path) -> None:
    add(copy / PAGE, text)
    assert re.search(r"^docs/read/using-it-well\.md: error: \S.*", refused(copy), re.M)


def test_a_mistake_in_yaml_stops_the_build_with_its_place(copy: Path) -> None:
    break_rule(copy)
    assert re.search(
        r"^assessments/gap-reading-diagnostic\.yml:\d+:17: error: .*did you mean 'red'\?$",
        refused(copy),
        re.M,
    )


def test_every_macro_is_told_of_where_a_page_writer_looks() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in macros() if not re.search(rf"`(?:\{{\{{ )?{name}\(", text)] == []


def test_a_failed_page_is_told_once_and_not_by_every_menu_that_leads_to_it(copy: Path) -> None:
    (copy / "docs" / "run" / "cadence.md").write_text(
        "# No title\n\n{{ trem('operator') }}\n", encoding="utf-8"
    )
    told = [line.partition(":")[0] for line in refused(copy).splitlines()]
    assert (told.count("docs/run/cadence.md"), told.count("run/cadence.html")) == (1, 1)
    assert not [place for place in told if place.endswith(".html") and place != "run/cadence.html"]


# While serving


def break_rule(copy: Path) -> None:
    path = copy / DIAGNOSTIC
    text = path.read_text(encoding="utf-8")
    assert "when: count(red) >= rule.stall_reds" in text
    path.write_text(
        text.replace("when: count(red) >=", "when: count(redd) >=", 1), encoding="utf-8"
    )


class Box(HTMLParser):
    """The items of the box of problems, as text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside = False
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or ("class", "problems") in attrs
        if self.inside and tag == "li":
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "div"

    def handle_data(self, data: str) -> None:
        if self.inside and self.found:
            self.found[-1] += data


def served(copy: Path, page: str, generator: str = "mkdocs") -> str:
    """A page as it is shown while serving."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            generator,
            "build",
            "-f",
            "mkdocs.yml",
            *(["--no-strict"] if generator == "mkdocs" else []),
        ],
        cwd=copy,
        env={
            **os.environ,
            "STRICT_MACROS": "false",
            "NO_MKDOCS_2_WARNING": "1",
            "DISABLE_MKDOCS_2_WARNING": "true",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return (copy / "site" / page).read_text(encoding="utf-8")


def test_a_box_on_the_page_tells_every_problem_as_it_is(copy: Path) -> None:
    break_rule(copy)
    add(copy / DIAGNOSTIC, "<b>{{7*7}}</b> **x** &amp;: text")
    told = Box(served(copy, "read/diagnostic.html")).found
    assert len(told) == 2, told
    assert re.fullmatch(
        r"assessments/gap-reading-diagnostic\.yml:\d+:17: error: verdicts\[1\]\.when: 'redd' .*",
        told[0],
    )
    assert "<b>{{7*7}}</b> **x** &amp;: this key is not known" in told[1]


def test_the_other_pages_are_shown_all_the_same(copy: Path) -> None:
    break_rule(copy)
    text = served(copy, "read/using-it-well.html")
    assert "problems" not in text and 'class="term"' in text


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (OWN_WORDS, "kpet: x\n", "1:1: error: kpet: nothing shows 'kpet'; did you mean 'kept'?"),
        (OUR_WORDS, "kept: x\n", "1:1: error: this file has no 'page' and 'script'"),
    ],
)
def test_a_mistake_in_the_words_is_told_in_place_of_forms(
    file: Path, text: str, told: str, copy: Path
) -> None:
    (copy / file).write_text(text, encoding="utf-8")
    assert f"{file.as_posix()}:{told}" in refused(copy)
    for page in ("read/diagnostic.html", "tools/worksheets/reality-gap.html"):
        [problem] = Box(served(copy, page)).found
        assert problem.startswith(f"{file.as_posix()}:{told}")
    assert "Error" not in (copy / "site" / "index.html").read_text(encoding="utf-8")


def test_a_sound_page_has_no_box(copy: Path) -> None:
    assert Box(served(copy, "read/diagnostic.html")).found == []
