"""The web edition: sound HTML that says its language, its state, its makers, and lets no hostile text act."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.editions import draft, job, reviewed, sample
from tests.support.environment import ROOT
from toolkit.edition import EditionJob, Policy, render
from toolkit.edition.texts import words
from toolkit.models.about import About
from toolkit.units import Unit

PAYLOADS = [line for line in Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").split("\n") if line]
TEXT = "The River\n\nThe river rose in the night.\n\nIt fell again in May.\n\nNobody was hurt there.\n\nThe end came soon.\n"
META = {
    "title": "The River",
    "author": "Karma",
    "date": "2026-03-21",
    "licence": "CC BY 4.0",
    "source": "https://a.org/r",
}


def page(made: EditionJob) -> str:
    return render("html", made).data.decode()


def tree(text: str):  # type: ignore[no-untyped-def]
    """The page as html5lib's strict parser reads it: any error of syntax is raised."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text)


def mixed(**more: object) -> EditionJob:
    targets: dict[str, str | Unit | None] = {
        "The River": draft("The River", "གཙང་པོ།"),
        "The river rose in the night.": draft("The river rose in the night.", "གཙང་པོ་རྒྱས།"),
        "It fell again in May.": reviewed("It fell again in May.", "ཟླ་ལྔ་པར་ཆག"),
        "Nobody was hurt there.": Unit(
            "Nobody was hurt there.", "སུ་ལའང་གནོད་མེད།", flags=("fuzzy",), previous_source="Nobody was hurt."
        ),
    }
    return job(TEXT, "text", targets, metadata=META, siblings=("zh-Hans",), **more)


def test_each_paragraph_says_its_state_and_language() -> None:
    found = {}
    for element in tree(page(mixed())).iter():
        if element.get("data-state"):
            found["".join(element.itertext())] = (
                element.get("data-state"),
                element.get("lang"),
                element.get("data-label"),
            )
    told = words("bo")
    assert found == {
        "གཙང་པོ།": ("draft", "bo", told("label_machine")),
        "གཙང་པོ་རྒྱས།": ("draft", "bo", told("label_machine")),
        "ཟླ་ལྔ་པར་ཆག": ("reviewed", "bo", told("label_reviewed")),
        "སུ་ལའང་གནོད་མེད།": ("outdated", "bo", told("label_outdated")),
        "The end came soon.": ("source", "en", told("label_source")),
    }


def test_the_head_says_what_it_is() -> None:
    text = page(mixed())
    root = tree(text)
    assert root.get("lang") == "bo" and root.get("dir") == "ltr"
    assert root.findtext("head/title") == "གཙང་པོ།"
    assert root.findall("head/*")[0].get("charset") == "utf-8"
    links = {e.get("hreflang"): e.get("href") for e in root.findall("head/link") if e.get("rel") == "alternate"}
    assert links == {
        "en": "../en/post.html",
        "bo": "post.html",
        "zh-Hans": "../zh-Hans/post.html",
        "x-default": "../en/post.html",
    }
    assert 'name="generator" content="Lokta ' in text and 'name="viewport"' in text


def test_the_switcher_names_each_language_in_itself() -> None:
    links = tree(page(mixed())).findall(".//nav//a")
    assert [(e.get("hreflang"), e.get("lang"), e.text) for e in links] == [
        ("en", "en", "English"),
        ("bo", "bo", "བོད་ཡིག"),
        ("zh-Hans", "zh-Hans", "简体中文"),
    ]
    assert [e.get("aria-current") for e in links] == [None, "page", None]


def test_nested_ids_lead_to_their_siblings() -> None:
    text = page(job(TEXT, "text", {}, id="news/2026/river", siblings=("zh-Hans",)))
    assert 'href="../../../zh-Hans/news/2026/river.html"' in text and 'href="../../../en/news/2026/river.html"' in text
    published = page(job(TEXT, "text", {}, id="news/river", base_url="https://a.org/e/"))
    assert '<link rel="canonical" href="https://a.org/e/html/bo/news/river.html">' in published


def test_the_notice_counts_and_speaks_two_languages() -> None:
    text = page(mixed())
    notice = re.search(r"<aside.*?</aside>", text, re.DOTALL)
    assert notice and 'lang="bo"' in notice[0] and 'lang="en"' in notice[0]
    assert "reviewed by nobody yet: 2 of 5 paragraphs" in notice[0] and "༢" in notice[0]
    assert "not approved yet: 1 of 5 paragraphs" in notice[0]
    assert "left in the original language: 1 of 5 paragraphs" in notice[0]


