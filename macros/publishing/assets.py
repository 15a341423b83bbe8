"""Own scripts, styles and fonts as they are served: small, and named by what is in them.

A name that changes with the content lets a server say that a file never changes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath

from macros.publishing.bundle import ADDRESS, FOLDER, join_files
from macros.publishing.minify import MINIFIERS

# Material's own files carry their hash already; other pictures and downloads keep the names they
# are linked by.
OWN = (
    "assets/engine",
    "assets/readings",
    "assets/forms",
    "assets/frame",
    "assets/brand.css",
    FOLDER,
)
GONE = ""  # the name of a file that no page has to load


def own_assets(folder: Path) -> dict[str, Path]:
    """Every own file by its name within the site."""
    paths = (path for name in OWN for path in files_in(folder / name))
    return {
        path.relative_to(folder).as_posix(): path
        for path in paths
        if path.suffix != ".txt"  # licences
    }


def files_in(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    yield from sorted(path for path in place.rglob("*") if path.is_file())


def minify_assets(folder: Path, bundles: Collection[str]) -> list[str]:
    """Rewrite own scripts and styles in place, bundles apart, which are small. Returns problems."""
    problems: list[str] = []
    for name, path in own_assets(folder).items():
        if path.suffix in MINIFIERS and name not in bundles:
            problems += join_files(folder, name, [name])
    return problems


def name_by_content(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Rename own assets. Returns problems, and each old name with its new one."""
    assets = own_assets(folder)
    names: dict[str, str] = {}
    problems: list[str] = []
    # A style names fonts and pictures, so it can be hashed only once these have their names.
    for name in sorted(assets, key=lambda name: name.endswith(".css")):
        path = assets[name]
        if path.suffix == ".css":
            style, wrong = point_style(path.read_text(encoding="utf-8"), name, names, folder)
            path.write_text(style, encoding="utf-8", newline="\n")
            problems += wrong
        if is_empty(path):  # as brand.css is, until somebody has a brand
            names[name] = GONE
            path.unlink()
        else:
            names[name] = join(dirname(name), hashed_name(path))
            path.rename(folder / names[name])
    return problems, names


def is_empty(path: Path) -> bool:
    return path.suffix in (".js", ".css") and not path.read_bytes().strip()


def hashed_name(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return f"{path.stem}.{digest}{path.suffix}"


def point_style(
    style: str, name: str, names: Mapping[str, str], folder: Path
) -> tuple[str, list[str]]:
    """Let a style refer to the new names. It may not refer to other styles or other origins."""
    problems: list[str] = []
    if "@import" in style:
        problems.append(f"{name}: @import is not followed; name the style in mkdocs.yml.")

    def renamed(match: re.Match[str]) -> str:
        address = match["address"]
        if address.startswith(("data:", "#")):
            return match[0]
        target = normpath(join(dirname(name), address))
        if target in names:
            return f"url({relative(names[target], name)})"
        if not (folder / target).is_file():
            problems.append(f"{name}: refers to {address}, which is not a file of this site.")
        return match[0]

    return ADDRESS.sub(renamed, style), problems


def relative(target: str, page: str) -> str:
    """The address of one file of the site as seen from another."""
    there, here = target.split("/"), page.split("/")
    while len(there) > 1 and len(here) > 1 and there[0] == here[0]:
        del there[0], here[0]
    return "../" * (len(here) - 1) + "/".join(there)
