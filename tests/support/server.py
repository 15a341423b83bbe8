"""A folder over http, at the root of a server and under a sub-path, as a static host serves it."""

import functools
import threading
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SUB_PATH = "/some/where/"


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
        self.http = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
        )
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        self.sub_url = self.url.rstrip("/") + SUB_PATH

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()


ServeFolder = Callable[[Path], Server]
OpenPage = Callable[..., Page]
