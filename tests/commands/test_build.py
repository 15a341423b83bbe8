"""A build is whole or leaves the old site as it was, and says everything that is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import playbook
from tests.support.command import assert_sentence, beside, contents, edit, make_site


def test_build_works_from_anywhere_and_says_where_it_built(copy: Path, tmp_path: Path) -> None:
    done = playbook("build", root=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"pages into {copy / 'site'} in " in done.stdout.splitlines()[-1]
    assert (copy / "site" / "index.html").exists()
    assert beside(copy / "site") == ["site"]


def test_a_failed_build_tells_everything_and_leaves_the_old_site(copy: Path) -> None:
    make_site(copy / "site", **{"404.html": "old"})
    with (copy / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n[x](#nope) <span style="x">y</span> {{ trem("nope") }}\n')
    with (copy / "docs" / "reference" / "limits.md").open("a", encoding="utf-8") as page:
        page.write("\n{% if %} [gone](gone.md)\n")
    done = playbook("build", root=copy)
    assert_sentence(
        done,
        "docs/index.md: error: 'trem' is undefined",
        "docs/reference/limits.md: error: Expected",
    )
    assert done.stdout.splitlines()[-1] == f"Not built: {copy / 'site'} is as it was."
    assert [path.name for path in (copy / "site").iterdir()] == ["404.html"]
    assert beside(copy / "site") == ["site"]


@pytest.mark.parametrize("page", ["docs/index.md", "docs/assets/brand.css", "mkdocs.yml"])
def test_a_file_that_is_not_utf_8_gets_a_sentence(page: str, copy: Path) -> None:
    with (copy / page).open("ab") as file:
        file.write("\n# é\n".encode("latin-1"))
    assert_sentence(playbook("build", root=copy), Path(page).name, "Not built.")


@pytest.mark.skipif(os.name == "nt", reason="needs a limit that only POSIX systems set")
def test_a_full_disk_gets_a_sentence_and_leaves_the_old_site(copy: Path) -> None:
    make_site(copy / "site", **{"404.html": "old"})
    pretend = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        " sys.argv = ['playbook.py', 'build']; "
        " runpy.run_path('playbook.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=copy, capture_output=True, text=True, encoding="utf-8"
    )
    assert_sentence(done, "File too large", f"Not built: {copy / 'site'} is as it was.", code=3)
    assert contents(copy / "site") == {"404.html": "old"} and beside(copy / "site") == ["site"]


def test_a_folder_with_something_else_in_it_is_never_replaced(copy: Path) -> None:
    for folder in (copy / "docs", copy, copy / "README.md"):
        assert_sentence(
            playbook("build", "--to", str(folder), root=copy),
            "holds something other than a site",
            code=2,
        )
    assert (copy / "docs" / "index.md").exists()


def test_mistakes_in_yaml_stop_a_build_before_it_starts(copy: Path) -> None:
    edit(copy / "assessments" / "gap-reading-diagnostic.yml", "title:", "titel:")
    (copy / "facts" / "rules.yml").write_text("a: [", encoding="utf-8")
    done = playbook("build", root=copy)
    assert_sentence(
        done,
        "assessments/gap-reading-diagnostic.yml:",
        "did you mean 'title'",
        "facts/rules.yml:",
        "Not built.",
    )
    assert not (copy / "site").exists()


@pytest.mark.parametrize("arguments", [("check",), ("build", "--to")])
def test_every_file_is_opened_with_its_encoding(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = playbook(*arguments, *([str(tmp_path / "site")] if "--to" in arguments else []))
    warned = [
        line
        for line in done.stderr.splitlines()
        if "EncodingWarning" in line and ".venv" not in line
    ]
    assert done.returncode == 0 and warned == []
