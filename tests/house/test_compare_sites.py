"""What two sites differ in is told with its place; what may differ, and only that, is not."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import ROOT
from tests.tools import compare_sites

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A reading</title>
<meta http-equiv="Content-Security-Policy"
content="script-src 'self' 'sha256-aaaa='; img-src 'self'">
<link rel="stylesheet" href="assets/playbook/styles.0a0a0a0a.css">
<script src="assets/playbook/scripts.1b1b1b1b.js" defer></script>
<script src="assets/javascripts/bundle.2c2c2c2c.min.js"></script></head>
<body><h1 id="top" class="">A reading</h1>
<p class="lead desk">One <b>clear</b> word, <a href="other.html#top">another</a>.</p>
<form id="reading"
data-words='{"kicker": "A", "undo": "Undo"}'
data-assessment='{"questions": [{"id": "owner", "points": 3}], "say": "A stall"}'>
<fieldset><legend>First</legend></fieldset>
<fieldset><legend>Who owns it</legend><input type="radio" name="owner" required></fieldset></form>
<script type="application/json">{"base": [[1], [2]]}</script></body></html>
"""
ENTRY = '{"location": "other.html", "title": "Other", "text": "<p>Why</p>"}'
SITE = {
    "index.html": PAGE,
    "other.html": "<!doctype html><title>Other</title><h1 id=top>Other</h1>",
    "search/search_index.json": f'{{"docs": [{ENTRY}]}}',
    "assets/playbook/scripts.1b1b1b1b.js": "'use strict';",
    "assets/javascripts/bundle.2c2c2c2c.min.js": "theirs",
    "assets/picture.svg": "<svg/>",
}


