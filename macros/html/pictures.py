"""Pictures → HTML: drawings in the site's own colours, each with a title and a description that say
the same in words.

templates/pictures/<name>.svg is one: a drawing for wide pages and paper, and one for a phone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from macros.html.addresses import DIAGNOSTIC
from macros.html.form import TEMPLATES, one_line
from macros.loading.playbook import Playbook

FOLDER = Path(__file__).parent / "templates" / "pictures"


def picture_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


def render_picture(name: str, rule: Callable[..., str], book: Playbook) -> str:
    """A drawing, as one line of HTML. Names and numbers in it come from the playbook."""
    drawing = TEMPLATES.get_template(f"pictures/{name}.svg")
    days = {id: entry.value for id, entry in book.rules.items() if id.endswith("_day")}
    return one_line(drawing.render(name=name, rule=rule, days=days, lines=_lines(book)))


def _lines(book: Playbook) -> list[tuple[str, str]]:
    """Each line of the diagnostic, with the title of the worksheet that it asks for."""
    diagnostic = book.assessments.get(DIAGNOSTIC)
    questions = diagnostic.every_question() if diagnostic else ()
    return [
        (question.name, book.worksheets[question.worksheet].title)
        for question in questions
        if question.worksheet in book.worksheets
    ]
