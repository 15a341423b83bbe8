"""What is kept, and what is said when it is not: storage that fails, is broken, newer, shared
between tabs, or killed.

Faults are injected into the browser's own storage before the page's scripts run; nothing is
replaced by a mock.
"""

import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import chromium as chromium_on_disk
from tests.support.patience import wait_until
from tests.support.reader import KEPT, LINES, QUESTIONS, WORDS, Reader
from tests.support.server import OpenPage, Server

IDS = [question["id"] for question in QUESTIONS]
NO_INDEXED_DB = {
    "missing": "Object.defineProperty(window, 'indexedDB', { value: undefined });",
    "throws when touched": (
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no'); } });"
    ),
    "throws when opened": (
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
    ),
    "fails to open": (
        """IDBFactory.prototype.open = () => {
        const request = { error: new DOMException('no', 'UnknownError') };
        setTimeout(() => request.onerror()); return request; };"""
    ),
    "cannot be read": (
        """IDBObjectStore.prototype.get = IDBObjectStore.prototype.getAll = () => {
        throw new DOMException('no', 'UnknownError'); };"""
    ),
}
NO_LOCAL_STORAGE = {
    "throws when touched": (
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });"
    ),
    "is full": (
        "Storage.prototype.setItem = () => { throw new DOMException('full',"
        " 'QuotaExceededError'); };"
    ),
}


@pytest.fixture
def reader(page: Page, server: Server) -> Reader:
    return Reader(page, server.url)


def with_fault(reader: Reader, *scripts: str) -> Reader:
    reader.page.add_init_script("\n".join(scripts))
    return reader


# Kept means that the disk has it


def test_every_change_is_kept_with_strict_durability(reader: Reader) -> None:
    with_fault(
        reader,
        """window.asked = [];
           const transaction = IDBDatabase.prototype.transaction;
           IDBDatabase.prototype.transaction = function (stores, mode, options) {
             asked.push([mode, options && options.durability]);
             return transaction.call(this, stores, mode, options);
           };""",
    )
    reader.open().mark(1, "red").kept()
    writes = [
        durability for mode, durability in reader.page.evaluate("asked") if mode == "readwrite"
    ]
    assert writes and set(writes) == {"strict"}


HOLD_BACK = """
  window.held = null;
  const handler = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');
  Object.defineProperty(IDBTransaction.prototype, 'oncomplete', { set(done) {
    handler.set.call(this, (event) => (held ? held.push(() => done(event)) : done(event)));
  } });"""


def test_kept_is_shown_only_when_the_transaction_has_completed(reader: Reader) -> None:
    with_fault(reader, HOLD_BACK).open()
    reader.page.evaluate("held = []")
    reader.mark(1, "red")
    reader.page.wait_for_function("() => held.length > 0")  # the disk has it; the page was not told
    expect(reader.part("kept")).to_have_text(WORDS["keeping"])
    reader.page.evaluate("() => { const all = held; held = null; for (const done of all) done(); }")
    expect(reader.part("kept")).to_have_text(KEPT)


def test_leaving_before_it_is_kept_asks_first(reader: Reader) -> None:
    with_fault(reader, HOLD_BACK).open()
    reader.page.evaluate("held = []")
    reader.mark(1, "red")
    dialogs = []
    reader.page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    reader.page.reload()
    assert dialogs == ["beforeunload"]
    reader.ready().kept()
    reader.page.reload()
    assert dialogs == ["beforeunload"]  # nothing to ask any more


# Storage that is not there


@pytest.mark.parametrize("fault", NO_INDEXED_DB)
def test_without_the_database_the_simpler_store_keeps_and_says_so(
    fault: str, reader: Reader
) -> None:
    with_fault(reader, NO_INDEXED_DB[fault]).open()
    expect(reader.notice("weak_storage")).to_be_visible()
    before = reader.fill_in().kept().values()
    reader.reload()
    assert reader.values() == before
    reader.do("clear")
    reader.part("notices").get_by_role("button", name=WORDS["undo"]).click()
    expect(reader.field("reading.subject")).to_have_value("Claims assistant")
    assert reader.kept().reload().values() == before


def test_what_the_simpler_store_kept_moves_into_the_database_when_there_is_one(
    reader: Reader,
) -> None:
    with_fault(reader, "if (!sessionStorage.mended) { " + NO_INDEXED_DB["missing"] + " }").open()
    before = reader.fill_in().kept().values()
    reader.page.evaluate("sessionStorage.mended = 1")
    reader.reload()
    assert reader.values() == before
    expect(reader.notice("weak_storage")).to_have_count(0)
    assert [one["subject"] for one in reader.stored()] == ["Claims assistant"]
    assert (
        reader.page.evaluate("Object.keys(localStorage).filter((key) => key.includes(' reading '))")
        == []
    )


