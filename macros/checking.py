"""What a whole assessment must satisfy, beyond the shape of its file.

`check_all` reads every YAML file of a playbook and tells all problems at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import expressions
import loading
from expressions import RESERVED, ExpressionError, Scope, compile_condition, compile_number, questions_in, scope_of
from loading import File, Steps
from model import COLOURS, SHAPES, Assessment, Case, Expression, Problem, Rule, Scale, Term
from scoring import MOST_COMPLETIONS, possible_verdicts, score, state_of, verdict_questions
from source import shorten
from suggest import suggest
from wording import BRACES, PHRASES

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FILE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Playbook:
    """All that the YAML files of a playbook say. What could not be read is missing and told in `problems`."""

    assessments: Mapping[str, Assessment]
    words: loading.Words
    terms: Mapping[str, Term]
    rules: Mapping[str, Rule]
    problems: tuple[Problem, ...]


def check_all(root: Path) -> list[Problem]:
    """Every problem of every YAML file under `root`, in the order of files and lines."""
    return list(read_playbook(root).problems)


def read_playbook(root: Path) -> Playbook:
    """The whole playbook under `root`, checked."""
    scales, scales_file = loading.load_scales(root)
    words, words_file = loading.load_words(root)
    terms, terms_file = loading.load_terms(root)
    rules, rules_file = loading.load_rules(root)
    files = [scales_file, words_file, terms_file, rules_file]
    for name, scale in scales.items():
        _check_scale(scale, scales_file, (name,))
    if not words_file.broken:
        _check_words(words, words_file)
    values = {id: rule.value for id, rule in rules.items()}
    sound = not (scales_file.broken or rules_file.broken)
    assessments = {}
    for path in loading.assessment_paths(root):
        assessment, file = loading.load_assessment(path, root, scales)
        files.append(file)
        if assessment and (compiled := check(assessment, file, values, sound)):
            assessments[assessment.id] = compiled
    problems = sorted((p for file in files for p in file.problems), key=lambda p: (p.path, p.line, p.column))
    return Playbook(assessments, words, terms, rules, tuple(problems))


def check(assessment: Assessment, file: File, rules: Mapping[str, int], sound: bool = True) -> Assessment | None:
    """The assessment with its rules compiled; None where that fails. Problems go to `file`.

    `sound`: its scale and the rules of facts/rules.yml have no problems of their own.
    """
    if not FILE_ID.fullmatch(assessment.id):
        file.problem((), f"the file's name '{assessment.id}' is not lower-case words joined by dashes")
    if file.keys.keys() & {("scale", "worst"), ("scale", "answers")}:
        _check_scale(assessment.scale, file, ("scale",))
    seen: Counter[str] = Counter()
    for key in ("questions", "verdicts", "warnings"):
        _check_ids(getattr(assessment, key), file, (key,), seen)
    _check_order(assessment, file)
    if not assessment.scale.answers or not (rules or sound):
        return None
    _check_answers(assessment, file)
    compiled = compile_rules(assessment, file, scope_of(assessment, rules))
    if file.broken or not sound:
        return None
    _check_reach(compiled, file)
    _check_cases(compiled, file, scope_of(assessment, rules))
    _check_guidance(compiled, file)
    return None if file.broken else compiled


def _check_words(words: loading.Words, file: File) -> None:
    """Every phrase is there, none is unknown, and each has the {braces} that are filled in."""
    for key in words.keys() - PHRASES.keys():
        file.problem((key,), f"nothing shows '{key}'{suggest(key, PHRASES)}", key=True)
    for key, braces in PHRASES.items():
        if key not in words:
            file.problem((), f"the phrase '{key}' is missing")
            continue
        phrase = words[key]
        if isinstance(phrase, dict) and "other" not in phrase:
            file.problem((key,), "the form 'other' is missing")
        forms = phrase.values() if isinstance(phrase, dict) else [phrase]
        for found in {name for form in forms for name in BRACES.findall(form)} - set(braces.split()):
            file.problem((key,), f"{{{found}}} is not filled in here{suggest(found, braces.split())}")
    if isinstance(words.get("language"), str) and not LANGUAGE.fullmatch(str(words["language"])):
        file.problem(("language",), "this is not a language tag such as en-GB or de")


def _check_scale(scale: Scale, file: File, where: Steps) -> None:
    _check_ids(scale.answers, file, (*where, "answers"), Counter())
    if scale.worst not in (scale.ids[:1] + scale.ids[-1:]):
        file.problem((*where, "worst"), f"'{shorten(scale.worst)}' is neither the first nor the last of its answers")
    if len(scale.ids) < 2:
        file.problem((*where, "answers"), "a scale has two answers or more")
    for n, answer in enumerate(scale.answers):
        letter, _, shape = answer.mark.partition(" ")
        if len(letter) not in (1, 2) or shape not in SHAPES:
            found = f"'{shorten(answer.mark)}' is not a letter or two, a space and one of {' '.join(SHAPES)}"
            file.problem((*where, "answers", n, "mark"), found)
        if answer.colour not in COLOURS:
            near = suggest(answer.colour, COLOURS)
            file.problem((*where, "answers", n, "colour"), f"'{shorten(answer.colour)}' is not a colour of marks{near}")


def _check_ids(items: Iterable[Any], file: File, where: Steps, seen: Counter[str]) -> None:
    """Ids are words, and stand once in what was `seen` so far."""
    for n, item in enumerate(items):
        seen[item.id] += 1
        if not ID.fullmatch(item.id):
            message = f"'{shorten(item.id)}' is not lower-case words joined by underscores"
        elif item.id in RESERVED:
            message = f"'{item.id}' is a word of the rules; choose another id"
        elif seen[item.id] == 2:
            message = f"'{item.id}' stands here a second time; an id belongs to one"
        else:
            continue
        file.problem((*where, n, "id"), message)


def _check_answers(assessment: Assessment, file: File) -> None:
    """Every question has a sentence for every answer of the scale, and nothing else."""
    ids = assessment.scale.ids
    if assessment.unknown and assessment.unknown not in ids:
        near = suggest(assessment.unknown, ids)
        file.problem(("unknown",), f"'{shorten(assessment.unknown)}' is not an answer of the scale{near}")
    for n, question in enumerate(assessment.questions):
        where: Steps = ("questions", n, "answers")
        for answer in question.answers:
            if answer not in ids:
                file.problem((*where, answer), f"this is not an answer of the scale{suggest(answer, ids)}", key=True)
        for answer in ids:
            if answer not in question.answers:
                file.problem(where, f"the answer '{answer}' has no sentence")
        example = question.example
        if example and example.answer not in ids:
            message = f"'{shorten(example.answer)}' is not an answer of the scale{suggest(example.answer, ids)}"
            file.problem(("questions", n, "example", "answer"), message)


def _check_order(assessment: Assessment, file: File) -> None:
    """Each verdict has a rule, and `otherwise` comes last and only last."""
    last = len(assessment.verdicts) - 1
    if last < 0:
        file.problem(("verdicts",), "there is no verdict; the last one says 'otherwise: true'")
    for n, verdict in enumerate(assessment.verdicts):
        if not file.sound(("verdicts", n)):
            continue
        if verdict.otherwise and verdict.when:
            file.problem(("verdicts", n), "a verdict has 'when' or 'otherwise', not both")
        elif verdict.otherwise != (n == last):
            place = "the last verdict says 'otherwise: true'" if n == last else "only the last verdict says 'otherwise'"
            file.problem(("verdicts", n), f"{place}, so that every combination of answers has a verdict")
        elif not verdict.otherwise and not verdict.when:
            file.problem(("verdicts", n), "the key 'when' is missing")


# --- rules ---------------------------------------------------------------------------------


def compile_rules(assessment: Assessment, file: File, scope: Scope) -> Assessment:
    """The assessment with each rule's tree filled in."""

    def compiled(items: Iterable[Any], key: str) -> tuple[Any, ...]:
        return tuple(
            replace(item, when=_compiled(item.when, file, (key, n, "when"), scope)) if item.when else item
            for n, item in enumerate(items)
        )

    return replace(
        assessment,
        verdicts=compiled(assessment.verdicts, "verdicts"),
        warnings=compiled(assessment.warnings, "warnings"),
    )


