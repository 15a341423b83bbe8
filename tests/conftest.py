"""What the tests share: the site as `playbook.py build` makes it, a server for it, and a Chromium
to look at it.

site            folder of the built site (built once)
server          the site over http: server.url, and under a sub-path: server.sub_url, both ending
                in /
file_url        the site from disk, ending in /
chromium        a running Chromium (Playwright's Browser)
open_page       open_page(java_script_enabled=False, …) → a new page in a new, empty profile
page            open_page() with nothing special
problems        what went wrong in the test's pages: console errors, exceptions, breaches of
                the content security policy, requests to another origin. It must be empty when the
                test ends; a test that provokes a problem asserts it and calls problems.clear().
axe             axe(page) → list of accessibility violations, as sentences
pdf_text        pdf_text(bytes) → the text of each page of a PDF

"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.support import chromium as chromium_on_disk
from tests.support.checkout import ROOT, playbook
from tests.support.fonts import draw_with
from tests.support.patience import PATIENCE
from tests.support.server import OpenPage, ServeFolder, Server

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# marks of what the core of the tests leaves out
NOT_CORE = {"browser", "command", "sweep", "long"}
# fixtures that a command or a site generator makes
BUILT = {"site", "copy", "fresh_copy", "built", "generated"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also the tests that take minutes")
    left_out = ", ".join(sorted(NOT_CORE))
    parser.addoption("--core", action="store_true", help=f"no tests that are marked {left_out}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        asks_for = getattr(item, "fixturenames", ())
        if "chromium_path" in asks_for:
            item.add_marker("browser")
        if BUILT & {*asks_for}:
            item.add_marker("command")
    without = NOT_CORE if config.getoption("--core") else {"long"}
    if not config.getoption("--all"):
        left_out = [item for item in items if without & marks_of(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not without & marks_of(item)]


def marks_of(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "site"
    done = playbook("build", "--to", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def serve_folder() -> Iterator[ServeFolder]:
    """serve_folder(folder) → a Server of any folder, stopped when the tests end."""
    servers: list[Server] = []

    def start(folder: Path) -> Server:
        servers.append(Server(folder))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(site: Path, serve_folder: ServeFolder) -> Server:
    return serve_folder(site)


@pytest.fixture(scope="session")
def file_url(site: Path) -> str:
    return site.as_uri() + "/"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium_on_disk.find()
    if path is None:
        raise chromium_on_disk.NoChromium
    return path


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium_on_disk.launch(playwright, chromium_path)
        yield browser
        browser.close()


@pytest.fixture
def problems() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def fonts(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", ""))


@pytest.fixture
def open_page(chromium: Browser, problems: list[str], fonts: str) -> Iterator[OpenPage]:
    contexts = []

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(**options)
        if fonts:
            draw_with(context, fonts)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("page", lambda page: listen(page, problems))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def listen(page: Page, problems: list[str]) -> None:
    """Collect what a reader's browser would complain of. Breaches of the policy arrive as console
    errors.
    """
    page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
    page.on("crash", lambda _: problems.append("the page crashed"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"{message.type}: {message.text}") if message.type == "error" else None
        ),
    )
    page.on("request", lambda request: note_foreign(request, page, problems))


def note_foreign(request: Request, page: Page, problems: list[str]) -> None:
    """The one origin a page may ask is a loopback server of the tests (or its own folder)."""
    address = urlsplit(request.url)
    if address.scheme in ("data", "blob", "file", "about") or address.hostname == "127.0.0.1":
        return
    problems.append(f"request to another origin: {request.url}")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    source = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")

    def violations(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes:"
            " ['violations']})",
            AXE_TAGS,
        )
        return [
            f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return violations


@pytest.fixture(scope="session")
def pdf_text() -> Callable[[bytes], list[str]]:
    def text(pdf: bytes) -> list[str]:
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.get_textpage().get_text_range() for page in document]

    return text
