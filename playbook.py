"""The one command: serve, build, check, score and test this playbook. `python3 playbook.py --help`
lists everything.

The first run makes `.venv` beside this file from the hash-locked requirements; nothing is installed
elsewhere. Until then only the standard library is used. On Python older than 3.11 this file is
still read, so that it can say so: keep newer syntax out of it.
"""

import argparse
import hashlib
import importlib.util
import io
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets a sentence, not a traceback
    sys.exit(
        "The playbook needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SITE = ROOT / "site"
FIRST_PORT = 8000


def main() -> int:
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # a Windows pipe or a C locale cannot say every character of a YAML file
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options, rest = parser().parse_known_args()
    if rest and options.command != "test":
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    needs_tests = options.command in ("test", "bench")
    if not in_venv() or not is_ready(needs_tests):
        set_up(needs_tests)
    if not in_venv():
        return run_again_in_venv()
    os.environ.update(NO_MKDOCS_2_WARNING="1", DISABLE_MKDOCS_2_WARNING="true")
    code: int = options.run(options)
    return code


def parser() -> argparse.ArgumentParser:
    """Every command with its help; the README is tested to name them all."""
    top = argparse.ArgumentParser(
        prog="playbook.py",
        description="Read it, change it, publish it: the commands of this playbook.",
        epilog=EPILOG,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: object, help: str, description: str = ""
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, help=help, description=description or help[0].upper() + help[1:] + "."
        )
        sub.set_defaults(run=run)
        return sub

    sub = command("serve", serve, "show the playbook in your browser while you edit", SERVE_HELP)
    sub.add_argument(
        "--port", type=int, default=FIRST_PORT, help="port to try first (default: %(default)s)"
    )
    sub = command("build", build, "write the finished site into site/", BUILD_HELP)
    sub.add_argument(
        "--to", type=Path, default=SITE, metavar="FOLDER", help="write it there instead of site/"
    )
    sub = command(
        "check",
        check,
        "look for mistakes in the YAML files and what pages call, all at once",
        CHECK_HELP,
    )
    sub.add_argument(
        "--thorough", action="store_true", help="prove more, by trying ten times as many answers"
    )
    sub = command("score", score, "work out the result of readings, from their files", SCORE_HELP)
    sub.add_argument(
        "assessment", metavar="ASSESSMENT", help="its id, or the path of its YAML file"
    )
    sub.add_argument(
        "readings",
        metavar="READING.json",
        nargs="+",
        help="files of readings; * and ? stand for many",
    )
    sub.add_argument(
        "--csv", action="store_true", help="a table for a spreadsheet, one row a reading"
    )
    sub = command(
        "new-assessment", new_assessment, "begin an assessment of your own, and its page", NEW_HELP
    )
    sub.add_argument("id", metavar="ID", help="its file's name: lower-case words joined by dashes")
    sub.add_argument(
        "title",
        metavar="TITLE",
        nargs="?",
        default="",
        help="its title (default: the words of the ID)",
    )
    sub = command("test", test, "run every test", TEST_HELP)
    sub.add_argument("--all", action="store_true", help="also the tests that take minutes")
    command("bench", bench, "measure how fast everything is and print the figures")
    return top


EPILOG = (
    "The first run sets up .venv beside this file, which takes about a minute and needs a network"
    " once."
)
SERVE_HELP = (
    "Build the playbook and serve it on this machine only, reloading the page when a file changes."
    " What `check` finds is said with each build, and a mistake in an assessment shows as a box on"
    " its page. The content security policy is left out while serving, because live reload injects"
    " a script; `build` puts it in."
)
BUILD_HELP = (
    "Check the YAML files, build the site beside the old one, check every page, and swap it in. "
    "If anything is wrong, say everything that is, exit with 1 and leave the old site as it was."
)
CHECK_HELP = (
    "Look through assessments/ and facts/, the names that pages under docs/ call, and the"
    " navigation, and print every problem as file:line:column. Exit with 1 on errors."
)
SCORE_HELP = (
    "Print the result of a reading as JSON; of several readings, one result a line. A reading is"
    ' {"answers": {…}}, as assessments/README.md says. Exit with 1 where a result names problems,'
    " and with 2, scoring nothing, where a file is no reading of this assessment. --csv leaves out"
    " the distance, and is fast."
)
NEW_HELP = (
    "Write assessments/ID.yml, a small assessment that works and says in its comments how to go on,"
    " and its page docs/tools/ID.md, and put the page into the navigation of mkdocs.yml. Nothing is"
    " ever overwritten."
)
TEST_HELP = (
    "Look over the Python files (ruff, mypy) and run every test, in a real Chromium where a page is"
    " tested. Further arguments go to pytest: `playbook.py test -k print`."
)


# Setting up


def in_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_ready(needs_tests: bool) -> bool:
    return VENV_PYTHON.exists() and all(stamp(lock).exists() for lock in locks(needs_tests))


def locks(needs_tests: bool) -> list[Path]:
    names = ["requirements.txt", "requirements-test.txt"] if needs_tests else ["requirements.txt"]
    return [ROOT / name for name in names]


def stamp(lock: Path) -> Path:
    """A file that stands in .venv once this very lock has been installed there by this Python,
    whole.
    """
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    return VENV / "ready-{}-{}-python{}.{}".format(lock.stem, digest, *sys.version_info[:2])


def set_up(needs_tests: bool) -> None:
    base, *more = locks(needs_tests)
    if not (VENV_PYTHON.exists() and stamp(base).exists()):
        say("Setting up, once: about a minute …")
        make_venv()
        install(base)
    for lock in more:
        if not stamp(lock).exists():
            say("Setting up what the tests need, once: about a minute …")
            install(lock)


def make_venv() -> None:
    if in_venv():
        stop(
            "The lock has changed: run this again with your own Python rather than the one in"
            " .venv."
        )
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        stop(
            "This Python lacks its venv module. On Debian and Ubuntu: "
            "apt-get install python{}.{}-venv, then run this again.".format(*sys.version_info[:2])
        )
    made = run_quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        stop(f"Could not make {VENV}: {last_words(made)}")


def install(lock: Path) -> None:
    """Only what the lock names, with the hashes it names, and nothing that runs code to install
    itself.
    """
    pip = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    done = run_quietly([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)])
    if done.returncode:
        stop(
            f"Setting up needs a network once, and pip could not install {lock.name}:"
            f" {last_words(done)}"
        )
    stamp(lock).write_text("", encoding="utf-8")


