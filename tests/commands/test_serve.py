"""`serve` shows edits and mistakes, and goes on."""

import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.commands import serve as command
from tests.support.command import Serving, edit, fetch
from tests.support.patience import wait_until


@pytest.fixture
def serving(copy: Path, tmp_path: Path) -> Iterator[Serving]:
    """Started on a port that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with Serving(
            [sys.executable, str(copy / "playbook.py"), "serve", "--port", port], tmp_path
        ) as running:
            yield running


def test_serve_shows_edits_and_mistakes_and_goes_on(serving: Serving, copy: Path) -> None:
    address = serving.address()
    assert re.search(r"Port \d+ is taken, so this is on \d+\.", serving.said())
    assert "no content security policy" in serving.said()
    page = address + "read/diagnostic.html"
    source = copy / "assessments" / "gap-reading-diagnostic.yml"
    sound = source.read_text(encoding="utf-8")
    edit(source, "title: ", "title: Zebra ")
    wait_until(lambda: fetch(page) if "Zebra" in fetch(page) else "", serving.said)
    edit(source, "title: ", "titel: ")
    wait_until(lambda: fetch(page) if "did you mean" in fetch(page) else "", serving.said)
    source.write_text(sound, encoding="utf-8")
    wait_until(lambda: fetch(page) if "did you mean" not in fetch(page) else "", serving.said)
    assert "Zebra" not in fetch(page)
    edit(copy / "facts" / "glossary.yml", "means: ", "meens: ")  # a mistake that no page shows
    wait_until(lambda: "yes" if "did you mean 'means'" in serving.said() else "", serving.said)
    assert serving.stop() in (0, 130)
    assert "Traceback" not in serving.said()


def test_a_port_is_free_or_the_next_one_is() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command.free_port(port) > port