def test_no_notice_where_all_is_reviewed() -> None:
    text = "The River\n\nThe river rose in the night.\n"
    done = {source: reviewed(source, "གཙང་པོ།") for source in ("The River", "The river rose in the night.")}
    assert "<aside" not in page(job(text, "text", done))
    assert "<aside" not in page(job(text, "text", None))


def test_the_starter_says_so_wherever_its_drafts_appear() -> None:
    source = "The river rose in the night."
    one = job(
        f"{source}\n", "text", {source: draft(source, "夜里河水上涨。", "llama", "lokta-starter-en-zh")}, "zh-Hans"
    )
    assert words("zh-Hans")("starter") in page(one) and words("en")("starter") in page(one)
    assert words("en")("starter") not in page(mixed())


def test_only_reviewed() -> None:
    text = page(mixed(policy=Policy(only_reviewed=True)))
    assert "གཙང་པོ་རྒྱས།" not in text and "ཟླ་ལྔ་པར་ཆག" in text and 'data-state="draft"' not in text


def test_machines_can_read_who_made_it() -> None:
    text = page(mixed(editorial_responsibility="The Courier"))
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert block
    facts = json.loads(block[1])
    assert facts["@type"] == "Article" and facts["inLanguage"] == "bo" and facts["headline"] == "གཙང་པོ།"
    assert facts["translationOfWork"] == {
        "@type": "Article",
        "inLanguage": "en",
        "url": "../en/post.html",
        "headline": "The River",
    }
    assert facts["translator"] == [{"@type": "SoftwareApplication", "name": "argos en_bo-1.0"}]
    assert facts["contributor"] == [{"@type": "Person", "name": "Tashi"}]
    assert facts["isBasedOn"] == "https://a.org/r" and facts["license"] == "CC BY 4.0"
    assert facts["digitalSourceType"].startswith("https://schema.org/CompositeWith")
    assert facts["editor"] == {"name": "The Courier"} and facts["datePublished"] == "2026-03-21"
    source = page(job(TEXT, "text", None, siblings=("bo", "zh-Hans"), metadata=META))
    assert '"workTranslation"' in source and "digitalSourceType" not in source


HY = "hy-mt2-1.8b-q4_k_m@1a2b3c4d"


def test_a_language_model_is_disclosed_with_its_title_licence_and_second_source() -> None:
    source = "The river rose in the night."
    made = draft(source, "གཙང་པོ་རྒྱས།", "llama", HY, second="zh-Hans")
    known = {HY: (About("hy-mt2-1.8b-q4_k_m", "Hy-MT2 1.8B", "Tencent", "Apache-2.0"),)}
    text = page(job(f"{source}\n", "text", {source: made}, siblings=("zh-Hans",), metadata=META, software=known))
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert block
    facts = json.loads(block[1])
    assert facts["translator"] == [
        {
            "@type": "SoftwareApplication",
            "name": f"llama {HY}",
            "alternateName": "Hy-MT2 1.8B",
            "creator": [{"@type": "Organization", "name": "Tencent"}],
            "license": [{"@type": "CreativeWork", "name": "Apache-2.0"}],
        }
    ]
    assert facts["digitalSourceType"] == "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
    assert facts["isBasedOn"] == [
        "https://a.org/r",
        {"@type": "Article", "inLanguage": "zh-Hans", "url": "../zh-Hans/post.html"},
    ]
    assert facts["translationOfWork"]["inLanguage"] == "en"
    assert f"llama {HY}" in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL), "for people too"


def test_the_style_is_the_only_thing_the_policy_lets_in() -> None:
    text = page(mixed())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert policy and style and text.count("<style") == 1
    assert "script-src 'none'" in policy[1] and "default-src 'none'" in policy[1]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}'" in policy[1]
    assert not re.search(r"\son\w+\s*=|javascript:| style=", text)


def test_sizes_do_not_multiply_where_languages_nest() -> None:
    """A size by language in em, or on html, would grow with each level and change rem itself."""
    style = re.search(r"<style>(.*?)</style>", page(mixed()), re.DOTALL)
    assert style
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style[1]):
        if "lang|=" in selector and "font-size" in body:
            assert re.search(r"font-size: [\d.]+rem", body), selector
            assert re.search(r":is\(p|h1|h2|h3|data-label|\.notice|footer", selector), selector


