"""The scripts of the site say what they mean: tsc finds no wrong type in them, eslint nothing that
is not wanted. Both come from npm, for the tests alone, into a folder of `.cache` that is named
after what is wanted: it outlives a run, and no copy of the checkout takes it along.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.checkout import ROOT, copy_of_checkout

HERE = ROOT / "tests" / "scripts"
NEEDED = ("package.json", "package-lock.json", "eslint.config.mjs")
WANTED = b"".join((HERE / name).read_bytes() for name in NEEDED)
CACHE = ROOT / ".cache" / "scripts"
INSTALLED = CACHE / hashlib.sha256(WANTED).hexdigest()[:16]
OLDEST = (18, 18)
Done = subprocess.CompletedProcess[str]
Look = Callable[[Path], Done]


def run(folder: Path, *command: str) -> Done:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


def reason_to_skip() -> str:
    """Why this machine cannot look over the scripts; empty once it can."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return "needs Node and npm"
    version = run(ROOT, node, "--version").stdout.strip().removeprefix("v").split(".")
    if tuple(map(int, version[:2])) < OLDEST:
        return "needs Node {}.{} or later".format(*OLDEST)
    return "" if INSTALLED.is_dir() else install(npm)


def install(npm: str) -> str:
    """What the lock names and nothing else, moved into place whole: another run may do the same.
    Returns why it could not be.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        folder = Path(name) / "whole"
        folder.mkdir()
        for file in NEEDED:
            shutil.copy(HERE / file, folder)
        done = run(folder, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        if done.returncode:
            return "npm could not fetch tsc and eslint: " + done.stderr.strip()[-200:]
        with suppress(OSError):  # the other was first
            os.rename(folder, INSTALLED)
    return ""


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    if reason := reason_to_skip():
        pytest.skip(reason)


def types(folder: Path) -> Done:
    tsc = str(INSTALLED / "node_modules" / "typescript" / "bin" / "tsc")
    return run(folder, "node", tsc, "-p", "tests/scripts/tsconfig.json")


def lint(folder: Path) -> Done:
    eslint = str(INSTALLED / "node_modules" / "eslint" / "bin" / "eslint.js")
    config = str(INSTALLED / "eslint.config.mjs")
    return run(folder, "node", eslint, "--config", config, "docs/assets")


@pytest.mark.parametrize("look", [types, lint])
def test_nothing_is_found_in_the_scripts(look: Look) -> None:
    done = look(ROOT)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and not said, said


MISTAKES = [
    (types, "forms/worksheet.js", "readings.isEmpty(", "readings.isBlank("),
    (types, "forms/view_model.js", "= result.coverage;", "= result.problems;"),
    (lint, "forms/result.js", "node.textContent = text", "node.innerHTML = text"),
]


@pytest.mark.parametrize(("look", "file", "right", "wrong"), MISTAKES)
def test_a_mistake_would_be_noticed(
    look: Look, file: str, right: str, wrong: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "docs" / "assets", tmp_path / "docs" / "assets")
    (tmp_path / "tests" / "scripts").mkdir(parents=True)
    for name in ("tsconfig.json", "types.d.ts"):
        shutil.copy(HERE / name, tmp_path / "tests" / "scripts")
    script = tmp_path / "docs" / "assets" / file
    text = script.read_text(encoding="utf-8")
    assert text.count(right) >= 1
    script.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done = look(tmp_path)
    assert done.returncode != 0 and file in done.stdout.replace(os.sep, "/")


def test_no_copy_of_the_checkout_takes_them_along(tmp_path: Path) -> None:
    copy = copy_of_checkout(tmp_path / "copy", "docs")
    assert INSTALLED.is_dir() and (copy / HERE.relative_to(ROOT) / "package.json").exists()
    assert not [path for path in copy.rglob("*") if path.name == "node_modules"]
