"""The macros as a page at the top of the site calls them, without a site generator."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from macros import main


def macros() -> dict[str, Callable[..., str]]:
    """Every macro by its name. Their playbook is what `main.playbook` gives when they are called
    first.
    """
    found: dict[str, Callable[..., str]] = {}

    def macro(function: Callable[..., str]) -> Callable[..., str]:
        found[function.__name__] = function
        return function

    env: Any = SimpleNamespace(
        conf={"site_name": "x"}, config={}, page=SimpleNamespace(url="index.html"), macro=macro
    )
    main.define_env(env)
    return found