def run_quietly(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace"
    )


def last_words(done: "subprocess.CompletedProcess[str]") -> str:
    """The first error of a command that failed, else its last line: one sentence is enough to act
    on.
    """
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines[-1:] or ["it said nothing"])[0][:300]


def run_again_in_venv() -> int:
    command = [str(VENV_PYTHON), *interpreter_options(), str(ROOT / "playbook.py"), *sys.argv[1:]]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    # On Windows exec returns to the shell at once, so wait here; Ctrl-C reaches the other process
    # as well.
    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def interpreter_options() -> list[str]:
    return [f"-X{name}" for name in sys._xoptions if sys._xoptions[name] is True]


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> None:
    sys.exit(sentence)


# serve


def serve(options: argparse.Namespace) -> int:
    os.environ["STRICT_MACROS"] = "false"
    from mkdocs.commands import serve as mkdocs_serve
    from mkdocs.exceptions import MkDocsException

    port = free_port(options.port)
    if port != options.port:
        say(f"Port {options.port} is taken, so this is on {port}.")
    log_to(ServeLog())
    try:
        mkdocs_serve.serve(str(ROOT / "mkdocs.yml"), dev_addr=f"127.0.0.1:{port}", strict=False)
    except MkDocsException as problem:
        stop(f"Cannot serve: {problem}")
    return 0


