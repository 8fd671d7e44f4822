"""A review by mail: one file that opens without network, keeps what is done in it, and comes back as an answer."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.environment import Run
from tests.support.projects import change, reviewed
from tests.support.reviewing import chromium, go, kill_browser, project, ready, until
from toolkit import catalog as catalogs
from toolkit.units import State, Unit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BOATS, PUPILS, END = "The boats stop at six villages.", "It has 64 pupils and **four** teachers.", "The end."


def unit(path: Path, source: str) -> Unit:
    return next(unit for unit in catalogs.read_catalog(path).live if unit.source == source)


@pytest.fixture
def po(tmp_path: Path) -> Path:
    return project(tmp_path)


@pytest.fixture
def exported(po: Path, tmp_path: Path, invoke: Run) -> Path:
    invoke("review", "--export", "review.html")
    return tmp_path / "review.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@contextlib.contextmanager
def profile(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser that keeps its databases in a folder, and reaches no network."""
    held = browser.browser_type.launch_persistent_context(
        folder, executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"], accept_downloads=True
    )
    held.set_offline(True)
    yield held
    with contextlib.suppress(Exception):
        held.close()


def opened(held: BrowserContext, file: Path) -> Page:
    page = held.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("#name, #rows .row")
    if page.locator("#name").count():
        page.fill("#name", "Dolma")
        page.keyboard.press("Enter")
    return ready(page)


def answer(page: Page, file: Path) -> dict[str, Any]:
    """What the page saves where it cannot write into a file itself."""
    page.evaluate("window.showSaveFilePicker = undefined")
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(file)
    return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]


@pytest.mark.chromium
@pytest.mark.xdist_group("browser")
def test_a_reviewer_works_closes_goes_on_and_sends_an_answer(
    browser: Browser, exported: Path, po: Path, tmp_path: Path, invoke: Run
) -> None:
    with profile(browser, tmp_path / "profile") as held:
        page = opened(held, exported)
        errors: list[str] = []
        page.on("console", lambda said: errors.append(said.text))
        go(page, BOATS)
        page.keyboard.press("Enter")
        page.keyboard.type("尾")
        page.keyboard.press("Control+Enter")
        until(lambda: "approved" in page.locator(f'[aria-label*="{BOATS}"]').inner_text(), page)
        go(page, PUPILS)
        assert "typography" in page.locator("#dock").inner_text()
        page.keyboard.press("c")
        page.keyboard.type("who counted?")
        page.keyboard.press("Enter")
        page.keyboard.press("x")
        page.wait_for_timeout(300)
        go(page, END)
        page.keyboard.press("Enter")
        page.keyboard.type("完")
        page.wait_for_timeout(1200)
        kill_browser(tmp_path / "profile")
        assert not errors
    with profile(browser, tmp_path / "profile") as held:
        page = opened(held, exported)
        assert "尾" in page.locator("#rows").inner_text() and "who counted?" in page.locator("#rows").inner_text()
        go(page, PUPILS)
        page.keyboard.press("Enter")
        page.keyboard.type("X")
        until(lambda: "of the text before" in page.locator("#dock").inner_text(), page)
        page.keyboard.press("Backspace")
        page.keyboard.press("Escape")
        page.wait_for_timeout(500)
        said = answer(page, tmp_path / "answer.json")
    acts = {one["source"]: (one["act"], one["target"], one["comments"]) for one in said["units"]}
    assert said["reviewer"] == "Dolma"
    assert acts[BOATS] == ("reviewed", "船停在六个村庄。尾", [])
    assert acts[PUPILS][0] == "needs-work" and acts[PUPILS][2] == ["who counted?"]
    assert acts[END][:2] == ("edited", "完")

    change(tmp_path, END, reviewed("别人的完。"), name="a")
    told = invoke("review", "--import", "answer.json", code=2)
    assert "agree with --yes" in told.stderr and unit(po, BOATS).state is State.DRAFT
    told = invoke("review", "--import", "answer.json", "--yes", code=1)
    assert "Dolma says of 3 paragraphs" in told.stdout and "both versions are kept" in told.stderr
    line = unit(po, BOATS).line("reviewed")
    assert unit(po, BOATS).target == "船停在六个村庄。尾" and line is not None and line.get("by") == "Dolma"
    assert unit(po, END).target == "别人的完。" and "完" in [one.target for one in catalogs.read_catalog(po).units]
    assert any("who counted?" in comment for comment in unit(po, PUPILS).comments)
    once = po.read_bytes()
    invoke("review", "--import", "answer.json", "--yes", code=1)
    assert po.read_bytes() == once


