"""`playbook.py check`: every mistake, all at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from macros.commands.command import FINE, FOUND
from macros.commands.console import coloured, count, progress, say

NAME = "check"
HELP = "look for mistakes in the YAML files, the settings and what pages call, all at once"
DESCRIPTION = (
    "Look through assessments/ and facts/, the names that pages under docs/ call, and the"
    " settings in mkdocs.yml, and print every problem as file:line:column. Exit with 1 on errors."
)
NEEDS_TESTS = False


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--thorough", action="store_true", help="prove more, by trying ten times as many answers"
    )


def run(root: Path, options: Namespace) -> int:
    has_errors = tell_problems(root, say_if_none=True, thorough=options.thorough)
    return FOUND if has_errors else FINE


def tell_problems(root: Path, say_if_none: bool = False, thorough: bool = False) -> bool:
    """Print every problem in the YAML files, in what pages call and in the settings; whether one is
    an error.
    """
    from macros.checks.playbook_reader import check_all
    from macros.commands.generator_settings import complaints
    from macros.html.pictures import picture_names

    with progress("Checking"):
        problems = check_all(root, thorough, complaints, picture_names())
    for problem in problems:
        say(coloured(str(problem), problem.level))
    errors = sum(problem.level == "error" for problem in problems)
    if problems or say_if_none:
        say(f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}.")
    return errors > 0
