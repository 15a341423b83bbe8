"""What a reader does with the diagnostic, for the tests that fill it in: reader.mark(3, "red"),
reader.phrase …

Texts come from the assessment's own YAML, so that a change of wording needs no change of a test.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml
from playwright.sync_api import Locator, Page, expect

from macros.loading.words import load_words
from tests.support.checkout import ROOT
from tests.support.patience import NEXT_FRAME, PATIENCE

FORM = "read/diagnostic.html"
ASSESSMENT: dict[str, Any] = yaml.safe_load(
    (ROOT / "assessments/gap-reading-diagnostic.yml").read_text(encoding="utf-8")
)
WORDS: dict[str, Any] = load_words(ROOT)[0].phrases
QUESTIONS: list[dict[str, Any]] = ASSESSMENT["questions"]
VERDICTS: list[dict[str, Any]] = ASSESSMENT["verdicts"]
LINES = range(1, len(QUESTIONS) + 1)
KEPT = WORDS["kept"]

expect.set_options(timeout=PATIENCE * 1000)

# One note and one name for every line, so that a journey leaves nothing empty.
NOTES = {line: f"Evidence {line}: one two three four five six seven" for line in LINES}
NAMES = {line: f"Person {line}" for line in LINES}
FIVE_LINES = ["green", "red", "red", "yellow", "red"]  # line 6 stays open
DATES = {2: "2026-12-02", 3: "2026-12-03", 4: "2026-12-04", 5: "2026-12-05"}


def typed(line: int, kind: str) -> str:
    return f'[name="{kind.format(QUESTIONS[line - 1]["id"])}"]'


class Reader:
    """One reader in front of one page with the diagnostic on it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.address = site + FORM
        self.form = page.locator("form.assessment")

    def open(self) -> "Reader":
        self.page.goto(self.address)
        return self.ready()

    def reload(self) -> "Reader":
        self.page.reload()
        return self.ready()

    def ready(self) -> "Reader":
        """The store has been looked into and the list of readings stands."""
        expect(self.part("readings").locator("option").first).to_be_attached()
        return self

    def part(self, name: str) -> Locator:
        return self.form.locator(f'[data-part="{name}"]')

    def do(self, name: str) -> None:
        self.form.locator(f'[data-do="{name}"]').click()

    # What is typed

    def radio(self, line: int, answer: str) -> Locator:
        return self.form.locator(f'input[name="{QUESTIONS[line - 1]["id"]}"][value="{answer}"]')

    def card(self, line: int, answer: str) -> Locator:
        return self.radio(line, answer).locator("xpath=..")

    def mark(self, line: int, answer: str) -> "Reader":
        self.card(line, answer).click()
        return self

    def mark_all(self, answers: Iterable[str]) -> "Reader":
        for line, answer in enumerate(answers, 1):
            self.mark(line, answer)
        return self

    def field(self, name: str) -> Locator:
        return self.form.locator(f'[name="{name}"]')

    def note(self, line: int) -> Locator:
        return self.field(f"notes.{QUESTIONS[line - 1]['id']}")

    def who(self, line: int) -> Locator:
        return self.field(f"moves.{QUESTIONS[line - 1]['id']}.who")

    def by(self, line: int) -> Locator:
        return self.field(f"moves.{QUESTIONS[line - 1]['id']}.by")

    def fill_in(self, subject: str = "Claims assistant") -> "Reader":
        """A whole reading with one line open: something in every field that shows."""
        self.field("reading.subject").fill(subject)
        self.field("reading.date").fill("2026-11-20")
        self.field("reading.chair").select_option("sponsor")
        self.mark_all(FIVE_LINES)
        for line in LINES:
            self.note(line).fill(NOTES[line])
        for line in DATES:
            self.who(line).fill(NAMES[line])
            self.by(line).fill(DATES[line])
        self.move(3).locator(".send").click()
        return self

    # What is seen

    def answers(self) -> list[str]:
        """The answer of every line as the radios show it; '' for an open one."""
        chosen = (
            "form => Object.fromEntries([...form.querySelectorAll('.answers :checked')].map(i =>"
            " [i.name, i.value]))"
        )
        found = self.form.evaluate(chosen)
        return [found.get(question["id"], "") for question in QUESTIONS]

    def values(self) -> dict[str, str]:
        """Everything that stands in the form, by the names of its fields."""
        return dict(self.form.evaluate("form => Object.fromEntries(new FormData(form))"))

    def verdict(self) -> Locator:
        return self.form.locator("[data-verdict].is b")

    def drawn(self) -> "Reader":
        """What stands away from the answers is drawn after the frame that shows a click."""
        self.page.evaluate(NEXT_FRAME)
        return self

    def possible(self) -> list[str]:
        self.drawn()
        return list(self.form.locator("[data-verdict]:not(.out) b").all_inner_texts())

    def move(self, line: int) -> Locator:
        return self.form.locator(f'[data-move="{QUESTIONS[line - 1]["id"]}"]')

    def moves(self) -> list[int]:
        """The lines whose moves are shown, in the order in which they stand."""
        self.drawn()
        shown = self.form.locator(".move:visible").evaluate_all(
            "items => items.map(item => item.dataset.move)"
        )
        return [[question["id"] for question in QUESTIONS].index(id) + 1 for id in shown]

    def readings(self) -> list[str]:
        return list(self.part("readings").locator("option").all_inner_texts())

    # What is kept

    def kept(self) -> "Reader":
        expect(self.part("kept")).to_have_text(KEPT)
        return self

    def notice(self, key: str) -> Locator:
        """A sentence of words.yml among the notices, whatever stands for its {parts}; in the plural
        with _many.
        """
        many, name = key.endswith("_many"), key.removesuffix("_many")
        phrase = (
            WORDS[name] if isinstance(WORDS[name], str) else WORDS[name]["other" if many else "one"]
        )
        pattern = re.escape(phrase).replace(r"\{reason\}", ".*").replace(r"\{count\}", r"\d+")
        return self.part("notices").locator("p").filter(has_text=re.compile(pattern))

    def store(self, work: str, argument: Any = None) -> Any:
        """Run `work`, a function of (database, argument) → promise, on the site's database as it
        is.
        """
        return self.page.evaluate(
            """async (argument) => {
                 const { name } = (await indexedDB.databases())[0];
                 const open = indexedDB.open(name);
                 const database = await new Promise((ok, no) => {
                   open.onsuccess = () => ok(open.result);
                   open.onerror = no;
                 });
                 const value = await (WORK)(database, argument);
                 database.close();
                 return value;
               }""".replace("WORK", work),
            argument,
        )

    def stored(self, store: str = "readings") -> list[Any]:
        """What the database holds, by any other eyes than the form's own scripts."""
        return list(
            self.store(
                """(database, store) => new Promise((ok) => {
                     database.transaction(store).objectStore(store)
                       .getAll().onsuccess = (e) => ok(e.target.result);
                   })""",
                store,
            )
        )

    def put(self, *values: Any) -> None:
        """Put values into the store of readings past the form, as a fault or a newer version
        would.
        """
        self.store(
            """(database, texts) => new Promise((ok, no) => {
                 const open = database.transaction('readings', 'readwrite');
                 for (const text of texts) open.objectStore('readings').put(JSON.parse(text));
                 open.oncomplete = ok; open.onabort = no;
               })""",
            [json.dumps(value) if not isinstance(value, str) else value for value in values],
        )

    def forget(self, id: str) -> None:
        self.store(
            """(database, id) => new Promise((ok) => {
                 const open = database.transaction('readings', 'readwrite');
                 open.objectStore('readings').delete(id);
                 open.oncomplete = ok;
               })""",
            id,
        )
