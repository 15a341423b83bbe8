"""YAML in, HTML out: what the playbook does before a page is published.

A YAML file goes from `loading` (text → model) through `rules` (expressions → trees) and `checks`
(every problem, with its place) to `html` (model → a form that works on paper). Answers go through
`engine`, whose twin runs in the browser. `publishing` finishes the built site; `commands` are what
a person types. `main` is the door that site generators open. Beside the rooms: `model` says what an
assessment is, `points` what a question can be worth, `memory` holds what has not changed, `release`
is the number of this one.

Imports go one way: model, points < loading, engine < rules < checks < commands, main; html stands
on model, points, loading and engine; publishing on nothing of ours. `tests/house/test_rooms.py`
holds them to it.
"""
