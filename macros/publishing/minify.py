"""What a browser does not need of a script or a style: comments, white space, long names.

Scripts go through terser, which shortens the names within a function and nothing that another file
or a page could see. It is a script itself; dukpy runs it, since nobody should need Node.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import dukpy

TERSER = Path(__file__).parent / "vendor" / "terser.js"
MINIFY = """
var minified = null;
Terser.minify(dukpy.script, { ecma: 2020 }).then(
  ({ code }) => { minified = { code }; },
  ({ message, line, col }) => { minified = { message, line, column: col + 1 }; });
0"""


class ScriptError(Exception):
    """A script that no browser would run: what is wrong, and the line and column where it is."""


@cache
def interpreter() -> Any:
    """Made when the first script comes, for all of them."""
    made = dukpy.JSInterpreter()
    made.evaljs(TERSER.read_text(encoding="utf-8") + "\n0")
    return made


def minify_script(script: str) -> str:
    interpreter().evaljs(MINIFY, script=script)
    found = interpreter().evaljs("minified")  # once what was promised is there
    if "code" not in found:
        raise ScriptError(f"{found['line']}:{found['column']}: {found['message']}")
    return f"{found['code']}\n" if found["code"] else ""


COMMENT = r"(?>/\*.*?\*/)"
STYLE_PARTS = re.compile(
    rf"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?:\s|{COMMENT})*(?P<mark>[{{}};,])(?:\s|{COMMENT})*
      | (?P<colon>:)(?:\s|{COMMENT})+
      | (?P<space>(?:\s|{COMMENT})+)""",
    re.DOTALL | re.VERBOSE,
)


def minify_style(style: str) -> str:
    """No more than is safe in nested rules, where libraries took `&:not(.a) :is(.b)` for a
    declaration.
    """

    def shorter(match: re.Match[str]) -> str:
        if match.lastgroup != "space":
            return match[match.lastgroup or 0]
        return " " if re.sub(COMMENT, "", match["space"], flags=re.DOTALL) else "/**/"

    return STYLE_PARTS.sub(shorter, style).strip() + "\n"
