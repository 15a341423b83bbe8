"""`playbook.py test`: the Python files looked over, and every test."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from macros.commands.command import FINE, FOUND, WRONG_CALL, MissingHere
from macros.commands.console import say

NAME = "test"
HELP = "run every test"
DESCRIPTION = (
    "Look over the Python files (ruff, mypy) and run every test, in a real Chromium where a page is"
    " tested. Further arguments go to pytest: `playbook.py test -k print`."
)
NEEDS_TESTS = True

SOURCES = ("playbook.py", "macros", "tests")
LOOKS = {
    "ruff check": ("ruff", "check", "--quiet", *SOURCES),
    "ruff format": ("ruff", "format", "--check", *SOURCES),
    "mypy": ("mypy", "--no-error-summary", "playbook.py", "macros"),
}
# A test waits for a browser or a command about as long as it works itself.
PROCESSES = 2 * (os.cpu_count() or 1)
# What pytest exits with where its arguments are wrong, or choose no test.
PYTEST_WRONG_CALL = (4, 5)


def add_options(parser: ArgumentParser) -> None:
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--core",
        action="store_true",
        help="leave out what needs a Chromium, runs the command or a site generator, or goes"
        " through thousands of cases: about a minute",
    )
    extent.add_argument("--all", action="store_true", help="also the tests that take minutes")
    parser.set_defaults(rest=())  # it takes arguments that are not known here


def run(root: Path, options: Namespace) -> int:
    if not options.core:
        find_chromium()
    failed = [name for name, look in LOOKS.items() if run_python(root, "-m", *look)]
    extent = [f"--{name}" for name in ("core", "all") if getattr(options, name)]
    os.environ["PYTHONWARNDEFAULTENCODING"] = "1"  # for every process that takes tests
    pytest = ("-m", "pytest", f"--numprocesses={PROCESSES}", "--dist=loadfile")
    code = run_python(root, *pytest, *extent, *options.rest)
    if code in PYTEST_WRONG_CALL:
        return WRONG_CALL
    failed += ["pytest"] if code else []
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return FOUND if failed else FINE


def find_chromium() -> None:
    """Leaves word of it for the tests. Raises MissingHere."""
    from tests.support import chromium

    try:
        os.environ["CHROMIUM"] = chromium.find_or_install(say)
    except chromium.NoChromium as problem:
        raise MissingHere(str(problem)) from None


def run_python(root: Path, *arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=root).returncode
