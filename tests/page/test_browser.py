"""The review page in a real Chromium: a person's way through it by keyboard, nothing moves, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.projects import change, reviewed, translate, write, write_catalog
from tests.support.reviewing import Reviewing, chromium, go, killed, project, ready, reviewing, until
from toolkit import catalog as catalogs
from toolkit.units import Location, State, Unit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]

TITLE, PUPILS, MAP, BOATS, END = (
    "Floating school opens",
    "It has 64 pupils and **four** teachers.",
    "See [the map](map.html) of the river.",
    "The boats stop at six villages.",
    "The end.",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def po(tmp_path: Path) -> Path:
    return project(tmp_path)


@pytest.fixture
def server(tmp_path: Path, po: Path) -> Iterator[Reviewing]:
    with reviewing(tmp_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: Reviewing) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
    with_names(opened)
    opened.goto(server.address)
    yield ready(opened)
    context.close()
    assert not errors


NAMES = "S, E, IME, watch, mend, openText, drawDock, drawDockSoon, showHelp, toggleFilter, togglePane, askComment, applyFilter, here"


def with_names(page: Page) -> None:
    """Let a test call the page's own functions, which are in a module: its script is served with a line more."""

    def more(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=f"{answer.text()}\nObject.assign(window, {{ {NAMES} }});")

    page.route("**/app.js", more)


def unit(path: Path, source: str) -> Unit:
    return next(unit for unit in catalogs.read_catalog(path).live if unit.source == source)


def here(page: Page) -> str:
    return page.locator(".row.here .source").inner_text()


def saved(page: Page, path: Path, source: str, target: str) -> None:
    until(lambda: unit(path, source).target == target, page)


def test_the_whole_journey_by_keyboard(page: Page, po: Path, tmp_path: Path) -> None:
    assert here(page) == TITLE  # the first that waits
    page.keyboard.press("a")
    until(lambda: unit(po, TITLE).state is State.REVIEWED, page)
    line = unit(po, TITLE).line("reviewed")
    assert line is not None and line.get("by") == "Dolma"
    until(lambda: here(page) == PUPILS, page)

    page.keyboard.press("m")  # the full stop
    until(lambda: page.locator("textarea").input_value().endswith("。"), page)
    page.keyboard.press("Control+Enter")  # mend and approve: two
    until(lambda: unit(po, PUPILS).state is State.REVIEWED, page)
    assert unit(po, PUPILS).target == "它有 65 名学生和四名教师。"

    until(lambda: here(page) == MAP and page.locator("textarea").count() == 1, page)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("F8")  # a code: one
    page.keyboard.press("Control+Enter")
    until(lambda: unit(po, MAP).state is State.REVIEWED, page)
    assert unit(po, MAP).target == "见[河流地图](map.html)。"

    until(lambda: BOATS in here(page), page)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("which villages?")
    page.keyboard.press("Enter")
    until(lambda: len(unit(po, BOATS).comments) == 1, page)
    assert re.fullmatch(r"Dolma, \d{4}-\d\d-\d\d: which villages\?", unit(po, BOATS).comments[0])
    before = catalogs.spelled(catalogs.read_catalog(po), po)
    page.keyboard.press("x")
    until(lambda: unit(po, BOATS).line("needs-work") is not None, page)
    page.keyboard.press("u")
    until(lambda: unit(po, BOATS).line("needs-work") is None, page)
    assert catalogs.spelled(catalogs.read_catalog(po), po) == before

    page.keyboard.press("/")
    page.keyboard.type("the end")
    until(lambda: page.locator("#rows > .row:visible").count() == 1, page)
    page.keyboard.press("Enter")
    assert here(page) == END
    page.keyboard.press("Enter")
    page.keyboard.type("完")
    page.keyboard.press("Control+Enter")
    until(lambda: unit(po, END).state is State.REVIEWED, page)
    page.reload()
    ready(page)
    assert page.locator("#progress").inner_text().startswith("1 of 5 left")
    assert page.locator(".row .comments").all_inner_texts().count("Dolma, 2025-11-25: which villages?") == 1