def _compiled(rule: Expression, file: File, where: Steps, scope: Scope) -> Expression:
    if not rule.text:  # told already
        return rule
    try:
        return Expression(rule.text, compile_condition(rule.text, scope))
    except ExpressionError as error:
        for one in (error, *error.others):
            file.problem(where, one.message, offset=one.offset)
        return rule


# --- what only the whole shows -------------------------------------------------------------


def _check_reach(assessment: Assessment, file: File) -> None:
    """Each verdict can be reached; each warning can hold."""
    possible, exact = possible_verdicts(assessment, state_of(assessment, {}))
    for n, verdict in enumerate(assessment.verdicts):
        if verdict.id not in possible:
            why = "an earlier verdict always holds, or its own rule never does"
            file.problem(("verdicts", n), f"'{verdict.id}' can never be reached: {why}")
    if not exact:
        more = f"there are more than {MOST_COMPLETIONS:,} combinations of answers"
        file.problem(("verdicts",), f"it is not proven that each verdict can be reached: {more}", "warning")
    for n, warning in enumerate(assessment.warnings):
        if expressions.condition(warning.when.tree, state_of(assessment, {})) == expressions.FALSE:
            file.problem(("warnings", n, "when"), "this can never hold", "warning")


def _check_cases(assessment: Assessment, file: File, scope: Scope) -> None:
    for n, case in enumerate(assessment.tests):
        _check_case(assessment, file, scope, case, ("tests", n))


