"""Pages are light: own scripts and styles, as they are served, keep to their budgets."""

import shutil
from pathlib import Path

import pytest

from tests.tools import budgets


def over(site: Path) -> list[str]:
    return [str(budget) for budget in budgets.budgets(site) if not budget.is_kept]


def test_pages_keep_to_their_budgets(site: Path) -> None:
    assert over(site) == []


def test_the_journey_is_one_of_pages_that_there_are(site: Path) -> None:
    assert all((site / name).is_file() for name in budgets.JOURNEY)
    marks = [(site / name).read_text(encoding="utf-8") for name in budgets.JOURNEY]
    assert "data-module=" not in marks[0]
    assert 'data-module="assessment"' in marks[1] and 'data-module="assessment"' in marks[3]
    assert 'data-module="worksheet"' in marks[2]


@pytest.mark.parametrize(
    ("bundle", "told"), [("frame.*.js", 4), ("assessment.*.js", 2), ("forms.*.css", 1)]
)
def test_what_is_too_heavy_would_be_told(
    bundle: str, told: int, site: Path, tmp_path: Path
) -> None:
    heavy = shutil.copytree(site, tmp_path / "site")
    (file,) = (heavy / "assets" / "playbook").glob(bundle)
    weight = "".join(f"{n * n * 7919 % 99991:x}" for n in range(9000))  # that gzip cannot fold
    with file.open("a", encoding="utf-8") as text:
        text.write(weight)
    assert len(over(heavy)) == told


def test_the_command_prints_them(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert budgets.main([str(site)]) == 0
    assert "scripts of the diagnostic" in capsys.readouterr().out


def test_a_folder_that_is_no_site_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        budgets.main([str(tmp_path)])
    assert stopped.value.code == 2
    assert "has no index.html: make it with `python3 playbook.py build`" in capsys.readouterr().err


def test_without_a_folder_it_is_the_one_beside_the_playbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(budgets, "ROOT", tmp_path)
    with pytest.raises(SystemExit):
        budgets.main([])
    assert f"{tmp_path / 'site'} has no index.html" in capsys.readouterr().err
