"""What a reader does with the form, in a real Chromium: over http, under a sub-path and from a
folder.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.patience import let_a_double_click_pass
from tests.support.reader import ASSESSMENT, FORM, KEPT, NOTES, QUESTIONS, VERDICTS, WORDS, Reader
from tests.support.server import Server

STALL = VERDICTS[0]


@pytest.fixture(params=["server", "sub-path", "folder"])
def site_url(request: pytest.FixtureRequest, server: Server, file_url: str) -> str:
    return {"server": server.url, "sub-path": server.sub_url, "folder": file_url}[request.param]


@pytest.fixture
def reader(page: Page, server: Server) -> Reader:
    return Reader(page, server.url).open()


# The journey, wherever the site lies


def test_a_stall_shows_at_the_third_red_with_three_lines_open(page: Page, site_url: str) -> None:
    reader = Reader(page, site_url).open()
    for line in (2, 3):
        reader.mark(line, "red")
        expect(reader.verdict()).to_have_count(0)
    reader.mark(5, "red")
    expect(reader.part("phrase")).to_have_text("Stall in progress")
    expect(reader.part("counts")).to_have_text("3 red, 3 open")
    expect(reader.verdict()).to_have_text("Stall in progress")
    expect(reader.part("found")).to_contain_text(STALL["say"])
    assert reader.possible() == ["Stall in progress"]


def test_a_form_is_live_before_the_script_of_the_theme_runs(page: Page, server: Server) -> None:
    said = "console.log('live forms: ' + document.querySelectorAll('form.live').length);"
    page.route("**/javascripts/bundle.*.js", lambda route: route.fulfill(body=said))
    with page.expect_console_message(lambda message: message.text == "live forms: 1"):
        page.goto(server.url + FORM)


def test_a_reading_survives_a_reload(page: Page, site_url: str) -> None:
    reader = Reader(page, site_url).open()
    if site_url.startswith("file:"):
        reader.part("notices").get_by_role("button", name=WORDS["folder_keep"]).click()
    before = reader.fill_in().kept().values()
    assert before["reading.send"] == "metric_integrity"
    assert all(
        before[f"notes.{question['id']}"] == NOTES[line]
        for line, question in enumerate(QUESTIONS, 1)
    )
    reader.reload()
    assert reader.values() == before
    expect(reader.verdict()).to_have_text("Stall in progress")
    expect(reader.part("kept")).to_have_text(KEPT)


def test_from_a_folder_nothing_is_kept_before_a_yes(page: Page, file_url: str) -> None:
    reader = Reader(page, file_url).open()
    expect(reader.notice("folder")).to_be_visible()
    reader.mark(1, "red")
    expect(reader.part("kept")).to_have_text(WORDS["not_kept"])
    asked = leave(page)
    assert asked == ["beforeunload"]
    expect(reader.radio(1, "red")).to_be_checked()


def test_from_a_folder_one_yes_keeps_what_was_typed_before_it_and_is_not_asked_again(
    page: Page, file_url: str
) -> None:
    reader = Reader(page, file_url).open().mark(1, "red")
    reader.part("notices").get_by_role("button", name=WORDS["folder_keep"]).click()
    reader.kept()
    expect(reader.notice("folder")).to_have_count(0)
    assert leave(page) == []
    page.goto(reader.address)
    reader.ready()
    expect(reader.radio(1, "red")).to_be_checked()
    expect(reader.notice("folder")).to_have_count(0)


def leave(page: Page) -> list[str]:
    """Try to go away and answer no to whatever asks. Returns the kinds of questions asked."""
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", refuse)
    try:
        page.goto("about:blank")
    except Exception as stayed:  # a refused navigation is an error to Playwright
        assert "ERR_ABORTED" in str(stayed) or "interrupted" in str(stayed), stayed
    return asked


# Scoring


def test_the_whole_card_can_be_clicked(reader: Reader) -> None:
    for line, answer in [(1, "green"), (2, "yellow"), (3, "red"), (4, "unknown")]:
        size = reader.card(line, answer).bounding_box()
        assert size
        for x, y in [
            (3, 3),
            (size["width"] / 2, size["height"] / 2),
            (size["width"] - 3, size["height"] - 3),
        ]:
            reader.card(line, answer).click(position={"x": x, "y": y})
            expect(reader.radio(line, answer)).to_be_checked()
            reader.mark(line, "red" if answer != "red" else "green")


def test_a_second_click_takes_an_answer_back_and_a_double_click_does_not(reader: Reader) -> None:
    reader.mark(1, "green").mark(2, "red").kept()
    reader.radio(2, "yellow").evaluate("it => (it.click(), it.click())")  # within one moment
    expect(reader.radio(2, "yellow")).to_be_checked()
    let_a_double_click_pass(reader.page)
    reader.mark(2, "yellow")
    expect(reader.radio(2, "yellow")).not_to_be_checked()
    expect(reader.part("counts")).to_have_text("1 green, 5 open")
    reader.kept().reload()
    assert reader.answers() == ["green", "", "", "", "", ""]


def test_arrow_keys_never_take_an_answer_back(reader: Reader) -> None:
    reader.mark(1, "green")
    reader.radio(1, "green").focus()
    for answer in ["yellow", "red", "unknown", "green", "yellow"]:
        reader.page.keyboard.press("ArrowRight")
        expect(reader.radio(1, answer)).to_be_checked()


def test_every_line_can_be_scored_by_keyboard(reader: Reader) -> None:
    keyboard = reader.page.keyboard
    reader.field("reading.chair").focus()
    for presses, answer in enumerate(["green", "yellow", "red", "unknown"]):
        keyboard.press("Tab")
        expect(reader.radio(presses + 1, "green")).to_be_focused()
        keyboard.press("Space")
        for _ in range(presses):
            keyboard.press("ArrowDown")
        expect(reader.radio(presses + 1, answer)).to_be_checked()
        expect(reader.radio(presses + 1, answer)).to_be_focused()
        keyboard.press("Tab")  # the fold
        keyboard.press("Tab")
        expect(reader.note(presses + 1)).to_be_focused()
    assert reader.answers() == ["green", "yellow", "red", "unknown", "", ""]


def test_the_fold_opens_by_keyboard(reader: Reader) -> None:
    fold = reader.form.locator("details").first
    fold.locator("summary").focus()
    reader.page.keyboard.press("Enter")
    expect(fold).to_contain_text(QUESTIONS[0]["example"]["text"])
    expect(fold.get_by_text(QUESTIONS[0]["why"])).to_be_visible()


def test_possible_verdicts_only_ever_narrow(reader: Reader) -> None:
    before = reader.possible()
    assert before == [verdict["title"] for verdict in VERDICTS]
    for line, answer in enumerate(["green", "yellow", "unknown", "green", "green", "red"], 1):
        now = reader.mark(line, answer).possible()
        assert set(now) <= set(before)
        before = now
    assert before == ["Watch"]


def test_the_bar_says_how_many_verdicts_are_possible_then_which_then_the_one(
    reader: Reader,
) -> None:
    expect(reader.part("phrase")).to_have_text("No line scored yet")
    reader.mark(1, "green")
    expect(reader.part("phrase")).to_have_text("Too early to say")
    reader.mark_all(["green", "green", "green", "green", "yellow"])
    expect(reader.part("phrase")).to_have_text("Watch or Holding?")
    reader.mark(6, "green")
    expect(reader.part("phrase")).to_have_text("Holding")


def test_the_bar_has_a_mark_for_every_line_in_words_too(reader: Reader) -> None:
    reader.mark_all(["green", "yellow", "red", "unknown"])
    told = reader.part("marks").locator("li").all_inner_texts()
    answers = ["green", "yellow", "red", "can’t tell", "open", "open"]
    said = [
        f"{question['name']}: {answer}" for question, answer in zip(QUESTIONS, answers, strict=True)
    ]
    assert [text.split("\n")[-1] for text in told] == said
    shapes = (
        reader.part("marks")
        .locator("svg")
        .evaluate_all("marks => marks.map(mark => mark.firstElementChild.tagName)")
    )
    assert shapes[:3] == ["circle", "path", "path"]
    letters = (
        reader.part("marks")
        .locator("svg")
        .evaluate_all("marks => marks.map(mark => mark.textContent)")
    )
    assert letters == ["G", "Y", "R", "?", "", ""]


def test_one_more_red_is_told_before_it_falls(reader: Reader) -> None:
    reader.mark_all(["green", "red", "red"])
    expect(reader.part("counts")).to_have_text(
        "2 red, 1 green, 3 open · one more red makes it Stall in progress"
    )


def test_a_verdict_says_why_and_what_would_change_it(reader: Reader) -> None:
    reader.mark_all(["green", "red", "red", "yellow", "red", "green"])
    reasons = reader.part("found").locator(".reasons")
    expect(reasons).to_contain_text("Lines 2, 3 and 5 are red.")
    expect(reasons).to_contain_text("Line 2, 3 or 5 turning green or yellow makes it At risk.")
    reader.mark(5, "green")
    expect(reader.verdict()).to_have_text("At risk")
    expect(reasons).to_contain_text("Lines 2 and 3 are red.")
    expect(reasons).to_contain_text("One more red makes it Stall in progress.")


def test_the_pair_is_told_apart_from_the_stall(reader: Reader) -> None:
    reader.mark_all(["red", "red", "green", "green", "green", "green"])
    expect(reader.verdict()).to_have_text("Stall pair")
    expect(reader.part("found")).to_contain_text("Lines 1 and 2 are red.")


def test_six_greens_are_warned_of(reader: Reader) -> None:
    warning = reader.part("found").locator(".warning")
    reader.mark_all(["green"] * 5)
    expect(warning).to_have_count(0)
    reader.mark(6, "green")
    expect(warning).to_have_text(ASSESSMENT["warnings"][0]["say"])
    expect(reader.form.locator(".none")).to_be_visible()


def test_moves_come_worst_first_and_greens_have_none(reader: Reader) -> None:
    expect(reader.form.locator(".moves")).to_be_hidden()
    reader.mark_all(["yellow", "green", "red", "unknown", "red"])
    assert reader.moves() == [3, 5, 1, 4]
    reader.mark(3, "green")
    assert reader.moves() == [5, 1, 4]


def test_only_one_page_is_sent(reader: Reader) -> None:
    reader.mark_all(["red", "red", "red"])
    reader.move(1).locator(".send").click()
    reader.move(3).locator(".send").click()
    expect(reader.form.locator(".send :checked")).to_have_count(1)
    reader.kept().reload()
    expect(reader.move(3).locator(":checked")).to_have_count(1)


def test_the_bar_leads_to_the_verdict(reader: Reader) -> None:
    reader.mark(1, "red")
    reader.form.locator(".see").click()
    expect(reader.form.locator(".verdict")).to_be_in_viewport()
    expect(reader.form.locator(".verdict")).to_be_focused()


# Changes are told to a screen reader after a rest


def test_the_result_is_announced_once_after_a_pause(page: Page, server: Server) -> None:
    page.clock.install()
    reader = Reader(page, server.url).open()
    page.clock.pause_at(page.evaluate("Date.now() + 5000"))
    spoken = reader.part("spoken")
    expect(spoken).to_have_text("No line scored yet. 6 open")
    page.evaluate(
        """() => { window.heard = []; const spoken = document.querySelector('[data-part="spoken"]');
                   new MutationObserver(() => heard.push(spoken.textContent))
                     .observe(spoken, { childList: true }); }"""
    )
    reader.mark_all(["red", "red", "red"])
    page.clock.run_for(600)
    expect(spoken).to_have_text("No line scored yet. 6 open")
    page.clock.run_for(200)
    expect(spoken).to_have_text("Stall in progress. 3 red, 3 open")
    page.clock.run_for(5000)
    assert page.evaluate("heard") == ["Stall in progress. 3 red, 3 open"]
    assert spoken.get_attribute("role") == "status"


# Reading, going away, coming back


def test_back_and_forward_lose_nothing(reader: Reader) -> None:
    before = reader.fill_in().kept().values()
    reader.page.get_by_role("link", name="Using a reading well").first.click()
    reader.page.go_back()
    assert reader.ready().values() == before
    reader.page.go_forward()
    reader.page.go_back()
    assert reader.ready().values() == before
    expect(reader.verdict()).to_have_text("Stall in progress")


def test_a_date_is_put_in_with_the_first_mark_and_can_be_changed(reader: Reader) -> None:
    assert reader.values()["reading.date"] == ""
    reader.mark(1, "red")
    today = reader.page.evaluate("new Date().toLocaleDateString('sv')")
    assert reader.values()["reading.date"] == today
    reader.field("reading.date").fill("2025-01-31")
    reader.kept().mark(2, "red").kept().reload()
    assert reader.values()["reading.date"] == "2025-01-31"


def test_a_date_far_beyond_the_calendar_stops_nothing(reader: Reader) -> None:
    reader.field("reading.date").evaluate(
        "field => { field.value = '20265-01-01'; field.dispatchEvent(new Event('input', { bubbles:"
        " true })); }"
    )
    reader.mark(1, "red").kept().reload()
    assert reader.answers()[0] == "red"
    assert reader.values()["reading.date"] == "20265-01-01"


def test_several_readings_are_kept_by_name(reader: Reader) -> None:
    first = reader.fill_in("Claims assistant").kept().values()
    reader.do("new")
    expect(reader.field("reading.subject")).to_be_focused()
    expect(reader.field("reading.subject")).to_have_value("")
    assert reader.answers() == [""] * 6
    reader.field("reading.subject").fill("Letter drafting")
    reader.mark(6, "green").kept()
    expect(reader.part("readings").locator("option")).to_have_count(2)
    titles = reader.readings()
    assert titles[0].startswith("Letter drafting"), titles
    assert titles[1] == "Claims assistant · sponsor · 20 November 2026"
    reader.part("readings").select_option(titles[1])
    expect(reader.field("reading.subject")).to_have_value("Claims assistant")
    assert reader.values() == first
    reader.part("readings").select_option(titles[0])
    expect(reader.field("reading.subject")).to_have_value("Letter drafting")
    assert reader.answers() == ["", "", "", "", "", "green"]
    expect(reader.verdict()).to_have_count(0)
    reader.reload()
    expect(reader.field("reading.subject")).to_have_value("Letter drafting")


def test_clearing_can_be_undone(reader: Reader) -> None:
    before = reader.fill_in().kept().values()
    reader.do("clear")
    expect(reader.notice("cleared")).to_be_visible()
    assert reader.answers() == [""] * 6
    assert reader.stored() == []
    reader.part("notices").get_by_role("button", name=WORDS["undo"]).click()
    expect(reader.field("reading.subject")).to_have_value("Claims assistant")
    assert reader.values() == before
    expect(reader.notice("cleared")).to_have_count(0)
    assert reader.reload().values() == before


def test_a_cleared_reading_stays_cleared(reader: Reader) -> None:
    reader.fill_in().kept()
    reader.do("clear")
    expect(reader.notice("cleared")).to_be_visible()
    reader.reload()
    assert reader.answers() == [""] * 6
    assert set(reader.values().values()) == {""}


# The site's own shortcuts


def test_single_key_shortcuts_leave_a_reader_alone(reader: Reader) -> None:
    reader.mark(1, "red")
    for place in (reader.radio(1, "red"), reader.part("readings"), reader.form.locator(".see")):
        place.focus()
        for key in ["f", "s", "n", "p", "/", ",", "."]:
            reader.page.keyboard.press(key)
            expect(place).to_be_focused()
            assert reader.page.url == reader.address


def test_the_site_does_have_such_a_shortcut(reader: Reader) -> None:
    """The control for the test above: outside the form one of the same keys goes to the next
    page.
    """
    reader.page.locator("h1").click()
    reader.page.keyboard.press("n")
    reader.page.wait_for_url("**/read/using-it-well.html")
