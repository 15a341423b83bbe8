"""The shared fixtures notice what they are there to notice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.patience import wait_until_told
from tests.support.server import Server


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("console.error('ouch')", "error: ouch"),
        ("setTimeout(() => { throw new Error('ouch') })", "exception: ouch"),
        ("new Image().src = 'http://elsewhere.invalid/x.png'", "request to another origin"),
    ],
)
def test_a_page_that_misbehaves_is_noticed(
    script: str,
    problem: str,
    page: Page,
    problems: list[str],
    tmp_path: Path,
    serve_folder: Callable[[Path], Server],
) -> None:
    (tmp_path / "index.html").write_text(
        f"<!doctype html><title>x</title><script>{script}</script>", encoding="utf-8"
    )
    page.goto(serve_folder(tmp_path).url)
    wait_until_told(page, problems, problem)
    problems.clear()


def test_axe_sees_what_is_not_accessible(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=data:,></main></html>")
    assert any(found.startswith("image-alt") for found in axe(page))


def test_pdf_text_reads_a_printed_page(page: Page, pdf_text: Callable[[bytes], list[str]]) -> None:
    page.set_content("<p>On paper</p>")
    assert pdf_text(page.pdf()) == ["On paper"]
