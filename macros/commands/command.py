"""What a command is: the shape of its module, and how it ends."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Protocol

# What a command exits with.
FINE = 0
FOUND = 1  # it did its work and found something wrong
WRONG_CALL = 2  # it was called wrongly, or given what it cannot take; argparse exits so too
MISSING_HERE = 3  # this machine lacks something: a newer Python, a network, a Chromium, a port


class Command(Protocol):
    """A module of macros/commands that `playbook.py` offers. At its top it imports only the
    standard library, so that its help needs no set-up; `run` imports the rest.
    """

    NAME: str  # as a person types it
    HELP: str  # a line of `playbook.py --help`
    DESCRIPTION: str  # sentences of `playbook.py NAME --help`
    NEEDS_TESTS: bool  # whether it needs the packages of the tests as well

    def add_options(self, parser: ArgumentParser) -> None: ...

    def run(self, root: Path, options: Namespace) -> int:
        """Do it for the playbook in `root`; what to exit with. May raise Stopped."""


class Stopped(Exception):
    """Why a command cannot do its work: a sentence that says what to do, and the exit code."""

    code = FOUND


class WrongCall(Stopped):
    code = WRONG_CALL


class MissingHere(Stopped):
    code = MISSING_HERE
