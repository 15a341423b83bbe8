"""A page loads what stands on it: in a fork's own room, with several forms, by a fork's own macro,
whichever generator made it, before it is published and after, from a folder.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.loading.words import load_words
from macros.publishing import publish
from macros.publishing.bundle import FOLDER
from tests.support.checkout import ROOT
from tests.support.generators import GENERATORS, copy_to_generate, generated_by
from tests.support.server import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.command]

PAGES = {  # a page of the fork, with what stands on it
    "none": "Nothing to fill in.",
    "one": '{{ assessment("risk-tier") }}',
    "sheet": '{{ worksheet("reality-gap") }}',
    "measured": '{{ assessment("every-kind") }}',
    "several": '{{ assessment("risk-tier") }}\n\n{{ assessment("last-mile") }}\n\n'
    '{{ worksheet("reality-gap") }}',
    "mine": '{{ framed("risk-tier") }}',
}
FORMS = {"none": 0, "one": 1, "sheet": 1, "measured": 1, "several": 3, "mine": 1}
ASSESSED = ("one", "measured", "several", "mine")
MACRO = """
    @env.macro
    def framed(id: str) -> str:
        return f'<div class="framed">{macros.assessment(id)}</div>'
"""
SETTINGS = """
extra_css: [assets/engagement/mine.css]
extra_javascript: [{path: assets/engagement/mine.js, defer: true}]
"""
SCRIPT = "document.body.dataset.mine = typeof window.playbook?.every;\n"


@pytest.fixture(scope="module", params=GENERATORS)
def fork(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fork as a generator builds it by itself."""
    folder = tmp_path_factory.mktemp(request.param) / "fork"
    copy_to_generate(folder)
    nav = "  - Ours:\n"
    for name, body in PAGES.items():
        page = folder / "docs" / "engagement" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"# {name}\n\n{body}\n", encoding="utf-8")
        nav += f"      - engagement/{name}.md\n"
    shutil.copytree(ROOT / "tests" / "data" / "forms", folder / "assessments", dirs_exist_ok=True)
    own = folder / "docs" / "assets" / "engagement"
    own.mkdir()
    (own / "mine.css").write_text("h1 { letter-spacing: 1px }\n", encoding="utf-8")
    (own / "mine.js").write_text(SCRIPT, encoding="utf-8")
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(nav + SETTINGS)
    with (folder / "macros" / "main.py").open("a", encoding="utf-8") as main:
        main.write(MACRO)
    return generated_by(request.param, folder)


@pytest.fixture(scope="module")
def published(fork: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(fork, tmp_path_factory.mktemp("published") / "site")
    words, _ = load_words(ROOT)
    assert publish.publish(folder, words.phrases) == []
    return folder


def text_of(site: Path, name: str) -> str:
    return (site / "engagement" / f"{name}.html").read_text(encoding="utf-8")


def scripts(text: str) -> list[str]:
    """The own scripts of a page, in order, without folder and hash."""
    return re.findall(r'<script src="[^"]*/(\w+)(?:\.[0-9a-f]{8})?\.js"[^>]* data-bundle', text)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_what_stands_on_it(name: str, fork: Path) -> None:
    loaded = scripts(text_of(fork, name))
    assert len(set(loaded)) == len(loaded)
    assert "frame" in loaded
    assert ("form" in loaded) == (FORMS[name] > 0)
    assert ("score" in loaded) == (name in ASSESSED)
    assert ("measures" in loaded) == (name == "measured")
    assert ("worksheet" in loaded) == ("worksheet(" in PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_what_pages_share_is_one_file(name: str, published: Path) -> None:
    loaded = scripts(text_of(published, name))
    assert (loaded[0], loaded[-1]) == ("head", "frame")
    assert loaded[1:-1] == [
        bundle
        for bundle, needs in (
            ("forms", FORMS[name] > 0),
            ("measures", name == "measured"),
            ("assessment", name in ASSESSED),
            ("worksheet", "worksheet(" in PAGES[name]),
        )
        if needs
    ]
    bundles = [path.name.split(".")[0] for path in (published / FOLDER).glob("*.js")]
    assert sorted(bundles) == ["assessment", "forms", "frame", "head", "measures", "worksheet"]


@pytest.fixture
def own_problems(problems: list[str], fork: Path) -> Iterator[list[str]]:
    """Zensical's own script sets one style attribute, which the policy stops, and asks a folder for
    the search index that publishing writes. Nothing else may be amiss.
    """
    yield problems
    if "zensical" in str(fork):
        theirs = ("Applying inline style", "ERR_FILE_NOT_FOUND")
        problems[:] = [problem for problem in problems if not any(t in problem for t in theirs)]


@pytest.mark.usefixtures("own_problems")
@pytest.mark.parametrize("state", ["built", "published"])
def test_every_form_is_live_from_a_folder(
    state: str, fork: Path, published: Path, open_page: OpenPage
) -> None:
    page = open_page()
    for name, forms in FORMS.items():
        site = published if state == "published" else fork
        page.goto((site / "engagement" / f"{name}.html").as_uri())
        assert page.locator("form[data-module].live").count() == forms, name
        assert page.locator("form[data-module]").count() == forms, name


@pytest.mark.usefixtures("own_problems")
def test_a_forks_own_files_need_no_order(fork: Path, open_page: OpenPage) -> None:
    """Its style comes after ours and before the brand, its script after ours."""
    styles = re.findall(r'rel="stylesheet" href="[^"]*/([\w.-]+)\.css"', text_of(fork, "one"))
    assert styles[-2:] == ["mine", "brand"]
    page = open_page()
    page.goto((fork / "engagement" / "one.html").as_uri())
    assert page.locator("body").get_attribute("data-mine") == "function"


@pytest.mark.usefixtures("own_problems")
def test_measures_are_drawn_where_there_are_some(
    fork: Path, published: Path, open_page: OpenPage
) -> None:
    page = open_page()
    for site in (fork, published):
        page.goto((site / "engagement" / "measured.html").as_uri())
        assert page.locator('[data-part="measures"] td').count() > 0
