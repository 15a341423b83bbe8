"""A page drawn in its own fonts, certainly, or without them, certainly.

As readers get it, an optional font may come too late to be used, and the page is right either way.
What a test measures must not hang on that: `@BOTH_FONTS` runs it in both ways.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route

OWN, BLOCKED = "own fonts", "fonts blocked"
BOTH_FONTS = pytest.mark.parametrize("fonts", [OWN, BLOCKED], indirect=True)

TRIED = "() => Promise.allSettled([...document.fonts].map((face) => face.load())).then(() => {})"
FACE = re.compile(r"@font-face\s*\{[^}]*\}")


def draw_with(context: BrowserContext, fonts: str) -> None:
    """Let every page of a browser wait for its fonts, or know of none: neither a file to load nor
    the measures that a font of the system is scaled to.
    """
    changes = {OWN: lambda face: face.replace("optional", "block"), BLOCKED: lambda face: ""}
    context.route("**/*.css", lambda route: change_faces(route, changes[fonts]))


def change_faces(route: Route, change: Callable[[str], str]) -> None:
    response = route.fetch()
    style = FACE.sub(lambda face: change(face[0]), response.text())
    route.fulfill(response=response, body=style)


class Gate:
    """Holds back every file of a kind, fonts unless said, until it is opened."""

    def __init__(self, page: Page, files: str = "**/*.woff2") -> None:
        self.held: list[Route] = []
        self.open = False
        page.route(files, self.hold)

    def hold(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)

    def let_through(self) -> None:
        self.open = True
        for route in self.held:
            route.continue_()


def pdf_of(page: Page, size: str = "A4") -> bytes:
    """The page as a printer gets it, once its fonts are there or known to be missing."""
    page.evaluate(TRIED)
    return page.pdf(format=size, prefer_css_page_size=True)


def families_of(page: Page, selector: str) -> set[str]:
    """The fonts that the texts of an element are drawn in, as the files call themselves."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts: list[dict[str, Any]] = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})[
        "fonts"
    ]
    session.detach()
    return {font["familyName"] for font in fonts}
