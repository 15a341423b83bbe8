"""`playbook.py serve`: the playbook in a browser, reloaded with every change that is saved."""

from __future__ import annotations

import argparse
import logging
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from macros.commands.check import tell_problems
from macros.commands.command import FINE, MissingHere, Stopped
from macros.commands.console import progress, say
from macros.commands.generator_log import in_plain_words, log_to

NAME = "serve"
HELP = "show the playbook in your browser while you edit"
DESCRIPTION = (
    "Build the playbook and serve it on this machine only, reloading the page when a file changes."
    " What `check` finds is said with each build, and a mistake in an assessment shows as a box on"
    " its page. The content security policy is left out while serving, because live reload injects"
    " a script; `build` puts it in."
)
NEEDS_TESTS = False

FIRST_PORT = 8000
LAST_PORT = 65535
MOST_TRIED = 50


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=port_of, default=FIRST_PORT, help="port to try first (default: %(default)s)"
    )


def port_of(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= LAST_PORT):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1 to {LAST_PORT}")
    return int(text)


def run(root: Path, options: argparse.Namespace) -> int:
    os.environ["STRICT_MACROS"] = "false"  # a mistake shows as a box on its page
    from mkdocs.commands import serve as mkdocs_serve
    from mkdocs.exceptions import MkDocsException

    port = free_port(options.port)
    if port != options.port:
        say(f"Port {options.port} is taken, so this is on {port}.")
    log = ServeLog(root)
    log.tell()
    log_to(log)
    for step in ("load_config", "build"):
        setattr(mkdocs_serve, step, guarded(getattr(mkdocs_serve, step), log))
    try:
        mkdocs_serve.serve(str(root / "mkdocs.yml"), dev_addr=f"127.0.0.1:{port}", strict=False)
    except MkDocsException as problem:
        raise Stopped(f"Cannot serve: {problem}") from None
    return FINE


def guarded(step: Callable[..., Any], log: ServeLog) -> Callable[..., Any]:
    """A step of the generator, which stops anyhow at some mistakes. Where they have been said it
    needs no traceback: what it raises ends the first build, and a later one with a sentence.
    """
    from mkdocs.exceptions import Abort

    def run_step(*arguments: Any, **options: Any) -> Any:
        try:
            with progress("Building"):
                return step(*arguments, **options)
        except Exception:
            if log.has_errors:
                raise Abort("the site cannot be built before that is mended.") from None
            raise

    return run_step


def free_port(first: int) -> int:
    for port in range(first, min(first + MOST_TRIED, LAST_PORT + 1)):
        with socket.socket() as probe:
            if os.name == "nt":  # there SO_REUSEADDR would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE"), 1)  # noqa: B009
            else:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise MissingHere(f"No free port from {first} on; name another with --port.")


class ServeLog(logging.Handler):
    """What the site generator says while serving, in plain lines."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.has_errors = False
        self.is_told = True  # of the next build: of the first, before the settings are loaded

    def tell(self) -> None:
        """Every problem, also of what no page shows."""
        self.has_errors = tell_problems(self.root)

    def tell_of_build(self) -> None:
        if not self.is_told:
            self.tell()
        self.is_told = False

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        address = re.search(r"Serving on (\S+)", text)
        if text.startswith("Config value "):
            return  # said already, with its place
        if record.levelno >= logging.WARNING:
            say(in_plain_words(record))
        elif address:
            say(
                "Served pages carry no content security policy, because live reload injects a"
                " script; built ones do."
            )
            say(f"The playbook is at {address[1]} (Ctrl-C stops it).")
        elif "Detected file changes" in text:
            say("A file changed: building again …")
        elif "Building documentation" in text:
            self.tell_of_build()
        elif "Reloading browsers" in text:
            say("Done; open pages reload.")