def test_nobody_acts_on_a_paragraph_that_the_filter_hides(page: Page, po: Path) -> None:
    go(page, PUPILS)
    page.keyboard.press("/")
    page.keyboard.type("the end")
    until(lambda: here(page) == END, page)
    page.fill("#search", "nothing has this")
    until(lambda: page.locator("#dock").inner_text() == "", page)
    page.evaluate("document.activeElement.blur()")
    before = po.read_bytes()
    page.keyboard.press("a")
    page.wait_for_timeout(500)
    assert po.read_bytes() == before
    page.locator("#nothing button").click()
    page.keyboard.press("Tab")
    until(lambda: page.locator("#rows > .row:visible").count() > 4, page)


@pytest.mark.parametrize("how", ["code", "mend", "suggestion", "approval"])
def test_one_undo_gives_text_and_entry_back_byte_for_byte(page: Page, po: Path, how: str) -> None:
    source = MAP if how == "code" else PUPILS
    go(page, source)
    before, entry = unit(po, source).target, unit(po, source).raw
    if how == "approval":
        page.keyboard.press("a")
        until(lambda: unit(po, source).state is State.REVIEWED, page)
        page.keyboard.press("u")
        until(lambda: unit(po, source).raw == entry, page)
        return
    page.keyboard.press("Enter")
    if how == "code":
        page.keyboard.press("F8")
    elif how == "mend":
        page.keyboard.press("Control+k")
        page.keyboard.press("m")
    else:
        page.keyboard.press("Control+k")
        page.keyboard.press("s")  # the source as a text to begin from
    until(lambda: page.locator("textarea").input_value() != before, page)
    until(lambda: unit(po, source).target != before, page)  # it is in the catalog by itself
    page.keyboard.press("Control+z")
    assert page.locator("textarea").input_value() == before
    until(lambda: unit(po, source).raw == entry, page)


def test_an_edit_of_an_approved_paragraph_makes_it_fuzzy_and_its_exact_text_approves_it_again(
    page: Page, po: Path
) -> None:
    go(page, TITLE)
    page.keyboard.press("a")
    until(lambda: unit(po, TITLE).state is State.REVIEWED, page)
    entry = unit(po, TITLE).raw
    go(page, TITLE)
    page.keyboard.press("Enter")
    page.keyboard.type("了")
    until(lambda: unit(po, TITLE).fuzzy and unit(po, TITLE).target.endswith("了"), page)
    page.keyboard.press("Backspace")
    until(lambda: unit(po, TITLE).raw == entry, page)


def test_nothing_moves(page: Page, po: Path) -> None:
    page.evaluate(
        """() => { window.shifts = []; new PerformanceObserver((list) => { for (const one of list.getEntries())
        window.shifts.push([one.value, ...one.sources.map((each) => each.node && each.node.className)]); })
        .observe({ type: "layout-shift", buffered: false }); }"""
    )

    def top() -> float:
        return float(page.evaluate("document.querySelector('.row.here').getBoundingClientRect().top"))

    go(page, PUPILS)
    at = top()
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    assert top() == at, "opened"
    page.keyboard.type("。")
    saved(page, po, PUPILS, "它有 65 名学生和四名教师.。")
    page.wait_for_timeout(700)
    assert top() == at, "saved, findings are there"
    change(po.parents[3], TITLE, reviewed("水上学校今天开学"), name="a")
    until(lambda: "今天" in page.locator("#rows").inner_text(), page)
    page.wait_for_timeout(300)
    assert top() == at, "changed outside"
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("tag", ["zh-Hans", "bo"])
def test_the_field_lies_letter_by_letter_on_the_text_at_rest(browser: Browser, tmp_path: Path, tag: str) -> None:
    project(tmp_path, tag)
    with reviewing(tmp_path) as server:
        page = browser.new_page()
        with_names(page)
        page.goto(server.address)
        ready(page)
        go(page, BOATS)
        script = "document.querySelector('.row.here .still').getBoundingClientRect().toJSON()"
        at_rest = page.evaluate(script)
        page.keyboard.press("Enter")
        page.wait_for_selector("textarea")
        field = page.evaluate("document.querySelector('textarea').getBoundingClientRect().toJSON()")
        assert field == at_rest == page.evaluate(script)
        styles = page.evaluate(
            """() => ["textarea", ".under"].map((one) => {
            const style = getComputedStyle(document.querySelector(one));
            return ["font", "padding", "lineBreak", "textAutospace", "whiteSpace", "borderWidth"].map((name) => style[name]); })"""
        )
        assert styles[0] == styles[1]
        page.close()


