"""After the build: what turns a generated site into one that may be published."""

from pathlib import Path


def publish(folder: Path) -> list[str]:
    return []
