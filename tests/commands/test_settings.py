"""What is wrong with the site's settings is said by `check`, `build` and `serve`, without a
traceback; `serve` goes on where the site can be made.
"""

import sys
from functools import partial
from pathlib import Path

import pytest

from macros.commands.serve import DONE, STAYS
from tests.support.checkout import ROOT, playbook
from tests.support.command import Serving, assert_sentence, edit, fetch, free_port
from tests.support.patience import wait_until

MISTAKES = {
    "a bracket": ("mkdocs.yml", "nav:", "nav: [", "mkdocs.yml:", "is not closed"),
    "a type": ("mkdocs.yml", "use_directory_urls: false", "use_directory_urls: maybe")
    + ("mkdocs.yml:", "should be true or false"),
    "a title": ("docs/pitfalls.md", "title:", "title: 2026\nwas:", "docs/pitfalls.md:2:8: error:"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_command_says_it_with_its_place(mistake: str, copy: Path) -> None:
    file, old, new, *parts = MISTAKES[mistake]
    edit(copy / file, old, new)
    for command in ("check", "build"):
        assert_sentence(playbook(command, root=copy), *parts)
    assert_sentence(
        playbook("serve", "--port", str(free_port()), root=copy), *parts, "Cannot serve"
    )


def test_serve_says_mistakes_in_settings_while_it_runs_and_goes_on(
    copy: Path, tmp_path: Path
) -> None:
    """An unknown setting stops no page; what does, leaves them as they were until it is mended."""
    edit(copy / "mkdocs.yml", "site_name:", "site_nmae: x\nsite_name:")
    start = [sys.executable, str(copy / "playbook.py"), "serve", "--port", str(free_port())]
    with Serving(start, tmp_path) as serving:
        address = serving.address()
        assert serving.said().count("did you mean 'site_name'?") == 1
        assert "Config value" not in serving.said()
        for times, (path, old, new) in enumerate(
            [
                (copy / "docs" / "pitfalls.md", "title:", "title: 2026\nwas:"),
                (copy / "mkdocs.yml", "nav:", "nav: ["),
                (copy / "mkdocs.yml", "nav:", "nav: !ENVV"),
            ],
            1,
        ):
            edit(path, old, new)
            wait_until(partial(said, serving, STAYS, times), serving.said)
            assert "<h1" in fetch(address + "read/diagnostic.html")
            edit(path, new, old)
            wait_until(partial(said, serving, DONE, times), serving.said)
        (copy / "mkdocs.yml").rename(copy / "away.yml")
        wait_until(partial(said, serving, STAYS, 4), serving.said)
        assert "mkdocs.yml:1:1: error: this file is missing" in serving.said()
        assert "Traceback" not in serving.said()


def said(serving: Serving, sentence: str, times: int) -> bool:
    return serving.said().count(sentence) == times


FROZEN = sorted((ROOT / "tests" / "data" / "released").glob("*/mkdocs.yml"))


@pytest.mark.parametrize("is_inherited", [False, True], ids=["own", "inherited"])
@pytest.mark.parametrize("path", FROZEN, ids=[path.parent.name for path in FROZEN])
def test_settings_that_name_our_scripts_get_a_sentence_and_serve_goes_on(
    path: Path, is_inherited: bool, copy: Path, tmp_path: Path
) -> None:
    name = "upstream.yml" if is_inherited else "mkdocs.yml"
    (copy / "mkdocs.yml").write_text("INHERIT: upstream.yml\n", encoding="utf-8")
    (copy / name).write_bytes(path.read_bytes())
    for command in ("check", "build"):
        done = playbook(command, root=copy)
        assert_sentence(done, f"{name}:", ": delete lines ")
        assert done.stdout.count("pages load the scripts and styles") == 1
    start = [sys.executable, str(copy / "playbook.py"), "serve", "--port", str(free_port())]
    with Serving(start, tmp_path) as serving:
        serving.address()
        assert serving.said().count("pages load the scripts and styles") == 1