def test_an_input_method_is_never_cut_short(page: Page, po: Path) -> None:
    session = page.context.new_cdp_session(page)
    for source, parts, word in ((END, ["n", "ni", "nih"], "你好"), (BOATS, ["ཀ", "ཀུ", "ཀུན"], "ཀུན་")):
        go(page, source)
        before = unit(po, source).target
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        for part in parts:
            session.send(
                "Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)}
            )
        # an answer of the server, a filter and a mend arrive in the middle
        change(po.parents[3], TITLE, reviewed(f"水上学校{word}"), name="a")
        page.evaluate("watch()")
        page.evaluate("S.filter.text = ''; applyFilter(); drawDockSoon()")
        page.evaluate("mend({ mend: [[0, 0, 'X']] })")
        page.wait_for_timeout(1500)
        assert page.locator("textarea").input_value() == before + parts[-1], "still composing"
        assert unit(po, source).target == before, "half a word is not saved"
        page.evaluate("IME.waiting.length = 0")
        session.send("Input.insertText", {"text": word})
        saved(page, po, source, before + word)
        page.keyboard.press("Escape")


def test_the_enter_that_ends_a_composition_in_safari_decides_nothing(page: Page, po: Path) -> None:
    go(page, BOATS)
    page.keyboard.press("Enter")
    page.evaluate(
        """() => { const field = document.querySelector("textarea");
        field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
        field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "你" }));
        for (const key of ["Enter", "Escape", "F8"]) field.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: key === "Enter",
          bubbles: true, cancelable: true })); }"""
    )
    page.wait_for_timeout(300)
    assert page.locator("textarea").count() == 1 and unit(po, BOATS).fuzzy
    page.wait_for_timeout(150)
    page.keyboard.press("Control+Enter")
    until(lambda: unit(po, BOATS).state is State.REVIEWED, page)


def test_what_somebody_else_saves_is_said_and_both_versions_are_kept(page: Page, po: Path) -> None:
    go(page, BOATS)
    page.keyboard.press("Enter")
    page.keyboard.type("A")
    change(po.parents[3], BOATS, reviewed("船在六个村子停。"), name="a")
    until(lambda: page.locator(".clash").count() == 1, page)
    assert page.locator("textarea").input_value() == "船停在六个村庄。A"
    assert unit(po, BOATS).target == "船在六个村子停。"
    page.keyboard.press("Control+k")
    page.keyboard.press("o")
    saved(page, po, BOATS, "船停在六个村庄。A")


def test_a_save_of_poedit_in_another_paragraph_stays(page: Page, po: Path) -> None:
    go(page, BOATS)
    page.keyboard.press("Enter")
    page.keyboard.type("B")
    catalog = catalogs.read_catalog(po)
    new = po.with_suffix(".new")
    units = tuple(reviewed("水上学校")(one) if one.source == TITLE else one for one in catalog.units)
    write_catalog(new, replace(catalog, units=units))
    new.rename(po)
    saved(page, po, BOATS, "船停在六个村庄。B")
    assert unit(po, TITLE).target == "水上学校"
    until(lambda: "水上学校" in page.locator("#rows").inner_text(), page)


def test_a_conflict_in_the_catalog_is_shown_and_decided(browser: Browser, tmp_path: Path, po: Path) -> None:
    catalog = catalogs.read_catalog(po)
    mine, theirs = (
        replace(catalog, units=tuple(_said(one, words) for one in catalog.units)) for words in ("甲。", "乙。")
    )
    merged, _ = catalogs.reconcile(catalog, mine, theirs)
    write_catalog(po, merged)
    with reviewing(tmp_path) as server:
        page = browser.new_page()
        page.goto(server.address)
        ready(page)
        go(page, BOATS)
        assert "conflict" in page.locator(".row.here .state").inner_text()
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        until(lambda: unit(po, BOATS).target == "甲。", page)
        page.wait_for_timeout(300)
        assert "conflict" not in page.locator("#rows .state").all_inner_texts()
        assert "甲。" in po.read_text("utf-8") and unit(po, BOATS).state is State.REVIEWED
        page.close()


