"""All that the YAML files of a playbook say, read and checked: what is drawn on pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from macros.loading.facts import Facts
from macros.loading.words import Words
from macros.loading.worksheets import Worksheet
from macros.model import Assessment, Problem, Rule, Term


@dataclass(frozen=True)
class Playbook:
    """All that the YAML files of a playbook say. What could not be read is missing and told in
    `problems`.
    """

    assessments: Mapping[str, Assessment]
    worksheets: Mapping[str, Worksheet]
    words: Words
    terms: Mapping[str, Term]
    rules: Mapping[str, Rule]
    facts: Facts
    problems: tuple[Problem, ...]
    # the file of each assessment and worksheet, with errors or without, by its id
    forms: Mapping[str, Mapping[str, str]]