@pytest.mark.parametrize(
    ("fault", "local"), list(zip(NO_INDEXED_DB, cycle(NO_LOCAL_STORAGE), strict=False))
)
def test_without_any_storage_the_form_works_and_says_that_nothing_is_kept(
    fault: str, local: str, reader: Reader, problems: list[str]
) -> None:
    with_fault(reader, NO_INDEXED_DB[fault], NO_LOCAL_STORAGE[local]).open()
    expect(reader.notice("no_storage")).to_be_visible()
    reader.fill_in()
    expect(reader.verdict()).to_have_text("Stall in progress")
    expect(reader.part("kept")).to_have_text(WORDS["not_kept"])
    dialogs = []
    reader.page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    reader.page.reload()
    assert dialogs == ["beforeunload"]
    if local == "throws when touched":
        reader.page.goto("about:blank")  # where nothing more comes
        problems.clear()  # Material's own script does not expect that


def test_a_slow_database_loses_nothing_typed_meanwhile(reader: Reader) -> None:
    reader.open().mark(1, "green").kept()
    with_fault(
        reader,
        """const { open } = IDBFactory.prototype;
           const handler = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
           IDBFactory.prototype.open = function (...all) {
             const request = open.apply(this, all);
             if (sessionStorage.quick) return request;
             const hold = (done) => handler.set.call(
               request, (event) => { window.answer = () => done(event); });
             return Object.defineProperty(request, 'onsuccess', { set: hold });
           };""",
    )
    reader.page.reload()
    reader.page.wait_for_function("() => Boolean(window.answer)")
    reader.mark(2, "red")
    for button in ("new", "clear"):
        reader.do(button)  # too early: nothing happens, nothing breaks
    assert reader.answers()[1] == "red"
    reader.page.evaluate("answer()")
    reader.ready().kept()
    assert reader.answers()[:2] == ["green", "red"]
    reader.page.evaluate("sessionStorage.quick = 1")
    assert reader.reload().answers()[:2] == ["green", "red"]


# Storage that fails midway


FAULTS = {
    "put throws": """throw new DOMException('no room', 'QuotaExceededError');""",
    "the transaction stops": (
        """const request = put.call(this, value); this.transaction.abort(); return request;"""
    ),
}


def fail_at(nth: int, fault: str) -> str:
    return f"""let puts = 0; const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (value) {{
        puts += 1; if (puts === {nth}) {{ {FAULTS[fault]} }} return put.call(this, value); }};"""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_what_could_not_be_kept_is_told_and_kept_with_the_next_change(
    nth: int, fault: str, reader: Reader, problems: list[str]
) -> None:
    with_fault(reader, fail_at(nth, fault)).open()
    for line in range(1, nth):
        reader.mark(line, "yellow").kept()
    reader.mark(nth, "red")
    expect(reader.part("kept")).to_have_text(WORDS["not_kept"])
    expect(reader.notice("not_kept_why")).to_be_visible()
    expect(reader.radio(nth, "red")).to_be_checked()
    reader.mark(nth + 1, "green").kept()
    expect(reader.notice("not_kept_why")).to_have_count(0)
    answers = ["yellow"] * (nth - 1) + ["red", "green"]
    assert reader.reload().answers()[: nth + 1] == answers
    problems.clear()  # the fault itself


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_at_any_point_of_a_journey_loses_nothing(
    fault: str, open_page: OpenPage, server: Server, problems: list[str]
) -> None:
    runs = 0
    for nth in range(1, 40):
        reader = with_fault(Reader(open_page(), server.url), fail_at(nth, fault)).open()
        reader.fill_in()
        expect(reader.part("kept")).not_to_have_text(WORDS["keeping"])
        # takes along what could not be kept before
        reader.field("reading.subject").fill("Claims assistant, again")
        expect(reader.part("kept")).not_to_have_text(WORDS["keeping"])
        if reader.part("kept").inner_text() == WORDS["not_kept"]:  # the fault hit this very change
            reader.field("reading.subject").fill("Claims assistant, once more")
        before = reader.kept().values()
        assert reader.reload().values() == before, nth
        reader.page.context.close()
        problems.clear()
        runs += 1
    print(f"{runs} journeys")


