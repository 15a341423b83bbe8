"""The one command as a person meets it: in a copy of the checkout, from elsewhere, with things
going wrong.
"""

import ast
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import playbook as command
from tests.support.checkout import ROOT, copy_of_checkout, playbook, share_venv
from tests.support.patience import PATIENCE, wait_until

NO_NETWORK = {
    "PIP_NO_INDEX": "1",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
}


@pytest.fixture
def fresh_copy(tmp_path: Path) -> Path:
    """The checkout without what running it has made, in a folder whose name asks for trouble."""
    return copy_of_checkout(tmp_path / "a copy #1 & ünïcode")


@pytest.fixture
def copy(fresh_copy: Path) -> Path:
    """The same, already set up: it shares this checkout's .venv."""
    return share_venv(fresh_copy)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def assert_sentence(done: "subprocess.CompletedProcess[str]", *parts: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "Traceback" not in said, said
    assert all(part in said for part in parts), said


# Setting up


def test_an_older_python_gets_a_sentence() -> None:
    source = (ROOT / "playbook.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 0, 'final', 0); runpy.run_path('playbook.py')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "The playbook needs Python 3.11 or newer; this is 3.8."


def base_python() -> str:
    """A Python outside .venv, as a person starts the command with."""
    return getattr(sys, "_base_executable", sys.executable)


def test_a_python_without_venv_gets_a_sentence(fresh_copy: Path) -> None:
    pretend = (
        "import sys, runpy; sys.modules['ensurepip'] = None; sys.argv = ['playbook.py', 'check']; "
        f"        runpy.run_path({str(fresh_copy / 'playbook.py')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [base_python(), "-c", pretend], capture_output=True, text=True, encoding="utf-8"
    )
    assert_sentence(done, "This Python lacks its venv module.", "-venv, then run this again.")
    assert not (fresh_copy / ".venv").exists()


def test_setting_up_without_a_network_gets_a_sentence_and_is_done_again(fresh_copy: Path) -> None:
    def check() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [base_python(), str(fresh_copy / "playbook.py"), "check"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **NO_NETWORK},
        )

    for _ in range(2):
        assert_sentence(
            check(),
            "Setting up, once",
            "needs a network once, and pip could not install requirements.txt",
        )
    assert not list((fresh_copy / ".venv").glob("ready-*"))


def test_a_changed_lock_asks_for_a_new_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.txt"
    monkeypatch.setattr(command, "VENV", tmp_path)
    monkeypatch.setattr(command, "VENV_PYTHON", Path(sys.executable))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    lock.write_text("one", encoding="utf-8")
    assert not command.is_ready(needs_tests=False)
    command.stamp(lock).touch()
    assert command.is_ready(needs_tests=False)
    lock.write_text("two", encoding="utf-8")
    assert not command.is_ready(needs_tests=False)


@pytest.mark.long
def test_a_fresh_copy_sets_itself_up_and_passes_both_commands(
    fresh_copy: Path, tmp_path: Path
) -> None:
    start = [base_python(), str(fresh_copy / "playbook.py")]
    with Serving([*start, "serve", "--port", str(free_port())], tmp_path) as served:
        served.wait_for("The playbook is at ", seconds=300)
        served.stop()
    done = subprocess.run(
        [*start, "test"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0 and " passed" in done.stdout.splitlines()[-1], (
        done.stdout + done.stderr
    )


# The locks


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


# build


def test_build_works_from_anywhere_and_says_where_it_built(copy: Path, tmp_path: Path) -> None:
    done = playbook("build", root=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"pages into {copy / 'site'} in " in done.stdout.splitlines()[-1]
    assert (copy / "site" / "index.html").exists()
    assert beside(copy / "site") == ["site"]


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.glob(target.name + "*"))


def test_a_failed_build_tells_everything_and_leaves_the_old_site(copy: Path) -> None:
    make_site(copy / "site", **{"404.html": "old"})
    with (copy / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n[x](#nope) <span style="x">y</span> {{ trem("nope") }}\n')
    with (copy / "docs" / "reference" / "limits.md").open("a", encoding="utf-8") as page:
        page.write("\n{% if %} [gone](gone.md)\n")
    done = playbook("build", root=copy)
    assert_sentence(
        done,
        "docs/index.md: error: 'trem' is undefined",
        "docs/reference/limits.md: error: Expected",
    )
    assert done.stdout.splitlines()[-1] == f"Not built: {copy / 'site'} is as it was."
    assert [path.name for path in (copy / "site").iterdir()] == ["404.html"]
    assert beside(copy / "site") == ["site"]


@pytest.mark.parametrize("page", ["docs/index.md", "docs/assets/brand.css", "mkdocs.yml"])
def test_a_file_that_is_not_utf_8_gets_a_sentence(page: str, copy: Path) -> None:
    with (copy / page).open("ab") as file:
        file.write("\n# é\n".encode("latin-1"))
    assert_sentence(playbook("build", root=copy), Path(page).name, "Not built.")


@pytest.mark.skipif(os.name == "nt", reason="needs a limit that only POSIX systems set")
def test_a_full_disk_gets_a_sentence_and_leaves_the_old_site(copy: Path) -> None:
    make_site(copy / "site", **{"404.html": "old"})
    pretend = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));     "
        "    sys.argv = ['playbook.py', 'build']; runpy.run_path('playbook.py',"
        " run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=copy, capture_output=True, text=True, encoding="utf-8"
    )
    assert_sentence(done, "File too large", f"Not built: {copy / 'site'} is as it was.")
    assert contents(copy / "site") == {"404.html": "old"} and beside(copy / "site") == ["site"]


def test_a_folder_with_something_else_in_it_is_never_replaced(copy: Path) -> None:
    for folder in (copy / "docs", copy, copy / "README.md"):
        assert_sentence(
            playbook("build", "--to", str(folder), root=copy), "holds something other than a site"
        )
    assert (copy / "docs" / "index.md").exists()


def test_mistakes_in_yaml_stop_a_build_before_it_starts(copy: Path) -> None:
    edit(copy / "assessments" / "gap-reading-diagnostic.yml", "title:", "titel:")
    (copy / "facts" / "rules.yml").write_text("a: [", encoding="utf-8")
    done = playbook("build", root=copy)
    assert_sentence(
        done,
        "assessments/gap-reading-diagnostic.yml:",
        "did you mean 'title'",
        "facts/rules.yml:",
        "Not built.",
    )
    assert not (copy / "site").exists()


def test_a_broken_mkdocs_yml_gets_a_sentence(copy: Path) -> None:
    edit(copy / "mkdocs.yml", "nav:", "nav: [")
    assert_sentence(playbook("build", root=copy), "mkdocs.yml", "Not built.")
    assert_sentence(playbook("serve", root=copy), "mkdocs.yml")


def test_what_interrupted_builds_left_is_cleared(copy: Path) -> None:
    for name in ("site.new", "site.old"):
        (copy / name / "deep").mkdir(parents=True)
    assert playbook("build", root=copy).returncode == 0
    assert beside(copy / "site") == ["site"]


def test_a_swap_that_was_interrupted_gives_the_old_site_back(tmp_path: Path) -> None:
    make_site(tmp_path / "site.old", **{"index.html": "old"})
    command.clear_leftovers(tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "old"


def make_site(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.mark.parametrize("held", ["nothing", "site", "site.new"])
def test_the_new_site_takes_the_place_of_the_old_even_if_a_program_holds_it(
    held: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to rename a folder with an open file in it; here the refusal is pretended."""
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == held:
            raise PermissionError(13, "is open", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    make_site(
        tmp_path / "site", **{"index.html": "old", "gone/page.html": "old", "same.css": "same"}
    )
    new = {"index.html": "new", "read/page.html": "new", "same.css": "same"}
    command.swap_in(make_site(tmp_path / "site.new", **new), tmp_path / "site")
    assert contents(tmp_path / "site") == new
    assert beside(tmp_path / "site") == ["site"]


def test_a_file_that_cannot_be_removed_stays_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "is open", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    command.remove_if_possible(tmp_path / "old.html")
    assert capsys.readouterr().out.endswith(
        "old.html is open in another program and stays until the next build.\n"
    )


# check


def test_check_is_content_with_what_ships() -> None:
    done = playbook("check")
    assert (done.returncode, done.stdout) == (0, "no errors, no warnings.\n"), (
        done.stdout + done.stderr
    )


def test_check_tells_every_problem_and_counts_them(copy: Path) -> None:
    edit(copy / "assessments" / "gap-reading-diagnostic.yml", "title:", "titel:")
    edit(copy / "facts" / "glossary.yml", "means:", "meens:")
    done = playbook("check", root=copy)
    assert done.returncode == 1
    places = re.findall(r"^(\S+\.yml):\d+:\d+: error: ", done.stdout, re.MULTILINE)
    assert {"assessments/gap-reading-diagnostic.yml", "facts/glossary.yml"} <= set(places)
    assert done.stdout.splitlines()[-1] == f"{len(places)} errors, no warnings."


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_a_file_in_another_encoding_gets_a_sentence_or_is_read(encoding: str, copy: Path) -> None:
    path = copy / "facts" / "glossary.yml"
    path.write_bytes(
        (path.read_text(encoding="utf-8") + "# é\n").encode(encoding, errors="replace")
    )
    done = playbook("check", root=copy)
    assert "Traceback" not in done.stderr and done.returncode == (
        0 if encoding == "utf-8-sig" else 1
    ), done.stdout


def test_a_terminal_without_unicode_still_gets_its_sentence(copy: Path) -> None:
    edit(copy / "facts" / "glossary.yml", "means:", "méans→🙂:")
    done = playbook("check", root=copy, PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and "Traceback" not in done.stderr and "méans→🙂" in done.stdout


@pytest.mark.parametrize("arguments", [("check",), ("build", "--to")])
def test_every_file_is_opened_with_its_encoding(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = playbook(*arguments, *([str(tmp_path / "site")] if "--to" in arguments else []))
    warned = [
        line
        for line in done.stderr.splitlines()
        if "EncodingWarning" in line and ".venv" not in line
    ]
    assert done.returncode == 0 and warned == []


# serve


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return str(answer.read().decode())


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


# The papers


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (commands,) = (action for action in command.parser()._actions if action.dest == "command")
    for name in commands.choices or ():
        assert f"playbook.py {name}" in readme, name


def test_the_changelog_begins_with_this_release() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)(?!.*not released)", changelog, re.MULTILINE)[0] == version


@pytest.mark.parametrize("folder", ["tests/vendor", "macros/publishing/vendor"])
def test_files_of_others_are_as_they_came(folder: str) -> None:
    listed = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", listed, re.MULTILINE)
    files = {path.name for path in (ROOT / folder).iterdir() if path.suffix in (".py", ".js")}
    assert {name for name, _ in rows} == files
    for name, digest in rows:
        assert hashlib.sha256((ROOT / folder / name).read_bytes()).hexdigest() == digest, name


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "python3 playbook.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 playbook.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