def _said(unit: Unit, words: str) -> Unit:
    return reviewed(words)(unit) if unit.source == BOATS and not unit.obsolete else unit


def test_20_killed_servers_and_browsers_lose_nothing_older_than_a_second(
    browser: Browser, tmp_path: Path, po: Path
) -> None:
    assert killed(browser, tmp_path, po, END, rounds=10) == []


AXE = {
    "list": "",
    "editing": "openText()",
    "help": "showHelp()",
    "filter": "toggleFilter(true)",
    "comment": "askComment()",
    "page": "togglePane()",
    "empty": "S.filter.text = 'nothing has this'; applyFilter()",
    "conflict": "S.clashes.set(here().key, { unit: here(), mine: 'a', theirs: { ...here(), target: 'b' }, base: '' }); drawDock()",
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "light"), (1280, "dark")])
def test_axe_finds_no_violation(browser: Browser, server: Reviewing, width: int, scheme: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 760}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    with_names(page)
    for state, script in AXE.items():
        page.goto(server.address)
        ready(page)
        page.evaluate(script or "0")
        page.wait_for_timeout(250)
        found = Axe().run(page, options={"iframes": False}).response["violations"]
        told = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
        assert not told, (state, told)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (state, "scrolls sideways")
    context.close()


def test_that_a_paragraph_is_empty_is_said_once(browser: Browser, tmp_path: Path, po: Path) -> None:
    catalog = catalogs.read_catalog(po)
    units = (
        replace(one, target="", flags=(), provenance=(), raw="") if one.source == BOATS else one
        for one in catalog.units
    )
    write_catalog(po, replace(catalog, units=tuple(units)))
    with reviewing(tmp_path, "a.md") as server:
        page = browser.new_page()
        page.goto(server.address)
        ready(page)
        go(page, BOATS)
        page.wait_for_function("document.body.dataset.checked")
        page.wait_for_timeout(300)
        assert "empty" in page.locator(".row.here .state").inner_text()
        assert not page.locator(".row.here .marks .warnings, .row.here .marks .errors").count()
        assert "nothing found" not in page.locator("#dock").inner_text()
        page.close()


def test_hostile_texts_are_inert(browser: Browser, tmp_path: Path, po: Path) -> None:
    evil = "</script><script>window.owned=1</script><!--<img src=x onerror=window.owned=1>\u202eevil\u2066"
    catalog = catalogs.read_catalog(po)
    write(tmp_path, "b.md", f"# Another\n\n{BOATS}\n")
    translate(tmp_path, "zh-Hans", names=("a.md", "b.md"))
    change(tmp_path, BOATS, reviewed(f"suggested {evil}"), name="b")
    place = Location("<img src=x onerror=window.owned=1>.md", 3)
    said = {"comments": (f"Mallory: {evil}",), "locations": (place,)}
    units = tuple(
        replace(one, target=evil, notes=(*one.notes, f"<1> = {evil}"), **said) if one.source == BOATS else one
        for one in catalog.units
    )
    odd = replace(catalog.units[-1], source=f"Source {evil}", target="", context=evil, flags=(), provenance=(), raw="")
    write_catalog(po, replace(catalog, units=(*units, odd)))
    with reviewing(tmp_path, "a.md") as server:
        page = browser.new_page()
        page.goto(server.address)
        ready(page)
        for source in (BOATS, "Source"):
            go(page, source)
            page.keyboard.press("Enter")
            page.wait_for_timeout(200)
            if source == BOATS:
                until(lambda: "suggested" in page.locator("#dock").inner_text(), page)
                assert "onerror" in page.locator("#dock .made").inner_text(), "the name of the file"
        assert page.evaluate("window.owned") is None
        assert "RLO" in page.locator("#rows").inner_text(), "what cannot be seen is shown"
        page.keyboard.press("Escape")
        page.keyboard.press("p")
        page.wait_for_selector("#pane iframe")
        page.wait_for_timeout(500)
        assert page.evaluate("window.owned") is None
        page.close()


