"""The web edition in a real browser, from the disk: it opens, shows what it must, and fits a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.editions import draft, job, reviewed, sample
from tests.support.environment import ROOT
from tests.support.reviewing import chromium
from toolkit.edition import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.chromium

TIBETAN = "གཙང་པོ་མཚན་མོར་རྒྱས་པས་ཞིང་ཁ་དང་ལམ་ཁག་ཆུ་འོག་ཏུ་སོང་།"
CHINESE = "夜里河水上涨，淹没了田地和道路。"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bus article in Tibetan, Chinese and English, some paragraphs reviewed and some left."""
    text, form = sample("high-passes-bus.html")
    root = tmp_path_factory.mktemp("editions")
    places = {"folder": f"{ROOT.as_posix()}/corpus", "editions": root.as_posix(), "siblings": ("bo", "zh-Hans")}
    for tag, words in (("bo", TIBETAN), ("zh-Hans", CHINESE), ("en", "")):
        plain = job(text, form, {}, tag)
        units = [unit for unit in (plain.catalog.live if plain.catalog and words else ()) if "<" not in unit.source]
        targets: dict[str, Any] = {}
        for number, unit in enumerate(units):
            made = reviewed(unit.source, words) if number % 3 == 1 else draft(unit.source, words)
            targets[unit.source] = made if number % 5 < 4 else None
        edition = render("html", job(text, form, targets if words else None, tag, **places))
        path = root / edition.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(edition.data)
    return root


Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser, editions: Path) -> Iterator[Open]:
    """Opens an edition; at the end no script ran, nothing failed to load, nothing was complained of."""
    complaints: list[str] = []
    opened = []

    def go(name: str, width: int = 1200, **more: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800}, **more)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"not loaded: {request.url}"))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.goto((editions / "html" / name).as_uri())
        opened.append(page)
        return page

    yield go
    for page in opened:
        page.close()
    assert not complaints


def style(page: Page, selector: str, name: str, pseudo: str = "") -> str:
    found: str = page.eval_on_selector(
        selector, f"element => getComputedStyle(element, {pseudo!r}).getPropertyValue({name!r})"
    )
    return found


def test_it_opens_from_the_disk_in_its_language(open_page: Open) -> None:
    page = open_page("bo/post.html")
    assert page.evaluate("document.documentElement.lang") == "bo"
    assert page.evaluate("document.characterSet") == "UTF-8"
    assert page.title() == TIBETAN
    assert page.locator("h1").inner_text() == TIBETAN


def test_tibetan_is_readable(open_page: Open) -> None:
    page = open_page("bo/post.html")
    selector = "article > p[lang=bo]"
    assert style(page, selector, "font-family").startswith('"Noto Serif Tibetan", Jomolhari, "Tibetan Machine Uni"')
    assert float(style(page, selector, "font-size").removesuffix("px")) == 20
    assert float(style(page, selector, "line-height").removesuffix("px")) == pytest.approx(38)
    english = "article > p[lang=en]"
    assert "Tibetan" not in style(page, english, "font-family")
    assert style(page, english, "font-size") == "17.5px"
    assert style(page, "html", "font-size") == "16px"


def test_chinese_has_its_fonts(open_page: Open) -> None:
    page = open_page("zh-Hans/post.html")
    assert "CJK SC" in style(page, "article > p[lang=zh-Hans]", "font-family")
    assert "Tibetan" not in style(page, "article > p[lang=zh-Hans]", "font-family")
    assert "Tibetan" in style(page, "nav a[lang=bo]", "font-family")


def test_the_notice_and_the_labels_are_seen(open_page: Open) -> None:
    page = open_page("bo/post.html")
    assert page.locator("aside.notice").is_visible()
    assert page.locator("aside.notice p[lang=en]").is_visible()
    for state in ("draft", "reviewed"):
        label = style(page, f"article :is(p, h2, li)[data-state={state}]", "content", "::after")
        assert label.strip('"') == page.locator(f"article :is(p, h2, li)[data-state={state}]").first.get_attribute(
            "data-label"
        )
    assert page.locator("img").first.evaluate("image => image.naturalWidth > 0")


def test_the_switcher_leads_to_every_language_and_back(open_page: Open) -> None:
    page = open_page("bo/post.html")
    for tag in ("zh-Hans", "en", "bo"):
        page.locator(f"nav a[hreflang={tag}]").click()
        assert page.evaluate("document.documentElement.lang") == tag
        assert page.locator("nav a[aria-current=page]").get_attribute("hreflang") == tag
    assert page.locator("aside.notice").count() == 1
    for link in page.locator("head link[rel=alternate]").all():
        target = page.evaluate("link => link.href", link.element_handle())
        assert Path(target.removeprefix("file://")).is_file()


@pytest.mark.parametrize("name", ["bo/post.html", "zh-Hans/post.html", "en/post.html"])
@pytest.mark.parametrize("width", [320, 360, 768, 1056, 1280])
def test_nothing_runs_off_the_page(open_page: Open, name: str, width: int) -> None:
    page = open_page(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_reads_in_the_dark_and_on_paper(open_page: Open) -> None:
    light, dark = (open_page("bo/post.html", color_scheme=scheme) for scheme in ("light", "dark"))
    assert style(light, "body", "background-color") != style(dark, "body", "background-color")
    for page in (light, dark):
        for selector in ("article > p", "aside.notice p", "body > footer dd"):
            assert contrast(page, selector) >= 4.5, selector
    light.emulate_media(media="print")
    assert not light.locator("body > nav").is_visible() and light.locator("aside.notice").is_visible()


def contrast(page: Page, selector: str) -> float:
    """WCAG's contrast of an element's text and what lies behind it."""
    colours = page.eval_on_selector(
        selector,
        """element => {
            let back = element;
            while (back && getComputedStyle(back).backgroundColor === 'rgba(0, 0, 0, 0)') back = back.parentElement;
            return [getComputedStyle(element).color, getComputedStyle(back).backgroundColor];
        }""",
    )
    one, other = sorted((luminance(colour) for colour in colours), reverse=True)
    return (one + 0.05) / (other + 0.05)


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_script_in_the_page_would_not_run(browser: Browser, editions: Path) -> None:
    """The policy is in force: planted scripts stay dead."""
    text = (editions / "html/bo/post.html").read_text(encoding="utf-8")
    planted = editions / "html" / "planted.html"
    planted.write_text(
        text.replace(
            "</article>",
            "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"></article>",
        ),
        encoding="utf-8",
    )
    page = browser.new_page()
    page.goto(planted.as_uri())
    page.wait_for_timeout(100)
    assert page.title() == TIBETAN
    page.close()
