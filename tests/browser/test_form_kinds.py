"""Every kind of question in a real Chromium: answers get to the reading, the result, the reload and
the paper.

The assessment is tests/data/forms/every-kind.yml with an engagement's overlay; a form of 300 lines
is made by long_form.py.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.fonts import pdf_of
from tests.support.reader import KEPT, WORDS
from tests.support.server import OpenPage, Server
from tests.support.tryout import PAGE, build_tryout


@pytest.fixture(scope="module")
def tryout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(build_tryout(tmp_path_factory.mktemp("tryout")))
    yield server
    server.stop()


class Form:
    """One reader in front of one form."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.form = page.locator("form.assessment")

    def open(self) -> "Form":
        self.page.goto(self.address)
        expect(self.part("readings").locator("option").first).to_be_attached()
        return self

    def reload(self) -> "Form":
        expect(self.part("kept")).to_have_text(KEPT)
        self.page.reload()
        expect(self.part("readings").locator("option").first).to_be_attached()
        return self

    def part(self, name: str) -> Locator:
        return self.form.locator(f'[data-part="{name}"]')

    def question(self, id: str) -> Locator:
        return self.form.locator(f'[data-question="{id}"]')

    def box(self, id: str, value: str) -> Locator:
        """A box of a question: of an answer, or by its state, ?unknown, ?na, ?none."""
        which = (
            f'[data-state="{value[1:]}"]'
            if value.startswith("?")
            else f'[value="{value}"]:not([data-state])'
        )
        return self.form.locator(f'input[name="{id}"]{which}')

    def tick(self, id: str, *values: str) -> "Form":
        for value in values:
            self.box(id, value).locator("xpath=..").click()
        return self

    def field(self, name: str) -> Locator:
        return self.form.locator(f'[name="{name}"]:not([data-state])')

    def told(self, id: str) -> Locator:
        return self.question(id).locator(".told")

    def answers(self) -> dict[str, Any]:
        """The answers as the browser's own database has them."""
        expect(self.part("kept")).to_have_text(KEPT)
        return dict(self.stored()["answers"])

    def stored(self) -> dict[str, Any]:
        found = self.page.evaluate("""async () => {
                 const { name } = (await indexedDB.databases())[0];
                 const open = indexedDB.open(name);
                 const database = await new Promise(
                   (ok) => { open.onsuccess = () => ok(open.result); });
                 const all = database.transaction('readings').objectStore('readings').getAll();
                 await new Promise((ok) => { all.onsuccess = ok; });
                 database.close();
                 return all.result;
               }""")
        assert len(found) == 1
        return dict(found[0])

    def put(self, reading: dict[str, Any]) -> None:
        """A reading in the database, as an earlier or a later page kept it."""
        self.page.evaluate(
            """async (text) => {
                 const { name } = (await indexedDB.databases())[0];
                 const open = indexedDB.open(name);
                 const database = await new Promise(
                   (ok) => { open.onsuccess = () => ok(open.result); });
                 const writing = database.transaction('readings', 'readwrite');
                 writing.objectStore('readings').put(JSON.parse(text));
                 await new Promise((ok) => { writing.oncomplete = ok; });
                 database.close();
               }""",
            json.dumps(reading),
        )

    def fill_in(self) -> "Form":
        self.tick("planks", "yellow").tick("mast", "?na").tick("rating_level", "level_2").tick(
            "aboard", "vests", "radio"
        )
        self.field("length").fill("9.5")
        self.field("na.mast").fill("A motor boat")
        self.tick("watch", "yes").tick("watch_by", "crew", "guests").tick(
            "spare", "one_or_two"
        ).tick("papers", "some")
        self.field("flag").select_option("ee")
        self.field("words").fill("She has a dog on board.")
        return self


ANSWERS = {
    "planks": "yellow", "mast": {"na": "A motor boat"}, "rating_level": "level_2",
    "aboard": ["vests", "radio"], "length": 9.5, "watch": "yes", "watch_by": ["crew", "guests"],
    "spare": "one_or_two", "papers": "some", "flag": "ee", "words": "She has a dog on board.",
}  # fmt: skip


@pytest.fixture
def form(page: Page, tryout: Server) -> Form:
    return Form(page, tryout.url + PAGE.format("every-kind")).open()


# Each kind's answer gets to the reading and to the result


