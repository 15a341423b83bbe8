"""`playbook.py bench`: how fast it all is, in figures. The work is in `tests/tools/bench.py`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from macros.commands.test import run_python

NAME = "bench"
HELP = "measure how fast everything is and print the figures"
DESCRIPTION = (
    "Measure how fast everything is, in a real Chromium too, and print the figures. What authors"
    " wait for is told in seconds of processor time, and beside it by the clock on the wall."
)
NEEDS_TESTS = True


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "figures",
        nargs="*",
        metavar="FIGURE",
        help="only these: `authors`, or of that `macros`, `rebuild`, `check`, `large-form`, `csv`",
    )


def run(root: Path, options: Namespace) -> int:
    return run_python(root, "-m", "tests.tools.bench", *options.figures)
