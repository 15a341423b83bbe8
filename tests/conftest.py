"""What the tests share: the site as `playbook.py build` makes it, a server for it, and a Chromium to look at it.

site            folder of the built site (built once)
server          the site over http: server.url, and under a sub-path: server.sub_url, both ending in /
file_url        the site from disk, ending in /
chromium        a running Chromium (Playwright's Browser)
open_page       open_page(java_script_enabled=False, …) → a new page in a new, empty profile
page            open_page() with nothing special
problems        what went wrong in the test's pages: console errors, exceptions, breaches of the content security
                policy, requests to another origin. It must be empty when the test ends; a test that provokes a
                problem asserts it and calls problems.clear().
axe             axe(page) → list of accessibility violations, as sentences
pdf_text        pdf_text(bytes) → the text of each page of a PDF
"""

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

import chromium as chromium_on_disk

Some = TypeVar("Some")
ROOT = Path(__file__).resolve().parent.parent
SUB_PATH = "/some/where/"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    skip = pytest.mark.skip(reason="takes minutes: playbook.py test --all")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


# A test of all pages in several ways: each page in one of them, and with --all in every one.
EVERY = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["share", "every"])


def share(pages: list[Some], every: bool, way: int, ways: int) -> list[Some]:
    """The pages that a test looks at in one of its ways."""
    return pages if every else pages[way::ways]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "site"
    done = playbook("build", "--to", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def copy_of_checkout(folder: Path, *without: str) -> Path:
    """The checkout without what running it has made, in a new folder."""
    made = (".venv", ".git", "site", "site.*", ".*_cache", ".cache", "__pycache__")
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*made, *without)))


def share_venv(copy: Path) -> Path:
    """A copy of the checkout that is set up already: by this checkout's .venv."""
    try:
        (copy / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let these tests make a link")
    return copy


def playbook(*arguments: str, root: Path = ROOT, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as a person would, with this Python, in a process of its own."""
    command = [sys.executable, "-X", "warn_default_encoding", str(root / "playbook.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}, timeout=300
    )


class Handler(SimpleHTTPRequestHandler):
    """The site at / and under a sub-path, with its own 404 page, as a static host serves it."""

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(SUB_PATH))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server:
    def __init__(self, folder: Path) -> None:
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        self.sub_url = self.url.rstrip("/") + SUB_PATH

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()


ServeFolder = Callable[[Path], Server]


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
        browser = playwright.chromium.launch(executable_path=chromium_path, args=chromium_on_disk.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def problems() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert found == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, problems: list[str]) -> Iterator[OpenPage]:
    contexts = []

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.on("page", lambda page: listen(page, problems))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def listen(page: Page, problems: list[str]) -> None:
    """Collect what a reader's browser would complain of. Breaches of the policy arrive as console errors."""
    page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
    page.on("crash", lambda _: problems.append("the page crashed"))
    page.on(
        "console",
        lambda message: problems.append(f"{message.type}: {message.text}") if message.type == "error" else None,
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
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
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
