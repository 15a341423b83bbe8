"""What a browser test waits for is a function: an expression is looked at again by `eval`, which
the policy of our pages refuses, so it fails only where the first look comes too soon.
"""

import re

from tests.support.checkout import ROOT

WAIT = re.compile(r"wait_for_function\(\s*(\S*)")


def expressions_waited_for(text: str) -> list[str]:
    functions = re.compile(r"f?[\"']+(async )?\(|[A-Z_]+\b")  # one with a name is written elsewhere
    return [start for start in WAIT.findall(text) if not functions.match(start)]


def test_tests_wait_for_functions() -> None:
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if path.parent.name != "house"]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    found = {name: told for name, text in texts.items() if (told := expressions_waited_for(text))}
    assert found == {}


def test_an_expression_would_be_noticed() -> None:
    text = 'page.wait_for_function("() => x")\npage.wait_for_function(\n    "held.length > 0")'
    assert expressions_waited_for(text) == ['"held.length']