def test_every_answer_is_kept_as_the_language_says_and_comes_back(form: Form) -> None:
    form.fill_in()
    assert form.answers() == ANSWERS
    form.reload()
    assert form.answers() == ANSWERS
    expect(form.box("mast", "?na")).to_be_checked()
    expect(form.field("na.mast")).to_have_value("A motor boat")
    expect(form.field("length")).to_have_value("9.5")
    expect(form.field("flag")).to_have_value("ee")
    for choice, on in (("vests", True), ("flares", False), ("radio", True), ("raft", False)):
        expect(form.box("aboard", choice)).to_be_checked(checked=on)
    expect(form.part("phrase")).to_have_text("Day trips in fair weather")
    expect(form.part("counts")).to_contain_text("10 answered, 1 not applicable")


def test_choices_exclude_none_of_these_and_the_other_way_round(form: Form) -> None:
    form.tick("watch", "no").tick("aboard", "vests", "raft")
    assert form.answers()["aboard"] == ["vests", "raft"]
    form.tick("aboard", "?none")
    assert form.answers()["aboard"] == ["none_of_these"]
    expect(form.box("aboard", "vests")).not_to_be_checked()
    form.tick("aboard", "flares")
    assert form.answers()["aboard"] == ["flares"]
    expect(form.box("aboard", "?none")).not_to_be_checked()
    form.tick("aboard", "flares")
    assert "aboard" not in form.answers()


def test_none_can_be_said_where_it_is_no_choice_of_the_authors(form: Form) -> None:
    form.tick("watch", "yes").tick("watch_by", "?none")
    assert form.answers()["watch_by"] == []
    form.reload()
    expect(form.box("watch_by", "?none")).to_be_checked()


def test_a_set_of_choices_has_the_answer_of_its_rating(form: Form) -> None:
    form.tick("aboard", "?none")
    expect(form.part("phrase")).to_have_text("Stay at the pier")
    expect(form.part("found")).to_contain_text("Line 5 is “High risk”.")
    expect(form.form.locator('[data-move="aboard"]')).to_be_visible()
    form.tick("aboard", "vests", "radio")
    expect(form.form.locator('[data-move="aboard"]')).to_be_hidden()


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("12", 12, ""), ("12.5", 12.5, ""), (" 9. ", 9, ""),
        ("−3", -3, "told_range"), ("61", 61, "told_range"),
        ("twelve", "twelve", "told_number"), ("12,5", "12,5", "told_number"),
        ("0x10", "0x10", "told_number"), ("1e3", "1e3", "told_number"),
        ("9" * 400, "9" * 400, "told_number"), ("NaN", "NaN", "told_number"),
    ],
)  # fmt: skip
def test_a_number_is_kept_as_it_is_typed_and_scored_if_it_can_be(
    typed: str, kept: Any, told: str, form: Form
) -> None:
    form.field("length").fill(typed)
    form.field("length").blur()
    assert form.answers()["length"] == kept
    sentence = WORDS[told].replace("{limits}", "from 2 to 60, in steps of 0.1") if told else ""
    expect(form.told("length")).to_have_text(sentence)
    expect(form.part("counts")).to_contain_text("10 open" if told else "1 answered, 9 open")
    form.reload()
    expect(form.told("length")).to_have_text(sentence)
    if told:
        expect(form.field("length")).to_have_value(typed if isinstance(kept, str) else str(kept))
        expect(form.field("length")).to_have_attribute("aria-invalid", "true")
        form.field("length").fill("12")
        expect(form.told("length")).to_have_text("")
        expect(form.field("length")).not_to_have_attribute("aria-invalid", "true")


def test_nothing_is_told_while_a_number_is_being_typed(form: Form) -> None:
    form.field("crew_size").press_sequentially("0", delay=10)
    expect(form.told("crew_size")).to_have_text("")
    form.field("crew_size").blur()
    expect(form.told("crew_size")).not_to_have_text("")


def test_not_applicable_stays_open_until_a_reason_is_given(form: Form) -> None:
    expect(form.field("na.mast")).to_be_hidden()
    form.tick("mast", "?na")
    expect(form.told("mast")).to_have_text(WORDS["told_reason"])
    assert form.answers()["mast"] == {"na": ""}
    expect(form.part("counts")).not_to_contain_text("not applicable")
    form.field("na.mast").fill("A motor boat")
    expect(form.told("mast")).to_have_text("")
    expect(form.part("counts")).to_contain_text("1 not applicable")
    form.tick("mast", "green")
    assert form.answers()["mast"] == "green"
    expect(form.field("na.mast")).to_be_hidden()
    form.tick("mast", "?na")
    assert form.answers()["mast"] == {"na": "A motor boat"}


