"""What a browser does not need of a script or a style: comments, white space, long names.

Scripts go through terser, which shortens the names within a function and those of private members,
and nothing that another file or a page could see. It is a script itself; dukpy runs it, since
nobody should need Node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import dukpy

TERSER = Path(__file__).parent / "vendor" / "terser.js"
MINIFY = """
var minified = null;
Terser.minify(dukpy.scripts, { ecma: 2022 }).then(
  ({ code }) => { minified = { code }; },
  ({ message, filename, line, col }) => {
    minified = { message, name: filename, line, column: col + 1 };
  });
0"""


class ScriptError(Exception):
    """A script that no browser would run: its name, and where in it what is wrong."""

    def __init__(self, name: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{name}:{line}:{column}: {message}.")
        self.name = name


@cache
def interpreter() -> Any:
    """Made when the first script comes, for all of them."""
    made = dukpy.JSInterpreter()
    made.evaljs(TERSER.read_text(encoding="utf-8") + "\n0")
    return made


def minify_scripts(scripts: Mapping[str, str]) -> str:
    """Scripts by name, as one: joined they come out smaller than one by one."""
    if not scripts:
        return ""
    interpreter().evaljs(MINIFY, scripts=scripts)
    found = interpreter().evaljs("minified")  # once what was promised is there
    if "code" not in found:
        raise ScriptError(**found)
    return f"{found['code']}\n" if found["code"] else ""


COMMENT = r"(?>/\*.*?\*/)"
STYLE_PARTS = re.compile(
    rf"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<last>(?:\s|{COMMENT})*;(?:\s|{COMMENT})*(?=\}}))
      | (?:\s|{COMMENT})*(?P<mark>[{{}};,])(?:\s|{COMMENT})*
      | (?P<colon>:)(?:\s|{COMMENT})+
      | (?P<space>(?:\s|{COMMENT})+)""",
    re.DOTALL | re.VERBOSE,
)


def minify_styles(styles: Mapping[str, str]) -> str:
    """Styles by name, as one. No more than is safe in nested rules, where libraries took
    `&:not(.a) :is(.b)` for a declaration.
    """

    def shorter(match: re.Match[str]) -> str:
        if match.lastgroup == "last":
            return ""
        if match.lastgroup != "space":
            return match[match.lastgroup or 0]
        return " " if re.sub(COMMENT, "", match["space"], flags=re.DOTALL) else "/**/"

    return STYLE_PARTS.sub(shorter, "".join(styles.values())).strip() + "\n"


MINIFIERS = {".js": minify_scripts, ".css": minify_styles}
