"""What a person types after `playbook.py`: one module a command, of the shape in `command`.

In: arguments. Out: what is printed, files, and an exit code. Nothing imports it but `playbook.py`
and tests.
"""
