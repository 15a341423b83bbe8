"""`playbook.py build`: checked, generated beside the old site, published, and swapped in."""

from __future__ import annotations

import logging
import os
import shutil
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from macros.commands.check import tell_problems
from macros.commands.command import FINE, FOUND, MISSING_HERE, WrongCall
from macros.commands.console import progress, say
from macros.commands.generator_log import in_plain_words, log_to
from macros.commands.swap import clear_leftovers, fresh_beside, swap_in

NAME = "build"
HELP = "write the finished site into site/"
DESCRIPTION = (
    "Check the YAML files, build the site beside the old one, check every page, and swap it in. "
    "If anything is wrong, say everything that is, exit with 1 and leave the old site as it was."
)
NEEDS_TESTS = False


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write it there instead of site/")


def run(root: Path, options: Namespace) -> int:
    started = time.monotonic()
    target = (options.to or root / "site").resolve()
    fresh = fresh_beside(target)
    if is_something_else(target):
        raise WrongCall(
            f"{target} holds something other than a site: name a folder that is new or empty."
        )
    if tell_problems(root):
        return not_built(target, FOUND)
    try:
        clear_leftovers(target)
        with progress("Building"):
            pages = build_pages(root, fresh)
    except OSError as problem:  # a full disk, a file that may not be read
        say(str(problem))
        shutil.rmtree(fresh, ignore_errors=True)
        return not_built(target, MISSING_HERE)
    if pages is None:
        shutil.rmtree(fresh, ignore_errors=True)
        return not_built(target, FOUND)
    swap_in(fresh, target)
    say(f"Built {pages} pages into {target} in {time.monotonic() - started:.1f} s.")
    return FINE


def is_something_else(target: Path) -> bool:
    """What is built into is replaced whole, so it must be a site already, or nothing anyone would
    miss.
    """
    if not target.is_dir():
        return target.exists()
    return any(target.iterdir()) and not (target / "404.html").exists()


def not_built(target: Path, code: int) -> int:
    say(f"Not built: {target} is as it was." if target.exists() else "Not built.")
    return code


def build_pages(root: Path, folder: Path) -> int | None:
    """Build and publish into `folder`; the number of pages, or None once every problem has been
    said.
    """
    from macros.loading.words import load_words
    from macros.publishing import publish

    warnings = generate(root, folder)
    if warnings is None:
        return None
    words, _ = load_words(root)
    problems = publish.publish(folder, words.phrases)
    for problem in problems:
        say(problem)
    return None if warnings or problems else len(list(folder.rglob("*.html")))


def generate(root: Path, folder: Path) -> int | None:
    """Let the site generator write its pages; the number of its warnings, or None where it gave
    up.
    """
    from mkdocs.commands import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    log = BuildLog()
    log_to(log)
    # Not strict, because that stops at the first failed macro, and before our own look at the
    # pages; a warning fails the build all the same.
    os.environ["STRICT_MACROS"] = "false"
    try:
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(folder), strict=False)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build.build(config)
        config.plugins.on_shutdown()
    except MkDocsException as problem:
        say(str(problem))
        return None
    except UnicodeDecodeError:  # the log has named the page that is not UTF-8
        return None
    return log.warnings


class BuildLog(logging.Handler):
    """Warnings and worse, counted."""

    warnings = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self.warnings += 1
            say(in_plain_words(record))