def make(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


class Sites:
    """The site and another, which is the same until change() is called."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.old, self.new = make(folder / "old", SITE), make(folder / "new", SITE)
        self.capsys = capsys

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.new / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old)
        (self.new / name).write_text(text.replace(old, new), encoding="utf-8")

    def compare(self, *ignore: str) -> int:
        more = ["--ignore", *ignore] if ignore else []
        return compare_sites.main([str(self.old), str(self.new), *more])

    def told(self) -> str:
        """What has been printed since this was last asked."""
        return self.capsys.readouterr().out


@pytest.fixture
def sites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Sites:
    return Sites(tmp_path, capsys)


# What is noticed


def test_a_site_is_the_same_as_its_copy(sites: Sites) -> None:
    assert sites.compare() == 0
    assert "Pages and indexes compared: 3; the same." in sites.told()


FIELD = "form#reading > fieldset:nth-of-type(2)"
NOTICED = {
    "a word": ("clear", "plain", "text: html > body > p > b::text", "'clear'", "'plain'"),
    "a space that is seen": (
        "</b> word",
        "</b>word",
        "text: html > body > p::text",
        "' word, '",
        "'word, '",
    ),
    "a word of a form": (
        "Who owns",
        "Who has",
        f"form: {FIELD} > legend::text",
        "'Who owns it'",
        "'Who has it'",
    ),
    "a lost attribute": (" required", "", f"form: {FIELD} > input[required]", "''", "(missing)"),
    "an attribute more": (
        "<p ",
        '<p hidden="" ',
        "rest: html > body > p[hidden]",
        "(missing)",
        "''",
    ),
    "a value in a form's data": (
        '"points": 3',
        '"points": 4',
        "data: form#reading[data-assessment].questions[owner].points",
        "'3'",
        "'4'",
    ),
    "a kind of value": (
        '"points": 3',
        '"points": "3"',
        "data: form#reading[data-assessment].questions[owner].points",
        "'3'",
        "'\"3\"'",
    ),
    "a structure of the same values": (
        "[[1], [2]]",
        "[[1, 2]]",
        "data: html > body > script::text.base[1]",
        "'[]'",
        "(missing)",
    ),
    "a link": (
        "other.html#top",
        "other.html",
        "rest: html > body > p > a[href]",
        "'other.html#top'",
        "'other.html'",
    ),
    "an id": ('id="top"', 'id="up"', "rest: h1#top[id]", "'top'", "'up'"),
    "the title": (
        "<title>A",
        "<title>The",
        "text: html > head > title::text",
        "'A reading'",
        "'The reading'",
    ),
    "the doctype": ("<!doctype html>", "", "rest: <!>", "'doctype html'", "(missing)"),
}


@pytest.mark.parametrize("name", NOTICED)
def test_one_change_is_told_once_with_its_place_and_both_values(name: str, sites: Sites) -> None:
    before, after, place, old, new = NOTICED[name]
    sites.change("index.html", before, after)
    assert sites.compare() == 1
    told = [line.strip() for line in sites.told().splitlines()]
    at = told.index(place)
    assert told[at + 1 : at + 3] == [f"old  {old}", f"new  {new}"]
    assert told[at - 1] == f"index.html, differences: 1 ({place.split(':')[0]} 1)"
    assert told[-1].startswith("Pages and indexes compared: 3; on 1 of them, differences: 1 (")


def test_what_is_put_in_moves_nothing_behind_it(sites: Sites) -> None:
    first = "<fieldset><legend>First"
    sites.change("index.html", first, f"<fieldset>New</fieldset>{first}")
    assert sites.compare() == 1
    assert "index.html, differences: 2 (form 2)" in sites.told()  # the element and its text


def test_a_lost_page_and_a_new_file_are_told(sites: Sites) -> None:
    (sites.new / "other.html").unlink()
    (sites.new / "more.txt").write_text("more", encoding="utf-8")
    assert sites.compare() == 1
    told = sites.told()
    assert "file: other.html\n    old  'other.html'\n    new  (missing)" in told
    assert "file: more.txt\n    old  (missing)" in told
    assert "differences: 2 (file 2)" in told


def test_a_changed_search_entry_is_told_by_its_page(sites: Sites) -> None:
    sites.change("search/search_index.json", "Why", "How")
    assert sites.compare() == 1
    assert "data: .docs[other.html].text" in sites.told()


def test_another_file_is_compared_by_what_it_holds(sites: Sites) -> None:
    sites.change("assets/picture.svg", "<svg/>", "<svg></svg>")
    assert sites.compare() == 1
    assert "file: assets/picture.svg" in sites.told()


def test_of_many_differences_the_first_are_told_and_all_are_counted(sites: Sites) -> None:
    sites.change("index.html", "</form>", "<i>a</i>" * 10 + "</form>")
    assert sites.compare() == 1
    told = sites.told()
    assert told.count("form: ") == compare_sites.SHOWN
    assert f"… and {20 - compare_sites.SHOWN} more" in told


def test_what_many_pages_differ_in_is_told_once(sites: Sites) -> None:
    pages = [f"page{number}.html" for number in range(8)]
    for folder, word in ((sites.old, "clear"), (sites.new, "plain")):
        make(folder, {name: f"<p>{word}</p>" for name in pages})
    assert sites.compare() == 1
    told = sites.told()
    assert f"{', '.join(pages[:5])} and 3 more pages, differences: 1 (text 1) each" in told
    assert told.count("'clear'") == 1
    assert "on 8 of them, differences: 8 (text 8)" in told


def test_a_long_value_is_told_from_where_it_parts(sites: Sites) -> None:
    for folder, word in ((sites.old, "tail"), (sites.new, "end")):
        make(folder, {"long.html": f"<p>{'x' * 500} {word} {'y' * 500}"})
    assert sites.compare() == 1
    values = [line for line in sites.told().splitlines() if line.startswith("    ")]
    assert len(values) == 2
    assert "x tail y" in values[0] and "x end y" in values[1]
    assert max(map(len, values)) < compare_sites.WIDTH + 20


def test_a_word_and_an_attribute_of_the_real_form_are_noticed(
    site: Path,
    sites: Sites,
    tmp_path: Path,
) -> None:
    sites.old, sites.new = tmp_path / "real", tmp_path / "changed"
    shutil.copytree(site / "read", sites.old)
    form = (sites.old / "diagnostic.html").read_text(encoding="utf-8")
    for before, after in (("</legend>", " or not</legend>"), (' type="radio"', "")):
        shutil.copytree(sites.old, sites.new, dirs_exist_ok=True)
        assert sites.compare() == 0
        changed = after.join(form.rsplit(before, 1))
        (sites.new / "diagnostic.html").write_text(changed, encoding="utf-8")
        assert sites.compare() == 1
        assert "diagnostic.html, differences: 1 (form 1)" in sites.told()


# What may differ


OWN_TAG = '<script src="assets/playbook/scripts.1b1b1b1b.js" defer></script>'
OWN_TAG_TURNED = '<script defer src="assets/playbook/scripts.1b1b1b1b.js"></script>'
ALIKE = {
    "attributes in another order": ('type="radio" name="owner"', 'name="owner" type="radio"'),
    "tags of blocks on lines of their own": ("<legend>First<", "\n <legend>\n  First\n <"),
    "attributes of a script in another order": (OWN_TAG, OWN_TAG_TURNED),
    "an attribute a second time": (" required", ' required name="second"'),
    "a line's end for a space": ("One <b>", "One\n   <b>"),
    "a comment": ("One <b>", "One <!-- two --><b>"),
    "an escape": ("Who owns", "Who&#32;owns"),
    "an attribute without its empty value": (" required", ' required=""'),
    "space in JSON": ('"points": 3', '"points":3'),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_a_browser_reads_alike_is_the_same(name: str, sites: Sites) -> None:
    sites.change("index.html", *ALIKE[name])
    assert sites.compare() == 0


def test_the_date_in_an_archive_does_not_count_and_its_content_does(sites: Sites) -> None:
    for folder, date in ((sites.old, 1), (sites.new, 2)):
        (folder / "sitemap.xml.gz").write_bytes(gzip.compress(b"same", mtime=date))
    assert sites.compare() == 0
    (sites.new / "sitemap.xml.gz").write_bytes(gzip.compress(b"other", mtime=1))
    assert sites.compare() == 1


POLICY = "script-src 'self' 'sha256-aaaa='"
IGNORED = {  # the entry: what it leaves out, and what stands beside it and is still told
    "asset-hashes": (("styles.0a0a0a0a.css", "styles.3d3d3d3d.css"), ('.js" defer', '.js"')),
    "own-assets": (
        (OWN_TAG, '<script src="assets/new/one.js"></script>'),
        ("bundle.2c2c2c2c", "bundle.4e4e4e4e"),
    ),
    "policy-hashes": (
        (POLICY, "script-src 'self' 'sha256-b/+b=' 'sha256-c='"),
        ("img-src 'self'", "img-src *"),
    ),
}


@pytest.mark.parametrize("name", IGNORED)
def test_an_entry_hides_what_it_names_and_only_that(name: str, sites: Sites) -> None:
    hidden, told = IGNORED[name]
    sites.change("index.html", *hidden)
    assert sites.compare() == 1
    assert "Ignored: nothing else." in sites.told()
    assert sites.compare(name) == 0
    out = sites.told()
    entry = next(entry for entry in compare_sites.IGNORED if entry.name == name)
    assert f"  {name}: {entry.reason}\n    at {entry.where}   {entry.what}" in out
    assert f"{name}: hid differences in 1 places" in out
    sites.change("index.html", *told)
    assert sites.compare(name) == 1
    assert "index.html, differences: 1 (" in sites.told()


def test_an_own_script_of_another_name_is_a_file_with_another_hash(sites: Sites) -> None:
    old = sites.new / "assets/playbook/scripts.1b1b1b1b.js"
    old.write_text("'use strict'; let x;", encoding="utf-8")
    old.rename(old.with_name("scripts.5f5f5f5f.js"))
    assert sites.compare("policy-hashes") == 1
    assert sites.compare("asset-hashes") == 0
    assert sites.compare("own-assets") == 0
    assert sites.compare("asset-hashes", "own-assets") == 0


def test_entries_go_together(sites: Sites) -> None:
    sites.change("index.html", OWN_TAG, OWN_TAG.replace("1b1b1b1b", "6a6a6a6a") + OWN_TAG)
    assert sites.compare("asset-hashes") == 1
    assert sites.compare("asset-hashes", "own-assets") == 0


def test_an_entry_that_hides_nothing_is_not_needed(sites: Sites) -> None:
    names = [entry.name for entry in compare_sites.IGNORED]
    assert sites.compare(*names) == 0
    assert sites.told().splitlines()[-1 - len(names) : -1] == [
        f"{name}: not needed" for name in names
    ]


# Calling it


@pytest.mark.usefixtures("sites")
@pytest.mark.parametrize("call", ["", "old", "old gone", "old empty", "old new --ignore gone"])
def test_a_wrong_call_ends_with_2(
    call: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        compare_sites.main(call.split())
    assert end.value.code == 2


def test_it_runs_anywhere_on_the_standard_library_alone(sites: Sites, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        script = str(ROOT / "tests/tools/compare_sites.py")
        command = [sys.executable, "-I", "-S", script, *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")

    shown = run("--help")
    assert shown.returncode == 0
    assert all(entry.name in shown.stdout for entry in compare_sites.IGNORED)
    assert run("old", "new").returncode == 0
    sites.change("index.html", "clear", "clear → ж")
    differs = run("old", "new")
    assert differs.returncode == 1
    assert "'clear → ж'" in differs.stdout