def test_a_reading_that_cannot_be_kept_is_not_left_behind(
    reader: Reader, problems: list[str]
) -> None:
    """New, Clear and another reading wait until what is on the screen is safe."""
    with_fault(
        reader,
        "if (sessionStorage.full) IDBObjectStore.prototype.put = () => { throw new"
        " DOMException('full'); };",
    )
    reader.open().mark(1, "red").kept()
    reader.page.evaluate("sessionStorage.full = 1")
    reader.reload().mark(2, "red")
    expect(reader.notice("not_kept_why")).to_be_visible()
    reader.do("new")
    reader.do("clear")
    expect(reader.notice("not_kept_why")).to_be_visible()
    assert reader.answers()[:2] == ["red", "red"]
    problems.clear()


def test_a_clearing_that_fails_is_told_and_clears_nothing(
    reader: Reader, problems: list[str]
) -> None:
    fault = (
        "IDBObjectStore.prototype.delete = () => { throw new DOMException('no', 'UnknownError'); };"
    )
    with_fault(reader, fault).open().mark(1, "red").kept()
    reader.do("clear")
    expect(reader.notice("not_kept_why")).to_be_visible()
    assert reader.answers()[0] == "red"
    expect(reader.notice("cleared")).to_have_count(0)
    problems.clear()


def test_an_undo_that_fails_does_not_lose_the_reading(reader: Reader, problems: list[str]) -> None:
    with_fault(reader, fail_at(2, "put throws")).open().mark(1, "red").kept()
    reader.do("clear")
    reader.part("notices").get_by_role("button", name=WORDS["undo"]).click()
    expect(reader.radio(1, "red")).to_be_checked()
    reader.mark(2, "red").kept()
    assert reader.reload().answers()[:2] == ["red", "red"]
    problems.clear()


def test_a_database_taken_away_is_opened_again(reader: Reader) -> None:
    """As when somebody clears the site's data while the page is open."""
    reader.open().mark(1, "red").kept()
    reader.page.evaluate("""async () => { const { name } = (await indexedDB.databases())[0];
             await new Promise((ok, no) => { const request = indexedDB.deleteDatabase(name);
               request.onsuccess = ok; request.onerror = no; request.onblocked = no; }); }""")
    reader.mark(2, "red").kept()
    assert reader.reload().answers()[:2] == ["red", "red"]


# Stored values that are broken, hostile or newer


def a_reading(**changes: Any) -> dict[str, Any]:
    reading = {
        "format": 1, "id": "stored", "assessment": "gap-reading-diagnostic", "version": 1,
        "subject": "Stored", "chair": "operator", "date": "2026-11-20",
        "answers": {IDS[0]: "red"}, "notes": {}, "moves": {}, "send": "",
        "changed": "2026-11-20T10:00:00.000Z",
    }  # fmt: skip
    return {**reading, **changes}


BROKEN = {
    "no format": a_reading(format=None),
    "a format of text": a_reading(format="one"),
    "answers as a list": a_reading(answers=["red"]),
    "answers as text": a_reading(answers="red"),
    "answers missing": {key: value for key, value in a_reading().items() if key != "answers"},
    "a note as a number": a_reading(notes={IDS[0]: 7}),
    "moves of nothing": a_reading(moves={IDS[0]: None}),
    "a subject as a mapping": a_reading(subject={"toString": "x"}),
    "a version of text": a_reading(version="1"),
    "nothing but an id": {"id": "stored"},
}


def test_broken_readings_are_set_aside_and_can_be_saved(reader: Reader, tmp_path: Path) -> None:
    reader.open().mark(1, "green").kept()
    broken = [
        {**value, "id": f"stored-{number:02}"} for number, value in enumerate(BROKEN.values())
    ]
    reader.put(*broken)
    reader.reload()
    expect(reader.notice("set_aside_many")).to_contain_text(str(len(broken)))
    assert reader.answers()[0] == "green"
    assert reader.stored("aside") == broken
    assert len(reader.stored()) == 1
    with reader.page.expect_download() as download:
        reader.part("notices").get_by_role("button", name=WORDS["set_aside_save"]).click()
    download.value.save_as(tmp_path / "aside.json")
    assert json.loads((tmp_path / "aside.json").read_text(encoding="utf-8")) == broken
    reader.mark(2, "red").kept().reload()
    expect(
        reader.notice("set_aside_many")
    ).to_be_visible()  # until somebody has done something about it
    assert reader.stored("aside") == broken


