"""The locks name every package with its version and its hashes, for every system."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import ROOT


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_a_lock_pins_and_hashes_every_package_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(
            r"[a-z0-9.-]+==[^ ]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry
        ), entry
    assert "://" not in text and "file:" not in text


def test_what_the_tests_install_agrees_with_what_the_site_needs() -> None:
    def pins(name: str) -> set[str]:
        return set(
            re.findall(
                r"^[a-z0-9.-]+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )

    assert pins("requirements.txt") < pins("requirements-test.txt")


PLATFORMS = {
    "Linux": [
        *(f"manylinux_2_{minor}_x86_64" for minor in range(5, 29)),
        "manylinux1_x86_64",
        "manylinux2014_x86_64",
    ],
    "Linux on ARM": [
        *(f"manylinux_2_{minor}_aarch64" for minor in range(17, 29)),
        "manylinux2014_aarch64",
    ],
    "macOS": (
        [
            f"macosx_{version}_{kind}"
            for version in ("11_0", "14_0")
            for kind in ("arm64", "universal2")
        ]
        + ["macosx_10_9_universal2", "macosx_10_13_universal2"]
    ),
    "macOS on Intel": [
        f"macosx_{version}_x86_64" for version in ("10_9", "10_12", "10_13", "11_0", "14_0")
    ],
    "Windows": ["win_amd64"],
}


@pytest.mark.long
@pytest.mark.parametrize("system", PLATFORMS)
@pytest.mark.parametrize("python", ["3.11", "3.14"])
def test_the_locks_have_a_wheel_for_every_system(python: str, system: str, tmp_path: Path) -> None:
    """Asks the package index, naming every platform tag that such a system takes."""
    tags = [f"--platform={tag}" for tag in PLATFORMS[system]]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    done = subprocess.run(
        [
            *pip,
            f"--python-version={python}",
            *tags,
            "-d",
            str(tmp_path),
            "-r",
            str(ROOT / "requirements-test.txt"),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
