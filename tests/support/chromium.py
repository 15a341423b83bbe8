"""Find a Chromium for the tests, or install one: the same answer for command and fixtures.

What it is started with is the same on every machine too: `FLAGS`, and in `environment()` the fonts
that it sees.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command asks for a Chromium before Playwright is there
    from playwright.sync_api import Browser, Playwright

# A new profile, no sandbox (CI runs as root), and none of a browser's own calls home.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# First the one without windows: a new page costs it half as much.
NAMES = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
]
USUAL_PLACES = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]


class NoChromium(Exception):
    def __init__(self) -> None:
        super().__init__(
            "The tests need a Chromium: install one, or set CHROMIUM to the path of Chromium,"
            " Chrome or Edge."
        )


def find() -> str | None:
    return next((path for path in candidates() if runs(path)), None)


def find_or_install(say: Callable[[str], None]) -> str:
    found = find()
    if found is None:
        say("The tests need a Chromium: fetching one, once …")
        fetch_with_playwright()
        found = find()
    if found is None and may_use_apt():
        say("Installing Debian's chromium …")
        install_with_apt()
        found = find()
    if found is None:
        raise NoChromium
    return found


def launch(playwright: Playwright, path: str | None) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=FLAGS, env={**environment()})


def candidates() -> Iterator[str]:
    if os.environ.get("CHROMIUM"):
        yield os.environ["CHROMIUM"]
    yield from filter(None, map(shutil.which, NAMES))
    yield from USUAL_PLACES
    yield from filter(None, [playwrights_own()])


ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def playwrights_own() -> str | None:
    """Where Playwright keeps a browser that it fetched, whether or not it is there.

    Asked in a process of its own: on a bare Debian its driver does not start, for want of
    libatomic.
    """
    asked = subprocess.run(
        [sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, encoding="utf-8"
    )
    return asked.stdout.strip() or None


def runs(path: str) -> bool:
    """A browser without its system libraries is there but does not start, so start it."""
    if not Path(path).exists():
        return False
    if os.name == "nt":  # there --version opens a window and prints nothing
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=600).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fetch_with_playwright() -> None:
    run_quietly([sys.executable, "-m", "playwright", "install", "chromium"])


def may_use_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_with_apt() -> None:
    """A Debian before 12 has no `chromium-headless-shell`."""
    run_quietly(["apt-get", "update"])
    for name in NAMES[:2]:
        if run_quietly(["apt-get", "install", "-y", "--no-install-recommends", name, "libatomic1"]):
            return


def run_quietly(command: list[str]) -> bool:
    """Whether the command did what it should."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, capture_output=True, env=quiet, timeout=1800).returncode == 0
    except subprocess.TimeoutExpired:
        return False


# Fonts: DejaVu alone, which a Debian's Chromium brings. It is the widest in common use, so a page
# that holds with it holds with any.

FONT_FOLDERS = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"]
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


@functools.cache
def environment() -> dict[str, str | float | bool]:
    """What the tests' Chromium is started in: as this process, and of all fonts DejaVu alone."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {**os.environ, **fonts_alone(folder, dejavu())}


def dejavu() -> list[Path]:
    """This machine's DejaVu: none on macOS and Windows, where Chromium asks the system."""
    if not sys.platform.startswith("linux"):
        return []
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return sorted(path for folder in folders for path in folder.rglob("DejaVu*.ttf"))


def fonts_alone(folder: Path, fonts: list[Path]) -> dict[str, str]:
    """Let fontconfig see these fonts and no other. Returns the variable that names its settings.

    Without fonts nothing is said: a browser that sees none draws nothing.
    """
    if not fonts:
        return {}
    for name, path in {path.name: path for path in fonts}.items():
        (folder / name).symlink_to(path)
    settings = folder / "fonts.conf"
    settings.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(settings)}
