"""What happens to a site after it is built, on small sites made here and on the real one in a
Chromium.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from macros.publishing import minify, policy, publish
from tests.support.checkout import ROOT
from tests.support.loads import sources
from tests.support.patience import wait_until_told
from tests.support.server import OpenPage, Server
from tests.support.share import EVERY, share

WORDS = {"missing": "No such page", "missing_why": "It may have moved.", "missing_home": "Home"}


def html(body: str = "", head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A &amp;'
        f' B</title>{head}</head><body><h1 id="top">x</h1>{body}</body></html>'
    )


def make(folder: Path, **files: str) -> Path:
    """A site: make(folder, **{"index.html": …}). It always has a home page and another."""
    for name, text in {"index.html": html(), "read/other.html": html(), **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def policy_of(text: str) -> str:
    found = re.search(
        r'<meta charset="?utf-8"?><meta http-equiv="Content-Security-Policy" content="([^"]*)">',
        text,
    )
    assert found, text[:400]
    return found[1]


# Looking over pages


def test_a_sound_site_has_no_problems(tmp_path: Path) -> None:
    body = """
        <a href="read/other.html#top">a</a> <a href="#top">b</a> <a href="#">c</a> \
<a href="https://example.org/">d</a>
        <a href="mailto:x@example.org">e</a> \
