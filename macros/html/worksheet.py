"""A worksheet → its form, and under it the same sheet with the entries of the worked example; one
line of HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from macros.html.addresses import FormPlace
from macros.html.form import MADE, TEMPLATES, one_line, words_for_scripts
from macros.html.form_lines import BOX
from macros.loading.words import Words
from macros.loading.worksheets import Field, Worksheet

MOST_UPRIGHT = 4  # columns, with that of the rows' names, that fit a page held upright


@dataclass(frozen=True)
class Row:
    """A row of a table as the sheet shows it; one without a name is empty but for its entries."""

    id: str
    name: str
    advice: str
    entries: Mapping[str, str]


def render_worksheet(worksheet: Worksheet, words: Words, place: FormPlace) -> str:
    return MADE.keep(
        ("worksheet", worksheet.id, place),
        (worksheet, words),
        lambda: _form(worksheet, words, place),
    )


def _form(worksheet: Worksheet, words: Words, place: FormPlace) -> str:
    html = TEMPLATES.get_template("worksheet.html").render(
        worksheet=worksheet,
        word=words.phrase,
        rows_of=_rows,
        dated=lambda field: (
            _long_date(field.example, words) if field.kind == "date" else field.example
        ),
        names=_naming(worksheet),
        needed=any(field.required for field in worksheet.fields),
        has_example=any(field.example for field in worksheet.fields),
        across=any(_width(field) > MOST_UPRIGHT for field in worksheet.fields),
        box=BOX,
        page_words=words_for_scripts(words) if place.first else "",
        place=place,
    )
    return one_line(html)


def _rows(field: Field, filled: bool) -> list[Row]:
    """The rows of a table: those with a name, or as many empty ones as there are, by their numbers
    from 1.
    """
    example = field.example if filled and field.example else {}
    if isinstance(field.rows, tuple):
        return [Row(row.id, row.name, row.advice, example.get(row.id, {})) for row in field.rows]
    entries = [*example, *({} for _ in range(int(field.rows) - len(example)))]
    return [Row(str(number), "", "", entry) for number, entry in enumerate(entries, 1)]


def _width(field: Field) -> int:
    return len(field.columns) + isinstance(field.rows, tuple) if field.kind == "table" else 0


def _naming(worksheet: Worksheet) -> str:
    """The field that gives a copy its name in the list of copies: what it is about, or else the
    first line.
    """
    subjects = [field.id for field in worksheet.fields if field.prefill == "subject"]
    lines = [field.id for field in worksheet.fields if field.kind == "line"]
    return (subjects + lines + [""])[0]


def _long_date(iso: str, words: Words) -> str:
    """`2026-03-18` → `18 March 2026`, as the story of the example writes its days."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    month = words.phrase("months").split(", ")[day.month - 1]
    return words.phrase("long_date", day=day.day, month=month, year=day.year)