def free_port(first: int) -> int:
    for port in range(first, min(first + 50, 65536)):
        with socket.socket() as probe:
            if os.name == "nt":  # there SO_REUSEADDR would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE"), 1)  # noqa: B009
            else:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit(f"No free port from {first} on; name another with --port.")


class ServeLog(logging.Handler):
    """What the site generator says while serving, in plain lines."""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        address = re.search(r"Serving on (\S+)", text)
        if record.levelno >= logging.WARNING:
            say(in_plain_words(record))
        elif address:
            say(
                "Served pages carry no content security policy, because live reload injects a"
                " script; built ones do."
            )
            say(f"The playbook is at {address[1]} (Ctrl-C stops it).")
        elif "Detected file changes" in text:
            say("A file changed: building again …")
        elif "Building documentation" in text:
            tell_problems()  # also of what no page shows
        elif "Reloading browsers" in text:
            say("Done; open pages reload.")


class BuildLog(logging.Handler):
    """Warnings and worse, counted."""

    warnings = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self.warnings += 1
            say(in_plain_words(record))


def in_plain_words(record: logging.LogRecord) -> str:
    """A warning in a sentence. The macros plugin wraps its own in Markdown and adds a traceback."""
    text = record.getMessage()
    failed = re.search(r"_File_: `(.+?)`\s+_[^_]+_:? (.+?)\s*(?:```|$)", text, re.DOTALL)
    if failed is None:
        return f"{record.levelname.capitalize()}: {text}"
    return f"docs/{failed[1]}: error: {failed[2].strip('*')}"


def log_to(handler: logging.Handler) -> None:
    log = logging.getLogger("mkdocs")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)


# build


def build(options: argparse.Namespace) -> int:
    started = time.monotonic()
    target = Path(options.to).resolve()
    fresh = target.with_name(target.name + ".new")
    if is_something_else(target):
        stop(f"{target} holds something other than a site: name a folder that is new or empty.")
    if tell_problems():
        return not_built(target)
    try:
        clear_leftovers(target)
        pages = build_pages(fresh)
    except OSError as problem:  # a full disk, a file that may not be read
        say(str(problem))
        pages = None
    if pages is None:
        shutil.rmtree(fresh, ignore_errors=True)
        return not_built(target)
    swap_in(fresh, target)
    say(f"Built {pages} pages into {target} in {time.monotonic() - started:.1f} s.")
    return 0


def is_something_else(target: Path) -> bool:
    """What is built into is replaced whole, so it must be a site already, or nothing anyone would
    miss.
    """
    if not target.is_dir():
        return target.exists()
    return any(target.iterdir()) and not (target / "404.html").exists()


def not_built(target: Path) -> int:
    say(f"Not built: {target} is as it was." if target.exists() else "Not built.")
    return 1


def build_pages(folder: Path) -> "int | None":
    """Build and publish into `folder`; the number of pages, or None once every problem has been
    said.
    """
    from macros.loading.words import load_words
    from macros.publishing import publish

    warnings = generate(folder)
    if warnings is None:
        return None
    words, _ = load_words(ROOT)
    problems = publish.publish(folder, words.phrases)
    for problem in problems:
        say(problem)
    return None if warnings or problems else len(list(folder.rglob("*.html")))


def generate(folder: Path) -> "int | None":
    """Let the site generator write its pages; the number of its warnings, or None where it gave
    up.
    """
    from mkdocs.commands import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    log = BuildLog()
    log_to(log)
    # Not strict, because that stops at the first failed macro, and before our own look at the
    # pages; a warning fails the build all the same.
    os.environ["STRICT_MACROS"] = "false"
    try:
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=False)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build.build(config)
        config.plugins.on_shutdown()
    except MkDocsException as problem:
        say(str(problem))
        return None
    except UnicodeDecodeError:  # the log has named the page that is not UTF-8
        return None
    return log.warnings


