"""Pages are drawn in their own fonts, never wait for them, and hold without them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import chromium as chromium_on_disk
from tests.support.checkout import ROOT
from tests.support.fonts import BLOCKED, BOTH_FONTS, OWN, Gate, change_faces, families_of
from tests.support.patience import NEXT_FRAME, PAINTED, wait_until
from tests.support.server import ServeFolder, Server

SEEN = "queryLocalFonts().then((fonts) => [...new Set(fonts.map((font) => font.family))])"

# What the tests' browser sees


def families(browser: Browser, address: str) -> list[str]:
    """The families that a page of this browser can be drawn with beside its own."""
    context = browser.new_context()
    context.grant_permissions(["local-fonts"])
    page = context.new_page()
    page.goto(address)
    seen = page.evaluate(SEEN)
    context.close()
    return sorted(seen)


@pytest.fixture
def address(tmp_path: Path, serve_folder: ServeFolder) -> str:
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
    return serve_folder(tmp_path).url


@pytest.fixture(scope="module")
def dejavu() -> list[Path]:
    return chromium_on_disk.dejavu() or pytest.skip(
        "no DejaVu here: the browser sees this system's fonts"
    )


@pytest.mark.usefixtures("dejavu")
def test_the_browser_of_the_tests_sees_no_font_but_dejavu(chromium: Browser, address: str) -> None:
    seen = families(chromium, address)
    assert "DejaVu Sans" in seen
    assert [family for family in seen if not family.startswith("DejaVu ")] == []


def test_another_font_would_be_seen(
    dejavu: list[Path], address: str, chromium: Browser, chromium_path: str, tmp_path: Path
) -> None:
    """The control: the same browser beside a font of another name."""
    other = tmp_path / "Other.ttf"
    other.write_bytes(
        renamed(next(path for path in dejavu if path.name == "DejaVuSans.ttf").read_bytes())
    )
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    environment = chromium_on_disk.fonts_alone(fonts, [*dejavu, other])
    browser = chromium.browser_type.launch(
        executable_path=chromium_path,
        args=chromium_on_disk.FLAGS,
        env={**chromium_on_disk.environment(), **environment},
    )
    assert "Others Sans" in families(browser, address)
    browser.close()


def renamed(font: bytes) -> bytes:
    """A font of another name: both spellings of it in the file are as long as they were."""
    for encoding in ("utf-16-be", "ascii"):
        font = font.replace("DejaVu".encode(encoding), "Others".encode(encoding))
    return font


# The fonts of the site

FONTS = ROOT / "docs" / "assets" / "frame" / "fonts"
MOST_BYTES = {"serif": 40_000, "sans": 45_000}
DRAWN_IN = {"h1": "Playbook Serif", ".doors p": "Playbook Sans"}


@pytest.mark.parametrize("family", MOST_BYTES)
def test_a_family_is_small_and_its_licence_lies_beside_it(family: str, site: Path) -> None:
    files = list((site / "assets" / "frame" / "fonts").glob(f"{family}-*.woff2"))
    assert 0 < sum(path.stat().st_size for path in files) <= MOST_BYTES[family]
    licence = (files[0].parent / "OFL.txt").read_text(encoding="utf-8")
    assert licence.count("Adobe") >= len(MOST_BYTES)
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_nothing_else_is_a_font(site: Path) -> None:
    families = {path.name.partition("-")[0] for path in site.rglob("*.woff*")}
    assert families == set(MOST_BYTES)


@pytest.mark.parametrize("place", ["http", "folder"])
@pytest.mark.parametrize("part", DRAWN_IN)
def test_the_font_is_there_for_the_first_line(
    part: str, place: str, server: Server, file_url: str, page: Page
) -> None:
    def has_its_font() -> bool:
        page.goto((server.url if place == "http" else file_url) + "index.html")
        page.evaluate(NEXT_FRAME)
        return families_of(page, part) == {DRAWN_IN[part]}

    # A busy machine may miss the moment an optional font is waited for; a next visit has it.
    wait_until(has_its_font, lambda: f"drawn in {families_of(page, part)}")


@BOTH_FONTS
def test_a_test_knows_which_fonts_it_measures(fonts: str, page: Page, server: Server) -> None:
    """The control of every test that runs with the fonts and without them."""
    page.goto(server.url + "index.html")
    for part, own in DRAWN_IN.items():
        families = families_of(page, part)
        assert (families == {own}) == (fonts == OWN)
        assert any("Playbook" in family for family in families) == (fonts != BLOCKED)


# A font that is late

LIVE = "[data-part=readings] option, html:not(:has(form.assessment))"
ALL_TRIED = "() => [...document.fonts].every(({ status }) => /^(loaded|error)$/.test(status))"
SHIFTS = f"""async () => {{
  for (const frame of [{NEXT_FRAME}, {NEXT_FRAME}]) await frame();
  const observer = new PerformanceObserver(() => {{}});
  observer.observe({{ type: 'layout-shift', buffered: true }});
  return observer.takeRecords().length;
}}"""


def late(page: Page, address: str) -> int:
    """Open a page whose fonts come after its text was painted. Returns how often that moved it."""
    gate = Gate(page)
    page.goto(address, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.wait_for_selector(LIVE, state="attached")
    before = page.evaluate(SHIFTS)
    assert gate.held
    gate.let_through()
    page.wait_for_load_state()
    page.wait_for_function(ALL_TRIED)
    return int(page.evaluate(SHIFTS) - before)


PAGES = ["index.html", "read/diagnostic.html", "reference/limits.html"]


@pytest.mark.parametrize("name", PAGES)
def test_a_late_font_moves_nothing(name: str, page: Page, server: Server) -> None:
    assert late(page, server.url + name) == 0
    assert not any("Playbook" in family for family in families_of(page, ".foot"))


def test_a_font_that_is_swapped_in_would_be_noticed(page: Page, server: Server) -> None:
    """The control: the same page, were its fonts not optional and its fallbacks not scaled."""
    page.route("**/*.css", lambda route: change_faces(route, swapped))
    assert late(page, server.url + PAGES[0]) > 0
    assert families_of(page, ".foot") == {"Playbook Sans"}


def swapped(face: str) -> str:
    return "" if "local(" in face else face.replace("optional", "swap")


# Paper


def fonts_in(pdf: bytes) -> set[str]:
    return {name.decode() for name in re.findall(rb"/BaseFont /\w{6}\+([\w-]+)", pdf)}


CUTS = {"PlaybookSerif-Semibold", "PlaybookSans-Regular", "PlaybookSans-Italic"}


def printed(page: Page) -> set[str]:
    return fonts_in(page.pdf(prefer_css_page_size=True))


FACES = """() => [...document.fonts].map(({ family, weight, style, display }) =>
  [family.replaceAll('"', ''), weight, style, display])"""


def test_paper_knows_every_font_of_the_screen_by_a_name_of_its_own(
    page: Page, server: Server
) -> None:
    """An optional font that is late is lost to its name, until a browser forgets that."""
    page.goto(server.url + "index.html")
    faces = page.evaluate(FACES)
    optional = [face[:3] for face in faces if face[3] == "optional"]
    paper = [face[:3] for face in faces if face[0].startswith("Paper ") and face[3] == "swap"]
    assert len(optional) >= 7
    assert paper == [[face[0].replace("Playbook", "Paper"), *face[1:]] for face in optional]
    page.emulate_media(media="print")
    for part in DRAWN_IN:
        drawn = page.locator(part).first.evaluate("one => getComputedStyle(one).fontFamily")
        assert drawn.startswith('"Paper ')


def test_for_paper_no_file_is_fetched_again(page: Page, server: Server) -> None:
    fetched: list[str] = []
    page.on("requestfinished", lambda request: fetched.append(request.url))
    page.goto(server.url + "index.html")
    page.wait_for_function(ALL_TRIED)
    page.pdf()
    files = [url for url in fetched if url.endswith(".woff2")]
    assert len(files) == len({*files}) == len(list(FONTS.glob("*.woff2")))


@pytest.mark.parametrize("name", ["read/diagnostic.html", "close/five-moves.html"])
def test_paper_has_the_fonts_that_came_too_late_for_the_screen(
    name: str, page: Page, server: Server
) -> None:
    late(page, server.url + name)
    families = printed(page)
    assert families >= CUTS - {"PlaybookSans-Italic"}
    assert not any("DejaVu" in family for family in families), families


def test_from_a_folder_paper_has_them_too(file_url: str, page: Page) -> None:
    page.goto(file_url + "read/diagnostic.html")
    page.wait_for_function(ALL_TRIED)
    assert printed(page) >= CUTS


def test_without_the_fonts_paper_is_not_empty(
    page: Page, server: Server, pdf_text: Callable[[bytes], list[str]]
) -> None:
    """Printed before any has come, by the browser's own key, which waits for nothing."""
    Gate(page)
    page.goto(server.url + "read/diagnostic.html", wait_until="commit")
    page.wait_for_function(PAINTED)
    pdf = page.pdf(prefer_css_page_size=True)
    assert {family.partition("-")[0] for family in fonts_in(pdf)} == {"DejaVuSans", "DejaVuSerif"}
    assert "Outcome ownership" in pdf_text(pdf)[0]
