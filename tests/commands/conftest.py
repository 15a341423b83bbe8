"""A copy of the checkout for the tests of commands, in a folder whose name asks for trouble."""

from pathlib import Path

import pytest

from tests.support.checkout import copy_of_checkout, share_venv


@pytest.fixture
def fresh_copy(tmp_path: Path) -> Path:
    """The checkout without what running it has made, in a folder whose name asks for trouble."""
    return copy_of_checkout(tmp_path / "a copy #1 & ünïcode")


@pytest.fixture
def copy(fresh_copy: Path) -> Path:
    """The same, already set up: it shares this checkout's .venv."""
    return share_venv(fresh_copy)
