"""YAML in, HTML out: what the playbook does before a page is published.

A YAML file goes from `loading` (text → model) through `rules` (expressions → trees) and `checks`
(every problem, with its place) to `html` (model → a form that works on paper). Answers go through
`engine`, whose twin runs in the browser. `publishing` finishes the built site; `commands` are what
a person types. `main` is the door that site generators open. `model` says what an assessment is and
imports nothing of ours; `points`, beside it, what a question can be worth; `release` its number.

Imports go one way: model, points < loading, engine < rules < checks < commands, main; html stands
on model, loading and engine; publishing on nothing of ours. `tests/house/test_rooms.py` holds them
to it.
"""