def test_without_script_the_reason_has_its_field_all_the_time(
    open_page: OpenPage, tryout: Server
) -> None:
    form = Form(open_page(java_script_enabled=False), tryout.url + PAGE.format("every-kind"))
    form.page.goto(form.address)
    expect(form.field("na.mast")).to_be_visible()
    form.field("na.mast").fill("A motor boat")


def test_a_form_that_failed_has_the_field_too(
    page: Page, tryout: Server, problems: list[str]
) -> None:
    page.add_init_script("delete Intl.ListFormat")
    form = Form(page, tryout.url + PAGE.format("every-kind"))
    page.goto(form.address)
    expect(form.form.locator(".broken")).to_be_visible()
    expect(form.field("na.mast")).to_be_visible()
    problems.clear()


def test_not_applicable_needs_no_reason_where_it_is_optional(form: Form) -> None:
    form.field("length").fill("9")
    form.tick("papers", "?na")
    expect(form.told("papers")).to_have_text("")
    expect(form.part("counts")).to_contain_text("1 not applicable")
    assert form.answers()["papers"] == {"na": ""}


# Hidden, and back


def test_what_does_not_apply_is_hidden_and_its_answer_comes_back(form: Form) -> None:
    expect(form.question("watch_by")).to_be_visible()  # it may still apply
    form.tick("watch", "yes").tick("watch_by", "crew")
    form.tick("watch", "no")
    expect(form.question("watch_by")).to_be_hidden()
    assert form.answers()["watch_by"] == ["crew"]
    form.reload()
    expect(form.question("watch_by")).to_be_hidden()
    form.tick("watch", "yes")
    expect(form.box("watch_by", "crew")).to_be_checked()


def test_a_section_that_does_not_apply_is_hidden_as_a_whole(form: Form) -> None:
    section = form.form.locator('[data-section="abroad"]')
    expect(section).to_be_visible()
    expect(section.locator(".only").first).to_have_text("Only if line 2: 8 or more.")
    form.field("length").fill("7")
    expect(section).to_be_hidden()
    form.field("length").fill("8")
    expect(section).to_be_visible()
    expect(section.locator(".progress")).to_have_text("0 of 2")


def test_numbers_run_through_all_sections(form: Form) -> None:
    numbers = form.form.locator(".question .number").all_inner_texts()
    assert numbers == [str(number) for number in range(1, 14)]
    headings = form.form.locator(":is(h2, h3)").evaluate_all("all => all.map(one => one.tagName)")
    assert headings[:5] == ["H2", "H3", "H3", "H3", "H3"]


# Measures, the engagement, and the versions


def test_measures_are_values_or_ranges(form: Form) -> None:
    def cell(measure: str) -> Locator:
        return (
            form.part("measures")
            .locator("tr", has=form.page.get_by_role("rowheader", name=measure, exact=True))
            .first.locator("td")
            .first
        )

    expect(form.part("measures")).to_be_hidden()
    form.tick("planks", "green")
    expect(cell("Dry")).to_have_text("yes")
    expect(cell("Points")).to_have_text("between 0 and 8")
    expect(cell("Length in metres")).to_have_text("between 2.0 and 60.0")
    form.tick("spare", "one_or_two").tick("rating_level", "level_3")
    expect(cell("Points")).to_have_text("4")
    expect(cell("Spare parts")).to_have_text("33.3 %")
    form.field("length").fill("9.25")
    expect(cell("Length in metres")).to_have_text("9.3")
    expect(cell("Safety gear")).to_have_text("none")


def test_what_an_engagement_changed_is_said_with_its_reasons(form: Form) -> None:
    fold = form.form.locator("details.changed").first
    fold.locator("summary").click()
    expect(fold).to_contain_text("This client says skipper, and sails in cold water.")
    expect(fold.locator("li").first).to_have_text(
        "In your own words, ask, now “What should the skipper know?”: Their word for it."
    )
    expect(fold.locator("li").nth(2)).to_contain_text("They have no such boat.")


def a_reading(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1, "id": "stored", "assessment": "every-kind", "version": 1,
        "subject": "Old boat", "chair": "owner", "date": "2026-01-02",
        "answers": {}, "notes": {}, "moves": {}, "send": "",
        "changed": "2999-01-01T00:00:00.000Z", **changes,
    }  # fmt: skip


