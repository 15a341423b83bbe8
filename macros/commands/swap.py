"""A fresh site takes the place of the old one, whatever was interrupted or is held open."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from macros.commands.console import say


def fresh_beside(target: Path) -> Path:
    return target.with_name(target.name + ".new")


def old_beside(target: Path) -> Path:
    return target.with_name(target.name + ".old")


def clear_leftovers(target: Path) -> None:
    """An interrupted build leaves its half beside the site; an interrupted swap leaves the old site
    there.
    """
    old = old_beside(target)
    if old.exists() and not target.exists():
        old.rename(target)
    for leftover in (old, fresh_beside(target)):
        shutil.rmtree(leftover, ignore_errors=True)


def swap_in(fresh: Path, target: Path) -> None:
    """Put the fresh site in the old one's place: two renames, or file by file where a program holds
    one open.
    """
    old = old_beside(target)
    if target.exists() and not rename(target, old):
        replace_files(fresh, target)
        return
    if not rename(fresh, target):
        replace_files(fresh, target)
    shutil.rmtree(old, ignore_errors=True)


def rename(source: Path, target: Path) -> bool:
    """Whether it could be renamed: on Windows a virus scanner or an open file refuses that for a
    moment, or for good.
    """
    for _ in range(5):
        try:
            source.rename(target)
        except PermissionError:
            time.sleep(0.2)
        else:
            return True
    return False


def replace_files(fresh: Path, target: Path) -> None:
    """Pages come after what they refer to, so a reader meets old or new pages, never a page without
    its style.
    """
    files = [path for path in fresh.rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda path: path.suffix == ".html"):
        place = target / path.relative_to(fresh)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    wanted = {path.relative_to(fresh) for path in files}
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target) not in wanted:
            remove_if_possible(path)
    shutil.rmtree(fresh, ignore_errors=True)


def remove_if_possible(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        say(f"{path} is open in another program and stays until the next build.")
