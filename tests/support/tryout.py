"""The playbook's own site with forms of every kind on pages of their own: those of
tests/data/forms, and a long one.
"""

import shutil
from pathlib import Path

from tests.support.checkout import ROOT, copy_of_checkout, playbook, share_venv
from tests.support.long_form import long_assessment

FORMS = ROOT / "tests" / "data" / "forms"
PAGE = "tryout/{}.html"


def build_tryout(folder: Path, long: str = "") -> Path:
    root = share_venv(copy_of_checkout(folder / "playbook", "tests"))
    shutil.copytree(FORMS, root / "assessments", dirs_exist_ok=True)
    (root / "assessments" / "long.yml").write_text(long or long_assessment(), encoding="utf-8")
    (root / "docs" / "tryout").mkdir()
    nav = "  - Try-out:\n"
    for name in ("every-kind", "odd-ids", "long"):
        text = f'---\nhide: [navigation, toc]\n---\n\n# Try-out\n\n{{{{ assessment("{name}") }}}}\n'
        (root / "docs" / "tryout" / f"{name}.md").write_text(text, encoding="utf-8")
        nav += f"      - tryout/{name}.md\n"
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(settings + nav, encoding="utf-8")
    done = playbook("build", "--to", str(folder / "site"), root=root)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"
