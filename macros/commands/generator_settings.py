"""What the site generator says of its settings: for `check`, `build` and `serve`.

Which settings there are and what they can be is asked of the generator itself, so that nothing of
it stands here a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from macros.checks.configuration import SETTINGS, Complaint

MISSING = "Required configuration not provided."
UNKNOWN = "Unrecognised configuration name: "
# How MkDocs says in which setting within another the mistake is.
WITHIN = re.compile(r"(?:Plugin '([^']+)' option|Sub-option) '([^']+)': ")
WRONG_TYPE = re.compile(r"Expected type: <class '(\w+)'> but received: <class '(\w+)'>")
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
    return Complaint((), in_plain_words(message), mark=getattr(tag, "problem_mark", None))


def complaint(config: Any, key: str, message: str) -> Complaint:
    keys = [key]
    while within := WITHIN.match(message):
        keys += [name for name in within.groups() if name]
        message = message[within.end() :]
    if message.startswith(UNKNOWN):
        return Complaint(tuple(keys), f"there is no setting '{keys[-1]}'", known(config, keys[:-1]))
    if message == MISSING:
        return Complaint(tuple(keys), f"the setting '{keys[-1]}' is missing")
    return Complaint(tuple(keys), in_plain_words(message))


def known(config: Any, keys: list[str]) -> tuple[str, ...]:
    """The settings that there are within some keys; none where MkDocs has got no further."""
    try:
        if keys[:1] == ["plugins"] and len(keys) == 2:
            return names_of(config["plugins"][keys[1]].config)
        for key in keys:
            config = config[key]
        return names_of(config)
    except (AttributeError, KeyError, TypeError):
        return ()


def names_of(config: Any) -> tuple[str, ...]:
    return tuple(name for name, _ in config._schema)


def in_plain_words(message: str) -> str:
    """One line, without Python's words for types and without a traceback."""
    if wrong := WRONG_TYPE.fullmatch(message):
        wanted, actual = (TYPES.get(name, name) for name in wrong.groups())
        remedy = ": write it in quotes" if wanted == "text" and actual in IN_QUOTES else ""
        return f"this is {actual}, and should be {wanted}{remedy}"
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[0] if len(lines) == 1 else f"{lines[0].rstrip('.')}: {lines[-1]}"
