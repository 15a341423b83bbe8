"""The first run makes .venv and nothing else, however this machine is set; or it says what it
lacks.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import playbook as command
from tests.support.checkout import ROOT
from tests.support.command import Serving, assert_sentence, base_python, free_port

NO_NETWORK = {
    "PIP_NO_INDEX": "1",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
}


def test_an_older_python_gets_a_sentence() -> None:
    source = (ROOT / "playbook.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 0, 'final', 0); runpy.run_path('playbook.py')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 3
    assert done.stderr.strip() == "The playbook needs Python 3.11 or newer; this is 3.8."


def test_a_python_without_venv_gets_a_sentence(fresh_copy: Path) -> None:
    pretend = (
        "import sys, runpy; sys.modules['ensurepip'] = None; sys.argv = ['playbook.py', 'check'];"
        " runpy.run_path('playbook.py', run_name='__main__')"
    )
    done = subprocess.run(
        [base_python(), "-c", pretend],
        cwd=fresh_copy,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    why = "This Python lacks its venv module."
    assert_sentence(done, why, "-venv, then run this again.", code=3)
    assert not (fresh_copy / ".venv").exists()


def test_setting_up_without_a_network_gets_a_sentence_and_is_done_again(fresh_copy: Path) -> None:
    def check() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [base_python(), str(fresh_copy / "playbook.py"), "check"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **NO_NETWORK},
        )

    for _ in range(2):
        assert_sentence(
            check(),
            "Setting up, once",
            "needs a network once, and pip could not install requirements.txt",
            code=3,
        )
    assert not list((fresh_copy / ".venv").glob("ready-*"))


def test_a_changed_lock_asks_for_a_new_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.txt"
    monkeypatch.setattr(command, "VENV", tmp_path)
    monkeypatch.setattr(command, "VENV_PYTHON", Path(sys.executable))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    lock.write_text("one", encoding="utf-8")
    assert not command.is_ready(needs_tests=False)
    command.stamp(lock).touch()
    assert command.is_ready(needs_tests=False)
    lock.write_text("two", encoding="utf-8")
    assert not command.is_ready(needs_tests=False)


@pytest.mark.long
def test_a_fresh_copy_sets_itself_up_and_passes_both_commands(
    fresh_copy: Path, tmp_path: Path
) -> None:
    start = [base_python(), str(fresh_copy / "playbook.py")]
    with Serving([*start, "serve", "--port", str(free_port())], tmp_path) as served:
        served.wait_for("The playbook is at ")
        served.stop()
    done = subprocess.run(
        [*start, "test"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0 and " passed" in done.stdout.splitlines()[-1], (
        done.stdout + done.stderr
    )
