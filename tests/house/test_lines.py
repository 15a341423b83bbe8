"""A line says one thing: 100 columns at most, in scripts, styles and templates too."""

from pathlib import Path

import pytest

from tests.support.checkout import ROOT

MOST_COLUMNS = 100  # of Python, ruff looks; see pyproject.toml
KINDS = {
    "docs/assets": (".js", ".css"),
    "macros": (".html", ".svg"),
    "overrides": (".html",),
}


def long_lines(path: Path) -> list[int]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [n for n, line in enumerate(lines, 1) if len(line) > MOST_COLUMNS]


@pytest.mark.parametrize("folder", KINDS)
def test_no_line_is_longer_than_one_sees(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in KINDS[folder]]
    assert files
    assert {path.name: lines for path in files if (lines := long_lines(path))} == {}


def test_a_long_line_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "long.css").write_text(f"a\n{'b' * 101}\n", encoding="utf-8")
    assert long_lines(tmp_path / "long.css") == [2]
