"""The gap-reading diagnostic, as the engines score it."""

from macros.checks.playbook_reader import read_playbook
from tests.support.checkout import ROOT

DIAGNOSTIC = read_playbook(ROOT).assessments["gap-reading-diagnostic"]
LINES = [question.id for question in DIAGNOSTIC.every_question()]
