"""What tests share lies in tests/support: a test is imported by nothing, so that it can be moved,
split or deleted by itself.
"""

import re

from tests.support.checkout import ROOT

OF_A_TEST = re.compile(r"^\s*(?:from|import) tests\.(?:\w+\.)*test_\w+", re.M)


def test_no_test_is_imported() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert [path.name for path, text in texts.items() if OF_A_TEST.search(text)] == []
    assert len(texts) > 80


def test_an_import_of_a_test_would_be_noticed() -> None:
    for text in ("from tests.engine.test_x import y\n", "x = 1\n    import tests.test_y\n"):
        assert OF_A_TEST.search(text)
    assert not OF_A_TEST.search("from tests.support.testing import y\n")
