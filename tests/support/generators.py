"""The site as one of the generators makes it by itself, before it is published."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.checkout import copy_of_checkout

GENERATORS = ["mkdocs", "properdocs", "zensical"]
# Of what generators say about each other, nothing.
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


def copy_to_generate(folder: Path) -> Path:
    """The sources of the site and what builds them, in a new folder."""
    return copy_of_checkout(folder, "tests")


def generated_by(generator: str, root: Path) -> Path:
    """The site that a generator makes of these sources."""
    done = subprocess.run(
        [sys.executable, "-m", generator, "build", "-f", "mkdocs.yml"],
        cwd=root,
        env=QUIET,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return root / "site"