@pytest.mark.parametrize("name", ["china-us-defense-talks.txt", "high-passes-bus.html", "lokta-paper.md"])
@pytest.mark.parametrize("tag", ["bo", "zh-Hans", "zh-Hant", "fr", "ar", "ja"])
def test_samples_are_sound(name: str, tag: str) -> None:
    text, form = sample(name)
    places = {"folder": f"{ROOT.as_posix()}/corpus", "editions": f"{ROOT.as_posix()}/editions"}
    for targets in ({}, None):
        root = tree(page(job(text, form, targets, tag, **places)))
        assert len(root.findall(".//h1")) == 1
        assert root.get("lang") == (tag if targets is not None else "en")
        for image in root.iter("img"):
            assert (ROOT / "editions" / "html" / "xx" / image.get("src")).resolve().is_file()


def test_furniture_stays_out_and_structure_stays() -> None:
    text, form = sample("high-passes-bus.html")
    found = page(job(text, form, None))
    for furniture in ("Skip to the story", "Weather", "Read more", "Share by e-mail", "All rights reserved"):
        assert furniture not in found, furniture
    root = tree(found)
    assert len(root.findall(".//table//tr")) == 4 and len(root.findall(".//article//ul/li")) == 3
    assert root.find(".//figure/img") is not None and root.findtext(".//blockquote/p", "").startswith(
        "The cold was not"
    )
    assert "Correction: an earlier version" not in found  # it stands in a footer; a line in .meta.toml puts it back
    text, form = sample("china-us-defense-talks.txt")
    found = page(job(text, form, None))
    assert "Accessibility links" not in found and "Breaking News" not in found


def test_markdown_keeps_all_that_markdown_has() -> None:
    text, form = sample("lokta-paper.md")
    root = tree(page(job(text, form, None)))
    for path in (
        "ol/li/ul/li",
        "blockquote/blockquote",
        "table",
        "pre/code",
        "details/summary",
        "hr",
        "sup/a",
        "sub",
        "s",
    ):
        assert root.find(f".//article//{path}") is not None, path
    assert root.find(".//article//sup/a").get("href") == "#fn1" and root.find(".//*[@id='fn1']") is not None


@pytest.mark.parametrize(
    ("form", "text", "source"),
    [
        ("html", "<head><title>Salt &amp; tea</title></head><h1>Salt</h1><p>It rose.</p>", "Salt &amp; tea"),
        ("markdown", "# Salt &amp; **tea**\n\nIt rose.\n", "Salt &amp; **tea**"),
    ],
)
def test_a_reference_in_the_title_is_its_character(form: str, text: str, source: str) -> None:
    assert tree(page(job(text, form, None))).findtext("head/title") == "Salt & tea"
    translated = page(job(text, form, {source: source.replace("Salt", "ཚྭ")}))
    assert tree(translated).findtext("head/title") == "ཚྭ & tea"


def test_a_paragraph_in_another_script_is_part_of_the_story() -> None:
    text = "The River\n\nHe wrote this line:\n\nགཙང་པོ་རྒྱས་ནས་གྲོང་གསེབ་ཆུ་འོག་ཏུ་སོང་།\n\nThen the river fell again in the night.\n"
    assert "གྲོང་གསེབ་" in page(job(text, "text", {}, "zh-Hans"))


DEEP = "".join(f"{'  ' * level}- item {level}\n" for level in range(40))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("markdown", DEEP),
        ("markdown", "---\nJust text\n---\n"),
        ("markdown", "A list:\n\n: not one\n\nTerm\n: what it means\n"),
        ("markdown", "| one | two |\n|---|---|\n| three | 4 |\n"),
        ("markdown", "a[^1]\n\n[^1]: a note\n\n    its second paragraph\n"),
        ("markdown", "<div>\n<p>one</p>\n\ntwo *three*\n</div>\n"),
        ("html", "<div>loose <b>words</b><p>inside</p> and after<ul><li>one<p>two</p>three</ul></div>"),
        ("html", "<a href=/x><h2>a card</h2><p>its teaser that is long enough</p></a><h1>Head</h1>"),
        ("html", "<h1>Head</h1><dl><dt>term<dd>meaning</dl><pre>verse one\nverse two</pre><section><p>last"),
        ("html", "<table><tr><th>Year<td>2009<tr><th>Words<td>told</table>"),
        ("text", "Head\n\n1. one\n2. two\n\n* three\n* four\n\nThe end of it.\n"),
    ],
)
def test_no_paragraph_is_lost_between_the_article_and_the_page(form: str, text: str) -> None:
    one = job(text, form, {})
    shown = " ".join("".join(element.itertext()) for element in tree(page(one)).iter("article"))
    assert list(one.pairs)
    for pair in one.pairs:
        word = re.sub(r"<[^>]*>|[*_`]|\[\^1\]", "", pair.block.source)
        assert word in shown, pair.block.source


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_hostile_translations_stay_text(payload: str, form: str) -> None:
    body = "<html lang=en><title>The River</title><h1>The River</h1><p>The river rose in the night.</p></html>"
    text = {"text": TEXT, "markdown": "# The River\n\nThe river rose in the night.\n", "html": body}[form]
    made = job(text, form, {"The River": payload, "The river rose in the night.": payload}, metadata=META)
    harmless(page(made))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_hostile_articles_and_metadata_do_nothing(payload: str, form: str) -> None:
    text = {
        "text": f"{payload} here\n\n{payload}\n",
        "markdown": f"# {payload} here\n\n{payload}\n\n> {payload} b\n",
    }.get(form, f"<html lang=en><h1>{payload} here</h1><p>some words {payload}</p></html>")
    hostile = dict.fromkeys(("title", "author", "date", "licence", "source"), payload)
    harmless(page(job(text, form, {}, metadata=hostile, editorial_responsibility=payload, id=payload or "x")))


