"""What Python cannot read in a rule, in words of ours: its own differ from one release to the
next.
"""

from __future__ import annotations

import re

from macros.loading.yaml_nodes import shorten

MOST_BRACKETS = 100  # within each other
KNOWN = (  # what authors know from elsewhere, and what to do about it
    (r"&&?|\bAND\b", "say 'and'"),
    (r"\|\|?|\bOR\b", "say 'or'"),
    (r"!(?!=)|\bNOT\b", "say 'not'"),
    (r"<>", "say '!='"),
    (r"≥", "say '>='"),
    (r"≤", "say '<='"),
    (r"≠", "say '!='"),
    (r"%", "write the number alone"),
    (r"\bis\s+in\b", "say 'in'"),
    (r"=>", "say '>='"),
    (r"=<", "say '<='"),
    (r"(?<![=!<>:])=(?!=)", "say 'is' of an answer, '==' of a number"),
    (r"\bnot\s+is\b", "say 'is not'"),
    (r"[“”„«»‘’‚]", "answers stand without quotes"),
    (r"\\", "leave it out"),
    (r"\b[0-9][0-9.]*[A-Za-z_]\w*", "it is neither a plain decimal number nor a name"),
)


def explained(text: str, offset: int) -> tuple[int, str]:
    """The place of the mistake in a rule that cannot be read from `offset` on; and a remedy."""
    bare = without_texts(text)
    slips = [(slip, remedy) for sign, remedy in KNOWN if (slip := re.search(sign, bare))]
    if slips:
        slip, remedy = min(slips, key=lambda pair: (pair[0].start(), pair[0][0], pair[1]))
        problem = f"'{shorten(slip[0])}' is not known; {remedy}"
        return slip.start(), f"this is not a rule: {problem}"
    opened, closed = bare.count("("), bare.count(")")
    if opened > MOST_BRACKETS:
        return offset, f"this is not a rule: brackets stand within more than {MOST_BRACKETS} others"
    if opened > closed:
        return offset, "this is not a rule: a bracket is opened and not closed"
    if opened < closed:
        return offset, "this is not a rule: a bracket is closed that was not opened"
    return offset, "this is not a rule: it cannot be read from here on"


def without_texts(text: str) -> str:
    """A rule with what stands in quotes blotted out."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", lambda quoted: "_" * len(quoted[0]), text)
