"""`playbook.py serve`: the playbook in a browser, reloaded with every change that is saved."""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import socket
import tempfile
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
DONE = "Done; open pages reload."
STAYS = "The pages stay as they were until that is mended."


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
    steps = vars(mkdocs_serve)
    steps["load_config"] = guarded(steps["load_config"], log)
    steps["build"] = guarded(kept_until_built(steps["build"], log), log)
    steps["LiveReloadServer"] = going_on(steps["LiveReloadServer"], log)
    try:
        mkdocs_serve.serve(str(root / "mkdocs.yml"), dev_addr=f"127.0.0.1:{port}", strict=False)
    except MkDocsException as problem:
        raise Stopped(f"Cannot serve: {problem}") from None
    return FINE


def guarded(step: Callable[..., Any], log: ServeLog) -> Callable[..., Any]:
    """A step of the generator, which stops anyhow at some mistakes. Where they have been said, what
    it raises needs no traceback.
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


def kept_until_built(build: Callable[..., None], log: ServeLog) -> Callable[..., None]:
    """A build that may fail puts back the pages that it has cleared away."""

    def build_or_restore(config: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as before:
            if log.has_errors:
                shutil.copytree(config.site_dir, before, dirs_exist_ok=True)
            try:
                build(config, **options)
            except Exception:
                shutil.copytree(before, config.site_dir, dirs_exist_ok=True)
                raise

    return build_or_restore


def going_on(make_server: Callable[..., Any], log: ServeLog) -> Callable[..., Any]:
    """A server that shows the pages as they were while a mistake that has been said keeps them
    from being built. The generator's own answers nobody meanwhile.
    """

    def make(builder: Callable[[], None], **options: Any) -> Any:
        def build_or_go_on() -> None:
            try:
                builder()
                log.is_built = True
            except Exception:
                if not log.has_errors:
                    raise
                log.is_built = False

        return make_server(builder=build_or_go_on, **options)

    return make


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
        self.is_built = True
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
            say(DONE if self.is_built else STAYS)