def test_an_older_reading_is_carried_over_and_told_of_what_could_not_be(form: Form) -> None:
    old = a_reading(
        answers={"hull_planks": "red", "old_anchor": "green", "spare": "six"},
        notes={"hull_planks": "wet"},
    )
    form.tick("watch", "no")
    expect(form.part("kept")).to_have_text(KEPT)
    form.put(old)
    form.page.reload()
    form.part("readings").select_option("stored")
    expect(form.field("reading.subject")).to_have_value("Old boat")
    expect(form.box("planks", "red")).to_be_checked()
    expect(form.field("notes.planks")).to_have_value("wet")
    expect(form.part("phrase")).to_have_text("Stay at the pier")
    notices = form.part("notices")
    expect(notices).to_contain_text("begun with version 1 of these questions. This is version 2.")
    expect(notices).to_contain_text("“old_anchor” (no longer asked)")
    expect(notices).to_contain_text("Spare parts (its answer is none of today’s)")
    assert kept(form, "stored") == old  # as it was, until somebody changes it
    form.tick("planks", "green")
    expect(form.part("kept")).to_have_text(KEPT)
    after = kept(form, "stored")
    assert after["answers"] == {"planks": "green", "old_anchor": "green", "spare": "six"}
    assert (after["version"], after["notes"]) == (2, {"hull_planks": "wet"})
    form.tick("spare", "all_five")
    expect(notices).not_to_contain_text("Spare parts")


def kept(form: Form, id: str) -> Any:
    return form.page.evaluate(
        """async (id) => {
             const { name } = (await indexedDB.databases())[0];
             const open = indexedDB.open(name);
             const database = await new Promise(
               (ok) => { open.onsuccess = () => ok(open.result); });
             const found = database.transaction('readings').objectStore('readings').get(id);
             await new Promise((ok) => { found.onsuccess = ok; });
             database.close();
             return found.result;
           }""",
        id,
    )


