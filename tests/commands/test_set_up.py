"""The first run makes .venv and nothing else, however this machine is set; or it says what it
lacks.
"""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
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
    command.ready_file(lock).touch()
    assert command.is_ready(needs_tests=False)
    lock.write_text("two", encoding="utf-8")
    assert not command.is_ready(needs_tests=False)


# Settings of the machine. A small package of our own stands for all that a lock names, so that no
# network is needed; `find-links` stands for the address of a company's registry.

SENDING_ELSEWHERE = {
    "user": "true",
    "target": "elsewhere",
    "prefix": "elsewhere",
    "root": "elsewhere",
}
METADATA = "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def small_copy(fresh_copy: Path) -> Path:
    """A copy whose lock names one small package, which lies in `wheels` beside it."""
    wheels = fresh_copy.parent / "wheels"
    wheels.mkdir()
    wheel = wheels / "small-1.0-py3-none-any.whl"
    info = "small-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in command.NEEDED:
            archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{info}/METADATA", METADATA)
        archive.writestr(f"{info}/WHEEL", WHEEL)
        archive.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"small==1.0 --hash=sha256:{digest}\n"
    (fresh_copy / "requirements.txt").write_text(lock, encoding="utf-8")
    return fresh_copy


def machine(copy: Path, how: str) -> dict[str, str]:
    """The environment of a machine that says how packages are reached, and sends them elsewhere."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    reaching = {"no-index": "true", "find-links": str(copy.parent / "wheels")}
    config = copy.parent / "pip.conf"
    if how == "environment":
        config.write_text("", encoding="utf-8")
        settings = {**reaching, **SENDING_ELSEWHERE}
        plain |= {f"PIP_{k.upper().replace('-', '_')}": v for k, v in settings.items()}
        plain |= {"PYTHONPATH": str(shadowing(copy)), "PIP_PYTHON": "no-such-python"}
    else:
        lines = ["[global]", *(f"{k} = {v}" for k, v in reaching.items()), "[install]"]
        lines += [f"{k} = {v}" for k, v in SENDING_ELSEWHERE.items()]
        config.write_text("\n".join(lines), encoding="utf-8")
    return {**plain, "PIP_CONFIG_FILE": str(config), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


WRONG_ONE = "raise SystemExit('the wrong one')"


def shadowing(copy: Path) -> Path:
    """A folder with a package of the name of one that is needed, of another Python."""
    folder = copy.parent / "other packages"
    (folder / "yaml").mkdir(parents=True)
    (folder / "yaml" / "__init__.py").write_text(WRONG_ONE, encoding="utf-8")
    return folder


def set_up(copy: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            base_python(),
            "-c",
            "import playbook; playbook.is_ready(False) or playbook.set_up(False)",
        ],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def installed(copy: Path) -> list[str]:
    return [path.parent.name for path in (copy / ".venv").rglob("small-*.dist-info/METADATA")]


@pytest.mark.parametrize("how", ["environment", "pip.conf"])
def test_set_up_heeds_how_packages_are_reached_and_not_where_they_would_go(
    how: str, small_copy: Path
) -> None:
    environment = machine(small_copy, how)
    done = set_up(small_copy, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert installed(small_copy) == ["small-1.0.dist-info"]
    assert not list(small_copy.parent.rglob("elsewhere"))

    # The control: pip as this machine has it does not install there.
    python = str(small_copy / command.VENV_PYTHON.relative_to(ROOT))
    lock = str(small_copy / "requirements.txt")
    again = [python, "-m", "pip", "install", "--force-reinstall", "--require-hashes", "-r", lock]
    plain = subprocess.run(again, cwd=small_copy.parent, env=environment, capture_output=True)
    assert plain.returncode != 0


def test_the_command_runs_without_what_pythonpath_names(copy: Path) -> None:
    path = {**os.environ, "PYTHONPATH": str(shadowing(copy))}
    for python in (base_python(), sys.executable):
        start = [python, str(copy / "playbook.py"), "check"]
        done = subprocess.run(start, env=path, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0 and "the wrong one" not in done.stderr, done.stderr
    control = subprocess.run([sys.executable, "-c", "import yaml"], env=path, capture_output=True)
    assert b"the wrong one" in control.stderr


def empty(venv: Path) -> None:
    for package in venv.rglob("yaml"):
        shutil.rmtree(package)


def without_its_python(venv: Path) -> None:
    python = venv / command.VENV_PYTHON.relative_to(command.VENV)
    python.unlink()
    python.write_bytes(b"no program")


def a_file(venv: Path) -> None:
    shutil.rmtree(venv)
    venv.write_text("no folder", encoding="utf-8")


@pytest.mark.parametrize("broken", [empty, without_its_python, a_file])
def test_a_broken_venv_is_made_anew(broken: Callable[[Path], None], small_copy: Path) -> None:
    environment = machine(small_copy, "pip.conf")
    assert "Setting up" in set_up(small_copy, environment).stdout
    assert set_up(small_copy, environment).stdout == ""  # a sound one is left alone
    broken(small_copy / ".venv")
    done = set_up(small_copy, environment)
    assert done.returncode == 0 and "Setting up" in done.stdout, done.stderr
    assert installed(small_copy) and list((small_copy / ".venv").rglob("yaml"))


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