def clear_leftovers(target: Path) -> None:
    """An interrupted build leaves its half beside the site; an interrupted swap leaves the old site
    there.
    """
    old = target.with_name(target.name + ".old")
    if old.exists() and not target.exists():
        old.rename(target)
    for leftover in (old, target.with_name(target.name + ".new")):
        shutil.rmtree(leftover, ignore_errors=True)


def swap_in(fresh: Path, target: Path) -> None:
    """Put the fresh site in the old one's place: two renames, or file by file where a program holds
    one open.
    """
    old = target.with_name(target.name + ".old")
    if target.exists() and not renamed(target, old):
        replace_files(fresh, target)
        return
    if not renamed(fresh, target):
        replace_files(fresh, target)
    shutil.rmtree(old, ignore_errors=True)


def renamed(source: Path, target: Path) -> bool:
    """On Windows a virus scanner or an open file refuses a rename for a moment, or for good."""
    for _ in range(5):
        try:
            source.rename(target)
        except PermissionError:
            time.sleep(0.2)
        else:
            return True
    return False


def replace_files(fresh: Path, target: Path) -> None:
    """Pages come after what they refer to, so a reader meets old or new pages, never a page without
    its style.
    """
    new = sorted(
        (path for path in fresh.rglob("*") if path.is_file()),
        key=lambda path: path.suffix == ".html",
    )
    for path in new:
        place = target / path.relative_to(fresh)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    wanted = {path.relative_to(fresh) for path in new}
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target) not in wanted:
            remove_if_possible(path)
    shutil.rmtree(fresh, ignore_errors=True)


def remove_if_possible(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        say(f"{path} is open in another program and stays until the next build.")


# check


def check(options: argparse.Namespace) -> int:
    return 1 if tell_problems(say_if_none=True, thorough=options.thorough) else 0


def tell_problems(say_if_none: bool = False, thorough: bool = False) -> bool:
    """Print every problem in the YAML files, in what pages call and in the navigation; whether one
    is an error.
    """
    from macros.checks import check

    problems = check.check_all(ROOT, thorough)
    for problem in problems:
        say(str(problem))
    errors = sum(problem.level == "error" for problem in problems)
    if problems or say_if_none:
        say(f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}.")
    return errors > 0


def count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


# score and new-assessment


def score(options: argparse.Namespace) -> int:
    from macros.commands import score

    try:
        return score.run(ROOT, options.assessment, options.readings, options.csv)
    except BrokenPipeError:  # whoever reads this has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def new_assessment(options: argparse.Namespace) -> int:
    from macros.commands import new_assessment

    return new_assessment.run(ROOT, options.id, options.title)


# test and bench


def test(options: argparse.Namespace) -> int:
    from tests.support import chromium

    try:
        os.environ["CHROMIUM"] = chromium.find_or_install(say)
    except chromium.NoChromium as problem:
        stop(str(problem))
    sources = ["playbook.py", "macros", "tests"]
    tools = {
        "ruff check": ["-m", "ruff", "check", "--quiet", *sources],
        "ruff format": ["-m", "ruff", "format", "--check", *sources],
        "mypy": ["-m", "mypy", "--no-error-summary", "playbook.py", "macros"],
    }
    unhappy = [name for name, arguments in tools.items() if run_here(arguments)]
    more = ["--all"] if options.all else []
    os.environ["PYTHONWARNDEFAULTENCODING"] = "1"  # for every process that takes tests
    if run_here(["-m", "pytest", "--numprocesses=auto", "--dist=loadfile", *more, *options.rest]):
        unhappy.append("pytest")
    if unhappy:
        say(f"Failed: {', '.join(unhappy)}.")
    return 1 if unhappy else 0


def bench(options: argparse.Namespace) -> int:
    return run_here(["-m", "tests.tools.bench"])


def run_here(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