@pytest.mark.parametrize("broken", ["answers missing", "nothing but an id"])
def test_one_broken_reading_is_told_of_in_the_singular(broken: str, reader: Reader) -> None:
    reader.open().mark(1, "green").kept()
    reader.put(BROKEN[broken])
    reader.reload()
    expect(reader.notice("set_aside")).to_be_visible()


ODD = {
    "an answer that is not offered": a_reading(answers={IDS[0]: "red", IDS[1]: "purple"}),
    "an answer that is a number": a_reading(answers={IDS[0]: "red", IDS[1]: 5}),
    "an answer that is null": a_reading(answers={IDS[0]: "red", IDS[1]: None}),
    "an answer that is a mapping": a_reading(
        answers={IDS[0]: "red", IDS[1]: {"unknown": "perhaps"}}
    ),
    "an answer named like a part of JavaScript": a_reading(
        answers={IDS[0]: "red", IDS[1]: "constructor"}
    ),
    "a line that is gone": a_reading(answers={IDS[0]: "red", "old_line": "red"}),
    "a date that is none": a_reading(date="next Tuesday"),
    "a chair nobody knows": a_reading(chair="\U0001f600 the board"),
    "a move to nowhere": a_reading(send="nowhere", moves={"nowhere": {"who": "nobody"}}),
}


def test_odd_values_in_readings_stop_nothing_and_stay(reader: Reader) -> None:
    reader.open().mark(1, "green").kept()
    odd = [
        {**value, "id": f"stored-{number}", "subject": what}
        for number, (what, value) in enumerate(ODD.items())
    ]
    reader.put(*odd)
    reader.reload()
    for before in odd:
        reader.part("readings").select_option(before["id"])
        expect(reader.field("reading.subject")).to_have_value(before["subject"])
        assert reader.answers() == ["red", "", "", "", "", ""], before
        expect(reader.part("counts")).to_have_text("1 red, 5 open")
        reader.mark(3, "red").kept()
        after = next(one for one in reader.stored() if one["id"] == before["id"])
        assert {**after, "changed": ""} == {
            **before,
            "changed": "",
            "answers": {**before["answers"], IDS[2]: "red"},
        }
    for before in odd:  # and as the one that is open when the page opens
        reader.page.evaluate(
            "id => sessionStorage.setItem(Object.keys(sessionStorage)[0], id)", before["id"]
        )
        reader.reload()
        expect(reader.field("reading.subject")).to_have_value(before["subject"])


def test_hostile_keys_are_only_keys(reader: Reader) -> None:
    reader.open().mark(1, "green").kept()
    hostile = """{"format":1,"id":"stored","assessment":"gap-reading-diagnostic","version":1,
      "subject":"Stored","chair":"","date":"",
      "answers":{"__proto__":{"outcome_ownership":"red"},"constructor":"red"},
      "notes":{"__proto__":"x"},
      "moves":{"__proto__":{"who":"x"}},"send":"__proto__","changed":"2999-01-01T00:00:00.000Z",
      "__proto__":{"polluted":true}}"""
    reader.put(hostile)
    reader.reload()
    reader.part("readings").select_option("stored")
    expect(reader.field("reading.subject")).to_have_value("Stored")
    assert reader.answers() == [""] * 6
    expect(reader.part("phrase")).to_have_text(WORDS["nothing_yet"])
    reader.mark(1, "red").kept()
    assert reader.page.evaluate("[({}).polluted, ({}).who, ({}).outcome_ownership]") == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "changes",
    [{"format": 2}, {"format": 2, "version": 2}, {"format": 9, "answers": [1], "notes": None}],
)
def test_a_reading_of_a_newer_version_is_left_alone(
    changes: dict[str, Any], reader: Reader
) -> None:
    newer = a_reading(**changes)
    reader.open().mark(1, "green").kept()
    reader.put(newer)
    reader.reload()
    expect(reader.notice("newer")).to_be_visible()
    reader.mark(2, "red").kept()
    assert newer in reader.stored()
    assert reader.stored("aside") == []
    assert not any("Stored" in title for title in reader.readings())


@pytest.mark.parametrize("change", [{"format": 2, "answers": {"x": "y"}}, {"answers": ["broken"]}])
def test_a_reading_made_unreadable_under_an_open_page_stays(
    change: dict[str, Any], reader: Reader
) -> None:
    reader.open().mark(1, "green").kept()
    theirs = {**reader.stored()[0], **change}
    reader.put(theirs)
    reader.mark(2, "red").kept()
    assert theirs in reader.stored() + reader.stored("aside")
    assert reader.answers()[:2] == ["green", "red"]
    assert reader.reload().answers()[:2] == ["green", "red"]


