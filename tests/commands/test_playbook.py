"""The one command: its help, how it ends, and that the papers say the same."""

import hashlib
import re
import subprocess
import tomllib
from argparse import Namespace
from pathlib import Path

import pytest

import playbook as command
from macros.commands import serve
from macros.commands import test as run_tests
from macros.commands.command import MissingHere
from tests.support import chromium
from tests.support.checkout import ROOT, playbook
from tests.support.command import base_python, edit

NAMES = [command.NAME for command in command.COMMANDS]


# Help


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), *((n, "--help") for n in NAMES)]
)
def test_help_and_version_need_no_set_up(arguments: tuple[str, ...], fresh_copy: Path) -> None:
    """Of a Python that knows the standard library alone: -S leaves installed packages out."""
    start = [base_python(), "-S", str(fresh_copy / "playbook.py")]
    done = subprocess.run([*start, *arguments], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0 and done.stdout and done.stderr == ""
    assert not (fresh_copy / ".venv").exists()


def test_version_is_that_of_the_project() -> None:
    assert playbook("--version").stdout.strip() == project_version()


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_each_command_says_how_it_ends(name: str) -> None:
    text = " ".join(playbook(name, "--help").stdout.split())
    assert all(f" {code}, " in text.partition("Exit codes:")[2] for code in range(4)), text


# Exit codes: 0 and 1 of each command are proven with its work


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("chek",),
        ("check", "--thoruogh"),
        ("serve", "--port", "80000"),
        ("serve", "--port", "x"),
        ("build", "--to", str(ROOT / "docs")),
        ("score", "gap-reading-diagnostic"),
        ("score", "gap-reading-diagnostik", "reading.json"),
        ("score", "gap-reading-diagnostic", "missing.json"),
        ("new-assessment", "Not An Id"),
        ("new-assessment", "gap-reading-diagnostic"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2_and_says_so_to_people_alone(arguments: tuple[str, ...]) -> None:
    done = playbook(*arguments)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert done.stderr


def test_check_ends_with_0_or_1(copy: Path) -> None:
    assert playbook("check", root=copy).returncode == 0
    edit(copy / "facts" / "rules.yml", "value:", "valeu:")
    assert playbook("check", root=copy).returncode == 1


def test_what_this_machine_lacks_ends_with_3(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No port is free, no Chromium is found; Python and network are in test_set_up.py."""
    monkeypatch.setattr(serve, "MOST_TRIED", 0)
    with pytest.raises(MissingHere) as no_port:
        serve.run(copy, Namespace(port=8000))
    monkeypatch.setattr(chromium, "find_or_install", no_chromium)
    with pytest.raises(MissingHere) as no_browser:
        run_tests.run(copy, Namespace(core=False, all=False, rest=[]))
    assert no_port.value.code == no_browser.value.code == 3


def no_chromium(say: object) -> str:
    raise chromium.NoChromium


@pytest.mark.parametrize(
    ("looks", "pytests", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (0, 4, 2), (0, 5, 2)]
)
def test_test_ends_as_its_tools_do(
    looks: int, pytests: int, code: int, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_python(root: Path, *arguments: str) -> int:
        return pytests if "pytest" in arguments else looks

    monkeypatch.setattr(chromium, "find_or_install", lambda say: "chromium")
    monkeypatch.setattr(run_tests, "run_python", run_python)
    monkeypatch.setenv("CHROMIUM", "")
    monkeypatch.setenv("PYTHONWARNDEFAULTENCODING", "")
    assert run_tests.run(copy, Namespace(core=False, all=False, rest=[])) == code


# The papers


def project_version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for offered in command.COMMANDS:
        assert f"playbook.py {offered.NAME}" in readme, offered.NAME


def test_the_changelog_begins_with_this_release() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0].rstrip(",") == project_version()


@pytest.mark.parametrize("folder", ["tests/vendor", "macros/publishing/vendor"])
def test_files_of_others_are_as_they_came(folder: str) -> None:
    listed = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", listed, re.MULTILINE)
    files = {path.name for path in (ROOT / folder).iterdir() if path.suffix in (".py", ".js")}
    assert {name for name, _ in rows} == files
    for name, digest in rows:
        assert hashlib.sha256((ROOT / folder / name).read_bytes()).hexdigest() == digest, name


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "python3 playbook.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 playbook.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