def test_the_page_follows_each_save_and_lights_the_paragraph_at_hand(page: Page, po: Path) -> None:
    page.keyboard.press("p")
    frame = page.frame_locator("#pane iframe")
    frame.locator("[data-unit]").first.wait_for()
    go(page, BOATS)
    assert "船停在六个村庄" in frame.locator("[data-lit]").first.inner_text()
    page.keyboard.press("Enter")
    page.keyboard.type("尾")
    until(lambda: "尾" in frame.locator("article").inner_text(), page)


def test_an_act_takes_no_focus_from_a_search_that_was_opened_meanwhile(page: Page, po: Path) -> None:
    page.route("**/api/act/*", lambda route: (page.wait_for_timeout(300), route.continue_())[1])
    go(page, BOATS)
    for key in ("x", "u", "a"):
        page.keyboard.press(key)
        page.keyboard.press("/")
        page.keyboard.type("the end")
        page.wait_for_timeout(700)
        assert page.locator("#search").input_value() == "the end", key
        assert page.evaluate("document.activeElement.id") == "search"
        page.locator("#clear").click()
        go(page, BOATS)


def test_the_interface_speaks_chinese_and_tibetan(browser: Browser, server: Reviewing) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(server.address)
    ready(page)
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert "批准" in page.locator("#dock").inner_text()
    go(page, BOATS)
    page.keyboard.press("Enter")
    page.keyboard.insert_text("99")
    until(lambda: "原文里没有的数字：99" in page.locator("#dock .findings").inner_text(), page)
    page.select_option("#language", "bo")
    assert "ཆོག་མཆན" in page.locator("#dock").inner_text()
    assert "འཕྲུལ་ཆས" in page.locator("#bar .wide").inner_text(), "a machine made it, and it says so"
    page.reload()
    ready(page)
    assert page.evaluate("document.documentElement.lang") == "bo"
    context.close()


def test_a_text_that_was_kept_never_overwrites_what_somebody_saved_since(
    browser: Browser, tmp_path: Path, po: Path
) -> None:
    context = browser.new_context(locale="en-US")
    with reviewing(tmp_path) as server:
        page = context.new_page()
        page.goto(server.address)
        ready(page)
        go(page, BOATS)
        page.keyboard.press("Enter")
        server.process.kill()
        server.process.wait()
        page.keyboard.type("A")
        page.wait_for_timeout(1000)
        page.close()
    change(tmp_path, BOATS, reviewed("船在六个村子停。"), name="a")
    for decided in ("not yet", "o"):
        with reviewing(tmp_path) as server:
            page = context.new_page()
            page.goto(server.address)
            ready(page)
            until(lambda: page.locator(".clash").count() == 1, page)  # noqa: B023
            assert BOATS in here(page) and "A" in page.locator(".clash ins, .clash del").all_inner_texts()
            page.wait_for_timeout(300)
            assert unit(po, BOATS).target == "船在六个村子停。" and unit(po, BOATS).state is State.REVIEWED, decided
            if decided == "o":
                page.keyboard.press("o")
                saved(page, po, BOATS, "船停在六个村庄。A")
            page.close()
    context.close()


def test_what_is_written_for_a_paragraph_that_goes_meanwhile_stays_in_the_catalog(page: Page, po: Path) -> None:
    go(page, BOATS)
    page.keyboard.press("Enter")
    page.keyboard.type("留下")
    write(po.parents[3], "a.md", "# Floating school opens\n\nIt is another article now.\n")
    translate(po.parents[3], "zh-Hans", names=("a.md",))
    until(
        lambda: "船停在六个村庄。留下" in [one.target for one in catalogs.read_catalog(po).units if one.obsolete], page
    )
    until(lambda: "obsolete" in page.locator("#trouble").inner_text(), page)
