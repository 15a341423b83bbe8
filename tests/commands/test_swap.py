"""A fresh site takes the old one's place, whatever was interrupted or is held open."""

import time
from pathlib import Path

import pytest

from macros.commands import swap as command
from tests.support.checkout import playbook
from tests.support.command import beside, contents, make_site


def test_what_interrupted_builds_left_is_cleared(copy: Path) -> None:
    for name in ("site.new", "site.old"):
        (copy / name / "deep").mkdir(parents=True)
    assert playbook("build", root=copy).returncode == 0
    assert beside(copy / "site") == ["site"]


def test_a_swap_that_was_interrupted_gives_the_old_site_back(tmp_path: Path) -> None:
    make_site(tmp_path / "site.old", **{"index.html": "old"})
    command.clear_leftovers(tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("held", ["nothing", "site", "site.new"])
def test_the_new_site_takes_the_place_of_the_old_even_if_a_program_holds_it(
    held: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to rename a folder with an open file in it; here the refusal is pretended."""
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == held:
            raise PermissionError(13, "is open", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    make_site(
        tmp_path / "site", **{"index.html": "old", "gone/page.html": "old", "same.css": "same"}
    )
    new = {"index.html": "new", "read/page.html": "new", "same.css": "same"}
    command.swap_in(make_site(tmp_path / "site.new", **new), tmp_path / "site")
    assert contents(tmp_path / "site") == new
    assert beside(tmp_path / "site") == ["site"]


def test_a_file_that_cannot_be_removed_stays_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "is open", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    command.remove_if_possible(tmp_path / "old.html")
    assert capsys.readouterr().out.endswith(
        "old.html is open in another program and stays until the next build.\n"
    )
