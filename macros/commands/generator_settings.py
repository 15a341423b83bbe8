"""What the site generator says of its settings: for `check`, `build` and `serve`.

Which settings there are and what they can be is asked of the generator itself, so that nothing of
it stands here a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from macros.checks.configuration import SETTINGS, Complaint
from macros.loading.suggest import suggest

MISSING = "Required configuration not provided."
UNKNOWN = "Unrecognised configuration name: "
# How MkDocs says in which setting within another the mistake is.
WITHIN = re.compile(r"(?:Plugin '([^']+)' option|Sub-option) '([^']+)': ")
# How it says that something is not installed, or that an extension could not be loaded: with a
# traceback, and in its last line Python's own word for the mistake.
NO_PLUGIN = re.compile(r'The "(.+)" plugin is not installed')
NO_THEME = re.compile(r"Unrecognised theme name: '(.+)'\. The available installed themes are: .*")
NO_EXTENSION = re.compile(r"Failed to load extension '(.+?)'\.\n(?:.*\n)*?(\w+): (.*)")
# How it says what it got, and what it wanted; and how we do.
WRONG_TYPES = {
    r"Expected type: <class '(?P<wanted>\w+)'> but received: <class '(?P<got>\w+)'>": (
        "this is {got}, and should be {wanted}"
    ),
    r"Expected a list of items, but a <class '(?P<got>\w+)'> was given\.": (
        "this is {got}, and should be a list"
    ),
    r"Expected nav to be a list, got (?:a )?(?P<got>\w+)\b.*": (
        "this is {got}, and should be a list"
    ),
    r"Expected nav to be a list, got '.*'": "this is text, and should be a list",
    r"Expected nav item to be a string or dict, got a (?P<got>\w+): .*": (
        "an entry of this is {got}, and should be a page, or a title with its pages"
    ),
    r"Expected nav item to be a dict of size 1, got dict with keys .*": (
        "an entry of this has several titles: write each after a dash of its own"
    ),
    r"Invalid type <class '(?P<got>\w+)'>\. Expected a string or key/value pairs\.": (
        "this is {got}, and should be text or a mapping"
    ),
    r"The configuration is invalid\. Expected a key-value mapping \(dict\) but received: "
    r"<class '(?P<got>\w+)'>": "this is {got}, and should be a mapping",
    r"Invalid Plugins configuration\. Expected a list or dict\.|Invalid Markdown Extensions"
    r" configuration": "this should be a list or a mapping",
}
TYPES = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a mapping",
    "NoneType": "nothing",
    "date": "a date",
}
STAND_INS = {"site_name": "x"}  # the one setting that there must be
IN_QUOTES = ("a number", "true or false", "a date")  # what becomes text so


def complaints(root: Path) -> Iterator[Complaint]:
    """What is wrong in settings that can be read. MkDocs stops at the first wrong value, so it is
    asked again without that.
    """
    from mkdocs.exceptions import ConfigurationError

    wrong: set[str] = set()
    while True:
        try:
            config = load(root / SETTINGS)
        except ConfigurationError as error:  # it is YAML, but a tag such as !!python/name fails
            yield unreadable(error)
            return
        config.update({key: STAND_INS.get(key) for key in wrong})
        errors, warnings = config.validate()
        further = [(key, error) for key, error in errors if key not in wrong]
        for key, message in further or warnings:
            yield complaint(config, str(key), str(message))
        if not further:
            return
        wrong |= {key for key, _ in further}


def load(path: Path) -> Any:
    from mkdocs.config.defaults import MkDocsConfig

    config = MkDocsConfig(config_file_path=str(path))
    with path.open("rb") as file:
        config.load_file(file)
    return config


def unreadable(error: Exception) -> Complaint:
    tag = error.__cause__ or error.__context__
    message = getattr(tag, "problem", None) or str(error)
    return Complaint((), message_in_words(message), mark=getattr(tag, "problem_mark", None))


def complaint(config: Any, key: str, message: str) -> Complaint:
    keys = [key]
    while within := WITHIN.match(message):
        keys += [name for name in within.groups() if name]
        message = message[within.end() :]
    if message.startswith(UNKNOWN):
        return unknown(keys, known(config, keys[:-1]))
    if message == MISSING:
        return Complaint(tuple(keys), f"the setting '{keys[-1]}' is missing")
    return not_installed(message) or Complaint(tuple(keys), message_in_words(message))


def unknown(keys: list[str], names: Iterable[str] | None) -> Complaint:
    suggestion = "" if names is None else suggest(keys[-1], names)
    return Complaint(tuple(keys), f"there is no setting '{keys[-1]}'", suggestion)


def known(config: Any, keys: list[str]) -> tuple[str, ...] | None:
    """The settings that there are within some keys; none where MkDocs has got no further."""
    try:
        if keys[:1] == ["plugins"] and len(keys) == 2:
            return names_of(config["plugins"][keys[1]].config)
        for key in keys:
            config = config[key]
        return names_of(config)
    except (AttributeError, KeyError, TypeError):
        return None


def names_of(config: Any) -> tuple[str, ...]:
    return tuple(name for name, _ in config._schema)


# What is not installed


def not_installed(message: str) -> Complaint | None:
    """A plugin, a theme or an extension, with the nearest name; or what an extension says of its
    settings.
    """
    from mkdocs.plugins import get_plugins
    from mkdocs.utils import get_theme_names

    if plugin := NO_PLUGIN.fullmatch(message):
        return absent(("plugins", plugin[1]), "plugin", plugin[1], get_plugins())
    if theme := NO_THEME.fullmatch(message):
        return absent(("theme", "name"), "theme", theme[1], get_theme_names())
    if extension := NO_EXTENSION.fullmatch(message):
        return of_extension(*extension.groups())
    return None


def absent(keys: tuple[str, ...], kind: str, name: str, names: Iterable[str]) -> Complaint:
    return Complaint(keys, f"the {kind} '{name}' is not installed", suggest(name, names))


def of_extension(name: str, error: str, message: str) -> Complaint:
    """`error` is Python's word for what has stopped it, and `message` what goes with it."""
    keys = ("markdown_extensions", name)
    word = message.removeprefix("No module named ").strip("'")
    if error == "ModuleNotFoundError" and f"{name}.".startswith(f"{word}."):
        return absent(keys, "extension", name, extension_names(name))
    options = extension_options(name) if error == "KeyError" else None
    if options is not None and word not in options:
        return unknown([*keys, word], options)
    return Complaint(keys, f"the extension '{name}' cannot be loaded: {message}")


def extension_names(near: str) -> list[str]:
    """Those that are installed; where there is a package that `near` begins with, those in it."""
    package = near.partition(".")[0]
    spec = find_spec(package)
    if spec is None:
        return [entry.name for entry in entry_points(group="markdown.extensions")]
    folders = spec.submodule_search_locations
    return [f"{package}.{module.name}" for module in iter_modules(folders)]


def extension_options(name: str) -> list[str] | None:
    """None where it cannot be loaded without any either."""
    from markdown import Markdown

    try:
        return list(Markdown().build_extension(name, {}).config)
    except Exception:  # an extension may raise anything
        return None


# Words


def message_in_words(message: str) -> str:
    """One line, without Python's words for types and without a traceback."""
    for pattern, sentence in WRONG_TYPES.items():
        if wrong := re.fullmatch(pattern, message):
            types = {key: TYPES.get(name, name) for key, name in wrong.groupdict().items()}
            is_bare = types.get("wanted") == "text" and types["got"] in IN_QUOTES
            return sentence.format(**types) + (": write it in quotes" if is_bare else "")
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[0] if len(lines) == 1 else f"{lines[0].rstrip('.')}: {lines[-1]}"
