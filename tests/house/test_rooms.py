"""Imports go one way: each room of macros/ knows only those that it stands on, and no modules go in
a circle.
"""

import ast
import runpy
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

MACROS = ROOT / "macros"
MODEL = {"model", "points"}
STANDS_ON = {
    "model": set(),
    "points": {"model"},
    "memory": set(),
    "loading": {"model"},
    "engine": MODEL,
    "rules": {*MODEL, "loading", "engine"},
    "checks": {*MODEL, "memory", "loading", "engine", "rules"},
    "html": {*MODEL, "memory", "loading", "engine"},
    "publishing": set(),
    "release": set(),
    "commands": {*MODEL, "loading", "engine", "checks", "html", "publishing"},
    "main": {"model", "release", "loading", "engine", "checks", "html"},
}
KNOW_THE_GENERATOR = {
    "main",
    "commands.build",
    "commands.serve",
    "commands.generator_settings",  # which settings there are, the generator alone knows
    "publishing",
}


def module_of(path: Path, top: Path) -> str:
    return ".".join(path.relative_to(top.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """The modules that a file names, wherever in it: `from macros.html import form` names
    macros.html.form.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def graph(top: Path) -> dict[str, set[str]]:
    """Each module under `top`, with all that it names."""
    return {
        module_of(path, top): set(imported(path))
        for path in top.rglob("*.py")
        if "vendor" not in path.parts
    }


def wrong_arrows(arrows: dict[str, set[str]]) -> list[str]:
    """The imports that no room may have; and a circle, if there is one."""
    ours = {module: names & arrows.keys() for module, names in arrows.items()}
    found = [
        f"{module} imports {name}"
        for module, names in ours.items()
        for name in names
        if (there := name.split(".")[1:2]) and (here := module.split(".")[1:2])
        if there != here and there[0] not in STANDS_ON[here[0]]
    ]
    return sorted(found)


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Modules that import each other, if there are any."""
    try:
        TopologicalSorter(
            {module: names & arrows.keys() for module, names in arrows.items()}
        ).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_each_room_imports_only_what_it_stands_on() -> None:
    assert wrong_arrows(graph(MACROS)) == []


def test_no_modules_import_each_other() -> None:
    assert circle(graph(MACROS)) == []


def test_a_wrong_arrow_and_a_circle_would_be_noticed() -> None:
    arrows = graph(MACROS)
    arrows["macros.engine.score"] |= {"macros.html.form"}
    assert wrong_arrows(arrows)[-1] == "macros.engine.score imports macros.html.form"
    arrows = graph(MACROS)
    arrows["macros.engine.evaluate"] |= {"macros.engine.score"}
    assert "macros.engine.score" in circle(arrows)


@pytest.mark.parametrize(
    "room", sorted(path.name for path in MACROS.iterdir() if list(path.glob("*.py")))
)
def test_each_room_says_what_comes_in_what_goes_out_and_who_may_import_it(room: str) -> None:
    said = (
        ast.get_docstring(ast.parse((MACROS / room / "__init__.py").read_text(encoding="utf-8")))
        or ""
    )
    assert "In:" in said and "Out:" in said and "import" in said


GENERATORS = ("mkdocs", "mkdocs_macros", "zensical", "properdocs")


def knowing(arrows: dict[str, set[str]]) -> set[str]:
    """The modules that name a site generator, but for those that may."""
    modules = {
        module.removeprefix("macros.")
        for module, names in arrows.items()
        if any(name.split(".")[0] in GENERATORS for name in names)
    }
    return {module for module in modules if not {module, module.split(".")[0]} & KNOW_THE_GENERATOR}


def test_the_site_generator_is_known_at_the_door_alone() -> None:
    assert knowing(graph(MACROS)) == set()


def test_another_room_that_knew_the_generator_would_be_noticed() -> None:
    arrows = graph(MACROS)
    arrows["macros.checks.navigation"] |= {"mkdocs.config"}
    arrows["macros.commands.check"] |= {"mkdocs.config"}
    assert knowing(arrows) == {"checks.navigation", "commands.check"}


def test_the_door_is_put_on_the_path_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a generator runs it."""
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder != str(ROOT)])
    for _ in range(2):
        runpy.run_path(str(MACROS / "main.py"))
    assert sys.path.count(str(ROOT)) == 1