<img src="data:image/png;base64,AAAA"> <code>{{ macro }}</code>
        <p>&#123;&#123;7*7&#125;&#125; <b>javascript:</b> onclick= style=</p>
        <script type="application/json">{"a": "{{b}}"}</script>"""
    assert publish.publish(make(tmp_path, **{"index.html": html(body)}), WORDS) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<p style="x">', "<p> has a style attribute"),
        ('<p onclick="x">', "<p> has an onclick attribute"),
        (
            '<img src="//elsewhere.example/x.png">',
            "loads //elsewhere.example/x.png, from another origin",
        ),
        (
            '<img srcset="read/other.html 1x, http://b.example/y 2x">',
            "loads http://b.example/y, from another origin",
        ),
        (
            '<script src="HTTPS://b.example/y.js"></script>',
            "loads HTTPS://b.example/y.js, from another origin",
        ),
        (
            '<link rel="preconnect" href="https://b.example">',
            "loads https://b.example, from another origin",
        ),
        ('<form action="https://b.example/">', "loads https://b.example/, from another origin"),
        (
            '<svg><use href="https://b.example/#a"/></svg>',
            "loads https://b.example/#a, from another origin",
        ),
        ('<base href="read/">', "sends the reader elsewhere"),
        ('<meta http-equiv="refresh" content="0;url=x">', "sends the reader elsewhere"),
        ('<a href="JavaScript:alert(1)">', "runs a script from an address"),
        ("<p>{{ term('x') }}</p>", "“{{” was left on the page"),
        ("<p>{% raw %}</p>", "“{%” was left on the page"),
        ("<p title='{{x}}'></p>", "“{{” was left on the page"),
        ("<h1><em>Macro Rendering Error</em></h1>", "“Macro Rendering Error” was left on the page"),
        ('<div class="problems">', "shows a box of problems"),
        ('<a href="nowhere.html">', "links to nowhere.html, which does not exist"),
        ('<a href="../index.html">', "links to ../index.html, which does not exist"),
        ('<a href="Read/other.html">', "links to Read/other.html, which does not exist"),
        (
            '<a href="read/other.html#nope">',
            "links to read/other.html#nope, but that page has no such anchor",
        ),
        ('<a href="#nope">', "links to index.html#nope, but that page has no such anchor"),
        ('<a href="/read/other.html">', "works only where the site is at the root of its server"),
        ('<a href=".">', "links to ., a folder: name its index.html"),
    ],
)
def test_what_may_not_be_on_a_page_is_told(body: str, problem: str, tmp_path: Path) -> None:
    problems = publish.publish(make(tmp_path, **{"index.html": html(body)}), WORDS)
    assert (
        len(problems) == 1 and problems[0].startswith("index.html: ") and problem in problems[0]
    ), problems


def test_all_problems_are_told_together_and_a_missing_file_once(tmp_path: Path) -> None:
    broken = html(
        '<p style="x"><img src="http://b.example/y"><a href="gone.html">',
        '<script src="/gone.js"></script>',
    )
    problems = publish.publish(make(tmp_path, **{"index.html": broken, "more.html": broken}), WORDS)
    assert len(problems) == 2 + 2 + 1 + 1
    assert "index.html and 1 more page: link to gone.html, which does not exist." in problems


def test_a_page_without_its_encoding_is_told(tmp_path: Path) -> None:
    problems = publish.publish(make(tmp_path, **{"index.html": "<title>x</title>"}), WORDS)
    assert problems == ["index.html: has no <meta charset>, after which the policy would stand."]


# The policy


def test_the_policy_names_the_scripts_of_its_own_page_only(tmp_path: Path) -> None:
    body = (
        "<script>one()</script><script src='a.js'></script><script"
        " type='application/json'>{}</script>"
    )
    folder = make(
        tmp_path,
        **{
            "index.html": html(body),
            "read/other.html": html("<script>two()\n</script>"),
            "a.js": "",
        },
    )
    assert publish.publish(folder, WORDS) == []
    scripts = {
        name: re.findall(
            r"'sha256-([^']*)'", policy_of((folder / name).read_text(encoding="utf-8"))
        )
        for name in ("index.html", "read/other.html", "404.html")
    }
    digest = {
        text: base64.b64encode(hashlib.sha256(text).digest()).decode()
        for text in (b"one()", b"two()\n")
    }
    assert scripts["index.html"] == [digest[b"one()"]]
    assert scripts["read/other.html"] == [digest[b"two()\n"]]


def test_line_ends_of_windows_do_not_change_the_hash(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "index.html").write_bytes(html("<script>one()\r\n</script>").encode())
    publish.publish(folder, WORDS)
    digest = base64.b64encode(hashlib.sha256(b"one()\n").digest()).decode()
    assert digest in policy_of((folder / "index.html").read_text(encoding="utf-8"))
    assert b"\r" not in (folder / "index.html").read_bytes()


def test_every_page_of_the_site_has_the_policy_and_no_referrer(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        stated = policy_of(text)
        assert "unsafe" not in stated and "*" not in stated and "http" not in stated, page
        assert all(f"{name} " in stated for name in policy.POLICY), page
        assert '<meta name="referrer" content="no-referrer">' in text, page


@EVERY
@pytest.mark.parametrize("place", [0, 1, 2], ids=["server.url", "server.sub_url", "file_url"])
def test_every_page_opens_without_a_complaint(
    place: int, every: bool, server: Server, file_url: str, site: Path, page: Page
) -> None:
    root = (server.url, server.sub_url, file_url)[place]
    for path in share(sorted(site.rglob("*.html")), every, place, 3):
        page.goto(root + path.relative_to(site).as_posix())
        assert page.title()


@pytest.mark.parametrize("place", ["http", "file"])
def test_an_injected_script_or_request_is_stopped(
    place: str,
    serve_folder: Callable[[Path], Server],
    site: Path,
    tmp_path: Path,
    page: Page,
    problems: list[str],
) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    attack = """<script>document.title = "owned"</script>\
<img src="x.gif" onerror='document.title = "owned"'>
        <link rel="stylesheet" href="http://elsewhere.invalid/x.css"><p style="color: red">x</p>"""
    copy = tmp_path / "site"
    copy.mkdir()
    (copy / "index.html").write_text(text.replace("</body>", attack + "</body>"), encoding="utf-8")
    page.goto(serve_folder(copy).url if place == "http" else (copy / "index.html").as_uri())
    wait_until_told(page, problems, "Content Security Policy", attack.count("\n") + 3)
    assert page.title() != "owned"
    problems.clear()


def test_without_the_policy_that_attack_works(
    page: Page, tmp_path: Path, problems: list[str]
) -> None:
    (tmp_path / "index.html").write_text(
        html("""<img src="x.gif" onerror='document.title = "owned"'>"""), encoding="utf-8"
    )
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_function("() => document.title === 'owned'")
    problems.clear()


# Own assets


OWN = {
    "assets/engine/score.js": "// why\nlet one = 1;\n",
    "assets/frame/frame.css": (
        "/* why */\n@font-face { src: url('fonts/serif.woff2') }\nb { mask: url(data:,x) }\n"
    ),
    "assets/frame/more.css": "p { background: url(../other.png) }",
    "assets/frame/fonts/serif.woff2": "font",
    "assets/brand.css": "body { background: url(other.png) }",
    "assets/other.png": "picture",
}
USING = """<link rel="stylesheet" href="assets/frame/frame.css" data-bundle="frame">\
<link rel="stylesheet" href="assets/frame/more.css" data-bundle="frame">\
<link rel="stylesheet" href="assets/brand.css">
    <script src="assets/engine/score.js" defer></script>"""


def published(folder: Path, **changes: str) -> dict[str, str]:
    """A site with own assets, published: the name of each asset without its hash, to the name with
    it.
    """
    files = {"index.html": html("<p>assets/brand.css</p>", USING), **OWN, **changes}
    assert publish.publish(make(folder, **files), WORDS) == []
    assets = [
        path.relative_to(folder).as_posix()
        for path in (folder / "assets").rglob("*")
        if path.is_file()
    ]
    return {re.sub(r"\.[0-9a-f]{8}(\.\w+)$", r"\1", name): name for name in assets}


def test_own_assets_carry_the_hash_of_what_is_served(tmp_path: Path) -> None:
    names = published(tmp_path)
    assert names.pop("assets/other.png") == "assets/other.png"
    for name in names.values():
        digest = hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()[:8]
        assert name.split(".")[-2] == digest
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f'src="{names["assets/engine/score.js"]}"' in page
    assert f'href="{names["assets/playbook/frame.css"]}"' in page
    assert "<p>assets/brand.css</p>" in page


def test_a_style_refers_to_the_new_name_of_its_font(tmp_path: Path) -> None:
    names = published(tmp_path)
    style = (tmp_path / names["assets/playbook/frame.css"]).read_text(encoding="utf-8")
    assert f"url({names['assets/frame/fonts/serif.woff2'].replace('assets/', '../')})" in style
    assert "url(data:,x)" in style and "why" not in style


def test_a_changed_font_changes_the_name_of_the_style_too(tmp_path: Path) -> None:
    one = published(tmp_path / "one")
    two = published(tmp_path / "two", **{"assets/frame/fonts/serif.woff2": "another"})
    assert one["assets/playbook/frame.css"] != two["assets/playbook/frame.css"]
    assert one["assets/engine/score.js"] == two["assets/engine/score.js"]


def test_the_files_of_a_part_are_one_in_their_order(tmp_path: Path) -> None:
    names = published(tmp_path)
    style = (tmp_path / names["assets/playbook/frame.css"]).read_text(encoding="utf-8")
    assert style.index("@font-face") < style.index("p{") and 'url("../other.png")' in style
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<link") == 2 and page.count("<script") == page.count("</script>") == 1
    assert not {"assets/frame/frame.css", "assets/frame/more.css"} & names.keys()


def test_a_part_is_the_same_file_on_every_page_that_loads_it(tmp_path: Path) -> None:
    other = html(head=USING.replace("assets/", "../assets/"))
    name = published(tmp_path, **{"read/other.html": other})["assets/playbook/frame.css"]
    for page, up in (("index.html", ""), ("read/other.html", "../")):
        assert f'href="{up}{name}"' in (tmp_path / page).read_text(encoding="utf-8")


def test_a_part_that_pages_load_differently_stays_apart(tmp_path: Path) -> None:
    other = html(head='<link rel="stylesheet" href="../assets/frame/more.css" data-bundle="frame">')
    names = published(tmp_path, **{"read/other.html": other})
    assert {"assets/frame/frame.css", "assets/frame/more.css"} <= names.keys()


def test_a_file_in_which_nothing_stands_is_not_loaded(tmp_path: Path) -> None:
    names = published(tmp_path, **{"assets/brand.css": "/* yours */\n"})
    assert "assets/brand.css" not in names
    assert "brand" not in (tmp_path / "index.html").read_text(encoding="utf-8").split("<body>")[0]


@pytest.mark.parametrize(
    ("style", "problem"),
    [
        ("@import 'x.css';", "@import is not followed"),
        ("b { background: url(gone.png) }", "refers to gone.png, which is not a file of this site"),
        (
            "b { background: url('https://b.example/x.png') }",
            "refers to https://b.example/x.png, which is not a file",
        ),
    ],
)
def test_what_a_style_may_not_refer_to_is_told(style: str, problem: str, tmp_path: Path) -> None:
    problems = publish.publish(make(tmp_path, **{"assets/brand.css": style}), WORDS)
    assert len(problems) == 1 and problem in problems[0], problems


@pytest.mark.parametrize(
    ("script", "served"),
    [
        ("// why\nlet a = 1;\n\n/* what */ let b = '// not';\n", 'let a=1,b="// not";\n'),
        ("const a = `x ${ b } // kept`;\n", "const a=`x ${b} // kept`;\n"),
        ("const a = `x ${ b(`// y`) }`; // why\n", 'const a=`x ${b("// y")}`;\n'),
        (
            "const a = b / 2; // half\nc = /[/'\"]\\/\\/ x/u;\n",
            "const a=b/2;c=/[/'\"]\\/\\/ x/u;\n",
        ),
        (
            "window.kept = function (shortened) { return shortened.kept; };",
            "window.kept=function(n){return n.kept};\n",
        ),
        ("/* nothing */", ""),
    ],
)
def test_scripts_lose_comments_and_long_names(script: str, served: str) -> None:
    assert minify.minify_scripts({"a": script}) == served


def test_a_script_that_no_browser_would_run_is_told_with_its_line(tmp_path: Path) -> None:
    folder = make(tmp_path, **{"assets/forms/mine.js": "let a = 1;\nlet b = ;\n"})
    problems = publish.publish(folder, WORDS)
    assert problems == ["assets/forms/mine.js:2:9: Unexpected token: punc (;)."]


def test_what_is_wrong_in_files_that_are_one_is_told_with_its_line(tmp_path: Path) -> None:
    tags = "".join(
        f'<script src="assets/forms/{name}.js" data-bundle="forms"></script>' for name in "abcd"
    )
    folder = make(
        tmp_path,
        **{
            "index.html": html(head=tags),
            "assets/forms/a.js": "'use strict';\nlet a = 1;\n",
            "assets/forms/b.js": "'use strict';\n\nlet b = ;\n",
            "assets/forms/c.js": "(() => { let c = 1;\n",
        },
    )
    (folder / "assets/forms/d.js").write_bytes(b"let d = '\xe9';\n")
    assert publish.publish(folder, WORDS) == [
        "assets/forms/d.js: is not saved as UTF-8.",
        "assets/forms/b.js:3:9: Unexpected token: punc (;).",
        "assets/forms/c.js:2:1: Unexpected token: eof (undefined).",
    ]


def test_files_that_are_one_are_strict_once_and_keep_to_themselves() -> None:
    strict = "'use strict';\n(() => { const own = 1; window.%s = () => own; })();\n"
    served = minify.minify_scripts({name: strict % name for name in "ab"})
    assert served == '"use strict";window.a=()=>1,window.b=()=>1;\n'


FORMS = '<form data-module="assessment"><form data-module="worksheet">'


@pytest.mark.parametrize(
    ("style", "served"),
    [
        ("/* why */ .a > .b , .c :is(.d) { color : red ; }\n", ".a > .b,.c :is(.d){color :red}\n"),
        (
            ".a { &:not(.b) :is(.c) { margin: 1px /* x */ 2px } }",
            ".a{&:not(.b) :is(.c){margin:1px 2px}}\n",
        ),
        ("b::after { content: ' ; /* kept */ \\' ' }", "b::after{content:' ; /* kept */ \\' '}\n"),
        ("a { color: red; /* last */ ; }", "a{color:red;}\n"),
        ("a::after { content: ';}' }", "a::after{content:';}'}\n"),
        ("a{margin:1px/* no space */2px}", "a{margin:1px/**/2px}\n"),
        ("/* one */ a /* two */ { color: red } /* three */", "a{color:red}\n"),
        (
            "@media print { a { inline-size: calc(1px + 2px) } }",
            "@media print{a{inline-size:calc(1px + 2px)}}\n",
        ),
    ],
)
def test_styles_lose_comments_and_needless_space(style: str, served: str) -> None:
    assert minify.minify_styles({"a": style}) == served


@pytest.mark.parametrize("bundle", ["forms", "forms-print", "worksheet"])
def test_stripped_styles_mean_the_same(bundle: str, site: Path, page: Page) -> None:
    rules = """([one, two]) => [one, two].map(text => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text.replace(/url\\([^)]*\\)/g, 'url(x)'));
        return [...sheet.cssRules].map(rule => rule.cssText.replace(/\\s*,\\s*/g, ','));
    })"""
    (served,) = (site / "assets/playbook").glob(f"{bundle}.*.css")
    names = sources("styles", bundle, FORMS)
    text = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in names)
    written, read = page.evaluate(rules, [text, served.read_text(encoding="utf-8")])
    assert written and len(text) > 1000
    assert written == read


# Search and the missing page


def test_the_search_index_is_a_script_too(site: Path, page: Page) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    page.add_script_tag(content=(site / "search" / "search_index.js").read_text(encoding="utf-8"))
    assert page.evaluate(
        "text => JSON.stringify(__index) === JSON.stringify(JSON.parse(text))", index
    )


def test_the_missing_page_needs_no_other_file(
    server: Server, open_page: OpenPage, problems: list[str]
) -> None:
    page = open_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(server.sub_url + "no/such/page.html")
    assert page.locator("h1").is_visible()
    assert [url for url in requests if not url.startswith("data:")] == [
        server.sub_url + "no/such/page.html"
    ]
    assert len(problems) == 1 and "404" in problems.pop()


def test_the_missing_page_leads_home_where_the_site_knows_its_address(tmp_path: Path) -> None:
    canonical = '<link rel="canonical" href="https://example.org/play/book/index.html">'
    publish.publish(make(tmp_path, **{"index.html": html(head=canonical)}), WORDS)
    text = (tmp_path / "404.html").read_text(encoding="utf-8")
    assert '<a href="/play/book/">Home</a>' in text
    assert "<title>No such page - A &amp; B</title>" in text
