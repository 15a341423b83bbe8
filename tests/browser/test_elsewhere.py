"""A form says the same to readers everywhere: neither the time zone nor the language of their
browser is in what it says.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.reader import Reader
from tests.support.server import OpenPage, Server

HERE = {"timezone_id": "UTC", "locale": "en-GB"}
# The day begins here first and last; i has other capitals, numbers have other digits and signs.
ELSEWHERE = [
    {"timezone_id": "Pacific/Kiritimati", "locale": "tr-TR"},
    {"timezone_id": "America/Adak", "locale": "ar-EG"},
]
SPOKEN_LAST = "Stall in progress. 3 red, 1 yellow, 1 green, 1 open"
OF_THE_BROWSER = "() => [new Date(0).toLocaleString(), (1234.5).toLocaleString()].join()"


def told(reader: Reader) -> dict[str, Any]:
    """All that a form says and holds once it is filled in."""
    reader.open().fill_in().kept()
    moves = reader.moves()  # and all else that is drawn after the next frame
    expect(reader.part("spoken")).to_have_text(SPOKEN_LAST)  # said once the reader has paused
    return {
        "moves": moves,
        "values": reader.values(),
        "readings": reader.readings(),
        "text": reader.form.text_content(),
    }


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=lambda place: place["timezone_id"])
def test_a_form_says_the_same(
    elsewhere: dict[str, str], open_page: OpenPage, server: Server
) -> None:
    here, there = open_page(**HERE), open_page(**elsewhere)
    assert told(Reader(there, server.url)) == told(Reader(here, server.url))
    # the control: these browsers do differ
    assert here.evaluate(OF_THE_BROWSER) != there.evaluate(OF_THE_BROWSER)
