"""Readings written by every released version open in the present one, whole. The files are
frozen.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.checkout import ROOT
from tests.support.reader import KEPT, QUESTIONS, Reader
from tests.support.server import Server

RELEASES = sorted(
    path.parent for path in (ROOT / "tests" / "data" / "released").glob("*/reading.json")
)
IDS = [question["id"] for question in QUESTIONS]

# Makes the database as that release left it, before the page's own scripts run.
LOAD = """(([address, dump]) => {
  if (sessionStorage.loaded) return;
  sessionStorage.loaded = true;
  const request = indexedDB.open(`playbook ${address}`, dump.version);
  request.onupgradeneeded = () => {
    const made = { readings: { keyPath: 'id' }, aside: { autoIncrement: true }, settings: {} };
    for (const [name, options] of Object.entries(made)) {
      const store = request.result.createObjectStore(name, options);
      for (const { key, value } of dump.stores[name]) {
        store.put(value, ...(options.keyPath ? [] : [key]));
      }
    }
  };
  request.onsuccess = () => request.result.close();
})"""


def frozen(release: Path, name: str) -> Any:
    return json.loads((release / name).read_text(encoding="utf-8"))


@pytest.fixture(params=RELEASES, ids=[release.name for release in RELEASES])
def release(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def reader(release: Path, page: Page, server: Server) -> Reader:
    dump = frozen(release, "storage.json")
    page.add_init_script(f"{LOAD}({json.dumps(['/', dump])})")
    return Reader(page, server.url).open()


def show(reader: Reader, kept: dict[str, Any]) -> None:
    reader.part("readings").select_option(kept["id"])
    expect(reader.field("reading.subject")).to_have_value(kept["subject"])


def test_every_reading_is_found_and_shown_whole(reader: Reader, release: Path) -> None:
    readings = [entry["value"] for entry in frozen(release, "storage.json")["stores"]["readings"]]
    assert len(readings) >= 2
    assert len(reader.readings()) == len(readings)
    for kept in readings:
        show(reader, kept)
        values = reader.values()
        given = {
            id: {"unknown": True} if values[id] == "unknown" else values[id]
            for id in IDS
            if id in values
        }
        assert given == kept["answers"]
        for id in IDS:
            assert values[f"notes.{id}"] == kept["notes"].get(id, "")
            assert values[f"moves.{id}.who"] == kept["moves"].get(id, {}).get("who", "")
            assert values[f"moves.{id}.by"] == kept["moves"].get(id, {}).get("by", "")
        assert [values["reading.date"], values["reading.chair"]] == [kept["date"], kept["chair"]]
        assert values.get("reading.send", "") == kept["send"]


def test_what_was_kept_stays_as_it_was_until_somebody_changes_it(
    reader: Reader, release: Path
) -> None:
    stores = frozen(release, "storage.json")["stores"]
    for entry in stores["readings"]:
        show(reader, entry["value"])
    by_id = {kept["id"]: kept for kept in reader.stored()}
    assert by_id == {entry["value"]["id"]: entry["value"] for entry in stores["readings"]}
    assert reader.stored("aside") == [entry["value"] for entry in stores["aside"]]
    expect(reader.notice("set_aside")).to_be_visible()


def test_the_filled_reading_comes_to_what_it_came_to_then(reader: Reader, release: Path) -> None:
    kept = frozen(release, "reading.json")
    show(reader, kept)
    expect(reader.verdict()).to_have_text("Stall in progress")
    assert reader.moves() == [2, 3, 5, 4]


def test_an_old_reading_can_be_gone_on_with(reader: Reader, release: Path) -> None:
    kept = frozen(release, "reading.json")
    show(reader, kept)
    reader.mark(6, "green")
    expect(reader.part("kept")).to_have_text(KEPT)
    reader.reload()
    expect(reader.field("reading.subject")).to_have_value(kept["subject"])
    after = next(one for one in reader.stored() if one["id"] == kept["id"])
    assert {**after, "changed": ""} == {
        **kept,
        "changed": "",
        "answers": {**kept["answers"], IDS[5]: "green"},
    }
