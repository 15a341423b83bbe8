"""`playbook.py score`: readings in, results out. The work is in `score_files`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

NAME = "score"
HELP = "work out the result of readings, from their files"
DESCRIPTION = (
    "Print the result of a reading as JSON; of several readings, one result a line. A reading is"
    ' {"answers": {…}}, as assessments/README.md says. Exit with 1 where a result names problems,'
    " and with 2, scoring nothing, where a file is no reading of this assessment. --csv leaves out"
    " the distance, and is fast."
)
NEEDS_TESTS = False


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "assessment", metavar="ASSESSMENT", help="its id, or the path of its YAML file"
    )
    parser.add_argument(
        "readings",
        metavar="READING.json",
        nargs="+",
        help="files of readings; * and ? stand for many",
    )
    parser.add_argument(
        "--csv", action="store_true", help="a table for a spreadsheet, one row a reading"
    )


def run(root: Path, options: Namespace) -> int:
    from macros.commands.score_files import score_files

    return score_files(root, options.assessment, options.readings, options.csv)