TRUNCATED = ['{"format":1,"id":"stored","ans', "", "null", "[]", "7", '"text"', "{}", "\ufffd"]


def test_truncated_text_in_the_simpler_store_is_set_aside(reader: Reader) -> None:
    with_fault(reader, NO_INDEXED_DB["missing"]).open().mark(1, "green").kept()
    name = reader.page.evaluate(
        "Object.keys(localStorage).find((key) => key.includes(' reading '))"
    )
    broken = {
        f"{name.rsplit(' ', 1)[0]} stored-{number}": text for number, text in enumerate(TRUNCATED)
    }
    reader.page.evaluate("broken => { Object.assign(localStorage, broken); }", broken)
    reader.reload()
    expect(reader.notice("set_aside_many")).to_contain_text(str(len(broken)))
    assert reader.answers()[0] == "green"
    kept = reader.page.evaluate("({ ...localStorage })")
    assert not broken.keys() & kept.keys()
    assert sorted(value for key, value in kept.items() if " aside " in key) == sorted(TRUNCATED)


def test_a_foreign_assessment_is_none_of_this_forms_business(reader: Reader) -> None:
    other = a_reading(assessment="something-else", format=7)
    reader.open().mark(1, "green").kept()
    reader.put(other)
    reader.reload()
    expect(reader.part("notices").locator("p")).to_have_count(0)
    assert other in reader.stored()


# Two tabs


def second_tab(reader: Reader, server: Server) -> Reader:
    return Reader(reader.page.context.new_page(), server.url).open()


def test_what_one_tab_marks_the_other_shows(reader: Reader, server: Server) -> None:
    reader.open().fill_in().kept()
    other = second_tab(reader, server)
    assert other.values() == reader.values()
    other.mark(6, "red")
    expect(reader.radio(6, "red")).to_be_checked()
    reader.note(6).fill("From the first tab")
    expect(other.note(6)).to_have_value("From the first tab")


def test_a_note_typed_while_the_other_tab_marks_lines_loses_no_letter(
    reader: Reader, server: Server
) -> None:
    reader.open().mark(1, "green").kept()
    other = second_tab(reader, server)
    note = "".join(random.Random(4).choice("abcdefghij ") for _ in range(300)).strip()
    other.page.evaluate(
        """() => { const radios = [...document.querySelectorAll('.answers input')]; let n = 0;
                   window.clicking = setInterval(
                     () => radios[(n += 5) % radios.length].click(), 3); }"""
    )
    reader.note(2).press_sequentially(note)
    other.page.evaluate("clearInterval(clicking)")
    reader.kept()
    other.kept()
    expect(reader.note(2)).to_have_value(note)
    expect(other.note(2)).to_have_value(note)
    assert reader.reload().note(2).input_value() == note


def test_a_reading_cleared_in_one_tab_is_cleared_in_the_other_and_comes_back(
    reader: Reader, server: Server
) -> None:
    before = reader.open().fill_in().kept().values()
    other = second_tab(reader, server)
    reader.do("clear")
    expect(other.field("reading.subject")).to_have_value("")
    assert other.answers() == [""] * 6
    reader.part("notices").get_by_role("button", name=WORDS["undo"]).click()
    expect(reader.field("reading.subject")).to_have_value("Claims assistant")
    expect(other.part("readings").locator("option", has_text="Claims assistant")).to_be_attached()
    other.part("readings").select_option(label="Claims assistant · sponsor · 20 November 2026")
    expect(other.field("reading.subject")).to_have_value("Claims assistant")
    assert other.values() == before


TYPE = (
    "(field, text) => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true"
    " })); }"
)
ANSWERS = ["green", "yellow", "red", "unknown"]


