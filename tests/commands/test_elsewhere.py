"""What the command writes is the same in every time zone and under every locale."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.checkout import ROOT, playbook

# The day begins here first and last; the letter i has other capitals, a number has a comma.
ELSEWHERE = [
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    {"TZ": "America/Adak", "LC_ALL": "C", "LANGUAGE": "de"},
]
HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
READING = {
    "date": "2026-11-20",
    "subject": "Indigo – ışık",
    "answers": {"metric_integrity": "red"},
}


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.command
@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=lambda place: place["TZ"])
def test_a_result_is_the_same(elsewhere: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "reading.json").write_text(json.dumps(READING), encoding="utf-8")
    call = ("score", "gap-reading-diagnostic", str(tmp_path / "reading.json"), "--csv")
    here, there = (playbook(*call, **environment) for environment in (HERE, elsewhere))
    assert here.stdout.count("\n") == 2 and "2026-11-20" in here.stdout and "ışık" in here.stdout
    assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, "")


def test_a_site_is_the_same(site: Path, tmp_path: Path) -> None:
    done = playbook("build", "--to", str(tmp_path / "site"), **ELSEWHERE[0])
    assert done.returncode == 0, done.stderr
    here, there = contents(site), contents(tmp_path / "site")
    assert [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)] == []


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has its own time zones")
def test_another_time_zone_would_be_noticed() -> None:
    """The control: a process takes its time zone from what these tests set."""
    hour = (sys.executable, "-c", "import time; print(time.localtime(1.6e9)[:4])")
    hours = {
        subprocess.run(hour, env={**os.environ, **place}, capture_output=True, cwd=ROOT).stdout
        for place in (HERE, *ELSEWHERE)
    }
    assert len(hours) == 3
