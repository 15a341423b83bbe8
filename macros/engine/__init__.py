"""Answers → verdict, and what is still possible. Written twice: the browser runs
docs/assets/engine, file by file.

In: a compiled `Assessment` and answers. Out: a result, the same in both. Rules, checks, html,
commands and the door may import it; it knows nothing but `macros.model` and `macros.points`, reads
no file and draws nothing.
"""
