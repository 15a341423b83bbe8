"""The number of this release, from the one place that has it."""

import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"
RELEASE = str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
