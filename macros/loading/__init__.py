"""YAML text → model, and every problem with its line and column.

In: the files of assessments/ and facts/. Out: `Assessment`, `Worksheet`, `Facts`, words, and
problems, all at once. Rules, checks, html, commands and the door may import it; it knows nothing
but `macros.model`.
"""
