"""The checkout under test: where it is, a copy of it, and its command run as a person would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def copy_of_checkout(folder: Path, *without: str) -> Path:
    """The checkout without what running it has made, in a new folder."""
    made = (".venv", ".git", "site", "site.*", ".*_cache", ".cache", "__pycache__", "node_modules")
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*made, *without)))


def share_venv(copy: Path) -> Path:
    """A copy of the checkout that is set up already: by this checkout's .venv."""
    try:
        (copy / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let these tests make a link")
    return copy


def playbook(
    *arguments: str, root: Path = ROOT, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command as a person would, with this Python, in a process of its own."""
    command = [sys.executable, "-X", "warn_default_encoding", str(root / "playbook.py"), *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=PATIENCE,
    )
