"""A reading as a file brings it → a reading that can be scored; or a sentence why not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

from macros.commands.command import WrongCall
from macros.loading.yaml_nodes import shorten
from macros.model import Assessment

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20
FORMAT = 1  # of docs/assets/readings/reading.js; a later release may write another
TEXTS = ("id", "subject", "chair", "date", "send", "next", "changed")
MAPS = ("notes", "moves")

Reading = dict[str, Any]


class Refused(WrongCall):
    """A reading that is not scored. Its text is a sentence, without the file's name."""


def read_reading(path: Path, assessment: Assessment) -> Reading:
    """The reading in a file, of this assessment. Raises Refused."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"the file cannot be read: {error.strerror}") from None
    except ValueError:  # a name that no file can have
        raise Refused("there can be no file of this name") from None
    reading: Reading = parse(data)
    check(reading, assessment)
    return reading


def parse(data: bytes) -> Any:
    """The value of a JSON text, without what another reader might read in another way. Raises
    Refused.
    """
    if len(data) > MOST_BYTES:
        raise Refused(f"the file is larger than {MOST_BYTES:,} bytes")
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=lambda text: int(_number(text)),
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError:
        raise Refused("this is not UTF-8; save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise Refused(
            f"this is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise Refused(f"this is nested more than {MOST_DEPTH} levels deep") from None
    if _is_deep(value):
        raise Refused(f"this is nested more than {MOST_DEPTH} levels deep")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in pairs:
        if key in members:
            twice = f"the key '{shorten(key)}' stands twice in one object"
            raise Refused(f"{twice}; a reader could take either")
        members[key] = value
    return members


def _number(text: str) -> float:
    """As a browser reads it: the nearest of the numbers that there are."""
    number = float(text)
    if not isfinite(number):
        raise Refused(f"the number {shorten(text)} is too large")
    return number


def _refuse_constant(name: str) -> Any:
    raise Refused(f"{name} is no number in JSON")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = list(chain.from_iterable(map(_within, level)))
        if not level:
            return False
    return True


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def check(reading: Any, assessment: Assessment) -> None:
    """Raises Refused unless a value is a reading of this assessment, or may be one."""
    if not isinstance(reading, dict) or not isinstance(reading.get("answers"), dict):
        raise Refused('this is not a reading: {"answers": {…}} is what one holds')
    named = reading.get("assessment", assessment.id)
    if named != assessment.id:
        other = f"'{shorten(named)}'" if isinstance(named, str) else "something else"
        raise Refused(f"this is a reading of {other}, not of '{assessment.id}'")
    if _whole(reading, "format", FORMAT) > FORMAT:
        raise Refused("a later release of the playbook wrote this; take that release to score it")
    version = _whole(reading, "version", assessment.version)
    if version > assessment.version:
        versions = f"version {version}, and the assessment here is at version {assessment.version}"
        raise Refused(f"this reading is newer than the assessment: it is of {versions}")


def _whole(reading: Reading, key: str, otherwise: int) -> int:
    value = reading.get(key, otherwise)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or value != int(value) or value < 1:
        raise Refused(f"'{key}' is not a whole number from 1")
    return int(value)


def misshapen(reading: Mapping[str, Any]) -> list[dict[str, str]]:
    """Problems, as a result has them, with what is not an answer: it does not stop a reading from
    being scored.
    """
    texts = [f"{key} is not text" for key in TEXTS if not isinstance(reading.get(key, ""), str)]
    maps = [f"{key} is not an object" for key in MAPS if not isinstance(reading.get(key, {}), dict)]
    return [{"question": "", "message": message} for message in (*texts, *maps)]
