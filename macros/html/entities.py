"""Text → HTML in which every sign that could mean something is a numeric entity."""

from __future__ import annotations

import re

from markupsafe import Markup


class _Entities(dict[str, str]):
    """Each sign with its entity, once it has been met."""

    def __missing__(self, sign: str) -> str:
        self[sign] = f"&#{ord(sign)};"
        return self[sign]


SIGN = re.compile(r"[^A-Za-z0-9 .,;:-]")
ENTITIES = _Entities()


def entities(value: object) -> Markup:
    """Text as HTML that nothing after us reads as anything else. Markup stays as it is."""
    if isinstance(value, Markup):
        return value
    return Markup(as_entities(str(value)))


def as_entities(text: str, but: str = "") -> str:
    """The text with every sign an entity, `but` for one."""
    if not but:
        return SIGN.sub(lambda sign: ENTITIES[sign[0]], text)
    return SIGN.sub(lambda sign: but if sign[0] == but else ENTITIES[sign[0]], text)
