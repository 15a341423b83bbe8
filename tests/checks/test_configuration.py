"""A mistake in mkdocs.yml, or in a file that it inherits, is a sentence with its place; what is
sound, `!ENV` and INHERIT included, gives none.
"""

from pathlib import Path

import pytest

from macros.checks.playbook_reader import check_settings
from macros.checks.titles import check_page_titles
from macros.commands.generator_settings import complaints

PAGE = "---\ntitle: Home\n---\n"
NAME = "site_name: x\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


def told(root: Path, settings: str, base: str = "") -> list[str]:
    """What is said of mkdocs.yml, and of base.yml beside it."""
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    (root / "base.yml").write_text(base, encoding="utf-8")
    return [str(problem) for problem in check_settings(root, complaints)]


MISTAKES = {
    "nav: [index.md\n": "mkdocs.yml:2:6: error: the bracket or brace opened here is not closed",
    "\tnav: []\n": "mkdocs.yml:2:1: error: a tab or a sign such as @ or ` stands here",
    "copyright: (c): me\n": "mkdocs.yml:2:15: error: a colon stands where no key can",
    "plgins: {}\n": "mkdocs.yml:2:1: error: there is no setting 'plgins'; did you mean 'plugins'?",
    "3: x\n": "mkdocs.yml:2:1: error: there is no setting '3'; known here: ",
    "copyright: 2026\n": "mkdocs.yml:2:1: error: this is a number, and should be text: write it in",
    "extra_css: {a: b}\n": "mkdocs.yml:2:1: error: this is a mapping, and should be a list",
    "strict: maybe\n": "mkdocs.yml:2:1: error: this is text, and should be true or false",
    "docs_dir: nope\n": "mkdocs.yml:2:1: error: The path ",
    "plugins:\n  - serch\n": (
        "mkdocs.yml:3:5: error: the plugin 'serch' is not installed; did you mean 'search'?"
    ),
    "theme: {name: materil}\n": (
        "mkdocs.yml:2:9: error: the theme 'materil' is not installed; did you mean 'material'?"
    ),
    "theme: materil\n": "mkdocs.yml:2:1: error: the theme 'materil' is not installed; did you mean",
    "plugins:\n  search:\n    langg: en\n": (
        "mkdocs.yml:4:5: error: there is no setting 'langg'; did you mean 'lang'?"
    ),
    "validation:\n  nav: {omited_files: warn}\n": (
        "mkdocs.yml:3:9: error: there is no setting 'omited_files'; did you mean 'omitted_files'?"
    ),
    "markdown_extensions:\n  toc: {permlink: no}\n": (
        "mkdocs.yml:3:9: error: there is no setting 'permlink'; did you mean 'permalink'?"
    ),
    "markdown_extensions:\n  - toc:\n      permlink: no\n": (
        "mkdocs.yml:4:7: error: there is no setting 'permlink'; did you mean 'permalink'?"
    ),
    "markdown_extensions:\n  attr_list: {x: 1}\n": (
        "mkdocs.yml:3:15: error: there is no setting 'x'; known here: none"
    ),
    "markdown_extensions: [atr_list]\n": (
        "mkdocs.yml:2:23: error: the extension 'atr_list' is not installed; did you mean"
    ),
    "markdown_extensions:\n  pymdownx.hilight: {}\n": (
        "mkdocs.yml:3:3: error: the extension 'pymdownx.hilight' is not installed; did you mean"
        " 'pymdownx.highlight'?"
    ),
    "markdown_extensions:\n  toc: {toc_depth: x}\n": (
        "mkdocs.yml:3:3: error: the extension 'toc' cannot be loaded: invalid literal for int()"
    ),
    "markdown_extensions: [yaml]\n": (
        "mkdocs.yml:2:23: error: the extension 'yaml' cannot be loaded: "
    ),
    "markdown_extensions: 3\n": "mkdocs.yml:2:1: error: this should be a list or a mapping",
    "plugins: 3\n": "mkdocs.yml:2:1: error: this should be a list or a mapping",
    "theme: 3\n": "mkdocs.yml:2:1: error: this is a number, and should be text or a mapping",
    "watch: 3\n": "mkdocs.yml:2:1: error: this is a number, and should be a list",
    "extra: 3\n": "mkdocs.yml:2:1: error: this is a number, and should be a mapping",
    "theme: {name: material, custom_dir: nope}\n": "mkdocs.yml:2:25: error: The path set in custom",
    "extra: {a: !!python/name:nope.x }\n": "mkdocs.yml:2:12: error: cannot find module 'nope'",
    "INHERIT: nope.yml\n": "mkdocs.yml:2:10: error: there is no file 'nope.yml'",
    "INHERIT:\n": "mkdocs.yml:2:9: error: this names no file",
    "INHERIT: mkdocs.yml\n": "mkdocs.yml:1:1: error: INHERIT goes in a circle",
    "nav: x\n": "mkdocs.yml:2:1: error: this is text, and should be a list",
    "nav: 3\n": "mkdocs.yml:2:1: error: this is a number, and should be a list",
    "nav: {a: index.md}\n": "mkdocs.yml:2:1: error: this is a mapping, and should be a list",
    "nav: [index.md, 3]\n": (
        "mkdocs.yml:2:1: error: an entry of this is a number, and should be a page, or a title"
    ),
    "nav: [{a: index.md, b: index.md}]\n": (
        "mkdocs.yml:2:1: error: an entry of this has several titles"
    ),
    "nav: [{2026: index.md}]\n": "mkdocs.yml:2:8: error: to YAML '2026' is no text",
    "nav: [{No: index.md}]\n": "mkdocs.yml:2:8: error: to YAML 'No' is no text",
    "nav: [{a: [{~: index.md}]}]\n": "mkdocs.yml:2:13: error: to YAML '~' is no text",
    "nav: [{'': index.md}]\n": "mkdocs.yml:2:8: error: the title is empty",
    "nav: [indx.md, index.md]\n": "mkdocs.yml:2:7: error: there is no page 'indx.md'; did you mean",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_a_sentence_with_its_place(mistake: str, root: Path) -> None:
    [said] = told(root, NAME + mistake)
    assert said.startswith(MISTAKES[mistake]) and len(said.splitlines()) == 1


@pytest.mark.parametrize("settings", ["", "- a\n", "words\n"])
def test_what_is_no_settings_gets_a_sentence(settings: str, root: Path) -> None:
    [said] = told(root, settings)
    assert said.startswith("mkdocs.yml:1:1: error: these are no settings")


def test_a_missing_setting_is_named(root: Path) -> None:
    assert told(root, "use_directory_urls: false\n") == [
        "mkdocs.yml:1:1: error: the setting 'site_name' is missing"
    ]


INHERITED = {
    "nav: [": "base.yml:1:7: error: a value is missing",
    "strict: maybe": "base.yml:1:1: error: this is text, and should be true or false",
    "them: material": "base.yml:1:1: error: there is no setting 'them'; did you mean 'theme'?",
    "extra: {a: !!python/name:nope.x }": "base.yml:1:12: error: cannot find module 'nope'",
    "nav: [{1: index.md}]": "base.yml:1:8: error: to YAML '1' is no text",
}


@pytest.mark.parametrize("mistake", INHERITED)
def test_a_mistake_in_an_inherited_file_names_that_file(mistake: str, root: Path) -> None:
    [said] = told(root, "INHERIT: base.yml\n" + NAME, mistake)
    assert said.startswith(INHERITED[mistake])


SOUND = {
    NAME: "",
    "INHERIT: base.yml\n": NAME,
    "INHERIT: !ENV [NOT_SET_ANYWHERE, base.yml]\n": NAME,
    "site_name: !ENV [NOT_SET_ANYWHERE, x]\n": "",
    "INHERIT: base.yml\nsite_name: x\n": "site_name: 2026\n",  # what is overridden is not used
    NAME + "extra: {icon: !!python/name:yaml.load }\n": "",
    NAME + "nav: [{'2026': index.md}]\n": "",
    NAME + "nav: [index.md]\n": "",
}


@pytest.mark.parametrize("settings", SOUND)
def test_sound_settings_give_no_word(settings: str, root: Path) -> None:
    assert told(root, settings, SOUND[settings]) == []


def test_several_mistakes_are_told_at_once(root: Path) -> None:
    said = told(root, "site_name: 1\nstrict: maybe\nthem: x\nnav: [nope.md]\n")
    assert len(said) == 5  # the page that is not in the navigation, too


TITLES = {
    "2026": "docs/index.md:2:8: error: to YAML '2026' is no text: write it in quotes",
    "No": "docs/index.md:2:8: error: to YAML 'No' is no text: write it in quotes",
    "2026-01-01": "docs/index.md:2:8: error: to YAML '2026-01-01' is no text: write it in quotes",
    "": "docs/index.md:2:7: error: the title is empty; write one, or delete the line",
    "' '": "docs/index.md:2:8: error: the title is empty; write one, or delete the line",
    "[a]": "docs/index.md:2:8: error: a title is text, and this is a list or a mapping",
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_is_no_text_gets_a_sentence(title: str, root: Path) -> None:
    page = root / "docs" / "index.md"
    page.write_text(f"---\ntitle: {title}\n---\n", encoding="utf-8")
    [problem] = check_page_titles(root / "docs")
    assert str(problem).startswith(TITLES[title])


@pytest.mark.parametrize(
    "front", ["---\ntitle: '2026'\n---\n", "---\nhide: [toc]\n---\n", "# 2026\n"]
)
def test_a_title_of_text_gives_no_word(front: str, root: Path) -> None:
    (root / "docs" / "index.md").write_text(front, encoding="utf-8")
    assert list(check_page_titles(root / "docs")) == []