def interleave(tabs: list[Reader], seed: int) -> None:
    """Both tabs change the same reading in any order, sometimes at once. The later change per field
    wins.
    """
    chance = random.Random(seed)
    latest: dict[tuple[str, int], set[str]] = {}
    moment: list[tuple[int, str, int, str]] = []  # changes since all was last at rest

    def settle() -> None:
        for tab in tabs:
            tab.kept()
        by_field: dict[tuple[str, int], dict[int, str]] = {}
        for tab, kind, line, value in moment:
            by_field.setdefault((kind, line), {})[tab] = value
        latest.update({field: set(by_tab.values()) for field, by_tab in by_field.items()})
        moment.clear()

    for step in range(14):
        tab, line = chance.randrange(2), chance.choice(list(LINES))
        if chance.random() < 0.6:
            value = chance.choice(ANSWERS)
            # A second click would take the answer back, were it late enough for no double click.
            if tabs[tab].radio(line, value).evaluate("it => !it.checked && (it.click(), true)"):
                moment.append((tab, "answer", line, value))
        else:
            value = f"{seed}-{step}"
            tabs[tab].note(line).evaluate(TYPE, value)
            moment.append((tab, "note", line, value))
        if chance.random() < 0.4:
            settle()
    settle()
    values = agreed(tabs)
    for (kind, line), possible in latest.items():
        name = IDS[line - 1] if kind == "answer" else f"notes.{IDS[line - 1]}"
        assert values[name] in possible, (seed, name, values[name], possible)


def agreed(tabs: list[Reader]) -> dict[str, str]:
    """What both tabs show, and the database holds, once they have told each other."""
    return wait_until(
        lambda: shown if (shown := tabs[0].values()) == tabs[1].values() == held(tabs[0]) else None,
        lambda: f"{tabs[0].values()}\n{tabs[1].values()}\n{tabs[0].stored()}",
    )


def held(tab: Reader) -> dict[str, str]:
    """The one reading of the database, as its form would show it."""
    [reading] = tab.stored()
    answers = {
        id: "unknown" if isinstance(answer, dict) else answer
        for id, answer in reading["answers"].items()
    }
    notes = {f"notes.{id}": reading["notes"].get(id, "") for id in IDS}
    others = {name: value for name, value in tab.values().items() if name not in IDS}
    return {**others, **answers, **notes}


def run_interleavings(open_page: OpenPage, server: Server, seeds: range) -> None:
    first = Reader(open_page(), server.url).open().mark(1, "green").kept()
    tabs = [first, second_tab(first, server)]
    for seed in seeds:
        interleave(tabs, seed)
    print(f"{len(seeds)} interleavings")


def test_two_tabs_lose_no_answer(open_page: OpenPage, server: Server) -> None:
    run_interleavings(open_page, server, range(10))


@pytest.mark.long
def test_two_tabs_lose_no_answer_in_200_interleavings(open_page: OpenPage, server: Server) -> None:
    for start in range(10, 200, 10):
        run_interleavings(open_page, server, range(start, start + 10))


# A browser that is killed


def port_in(file: Path) -> str:
    """What the browser has told of its port, once it has told all of it."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return text if "\n" in text else ""


class Killable:
    """A Chromium in a process group of its own, with a profile that outlives it."""

    def __init__(self, path: str, profile: Path, browser: Browser) -> None:
        told = profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        arguments = [
            path,
            *chromium_on_disk.FLAGS,
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
        ]
        self.process = subprocess.Popen(
            [*arguments, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=chromium_on_disk.environment(),
        )
        port = wait_until(lambda: port_in(told), lambda: "no port was told").splitlines()[0]
        self.browser = browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.page = self.browser.contexts[0].new_page()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def killable(chromium_path: str, chromium: Browser, tmp_path: Path) -> Iterator[Any]:
    if os.name == "nt":
        pytest.skip("process groups are told apart otherwise on Windows")
    started: list[Killable] = []

    def start() -> Killable:
        started.append(Killable(chromium_path, tmp_path / "profile", chromium))
        return started[-1]

    (tmp_path / "profile").mkdir()
    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()


def kill_and_look(killable: Any, server: Server, times: int) -> None:
    expected = [""] * 6
    for run in range(times):
        browser = killable()
        reader = Reader(browser.page, server.url).open()
        assert reader.answers() == expected, run
        line, answer = run % 6 + 1, ANSWERS[run * 3 % 4]
        reader.note(line).fill(f"Run {run}")
        reader.mark(line, answer).kept()
        browser.kill()
        expected[line - 1] = answer
    reader = Reader(killable().page, server.url).open()
    assert reader.answers() == expected
    last = times - 1
    assert reader.note(last % 6 + 1).input_value() == f"Run {last}"
    print(f"{times} kills")


def test_what_was_shown_as_kept_survives_a_killed_browser(killable: Any, server: Server) -> None:
    kill_and_look(killable, server, 2)


@pytest.mark.long
def test_what_was_shown_as_kept_survives_twenty_kills(killable: Any, server: Server) -> None:
    kill_and_look(killable, server, 20)