def harmless(text: str) -> None:
    root = tree(text)
    scripts = list(root.iter("script"))
    assert [script.get("type") for script in scripts] == ["application/ld+json"]
    json.loads(scripts[0].text)
    assert (
        len(root.findall(".//style")) == 1 and len(root.findall(".//h1")) <= 1 and len(root.findall("body/main")) == 1
    )
    for element in root.iter():
        assert element.tag not in {"iframe", "object", "embed", "form", "input", "svg", "math", "base", "template"}
        assert element.tag != "meta" or element.get("http-equiv") in (None, "Content-Security-Policy")
        assert element.tag != "link" or element.get("rel") in ("alternate", "canonical")
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in ("style", "srcdoc", "formaction"), (element.tag, name)
            if name in ("href", "src"):
                scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE)
                assert not scheme or scheme[1].lower() in ("http", "https", "mailto", "tel"), value
    assert not root.findall(".//article//*[@data-state='reviewed']")


@settings(max_examples=60)
@given(
    st.lists(st.text("ab<>&\"'\\[]()*_`#|-\n \ufdd0\ufdd10123/:!=", min_size=1, max_size=30), min_size=2, max_size=4)
)
def test_no_text_breaks_the_page(lines: list[str]) -> None:
    text = "\n\n".join(["The river rose in the night.", *lines])
    for form in ("text", "markdown", "html"):
        harmless(page(job(text, form, {"The river rose in the night.": lines[0]} if form == "text" else {})))


def test_a_page_without_a_title_is_named_by_its_first_words() -> None:
    text = "The river rose in the night, says the mayor, and it carried away the old bridge. It fell.\n"
    shown = page(job(text, "text", {text.strip(): text.strip()}))
    assert "<title>The river rose in the night, says the mayor, and it carried…</title>" in shown
    assert "<h1" not in shown


def test_tables_of_layout_are_boxes_and_tables_of_data_stay() -> None:
    text = (
        "<table><tr><td>Menu</td><td><h1>The River</h1><p>It rose in the night, says the mayor of the old town.</p>"
        "<table><tr><th>Year</th><td>2024</td></tr></table></td></tr></table>"
    )
    shown = page(job(text, "html", {"Year": "Jahr"}))
    assert shown.count("<table>") == 1 and ">Jahr</th>" in shown and "<td>2024</td>" in shown


def test_an_admonition_is_shown_as_one() -> None:
    text = "> [!WARNING]\n> It rises.[^1]\n\n> [!NOTE] Soon\n> It falls.\n\n[^1]: Said the mayor.\n"
    shown = page(job(text, "markdown", {}))
    assert "<strong>⚠️</strong>" in shown and "<strong>ℹ️ Soon</strong>" in shown
    assert shown.count('id="fn1"') == 1


def test_the_digits_of_the_page_are_those_of_its_text() -> None:
    dated = {"date": "2026-03-21", "title": "The River"}
    for target, shown, other in (("ལོ་ 2024 ལོར་རྒྱས།", "2026", "༢༠༢༦"), ("ལོ་ ༢༠༢༤ ལོར་རྒྱས།", "༢༠༢༦", ">2026")):
        text = page(job("It rose in 2024.\n", "text", {"It rose in 2024.": target}, metadata=dated))
        byline = text[text.index('class="byline"') : text.index("</header>")]
        assert shown in byline and other not in byline
