"""Text of others is text: hostile strings in every field come back exactly, and none of them runs.

The strings lie outside the repository, in ../shared/corpora; where that is missing the tests are
skipped.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.corpora import corpus
from tests.support.reader import KEPT, Reader
from tests.support.server import OpenPage, Server

SEED = 20261120


def naughty() -> list[str]:
    return [text for text in corpus("strings/blns.json") if text]


def attacks(count: int) -> list[str]:
    """Payloads measured to fire when put raw into innerHTML."""
    cases = [
        case["payload"]
        for case in corpus("xss/live_chromium156.json")["cases"]
        if "html" in case["fires_in"]
    ]
    return random.Random(SEED).sample(cases, count)


# Types each string into three fields of a reading of its own, as fast as the form keeps them.
TYPE_ALL = """async ([texts, keptText]) => {
  const form = document.querySelector('form.assessment');
  const kept = form.querySelector('[data-part="kept"]');
  const until = (holds) => new Promise((done) => {
    if (holds()) { done(); return; }
    const watch = new MutationObserver(() => { if (holds()) { watch.disconnect(); done(); } });
    watch.observe(form, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  const type = (name, text) => {
    const field = form.elements[name];
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const found = [];
  for (const text of texts) {
    form.querySelector('[value="red"]').click();
    for (const name of NAMES) type(name, text);
    await until(() => kept.textContent === keptText);
    found.push(NAMES.map(
      (name) => form.elements[name].parentElement.querySelector('.typed').textContent));
    form.querySelector('[data-do="new"]').click();
    await until(() => form.elements[NAMES[0]].value === '');
  }
  return found;
}"""
# Opens every reading that is kept, by the list, and tells what its fields and the list say.
READ_ALL = """async () => {
  const form = document.querySelector('form.assessment');
  const list = form.querySelector('[data-part="readings"]');
  const found = [];
  for (const [id, label] of [...list.options].map((option) => [option.value, option.textContent])) {
    list.value = id;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await new Promise((done) => {
      const wait = () => (form.elements[NAMES[0]].value ? done() : setTimeout(wait, 0));
      form.elements[NAMES[0]].value = '';
      wait();
    });
    found.push([label, ...NAMES.map((name) => form.elements[name].value)]);
  }
  return found;
}"""
NAMES = ["reading.subject", "notes.outcome_ownership", "moves.outcome_ownership.who"]


def script(text: str) -> str:
    return text.replace("NAMES", json.dumps(NAMES))


def as_typed(text: str) -> list[str]:
    """What a browser makes of line breaks: none in a field of one line, plain ones in a note."""
    line = re.sub(r"[\r\n]", "", text)
    return [line, re.sub(r"\r\n?", "\n", text), line]


def come_back_as_text(reader: Reader, texts: list[str]) -> None:
    shown = reader.page.evaluate(script(TYPE_ALL), [texts, KEPT])
    expected = [as_typed(text) for text in texts]
    assert shown == expected
    reader.reload()
    back = reader.page.evaluate(script(READ_ALL))
    assert sorted(values[1:] for values in back) == sorted(expected)
    assert [label for label, subject, *_ in back if not label.startswith(f"{subject} · ")] == []
    assert reader.form.locator(".typed *, option *").count() == 0  # no element came of any of it


def test_naughty_strings_survive_as_they_were_typed(
    page: Page, server: Server, request: pytest.FixtureRequest
) -> None:
    texts = naughty()
    some = texts if request.config.getoption("--all") else random.Random(SEED).sample(texts, 80)
    come_back_as_text(Reader(page, server.url).open(), some)
    print(f"{len(some)} of {len(texts)} strings in 3 fields each")


def test_attacks_do_not_run(page: Page, server: Server, request: pytest.FixtureRequest) -> None:
    """Nor does the policy have to stop one: a breach would be in `problems`."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    come_back_as_text(
        Reader(page, server.url).open(), attacks(500 if request.config.getoption("--all") else 60)
    )
    assert dialogs == []


@pytest.fixture
def offline(open_page: OpenPage) -> Iterator[Page]:
    """A page that reaches nothing but the tests' own server: the attacks want to fetch from
    elsewhere.
    """
    page = open_page()
    page.context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
    yield page


SINK = """<!doctype html><title>x</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-control'"><div></div>
<script nonce="control">
  let breaches = 0;
  document.addEventListener('securitypolicyviolation', () => { breaches += 1; });
  const fires = async (payload) => {
    breaches = 0;
    document.querySelector('div').innerHTML = payload;
    for (const link of document.querySelectorAll('div a')) link.click();
    for (let n = 0; n < 1000 && !breaches; n += 1)
      await new Promise((done) => setTimeout(done, 10));
    return breaches > 0;
  };
</script>"""


def test_the_same_attacks_do_run_where_text_is_taken_for_html(
    offline: Page, tmp_path: Path, serve_folder: Callable[[Path], Server], problems: list[str]
) -> None:
    """The control: a page that puts them into innerHTML sets nearly all of them off."""
    (tmp_path / "index.html").write_text(SINK, encoding="utf-8")
    address = serve_folder(tmp_path).url
    fired = 0
    for payload in attacks(60):
        offline.goto(address)
        fired += offline.evaluate("payload => fires(payload)", payload)
    problems.clear()
    assert fired >= 58
