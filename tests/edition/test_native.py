"""The native edition: the translations in place, its language and charset declared, its links right, nothing else changed."""

from __future__ import annotations

import difflib

import pytest

from tests.support.editions import draft, job, reviewed, sample
from tests.support.environment import ROOT
from toolkit.edition import Policy, render

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="gbk">
<meta property="og:locale" content="en_GB">
<title>River</title>
</head>
<body class=x>
<main lang='en-GB'>
<p>The river <a href="map.html">rose</a>.</p>
<p>It fell. <img src=a.png alt="A river"></p>
</main>
</body>
</html>
"""
PLACES = {"folder": "/p/articles", "editions": "/p/editions", "disclose": False}


def text_of(made) -> str:  # type: ignore[no-untyped-def]
    text: str = made.data.decode()
    return text


def changed(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_html_changes_what_must_change_and_nothing_else() -> None:
    made = render("native", job(PAGE, "html", {"The river <1>rose</1>.": "གཙང་པོ་<1>རྒྱས</1>།"}, **PLACES))
    assert made.name == "native/bo/post.html" and not made.problems
    assert changed(PAGE, text_of(made)) == [
        '-<html lang="en">',
        '+<html lang="bo">',
        '-<meta charset="gbk">',
        '-<meta property="og:locale" content="en_GB">',
        '+<meta charset="utf-8">',
        '+<meta property="og:locale" content="bo">',
        "-<main lang='en-GB'>",
        '-<p>The river <a href="map.html">rose</a>.</p>',
        '-<p>It fell. <img src=a.png alt="A river"></p>',
        "+<main lang='bo'>",
        '+<p>གཙང་པོ་<a href="../../../articles/map.html">རྒྱས</a>།</p>',
        '+<p>It fell. <img src="../../../articles/a.png" alt="A river"></p>',
    ]


@pytest.mark.parametrize(
    ("tag", "locale", "html"),
    [
        ("zh-Hans", "zh_CN", 'lang="zh-Hans"'),
        ("zh-Hant", "zh_TW", 'lang="zh-Hant"'),
        ("ar", "ar", 'lang="ar" dir="rtl"'),
    ],
)
def test_other_languages(tag: str, locale: str, html: str) -> None:
    text = text_of(render("native", job(PAGE, "html", {}, tag)))
    assert f'content="{locale}"' in text and f"<html {html}>" in text


def test_text_is_only_translated() -> None:
    text = "River\n\nThe river\nrose.\n\nIt fell.\n"
    made = render("native", job(text, "text", {"The river rose.": "གཙང་པོ་རྒྱས།"}, **PLACES))
    assert text_of(made) == "River\n\nགཙང་པོ་རྒྱས།\n\nIt fell.\n"


def test_only_reviewed_leaves_drafts_out() -> None:
    text = "River\n\nThe river rose.\n\nIt fell.\n"
    targets = {"The river rose.": draft("The river rose.", "རྒྱས།"), "It fell.": reviewed("It fell.", "ཆག")}
    made = render("native", job(text, "text", targets, policy=Policy(only_reviewed=True), disclose=False))
    assert text_of(made) == "River\n\nThe river rose.\n\nཆག\n"


def test_what_cannot_be_put_in_is_named_with_its_line() -> None:
    text = "See the [map](m.md) now.\n\nIt fell.\n"
    one = job(text, "markdown", {"See the [map](m.md) now.": "ས་ཁྲ།", "It fell.": "ཆག"}, disclose=False)
    made = render("native", one)
    assert text_of(made) == "See the [map](m.md) now.\n\nཆག\n"
    [problem] = made.problems
    assert problem.startswith("post.po:") and "source language" in problem
    lines = one.catalog.raw.split("\n") if one.catalog else []
    assert "See the [map]" in lines[int(problem.split(":")[1]) - 1]
    assert render("html", one).problems == made.problems


@pytest.mark.parametrize("name", ["china-us-defense-talks.txt", "high-passes-bus.html", "lokta-paper.md"])
def test_samples_without_translations_change_in_language_and_links_alone(name: str) -> None:
    text, form = sample(name)
    there = f"{ROOT.as_posix()}/corpus"
    places = {"folder": there, "editions": f"{ROOT.as_posix()}/editions", "disclose": False}
    after = text_of(render("native", job(text, form, {}, **places)))
    for line in changed(text, after):
        assert any(word in line for word in ("lang", "og:locale", "images/", "../../../corpus/")), line
    assert text_of(render("native", job(text, form, {}, tag="en", disclose=False))) == text


TARGETS = {"The river rose.": draft("The river rose.", "སྐད།"), "It fell.": reviewed("It fell.", "ཆག")}


@pytest.mark.parametrize(
    ("form", "before", "opening"),
    [
        ("text", "The river rose.\n\nIt fell.\n", "[འཕྲུལ་ཆས་ཀྱིས་བསྒྱུར་བ།"),
        ("markdown", "The river rose.\n\nIt fell.\n", "*འཕྲུལ་ཆས་ཀྱིས་བསྒྱུར་བ།"),
        (
            "markdown",
            "---\nslug: x\n---\n\nThe river rose.\n\nIt fell.\n",
            '---\nslug: x\nlang: bo\ntranslation:\n  state: "mixed"\n  drafts: 1\n  reviewed: 1\n  by: "argos en_bo-1.0"\n---\n',
        ),
        (
            "markdown",
            "+++\nslug = 'x'\n[params]\na = 1\n+++\n\nThe river rose.\n\nIt fell.\n",
            '+++\nslug = \'x\'\nlang = "bo"\ntranslation = { state = "mixed", drafts = 1, reviewed = 1, by = "argos en_bo-1.0" }\n'
            "[params]\n",
        ),
        (
            "markdown",
            '{"slug": "x"}\n\nThe river rose.\n\nIt fell.\n',
            '{"translation": {"state": "mixed", "drafts": 1,',
        ),
        (
            "html",
            "<html><head></head><body><p>The river rose.</p><p>It fell.</p></body></html>",
            '<html lang="bo"><head><meta name="translation" content="state=mixed; drafts=1; reviewed=1; by=argos en_bo-1.0">',
        ),
    ],
)
def test_it_says_what_it_is(form: str, before: str, opening: str) -> None:
    text = text_of(render("native", job(before, form, TARGETS)))
    assert text.startswith(opening), text
    if "---" not in before and "+++" not in before and "{" not in before:
        assert "reviewed by nobody yet: 1 of 2 paragraphs" in text
    assert "འཕྲུལ" not in text_of(render("native", job(before, form, TARGETS, disclose=False)))


def test_what_is_reviewed_has_no_notice() -> None:
    done = {source: reviewed(source, "ཆག") for source in TARGETS}
    text = text_of(render("native", job("The river rose.\n\nIt fell.\n", "text", done)))
    assert text == "ཆག\n\nཆག\n"


def test_links_of_a_site_stay() -> None:
    text = "See [it](../b.md) now.\n"
    one = job(text, "markdown", {}, keep_links=True, **PLACES)
    assert text_of(render("native", one)) == text


def test_links_are_found_as_the_dialect_reads_them() -> None:
    text = "import A from './a'\n\nWords.\n\n    See [it](b.md) now.\n"
    assert "[it](../../../articles/b.md)" in text_of(render("native", job(text, "markdown", {}, **PLACES)))


def test_a_key_of_the_authors_is_left_and_ours_stands_beside_it() -> None:
    for key in ("translation: mine", "translation_key: x"):
        text = text_of(render("native", job(f"---\n{key}\n---\n\nThe river rose.\n\nIt fell.\n", "markdown", TARGETS)))
        assert f"\n{key}\n" in text and ("\nlokta_translation:\n" if "mine" in key else "\ntranslation:\n") in text
