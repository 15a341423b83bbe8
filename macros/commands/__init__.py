"""What a person types after `playbook.py`.

A module for each command, of the shape in `command`; and beside them what these share or hand on
to: `console`, `swap`, `generator_log`, `generator_settings`, `score_files`, `reading_file`,
`schema`.

In: arguments. Out: what is printed, files, and an exit code. Nothing imports it but `playbook.py`
and tests.
"""
