"""What a browser does not need of a script or a style: comments and white space."""

from __future__ import annotations

import re

from macros.publishing.vendor.rjsmin import jsmin


def minify_script(script: str) -> str:
    """rjsmin takes a template literal within a template literal for code, so a script with one is
    left as it is.
    """
    nested = re.search(r"`[^`]*\$\{[^`}]*`", script)
    return script if nested else str(jsmin(script)) + "\n"


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
