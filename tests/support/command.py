"""What the tests of commands share: what a run said, files to begin with, a `serve` to talk to."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.support.patience import PATIENCE, wait_until


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def assert_sentence(done: "subprocess.CompletedProcess[str]", *parts: str, code: int = 1) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == code and "Traceback" not in said, said
    assert all(part in said for part in parts), said


def base_python() -> str:
    """A Python outside .venv, as a person starts the command with."""
    return getattr(sys, "_base_executable", sys.executable)


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.glob(target.name + "*"))


def make_site(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


class Serving:
    """A `serve` in a process of its own, its output in a file that can be waited on."""

    def __init__(self, start: list[str], folder: Path) -> None:
        self.log = folder / "serve.log"
        # Tests that run in the background of a shell ignore Ctrl-C, and what they start would, too.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                start, stdout=output, stderr=subprocess.STDOUT, cwd=folder
            )

    def __enter__(self) -> "Serving":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, text: str) -> str:
        return wait_until(lambda: self.said() if text in self.said() else "", self.said)

    def address(self) -> str:
        found = re.search(r"The playbook is at (\S+)", self.wait_for("(Ctrl-C stops it)"))
        assert found
        return found[1]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
