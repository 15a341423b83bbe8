"""The one command: sets itself up, and does what a module of macros/commands does.
`python3 playbook.py --help` lists everything.

The first run makes `.venv` beside this file from the hash-locked requirements; nothing is installed
elsewhere. Until then only the standard library is used. On Python older than 3.11 this file is
still read, so that it can say so: keep newer syntax out of it.
"""

import argparse
import ast
import hashlib
import importlib.util
import io
import os
import re
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets a sentence, not a traceback
    sys.stderr.write(
        "The playbook needs Python 3.11 or newer; this is {}.{}.\n".format(*sys.version_info[:2])
    )
    sys.exit(3)

from macros.commands import bench, build, check, new_assessment, score, serve, test
from macros.commands.command import FINE, Command, MissingHere, Stopped
from macros.commands.console import progress, say
from macros.release import RELEASE

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
COMMANDS: "tuple[Command, ...]" = (serve, build, check, score, new_assessment, test, bench)

EXIT_CODES = (
    "Exit codes: 0, all is well; 1, something was found; 2, the call or a file that it names is"
    " wrong; 3, something is missing on this machine, such as a network for the first run."
)
EPILOG = (
    "The first run sets up .venv beside this file, which takes about a minute and needs a network"
    f" once. {EXIT_CODES}"
)


def main() -> int:
    speak_utf_8()
    options = parse(sys.argv[1:])
    try:
        if not in_venv() or not is_ready(options.command.NEEDS_TESTS):
            set_up(options.command.NEEDS_TESTS)
        if not in_venv() or REDIRECTING & os.environ.keys():
            return run_again_in_venv()
        os.environ.update(NO_MKDOCS_2_WARNING="1", DISABLE_MKDOCS_2_WARNING="true")
        code: int = options.command.run(ROOT, options)
        sys.stdout.flush()
        return code
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return stopped.code
    except BrokenPipeError:  # whoever reads this has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE


def speak_utf_8() -> None:
    """A Windows pipe or a C locale cannot say every character of a YAML file."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def parse(arguments: "list[str]") -> argparse.Namespace:
    options, rest = parser().parse_known_args(arguments)
    if rest and "rest" not in options:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def parser() -> argparse.ArgumentParser:
    """Every command with its help; the README is tested to name them all."""
    top = argparse.ArgumentParser(
        prog="playbook.py",
        description="Read it, change it, publish it: the commands of this playbook.",
        epilog=EPILOG,
    )
    top.add_argument("--version", action="version", version=RELEASE)
    chosen = top.add_subparsers(dest="name", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = chosen.add_parser(
            command.NAME, help=command.HELP, description=command.DESCRIPTION, epilog=EXIT_CODES
        )
        sub.set_defaults(command=command)
        command.add_options(sub)
    return top


# Setting up

# What may redirect where Python looks for packages, wherever it runs.
REDIRECTING = {"PYTHONPATH", "PYTHONHOME"}
# The settings of pip that say how packages are reached. All others, such as `user` or `target`, say
# where they go or which are taken, and that is for us to say.
REACHING = {
    "cert",
    "client-cert",
    "extra-index-url",
    "find-links",
    "index-url",
    "keyring-provider",
    "no-index",
    "proxy",
    "retries",
    "timeout",
    "trusted-host",
    "use-feature",
}
NEEDED = ("mkdocs", "yaml")  # packages without which nothing runs


def in_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_ready(needs_tests: bool) -> bool:
    return all(ready_file(lock).exists() for lock in locks(needs_tests)) and is_whole()


def locks(needs_tests: bool) -> list[Path]:
    names = ["requirements.txt", "requirements-test.txt"] if needs_tests else ["requirements.txt"]
    return [ROOT / name for name in names]


def ready_file(lock: Path) -> Path:
    """A file that stands in .venv once this very lock has been installed there by this Python,
    whole.
    """
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    return VENV / "ready-{}-{}-python{}.{}".format(lock.stem, digest, *sys.version_info[:2])


def set_up(needs_tests: bool) -> None:
    base, *more = locks(needs_tests)
    if not is_ready(needs_tests=False):
        say("Setting up, once: about a minute …")
        make_venv()
        install(base)
    for lock in more:
        if not ready_file(lock).exists():
            say("Setting up what the tests need, once: about a minute …")
            install(lock)


def is_whole() -> bool:
    """Whether the Python in .venv starts and finds its packages: the one that it was made from may
    be gone, and what it held may have been cleared away.
    """
    if in_venv():
        return True
    look = f"from importlib.util import find_spec; assert all(map(find_spec, {NEEDED}))"
    try:
        return run_quietly([str(VENV_PYTHON), "-I", "-c", look]).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if in_venv():
        raise MissingHere(
            "The lock has changed: run this again with your own Python rather than the one in"
            " .venv."
        )
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise MissingHere(
            "This Python lacks its venv module. On Debian and Ubuntu: "
            "apt-get install python{}.{}-venv, then run this again.".format(*sys.version_info[:2])
        )
    if VENV.is_file():
        VENV.unlink()
    with progress("Making .venv"):
        made = run_quietly([sys.executable, "-I", "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        raise MissingHere(f"Could not make {VENV}: {last_words(made)}")


def install(lock: Path) -> None:
    """Only what the lock names, with the hashes it names, and nothing that runs code to install
    itself.
    """
    only_these = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    with progress("Installing"):
        done = pip(["install", "--quiet", "--no-input", *only_these], pip_environment())
    if done.returncode:
        raise MissingHere(
            f"Setting up needs a network once, and pip could not install {lock.name}:"
            f" {last_words(done)}"
        )
    ready_file(lock).write_text("", encoding="utf-8")


def pip(
    arguments: "list[str]", environment: "dict[str, str]"
) -> "subprocess.CompletedProcess[str]":
    command = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    return run_quietly(command, environment)


def pip_environment() -> "dict[str, str]":
    """Of what this machine sets for pip, in files or in the environment, only how to reach the
    packages.
    """
    plain = {
        name: value for name, value in plain_environment().items() if not name.startswith("PIP_")
    }
    settings = {
        "PIP_" + name.upper().replace("-", "_"): value
        for name, value in pip_settings().items()
        if name in REACHING
    }
    return {**plain, "PIP_CONFIG_FILE": os.devnull, **settings}


def pip_settings() -> "dict[str, str]":
    """What pip itself says is set, by name; of what is set twice the nearest, as pip takes it."""
    environment = plain_environment()
    environment.pop("PIP_PYTHON", None)  # another Python, in which pip would run
    lines = pip(["config", "list"], environment).stdout.splitlines()  # global.timeout='60'
    found = [re.fullmatch(r"(global|install|:env:)\.([\w-]+)=(['\"].*)", line) for line in lines]
    nearest_last = sorted(
        (match for match in found if match),
        key=lambda match: ("global", "install", ":env:").index(match[1]),
    )
    return {match[2]: str(ast.literal_eval(match[3])) for match in nearest_last}


def plain_environment() -> "dict[str, str]":
    return {name: value for name, value in os.environ.items() if name not in REDIRECTING}


def run_quietly(
    command: "list[str]", environment: "dict[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
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
        os.execve(command[0], command, plain_environment())
    # On Windows exec returns to the shell at once, so wait here; Ctrl-C reaches the other process
    # as well.
    child = subprocess.Popen(command, env=plain_environment())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def interpreter_options() -> list[str]:
    return [f"-X{name}" for name in sys._xoptions if sys._xoptions[name] is True]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