def _check_case(assessment: Assessment, file: File, scope: Scope, case: Case, where: Steps) -> None:
    result = score(assessment, {"answers": case.answers})
    for problem in result["problems"]:
        _tell_answer(file, scope, case, problem["question"], (*where, "answers", problem["question"]))
    if result["problems"]:
        return
    verdicts = [verdict.id for verdict in assessment.verdicts]
    for key, expected in case.expect.items():
        place = (*where, "expect", key)
        found = result["verdict"] or "open"
        if key == "verdict" and expected not in (*verdicts, "open"):
            file.problem(place, f"'{shorten(expected)}' is not a verdict{suggest(expected, verdicts)}")
            continue
        if key != "verdict":
            try:
                low, high = expressions.number(compile_number(key, scope), state_of(assessment, case.answers))
            except ExpressionError as error:
                for one in (error, *error.others):
                    file.problem(place, one.message, offset=one.offset, key=True)
                continue
            found = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        if found != expected:
            told = f"expected {shorten(expected)}, found {found}"
            file.problem(place, f"the test '{shorten(case.name)}' fails: {told}")


def _tell_answer(file: File, scope: Scope, case: Case, question: str, where: Steps) -> None:
    if question not in scope.questions:
        file.problem(where, f"this is not a question{suggest(question, scope.questions)}", key=True)
        return
    given = case.answers[question]
    near = suggest(given, scope.answers) if isinstance(given, str) else suggest("", scope.answers)
    told = f"'{shorten(given)}'" if isinstance(given, str) else "this"
    file.problem(where, f"{told} is not an answer of {question}{near}")


def _check_guidance(assessment: Assessment, file: File) -> None:
    """What a reader would miss."""
    every = [question.id for question in assessment.questions]
    used = verdict_questions(assessment).union(*(questions_in(w.when.tree, every) for w in assessment.warnings))
    for n, question in enumerate(assessment.questions):
        if not question.move:
            file.problem(("questions", n), f"'{question.id}' has no 'move' for its worst answer", "warning")
        if question.id not in used:
            file.problem(("questions", n), f"no verdict or warning depends on '{question.id}'", "warning")
    for n, verdict in enumerate(assessment.verdicts):
        if not verdict.say:
            file.problem(("verdicts", n), f"'{verdict.id}' says nothing: the key 'say' is missing", "warning")
