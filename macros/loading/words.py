"""assessments/words.yml, and over it assessments/engagement/words.yml → `Words`, or every problem
with its place.

The first holds every phrase and is ours; what is filled in where is read off it. The second is a
fork's and holds only what is said differently there, so that it needs no new line at an update.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from macros.loading import structure, yaml_nodes
from macros.loading.structure import SourceFile
from macros.loading.suggest import suggest
from macros.loading.yaml_nodes import Place, shorten

Phrase = str | dict[str, str]  # by the plural form where a number decides it

BRACES = re.compile(r"\{(\w+)\}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FORMS = ("zero", "one", "two", "few", "many", "other")
OUR_WORDS = Path("assessments", "words.yml")
OWN_WORDS = Path("assessments", "engagement", "words.yml")
EARLIER = (
    "this file has no 'page' and 'script', so it is of an earlier release: take ours over as it is,"
    f" and write the phrases that you changed into {OWN_WORDS.as_posix()}"
)


@dataclass(frozen=True)
class Words:
    """Every phrase by its key: what is written into pages, and what their scripts say."""

    language: str
    page: dict[str, Phrase]
    script: dict[str, Phrase]

    @property
    def phrases(self) -> dict[str, Phrase]:
        return {"language": self.language, **self.page, **self.script}

    @property
    def for_scripts(self) -> dict[str, Phrase]:
        """What a page takes along for its scripts."""
        return {"language": self.language, **self.script}

    def phrase(self, key: str, **values: Any) -> str:
        """A phrase with its {braces} filled in. Raises LookupError for one that is not there."""
        entry = self.page.get(key) or self.script.get(key)
        if not entry:
            remedy = f"a phrase of your own belongs into {OWN_WORDS.as_posix()}"
            raise LookupError(f"{OUR_WORDS.as_posix()} has no '{key}'; {remedy}")
        text = entry if isinstance(entry, str) else entry["other"]
        # In one pass, so that braces in what is filled in stay as they are.
        return BRACES.sub(lambda brace: str(values.get(brace[1], brace[0])), text)


def load_words(root: Path) -> tuple[Words, list[SourceFile]]:
    """The words under `root`, and their files with all problems."""
    file = SourceFile(root / OUR_WORDS, root)
    words = _load_ours(file)
    path = root / OWN_WORDS
    if not path.exists():
        return words, [file]
    own_file = SourceFile(path, root)
    phrases: dict[str, Phrase] = structure.load(own_file, dict[str, Phrase]) or {}
    if file.broken:  # then nothing can be said of what stands over it
        return words, [file, own_file]
    return _with_own(words, dict(_showable(phrases, words, own_file))), [file, own_file]


def _load_ours(file: SourceFile) -> Words:
    node = structure.nodes(file)
    parts = {key.text for key, _ in node.items} if isinstance(node, yaml_nodes.Mapping) else set()
    if parts and not parts & {"page", "script"}:
        file.problem(Place(1, 1), EARLIER)
    if node is None or file.broken:
        return structure.blank(Words)  # type: ignore[no-any-return]
    words: Words = structure.structure(file, node, Words, (), {})
    _check_language(words.language, file)
    for part in ("page", "script"):
        for key, phrase in getattr(words, part).items():
            _check_forms(phrase, file, part, key)
    return words


def _with_own(words: Words, phrases: Mapping[str, Phrase]) -> Words:
    """The words, said as a fork says them."""
    return replace(
        words,
        language=str(phrases.get("language", words.language)),
        page={key: phrases.get(key, phrase) for key, phrase in words.page.items()},
        script={key: phrases.get(key, phrase) for key, phrase in words.script.items()},
    )


def _showable(
    phrases: Mapping[str, Phrase], words: Words, file: SourceFile
) -> Iterator[tuple[str, Phrase]]:
    """The phrases of a fork that can be shown; what is wrong with the others is told."""
    our_phrases = words.phrases
    for key, phrase in phrases.items():
        if key not in our_phrases:
            _tell_unknown(key, words, file)
        elif not file.is_complete((key,)):
            continue  # told where the file was read
        elif _is_sound(key, phrase, our_phrases[key], file):
            yield key, phrase


def _is_sound(key: str, phrase: Phrase, ours: Phrase, file: SourceFile) -> bool:
    """Whether a phrase of a fork can be shown where ours is."""
    if key == "language":
        return _check_language(phrase, file)
    if key == "months":
        return _check_months(phrase, file)
    return _check_forms(phrase, file, key) and _check_braces(phrase, ours, file, key)


def _tell_unknown(key: str, words: Words, file: SourceFile) -> None:
    problem = f"nothing shows '{shorten(key)}'{suggest(key, words.phrases)}"
    if key in ("page", "script"):
        problem = f"phrases stand here without '{key}:' over them"
    file.problem((key,), problem, key=True)


def _check_language(language: Phrase, file: SourceFile) -> bool:
    if isinstance(language, str) and LANGUAGE.fullmatch(language):
        return True
    file.problem(("language",), "this is not a language tag such as en-GB or de")
    return False


def _check_months(months: Phrase, file: SourceFile) -> bool:
    names = months.split(", ") if isinstance(months, str) else []
    if len(names) == 12:
        return True
    problem = f"expected 12 names with a comma between them, found {len(names)}"
    file.problem(("months",), problem)
    return False


def _check_forms(phrase: Phrase, file: SourceFile, *where: str) -> bool:
    """Whether there is a form for every number: `other` is that of all that have none."""
    if isinstance(phrase, str):
        return True
    unknown = [form for form in phrase if form not in FORMS]
    for form in unknown:
        problem = f"'{shorten(form)}' is not a plural form{suggest(form, FORMS)}"
        file.problem((*where, form), problem, key=True)
    if "other" not in phrase:
        file.problem(where, "the form 'other' is missing")
    return not unknown and "other" in phrase


def _check_braces(phrase: Phrase, ours: Phrase, file: SourceFile, key: str) -> bool:
    """Whether all that a phrase of a fork wants filled in is filled in in ours."""
    names = list(dict.fromkeys(_braces(ours)))
    unknown = [name for name in dict.fromkeys(_braces(phrase)) if name not in names]
    for name in unknown:
        file.problem((key,), f"{{{shorten(name)}}} is not filled in here{suggest(name, names)}")
    return not unknown


def _braces(phrase: Phrase) -> Iterator[str]:
    for text in phrase.values() if isinstance(phrase, dict) else (phrase,):
        yield from BRACES.findall(text)
