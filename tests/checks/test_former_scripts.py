"""A fork whose settings still name our scripts and styles is told once which lines to delete; all
that is its own stays.
"""

import re
from pathlib import Path

import pytest
import yaml

from macros.checks.configuration import read_settings
from macros.checks.former_scripts import check_scripts
from tests.support.checkout import ROOT

FROZEN = sorted((ROOT / "tests" / "data" / "released").glob("*/mkdocs.yml"))
RELEASES = [path.parent.name for path in FROZEN]
OURS = """extra_css:
  - assets/assessment/screen.css
extra_javascript:
  - path: assets/assessment/score.js
    defer: true
  - {path: assets/assessment/readings.js, defer: true}
  - assets/assessment/assessment.js
"""
OWN = """extra_css: [assets/ours.css, assets/forms/mine.css]
extra_javascript:
  - assets/engagement/score.js
  - assets/forms/form.js
  - {path: score.js, defer: true}
  - {path: "https://example.com/assets/engine/score.js"}
"""


def told(root: Path, settings: str, base: str = "") -> list[str]:
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    (root / "base.yml").write_text(base, encoding="utf-8")
    files, unreadable = read_settings(root)
    assert not unreadable
    return [str(problem) for problem in check_scripts(files)]


def without_lines(settings: str, sentence: str) -> str:
    """The settings once somebody has done what the sentence says."""
    spans = re.findall(r"(\d+)(?:–(\d+))?", sentence.partition(": delete ")[2])
    gone = {line for a, b in spans for line in range(int(a), int(b or a) + 1)}
    lines = settings.splitlines(keepends=True)
    return "".join(line for n, line in enumerate(lines, 1) if n not in gone)


@pytest.mark.parametrize("path", FROZEN, ids=RELEASES)
def test_a_fork_is_told_once_and_who_does_it_is_told_no_more(path: Path, tmp_path: Path) -> None:
    settings = path.read_text(encoding="utf-8")
    [sentence] = told(tmp_path, settings)
    assert re.match(r"mkdocs.yml:\d+:1: error: pages load the scripts and styles", sentence)
    mended = without_lines(settings, sentence)
    assert told(tmp_path, mended) == []
    before, after = (yaml.load(text, yaml.BaseLoader) for text in (settings, mended))
    assert {**before, **after} == before and len(before) - len(after) == 2


@pytest.mark.parametrize("path", FROZEN, ids=RELEASES)
def test_an_inherited_file_is_named(path: Path, tmp_path: Path) -> None:
    fork = "INHERIT: base.yml\nsite_name: Ours\n"
    [sentence] = told(tmp_path, fork, path.read_text(encoding="utf-8"))
    assert sentence.startswith("base.yml:")


def test_an_entry_over_several_lines_goes_whole(tmp_path: Path) -> None:
    [sentence] = told(tmp_path, "site_name: x\n" + OURS)
    assert sentence.endswith("delete lines 2–8")


def test_what_is_a_fork_s_own_stays(tmp_path: Path) -> None:
    assert told(tmp_path, OWN) == []
    mixed = "extra_css:\n  - assets/frame/frame.css\n  - mine.css\n  - assets/brand.css\n"
    [sentence] = told(tmp_path, mixed)
    assert sentence.endswith("delete lines 2 and 4")
    assert without_lines(mixed, sentence) == "extra_css:\n  - mine.css\n"
    [sentence] = told(tmp_path, "extra_css: [mine.css, assets/frame/frame.css]\n")
    assert sentence.endswith("delete assets/frame/frame.css in line 1")


@pytest.mark.parametrize(
    "value", ["", "3", "a.css", "{a: b}", "[[a]]", "[{pth: a}]", "[{path: [a]}]"]
)
def test_a_list_of_another_kind_is_left_to_others(value: str, tmp_path: Path) -> None:
    assert told(tmp_path, f"extra_css: {value}\nsite_name: x\n") == []