def test_a_reading_of_a_newer_version_is_only_to_be_read(form: Form) -> None:
    newer = a_reading(
        version=3, answers={"planks": "red", "words": "From the future", "mast": {"later": 1}}
    )
    form.tick("watch", "no")
    expect(form.part("kept")).to_have_text(KEPT)
    form.put(newer)
    form.page.reload()
    expect(form.part("readings").locator("option")).to_have_count(2)
    form.part("readings").select_option("stored")
    expect(form.part("notices")).to_contain_text(
        "made with version 3 of these questions. This page has version 2"
    )
    expect(form.box("planks", "red")).to_be_checked()
    expect(form.box("planks", "red")).to_be_disabled()
    expect(form.field("words")).to_be_disabled()
    expect(form.part("phrase")).to_have_text(WORDS["nothing_yet"])
    form.form.locator('[data-do="clear"]').click(force=True)
    assert kept(form, "stored") == newer
    form.form.locator('[data-do="new"]').click()
    expect(form.field("words")).to_be_enabled()
    expect(form.part("notices")).not_to_contain_text("version 3")


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(
    scheme: str, width: int, open_page: OpenPage, tryout: Server, axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    form = Form(page, tryout.url + PAGE.format("every-kind")).open()
    assert axe(page) == []
    form.fill_in().field("crew_size").fill("1.5")
    form.field("crew_size").blur()
    for fold in form.form.locator("summary").all():
        fold.click()
    assert axe(page) == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0


def test_every_field_has_a_name(form: Form) -> None:
    form.fill_in()
    for role in ("textbox", "combobox", "checkbox", "radio"):
        for field in form.page.get_by_role(role).all():
            assert f'{role} "' in field.aria_snapshot(), field.evaluate("e => e.outerHTML")


# On paper, and without script


def test_a_filled_print_leaves_out_what_does_not_apply(
    form: Form, pdf_text: Callable[[bytes], list[str]]
) -> None:
    form.fill_in().tick("watch", "no")
    text = "\n".join(pdf_text(pdf_of(form.page)))
    assert "Which of these people" not in text
    for said in (
        "A motor boat",
        "9.5",
        "Estonia",
        "She has a dog on board.",
        "33.3 %",
        "Day trips in fair weather",
    ):
        assert said in text
    assert "The water has eight degrees in June." in text


@pytest.mark.parametrize("script", [True, False])
def test_a_blank_print_shows_all_with_its_conditions(
    script: bool, open_page: OpenPage, tryout: Server, pdf_text: Callable[[bytes], list[str]]
) -> None:
    page = open_page(java_script_enabled=script)
    page.goto(tryout.url + PAGE.format("every-kind"))
    text = " ".join("\n".join(pdf_text(pdf_of(page))).split())
    for said in (
        "Which of these people",
        "Only if line 6: yes.",
        "Only if line 2: 8 or more.",
        "Because",
        "Under which flag",
        "optional",
    ):
        assert said in text
    for said in ("Germany", "between", WORDS["clear"]):
        assert said not in text


def test_without_script_every_kind_can_be_marked_on_the_screen(
    open_page: OpenPage, tryout: Server
) -> None:
    page = open_page(java_script_enabled=False)
    form = Form(page, tryout.url + PAGE.format("every-kind"))
    page.goto(form.address)
    form.fill_in()
    expect(form.field("na.mast")).to_be_visible()
    expect(form.box("aboard", "radio")).to_be_checked()
    assert form.form.locator(".question:visible").count() == 13


def test_ids_that_are_parts_of_a_form_are_only_ids(page: Page, tryout: Server) -> None:
    form = Form(page, tryout.url + PAGE.format("odd-ids")).open()
    expect(form.part("counts")).to_have_text("6 open")
    form.tick("elements", "green").tick("dataset", "yellow").tick("target", "red").tick(
        "append", "style", "hidden"
    )
    form.field("submit").fill("text")
    form.field("children").fill("3")
    form.tick("prepend", "?na")
    form.field("na.prepend").fill("because")
    expect(form.part("phrase")).to_have_text("Bad")
    expected = {
        "elements": "green", "dataset": "yellow", "target": "red",
        "append": ["style", "hidden"], "submit": "text", "children": 3,
        "prepend": {"na": "because"},
    }  # fmt: skip
    assert form.answers() == expected
    form.reload()
    expect(form.box("append", "hidden")).to_be_checked()
    expect(form.box("target", "red")).to_be_checked()
    assert form.form.locator(".move:visible").count() == 2


# What takes long is worked out after the drawing

COUNTING = """() => {
  const { score } = window.playbook, distance = score.distance;
  window.steps = 0;
  score.distance = (...given) => {
    const found = distance(...given);
    return { [Symbol.iterator]() { return this; },
             next() { window.steps += 1; return found.next(); } };
  };
}"""
CLICK = """([name, value]) => {
  const before = window.steps;
  document.querySelector(`input[name="${name}"][value="${value}"]`).click();
  return window.steps - before;
}"""


def test_the_way_to_another_verdict_comes_after_the_result(form: Form) -> None:
    form.page.evaluate(COUNTING)
    assert form.page.evaluate(CLICK, ["planks", "red"]) == 0
    expect(form.part("phrase")).to_have_text("Stay at the pier")
    form.page.wait_for_function("() => window.steps > 0")
    form.fill_in().tick("planks", "green")
    expect(form.part("found")).to_contain_text("Line 1 turning red makes it Stay at the pier.")
    form.tick("planks", "red")
    expect(form.part("found")).not_to_contain_text("turning red")


# 300 lines


def test_three_hundred_lines_work_as_six_do(page: Page, tryout: Server) -> None:
    form = Form(page, tryout.url + PAGE.format("long")).open()
    assert form.part("marks").count() == 0
    expect(form.part("counts")).to_have_text("300 open")
    form.page.evaluate(
        """() => { for (const input of document.querySelectorAll('.answers input[value="green"]')) {
                     input.checked = true;
                     input.dispatchEvent(new Event('input', { bubbles: true })); } }"""
    )
    expect(form.part("counts")).to_have_text("276 green, 24 open")
    form.tick("q_3_7", "red").tick("q_9_9", "yellow")
    moves = form.form.locator(".move:visible")
    expect(moves).to_have_count(2)
    assert moves.evaluate_all("all => all.map(one => one.dataset.move)") == ["q_3_7", "q_9_9"]
    form.tick("q_3_7", "green")
    expect(moves).to_have_count(1)
    assert moves.evaluate_all("all => all.map(one => one.dataset.move)") == ["q_9_9"]
    expect(form.form.locator(".progress").first).to_have_text("23 of 25")
    form.reload()
    expect(form.part("counts")).to_have_text("1 yellow, 275 green, 24 open")