@pytest.mark.chromium
@pytest.mark.xdist_group("browser")
def test_where_a_browser_keeps_nothing_the_page_says_so(browser: Browser, exported: Path, tmp_path: Path) -> None:
    context = browser.new_context(accept_downloads=True)
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no'); } })")
    page = opened(context, exported)  # type: ignore[arg-type]
    assert "keeps nothing" in page.locator("#trouble").inner_text()
    go(page, BOATS)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert [one["act"] for one in answer(page, tmp_path / "answer.json")["units"]] == ["reviewed"]
    context.close()


@pytest.mark.chromium
@pytest.mark.xdist_group("browser")
def test_axe_finds_no_violation_in_the_file(browser: Browser, exported: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True)
    page = opened(context, exported)  # type: ignore[arg-type]
    for keys in ((), ("p",), ("p", "Enter")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(200)
        found = Axe().run(page).response["violations"]
        assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    context.close()


def test_the_file_stands_alone_and_its_data_cannot_end_a_script(po: Path, tmp_path: Path, invoke: Run) -> None:
    evil = "</script><script>alert(1)</script><!--\u2028"
    change(tmp_path, BOATS, reviewed(f"六 {evil}"), name="a")
    invoke("review", "--export", "review.html")
    text = (tmp_path / "review.html").read_text("utf-8")
    assert text.count("</script>") == 2 and text.count("<script") == 2 and "<!--" not in text.replace("<!DOCTYPE", "")
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text) and "default-src 'none'" in text
    assert not re.findall(r'url\((?!"data:)', text)
    island = re.search(r'id="island">(.*?)</script>', text, re.DOTALL)
    assert island and evil in json.loads(island[1])["works"][0]["units"][3]["target"]


def test_a_sheet_goes_out_and_comes_back(po: Path, tmp_path: Path, invoke: Run) -> None:
    change(tmp_path, END, lambda one: reviewed("=1+1")(one), name="a")
    invoke("review", "--export", "review.csv")
    sheet = (tmp_path / "review.csv").read_bytes().decode("utf-8")
    assert sheet.startswith("\ufeff") and "'=1+1" in sheet and ",=1+1" not in sheet
    filled = (
        sheet.replace("船停在六个村庄。,,", "船停在六个村子。,x,", 1)
        .replace(PUPILS, f"{PUPILS} Not.")
        .replace("四名教师.,,", "四名教师.,x,")
    )
    (tmp_path / "back.csv").write_text(filled, "utf-8")
    told = invoke("review", "--import", "back.csv", "--as", "Tashi", "--yes")
    line = unit(po, BOATS).line("reviewed")
    assert unit(po, BOATS).target == "船停在六个村子。" and line is not None and line.get("by") == "Tashi"
    assert re.search(r"row \d+: its source is not in the catalog", told.stderr)
    assert unit(po, PUPILS).state is State.DRAFT and unit(po, END).target == "=1+1"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "[" * 100_000, '{"lokta_answer": 2}', '{"export": "x", "works": []}', "PK\x03\x04", "<html>"],
)
def test_a_hostile_answer_is_one_line(po: Path, tmp_path: Path, invoke: Run, text: str) -> None:
    (tmp_path / "answer.json").write_text(text, "utf-8")
    before = po.read_bytes()
    told = invoke("review", "--import", "answer.json", "--yes", code=1)
    assert told.stderr.count("\n") == 1 and po.read_bytes() == before


def test_an_export_is_in_one_language_and_of_a_known_kind(po: Path, tmp_path: Path, invoke: Run) -> None:
    invoke("translate", "a.md", "--to", "bo", "--engine", "pseudo")
    assert "one language at a time" in invoke("review", "--export", "review.html", code=2).stderr
    assert ".html" in invoke("review", "--export", "review.pdf", code=2).stderr
    invoke("review", "--export", "review.html", "--to", "bo")
